#!/usr/bin/env python3
"""VAT numbers asked for over HTTP, on each store, of a service that is up, down, slow or talks
nonsense: a sale never waits for it, its answer decides from its day on, and what it proves is on
the documents.

The program is $ANNEX_BIN, or build/annex; PostgreSQL is $ANNEX_PG.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from support.customers import (Report, check_books, demo_store, equal, must,  # noqa: E402
                               serving)
from support.server import BINARY, store_kinds  # noqa: E402
from support.shop import Shop  # noqa: E402
from support.vat_service import VatService  # noqa: E402
from taxes import SECOND, SUITE, THIRD, Clock, frozen_of, invoices, taxes, wait_for  # noqa: E402

NUMBERS = (f"DE1366959{count:02}" for count in range(10, 99))


class Scene:
    """A shop with a service beside it."""

    def __init__(self, shop, store, service):
        self.shop, self.store, self.service = shop, store, service
        self.clock = Clock(shop)

    def customer(self, way, number=None, country="DE"):
        """A customer with a number of which the service says this."""
        number = number or next(NUMBERS)
        self.service.says[number] = way
        customer = self.clock.customer(country)
        customer.number = number
        change(customer, vat_id=number)
        return customer

    def again(self, customer):
        """It is the customer's turn again, as when the wait is over."""
        self.store.sql(f"UPDATE account SET vat_check_at = 0 WHERE id = '{customer.account}'")


def path_of(customer):
    return f"/v1/billing_accounts/{customer.account}"


def change(customer, **members):
    return must(customer.client.patch(path_of(customer), members), 200)


def known(customer):
    body = must(customer.client.get(path_of(customer)), 200)
    return body["vat_state"], body["vat_state_on"], body["vat_proof"]


def checks(customer):
    return [(one["answer"], one["reason"])
            for one in must(customer.client.get(path_of(customer) + "/vat_checks"), 200)["data"]]


def case_valid_with_its_proof(scene):
    customer = scene.customer("valid")
    proof = f"WAPI-{customer.number}"
    wait_for(lambda: known(customer), ("valid", "2026-01-13", proof), "the answer")
    customer.order(SUITE)
    [invoice] = invoices(customer)
    equal([(line["tax_treatment"], line["tax_proof"]) for line in invoice["lines"]],
          [("reverse_charge", proof)], "the line")
    wait_for(lambda: [proof in one and customer.number in one
                      for one in frozen_of(scene.store, customer)], [True], "frozen")
    [kept] = must(customer.client.get(path_of(customer) + "/vat_checks"), 200)["data"]
    equal((kept["provider"], kept["trader"], kept["proof"], kept["vat_id"]),
          ("local", "Lindenhof", proof, customer.number), "what is kept")


def case_down_never_stops_a_sale(scene):
    customer = scene.customer("down")
    customer.order(SUITE)
    equal(taxes(customer), [(0, ["reverse_charge"])], "by its form")
    equal(invoices(customer)[0]["lines"][0]["tax_proof"], None, "without a proof")
    wait_for(lambda: checks(customer), [("unknown", "http_503")], "what was heard")
    equal(known(customer), ("unknown", None, None), "nothing is known")
    asked_at, attempts = scene.store.sql("SELECT vat_check_at, vat_attempts FROM account"
                                         f" WHERE id = '{customer.account}'")[0]
    equal((abs(int(asked_at) - time.time() * 1000 - 60000) < 30000, attempts), (True, "1"),
          "in a minute")
    scene.service.says[customer.number] = "valid"
    scene.again(customer)
    wait_for(lambda: known(customer)[0], "valid", "it is up again")
    scene.clock.advance(SECOND)
    equal([line["tax_proof"] for line in invoices(customer)[1]["lines"]],
          [f"WAPI-{customer.number}"], "the next is proved")


def case_invalid_after_the_sale(scene):
    customer = scene.customer("down")
    customer.order(SUITE)
    scene.service.says[customer.number] = "invalid"
    scene.again(customer)
    wait_for(lambda: known(customer)[0], "invalid", "the answer")
    scene.clock.advance(THIRD)
    treatments = [lines for _, lines in taxes(customer)]
    equal(treatments[0], ["reverse_charge"], "what was sold stays")
    equal(treatments[1:], [["domestic"]] * (len(treatments) - 1), "what comes does not")
    equal(len(treatments) >= 2, True, "something came")
    events = [(one["type"], one["data"].get("answer"))
              for one in must(customer.client.get("/v1/events?limit=100"), 200)["data"]
              if one["type"] == "billing_account.vat_checked"]
    equal(events, [("billing_account.vat_checked", "invalid")], "it is told of, once")


def case_nonsense_says_nothing(scene):
    for way, reason in (("garbage", "malformed"), ("other", "other_number"),
                        ("huge", "malformed"), ("redirect", "http_302")):
        customer = scene.customer(way)
        wait_for(lambda c=customer: checks(c), [("unknown", reason)], way)
        equal(known(customer)[0], "unknown", way)
        equal(scene.service.count(customer.number), 1, f"{way}: asked once")


def case_slow_holds_nobody_up(scene):
    customer = scene.customer("slow")
    wait_for(lambda: scene.service.count(customer.number), 1, "it is asked")
    began = time.monotonic()
    customer.order(SUITE)
    equal(time.monotonic() - began < 3, True, "the sale goes on")
    wait_for(lambda: [one for one in frozen_of(scene.store, customer)] != [], True,
             "documents get their numbers")
    equal(time.monotonic() - began < 4, True, "meanwhile")
    wait_for(lambda: checks(customer), [("unknown", "timeout")], "nobody waits for ever")


