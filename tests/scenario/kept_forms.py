#!/usr/bin/env python3
"""Nothing typed is lost when the session ends: whoever signs in again finds it in the form, on
every page that has one; nobody else does, and secrets are not kept."""
import re
import sqlite3
import sys
import urllib.parse

from pages import GLOBAL, OTHER, PASSWORD, SUPPORT, Browser, has
from role_pages import World
from seller_support import Desk

from support.customers import Report, demo_store, equal, serving
from support.server import store_kinds

HUGO = "hugo.perrin@fonderie-marsault.example"
CARD = "4242424242424242"


def typed(name, value):
    return f'name="{name}" value="{value}"'


# An address, what is sent, what stands in the form afterwards.
FORMS = [
    ("/billing/purchase/basic", {"plan": "P1Y/yearly", "quantity": "7"},
     [typed("quantity", 7), 'value="P1Y/yearly" checked']),
    ("/billing/accounts/{account}/edit", {"name": "Kept & Sons", "vat_id": "FR 1"},
     ['value="Kept & Sons"', 'value="FR 1"']),
    ("/billing/checkout/{cart}", {"do": "place", "quantity-0": "9", "po_number": "PO-é&=+ 7",
                                  "review": "stale"},
     ['name="quantity-0" value="9"', 'name="po_number" value="PO-é&=+ 7"']),
    ("/billing/checkout/{cart}/method", {"do": "save", "kind": "card", "number": CARD,
                                         "po_number": "PO-8"},
     [typed("po_number", "PO-8"), 'value="card" checked', typed("number", "")]),
    ("/billing/products/{base}/addons", {"do": "save", "addon": "{addon}", "quantity": "123"},
     [typed("quantity", 123), 'value="{addon}" selected']),
    ("/billing/products/{base}/licenses", {"do": "confirm", "quantity": "44", "review": "stale"},
     [typed("quantity", 44)]),
    ("/billing/products/{base}/recurring", {"do": "save", "on": "no"}, ['value="no" checked']),
    ("/billing/products/{base}/cancel", {"do": "save", "when": "end"}, ['value="end" checked']),
    ("/billing/products/{base}/cancel", {"do": "save", "reason": "cost",
                                         "feedback": "Too dear.\r\nBye."},
     ['value="cost" selected', "Too dear.\r\nBye."]),
    ("/billing/products/{base}/frequency", {"do": "save", "plan": "standard_P1Y_yearly",
                                            "when": "renewal"},
     ['value="standard_P1Y_yearly" checked', 'value="renewal" checked']),
    ("/billing/products/{base}/plan", {"do": "save", "plan": "basic_P1M_monthly"},
     ['value="basic_P1M_monthly" checked']),
    ("/billing/products/{base}/method/new", {"do": "save", "kind": "transfer", "number": CARD},
     ['value="transfer" checked', typed("number", "")]),
    ("/billing/licenses/{base}/assign", {"do": "save", "user": "{person}", "q": "perrin"},
     ['value="{person}" aria-describedby="person-0-detail" checked', typed("q", "perrin")]),
    ("/billing/licenses/{base}/unassign", {"do": "save", "user": "{holder}"}, ["Louise Garnier"]),
    ("/billing/accounts/{account}/pay/method", {"do": "save", "kind": "transfer", "number": CARD},
     ['value="transfer" checked', typed("number", "")]),
    ("/users/{person}", {"do": "save", "license": "{base}"}, ['value="{base}"', "checked"]),
    ("/support/new", {"do": "save", "subscription": "{addon}", "message": "Line one.\r\nLine two."},
     ["Line one.\r\nLine two.", typed("subscription", "{addon}")]),
]


