"""Test clocks, and work that is parked, by their routes; what an advance leads to is in clocks.py,
and how work comes to be parked in parked.py."""

import json
import time
import urllib.request

from support.cases import addon, case, equal, expect, line, refused
from support.customers import unique
from support.server import Client


@case
def walks_on_a_clock(shop, store):
    """test clocks: made, listed, lived on, advanced, removed."""
    owner = shop.owner
    made = expect(owner.post("/v1/test_clocks", {"frozen_time": "2026-01-31T12:00:00Z"}), 201,
                  status="ready", name="")
    path = f"/v1/test_clocks/{made['id']}"
    equal("listed", expect(owner.get("/v1/test_clocks?limit=1"), 200)["data"][0]["id"], made["id"])
    customer = shop.sign_up(test_clock=made["id"])
    [base] = customer.order(line("standard", 2))
    expect(customer.client.get(f"/v1/subscriptions/{base}"), 200, term_start="2026-01-31",
           term_end="2026-02-28")
    told = expect(owner.post(f"{path}/advance", {"frozen_time": "2026-05-01T00:00:00Z"}), 200,
                  status="ready", frozen_time="2026-05-01T00:00:00Z", target_frozen_time=None)
    equal("progress", told["progress"], {"organizations": 1, "done": 1, "parked": 0})
    expect(customer.client.get(f"/v1/subscriptions/{base}"), 200, term_start="2026-04-30")
    expect(owner.get(f"/v1/organizations/{customer.id}"), 200, test_clock=made["id"],
           clock_at="2026-05-01T00:00:00Z")
    expect(owner.post("/v1/organizations", {
        "name": "Lost", "country": "FR", "test_clock": "clk_0", "account": {"currency": "EUR"},
        "person": {"name": "Ada", "email": "ada@lost.example"}}), 404, code="not_found")
    expect(owner.get(path), 200, version=told["version"])
    expect(owner.ask("DELETE", path), 200, deleted=True)
    expect(owner.get(path), 404, code="not_found")


@case
def tries_parked_work_again(shop, store):
    """parked work: listed, shown, tried again."""
    owner = shop.owner
    customer = shop.sign_up()
    path = f"/v1/parked_work/{customer.id}"
    expect(owner.get(path), 404, code="not_found")
    expect(owner.post(f"{path}/retry"), 404, code="not_found")
    store.sql("UPDATE organization SET due_failures = 3, due_error = 'internal',"
              f" due_subject = 'sub_1', due_claim = NULL WHERE id = '{customer.id}'")
    [listed] = [one for one in expect(owner.get("/v1/parked_work?limit=100"), 200)["data"]
                if one["id"] == customer.id]
    equal("what is said of it", [listed["code"], listed["subject"], listed["attempts"]],
          ["internal", "sub_1", 3])
    equal("alone", expect(owner.get(path), 200)["subject"], "sub_1")
    equal("support looks", customer.support.get(path).status, 200)
    expect(customer.support.post(f"{path}/retry"), 403, code="forbidden")
    expect(owner.post(f"{path}/retry"), 200, id=customer.id)
    expect(owner.get(path), 404, code="not_found")
    last = customer.client.get("/v1/events?limit=100").body["data"][-1]
    equal("the event", [last["type"], last["data"]["attempts"]], ["work.unparked", 3])


