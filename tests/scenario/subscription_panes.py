#!/usr/bin/env python3
"""The panes of a subscription, without JavaScript: what each shows first, what it does when that is
confirmed, what it refuses and which way out it names (screens, page 2; rules §3.6, §4, §7)."""
import json
import re
import sys
import time

from pages import GLOBAL, Browser, has

from support.customers import Report, check_books, demo_store, equal, must, serving
from support.server import Client, store_kinds

HUGO = "hugo.perrin@fonderie-marsault.example"
ANKE = "anke.lindenhof@lindenhof-geraetebau.example"
DAY_MS = 24 * 3600 * 1000


class Desk:
    """One person's browser and key, in English."""

    def __init__(self, server, people, organization, email):
        self.store = server.store
        self.client = Client(server.address, people[organization]["global"])
        self.browser = Browser(server.address)
        self.browser.sign_in(email)
        token = self.browser.ask("/roles").csrf()
        self.browser.ask("/preferences", {"lang": "en", "csrf": token})

    def held(self, offer):
        found = [one for one in self.client.get("/v1/subscriptions?limit=100").body["data"]
                 if one["offer"] == offer and one["status"] != "deleted"]
        return found[-1]  # the demonstration's own

    def buy(self, offer, quantity=1, **more):
        account = self.held("standard")["account"]
        line = {"offer": offer, "quantity": quantity, "term": "P1M", "billing": "monthly", **more}
        made = must(self.client.post("/v1/orders", {"account": account, "lines": [line]}), 201)
        return made["lines"][0]["subscription"]

    def show(self, subscription, pane):
        return self.browser.ask(f"/billing/products/{subscription}/{pane}")

    def send(self, subscription, pane, **fields):
        token = self.browser.ask("/roles").csrf()
        return self.browser.ask(f"/billing/products/{subscription}/{pane}",
                                {"do": "save", **fields, "csrf": token})

    def confirm(self, subscription, pane, **fields):
        """Save shows it, Confirm does it."""
        shown = self.send(subscription, pane, **fields)
        equal((shown.status, ">Confirm<" in shown.text), (200, True), f"{pane} is shown")
        review = re.search(r'name="review" value="(\w+)"', shown.text)[1]
        text = shown.text
        done = self.send(subscription, pane, **{**fields, "do": "confirm", "review": review})
        equal(done.status, 303, f"{pane} is done: {done.text[:900]}")
        again = self.send(subscription, pane, **{**fields, "do": "confirm", "review": review})
        equal(again.status in (200, 422), True, "and not twice")
        return text

    def details(self, subscription):
        return self.browser.ask(f"/billing/products/{subscription}").text

    def back_to(self, offer, days):
        """The clock of the organisation goes on by so many days."""
        at = int(time.time() * 1000) + days * DAY_MS
        who = self.held(offer)["id"]
        self.store.sql(f"UPDATE organization SET clock_at = {at} WHERE id = (SELECT customer FROM"
                       f" subscription WHERE id = '{who}')")


def case_frequency(desk):
    base = desk.held("standard")["id"]
    text = desk.send(base, "frequency", plan="standard_P1Y_monthly").text
    for name in ("Orvane Standard", "Extra storage", "Mail archive", "€441.00", "€18.50"):
        has(desk.browser, name)
    equal(text.count("<li><strong>"), 6, "three before, three after")
    has(desk.browser, "At the renewal on")
    desk.show(base, "frequency?plan=standard_P1Y_monthly&when=renewal")
    has(desk.browser, "€0.00")
    sold = desk.buy("files", 2)
    addon = must(desk.client.post("/v1/orders", {
        "account": desk.held("standard")["account"],
        "lines": [{"offer": "offline-sync", "quantity": 1, "connect_to": sold}]}), 201)
    equal(addon["state"], "completed", "connected")
    desk.confirm(sold, "frequency", plan="files_P1Y_yearly")
    equal(desk.client.get(f"/v1/subscriptions/{sold}").body["billing"], "yearly", "it is so")


def case_frequency_blocked(desk):
    """An add-on without such a price is named, and support is the way out."""
    base = desk.buy("field", 3)
    must(desk.client.post("/v1/orders", {
        "account": desk.held("standard")["account"],
        "lines": [{"offer": "offline-sync", "quantity": 1, "connect_to": base}]}), 201)
    desk.show(base, "frequency")
    off = re.findall(r'value="field_P1Y_monthly" disabled.*?</div>', desk.browser.text, re.DOTALL)
    equal(len(off), 1, "off")
    for text in ("Offline sync", f"/support/new?subscription={base}"):
        equal(text in off[0], True, f"{text}: {off}")
    sent = desk.send(base, "frequency", plan="field_P1Y_monthly")
    equal(sent.status, 422, "refused")
    has(sent, 'class="field-error"')


