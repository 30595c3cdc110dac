#!/usr/bin/env python3
"""The seller's staff answers support requests of all customers in the browser: the removal that is
shown is the API's, and is what is then done; the customer sees the answer."""
import re
import sys

from pages import GLOBAL, OTHER, READER, SUPPORT, Browser, has
from role_pages import STAFF, main_part

from support.customers import Caller, Report, check_books, demo_store, equal, must, serving
from support.server import store_kinds

ORGANIZATION = "Fonderie Marsault"


class Desk:
    """The customer and the seller's support, each with a browser and a key."""

    def __init__(self, server, people):
        self.server = server
        self.customer = Caller(server.address, people[ORGANIZATION]["global"])
        organizations = Caller(server.address, people["seller"]["support"]).list(
            "/v1/organizations")
        self.id = next(o["id"] for o in organizations if o["name"] == ORGANIZATION)
        self.support = Caller(server.address, people["seller"]["support"], self.id)
        self.browsers = {}

    def browser(self, email):
        if email not in self.browsers:
            browser = self.browsers[email] = Browser(self.server.address)
            equal(browser.sign_in(email).status, 303, email)
            browser.ask("/preferences", {"lang": "en", "csrf": browser.ask("/roles").csrf()})
        return self.browsers[email]

    def addon(self, offer):
        held = self.customer.list("/v1/subscriptions")
        return next(s for s in held if s["offer"] == offer and s["parent"])

    def send(self, email, path, fields):
        browser = self.browser(email)
        return browser.ask(path, {**fields, "csrf": browser.ask("/roles").csrf()})

    def ask_removal(self, offer, message):
        """The customer asks; gives the id of the request."""
        sent = self.send(GLOBAL, "/support/new",
                         {"subscription": self.addon(offer)["id"], "message": message})
        equal(sent.status, 303, "sent")
        return self.customer.load("/v1/support_requests?limit=1")["data"][0]["id"]

    def review(self, request):
        """What the staff's page shows, and its token."""
        browser = self.browser(SUPPORT).ask(f"/seller/support/{request}")
        equal(browser.status, 200, "request")
        return main_part(browser.text), re.search(r'name="review" value="(\w+)"', browser.text)[1]


def euros(minor):
    return f"€{minor // 100:,}.{minor % 100:02d}"


def case_staff_lands_somewhere(desk):
    for role, email in STAFF.items():
        browser = Browser(desk.server.address)
        equal(browser.sign_in(email).location(), "/", role)
        equal(browser.ask("/seller").status, 200, role)
        equal(browser.ask("/").location(), "/seller", role)
        may = role in ("owner", "support")
        equal(browser.ask("/seller/support").status, 200 if may else 403, role)
    for email in (GLOBAL, READER, OTHER):
        for path in ("/seller", "/seller/support", "/seller/support/sup_none"):
            equal(desk.browser(email).ask(path).status, 404, f"{email} {path}")
    equal(desk.browser(SUPPORT).ask("/seller/support/sup_none").status, 404, "none")
    equal(desk.browser(SUPPORT).ask("/support").status, 404, "a customer's page")


