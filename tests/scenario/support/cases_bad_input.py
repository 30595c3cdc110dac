"""Bad input: each gets its own clear error and changes nothing."""

import json

from support.cases import LINE, addon, case, equal, expect, line, refused
from support.server import Client

ELSEWHERE = "01k00000000000000000000000"


@case
def refuses_bad_bodies(shop, store):
    """bodies: unknown, duplicate, wrong type, huge, deep, not JSON."""
    customer = shop.sign_up()
    good = customer.order_body(LINE)
    text = json.dumps(good)
    line_text = json.dumps(LINE)
    deep = "[" * 40 + "]" * 40
    rows = [
        # name, body as text, status, code, param
        ("unknown member", text[:-1] + ', "surprise": 1}', 400, "invalid", "/surprise"),
        ("unknown in a line", text.replace('"offer"', '"surprise": 1, "offer"'), 400, "invalid",
         "/lines/0/surprise"),
        ("duplicate member", text[:-1] + ', "account": "acc_x"}', 400, "invalid", None),
        ("duplicate in a line", text.replace('"quantity"', '"quantity": 1, "quantity"'), 400,
         "invalid", None),
        ("text for a number", text.replace(": 10", ': "ten"'), 400, "invalid", "/lines/0/quantity"),
        ("real for an integer", text.replace(": 10", ": 10.5"), 400, "invalid",
         "/lines/0/quantity"),
        ("list for a text", text.replace('"standard"', '["standard"]'), 400, "invalid",
         "/lines/0/offer"),
        ("object for a list", text.replace(f"[{line_text}]", line_text), 400, "invalid", "/lines"),
        ("text for an object", text.replace(line_text, '"standard"'), 400, "invalid", "/lines/0"),
        ("no word for a term", text.replace('"P1M"', '"P1W"'), 400, "invalid", "/lines/0/term"),
        ("a member missing", '{"lines": []}', 400, "invalid", "/account"),
        ("not an object", "[]", 400, "invalid", None),
        ("nothing after it", text + "x", 400, "invalid", None),
        ("cut off", text[:-2], 400, "invalid", None),
        ("deep", '{"account": ' + deep + "}", 400, "invalid", None),
        ("control character", text.replace("standard", "stan\\u0000dard"), 400, "invalid", None),
        ("long text", text.replace("standard", "x" * 3000), 400, "invalid", None),
        ("huge", text[:-1] + " " * (1 << 20) + "}", 413, "too_large", None),
        ("no lines", json.dumps({**good, "lines": []}), 400, "invalid", "/lines"),
        ("101 lines", json.dumps({**good, "lines": [LINE] * 101}), 400, "invalid", "/lines"),
        ("a name twice", json.dumps({**good, "lines": [{**LINE, "name": "a"}] * 2}), 400,
         "invalid", "/lines/1/name"),
    ]
    for name, body, status, code, param in rows:
        refused(customer, lambda body=body: customer.client.post("/v1/orders", raw=body.encode()),
                status, code, param)
    refused(customer, lambda: customer.client.post("/v1/orders", raw=b'{"account": "\xff"}'), 400,
            "invalid")
    refused(customer, lambda: customer.client.post(
        "/v1/orders", raw=text.encode(), headers={"Content-Type": "text/plain"}), 415,
        "unsupported_media_type")