@case
def writes_off_what_is_listed(shop, store):
    """write-off: refused until it is listed, previewed, done once, by the owner alone."""
    owner = shop.owner
    clock = expect(owner.post("/v1/test_clocks", {"frozen_time": "2026-01-13T00:00:00Z"}), 201)
    customer = shop.sign_up(test_clock=clock["id"])
    client = customer.client
    placed = expect(client.post("/v1/orders", customer.order_body(
        line("standard", 2), method="decline_recurring")), 201)
    advance = f"/v1/test_clocks/{clock['id']}/advance"
    expect(owner.post(advance, {"frozen_time": "2026-03-10T00:00:00Z"}), 200, status="ready")
    unpaid = [one for one in client.get("/v1/invoices").body["data"] if one["unpaid"]["amount"]]
    equal("unpaid", len(unpaid) > 0, True)
    first = f"/v1/invoices/{unpaid[-1]['id']}/write_off"
    refused(customer, lambda: client.post(first, {}), 409, "write_off_not_listed", "/invoice")
    refused(customer, lambda: client.post(f"/v1/invoices/{placed['invoice']}/write_off", {}), 409,
            "write_off_not_listed")
    expect(owner.post(advance, {"frozen_time": "2026-12-01T00:00:00Z"}), 200, status="ready")
    expect(client.get(f"/v1/subscriptions/{placed['lines'][0]['subscription']}"), 200,
           status="deleted")
    listed = [one for one in expect(owner.get("/v1/write_offs?limit=100"), 200)["data"]
              if one["organization"] == customer.id]
    equal("what is listed", {one["id"] for one in listed}, {
        one["id"] for one in client.get("/v1/invoices").body["data"] if one["unpaid"]["amount"]})
    path = f"/v1/invoices/{listed[0]['id']}/write_off"
    refused(customer, lambda: customer.support.post(path, {}), 403, "forbidden")
    shown = expect(client.post(f"{path}?preview=true", {}), 200, preview=True)
    equal("shown", shown["written_off"], listed[0]["unpaid"])
    done = expect(client.post(path, {"token": shown["token"]}), 200, paid_on=None,
                  written_off=listed[0]["unpaid"])
    equal("nothing is unpaid", done["unpaid"]["amount"], 0)
    refused(customer, lambda: client.post(path, {}), 409, "write_off_not_listed")
    left = [one["id"] for one in owner.get("/v1/write_offs?limit=100").body["data"]]
    equal("off the list", listed[0]["id"] in left, False)
    last = client.get("/v1/events?limit=100").body["data"][-1]
    equal("the event", [last["type"], last["subject"]], ["invoice.written_off", listed[0]["id"]])
    entries = store.sql("SELECT ledger_account, amount_minor FROM posting WHERE kind = 'write_off'"
                        f" AND cause = '{listed[0]['id']}' ORDER BY 1")
    amount = listed[0]["unpaid"]["amount"]
    equal("the entry", entries, [("receivable", str(-amount)), ("write_off", str(amount))])


def preview_rows(customer, clock, cart, scheduled):
    """Every mutation whose handler knows nothing of previews: (method, path, body)."""
    name = unique("preview")
    return [
        ("POST", "/v1/organizations", {
            "name": name, "country": "FR", "account": {"currency": "EUR"},
            "person": {"name": "Ada", "email": f"{name}@scenario.example"}}),
        ("POST", "/v1/billing_accounts", {"name": name, "currency": "EUR"}),
        ("POST", "/v1/test_clocks", {"name": None, "frozen_time": "2026-01-13T00:00:00Z"}),
        ("POST", f"/v1/test_clocks/{clock}/advance", {"frozen_time": "2026-01-14T00:00:00Z"}),
        ("DELETE", f"/v1/test_clocks/{clock}", {}),
        ("POST", "/v1/carts", {"account": customer.account, "lines": [line("standard")]}),
        ("POST", f"/v1/carts/{cart}/lines", line("files")),
        ("POST", "/v1/payment_methods", {"account": customer.account, "kind": "transfer"}),
        ("POST", "/v1/support_requests", {"kind": "other", "message": "?"}),
        ("DELETE", scheduled, {}),
    ]


@case
def previews_every_mutation(shop, store):
    """previews: of what is no order too; nothing changes, then exactly that is done, once."""
    customer = shop.sign_up()
    client = customer.client
    [base] = customer.order(line("standard", 3))
    expect(client.patch(f"/v1/subscriptions/{base}", {"quantity": 2, "when": "renewal"}), 200)
    changes = f"/v1/subscriptions/{base}/scheduled_changes"
    [change] = client.get(changes).body["data"]
    clock = expect(shop.owner.post("/v1/test_clocks", {"frozen_time": "2026-01-01T00:00:00Z"}), 201)
    cart = customer.cart(line("standard"))
    for method, path, body in preview_rows(customer, clock["id"], cart,
                                           f"{changes}/{change['id']}"):
        of_seller = path.startswith(("/v1/organizations", "/v1/test_clocks"))
        asker = shop.owner if of_seller else client
        before = customer.sight()
        shown = expect(asker.ask(method, f"{path}?preview=true", body), 200, preview=True)
        equal(f"{path}: nothing changed", customer.sight(), before)
        other = {**body, "token": shown["token"], "metadata": {}}
        equal(f"{path}: another body", asker.ask(method, path, other).status in (400, 404), True)
        done = asker.ask(method, path, {**body, "token": shown["token"]})
        equal(f"{path}: done", done.status in (200, 201, 202), True)
        equal(f"{path}: the same id", done.body.get("id"), shown.get("id"))
        again = asker.ask(method, path, {**body, "token": shown["token"]})
        equal(f"{path}: once", again.status in (404, 409, 400), True)
    lost = expect(client.post(f"/v1/carts/{cart}/lines?preview=true", line("phone")), 200)
    expect(client.post(f"/v1/carts/{cart}/lines", line("files")), 200)
    refused(customer, lambda: client.post(f"/v1/carts/{cart}/lines", {
        **line("phone"), "token": lost["token"]}), 409, "quote_changed", "/token")