def case_another_number(scene):
    customer = scene.customer("valid")
    wait_for(lambda: known(customer)[0], "valid", "the first")
    second = next(NUMBERS)
    scene.service.says[second] = "invalid"
    shown = must(customer.client.patch(path_of(customer) + "?preview=true",
                                       {"vat_id": second}), 200)
    equal((shown["vat_id"], shown["vat_state"]), (second, "unknown"), "the preview")
    equal(known(customer)[0], "valid", "is undone")
    spaced = f"{second[:2].lower()} {second[2:5]} {second[5:8]} {second[8:]}"
    changed = change(customer, vat_id=spaced)
    equal((changed["vat_id"], changed["vat_state"]), (second, "unknown"), "as it is kept")
    wait_for(lambda: known(customer)[0], "invalid", "the second is asked for")
    gone = change(customer, vat_id=None)
    equal((gone["vat_id"], gone["vat_state"], gone["vat_proof"]), (None, "unknown", None), "none")
    refused = customer.client.patch(path_of(customer), {"vat_id": "DE12"})
    equal((refused.status, refused.body["param"]), (400, "/vat_id"), "a malformed one")
    stale = customer.client.patch(path_of(customer), {"name": "x"}, headers={"If-Match": '"1"'})
    equal(stale.status, 412, "another version")


def case_documents_keep_their_address(scene):
    customer = scene.customer("valid")
    change(customer, name="Before", address={"line1": "1 Old Street", "city": "Berlin"})
    customer.order(SUITE)
    change(customer, name="After", address={"line1": "2 New Street"}, vat_id=None)
    customer.order(SUITE)
    wait_for(lambda: [("Before" in one, "1 Old Street" in one, customer.number in one)
                      for one in frozen_of(scene.store, customer)],
             [(True, True, True), (False, False, False)], "whom each was issued to")


def case_not_asked_for(scene):
    """Numbers of elsewhere, and those that are no numbers."""
    american = scene.customer("valid", "12-3456789", "US")
    french = scene.customer("valid", "FR40303265045", "FR")
    wait_for(lambda: known(french)[0], "valid", "the seller's country is asked for")
    equal(must(american.client.get(path_of(american)), 200)["vat_id"], "12-3456789", "as it was")
    equal(known(american)[0], "unknown", "nobody knows it")
    equal(scene.service.count("12-3456789"), 0, "nobody was asked")


def case_whose_right(scene):
    customer, other = scene.customer("valid"), scene.shop.sign_up()
    equal(customer.support.patch(path_of(customer), {"name": "x"}).status, 403, "support")
    equal(other.client.patch(path_of(customer), {"name": "x"}).status, 404, "another's")
    equal(other.client.get(path_of(customer) + "/vat_checks").status, 404, "another's checks")


CASES = [case_valid_with_its_proof, case_down_never_stops_a_sale, case_invalid_after_the_sale,
         case_nonsense_says_nothing, case_slow_holds_nobody_up, case_another_number,
         case_documents_keep_their_address, case_not_asked_for, case_whose_right]


def case_where_it_leads(store):
    """Only https outwards; this machine only when it is said so."""
    for address, local, word in (("http://127.0.0.1:1/", "", "ANNEX_VAT_CHECK_LOCAL"),
                                 ("http://vies.example/", "", "ANNEX_VAT_CHECK_LOCAL"),
                                 ("https://vies.example/", "1", "ANNEX_VAT_CHECK_LOCAL"),
                                 ("file:///etc/passwd", "", "must be an https address"),
                                 ("gopher://x/", "1", "must be an https address")):
        done = subprocess.run([str(BINARY), "serve", "--store", store.where], text=True,
                              capture_output=True, timeout=60, check=False,
                              env={**os.environ, "ANNEX_VAT_CHECK": address,
                                   "ANNEX_VAT_CHECK_LOCAL": local})
        equal((done.returncode, word in done.stderr), (2, True), f"{address}: {done.stderr}")


def case_never_inward(store, people):
    """An https address that leads to this machine, and a test organisation: nothing is sent."""
    service = VatService()
    try:
        inward = service.address.replace("http:", "https:")
        with serving(store, {"ANNEX_VAT_CHECK": inward}) as server:
            shop = Shop(server, people)
            tested = shop.sign_up(country="DE")
            change(tested, vat_id=next(NUMBERS))
            lived = must(shop.owner.get("/v1/organizations?limit=1"), 200)["data"][0]["id"]
            store.sql(f"UPDATE organization SET live = 1 WHERE id = '{lived}'")
            wait_for(lambda: store.sql("SELECT answer, reason FROM vat_check WHERE customer ="
                                       f" '{lived}'"), [("unknown", "unreachable")], "inward")
        equal(service.asked, [], "nothing arrived")
    finally:
        service.close()


def main():
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, people):
            service = VatService()
            environment = {"ANNEX_VAT_CHECK": service.address, "ANNEX_VAT_CHECK_LOCAL": "1"}
            with serving(store, environment) as server:
                scene = Scene(Shop(server, people), store, service)
                for case in CASES:
                    report.case(f"{kind} {case.__name__[5:]}", lambda c=case: c(scene))
            service.close()
            report.case(f"{kind} where it leads", lambda: case_where_it_leads(store))
            report.case(f"{kind} never inward", lambda: case_never_inward(store, people))
            report.case(f"{kind} books", lambda: check_books(store))
    sys.exit(report.status)


if __name__ == "__main__":
    main()