@case
def refuses_bad_addresses(shop, store):
    """addresses: unknown, of another method, bad parameters."""
    customer = shop.sign_up()
    customer.method()
    client = customer.client
    rows = [
        ("GET", "/v1/nothing", 404, "not_found", None),
        ("GET", "/v1/offers/", 404, "not_found", None),
        ("DELETE", "/v1/orders", 405, "method_not_allowed", None),
        ("GET", "/v1/orders?surprise=1", 400, "invalid", "surprise"),
        ("GET", "/v1/orders?limit=0", 400, "invalid", "limit"),
        ("GET", "/v1/orders?limit=101", 400, "invalid", "limit"),
        ("GET", "/v1/orders?limit=ten", 400, "invalid", "limit"),
        ("GET", "/v1/orders?after=a&before=b", 400, "invalid", "before"),
        ("GET", "/v1/subscriptions?status=planned", 400, "invalid", "status"),
        ("GET", "/v1/availability", 400, "invalid", "account"),
        ("GET", "/v1/entitlements/check", 400, "invalid", "feature"),
        ("GET", "/v1/events?after=-1", 400, "invalid", "after"),
    ]
    for method, path, status, code, param in rows:
        refused(customer, lambda method=method, path=path: client.ask(method, path), status, code,
                param)
    equal("Allow", client.ask("DELETE", "/v1/orders").headers.get("allow"), "GET, HEAD, POST")
    refused(customer, lambda: client.post("/v1/orders?preview=maybe",
                                          customer.order_body(LINE)), 400, "invalid", "preview")
    refused(customer, lambda: client.post("/v1/orders", customer.order_body(LINE),
                                          headers={"Idempotency-Key": "x" * 256}), 400, "invalid",
            "Idempotency-Key")


@case
def refuses_strangers(shop, store):
    """who asks: nobody, a wrong key, a role that may not, another organisation."""
    customer = shop.sign_up()
    body = customer.order_body(LINE)
    rows = [
        (Client(shop.address, watch=shop.watch), 401, "unauthenticated"),
        (Client(shop.address, "annex_test_wrong", watch=shop.watch), 401, "unauthenticated"),
        (shop.client("Fonderie Marsault", "reader"), 403, "forbidden"),
        (shop.client("Fonderie Marsault", "license"), 403, "forbidden"),
        (Client(shop.address, shop.people["seller"]["auditor"], customer.id, shop.watch), 403,
         "forbidden"),
        (Client(shop.address, shop.people["Fonderie Marsault"]["global"], customer.id,
                shop.watch), 404, "not_found"),
        (Client(shop.address, shop.people["seller"]["owner"], f"org_{ELSEWHERE}", shop.watch), 404,
         "not_found"),
        (shop.owner, 400, "invalid"),
    ]
    for client, status, code in rows:
        refused(customer, lambda client=client: client.post("/v1/orders", body), status, code)
    answer = Client(shop.address, watch=shop.watch).get("/v1/offers")
    equal("how to sign in", answer.headers.get("www-authenticate"), "Bearer")


def look_without(customer, ids):
    """Every way to name something, with the ids of `ids`: (name, ask)."""
    client, own = customer.client, customer
    base = {"account": own.account, "lines": [LINE]}
    return [
        ("account", lambda: client.post("/v1/orders", {**base, "account": ids["acc"]})),
        ("account of a cart", lambda: client.post("/v1/carts", {"account": ids["acc"]})),
        ("availability", lambda: client.get(f"/v1/availability?account={ids['acc']}")),
        ("method", lambda: client.post("/v1/orders", {**base, "payment_method": ids["pmt"]})),
        ("connect_to", lambda: client.post("/v1/orders", {
            **base, "lines": [addon("extra-storage", ids["sub"])]})),
        ("billing account", lambda: client.get(f"/v1/billing_accounts/{ids['acc']}")),
        ("payment method", lambda: client.get(f"/v1/payment_methods/{ids['pmt']}")),
        ("subscription", lambda: client.get(f"/v1/subscriptions/{ids['sub']}")),
        ("addons", lambda: client.get(f"/v1/subscriptions/{ids['sub']}/addons")),
        ("available", lambda: client.get(f"/v1/subscriptions/{ids['sub']}/available_addons")),
        ("history", lambda: client.get(f"/v1/subscriptions/{ids['sub']}/history")),
        ("quantity", lambda: client.patch(f"/v1/subscriptions/{ids['sub']}", {"quantity": 2})),
        ("cancel", lambda: client.post(f"/v1/subscriptions/{ids['sub']}/cancel")),
        ("order", lambda: client.get(f"/v1/orders/{ids['ord']}")),
        ("invoice", lambda: client.get(f"/v1/invoices/{ids['inv']}")),
        ("cart", lambda: client.get(f"/v1/carts/{ids['crt']}")),
        ("cart line", lambda: client.post(f"/v1/carts/{ids['crt']}/lines", LINE)),
        ("review", lambda: client.post(f"/v1/carts/{ids['crt']}/review")),
        ("payment", lambda: client.post(f"/v1/payments/{ids['pay']}/authenticate")),
        ("support", lambda: client.post("/v1/support_requests", {
            "kind": "remove_addon", "subscription": ids["sub"], "message": "x"})),
        ("resolve", lambda: customer.support.post(
            f"/v1/support_requests/{ids['sup']}/resolve", {"remove": False, "answer": "x"})),
    ]


