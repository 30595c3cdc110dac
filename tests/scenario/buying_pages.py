#!/usr/bin/env python3
"""The pages of buying: they show what GET /v1/availability says, offer by offer, in two pages that
together have every offer once; and what their forms make is a cart that can be reviewed."""
import re
import sys
import urllib.parse

from pages import GLOBAL, MEMBER, OTHER, READER, Browser, has

from support.customers import Caller, Report, demo_store, equal, must, serving
from support.server import store_kinds

ORGANIZATION = "Fonderie Marsault"
HUGO = "hugo.perrin@fonderie-marsault.example"
PURCHASE = "/billing/purchase"


class Shop:
    """The demonstration's first organisation, by its pages and by the API."""

    def __init__(self, server, key):
        self.address = server.address
        self.client = Caller(server.address, key)
        self.account = self.client.load("/v1/billing_accounts")["data"][0]["id"]
        self.browser = Browser(server.address)
        self.browser.sign_in(GLOBAL)

    def rows(self):
        return self.client.load(f"/v1/availability?account={self.account}")["data"]

    def subscription(self, offer, status="active"):
        held = self.client.list(f"/v1/subscriptions?status={status}")
        return next(s for s in held if s["offer"] == offer)

    def send(self, path, fields, browser=None):
        browser = browser or self.browser
        token = browser.ask("/").csrf()
        return browser.ask(path, {**fields, "csrf": token})

    def cart(self):
        """The cart that the browser was sent to."""
        equal(self.browser.status, 303, "goes on to the checkout")
        found = re.fullmatch(r"/billing/checkout/(crt_\w+)", self.browser.location())
        cart = self.client.load(f"/v1/carts/{found[1]}")
        must(self.client.send(f"/v1/carts/{cart['id']}/review", {}), 200)
        equal(cart["account"], self.account, "account")
        return cart["lines"]

    def close(self):
        self.client.connection.close()


def offers_of(text):
    """Offers that a page has as its entries, in their order."""
    return re.findall(r'<h[23]><a (?:class="row-link" )?href="/billing/purchase/([\w-]+)[?"]', text)


def case_every_offer_once(shop):
    rows = shop.rows()
    wanted = sorted(r["offer"] for r in rows if r["available"])
    equal(sorted(offers_of(shop.browser.ask(PURCHASE).text)), wanted, "what can be bought")
    shop.browser.ask(PURCHASE + "/unavailable")
    refused = [r for r in rows if not r["available"]]
    equal(offers_of(shop.browser.text), [r["offer"] for r in refused], "what cannot")
    cards = shop.browser.text.split('class="card why"')[1:]
    for row, card in zip(refused, cards):
        if card.count("<li>") < len(row["reasons"]):
            raise AssertionError(f"{row['offer']}: {row['reasons']} in {card}")
    equal(shop.browser.ask(PURCHASE + "/no-such-offer").status, 404, "no such offer")


def case_offer_pages_agree(shop):
    for row in shop.rows():
        shop.browser.ask(f"{PURCHASE}/{row['offer']}")
        equal(shop.browser.status, 200, row["offer"])
        equal('id="buy-form"' in shop.browser.text, row["available"], row["offer"])
        equal(sorted(re.findall(r'<option value="(sub_\w+)"', shop.browser.text)),
              sorted(row["connects_to"]), f"{row['offer']} connects to")


def case_for_a_subscription(shop):
    base = shop.subscription("complete")
    link = f"{PURCHASE}?for={base['id']}"
    has(shop.browser.ask(f"/billing/products/{base['id']}"), f'href="{link}"')
    has(shop.browser.ask("/billing/products"), f'href="{PURCHASE}"')
    own = shop.client.load(f"/v1/subscriptions/{base['id']}/available_addons")["data"]
    shop.browser.ask(link)
    shown = offers_of(shop.browser.text)
    equal(shown[:len(own)], [row["offer"] for row in own], "its own add-ons first")
    equal(len(shown), len(set(shown)), "each offer once")
    shop.browser.ask(f"{PURCHASE}/multi-region?for={base['id']}")
    chosen = re.findall(r'<option value="(sub_\w+)" selected', shop.browser.text)
    equal(chosen, [base["id"]], "preselected")


def case_search_and_categories(shop):
    equal(offers_of(shop.browser.ask(PURCHASE + "?q=bouclier").text), ["mail-shield"], "a word")
    equal(offers_of(shop.browser.ask(PURCHASE + "?category=learning").text), ["guides"], "category")
    equal(offers_of(shop.browser.ask(PURCHASE + "?q=no+such+thing").text), [], "nothing")
    has(shop.browser, "Aucune offre ne correspond à ces filtres")


