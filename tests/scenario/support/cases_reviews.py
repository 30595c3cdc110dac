"""Reviews, tokens, versions and repeated requests."""

import json
import threading

from support.cases import LINE, addon, case, equal, expect, line, refused


def review_of(customer, cart):
    return expect(customer.client.post(f"/v1/carts/{cart}/review"), 200)["token"]


def checkout(customer, cart, token):
    return lambda: customer.client.post(f"/v1/carts/{cart}/checkout", {"token": token})


@case
def refuses_tokens_of_others(shop, store):
    """tokens: made up, of another cart, of another request, of another customer."""
    customer, other = shop.sign_up(), shop.sign_up()
    customer.method(), other.method()
    cart, second = customer.cart(LINE), customer.cart(LINE)
    token = review_of(customer, cart)
    refused(customer, checkout(customer, cart, "quo_made_up"), 404, "not_found", "/token")
    refused(customer, checkout(customer, second, token), 404, "not_found", "/token")
    refused(other, checkout(other, other.cart(LINE), token), 404, "not_found", "/token")
    body = customer.order_body(LINE)
    refused(customer, lambda: customer.client.post("/v1/orders", {**body, "token": token}), 404,
            "not_found", "/token")
    shown = customer.client.post("/v1/orders?preview=true", body).body["token"]
    changed = customer.order_body({**LINE, "quantity": 11})
    refused(customer, lambda: customer.client.post("/v1/orders", {**changed, "token": shown}), 404,
            "not_found", "/token")
    refused(customer, lambda: customer.client.post(
        "/v1/orders?preview=true", {**body, "token": shown}), 400, "invalid", "/token")
    expect(customer.client.post("/v1/orders", {**body, "token": shown}), 201)


@case
def refuses_tokens_twice(shop, store):
    """tokens: a used one, and a cart that was ordered."""
    customer = shop.sign_up()
    body = customer.order_body(line("guides"))
    token = customer.client.post("/v1/orders?preview=true", body).body["token"]
    expect(customer.client.post("/v1/orders", {**body, "token": token}), 201)
    refused(customer, lambda: customer.client.post("/v1/orders", {**body, "token": token}), 409,
            "quote_used", "/token")
    cart = customer.cart(line("guides"))
    token, another = review_of(customer, cart), review_of(customer, cart)
    expect(checkout(customer, cart, token)(), 201)
    refused(customer, checkout(customer, cart, token), 409, "cart_ordered")
    refused(customer, checkout(customer, cart, another), 409, "cart_ordered")
    refused(customer, lambda: customer.client.post(f"/v1/carts/{cart}/lines", LINE), 409,
            "cart_ordered")


@case
def refuses_stale_tokens(shop, store):
    """tokens: one that is older than 15 minutes, one of yesterday."""
    customer = shop.sign_up()
    customer.method()
    cart = customer.cart(LINE)
    token = review_of(customer, cart)
    store.sql(f"UPDATE quote SET expires_at = expires_at - 900000 WHERE token = '{token}'")
    refused(customer, checkout(customer, cart, token), 409, "quote_expired", "/token")
    token = review_of(customer, cart)
    store.sql(f"UPDATE quote SET quoted_on = '2026-01-01' WHERE token = '{token}'")
    refused(customer, checkout(customer, cart, token), 409, "quote_expired", "/token")
    expect(checkout(customer, cart, review_of(customer, cart))(), 201)


@case
def refuses_what_has_changed(shop, store):
    """a review is refused, with what differs, when the state or the price has changed."""
    customer = shop.sign_up()
    [base] = customer.order(line("standard", 10))
    cart = customer.cart(addon("multi-region", base, 1))
    token = review_of(customer, cart)
    added = expect(customer.client.post(f"/v1/carts/{cart}/lines",
                                        addon("extra-storage", base, 5)), 200)
    equal("both lines", len(added["lines"]), 2)
    body = refused(customer, checkout(customer, cart, token), 409, "quote_changed", "/token")
    equal("what differs", "total" in body["differs"], True)

    catalog = json.loads(store.run("catalog", "export"))
    catalog["version"] += "+dearer"
    storage = next(one for one in catalog["offers"] if one["id"] == "extra-storage")
    storage["prices"][0]["unit_amount"] += 1
    token = review_of(customer, cart)
    expect(shop.owner.post("/v1/catalog_versions", catalog), 201, is_new=True)
    body = refused(customer, checkout(customer, cart, token), 409, "quote_changed", "/token")
    equal("what differs", {"lines", "total"} <= set(body["differs"]), True)
    expect(shop.owner.post("/v1/catalog_versions", catalog), 200, is_new=False)


@case
def publishes_what_was_shown(shop, store):
    """a preview of a publication, its token, and another publication in between."""
    where = "/v1/catalog_versions"
    catalog = json.loads(store.run("catalog", "export"))
    name = catalog["version"]

    def dearer(suffix):
        storage = next(one for one in catalog["offers"] if one["id"] == "extra-storage")
        storage["prices"][0]["unit_amount"] += 1
        catalog["version"] = name + suffix
        return expect(shop.owner.post(f"{where}?preview=true", catalog), 200, preview=True,
                      is_new=True, number=None)

    shown = dearer("+shown")
    done = expect(shop.owner.post(f"{where}?token={shown['token']}", catalog), 201, preview=False)
    equal("what was shown", done["diff"], shown["diff"])

    stale = dearer("+stale")
    expect(shop.owner.post(where, {**catalog, "version": name + "+between"}), 201, is_new=True)
    answer = shop.owner.post(f"{where}?token={stale['token']}", catalog)
    body = expect(answer, 409, code="quote_changed", param="/token")
    equal("what differs", list(body["differs"]), ["diff"])
    versions = [one["version"] for one in expect(shop.owner.get(where), 200)["data"]]
    equal("nothing was published", name + "+stale" in versions, False)


