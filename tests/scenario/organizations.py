#!/usr/bin/env python3
"""Who belongs to several organisations chooses one, and sees nothing of the others meanwhile; and
the language of pages before anybody has signed in."""
import re
import sys

from pages import GLOBAL, OTHER, SUPPORT, Browser, has

from support.customers import Report, demo_store, equal, serving
from support.server import store_kinds

CLAIRE = "claire.vasseur@cabinet-vasseur.example"
FIRST, SECOND = "Fonderie Marsault", "Lindenhof Gerätebau GmbH"


def choices(browser, path="/choose-organization"):
    text = browser.ask(path).text
    found = re.findall(r'name="organization" value="(\w+)"><span>([^<]+)</span><small>([^<]*)',
                       text)
    return {name: (person, roles) for person, name, roles in found}


def choose(browser, person, after="/"):
    path = "/choose-organization?next=" + after
    token = browser.ask(path).csrf()
    return browser.ask(path, {"organization": person, "csrf": token})


def case_chooses(server):
    browser = Browser(server.address)
    browser.sign_in(CLAIRE, after="/billing/products?status=active")
    equal(browser.location(), "/choose-organization?next=/billing/products%3Fstatus%3Dactive",
          "is asked")
    asked = browser.location()
    cookie = browser.headers["Set-Cookie"].split(";")[0]
    offered = choices(browser, asked)
    equal(sorted(offered), [FIRST, SECOND], "what is offered")
    for _, roles in offered.values():
        if roles not in ("Global reader", "Lecteur général"):
            raise AssertionError(f"roles {roles}")
    for name in (SECOND, FIRST, FIRST, SECOND):
        choose(browser, offered[name][0], "/billing/products")
        equal((browser.status, browser.location()), (303, "/billing/products"), name)
        has(browser.ask("/"), f"<small>{name}</small>")
        has(browser, 'href="/choose-organization"')
        rows = re.findall(r'row-link" href="([^"]+)"', browser.ask("/billing/products").text)
        other = next(n for n in offered if n != name)
        choose(browser, offered[other][0])
        equal(browser.ask(rows[0]).status, 404, f"{name}'s product at {other}")
        choose(browser, offered[name][0])
        equal(browser.ask(rows[0]).status, 200, f"{name}'s product")
    stale = Browser(server.address)
    equal(stale.ask("/billing/products", Cookie=cookie).status, 303, "the first session has ended")


def case_only_ones_own(server):
    claire, other = Browser(server.address), Browser(server.address)
    claire.sign_in(CLAIRE)
    other.sign_in(OTHER)
    theirs = [person for person, _ in choices(claire).values()]
    equal(list(choices(other)), ["Harlan Poole Surveying"], "of one")
    if 'href="/choose-organization"' in other.ask("/").text:
        raise AssertionError("nothing to change")
    for person in (*theirs, "usr_none", ""):
        equal(choose(other, person).status, 404, person)
    has(other.ask("/"), "Harlan Poole Surveying")
    equal(choose(claire, theirs[0], "//evil.example/").location(), "/", "never elsewhere")
    equal(claire.ask("/choose-organization", {"organization": theirs[1]}).status, 403, "no token")
    equal(Browser(server.address).ask("/choose-organization").status, 303, "signs in first")
    staff = Browser(server.address)
    staff.sign_in(SUPPORT)
    equal(list(choices(staff)), ["Atelier Orvane"], "staff")


def case_language_before_signing_in(server):
    browser = Browser(server.address, "en-GB,en;q=0.9")
    has(browser.ask("/sign-in"), 'lang="en"')
    equal(browser.ask("/preferences", {"lang": "fr", "back": "/sign-in"}).status, 303, "chosen")
    has(browser.ask("/sign-in"), 'lang="fr"')
    equal(browser.ask("/no/such/page").status, 404, "an error too")
    has(browser, 'lang="fr"')
    equal(browser.sign_in(OTHER, "wrong").status, 422, "a form that is refused too")
    has(browser, 'lang="fr"')
    browser.sign_in(OTHER)
    has(browser.ask("/"), 'lang="en"')  # which is hers
    browser = Browser(server.address, "fr")
    browser.ask("/sign-in", None, Cookie="annex_lang=de")
    has(browser, 'lang="fr"')
    browser.ask("/sign-in", None, Cookie="a=b; annex_lang=en; c=d")
    has(browser, 'lang="en"')
    has(Browser(server.address, "en").ask("/sign-in", None, Cookie="annex_lang=<script>"),
        'lang="en"')
    browser.sign_in(GLOBAL)
    has(browser.ask("/", None), 'lang="fr"')


CASES = (case_chooses, case_only_ones_own, case_language_before_signing_in)


def main():
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, _), serving(store) as server:
            for case in CASES:
                report.case(f"{kind}/{case.__name__[5:]}", lambda c=case: c(server))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