@case
def reviews_by_checkout(shop, store):
    """checkout with preview is the review."""
    customer = shop.sign_up()
    cart = f"/v1/carts/{customer.cart(line('standard', 2))}"
    with_card = {"payment_method": customer.method()}
    shown = expect(customer.client.post(f"{cart}/checkout?preview=true", with_card), 200,
                   preview=True)
    reviewed = expect(customer.client.post(f"{cart}/review", with_card), 200)
    for one in (shown, reviewed):
        one.pop("token"), one.pop("expires_at")
    equal("the review", shown, reviewed)
    refused(customer, lambda: customer.client.post(f"{cart}/checkout", with_card), 400, "invalid",
            "/token")


@case
def shows_figures(shop, store):
    """metrics: a text that Prometheus reads, for whoever reaches it."""
    with urllib.request.urlopen(f"http://{shop.address}/metrics", timeout=60) as answer:
        equal("type", answer.headers["Content-Type"].split(";")[0], "text/plain")
        text = answer.read().decode()
    figures = {}
    for told in text.splitlines():
        if not told.startswith("#"):
            name, value = told.rsplit(" ", 1)
            figures[name.split("{")[0]] = int(value)
    equal("figures", sorted(figures), [
        "annex_charges_open", "annex_commits_total", "annex_documents_unnumbered",
        "annex_due_customers", "annex_http_requests_total", "annex_info",
        "annex_parked_customers", "annex_test_clocks_advancing", "annex_works_total"])
    equal("counted", figures["annex_http_requests_total"] > 0, True)
    helped = {told.split()[2] for told in text.splitlines() if told.startswith("# HELP")}
    typed = {told.split()[2] for told in text.splitlines() if told.startswith("# TYPE")}
    equal("described", [helped, typed], [set(figures), set(figures)])


@case
def expands_ids(shop, store):
    """expand: two levels, in one and in lists, with the permissions of what is put in."""
    customer = shop.sign_up()
    client = customer.client
    base, store_ = customer.order(line("standard", 3, name="base"),
                                  addon("extra-storage", "base", 10))
    path = f"/v1/subscriptions/{base}"
    plain = expect(client.get(path), 200)
    whole = expect(client.get(f"{path}?expand=account.organization,offer,parent,addons.parent,"
                              "customer"), 200, parent=None)
    equal("its account", whole["account"]["id"], plain["account"])
    equal("whose that is", whole["account"]["organization"]["id"], customer.id)
    equal("the offer", whole["offer"], expect(client.get("/v1/offers/standard"), 200))
    equal("its add-ons", [one["id"] for one in whole["addons"]], [store_])
    equal("and theirs", whole["addons"][0]["parent"], plain)
    equal("the customer", whole["customer"]["id"], customer.id)
    for name in ("account", "offer", "addons", "customer"):
        whole.pop(name)
    equal("the rest is as it was", whole, {name: plain[name] for name in whole})
    [order] = expect(client.get("/v1/orders?expand=lines.subscription,invoice,payment_method"),
                     200)["data"]
    equal("of a list", [order["invoice"]["object"], order["payment_method"]["object"]],
          ["invoice", "payment_method"])
    one = expect(client.get(f"/v1/orders/{order['id']}?expand=lines.subscription"), 200)
    equal("in its lines", [part["subscription"]["id"] for part in one["lines"]], [base, store_])
    equal("of nothing", expect(client.get("/v1/credit_notes?expand=account"), 200)["data"], [])
    for asked in ("status", "nothing", "account.status", "account.organization.id", "addons.lines"):
        refused(customer, lambda asked=asked: client.get(f"{path}?expand={asked}"), 400, "invalid",
                "expand")
    refused(customer, lambda: client.get("/v1/events?expand=customer"), 400, "invalid", "expand")


