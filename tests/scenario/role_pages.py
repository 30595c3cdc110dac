#!/usr/bin/env python3
"""Roles and pages (rules §8): who may open which page and send which form, what is shown of it,
that whatever a page offers is not refused, and that what it does not offer says whom to ask."""
import re
import sys

from pages import GLOBAL, MEMBER, OTHER, READER, Browser, has

from support.customers import Report, check_books, demo_store, equal, serving
from support.server import store_kinds

AT = "@fonderie-marsault.example"
PEOPLE = {
    "global": GLOBAL, "billing": "hugo.perrin" + AT, "license": "ines.delattre" + AT,
    "user": "karim.benali" + AT, "reader": READER, "member": MEMBER,
}
STAFF = {
    "owner": "solene.kerbrat@orvane.example", "catalog_manager": "mathis.aubry@orvane.example",
    "support": "nadia.lefort@orvane.example", "auditor": "guillaume.sorel@orvane.example",
}
ROLES = list(PEOPLE)
EVERYBODY, VIEWERS, COUNTERS, BUYERS = ROLES, ["global", "billing", "reader"], ROLES[:5], ROLES[:2]
ASSIGNERS = ["global", "license", "user"]

# A page, and who opens it; {base} is a subscription with the add-on {addon}. All others: 403.
PAGES = [
    ("/", EVERYBODY), ("/roles", EVERYBODY),
    ("/billing/products", COUNTERS), ("/billing/products?format=csv", COUNTERS),
    ("/billing/products/{base}", COUNTERS), ("/billing/products/{addon}", COUNTERS),
    ("/billing/purchase", VIEWERS), ("/billing/purchase?for={base}", VIEWERS),
    ("/billing/purchase/unavailable", VIEWERS), ("/billing/purchase/basic", VIEWERS),
    ("/billing/orders/{order}", VIEWERS), ("/billing/orders/{order}/bank", BUYERS),
    ("/billing/checkout/{cart}", BUYERS), ("/billing/checkout/{cart}/method", BUYERS),
    ("/billing/products/{base}/addons", BUYERS), ("/billing/products/{base}/licenses", BUYERS),
    ("/billing/products/{base}/recurring", BUYERS), ("/billing/products/{base}/cancel", BUYERS),
    ("/billing/invoices", VIEWERS), ("/billing/invoices?format=csv", VIEWERS),
    ("/billing/credit", VIEWERS), ("/billing/accounts/{account}/refund", BUYERS),
    ("/billing/accounts", VIEWERS), ("/billing/accounts/{account}", VIEWERS),
    ("/billing/accounts/{account}/edit", BUYERS),
    ("/billing/orders", VIEWERS), ("/billing/accounts/{account}/pay", BUYERS),
    ("/billing/accounts/{account}/pay/method", BUYERS),
    ("/billing/invoices/{invoice}", VIEWERS), ("/billing/invoices/{invoice}/compare", VIEWERS),
    ("/billing/products/{base}/reactivate", BUYERS), ("/billing/products/{base}/plan", BUYERS),
    ("/billing/products/{base}/frequency", ["global"]),
    ("/billing/products/{base}/method", BUYERS), ("/billing/products/{base}/method/new", BUYERS),
    ("/billing/products/{base}/trial", BUYERS), ("/billing/products/{base}/extend", BUYERS),
    ("/billing/products/{base}/delete", BUYERS),
    ("/billing/licenses", COUNTERS), ("/billing/licenses/{base}", COUNTERS),
    ("/billing/licenses/{base}/assign", ASSIGNERS),
    ("/billing/licenses/{base}/unassign", ASSIGNERS), ("/billing/storage", COUNTERS),
    ("/users", ASSIGNERS), ("/users/{person}", ASSIGNERS), ("/licenses", EVERYBODY),
    ("/support", VIEWERS), ("/support/new", BUYERS),
]
# A form, and who may send it: those for whom it is not refused. None of these changes anything.
FORMS = [
    ("/billing/purchase/basic", {"quantity": "no number"}, BUYERS),
    ("/billing/checkout/{cart}", {"do": "update"}, BUYERS),
    ("/billing/checkout/{cart}/method", {"kind": "card", "number": "1"}, BUYERS),
    ("/billing/accounts/{account}/edit", {"vat_id": "FR1"}, BUYERS),
    ("/billing/products/{base}/addons", {"quantity": "no number"}, BUYERS),
    ("/billing/products/{base}/licenses", {"quantity": "no number"}, BUYERS),
    ("/billing/products/{base}/recurring", {"on": "yes"}, BUYERS),
    ("/billing/products/{base}/cancel", {"when": "now"}, BUYERS),
    ("/billing/products/{base}/reactivate", {"do": "save"}, BUYERS),
    ("/billing/products/{base}/plan", {"do": "save"}, BUYERS),
    ("/billing/products/{base}/frequency", {"do": "save"}, ["global"]),
    ("/billing/products/{base}/method", {"payment_method": "pmt_none"}, BUYERS),
    ("/billing/products/{base}/method/new", {"kind": "card", "number": "1"}, BUYERS),
    ("/billing/products/{base}/trial", {"quantity": "no number"}, BUYERS),
    ("/billing/products/{base}/extend", {"do": "save"}, BUYERS),
    ("/billing/products/{base}/delete", {"do": "save"}, BUYERS),
    ("/billing/products/{base}/scheduled/sch_none", {}, BUYERS),
    ("/billing/licenses/{base}/assign", {"do": "search"}, ASSIGNERS),
    ("/billing/licenses/{base}/unassign", {"do": "save"}, ASSIGNERS),
    ("/users/{person}", {"do": "save"}, ASSIGNERS),
    ("/billing/accounts/{account}/refund", {"amount": "none"}, BUYERS),
    ("/billing/accounts/{account}/pay", {"payment_method": "pmt_none"}, BUYERS),
    ("/billing/accounts/{account}/pay/method", {"kind": "card", "number": "1"}, BUYERS),
    ("/support/new", {"message": " "}, BUYERS),
]