def case_reasons_in_words(shop):
    shop.browser.ask(PURCHASE + "/unavailable")
    has(shop.browser, "Cette offre sera disponible dès que vous aurez souscrit "
                      "Réunions par téléphone.")
    has(shop.browser, '<a href="/billing/purchase/audio-meetings">')
    base = shop.subscription("standard")
    has(shop.browser, f'<a href="/billing/products/{base["id"]}">')
    shop.send("/preferences", {"lang": "en"})
    has(shop.browser.ask(PURCHASE + "/unavailable"), "Available as soon as you subscribe to")
    shop.send("/preferences", {"lang": "fr"})


def case_connect(shop):
    base = shop.subscription("standard")
    path = f"{PURCHASE}/mail-shield?for={base['id']}"
    for quantity in ("", "many", "0", "-1", "1.5", "9" * 30):
        shop.send(path, {"connect_to": base["id"], "quantity": quantity})
        equal(shop.browser.status, 422, f"quantity {quantity!r}")
        has(shop.browser, 'id="quantity-error"')
    shop.send(path, {"connect_to": shop.subscription("complete")["id"], "quantity": "1"})
    equal(shop.browser.status, 422, "a base that it is not for")
    has(shop.browser, 'id="connect_to-error"')
    shop.send(path, {"connect_to": base["id"], "quantity": "1\u00a00"})
    [line] = shop.cart()
    equal((line["offer"], line["connect_to"], line["quantity"]), ("mail-shield", base["id"], 10),
          "line")


def case_bounds_of_the_seats(shop):
    """At least 5 % of 42 and 25 seats, in the checkout as the offer's page has it."""
    base = shop.subscription("standard")
    path = f"{PURCHASE}/multi-region?for={base['id']}"
    shop.send(path, {"connect_to": base["id"], "quantity": "4"})
    has(shop.browser.ask(shop.browser.location()), "4 à 10\u202f000")


def case_buy_and_try(shop):
    path = PURCHASE + "/standard"
    shop.send(path, {"plan": "P1Y/upfront", "quantity": "3"})
    equal(shop.browser.status, 422, "a price that there is not")
    shop.send(path, {"plan": "P1Y/monthly", "quantity": "3"})
    [line] = shop.cart()
    equal((line["term"], line["billing"], line["quantity"]), ("P1Y", "monthly", 3), "line")
    shop.send(path, {"plan": "P1Y/yearly", "quantity": "3", "do": "trial"})
    [line] = shop.cart()
    equal((line["term"], line["billing"], line["trial"]), ("P1Y", "yearly", True), "trial")
    shop.send(PURCHASE + "/field", {"plan": "P1M/monthly", "quantity": "3", "do": "trial"})
    equal(shop.browser.status >= 400, True, "a trial that it had already")


def case_refused(shop):
    shop.send(PURCHASE + "/fax", {"plan": "P1M/monthly", "quantity": "1"})
    equal(shop.browser.status, 422, "not available")
    equal('id="buy-form"' in shop.browser.text, False, "no form")


def case_roles(shop):
    reader = Browser(shop.address)
    reader.sign_in(READER)
    equal(reader.ask(PURCHASE).status, 200, "a reader looks")
    reader.ask(PURCHASE + "/guides")
    equal('id="buy-form"' in reader.text, False, "and does not buy")
    has(reader, 'aria-disabled="true"')
    has(reader, "un administrateur général ou "
        "un administrateur de facturation")
    fields = {"plan": "P1M/monthly", "quantity": "1"}
    equal(shop.send(PURCHASE + "/guides", fields, reader).status, 403, "nor by hand")
    member = Browser(shop.address)
    member.sign_in(MEMBER)
    for page in ("", "/unavailable", "/guides"):
        equal(member.ask(PURCHASE + page).status, 403, f"a member at {page}")


def case_session_ended(shop):
    """What was typed is there again after signing in, for the same person alone."""
    person = Browser(shop.address)
    person.sign_in(GLOBAL)
    cookie = person.headers["Set-Cookie"].split(";")[0]
    token = person.ask("/").csrf()
    person.ask("/sign-out", {"csrf": token})
    fields = {"plan": "P1Y/yearly", "quantity": "7", "csrf": token}
    person.ask(PURCHASE + "/guides", fields, Cookie=cookie)
    equal(person.status, 303, "signs in first")
    back = urllib.parse.unquote(person.location().split("next=", 1)[1])
    person.sign_in(GLOBAL, after=back)
    has(person.ask(person.location()), 'name="quantity" value="7"')
    has(person, 'value="P1Y/yearly" checked')
    person = Browser(shop.address)
    equal(person.sign_in(HUGO).status, 303, "somebody else")
    equal(person.ask(back).status, 200, "looks at the address")
    equal('value="7"' in person.text, False, "what another person typed")


