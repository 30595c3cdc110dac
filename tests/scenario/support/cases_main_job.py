"""The main job over HTTP, and every route once with an answer of success."""

import time

from support.cases import addon, case, equal, expect, line
from support.server import Client


@case
def publishes_what_it_knows(shop, store):
    """health, readiness, errors."""
    nobody = Client(shop.address, watch=shop.watch)
    expect(nobody.get("/healthz"), 200, status="ok")
    expect(nobody.get("/readyz"), 200, status="ready")
    errors = expect(nobody.get("/v1/errors"), 200)["data"]
    codes = {one["code"] for one in errors}
    equal("known codes", {"addon_not_removable", "quote_changed", "not_found"} - codes, set())
    for one in errors:
        equal(f"languages of {one['code']}", [bool(one["detail"][key]) for key in ("en", "fr")],
              [True, True])


@case
def reads_the_catalogue(shop, store):
    """the catalogue: offers, add-ons, versions, a preview of the next."""
    owner = shop.owner
    offers = expect(owner.get("/v1/offers?limit=5"), 200)
    equal("first page", [len(offers["data"]), offers["has_more"]], [5, True])
    seen = [one["id"] for one in offers["data"]]
    while offers["has_more"]:
        offers = expect(owner.get(f"/v1/offers?limit=5&after={offers['next']}"), 200)
        seen += [one["id"] for one in offers["data"]]
    equal("pages without repetition", len(seen), len(set(seen)))
    equal("fax is at its end of sale", "fax" in seen, False)
    expect(owner.get("/v1/offers/fax"), 200, id="fax", end_of_sale=True)
    addons = expect(owner.get("/v1/offers/files/addons"), 200)["data"]
    equal("add-ons of files", [one["id"] for one in addons], ["extra-storage", "offline-sync"])
    versions = expect(owner.get("/v1/catalog_versions"), 200)["data"]
    equal("versions", len(versions), 1)
    catalog = {"version": "preview", "offers": [
        {"id": "one", "kind": "base", "name": {"en": "One", "fr": "Un"}, "unit": "user",
         "prices": [{"currency": "EUR", "term": "P1M", "billing": "monthly", "unit_amount": 1}]}]}
    shown = expect(owner.post("/v1/catalog_versions?preview=true", catalog), 200, preview=True)
    equal("a difference is shown", "+ offer one" in shown["diff"], True)
    equal("nothing published", len(owner.get("/v1/catalog_versions").body["data"]), 1)


@case
def walks_the_main_job(shop, store):
    """the main job: available, cart, review, checkout, invoice, change, support, cancel."""
    customer = shop.sign_up()
    client = customer.client
    [base] = customer.order(line("standard", 10))
    listed = expect(client.get(f"/v1/availability?account={customer.account}"), 200)["data"]
    by_offer = {one["offer"]: one for one in listed}
    equal("extra-storage connects", by_offer["extra-storage"]["connects_to"], [base])
    equal("archive-search waits", by_offer["archive-search"]["reasons"][0]["code"], "requires")
    shown = expect(client.get(f"/v1/subscriptions/{base}/available_addons"), 200)["data"]
    equal("all can be bought", {one["available"] for one in shown}, {True})
    equal("not archive-search", "archive-search" in {one["offer"] for one in shown}, False)

    cart = customer.cart(addon("extra-storage", base, 100))
    expect(client.post(f"/v1/carts/{cart}/lines", addon("mail-archive", base, 10)), 200)
    review = expect(client.post(f"/v1/carts/{cart}/review"), 200, preview=True)
    equal("lines reviewed", [one["offer"] for one in review["lines"]],
          ["extra-storage", "mail-archive"])
    equal("next charge", review["next_charges"][0]["net"]["amount"], 10 * 1250 + 2000 + 3000)
    order = expect(client.post(f"/v1/carts/{cart}/checkout", {"token": review["token"]}), 201,
                   state="completed", total=review["total"])
    expect(client.get(f"/v1/carts/{cart}"), 200, state="ordered", order=order["id"])
    invoice = expect(client.get(f"/v1/invoices/{order['invoice']}"), 200, total=review["total"])
    same = ("offer", "reason", "from", "to", "quantity", "unit_amount", "days", "of_days",
            "amount")
    equal("review and document", [[one[name] for name in same] for one in invoice["lines"]],
          [[one[name] for name in same] for one in review["lines"]])
    addons = expect(client.get(f"/v1/subscriptions/{base}/addons"), 200)["data"]
    equal("connected", {one["offer"] for one in addons}, {"extra-storage", "mail-archive"})
    storage = next(one["id"] for one in addons if one["offer"] == "extra-storage")

    body = {"quantity": 150}
    preview = expect(client.patch(f"/v1/subscriptions/{storage}?preview=true", body), 200)
    changed = expect(client.patch(f"/v1/subscriptions/{storage}",
                                  {**body, "token": preview["token"]}), 200, quantity=150)
    expect(client.get(f"/v1/orders/{changed['order']['id']}"), 200, kind="increase",
           total=preview["total"])
    check = expect(client.get("/v1/entitlements/check?feature=storage_gb"), 200, entitled=True)
    equal("who grants", storage in {one["subscription"] for one in check["granted_by"]}, True)

    opened = expect(client.post("/v1/support_requests", {
        "kind": "remove_addon", "subscription": storage, "message": "please"}), 201, state="open")
    address = f"/v1/support_requests/{opened['id']}"
    answer = {"remove": True, "answer": "done"}
    preview = expect(customer.support.post(f"{address}/resolve?preview=true", answer), 200)
    expect(customer.support.post(f"{address}/resolve", {**answer, "token": preview["token"]}), 200,
           state="resolved")
    expect(client.get(address), 200, answer="done")
    expect(client.get(f"/v1/subscriptions/{storage}"), 200, status="deleted")
    expect(customer.support.post(f"{address}/resolve", answer), 409,
           code="support_request_resolved")

    expect(client.post(f"/v1/subscriptions/{base}/cancel", {}), 200, status="disabled")
    for one in client.get(f"/v1/subscriptions/{base}/addons").body["data"]:
        equal(f"{one['offer']} ended with its base", one["status"] in ("disabled", "deleted"), True)
    history = expect(client.get(f"/v1/subscriptions/{base}/history"), 200)["data"]
    equal("history", [one["status"] for one in history], ["active", "disabled"])
    notes = expect(client.get(f"/v1/credit_notes?account={customer.account}"), 200)["data"]
    equal("credit notes are positive", all(one["total"]["amount"] > 0 for one in notes), True)
    expect(client.get(f"/v1/credit_notes/{notes[0]['id']}"), 200)
    expect(client.get(f"/v1/credit_notes/{order['invoice']}"), 404)