class Late:
    """Sends a form with the cookie of a session that has ended."""

    def __init__(self, server, email):
        self.server, self.email = server, email

    def send(self, path, fields):
        """The browser, turned away, and where it wanted to go."""
        person = Browser(self.server.address)
        person.sign_in(self.email)
        cookie = person.headers["Set-Cookie"].split(";")[0]
        token = person.ask("/roles").csrf()
        equal(person.ask("/sign-out", {"csrf": token}).status, 303, "out")
        person.ask(path, {**fields, "csrf": token}, Cookie=cookie)
        equal(person.status, 303, f"{path}: signs in first")
        return person, urllib.parse.unquote(person.location().split("next=", 1)[1])


def case_every_form(server):
    world = World(server)
    late = Late(server, GLOBAL)
    done = world.ask("global", "/users/{holder}", {"do": "save", "license": world.ids["base"]})
    equal(done.status, 303, "a holder")
    for path, fields, wanted in FORMS:
        path = path.format(**world.ids)
        fields = {k: v.format(**world.ids) if "{" in v else v for k, v in fields.items()}
        person, back = late.send(path, fields)
        if not back.startswith(path + "?kept="):
            raise AssertionError(f"{path}: back to {back}")
        person.sign_in(GLOBAL, after=back)
        equal(person.location(), back, "after signing in")
        person.ask(back)
        equal(person.status, 200, path)
        for text in wanted:
            has(person, text.format(**world.ids) if "{" in text else text)
        has(person, "Votre saisie est de nouveau là")
        for secret in (CARD, '"stale"'):
            if secret in person.text:
                raise AssertionError(f"{path} has {secret}")
        for email in (HUGO, OTHER):
            other = Browser(server.address)
            other.sign_in(email)
            text = other.ask(back).text
            if "Votre saisie" in text or "What you typed" in text:
                raise AssertionError(f"{path}: {email} sees it")


def case_only_looked_at(server):
    """What is shown again has changed nothing, and its page saves it as any other would."""
    world = World(server)
    path = "/billing/checkout/{cart}".format(**world.ids)
    person, back = Late(server, GLOBAL).send(path, {"do": "place", "quantity-0": "9"})
    person.sign_in(GLOBAL, after=back)
    has(person.ask(back), 'name="quantity-0" value="9"')
    token = person.csrf()
    has(person.ask(path), 'name="quantity-0" value="1"')
    person.ask(path, {"do": "update", "quantity-0": "9", "csrf": token})
    has(person.ask(path), 'name="quantity-0" value="9"')


def case_of_staff(server, people):
    desk = Desk(server, people)
    path = f"/seller/support/{desk.ask_removal('mail-archive', 'Why?')}"
    for what, field in (("reply", "reason"), ("remove", "answer")):
        person, back = Late(server, SUPPORT).send(path, {"do": what, field: "Half a sentence"})
        person.sign_in(SUPPORT, after=back)
        person.ask(back)
        found = re.search(rf'<textarea[^>]* id="{field}"[^>]*>([^<]*)<', person.text)
        equal(found[1], "Half a sentence", what)
    equal(desk.addon("mail-archive")["status"], "active", "nothing was done")


def case_no_page_to_go_back_to(server):
    _, back = Late(server, GLOBAL).send("/billing/orders/ord_none/bank", {"answer": "yes"})
    equal(back, "/billing/orders/ord_none/bank", "without anything kept")


def case_nothing_secret_is_stored(store):
    if store.kind != "sqlite":
        return
    rows = sqlite3.connect(store.where).execute("SELECT body FROM kept_form").fetchall()
    equal(len(rows) > len(FORMS), True, "kept")
    for (body,) in rows:
        for secret in (CARD, PASSWORD, "csrf", "stale", "number=4"):
            if secret in body:
                raise AssertionError(f"kept {body}")


def main():
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, people):
            with serving(store) as server:
                for case in (case_every_form, case_only_looked_at, case_no_page_to_go_back_to):
                    report.case(f"{kind}/{case.__name__[5:]}", lambda c=case: c(server))
                report.case(f"{kind}/of_staff", lambda: case_of_staff(server, people))
            report.case(f"{kind}/nothing_secret_is_stored",
                        lambda: case_nothing_secret_is_stored(store))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