@case
def changes_an_account(shop, store):
    """billing accounts: details changed; what is said of VAT numbers is in vat_checks.py."""
    customer = shop.sign_up(country="DE")
    path = f"/v1/billing_accounts/{customer.account}"
    refused(customer, lambda: customer.client.patch(path, {"vat_id": "DE1"}), 400, "invalid",
            "/vat_id")
    refused(customer, lambda: customer.client.patch(path, {"currency": "USD"}), 400, "invalid",
            "/currency")
    changed = expect(customer.client.patch(path, {
        "name": "Lindenhof", "vat_id": "de 136 695 976", "address": {"city": "Berlin"}}), 200,
        name="Lindenhof", vat_id="DE136695976", vat_state="unknown", country="DE")
    equal("address", [changed["address"][member] for member in ("line1", "city", "country")],
          ["", "Berlin", "DE"])
    equal("checks", expect(customer.client.get(f"{path}/vat_checks"), 200)["data"], [])
    events = customer.client.get("/v1/events?limit=100").body["data"]
    equal("the event", events[-1]["type"], "billing_account.changed")


@case
def changes_the_sellers_settings(shop, store):
    """the seller's settings: the owner's alone; documents bear them with their version."""
    owner = shop.owner
    support = shop.people["seller"]["support"]
    before = expect(owner.get("/v1/seller"), 200, country="FR", registrations=[])
    expect(Client(shop.address, support).get("/v1/seller"), 403, code="forbidden")
    expect(Client(shop.address, support).patch("/v1/seller", {"name": "x"}), 403,
           code="forbidden")
    for body, place in (({"country": "France"}, "/country"), ({"time_zone": "Paris"}, "/time_zone"),
                        ({"registrations": [{"country": "de", "from": "2026-01-01"}]},
                         "/registrations/0/country"), ({"colour": "red"}, "/colour")):
        expect(owner.patch("/v1/seller", body), 400, code="invalid", param=place)
    shown = expect(owner.patch("/v1/seller?preview=true", {"iban": "FR7630006000011234567890189"}),
                   200)
    equal("a preview", [shown["iban"][:4], owner.get("/v1/seller").body["iban"]],
          ["FR76", before["iban"]])
    changed = expect(owner.patch("/v1/seller", {
        "legal_note": "Share capital 1 000", "registration_number": "303 265 045",
        "registrations": [{"country": "DE", "vat_id": "DE136695976", "from": "2026-01-01"}]}),
        200, version=before["version"] + 1, name=before["name"])
    equal("registrations", changed["registrations"],
          [{"country": "DE", "vat_id": "DE136695976", "from": "2026-01-01", "until": None}])
    expect(owner.patch("/v1/seller", {"name": "x"}, headers={"If-Match": '"0"'}), 412,
           code="version_mismatch")
    customer = shop.sign_up()
    customer.order(line("standard", 2))
    for _ in range(200):
        frozen = store.sql("SELECT frozen FROM document WHERE number IS NOT NULL AND customer ="
                           f" '{customer.id}'")
        if frozen:
            break
        time.sleep(0.05)
    seller = json.loads(frozen[0][0])["seller"]
    equal("on the document", [seller["version"], seller["legal_note"], seller["city"]],
          [changed["version"], "Share capital 1 000", before["city"]])
    expect(owner.patch("/v1/seller", {"registrations": []}), 200, registrations=[])


@case
def records_exemption_certificates(shop, store):
    """exemption certificates: recorded, listed, revoked; what they do is in taxes.py."""
    customer = shop.sign_up()
    path = f"/v1/billing_accounts/{customer.account}/tax_exemptions"
    refused(customer, lambda: customer.client.post(path, {"number": "N"}), 400, "invalid",
            "/reason")
    made = expect(customer.client.post(path, {"number": "N", "reason": "by law"}), 201,
                  revoked_on=None, categories=[])
    equal("listed", [one["id"] for one in expect(customer.client.get(path), 200)["data"]],
          [made["id"]])
    expect(customer.client.ask("DELETE", f"{path}/exm_0"), 404, code="not_found")
    gone = expect(customer.client.ask("DELETE", f"{path}/{made['id']}"), 200, version=2)
    equal("revoked that day", gone["revoked_on"], made["valid_from"])
    events = customer.client.get("/v1/events?limit=100").body["data"]
    equal("events", [one["type"] for one in events][-2:],
          ["tax_exemption.recorded", "tax_exemption.revoked"])
