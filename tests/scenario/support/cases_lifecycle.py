"""The life of a subscription over HTTP: cancelled, back, deleted; trials; paying what is unpaid."""

import time
from datetime import date, timedelta

from support.cases import Fail, addon, case, equal, expect, line, refused

PATIENCE_S = 20


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
def extends_a_trial(shop, store):
    """a trial: extended once, when 15 days or fewer remain."""
    customer = shop.sign_up()
    client = customer.client
    [sub] = customer.order(line("standard", trial=True))
    path = f"/v1/subscriptions/{sub}"
    trial = client.get(path).body
    begins, ends = (date.fromisoformat(trial[name]) for name in ("start_on", "trial_end"))
    days = (ends - begins).days
    customer.later(store, days - 16)
    refused(customer, lambda: client.post(f"{path}/extend_trial", {}), 409,
            "trial_not_extendable")
    customer.later(store, 1)
    later = str(ends + timedelta(days=days))
    shown = expect(client.post(f"{path}/extend_trial?preview=true", {}), 200, document=None)
    equal("only shown", client.get(path).body["trial_end"], str(ends))
    expect(client.post(f"{path}/extend_trial", {"token": shown["token"]}), 200, status="trial",
           trial_end=later, term_end=later)
    last = client.get("/v1/events?limit=100").body["data"][-1]
    equal("event", (last["type"], last["data"]), ("subscription.trial_extended",
                                                  {"trial_end": later}))
    customer.later(store, days)
    refused(customer, lambda: client.post(f"{path}/extend_trial", {}), 409,
            "trial_not_extendable")
    expect(client.post(f"{path}/buy_trial", {"quantity": 1,
                                             "payment_method": customer.method()}), 200)


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


@case
def gives_credit_back(shop, store):
    """refund: what a reduction credited goes back to the card, part by part, and no more."""
    customer = shop.sign_up()
    client = customer.client
    [base] = customer.order(line("standard", 10))
    expect(client.patch(f"/v1/subscriptions/{base}", {"quantity": 4}), 200, quantity=4)
    account = f"/v1/billing_accounts/{customer.account}"
    credit = expect(client.get(f"{account}/credit_balance"), 200)["balance"]["amount"]
    equal("a credit", credit > 100, True)
    seen = expect(client.post(f"{account}/refund?preview=true", {}), 200)
    equal("all of it", seen["refund"]["amount"], credit)
    part = {"amount": {"amount": 100, "currency": "EUR"}}
    sent = expect(client.post(f"{account}/refund", part), 200)
    equal("sent", [(one["state"], one["amount"]["amount"]) for one in sent["refunds"]],
          [("succeeded", 100)])
    equal("left", sent["balance"]["amount"], credit - 100)
    refused(customer, lambda: client.post(f"{account}/refund", {
        "amount": {"amount": credit, "currency": "EUR"}}), 422, "refund_not_possible")
    expect(client.post(f"{account}/refund", {}), 200)
    refused(customer, lambda: client.post(f"{account}/refund", {}), 422, "refund_not_possible")
    refused(customer, lambda: client.post("/v1/billing_accounts/acc_0/refund", {}), 404,
            "not_found")


def unpaid_of(customer, invoice):
    return expect(customer.client.get(f"/v1/invoices/{invoice}"), 200)["unpaid"]["amount"]


def settled(customer, invoice):
    """Waits until the invoice is paid."""
    until = time.monotonic() + PATIENCE_S
    while unpaid_of(customer, invoice):
        if time.monotonic() > until:
            raise Fail(f"{invoice} is still unpaid")
        time.sleep(0.05)


@case
def pays_by_cards_of_all_kinds(shop, store):
    """pay: declined, asked by the bank, answered late; each once."""
    customer = shop.sign_up()
    client = customer.client
    customer.order(line("standard", 10), method="transfer")
    [first] = client.get("/v1/invoices").body["data"]
    path = f"/v1/invoices/{first['id']}/pay"
    owed = first["total"]["amount"]
    equal("unpaid", unpaid_of(customer, first["id"]), owed)
    refused(customer, lambda: client.post(path, {"payment_method": customer.method("decline")}),
            422, "payment_failed", changes=("payment_methods", "events"))
    equal("still unpaid", unpaid_of(customer, first["id"]), owed)

    asks = expect(client.post(path, {"payment_method": customer.method("authentication")}), 202)
    [payment] = asks["payments"]
    equal("the bank asks", (payment["state"], payment["amount"]["amount"]),
          ("action_required", owed))
    equal("not yet paid", unpaid_of(customer, first["id"]), owed)
    expect(client.post(payment["action_url"], {"accept": True}), 200, state="succeeded")
    settled(customer, first["id"])
    again = expect(client.post(path, {"payment_method": customer.method()}), 200)
    equal("nothing is left to pay", again["payments"], [])

    customer.order(line("standard", 2), method="transfer")
    second = client.get("/v1/invoices").body["data"][0]["id"]
    late = expect(client.post(f"/v1/billing_accounts/{customer.account}/pay_balance",
                              {"payment_method": customer.method("late")}), 202)
    equal("one charge", [one["state"] for one in late["payments"]], ["pending"])
    settled(customer, second)
    charged = store.sql("SELECT COUNT(*), SUM(amount_minor) FROM payment"
                        f" WHERE customer = '{customer.id}' AND state = 'succeeded'")
    total = client.get(f"/v1/invoices/{second}").body["total"]["amount"]
    equal("charged once each", charged, [("2", str(owed + total))])