@case
def refuses_a_base_that_left(shop, store):
    """a base that leaves active between review and order."""
    customer = shop.sign_up()
    [base] = customer.order(line("standard", 10))
    cart = customer.cart(addon("extra-storage", base, 100))
    token = review_of(customer, cart)
    expect(customer.client.post(f"/v1/subscriptions/{base}/cancel", {"when": "now"}), 200)
    # The refund of what was cancelled goes out by itself, with an event of its own.
    refunded = ("events",)
    body = refused(customer, checkout(customer, cart, token), 409, "parent_not_active",
                   changes=refunded)
    equal("reasons", [one["code"] for one in body["reasons"]], ["base_not_active"])
    refused(customer, lambda: customer.client.patch(f"/v1/subscriptions/{base}", {"quantity": 11}),
            409, "subscription_not_active", changes=refunded)


@case
def keeps_nothing_of_what_failed(shop, store):
    """a declined card: only the order's record stays, and the cart can be ordered again."""
    customer = shop.sign_up()
    customer.method(), customer.method("decline")
    changes = ("orders", "events")
    refused(customer, lambda: customer.client.post("/v1/orders", customer.order_body(
        line("guides"), method="decline")), 422, "payment_failed", changes=changes)
    equal("its record", customer.client.get("/v1/orders").body["data"][0]["failure"],
          "payment_failed")
    cart = customer.cart(line("guides"))
    method = {"payment_method": customer.method("decline")}
    token = customer.client.post(f"/v1/carts/{cart}/review", method).body["token"]
    refused(customer, lambda: customer.client.post(f"/v1/carts/{cart}/checkout", {
        "token": token, **method}), 422, "payment_failed", changes=changes)
    method = {"payment_method": customer.method("success")}
    token = customer.client.post(f"/v1/carts/{cart}/review", method).body["token"]
    expect(customer.client.post(f"/v1/carts/{cart}/checkout", {"token": token, **method}), 201)
    [basic] = customer.order(line("basic"))
    refused(customer, lambda: customer.client.patch(f"/v1/subscriptions/{basic}", {
        "quantity": 5, "payment_method": customer.method("decline")}), 422, "payment_failed",
        changes=changes)
    expect(customer.client.get(f"/v1/subscriptions/{basic}"), 200, quantity=1)


@case
def honours_versions(shop, store):
    """If-Match: the version that was read, or 412."""
    customer = shop.sign_up()
    client = customer.client
    [guides] = customer.order(line("guides"))
    address = f"/v1/subscriptions/{guides}"
    tag = client.get(address).headers["etag"]
    expect(client.patch(address, {"quantity": 2}, headers={"If-Match": tag}), 200, quantity=2)
    for ask in (lambda: client.patch(address, {"quantity": 3}, headers={"If-Match": tag}),
                lambda: client.post(f"{address}/cancel", headers={"If-Match": tag})):
        refused(customer, ask, 412, "version_mismatch")
    cart = customer.cart(LINE)
    tag = client.get(f"/v1/carts/{cart}").headers["etag"]
    expect(client.post(f"/v1/carts/{cart}/lines", LINE, headers={"If-Match": tag}), 200)
    for path in ("lines", "review"):
        refused(customer, lambda path=path: client.post(
            f"/v1/carts/{cart}/{path}", LINE if path == "lines" else {},
            headers={"If-Match": tag}), 412, "version_mismatch")


@case
def repeats_under_one_key(shop, store):
    """Idempotency-Key: the first answer again; another body is refused; so are refusals kept."""
    customer = shop.sign_up()
    client = customer.client
    body = customer.order_body(line("guides"))
    key = {"Idempotency-Key": "one"}
    first = client.post("/v1/orders", body, headers=key)
    expect(first, 201)
    again = client.post("/v1/orders", body, headers=key)
    equal("the same answer", [again.status, again.body], [first.status, first.body])
    equal("said so", again.headers.get("idempotent-replayed"), "true")
    refused(customer, lambda: client.post("/v1/orders", customer.order_body(
        line("guides", 2)), headers=key), 409, "idempotency_key_reused")
    bad = customer.order_body(line("guides"), method="decline")
    key = {"Idempotency-Key": "two"}
    refused(customer, lambda: client.post("/v1/orders", bad, headers=key), 422, "payment_failed",
            changes=("orders", "events"))
    again = client.post("/v1/orders", bad, headers=key)
    expect(again, 422, code="payment_failed")
    equal("a refusal said again", again.headers.get("idempotent-replayed"), "true")


@case
def takes_one_of_two_at_once(shop, store):
    """the same request twice at once makes one order."""
    customer = shop.sign_up()
    body = customer.order_body(line("guides"))
    before = len(customer.sight()["orders"])
    answers = []

    def ask():
        answers.append(customer.client.post("/v1/orders", body,
                                            headers={"Idempotency-Key": "at once"}))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answer in answers:
        equal(f"{answer!r}", answer.status == 201 or answer.code == "idempotency_running", True)
    equal("orders", len(customer.sight()["orders"]), before + 1)