# What the page of an active subscription leads to.
PANES = ["addons", "cancel", "frequency", "licenses", "method", "plan", "recurring"]


def main_part(text):
    return re.search(r"<main.*</main>", text, re.DOTALL)[0]


class World:
    """Every person's browser, signed in, and addresses of the demonstration."""

    def __init__(self, server):
        self.server = server
        self.browsers = {}
        for role, email in {**PEOPLE, **STAFF, "stranger": OTHER}.items():
            self.browsers[role] = Browser(server.address)
            equal(self.browsers[role].sign_in(email).status, 303, role)
        browser = self.browsers["global"]
        browser.ask("/billing/products?q=standard")
        base = re.search(r'class="row-link" href="/billing/products/(\w+)"', browser.text)[1]
        browser.ask(f"/billing/products/{base}")
        addon = re.search(r'class="row-link" href="/billing/products/(\w+)"', browser.text)[1]
        self.ids = {"base": base, "addon": addon, "cart": self.cart(browser)}
        browser.ask("/users?q=perrin")
        self.ids["person"] = re.search(r"usr_\w+", browser.text)[0]
        browser.ask("/users?q=garnier")
        self.ids["holder"] = re.search(r"usr_\w+", browser.text)[0]
        browser.ask("/v1/orders?limit=1")
        self.ids["order"] = re.search(r"ord_\w+", browser.text)[0]
        browser.ask("/v1/billing_accounts?limit=1")
        self.ids["account"] = re.search(r"acc_\w+", browser.text)[0]
        browser.ask("/v1/invoices?limit=1")
        self.ids["invoice"] = re.search(r"inv_\w+", browser.text)[0]

    @staticmethod
    def cart(browser):
        path = "/billing/purchase/basic"
        browser.ask(path)
        plan = re.search(r'name="plan" value="([^"]+)"', browser.text)[1]
        browser.ask(path, {"plan": plan, "quantity": "1", "csrf": browser.csrf()})
        return re.search(r"crt_\w+", browser.location())[0]

    def ask(self, role, path, fields=None):
        browser = self.browsers[role]
        if fields is not None:
            fields = {**fields, "csrf": browser.ask("/roles").csrf()}
        return browser.ask(path.format(**self.ids), fields)


