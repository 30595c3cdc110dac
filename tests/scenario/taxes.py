#!/usr/bin/env python3
"""Tax over the API, on each store: exemption certificates, recorded by the seller alone, honoured
by preview, order, renewal and upcoming charges alike.

The program is $ANNEX_BIN, or build/annex; PostgreSQL is $ANNEX_PG.
"""

import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from pages import GLOBAL, Browser, has  # noqa: E402

from support.customers import (Report, check_books, demo_store, equal, must,  # noqa: E402
                               serving)
from support.server import Client, store_kinds  # noqa: E402
from support.shop import Shop  # noqa: E402

SUITE = {"offer": "standard", "quantity": 10, "term": "P1M", "billing": "monthly"}
PATIENCE_S = 15
FIRST, SECOND, THIRD = "2026-01-13", "2026-02-13", "2026-03-13"


class Clock:
    """A test clock, and customers who live on it."""

    def __init__(self, shop):
        self.owner = shop.owner
        self.shop = shop
        self.id = must(shop.owner.post("/v1/test_clocks",
                                       {"frozen_time": FIRST + "T10:00:00Z"}), 201)["id"]

    def customer(self, country="FR"):
        return self.shop.sign_up(country=country, test_clock=self.id)

    def advance(self, day):
        must(self.owner.post(f"/v1/test_clocks/{self.id}/advance",
                             {"frozen_time": day + "T10:00:00Z"}), 200, 202)


def frozen_of(store, customer):
    """What its documents say for ever, as far as they are numbered."""
    return [row[0] for row in store.sql("SELECT frozen FROM document WHERE number IS NOT NULL AND"
                                        f" customer = '{customer.id}' ORDER BY id")]


def wait_for(work, wanted, what):
    """Until the work gives what is wanted."""
    until = time.monotonic() + PATIENCE_S
    while work() != wanted and time.monotonic() < until:
        time.sleep(0.05)
    equal(work(), wanted, what)


def exempt(customer, number, **more):
    return customer.client.post(f"/v1/billing_accounts/{customer.account}/tax_exemptions",
                                {"number": number, "reason": "VAT Act, section 4", **more})


def invoices(customer):
    """All documents of the customer with their lines, oldest first."""
    listed = must(customer.client.get("/v1/invoices?limit=100"), 200)["data"]
    return [must(customer.client.get(f"/v1/invoices/{one['id']}"), 200)
            for one in reversed(listed)]


def taxes(customer):
    return [(one["tax"]["amount"], [line["tax_treatment"] for line in one["lines"]])
            for one in invoices(customer)]


def upcoming_taxes(customer):
    body = must(customer.client.get(
        f"/v1/billing_accounts/{customer.account}/upcoming_charges?months=3"), 200)
    return [one["tax"]["amount"] for one in body["data"] if not one["invoice"]]


def case_honoured_everywhere(shop, store):
    clock = Clock(shop)
    customer = clock.customer()
    order = customer.order_body(SUITE)
    before = must(customer.client.post("/v1/orders?preview=true", order), 200)
    equal(before["taxes"][0]["treatment"], "domestic", "before")
    made = must(exempt(customer, "N-1", valid_until=SECOND), 201)
    equal((made["valid_from"], made["valid_until"], made["revoked_on"], made["categories"]),
          (FIRST, SECOND, None, []), "the certificate")
    after = must(customer.client.post("/v1/orders?preview=true", order), 200)
    equal([(one["treatment"], one["tax"]["amount"]) for one in after["taxes"]],
          [("exempt", 0)], "the preview")
    stale = customer.client.post("/v1/orders", {**order, "token": before["token"]})
    equal((stale.status, stale.code), (409, "quote_changed"), "the review of before")
    must(customer.client.post("/v1/orders", {**order, "token": after["token"]}), 201)
    equal(taxes(customer), [(0, ["exempt"])], "the order")
    line = invoices(customer)[0]["lines"][0]
    equal(line["tax_proof"], "N-1", "its certificate")
    upcoming = upcoming_taxes(customer)
    equal([tax == 0 for tax in upcoming[:2]], [True, False], "upcoming charges")
    clock.advance(THIRD)
    billed = taxes(customer)
    equal(billed[1:], [(0, ["exempt"]), (upcoming[1], ["domestic"])], "renewals")
    mention = '"exemptions":[{"number":"N-1","reason":"VAT Act, section 4"}]'
    wait_for(lambda: sum(mention in one for one in frozen_of(store, customer)), 2,
             "documents that bear the mention")