def case_only_global(desk, hugo):
    base = desk.held("standard")["id"]
    equal(hugo.show(base, "frequency").status, 403, "a billing administrator")
    has(hugo.browser, "global administrator")
    text = hugo.details(base)
    equal(f"/billing/products/{base}/frequency" in text, False, "not offered")
    equal("global administrator" in text, True, "with the reason")


def case_plan(desk):
    """Carried, dropped and blocking add-ons by name; at the renewal, and forgotten again."""
    base = desk.buy("standard", 7)
    for offer in ("extra-storage", "archive-search"):
        must(desk.client.post("/v1/orders", {
            "account": desk.held("standard")["account"],
            "lines": [{"offer": offer, "quantity": 5, "connect_to": base}]}), 201)
    shown = desk.send(base, "plan", plan="complete_P1M_monthly")
    for text in ("Goes along, unchanged", "Ends, with a credit", "Archive search"):
        has(shown, text)
    desk.confirm(base, "plan", plan="basic_P1M_monthly", when="renewal")
    has(desk.browser.ask(f"/billing/products/{base}"), "New plan: Orvane Basic")
    off = desk.show(base, "recurring?on=no")
    for text in ("Scheduled changes that are dropped", "New plan: Orvane Basic", "No renewal"):
        has(off, text)
    desk.confirm(base, "recurring", on="no")
    equal("New plan: Orvane Basic" in desk.details(base), False, "dropped")
    refused = desk.send(base, "plan", plan="basic_P1M_monthly", when="renewal")
    equal(refused.status, 422, "while it is off")
    has(refused, f'href="/billing/products/{base}/recurring"')
    must(desk.client.post("/v1/orders", {
        "account": desk.held("standard")["account"],
        "lines": [{"offer": "access-approval", "quantity": 1, "connect_to": base}]}), 201)
    desk.show(base, "plan")
    has(desk.browser, "Access approval")
    has(desk.browser, 'value="basic_P1M_monthly" disabled')
    equal(desk.send(base, "plan").status, 422, "nothing chosen")


def case_method(desk):
    base, other = desk.buy("basic", 2), desk.buy("guides", 1)
    shown = desk.show(base, "method")
    has(shown, f"/billing/products/{base}/method/new")
    added = desk.send(base, "method/new", kind="card", number="4242 4242 4242 4242")
    equal(added.status, 303, f"added {added.text[:500]}")
    method = re.search(r"payment_method=(pmt_\w+)", added.location())[1]
    has(desk.browser.ask(added.location()), f'value="{method}" checked')
    desk.confirm(base, "method", payment_method=method, **{"for": "this"})
    pays = [desk.client.get(f"/v1/subscriptions/{one}").body["payment_method"] == method
            for one in (base, other)]
    equal(pays, [True, False], "this one alone")
    desk.confirm(other, "method", payment_method=method, **{"for": "all"})
    equal(desk.held("standard")["payment_method"], method, "everything that it paid")
    equal(desk.send(base, "method", payment_method="pmt_none").status, 422, "no such method")


def case_past_due(desk):
    """What has failed is asked of the new one at once; what is said of it first."""
    base = desk.held("files")
    equal(base["past_due"], True, "past due")
    card = desk.held("standard")["payment_method"]
    shown = desk.send(base["id"], "method", payment_method=card, **{"for": "this"})
    has(shown, "is charged to")
    for pane in ("plan", "frequency"):
        has(desk.show(base["id"], pane), f'href="/billing/accounts/{base["account"]}/pay"')
    desk.confirm(base["id"], "method", payment_method=card, **{"for": "this"})
    for _ in range(100):
        if not desk.client.get(f"/v1/subscriptions/{base['id']}").body["past_due"]:
            return
        time.sleep(0.1)
    raise AssertionError("still past due")


def case_method_by_program(desk):
    base = desk.buy("guides", 3)
    path = f"/v1/subscriptions/{base}"
    own = desk.client.get(path).body["payment_method"]
    methods = [one["id"] for one in desk.client.get("/v1/payment_methods").body["data"]
               if one["id"] != own]
    body = {"payment_method": methods[0]}
    shown = must(desk.client.patch(path + "?preview=true", body), 200)
    equal(shown["subscriptions"][0]["after"]["payment_method"], methods[0], "after")
    must(desk.client.patch(path, {**body, "token": shown["token"]}), 200)
    equal(desk.client.get(path).body["payment_method"], methods[0], "it is so")
    for wrong in ({"payment_method": methods[0], "when": "renewal"}, {"payment_method": None},
                  {"everywhere": True}, {"quantity": 4, "everywhere": True}):
        equal(desk.client.patch(path, wrong).status, 400, wrong)
    equal(desk.client.patch(path, {"payment_method": "pmt_none"}).status, 404, "none")