def case_removal_as_shown(desk):
    addon = desk.addon("extra-storage")
    request = desk.ask_removal("extra-storage", "We stopped using it.\nPlease remove it.")
    has(desk.browser(GLOBAL).ask(f"/support/{request}"), "Support has not answered yet")
    listed = desk.browser(SUPPORT).ask("/seller/support")
    for text in (ORGANIZATION, "Removal of ", f"/seller/support/{request}", "We stopped using it."):
        has(listed, text)
    shown, token = desk.review(request)
    api = must(desk.support.send(f"/v1/support_requests/{request}/resolve?preview=true",
                                 {"remove": True, "answer": "x"}), 200)
    equal(api["total"]["amount"] < 0, True, "there is something to credit")
    for text in (euros(-api["total"]["amount"]), "Credited today", "Camille Marsault",
                 "Orvane Standard", "Please remove it."):
        if text not in shown:
            raise AssertionError(f"lacks {text}: {shown}")
    credit = desk.customer.load("/v1/credit_notes")["data"]
    path = f"/seller/support/{request}"
    for fields, status in (({"answer": " "}, 422), ({"answer": "Done.", "review": ""}, 409),
                           ({"answer": "Done."}, 409),
                           ({"answer": "Done.", "review": "of-nobody"}, 409)):
        equal(desk.send(SUPPORT, path, {"do": "remove", **fields}).status, status, fields)
    equal(desk.addon("extra-storage")["status"], "active", "nothing yet")
    done = desk.send(SUPPORT, path, {"do": "remove", "answer": "Done.", "review": token})
    equal((done.status, done.location()), (303, path), "removed")
    equal(desk.customer.load(f"/v1/subscriptions/{addon['id']}")["status"], "deleted", "add-on")
    new = [c for c in desk.customer.load("/v1/credit_notes")["data"] if c not in credit]
    equal([c["total"]["amount"] for c in new], [-api["total"]["amount"]], "what was shown")
    page = desk.browser(GLOBAL).ask(f"/support/{request}")
    for text in ("Answered", "Done.", "Support of Atelier Orvane"):
        has(page, text)
    has(desk.browser(SUPPORT).ask(path), "Nadia Lefort")
    if "<form method=\"post\" action=\"/seller" in desk.browser(SUPPORT).text:
        raise AssertionError("still asks")
    equal(desk.send(SUPPORT, path, {"do": "remove", "answer": "Again.", "review": token}).status,
          409, "a second time")
    has(desk.browser(SUPPORT), "answered already")


def case_declined_with_reason(desk):
    request = desk.ask_removal("mail-archive", "Is it needed?")
    path = f"/seller/support/{request}"
    equal(desk.send(SUPPORT, path, {"do": "reply", "reason": ""}).status, 422, "no reason")
    has(desk.browser(SUPPORT), "Write what the customer is to read")
    equal(desk.send(SUPPORT, path, {"do": "reply", "reason": "The law asks for it."}).status, 303,
          "declined")
    page = desk.browser(GLOBAL).ask(f"/support/{request}")
    for text in ("Declined", "The law asks for it."):
        has(page, text)
    equal(desk.addon("mail-archive")["status"], "active", "still there")
    listed = desk.browser(SUPPORT).ask("/seller/support?state=declined")
    has(listed, f"/seller/support/{request}")
    if request in desk.browser(SUPPORT).ask("/seller/support").text:
        raise AssertionError("still among the open ones")
    equal(desk.browser(OTHER).ask(f"/support/{request}").status, 404, "another organisation")


def case_changed_meanwhile(desk):
    request = desk.ask_removal("mail-archive", "Once more.")
    _, token = desk.review(request)
    addon = desk.addon("mail-archive")
    must(desk.customer.send(f"/v1/subscriptions/{addon['id']}", {"quantity": addon["quantity"] + 1},
                            method="PATCH"), 200)
    path = f"/seller/support/{request}"
    answer = {"do": "remove", "answer": "Kept words.", "review": token}
    equal(desk.send(SUPPORT, path, answer).status, 409, "another removal than the one shown")
    has(desk.browser(SUPPORT), "Kept words.")
    equal(desk.addon("mail-archive")["status"], "active", "still there")
    answer["review"] = re.search(r'name="review" value="(\w+)"', desk.browser(SUPPORT).text)[1]
    equal(desk.send(SUPPORT, path, answer).status, 303, "as shown now")


def case_questions(desk):
    equal(desk.send(GLOBAL, "/support/new", {"message": "Which plan?"}).status, 303, "asked")
    request = desk.customer.load("/v1/support_requests?limit=1")["data"][0]["id"]
    page = desk.browser(SUPPORT).ask(f"/seller/support/{request}")
    if 'value="remove"' in page.text:
        raise AssertionError("nothing to remove")
    path = f"/seller/support/{request}"
    equal(desk.send(SUPPORT, path, {"do": "remove", "answer": "x", "review": "y"}).status, 400,
          "no removal")
    equal(desk.send(SUPPORT, path, {"do": "reply", "reason": "Standard."}).status, 303, "answered")
    has(desk.browser(GLOBAL).ask("/support"), "Standard.")
    for email, status in ((STAFF["auditor"], 403), (STAFF["catalog_manager"], 403), (GLOBAL, 404)):
        for fields in ({"do": "reply", "reason": "x"}, {"do": "remove", "answer": "x"}):
            equal(desk.send(email, path, fields).status, status, email)