def case_revoked_never_erased(shop, _store):
    clock = Clock(shop)
    customer = clock.customer()
    made = must(exempt(customer, "N-2"), 201)
    path = f"/v1/billing_accounts/{customer.account}/tax_exemptions"
    customer.order(SUITE)
    wrong = customer.client.ask("DELETE", f"{path}/{made['id']}", headers={"If-Match": '"7"'})
    equal(wrong.status, 412, "another version")
    clock.advance(SECOND)
    shown = must(customer.client.ask("DELETE", f"{path}/{made['id']}?preview=true"), 200)
    equal(shown["revoked_on"], SECOND, "the preview")
    equal(must(customer.client.get(path), 200)["data"][0]["revoked_on"], None, "is undone")
    gone = must(customer.client.ask("DELETE", f"{path}/{made['id']}"), 200)
    again = must(customer.client.ask("DELETE", f"{path}/{made['id']}"), 200)
    equal((gone["revoked_on"], again["revoked_on"]), (SECOND, SECOND), "revoked")
    clock.advance(THIRD)
    equal([treatments for _, treatments in taxes(customer)],
          [["exempt"], ["exempt"], ["domestic"]], "what was billed stays")
    equal([one["number"] for one in must(customer.client.get(path), 200)["data"]], ["N-2"],
          "it stays in the list")


def case_whose_right(shop, _store):
    customer, other = shop.sign_up(), shop.sign_up()
    path = f"/v1/billing_accounts/{customer.account}/tax_exemptions"
    made = must(exempt(customer, "N-3", categories=["standard", "book"]), 201)
    equal(made["categories"], ["standard", "book"], "its categories")
    support = customer.support
    equal(support.post(path, {"number": "x", "reason": "y"}).status, 403, "support")
    equal(must(support.get(path), 200)["data"][0]["number"], "N-3", "support looks")
    equal(other.client.get(path).status, 404, "of another organisation")
    equal(other.client.post(path, {"number": "x", "reason": "y"}).status, 404, "nor records")
    equal(other.client.ask("DELETE", f"{path}/{made['id']}").status, 404, "nor revokes")
    theirs = shop.client("Fonderie Marsault", "global")
    account = must(theirs.get("/v1/billing_accounts"), 200)["data"][0]["id"]
    own = f"/v1/billing_accounts/{account}/tax_exemptions"
    equal(must(theirs.get(own), 200)["data"], [], "the customer looks")
    equal(theirs.post(own, {"number": "x", "reason": "y"}).status, 403, "but records none")
    for body, place in (({"reason": "y"}, "/number"), ({"number": "x"}, "/reason"),
                        ({"number": " ", "reason": "y"}, "/number"),
                        ({"number": "x", "reason": ""}, "/reason"),
                        ({"number": "x", "reason": "y", "valid_from": "2026-02-01",
                          "valid_until": "2026-01-31"}, "/valid_until"),
                        ({"number": "x", "reason": "y", "categories": ["a b"]}, "/categories/0")):
        refused = customer.client.post(path, body)
        equal((refused.status, refused.body.get("param")), (400, place), str(body))


def case_pages(shop, store):
    """The customer's administrator sees and edits the tax identity of an account."""
    browser = Browser(shop.address)
    browser.sign_in(GLOBAL)
    [path] = re.findall(r'row-link" href="(/billing/accounts/\w+)"',
                        browser.ask("/billing/accounts").text)
    account = path.rpartition("/")[2]
    has(browser.ask(path), "Taxes")
    equal(browser.ask(f"{path}/edit").status, 200, "the form")
    token = browser.csrf()
    asked = browser.ask(f"{path}/edit", {"name": "Marsault", "vat_id": "FR1", "csrf": token})
    equal(asked.status, 422, "a malformed number")
    has(asked, "Saisissez un numéro de TVA")
    has(asked, 'value="FR1"')
    equal(browser.ask(f"{path}/edit", {"name": " ", "csrf": token}).status, 422, "no name")
    sent = browser.ask(f"{path}/edit", {"name": "Marsault", "vat_id": "fr 40 303 265 045",
                                        "csrf": token})
    equal((sent.status, browser.location()), (303, path), "saved")
    has(browser.ask(path), "FR40303265045")
    has(browser, "personne ne l’a encore confirmé")
    has(browser, "Aucune. Le vendeur les enregistre")
    owner = Client(shop.address, shop.people["seller"]["owner"],
                   shop.people["Fonderie Marsault"]["id"])
    must(owner.post(f"/v1/billing_accounts/{account}/tax_exemptions",
                    {"number": "N-9", "reason": "Article 262-00 bis", "valid_from": FIRST}), 201)
    has(browser.ask(path), "Article 262-00 bis")
    store.sql("UPDATE account SET vat_state = 'invalid', vat_state_on = '2026-01-13'"
              f" WHERE id = '{account}'")
    has(browser.ask(path), "n’est plus valide depuis")
    store.sql("UPDATE account SET vat_state = 'valid', vat_proof = 'WAPI-1'"
              f" WHERE id = '{account}'")
    has(browser.ask(path), "WAPI-1")
    store.sql(f"UPDATE account SET vat_state = 'unknown' WHERE id = '{account}'")


CASES = [case_honoured_everywhere, case_revoked_never_erased, case_whose_right, case_pages]


def main():
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, people):
            with serving(store) as server:
                shop = Shop(server, people)
                for case in CASES:
                    report.case(f"{kind} {case.__name__[5:]}", lambda c=case: c(shop, store))
            report.case(f"{kind} books", lambda: check_books(store))
    sys.exit(report.status)


if __name__ == "__main__":
    main()