def case_cancel(desk):
    """What goes with it by name, and the reason in the history."""
    base = desk.buy("basic", 4)
    must(desk.client.post("/v1/orders", {
        "account": desk.held("standard")["account"],
        "lines": [{"offer": "mail-shield", "quantity": 4, "connect_to": base}]}), 201)
    must(desk.client.post("/v1/licenses/assign", {"subscription": base, "user": "ada"}), 200)
    must(desk.client.post("/v1/licenses/assign", {"subscription": base, "user": "grace"}), 200)
    refused = desk.send(base, "licenses", quantity="1")
    equal(refused.status, 422, "fewer than people")
    has(refused, f'href="/billing/licenses/{base}"')
    must(desk.client.post("/v1/licenses/unassign", {"subscription": base, "user": "grace"}), 200)
    shown = desk.confirm(base, "cancel", when="now", reason="cost", feedback="Too dear.\r\nBye.")
    for text in ("What goes with it", "Mail shield", "1 person has a licence",
                 "no longer has access to Orvane Basic", "Credited today"):
        equal(text in shown, True, text)
    text = desk.details(base)
    for said in ("It costs too much", "Too dear.", f"/billing/products/{base}/delete"):
        equal(said in text, True, said)
    must(desk.client.post(f"/v1/subscriptions/{desk.buy('guides')}/cancel",
                          {"reason": "no such reason"}), 400)
    desk.confirm(base, "delete")
    equal(desk.client.get(f"/v1/subscriptions/{base}").body["status"], "deleted", "gone")


def case_trial(desk):
    trial = desk.held("field")
    has(desk.show(trial["id"], "extend"), "when 15 days or fewer remain")
    equal(desk.send(trial["id"], "extend").status, 422, "too early")
    has(desk.show(trial["id"], "plan"), f"/billing/products/{trial['id']}/trial")
    desk.back_to("field", 8)
    shown = desk.confirm(trial["id"], "extend")
    equal("goes on for 30 days more" in shown, True, "how long")
    has(desk.show(trial["id"], "extend"), "this one has been")
    equal(desk.send(trial["id"], "trial", quantity="0").status, 422, "none")
    has(desk.browser, 'id="quantity-error"')
    desk.confirm(trial["id"], "trial", quantity="6")
    equal(desk.client.get(f"/v1/subscriptions/{trial['id']}").body["status"], "active", "bought")
    has(desk.show(trial["id"], "trial"), "The subscription is active")


def case_agreement(anke):
    """Now within the window, else at the renewal; until when is said."""
    team, lines = anke.held("standard"), anke.held("phone")
    has(anke.show(team["id"], "licenses"), "The time for a refund ended on")
    refused = anke.send(team["id"], "licenses", quantity="12", when="now")
    equal(refused.status, 422, "the window is closed")
    has(refused, f'/billing/products/{team["id"]}/licenses?when=renewal')
    anke.confirm(team["id"], "licenses", quantity="12", when="renewal")
    has(anke.browser.ask(f"/billing/products/{team['id']}"), "New quantity: 12")
    anke.confirm(lines["id"], "licenses", quantity="9", when="now")
    has(anke.show(lines["id"], "licenses"), "you can take back up to 4")
    offered = anke.show(lines["id"], "cancel")
    has(offered, "The time for a refund ended on")
    equal("The 168 hours" in offered.text, False, "what is too late is not offered first")
    closed = anke.show(lines["id"], "cancel?when=now")
    has(closed, f'/billing/products/{lines["id"]}/recurring')
    has(anke.show(team["id"], "frequency"), "changes with the plan or at the renewal")
    anke.confirm(team["id"], "frequency", plan="standard_P1Y_yearly")
    changes = anke.client.get(f"/v1/subscriptions/{team['id']}/scheduled_changes").body["data"]
    equal(sorted(one["kind"] for one in changes), ["billing", "quantity"], json.dumps(changes))


CASES = (case_past_due, case_frequency, case_frequency_blocked, case_plan, case_method_by_program,
         case_method, case_cancel, case_trial)


def main():
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, people):
            with serving(store) as server:
                desk = Desk(server, people, "Fonderie Marsault", GLOBAL)
                hugo = Desk(server, people, "Fonderie Marsault", HUGO)
                anke = Desk(server, people, "Lindenhof Gerätebau GmbH", ANKE)
                report.case(f"{kind}/only_global", lambda: case_only_global(desk, hugo))
                for case in CASES:
                    report.case(f"{kind}/{case.__name__[5:]}", lambda c=case: c(desk))
                report.case(f"{kind}/agreement", lambda: case_agreement(anke))
            report.case(f"{kind}/books", lambda: check_books(store))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