def refused(browser, what):
    """A page that says what it is, whom to ask, and where that is written."""
    equal(browser.status, 403, what)
    if not re.search(r"(Your role does not include this|is not part of your role|"
                     r"Votre rôle ne le permet pas|ne fait pas partie de votre rôle)",
                     browser.text):
        raise AssertionError(f"{what}: no reason: {main_part(browser.text)}")
    if not re.search(r"Ask an? |une? .* de votre organisation peut le faire", browser.text):
        raise AssertionError(f"{what}: nobody to ask: {main_part(browser.text)}")
    has(browser, 'href="/roles"')


def case_who_opens_what(world):
    for path, openers in PAGES:
        for role in ROLES:
            browser = world.ask(role, path)
            if role not in openers:
                refused(browser, f"{role} {path}")
            elif path.endswith("/bank") and browser.status == 404:
                pass  # this order waits for no bank
            elif browser.status not in (200, 303, 409, 422):
                raise AssertionError(f"{role} {path}: {browser.status}")


def case_who_sends_what(world):
    before = {path: world.ask("global", path).text for path in ("/support",)}
    for path, fields, senders in FORMS:
        for role in ROLES:
            browser = world.ask(role, path, fields)
            if role not in senders:
                refused(browser, f"{role} sends {path}")
            elif browser.status in (403, 404) or browser.status >= 500:
                raise AssertionError(f"{role} sends {path}: {browser.status}")
    for path, text in before.items():
        equal(main_part(world.ask("global", path).text), main_part(text), path)


def case_what_is_offered_opens(world):
    """From the home page on, by every link, nobody is refused."""
    for role in ROLES + list(STAFF):
        todo, seen = ["/"], set()
        while todo:
            path = todo.pop()
            browser = world.browsers[role].ask(path)
            if browser.status not in (200, 303, 409):
                raise AssertionError(f"{role} is offered {path}: {browser.status}")
            links = re.findall(r'<a [^>]*href="(/[^"]*)"', browser.text)
            links += [browser.location()] if browser.status == 303 else []
            forms = re.findall(r'<form [^>]*method="post" action="(/[^"]*)"', browser.text)
            token = browser.csrf()
            for action in set(forms) - {"/sign-out"}:  # without what they need to do anything
                if browser.ask(action, {"csrf": token}).status == 403:
                    raise AssertionError(f"{role} is offered the form of {action} on {path}")
            for link in links:
                shape = re.sub(r"[a-z]{3}_\w{26}|purchase/[\w-]+|\?.*", "*", link)
                if shape not in seen:
                    seen.add(shape)
                    todo.append(link)
        if len(seen) < (2 if role == "member" else 3):
            raise AssertionError(f"{role} sees only {seen}")


def case_off_with_reason(world):
    panes_of = {"global": PANES, "billing": [one for one in PANES if one != "frequency"]}
    for role, wanted in (("reader", 7), ("license", 1), ("global", 0), ("billing", 1)):
        text = main_part(world.ask(role, "/billing/products/{base}").text)
        panes = re.findall(r'href="/billing/products/\w+/(\w+)"', text)
        off = re.findall(r'aria-disabled="true">([^<]+)</span><span class="off-why">(.*?)</span>',
                         text)
        equal(sorted(panes), panes_of.get(role, []), role)
        if len(off) < wanted:
            raise AssertionError(f"{role}: {off}")
        for label, why in off:
            if 'href="/roles"' not in why or "administra" not in why:
                raise AssertionError(f"{role}: {label}: {why}")
    for role, path in (("license", "/billing/products"), ("reader", "/support"),
                       ("reader", "/billing/purchase/basic")):
        has(world.ask(role, path), 'aria-disabled="true"')
        has(world.browsers[role], 'class="off-why"')


