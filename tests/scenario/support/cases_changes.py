"""Plan and billing changes, and what waits for the renewal."""

from support.cases import LINE, addon, case, equal, expect, refused


def path_of(subscription, rest=""):
    return f"/v1/subscriptions/{subscription}{rest}"


@case
def changes_the_plan(shop, store):
    """a plan change: the preview lists the add-ons, its token commits it, and it is an order."""
    customer = shop.sign_up()
    [base] = customer.order(LINE)
    [storage] = customer.order(addon("extra-storage", base, 5))
    [archive] = customer.order(addon("mail-archive", base, 10))
    body, path = {"offer": "complete"}, path_of(base, "/change_plan")
    shown = expect(customer.client.post(path + "?preview=true", body), 200, document="invoice")
    equal("add-ons", shown["plan_change"],
          {"carried": [storage], "dropped": [archive], "blocking": []})
    equal("reasons", {one["reason"] for one in shown["lines"]}, {"plan_change"})
    equal("still", customer.client.get(path_of(base)).body["offer"], "standard")
    done = expect(customer.client.post(path, {**body, "token": shown["token"]}), 200,
                  offer="complete")
    equal("order", (done["order"]["kind"], done["order"]["state"], done["order"]["total"]),
          ("plan_change", "completed", shown["total"]))
    equal("dropped", customer.client.get(path_of(archive)).body["status"], "deleted")
    equal("carried", customer.client.get(path_of(storage)).body["status"], "active")
    refused(customer, lambda: customer.client.post(path, {"offer": "basic"}), 422,
            "plan_change_not_possible", "/offer")
    refused(customer, lambda: customer.client.post(path, {"offer": "nothing"}), 404, "not_found",
            "/offer")
    refused(customer, lambda: customer.client.post(path_of(storage, "/change_plan"), body), 422,
            "addon_not_removable")
    both = {"offer": "standard", "billing": "yearly"}
    refused(customer, lambda: customer.client.post(path, both), 400, "invalid", "/billing")


@case
def names_what_blocks_a_plan(shop, store):
    """a plan change that an add-on blocks names it; a declined card leaves the plan."""
    customer = shop.sign_up()
    [base] = customer.order({**LINE, "term": "P1Y"})
    customer.order(addon("activity-insights", base, 10))
    path = path_of(base, "/change_plan")
    body = refused(customer, lambda: customer.client.post(path, {"offer": "complete"}), 422,
                   "plan_change_blocked", "/offer")
    equal("named", "activity-insights" in body["detail"], True)
    [other] = customer.order(LINE)
    card = customer.method("decline")
    refused(customer, lambda: customer.client.post(
        path_of(other, "/change_plan"), {"offer": "complete", "payment_method": card}), 422,
            "payment_failed", changes=("orders", "events"))
    equal("plan", customer.client.get(path_of(other)).body["offer"], "standard")


@case
def changes_the_billing(shop, store):
    """a billing change: a global administrator's, children follow, or are named."""
    customer = shop.sign_up()
    [base] = customer.order(LINE)
    [storage] = customer.order(addon("extra-storage", base, 5))
    wish = {"billing": "yearly", "term": "P1Y"}
    shown = expect(customer.client.patch(path_of(base) + "?preview=true", wish), 200)
    equal("plan", shown["plan_change"], None)
    done = expect(customer.client.patch(path_of(base), {**wish, "token": shown["token"]}), 200,
                  billing="yearly", term="P1Y")
    equal("kind", done["order"]["kind"], "billing_change")
    child = customer.client.get(path_of(storage)).body
    equal("child", (child["billing"], child["term_end"]), ("yearly", done["term_end"]))
    refused(customer, lambda: customer.client.patch(path_of(base), {"billing": "upfront"}), 422,
            "billing_frequency_unsupported", "/billing")
    refused(customer, lambda: customer.client.patch(path_of(base), {"term": "P1M"}), 400,
            "invalid", "/billing")
    refused(customer, lambda: customer.client.patch(
        path_of(base), {"billing": "monthly", "quantity": 3}), 400, "invalid")
    biller = shop.client("Fonderie Marsault", "billing")
    held = biller.get("/v1/subscriptions?status=active").body["data"]
    base = next(one for one in held if one["parent"] is None)
    expect(biller.patch(path_of(base["id"]), wish), 403, code="forbidden")


@case
def keeps_changes_for_the_renewal(shop, store):
    """scheduled changes: listed, replaced, cancelled, dropped with recurring billing."""
    customer = shop.sign_up()
    [base] = customer.order(LINE)
    renewal = {"when": "renewal"}
    expect(customer.client.patch(path_of(base), {"quantity": 4, **renewal}), 200, quantity=10)
    expect(customer.client.patch(path_of(base), {"quantity": 6, **renewal}), 200, quantity=10)
    expect(customer.client.patch(path_of(base), {"billing": "yearly", "term": "P1Y", **renewal}),
           200, billing="monthly")
    shown = expect(customer.client.post(path_of(base, "/change_plan?preview=true"),
                                        {"offer": "complete", **renewal}), 200, document=None)
    equal("next", [(one["net"]["amount"], one["billing"]) for one in shown["next_charges"]],
          [(6 * 21000, "yearly")])
    listed = expect(customer.client.get(path_of(base, "/scheduled_changes")), 200)["data"]
    equal("listed", sorted(one["kind"] for one in listed), ["billing", "quantity"])
    quantity = next(one for one in listed if one["kind"] == "quantity")
    equal("total", quantity["quantity"], 6)
    place = path_of(base, f"/scheduled_changes/{quantity['id']}")
    expect(customer.client.ask("DELETE", place), 200, quantity=10)
    refused(customer, lambda: customer.client.ask("DELETE", place), 404, "not_found",
            "/scheduled_change")
    expect(customer.client.patch(path_of(base), {"recurring_billing": False}), 200)
    equal("dropped", customer.client.get(path_of(base, "/scheduled_changes")).body["data"], [])
    refused(customer, lambda: customer.client.patch(path_of(base), {"quantity": 4, **renewal}),
            409, "recurring_billing_off", "/when")
    refused(customer, lambda: customer.client.patch(
        path_of(base), {"recurring_billing": True, **renewal}), 400, "invalid", "/when")
    expect(customer.client.patch(path_of(base), {"recurring_billing": True}), 200)
    equal("still", customer.client.get(path_of(base, "/scheduled_changes")).body["data"], [])


@case
def ends_with_something_else(shop, store):
    """coterminous: with another subscription, or with a month; agreement accounts only."""
    customer, other = shop.sign_up("agreement"), shop.sign_up()
    year = {"term": "P1Y", "billing": "yearly"}
    [first] = customer.order({**LINE, **year})
    ends = customer.client.get(path_of(first)).body["term_end"]
    [second] = customer.order({**LINE, **year, "ends_with": first})
    equal("end", customer.client.get(path_of(second)).body["term_end"], ends)
    month = ends[:5] + "01" if ends[5:7] > "01" else ends[:7]
    [third] = customer.order({**LINE, **year, "ends_with": month})
    equal("month", customer.client.get(path_of(third)).body["term_end"][8:], "01")
    place = "/lines/0/ends_with"
    for wish, status, code in (("sub_x", 404, "not_found"),
                               ("2020-01", 422, "term_end_date_invalid")):
        body = customer.order_body({**LINE, **year, "ends_with": wish})
        refused(customer, lambda: customer.client.post("/v1/orders", body), status, code, place)
    body = other.order_body({**LINE, "ends_with": "2030-01"})
    refused(other, lambda: other.client.post("/v1/orders", body), 400, "invalid", place)
