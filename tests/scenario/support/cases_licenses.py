"""Licences of people, and what they entitle to, over HTTP (rules §5)."""

from support.cases import addon, case, equal, expect, line, refused


def counts_of(client, offer):
    listed = expect(client.get("/v1/licenses"), 200)["data"]
    return next(one for one in listed if one["offer"] == offer)


@case
def assigns_licenses(shop, store):
    """licences: assign, unassign, counts, holders, events, previews."""
    customer = shop.sign_up()
    client = customer.client
    [base] = customer.order(line("standard", 3))
    body = {"subscription": base, "users": ["ada", "alan"]}
    preview = expect(client.post("/v1/licenses/assign?preview=true", body), 200, preview=True)
    equal("preview", preview["subscriptions"][0]["after"]["assigned"], 2)
    equal("nothing yet", counts_of(client, "standard")["assigned"], 0)
    done = expect(client.post("/v1/licenses/assign", {**body, "token": preview["token"]}), 200,
                  object="license_assignment", users=["ada", "alan"])
    equal("counts", [done["subscriptions"][0][name] for name in ("total", "assigned", "available")],
          [3, 2, 1])
    expect(client.post("/v1/licenses/assign", {"subscription": base, "user": "ada"}), 200)
    equal("twice is once", [counts_of(client, "standard")[name] for name in
                            ("total", "assigned", "available", "conflicts")], [3, 2, 1, []])
    holders = expect(client.get(f"/v1/subscriptions/{base}/licenses?limit=1"), 200)
    equal("newest first", [holders["data"][0]["user"], holders["has_more"]], ["alan", True])
    holders = expect(client.get(f"/v1/subscriptions/{base}/licenses?after={holders['next']}"), 200)
    equal("then the other", [one["user"] for one in holders["data"]], ["ada"])
    expect(client.get(f"/v1/subscriptions/{base}"), 200, assigned=2)

    refused(customer, lambda: client.post("/v1/licenses/assign", {
        "subscription": base, "users": ["x", "y"]}), 422, "no_license_available")
    refused(customer, lambda: client.post("/v1/licenses/assign", {
        "subscription": base, "users": ["x", "x"]}), 400, "invalid", "/users")
    refused(customer, lambda: client.post("/v1/licenses/assign", {
        "subscription": base, "user": "usr_00000000000000000000000000"}), 404, "not_found")
    refused(customer, lambda: client.post("/v1/licenses/assign", {"subscription": base}), 400,
            "invalid")
    refused(customer, lambda: client.post("/v1/licenses/unassign", {
        "subscription": "sub_00000000000000000000000000", "user": "ada"}), 404, "not_found")
    low = refused(customer, lambda: client.patch(f"/v1/subscriptions/{base}", {"quantity": 1}),
                  422, "licenses_assigned")
    equal("how many to unassign", low["detail"].rstrip(".").endswith("1"), True)

    done = expect(client.post("/v1/licenses/unassign", {"subscription": base, "user": "alan"}),
                  200, object="license_unassignment")
    equal("one is left", done["subscriptions"][0]["assigned"], 1)
    expect(client.patch(f"/v1/subscriptions/{base}", {"quantity": 1}), 200, quantity=1)
    events = expect(client.get("/v1/events?limit=100"), 200)["data"]
    told = [(one["type"], one["data"]["user"]) for one in events
            if one["type"].startswith("license.")]
    equal("events", told, [("license.assigned", "ada"), ("license.assigned", "alan"),
                           ("license.unassigned", "alan")])


@case
def entitles_users(shop, store):
    """entitlements: of a user by licence, of everybody by the organisation's."""
    customer = shop.sign_up()
    client = customer.client
    [base] = customer.order(line("standard", 4))
    customer.order(addon("extra-storage", base, 50))
    expect(client.post("/v1/licenses/assign", {"subscription": base, "user": "ada"}), 200)
    features = {}
    for user in ("ada", "alan", None):
        asked = f"?user={user}" if user else ""
        listed = expect(client.get(f"/v1/entitlements{asked}"), 200)["data"]
        features[user] = {one["feature"]: one for one in listed}
        for name, one in features[user].items():
            more = f"&user={user}" if user else ""
            check = expect(client.get(f"/v1/entitlements/check?feature={name}{more}"), 200)
            equal(f"{name} of {user}, alone and in the list", check, one)
    own = {name for name, one in features["ada"].items()
           if base in {by["subscription"] for by in one["granted_by"]}}
    equal("a licence grants something", bool(own), True)
    equal("without a licence nothing of it", [name for name, one in features["alan"].items()
                                              if base in {by["subscription"]
                                                          for by in one["granted_by"]}], [])
    equal("one unit for a user", {by["quantity"] for one in features["ada"].values()
                                  for by in one["granted_by"] if by["subscription"] == base}, {1})
    equal("all units for the organisation",
          {by["quantity"] for one in features[None].values()
           for by in one["granted_by"] if by["subscription"] == base}, {4})
    equal("what is of the organisation is everybody's",
          features["alan"]["storage_gb"]["value"], 50)
    expect(client.post("/v1/licenses/unassign", {"subscription": base, "user": "ada"}), 200)
    name = sorted(own)[0]
    check = expect(client.get(f"/v1/entitlements/check?feature={name}&user=ada"), 200)
    equal("gone at once", base in {by["subscription"] for by in check["granted_by"]}, False)
    expect(client.post(f"/v1/subscriptions/{base}/cancel", {}), 200)
    customer.wait_for_refunds(store)
    refused(customer, lambda: client.post("/v1/licenses/assign", {
        "subscription": base, "user": "ada"}), 409, "subscription_not_active")
