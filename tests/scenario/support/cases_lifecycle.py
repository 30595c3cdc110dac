"""The life of a subscription over HTTP: cancelled, back, deleted; trials; paying what is unpaid."""

from support.cases import addon, case, equal, expect, line, refused


@case
def brings_back_what_was_cancelled(shop, store):
    """reactivation: previewed, ordered, with its add-ons; deleted on request."""
    customer = shop.sign_up()
    client = customer.client
    [base] = customer.order(line("standard", 10))
    [store_] = customer.order(addon("extra-storage", base, 10))
    path = f"/v1/subscriptions/{base}"
    refused(customer, lambda: client.post(f"{path}/reactivate", {}), 409, "subscription_active")
    refused(customer, lambda: client.post(f"{path}/delete", {}), 409, "subscription_active")
    expect(client.post(f"{path}/cancel", {}), 200, status="disabled")
    refused(customer, lambda: client.post(f"/v1/subscriptions/{store_}/reactivate", {}), 422,
            "addon_not_removable", changes=("events",))  # refunds are on their way
    shown = expect(client.post(f"{path}/reactivate?preview=true", {}), 200, preview=True)
    equal("both come back", {one["after"]["status"] for one in shown["subscriptions"]}, {"active"})
    back = expect(client.post(f"{path}/reactivate", {"token": shown["token"]}), 200,
                  status="active", recurring_billing=True)
    equal("the order", [back["order"]["kind"], back["order"]["state"]],
          ["reactivation", "completed"])
    expect(client.get(f"/v1/subscriptions/{store_}"), 200, status="active")
    expect(client.post(f"{path}/cancel", {}), 200, status="disabled")
    expect(client.post(f"{path}/delete?preview=true", {}), 200, preview=True)
    expect(client.get(path), 200, status="disabled")
    expect(client.post(f"{path}/delete", {}), 200, status="deleted")
    expect(client.get(f"/v1/subscriptions/{store_}"), 200, status="deleted")
    refused(customer, lambda: client.post(f"{path}/reactivate", {}), 409, "subscription_deleted",
            changes=("events",))  # refunds are on their way
    types = {one["type"] for one in client.get("/v1/events?limit=100").body["data"]}
    equal("events", {"subscription.reactivated", "subscription.deleted"} - types, set())


@case
def buys_a_trial(shop, store):
    """a trial: started once, not extended early, bought."""
    customer = shop.sign_up()
    client = customer.client
    trial = {"offer": "standard", "quantity": 1, "term": "P1M", "billing": "monthly",
             "trial": True}
    [sub] = customer.order(trial)
    path = f"/v1/subscriptions/{sub}"
    expect(client.get(path), 200, status="trial")
    refused(customer, lambda: client.post("/v1/orders", {"account": customer.account,
                                                         "lines": [trial]}),
            422, "trial_not_available")
    refused(customer, lambda: client.post(f"{path}/extend_trial", {}), 409,
            "trial_not_extendable")
    refused(customer, lambda: client.post(f"{path}/reactivate", {}), 409, "trial_not_bought")
    refused(customer, lambda: client.post(f"{path}/buy_trial", {}), 400, "invalid")
    expect(client.post(f"{path}/buy_trial?preview=true", {"quantity": 3}), 200, preview=True)
    bought = expect(client.post(f"{path}/buy_trial", {"quantity": 3}), 200, status="active",
                    quantity=3)
    equal("the order", bought["order"]["kind"], "trial_purchase")
    refused(customer, lambda: client.post(f"{path}/buy_trial", {"quantity": 3}), 409,
            "subscription_active")


@case
def pays_what_is_unpaid(shop, store):
    """pay balance: nothing unpaid, an invoice that is paid, unknown ones."""
    customer = shop.sign_up()
    client = customer.client
    customer.order(line("standard", 10))
    path = f"/v1/billing_accounts/{customer.account}/pay_balance"
    equal("nothing to pay", expect(client.post(path, {}), 200)["payments"], [])
    expect(client.post(f"{path}?preview=true", {}), 200, preview=True)
    [invoice] = client.get("/v1/invoices").body["data"]
    equal("nothing left", expect(client.post(f"/v1/invoices/{invoice['id']}/pay", {}), 200)
          ["payments"], [])
    refused(customer, lambda: client.post("/v1/invoices/inv_0/pay", {}), 404, "not_found")
    refused(customer, lambda: client.post("/v1/billing_accounts/acc_0/pay_balance", {}), 404,
            "not_found")
    refused(customer, lambda: client.post(path, {"payment_method": "pmt_0"}), 404, "not_found",
            param="/payment_method")