@case
def reads_customers(shop, store):
    """organisations, accounts, methods, events."""
    customer = shop.sign_up()
    client = customer.client
    method = customer.method()
    expect(shop.owner.get("/v1/organizations?limit=1"), 200)
    expect(shop.owner.get(f"/v1/organizations/{customer.id}"), 200, mode="test")
    expect(client.post("/v1/billing_accounts", {"currency": "USD", "country": "US"}), 201,
           currency="USD")
    expect(client.get("/v1/billing_accounts"), 200)
    expect(client.get(f"/v1/billing_accounts/{customer.account}"), 200,
           default_payment_method=method)
    expect(client.get(f"/v1/billing_accounts/{customer.account}/credit_balance"), 200)
    expect(client.get("/v1/payment_methods"), 200)
    expect(client.get(f"/v1/payment_methods/{method}"), 200, removed=False)
    [guides] = customer.order(line("guides"))
    expect(client.get(f"/v1/payment_methods/{method}/usage"), 200, subscriptions=[guides])
    expect(client.get("/v1/subscriptions?status=active"), 200)
    expect(client.get("/v1/orders?state=completed"), 200)
    expect(client.get("/v1/invoices"), 200)
    expect(client.get("/v1/support_requests"), 200)
    ahead = expect(client.get(f"/v1/billing_accounts/{customer.account}/upcoming_charges?months=3"),
                   200)["data"]
    equal("the next charges", [one["lines"][0]["subscription"] for one in ahead],
          [guides, guides])
    expect(client.get(f"/v1/billing_accounts/{customer.account}/upcoming_charges?months=37"), 400,
           code="invalid")
    expect(client.get("/v1/billing_accounts/acc_x/upcoming_charges"), 404, code="not_found")
    events = expect(client.get("/v1/events?limit=100"), 200)["data"]
    equal("numbered without gaps", [one["sequence"] for one in events],
          list(range(1, len(events) + 1)))


@case
def numbers_documents(shop, store):
    """documents get their numbers without gaps, a moment later."""
    customer = shop.sign_up()
    for _ in range(3):
        customer.order(line("guides"))
    until = time.monotonic() + 20
    numbers = []
    while time.monotonic() < until and len(numbers) < 3:
        page = customer.client.get("/v1/invoices").body["data"]
        numbers = sorted(one["number"] for one in page if one["number"])
        time.sleep(0.05)
    counts = [int(number.rpartition("-")[2]) for number in numbers]
    equal("numbers", counts, list(range(counts[0], counts[0] + 3)) if counts else "three")


@case
def pays_in_its_own_way(shop, store):
    """cards that decline, ask for the person, answer late, twice, never."""
    customer = shop.sign_up()
    client = customer.client
    for test in ("twice", "transfer"):
        customer.order(line("guides"), method=test)
    placed = expect(client.post("/v1/orders", customer.order_body(
        line("guides"), method="authentication")), 202, state="action_required")
    expect(client.post(placed["action_url"], {"accept": True}), 200, state="succeeded")
    expect(client.get(f"/v1/orders/{placed['id']}"), 200, state="completed")
    placed = expect(client.post("/v1/orders", customer.order_body(
        line("guides"), method="authentication")), 202)
    expect(client.post(f"/v1/payments/{placed['payment']}/authenticate", {"accept": False}), 200,
           state="failed")
    expect(client.get(f"/v1/orders/{placed['id']}"), 200, state="failed",
           failure="payment_failed")
    late = expect(client.post("/v1/orders", customer.order_body(line("guides"), method="late")),
                  202, state="processing")
    until = time.monotonic() + 30
    while client.get(f"/v1/orders/{late['id']}").body["state"] != "completed":
        equal("late answer", time.monotonic() < until, True)
        time.sleep(0.2)
    expect(client.post("/v1/orders", customer.order_body(line("guides"), method="never")), 202,
           state="processing")
