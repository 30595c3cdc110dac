#!/usr/bin/env python3
"""Bills on pages: the list with its filters, order and paging, and one document with how it is
computed, what was paid and what undoes what; against what the API says of them."""
import re
import sys

from pages import GLOBAL, MEMBER, OTHER, READER, Browser, has

from support.customers import Caller, Report, check_books, demo_store, equal, serving
from support.server import store_kinds

ORGANIZATION = "Fonderie Marsault"
ROW = re.compile(r'class="row-link" href="/billing/invoices/(\w+)">([^<]+)<')


class Bills:
    def __init__(self, store, server, key):
        self.store, self.server = store, server
        self.client = Caller(server.address, key)
        self.browser = Browser(server.address)
        self.browser.sign_in(GLOBAL)
        self.browser.ask("/preferences", {"lang": "en", "csrf": self.browser.ask("/").csrf()})

    def documents(self):
        """Newest first, as the list has them."""
        found = self.client.list("/v1/invoices") + self.client.list("/v1/credit_notes")
        return sorted(found, key=lambda d: (d["issued_on"], d["created_at"], d["id"]),
                      reverse=True)

    def listed(self, query=""):
        """Ids over all pages, by the links of the pages; and back again."""
        seen, path = [], "/billing/invoices" + query
        while path:
            equal(self.browser.ask(path).status, 200, path)
            seen += [ids for ids, _ in ROW.findall(self.browser.text)]
            path = self.link("next")
        back, last = [], self.link("prev")
        while last:
            self.browser.ask(last)
            back = [ids for ids, _ in ROW.findall(self.browser.text)] + back
            last = self.link("prev")
        equal(back, seen[:len(back)], f"{query}: back again")
        return seen

    def link(self, rel):
        found = re.search(rf'rel="{rel}" href="([^"]+)"', self.browser.text)
        return found and found[1].replace("&amp;", "&")


def ids(documents):
    return [document["id"] for document in documents]


def case_list(bills):
    known = bills.documents()
    equal(len(known) > 25, True, "more than one page")
    equal(bills.listed("?period=all"), ids(known), "all")
    equal(bills.listed("?period=all&order=ascending"), ids(reversed(known)), "oldest first")
    newest = known[0]["issued_on"]
    equal(bills.listed(f"?from={newest}"), ids(d for d in known if d["issued_on"] == newest),
          "from a day on")
    oldest = known[-1]["issued_on"]
    equal(bills.listed(f"?to={oldest}"), ids(d for d in known if d["issued_on"] == oldest),
          "up to a day, that one included")
    usual = bills.listed()
    equal(usual, ids(known)[:len(usual)], "past 3 months")
    equal(0 < len(usual) < len(known), True, f"{len(usual)} of {len(known)}")
    equal(len(bills.listed("?period=6")) > len(usual), True, "past 6 months")


def case_filters(bills):
    known = bills.documents()
    unpaid = [d for d in known if d["unpaid"]["amount"] > 0]
    equal(len(unpaid) > 0, True, "something is unpaid")
    equal(bills.listed("?unpaid=yes&period=all"), ids(unpaid), "unpaid")
    account = known[0]["account"]
    equal(bills.listed(f"?account={account}&period=all"), ids(known), "account")
    equal(bills.listed("?account=acc_none&period=all"), [], "another account")
    for document in (known[0], known[-1], next(d for d in known if d["id"].startswith("crn_"))):
        number = document["number"]
        for text in (number, number.lower(), f" {number} "):
            equal(bills.listed("?q=" + text.replace(" ", "+")), [document["id"]], text)
        digits = int(number.rsplit("-", 1)[1])
        found = bills.listed(f"?q={digits}")
        equal(document["id"] in found, True, f"{digits} alone")
    for text in ("FA-2026-000001", "TFA-1999-000001", "nonsense", "TFA-2026-"):
        equal(bills.listed("?q=" + text), [], text)  # the live series, no such year, no number


def case_sort(bills):
    def amount(document):
        sign = -1 if document["object"] == "credit_note" else 1
        return sign * document["total"]["amount"]

    known = {d["id"]: amount(d) for d in bills.documents()}
    for order, reverse in (("", True), ("&order=ascending", False)):
        listed = bills.listed("?period=all&sort=total" + order)
        equal(sorted(listed), sorted(known), "each once")
        totals = [known[found] for found in listed]
        equal(totals, sorted(totals, reverse=reverse), "by total")