@case
def refuses_wrong_ids(shop, store):
    """ids: wrong ones, and those of another customer, answer alike."""
    customer, other = shop.sign_up(), shop.sign_up()
    customer.method()
    order = other.client.post("/v1/orders", other.order_body(LINE)).body
    theirs = {
        "acc": other.account, "pmt": other.method(), "ord": order["id"], "inv": order["invoice"],
        "sub": order["lines"][0]["subscription"], "crt": other.cart(LINE),
        "pay": order["payment"],
        "sup": other.client.post("/v1/support_requests",
                                 {"kind": "other", "message": "x"}).body["id"],
    }
    nobodys = {prefix: f"{prefix}_{ELSEWHERE}" for prefix in theirs}
    seen_by_other = other.sight()
    for (name, ask_theirs), (_, ask_nobodys) in zip(look_without(customer, theirs),
                                                    look_without(customer, nobodys)):
        first = refused(customer, ask_theirs, 404, "not_found")
        second = refused(customer, ask_nobodys, 404, "not_found")
        first.pop("request_id"), second.pop("request_id")
        equal(f"{name}: someone else's and nobody's", first, second)
    equal("the other customer", other.sight(), seen_by_other)
    refused(customer, lambda: customer.client.post("/v1/orders", customer.order_body(
        line("nothing"))), 404, "not_found", "/lines/0/offer")


@case
def refuses_bad_quantities(shop, store):
    """quantities at and beyond every bound."""
    customer = shop.sign_up()
    [base] = customer.order(line("standard", 10), line("phone", 10))[:1]

    def order(*lines):
        return lambda: customer.client.post("/v1/orders", customer.order_body(*lines))

    rows = [
        (line("standard", 0), 1, 300, 1), (line("standard", -1), 1, 300, 1),
        (line("standard", 301), 1, 300, 1), (line("complete", 4), 5, 5000, 1),
        (line("call-credit", 150), 100, 100000, 100), (line("call-credit", 99), 100, 100000, 100),
        (line("call-credit", 100100), 100, 100000, 100),
        (addon("extra-storage", base, 10000001), 1, 10000000, 1),
        (line("calls-national", 11), 1, 10, 1),
    ]
    for wanted, least, most, step in rows:
        body = refused(customer, order(wanted), 422, "quantity_out_of_range")
        equal(f"bounds of {wanted}", [body.get("min"), body.get("max"), body.get("step")],
              [least, most, step])
    for quantity in (10 ** 13, -10 ** 13, 10 ** 30):
        refused(customer, order(line("standard", quantity)), 400, "invalid")
    for wanted in (line("standard", 1), line("standard", 300), line("complete", 5),
                   line("call-credit", 100), line("call-credit", 100000),
                   addon("extra-storage", base, 10000000), line("calls-national", 10)):
        body = customer.order_body(wanted)
        expect(customer.client.post("/v1/orders?preview=true", body), 200)

    def change(quantity):
        return lambda: customer.client.patch(f"/v1/subscriptions/{base}", {"quantity": quantity})

    for quantity in (0, -1, 301):
        refused(customer, change(quantity), 422, "quantity_out_of_range")
    refused(customer, change("ten"), 400, "invalid", "/quantity")
    refused(customer, lambda: customer.client.patch(f"/v1/subscriptions/{base}", {}), 400,
            "invalid")
    refused(customer, lambda: customer.client.patch(
        f"/v1/subscriptions/{base}", {"quantity": 11, "recurring_billing": False}), 400, "invalid")