def case_counts_only(world):
    """Licence and user administrators see numbers of licences, and no money (rules §8)."""
    for role in ("license", "user"):
        for path in ("/billing/products", "/billing/products/{base}", "/billing/products/{addon}",
                     "/billing/products?columns=price&columns=account&sort=date",
                     "/billing/products?format=csv"):
            text = world.ask(role, path).text
            text = main_part(text) if "<main" in text else text
            for secret in ("€", "525", "Renews", "renouvelle", "4242", "/billing/orders/"):
                if secret in text:
                    raise AssertionError(f"{role} {path} shows {secret}: {text}")
        has(world.ask(role, "/billing/products/{base}"), "42")
    has(world.ask("reader", "/billing/products/{base}"), "525")


def case_other_organizations(world):
    """Another organisation's addresses answer as those that do not exist."""
    nobody = {"base": "sub_none", "addon": "sub_none", "cart": "crt_none", "order": "ord_none",
              "invoice": "inv_none", "account": "acc_none", "person": "usr_none"}
    for path, _ in PAGES:
        if "{" not in path:
            continue
        browser = world.ask("stranger", path)
        theirs = browser.status, re.sub(r"/billing/\S*|/sign-in\S*", "", main_part(browser.text))
        equal(browser.status, 404, path)
        browser = world.browsers["stranger"].ask(path.format(**nobody))
        nobodys = browser.status, re.sub(r"/billing/\S*|/sign-in\S*", "", main_part(browser.text))
        equal(theirs, nobodys, path)


def case_roles_page(world):
    """The page agrees with the doors, for what it says of buying and of support."""
    for role in ("owner", "global"):
        for language in ("en", "fr"):
            token = world.ask(role, "/roles").csrf()
            world.browsers[role].ask("/preferences", {"lang": language, "csrf": token})
            found = re.findall(r">((?:permission|roles?)\.\w+)<", world.ask(role, "/roles").text)
            equal(found, [], f"without words for {role} in {language}")
    agreement = Browser(world.server.address)
    agreement.sign_in("anke.lindenhof@lindenhof-geraetebau.example")
    for browser, tables in ((agreement, ["organization", "agreement"]),
                            (world.browsers["member"], ["organization"]),
                            (world.browsers["support"], ["seller"])):
        found = re.findall(r'<section class="card" aria-labelledby="(\w+)">.{,150}?<table',
                           browser.ask("/roles").text, re.DOTALL)
        equal([name for name in found if name != "own"], tables, "tables")
    text = main_part(world.ask("member", "/roles").text)
    rows = re.findall(r"<tr><th scope=\"row\">([^<]+)</th>(.*?)</tr>", text)
    equal(len(rows) > 8, True, "rows")
    table = {name: [word == "Yes" or word == "Oui" for word in
                    re.findall(r'visually-hidden">(\w+)<', cells)] for name, cells in rows}
    buying = next(v for k, v in table.items() if k.startswith(("Buy", "Acheter")))
    equal(buying, [role in BUYERS for role in ROLES], "buying")
    asking = next(v for k, v in table.items() if k in ("Ask support", "Contacter le support "
                                                       "technique"))
    equal(asking, [role in BUYERS for role in ROLES], "asking")


CASES = (case_who_opens_what, case_who_sends_what, case_what_is_offered_opens,
         case_off_with_reason, case_counts_only, case_other_organizations, case_roles_page)


def main():
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, _):
            with serving(store) as server:
                world = World(server)
                for case in CASES:
                    report.case(f"{kind}/{case.__name__[5:]}", lambda c=case: c(world))
            report.case(f"{kind}/books", lambda: check_books(store))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