def case_file(bills):
    known = bills.documents()
    bills.browser.ask("/billing/invoices?period=all&format=csv")
    equal(bills.browser.headers["Content-Type"], "text/csv; charset=utf-8", "CSV")
    rows = bills.browser.text.lstrip("\ufeff").splitlines()
    equal(len(rows), len(known) + 1, "a row each")
    for document, row in zip(known, rows[1:]):
        sign = "-" if document["object"] == "credit_note" and document["total"]["amount"] else ""
        fields = row.strip('"').split('","')
        equal(fields[0], document["number"], "number")
        equal(fields[1], document["issued_on"], "date")
        equal(fields[5], f"{sign}{document['total']['amount'] / 100:.2f}", "total")


def case_document(bills):
    """Lines, sums and what is unpaid, of every document."""
    for head in bills.documents():
        kind = "invoices" if head["object"] == "invoice" else "credit_notes"
        document = bills.client.load(f"/v1/{kind}/{head['id']}")
        equal(bills.browser.ask(f"/billing/invoices/{document['id']}").status, 200, "page")
        sign = 1 if kind == "invoices" else -1

        def said(money, sign=sign):
            minor = sign * money["amount"]
            return f"{'−' if minor < 0 else ''}€{abs(minor) // 100:,}.{abs(minor) % 100:02}"

        for amount in ("net", "total"):
            has(bills.browser, f'<dd class="money">{said(document[amount])}</dd>')
        for line in document["lines"]:
            has(bills.browser, f"= {said(line['amount'])}</small>"
                if line["reason"] != "setup" else f"once: {said(line['amount'])}</small>")
            if line["days"] < line["of_days"]:
                has(bills.browser, f"{line['days']} of {line['of_days']} days")
        has(bills.browser, "4 quai des Mouleurs")


def case_credit(bills):
    note = bills.client.list("/v1/credit_notes")[0]
    browser = bills.browser.ask(f"/billing/invoices/{note['id']}")
    has(browser, f"Credit note {note['number']}")
    has(browser, "Takes the former quantity back for the days left")
    undone = re.search(r'· <a href="/billing/invoices/(inv_\w+)">', browser.text)[1]
    browser.ask(f"/billing/invoices/{undone}")
    has(browser, "Credited later by")
    has(browser, f'<a href="/billing/invoices/{note["id"]}">{note["number"]}</a>')


def minor(text):
    digits = int(re.sub(r"\D", "", text))
    return -digits if "−" in text else digits


def case_home(bills):
    """Each of the past six months, what was invoiced in it; and the way to what is past due."""
    browser = bills.browser.ask("/")
    months = re.findall(r'<progress [^>]*></progress></div><span class="money">([^<]+)<',
                        browser.text)
    equal(len(months), 6, "months")
    known = bills.documents()
    since = sorted({d["issued_on"][:7] for d in known})[-6:]
    sums = [sum((1 if d["object"] == "invoice" else -1) * d["total"]["amount"]
                for d in known if d["issued_on"].startswith(month)) for month in since]
    equal([minor(month) for month in months], sums, "what was invoiced")
    has(browser, f'href="/billing/accounts/{known[0]["account"]}/pay"')


def case_orders(bills):
    """The history has every order, newest first, with its total and state."""
    browser = bills.browser
    known = bills.client.list("/v1/orders")
    seen, path = [], "/billing/orders"
    while path:
        equal(browser.ask(path).status, 200, path)
        seen += re.findall(r'class="row-link" href="/billing/orders/(ord_\w+)"', browser.text)
        path = bills.link("next")
    equal(seen, ids(known), "all orders")
    browser.ask("/billing/orders?account=acc_none")
    has(browser, "No order here")


def case_compare(bills):
    """Of every invoice: the causes add up to the difference of what is to be paid."""
    compared = 0
    for document in bills.client.list("/v1/invoices"):
        path = f"/billing/invoices/{document['id']}"
        is_offered = f'{path}/compare"' in bills.browser.ask(path).text
        equal(bills.browser.ask(path + "/compare").status, 200, "page")
        text = bills.browser.text
        heads = re.findall(r'<th scope="col" class="num"><a href="/billing/invoices/(\w+)"', text)
        if not heads:
            equal(is_offered, False, "offered without a bill before")
            has(bills.browser, "There is no bill before this one")
            continue
        equal(heads[1], document["id"], "this one on the right")
        before = bills.client.load(f"/v1/invoices/{heads[0]}")
        equal(before["order"], document["order"], "of the same order")
        to_pay = [d["total"]["amount"] - d["credit_used"]["amount"] for d in (before, document)]
        causes = re.findall(r'</span></div><span class="money">([^<]+)</span></li>', text)
        equal(sum(map(minor, causes)), to_pay[1] - to_pay[0], f"{document['number']}: causes")
        if causes:
            said = re.search(r'<strong class="money">([^<]+)</strong></li></ul>', text)[1]
            equal(minor(said), to_pay[1] - to_pay[0], "the difference")
        compared += bool(causes)
    equal(compared >= 3, True, f"{compared} bills with causes")