def case_asked_with_a_key(desk):
    """It is known whose key it was, and the answer offered is in their language."""
    base = next(s for s in desk.customer.list("/v1/subscriptions") if s["offer"] == "standard")
    line = {"offer": "access-approval", "quantity": 1, "connect_to": base["id"]}
    must(desk.customer.send("/v1/orders", {"account": base["account"], "lines": [line]}), 201)
    addon = desk.addon("access-approval")
    asked = must(desk.customer.send("/v1/support_requests", {
        "kind": "remove_addon", "subscription": addon["id"], "message": "By program."}), 201)
    page = desk.browser(SUPPORT).ask(f"/seller/support/{asked['id']}")
    has(page, "Camille Marsault, camille.marsault@")
    has(desk.browser(GLOBAL).ask(f"/support/{asked['id']}"), "Camille Marsault")
    shown, token = desk.review(asked["id"])
    answer = re.search(r'<textarea[^>]* name="answer"[^>]*>([^<]*)<', shown)[1]
    equal(desk.send(SUPPORT, f"/seller/support/{asked['id']}",
                    {"do": "remove", "answer": answer, "review": token}).status, 303, "removed")
    has(desk.browser(GLOBAL).ask(f"/support/{asked['id']}"), answer)


def case_paragraphs_and_preview(desk):
    """A program may write in paragraphs, as a page does; an answer alone has its preview too."""
    lines = "First line.\r\n\r\nSecond paragraph."
    asked = must(desk.customer.send("/v1/support_requests", {"kind": "other", "message": lines}),
                 201)
    equal(asked["message"], lines, "as it was written")
    for wrong in ("a\u001bb", "a\tb", "a\u0085b", "x" * 2001):
        answer = desk.customer.send("/v1/support_requests", {"kind": "other", "message": wrong})
        equal((answer.status, answer.body["param"]), (400, "/message"), repr(wrong[:9]))
    staff = desk.support
    path = f"/v1/support_requests/{asked['id']}/resolve"
    body = {"remove": False, "answer": "One.\nTwo."}
    shown = must(staff.send(path + "?preview=true", body), 200)
    equal((shown["preview"], shown["state"], shown["answer"]), (True, "resolved", "One.\nTwo."),
          "shown")
    equal(staff.load(f"/v1/support_requests/{asked['id']}")["state"], "open", "not done")
    must(staff.send(path, {**body, "answer": "Other.", "token": shown["token"]}), 404, 409)
    done = must(staff.send(path, {**body, "token": shown["token"]}), 200)
    equal(done["state"], "resolved", "done")


def case_pages_of_the_list(desk):
    for number in range(21):
        must(desk.customer.send("/v1/support_requests",
                                {"kind": "other", "message": f"Question {number}"}), 201)
    browser = desk.browser(SUPPORT).ask("/seller/support")
    first = re.findall(r'row-link" href="([^"]+)"', browser.text)
    browser.ask(re.search(r'rel="next" href="([^"]+)"', browser.text)[1])
    second = re.findall(r'row-link" href="([^"]+)"', browser.text)
    equal((len(first), len(second) > 0, set(first) & set(second)), (20, True, set()), "two pages")
    equal(first + second, sorted(first + second), "the longest waiting first")
    if 'rel="next"' in browser.text:
        raise AssertionError("a third page")


def case_in_french(desk):
    browser = desk.browser(SUPPORT)
    browser.ask("/preferences", {"lang": "fr", "csrf": browser.ask("/seller").csrf()})
    has(browser.ask("/seller/support"), "Demandes au support technique de tous les clients")
    browser.ask("/preferences", {"lang": "en", "csrf": browser.csrf()})


CASES = (case_staff_lands_somewhere, case_removal_as_shown, case_declined_with_reason,
         case_changed_meanwhile, case_questions, case_asked_with_a_key, case_paragraphs_and_preview,
         case_pages_of_the_list, case_in_french)


def main():
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, people):
            with serving(store) as server:
                desk = Desk(server, people)
                for case in CASES:
                    report.case(f"{kind}/{case.__name__[5:]}", lambda c=case: c(desk))
            report.case(f"{kind}/books", lambda: check_books(store))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