def case_other_organizations(shop):
    base = shop.subscription("standard")
    other = Browser(shop.address)
    other.sign_in(OTHER)
    for where in (f"for={base['id']}", f"account={shop.account}"):
        for page in ("", "/unavailable", "/mail-shield"):
            equal(other.ask(f"{PURCHASE}{page}?{where}").status, 404, f"{page} {where}")
    path = f"{PURCHASE}/mail-shield?for={base['id']}"
    fields = {"connect_to": base["id"], "quantity": "1"}
    equal(shop.send(path, fields, other).status, 404, "nor bought for it")
    equal(shop.send(PURCHASE + "/mail-shield", fields, other).status, 422, "in the form")


def euros(money):
    """An amount as French pages write it."""
    units, cents = divmod(abs(money["amount"]), 100)
    grouped = f"{units:,}".replace(",", "\u202f")
    return f"{'−' if money['amount'] < 0 else ''}{grouped},{cents:02}\u00a0€"


def form_of(row, bases):
    """What one fills in on an offer's page, or would by hand for an offer that is not available."""
    fields = {"quantity": (row["quantity"] or {}).get("min", 1)}
    if row["kind"] == "traditional_addon":
        return {**fields, "connect_to": (row["connects_to"] or bases)[0]}
    price = (row["prices"] or row["catalog_prices"])[0]
    return {**fields, "plan": f"{price['term']}/{price['billing']}"}


def buy_as_shown(shop, offer, fields):
    """Through the pages, from the form to the order; the checkout's lines are the invoice's."""
    shop.send(f"{PURCHASE}/{offer}", fields)
    equal(shop.browser.status, 303, f"{offer}: on to the checkout")
    where = shop.browser.location()
    text = shop.browser.ask(where).text
    equal(shop.browser.status, 200, f"{offer}: the checkout")
    shown = {"total": re.search(r'total-amount money">([^<]+)<', text)[1],
             "net": re.search(r'<dd class="money">([^<]+)<', text)[1],
             "lines": re.findall(r'<p class="arithmetic">.*? ([^ ]+)</p>', text)}
    chosen = re.search(r'name="payment_method" value="(\w+)" checked', text)[1]
    review = re.search(r'name="review" value="(\w+)"', text)[1]
    shop.send(where, {"do": "place", "review": review, "payment_method": chosen})
    equal(shop.browser.status, 303, f"{offer}: ordered")
    order = shop.client.load("/v1/orders/" + shop.browser.location().rsplit("/", 1)[1])
    equal(order["state"], "completed", offer)
    invoice = shop.client.load(f"/v1/invoices/{order['invoice']}")
    equal(shown, {"total": euros(invoice["total"]), "net": euros(invoice["net"]),
                  "lines": [euros(line["amount"]) for line in invoice["lines"]]}, offer)


def case_one_answer_everywhere(shop):
    """Offer by offer: list, page, availability, form, checkout, order and invoice."""
    bases = [shop.subscription(offer)["id"] for offer in ("standard", "complete")]
    bought = 0
    for offer in [row["offer"] for row in shop.rows()]:
        row = next(row for row in shop.rows() if row["offer"] == offer)
        sold = shop.client.load(f"/v1/offers/{offer}")
        row = {**row, "kind": sold["kind"], "catalog_prices": sold["prices"]}
        listed = offer in offers_of(shop.browser.ask(PURCHASE).text)
        equal(listed, row["available"], f"{offer}: listed")
        has_form = 'id="buy-form"' in shop.browser.ask(f"{PURCHASE}/{offer}").text
        equal(has_form, row["available"], f"{offer}: has a form")
        if row["available"]:
            buy_as_shown(shop, offer, form_of(row, bases))
            bought += 1
            continue
        shop.send(f"{PURCHASE}/{offer}", form_of(row, bases))
        equal(shop.browser.status, 422, f"{offer}: refused")
        equal(shop.browser.location(), None, f"{offer}: no cart")
    equal(bought >= 12, True, f"{bought} offers bought")


CASES = (case_every_offer_once, case_offer_pages_agree, case_for_a_subscription,
         case_search_and_categories, case_reasons_in_words, case_connect, case_bounds_of_the_seats,
         case_buy_and_try, case_refused, case_roles, case_session_ended, case_other_organizations,
         case_one_answer_everywhere)


def main():
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, people), serving(store) as server:
            shop = Shop(server, people[ORGANIZATION]["global"])
            for case in CASES:
                report.case(f"{kind}/{case.__name__[5:]}", lambda c=case: c(shop))
            shop.close()
    return report.status


if __name__ == "__main__":
    sys.exit(main())