def case_frozen(bills):
    """A later address does not change what was sent."""
    known = bills.documents()[-1]["id"]
    bills.store.sql("UPDATE account SET line1 = '1 rue Neuve' WHERE line1 LIKE '4 quai%'")
    try:
        has(bills.browser.ask(f"/billing/invoices/{known}"), "4 quai des Mouleurs")
        equal("1 rue Neuve" in bills.browser.text, False, "the new address")
    finally:
        bills.store.sql("UPDATE account SET line1 = '4 quai des Mouleurs'"
                        " WHERE line1 = '1 rue Neuve'")


def credit_of(bills, account):
    return bills.client.load(f"/v1/billing_accounts/{account}/credit_balance")["balance"]["amount"]


def send(bills, path, fields):
    """Sends the form of a pane; without script it is shown with its effect, then confirmed."""
    browser = bills.browser
    token = browser.ask("/roles").csrf()
    browser.ask(path, {**fields, "csrf": token})
    review = re.search(r'name="review" value="([^"]+)"', browser.text)
    if browser.status == 200 and review:
        browser.ask(path, {**fields, "review": review[1], "do": "confirm", "csrf": token})
    return browser


def on_the_page(bills, account, credit):
    """The movements make up the balance; the pane sends 10 euros back. Gives what is left."""
    browser = bills.browser.ask(f"/billing/credit?account={account}")
    moved = re.findall(r'<td class="num"[^>]*><span class="money">([^<]+)</span></td></tr>',
                       browser.text)
    equal(sum(map(minor, moved)), credit, "movements")
    has(browser, f"€{credit / 100:,.2f}</strong>")
    pane = f"/billing/accounts/{account}/refund"
    has(browser, f'href="{pane}"')
    equal(bills.browser.ask(pane).status, 200, "pane")
    for typed, status in (("ten", 422), (f"{credit}", 422), ("0", 422)):
        equal(send(bills, pane, {"amount": typed}).status, status, typed)
    token = browser.ask("/roles").csrf()
    has(browser.ask(pane, {"amount": "10,00", "csrf": token}), "goes back to")
    review = re.search(r'name="review" value="([^"]+)"', browser.text)[1]
    browser.ask(pane, {"amount": "11", "review": review, "do": "confirm", "csrf": token})
    equal((browser.status, credit_of(bills, account)), (200, credit), "another amount is shown")
    equal(send(bills, pane, {"amount": "10"}).status, 303, "sent")
    has(browser.ask(browser.location()), "on its way")
    equal(credit_of(bills, account), credit - 1000, "what is left")
    return credit - 1000


def case_refund(bills):
    """On request: only what came, to where it came from; the preview binds it."""
    held = bills.client.list("/v1/subscriptions")
    yearly = next(s for s in held if s["offer"] == "compliance")
    account = yearly["account"]
    path = f"/v1/billing_accounts/{account}/refund"
    bills.client.send(f"/v1/subscriptions/{yearly['id']}/cancel", {"when": "now"})
    credit = credit_of(bills, account)
    equal(credit > 50000, True, f"{credit} of credit")
    credit = on_the_page(bills, account, credit)
    seen = bills.client.send(path + "?preview=true", {}).body
    equal(seen["refund"]["amount"], credit, "all of it")
    equal(sum(r["amount"]["amount"] for r in seen["refunds"]), credit, "payment by payment")
    brought = {p["payment"]: p["amount"]["amount"] for p in seen["refunds"]}
    equal(credit_of(bills, account), credit, "a preview changes nothing")
    for amount, code, status in (({"amount": credit + 1, "currency": "EUR"},
                                  "refund_not_possible", 422),
                                 ({"amount": 0, "currency": "EUR"}, "invalid", 400),
                                 ({"amount": 5, "currency": "USD"}, "invalid", 400),
                                 ({"amount": 5}, "invalid", 400), ("5", "invalid", 400)):
        answer = bills.client.send(path, {"amount": amount})
        equal((answer.status, answer.code), (status, code), amount)
    part = {"amount": {"amount": 2500, "currency": "EUR"}}
    answer = bills.client.send(path, part, key="refund-1")
    equal((answer.status, answer.body["balance"]["amount"]), (200, credit - 2500), "a part")
    equal([r["state"] for r in answer.body["refunds"]], ["succeeded"], "sent")
    equal(bills.client.send(path, part, key="refund-1").body, answer.body, "asked again")
    late = bills.client.send(path, {"token": seen["token"]})
    equal((late.status, late.code), (409, "quote_changed"), "not what was shown any more")
    seen = bills.client.send(path + "?preview=true", {}).body
    equal(seen["refund"]["amount"], credit - 2500, "the rest")
    answer = bills.client.send(path, {"token": seen["token"]})
    equal((answer.status, answer.body["balance"]["amount"]), (200, 0), "the rest goes back")
    for refund in answer.body["refunds"]:
        equal(refund["payment"] in brought, True, "to where it came from")
    equal(bills.client.send(path, {}).code, "refund_not_possible", "nothing is left")