@case
def refuses_bad_dates(shop, store):
    """dates that do not exist, or are past."""
    customer = shop.sign_up()
    customer.method()
    for day in ("2027-02-29", "2027-13-01", "2027-04-31", "27-01-01", "2027-1-1", "tomorrow", "",
                "2020-01-01", 20270101):
        refused(customer, lambda day=day: customer.client.post("/v1/orders", customer.order_body(
            line("standard", start_on=day))), 400, "invalid", "/lines/0/start_on")


@case
def refuses_bad_connections(shop, store):
    """add-ons: without a base, with one that is not related, removed by the customer."""
    customer = shop.sign_up()
    base, files, storage = customer.order(
        line("standard", 10, name="base"), line("files", 2), addon("extra-storage", "base", 100))

    def order(*lines):
        return lambda: customer.client.post("/v1/orders", customer.order_body(*lines))

    refused(customer, order(line("mail-archive")), 400, "invalid", "/lines/0/connect_to")
    refused(customer, order(line("phone", connect_to=base)), 400, "invalid",
            "/lines/0/connect_to")
    refused(customer, order(addon("mail-archive", files)), 422, "addon_not_related",
            "/lines/0/connect_to")
    body = refused(customer, order(addon("extra-storage", base)), 422, "addon_already_on_base")
    equal("reasons", [one["code"] for one in body["reasons"]], ["already_on_base"])
    refused(customer, order(addon("archive-search", base)), 422, "addon_prerequisite_missing")
    refused(customer, order(line("fax")), 422, "offer_not_available")
    refused(customer, order(line("guides", term="P3Y", billing="upfront")), 422,
            "billing_frequency_unsupported")
    client = customer.client
    refused(customer, lambda: client.post(f"/v1/subscriptions/{storage}/cancel"), 422,
            "addon_not_removable")
    refused(customer, lambda: client.patch(f"/v1/subscriptions/{storage}", {"quantity": 0}), 422,
            "addon_not_removable")
    refused(customer, lambda: client.patch(f"/v1/subscriptions/{storage}",
                                           {"recurring_billing": False}), 422,
            "addon_not_removable")
    refused(customer, lambda: client.post(f"/v1/subscriptions/{base}/cancel",
                                          {"when": "yesterday"}), 400, "invalid", "/when")
    french = client.post(f"/v1/subscriptions/{storage}/cancel",
                         headers={"Accept-Language": "fr"}).body["detail"]
    equal("in French", french == client.post(
        f"/v1/subscriptions/{storage}/cancel").body["detail"], False)


@case
def refuses_bad_catalogues(shop, store):
    """catalogues: faulty ones are refused with their place."""
    customer = shop.sign_up()
    offer = {"id": "one", "kind": "base", "name": {"en": "One", "fr": "Un"}, "unit": "user",
             "prices": [{"currency": "EUR", "term": "P1M", "billing": "monthly",
                         "unit_amount": 1}]}
    rows = [{"version": "x"}, {"version": "x", "offers": [{**offer, "surprise": 1}]},
            {"version": "x", "offers": [offer, offer]},
            {"version": "x", "offers": [{**offer, "change_to": ["two"]}]}]
    for catalog in rows:
        for preview in ("", "?preview=true"):
            refused(customer, lambda catalog=catalog, preview=preview: shop.owner.post(
                f"/v1/catalog_versions{preview}", catalog), 400, "invalid")
    equal("nothing published", len(shop.owner.get("/v1/catalog_versions").body["data"]), 1)