def method(bills, account, test):
    asked = {"account": account, "kind": "card", "test": test, "label": test}
    return bills.client.send("/v1/payment_methods", asked).body["id"]


def case_pay(bills):
    """Declined, then by way of the bank, to nothing unpaid."""
    unpaid = [d for d in bills.documents() if d["unpaid"]["amount"] > 0]
    account, browser = unpaid[0]["account"], bills.browser
    path = f"/billing/accounts/{account}/pay"
    has(browser.ask(f"/billing/invoices/{unpaid[0]['id']}"), f'href="{path}"')
    equal(browser.ask(path).status, 200, "page")
    said = browser.text
    equal(re.findall(r'<a href="/billing/invoices/(\w+)">', said),
          ids(sorted(unpaid, key=lambda d: (d["issued_on"], d["id"]))), "the oldest first")
    total = sum(d["unpaid"]["amount"] for d in unpaid)
    has(browser, f"€{total // 100}.{total % 100:02}")
    send(bills, path, {"payment_method": method(bills, account, "decline")})
    equal(browser.status, 303, "asked")
    has(browser.ask(browser.location()), "declined: nothing was charged")
    equal({d["id"] for d in bills.documents() if d["unpaid"]["amount"]}, set(ids(unpaid)), "all")
    send(bills, path, {"payment_method": method(bills, account, "authentication")})
    has(browser.ask(browser.location()), "Your bank asks for your approval")
    banks = set(re.findall(r'href="(/billing/payments/pay_\w+/bank)"', browser.text))
    equal(len(banks), len(unpaid), "one for each invoice")
    for bank in banks:
        has(browser.ask(bank), 'name="answer"')
        browser.ask(bank, {"answer": "yes", "csrf": browser.csrf()})
        has(browser.ask(browser.location()), " paid.")
    equal([d["id"] for d in bills.documents() if d["unpaid"]["amount"] > 0], [], "nothing unpaid")
    has(browser.ask(path), "Nothing is unpaid")
    held = bills.client.list("/v1/subscriptions")
    equal([s["offer"] for s in held if s.get("past_due")], [], "nothing past due")


def case_others(bills):
    known = bills.documents()[0]["id"]
    for path in (f"/billing/invoices/{known}",):
        for email, status in ((READER, 200), (MEMBER, 403), (OTHER, 404)):
            browser = Browser(bills.server.address)
            browser.sign_in(email)
            equal(browser.ask(path).status, status, f"{email} {path}")
    stranger = Browser(bills.server.address)
    stranger.sign_in(OTHER)
    theirs = {found for found, _ in ROW.findall(stranger.ask("/billing/invoices?period=all").text)}
    equal(theirs & set(ids(bills.documents())), set(), "nothing of the other's")
    equal(bills.browser.ask("/billing/invoices/inv_none").status, 404, "made up")


CASES = (case_home, case_list, case_filters, case_sort, case_file, case_document, case_credit,
         case_orders, case_compare, case_frozen, case_pay, case_refund, case_others)


def main():
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, people), serving(store) as server:
            bills = Bills(store, server, people[ORGANIZATION]["global"])
            for case in CASES:
                report.case(f"{kind}/{case.__name__[5:]}", lambda c=case: c(bills))
            report.case(f"{kind}/books", lambda s=store: check_books(s))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
