"""One random customer whose every change is looked at on its pane, in both languages, and over the
API, and is then made; what is billed is what each of them said."""

import datetime
import json
import random
import time

from pages import Browser

from support.customers import Caller, Customer, equal, must, unique
from support.pane_law import Said, compare_with_documents, compare_with_preview

DAY_MS = 24 * 3600 * 1000
ACCOUNTS = [{}, {}, {}, {"country": "BE"}, {"country": "DE", "vat_id": "DE123456788"},
            {"country": "US", "currency": "USD"}, {"type": "agreement"},
            {"type": "agreement", "country": "DE", "vat_id": "DE123456788"}]
DAYS_LATER = [0, 1, 3, 8, 12, 20, 31, 45]
CHANGES = 6
PATIENCE_DAYS = 59


def told(answer):
    """What an answer says, without what is different each time."""
    return answer.status, {name: value for name, value in answer.body.items()
                           if name not in ("token", "expires_at", "request_id")}


class PaneWorld:
    """`clock(organization, instant)` moves a customer's clock; `seen` counts what came up; `spoil`
    stands for a fault: it may change what a page, a preview or a document says."""

    def __init__(self, seed, server, store, owner, clock, seen, spoil=None):
        self.chance, self.seen, self.clock = random.Random(f"pane {seed}"), seen, clock
        self.spoil = spoil or (lambda what, value: value)
        wanted = self.chance.choice(ACCOUNTS)
        self.is_agreement = wanted.get("type") == "agreement"
        self.customer = Customer(server.address, owner, **wanted)
        self.client, self.account = self.customer.client, self.customer.account
        self.offers = {one["id"]: one for one in self.client.list("/v1/offers")}
        self.catalog = store.catalog
        self.now_ms = store.now_ms
        self.clock(self.customer.organization, self.now_ms)
        self.methods = [self.customer.add_method(kind="transfer"),
                        self.customer.add_method(kind="card", test="success"),
                        self.customer.add_method(kind="card", test="success")]
        self.browser = self.sign_in(server, store)
        self.language = None
        self.made = []  # documents of the last change

    def end(self):
        self.client.connection.close()

    def sign_in(self, server, store):
        """The person who signed up, with the password of the demonstration's."""
        store.sql("INSERT INTO login (email, hash, changed_at) SELECT p.email, l.hash, l.changed_at"
                  f" FROM person p, login l WHERE p.customer = '{self.customer.organization}'"
                  " AND l.email = 'camille.marsault@fonderie-marsault.example'")
        email = store.sql("SELECT email FROM person WHERE customer ="
                          f" '{self.customer.organization}'")[0][0]
        browser = Browser(server.address)
        equal(browser.sign_in(email).status, 303, "signed in")
        return browser

    def later(self, days):
        self.now_ms += days * DAY_MS
        self.clock(self.customer.organization, self.now_ms)
        self.bring_up()

    def bring_up(self):
        """Any command that is not refused, though only shown, first does what is due by now."""
        bases = [sub for sub in self.held() if sub["parent"] is None]
        for sub in bases:
            path = f"/v1/subscriptions/{sub['id']}?preview=true"
            answer = self.client.ask("PATCH", path, {"payment_method": self.methods[1]})
            if answer.status == 200:
                return
            equal(answer.code, "subscription_deleted", f"by now: {answer}")

    # What is held -------------------------------------------------------------------------------

    def held(self):
        return [sub for sub in self.client.list("/v1/subscriptions") if sub["status"] != "deleted"]

    def draw_line(self, row):
        bounds = row["quantity"]
        steps = min((bounds["max"] - bounds["min"]) // bounds["step"], 30)
        quantity = bounds["min"] + bounds["step"] * self.chance.randint(0, max(steps, 0))
        line = {"offer": row["offer"], "quantity": quantity}
        if row["connects_to"] and not self.is_agreement:
            return {**line, "connect_to": self.chance.choice(row["connects_to"])}
        price = self.chance.choice(row["prices"])
        offer = self.catalog[row["offer"]]
        if offer.get("trial") and self.chance.random() < 0.4:
            line = {"offer": row["offer"], "trial": True}
        return {**line, "term": price["term"], "billing": price["billing"]}

    def buy(self, kinds):
        rows = [row for row in self.client.load(f"/v1/availability?account={self.account}")["data"]
                if row["available"] and self.catalog[row["offer"]]["kind"] in kinds]
        if not rows:
            return
        method = self.chance.choice(self.methods[:1] + 3 * self.methods[1:])
        body = {"account": self.account, "payment_method": method,
                "lines": [self.draw_line(self.chance.choice(rows))]}
        self.client.send("/v1/orders", body)

    def fill(self):
        self.buy(["base"])
        for _ in range(self.chance.randint(1, 4)):
            self.buy(self.chance.choice([["base"], ["traditional_addon"], ["traditional_addon"],
                                         ["standalone_addon"]]))

    # Changes: the pane with what is typed there, and the same over the API ----------------------

    def draw_change(self):
        held = self.held()
        if not held:
            return None
        sub = self.chance.choice(held)
        base, api = f"/billing/products/{sub['id']}", f"/v1/subscriptions/{sub['id']}"
        draws = [self.draw_quantity, self.draw_quantity, self.draw_frequency, self.draw_plan,
                 self.draw_end, self.draw_recurring, self.draw_method]
        if sub["status"] == "trial":
            draws += 5 * [self.draw_trial]
        if sub["status"] in ("expired", "disabled"):
            draws += 7 * [self.draw_return]
        drawn = self.chance.choice(draws)(sub)
        if drawn is None:
            return None
        pane, typed, method, path, body = drawn
        return base + pane, typed, method, api + path, body

    def draw_when(self):
        return self.chance.choice(["now", "now", "renewal"])

    def draw_quantity(self, sub):
        quantity = max(0, sub["quantity"] + self.chance.choice([-5, -1, 1, 2, 10, 40]))
        if quantity == sub["quantity"]:
            return None
        typed, body = {"quantity": str(quantity)}, {"quantity": quantity}
        pane = "/licenses"
        if self.is_agreement:
            typed["when"] = body["when"] = self.draw_when()
        return pane, typed, "PATCH", "", body

    def prices(self, offer, sub):
        return [one for one in self.catalog[offer]["prices"] if one["currency"] == sub["currency"]]

    def draw_frequency(self, sub):
        prices = [one for one in self.prices(sub["offer"], sub)
                  if (one["term"], one["billing"]) != (sub["term"], sub["billing"])]
        if not prices:
            return None
        price = self.chance.choice(prices)
        when = "renewal" if self.is_agreement else self.draw_when()
        typed = {"plan": f"{sub['offer']}_{price['term']}_{price['billing']}", "when": when}
        body = {"term": price["term"], "billing": price["billing"], "when": when}
        return "/frequency", typed, "PATCH", "", body

    def draw_plan(self, sub):
        choices = [(offer, price) for offer in self.catalog[sub["offer"]].get("change_to", [])
                   for price in self.prices(offer, sub)
                   if self.is_agreement or
                   (price["term"], price["billing"]) == (sub["term"], sub["billing"])]
        if not choices:
            return None
        offer, price = self.chance.choice(choices)
        when = self.draw_when()
        typed = {"plan": f"{offer}_{price['term']}_{price['billing']}", "when": when}
        body = {"offer": offer, "when": when}
        if self.is_agreement:
            body.update(term=price["term"], billing=price["billing"])
        return "/plan", typed, "POST", "/change_plan", body

    def draw_end(self, sub):
        if sub["status"] == "disabled":
            return "/delete", {}, "POST", "/delete", {}
        now = self.chance.random() < 0.5 or sub["status"] == "trial"
        return ("/cancel", {"when": "now" if now else "end", "reason": "cost"}, "POST", "/cancel",
                {"when": "now" if now else "end_of_term", "reason": "cost"})

    def draw_recurring(self, sub):
        on = not sub["recurring_billing"]
        return ("/recurring", {"on": "yes" if on else "no"}, "PATCH", "",
                {"recurring_billing": on})

    def draw_method(self, sub):
        others = [one for one in self.methods if one != sub["payment_method"]]
        method, everywhere = self.chance.choice(others), self.chance.random() < 0.5
        shared = any(one["id"] != sub["id"] and one["parent"] is None
                     and one["payment_method"] == sub["payment_method"] for one in self.held())
        return ("/method", {"payment_method": method, "for": "all" if everywhere else "this"},
                "PATCH", "", {"payment_method": method, "everywhere": everywhere and shared})

    def draw_trial(self, sub):
        if sub["status"] == "trial" and self.chance.random() < 0.3:
            return "/extend", {}, "POST", "/extend_trial", {}
        quantity = self.chance.randint(1, 12)
        return "/trial", {"quantity": str(quantity)}, "POST", "/buy_trial", {"quantity": quantity}

    def draw_return(self, sub):
        if sub["trial_end"] and self.chance.random() < 0.5:
            return self.draw_trial(sub)
        return "/reactivate", {}, "POST", "/reactivate", {}

    # Looking and making -------------------------------------------------------------------------

    def prefer(self, language):
        if language == self.language:
            return
        token = self.browser.ask("/roles").csrf()
        self.browser.ask("/preferences", {"lang": language, "csrf": token})
        self.language = language

    def look(self, pane, typed):
        """The pane as a browser without script sees it after Save, in both languages."""
        said = {}
        for language in self.chance.sample(["en", "fr"], 2):
            self.prefer(language)
            token = self.browser.ask("/roles").csrf()
            self.browser.ask(pane, {**typed, "do": "save", "csrf": token})
            if self.browser.status not in (200, 422):
                raise AssertionError(f"{pane} {typed}: {self.browser.status}")
            said[language] = Said(self.spoil("page", self.browser.text), language)
        return said

    def see(self, pane, typed, method, path, body):
        """The preview and the pane of one moment: a provider may answer between them."""
        for _ in range(9):
            answer = self.client.ask(method, path, body)
            said = self.look(pane, typed)
            again = self.client.ask(method, path, body)
            if told(answer) == told(again):
                return answer, said
            time.sleep(0.1)
        raise AssertionError(f"what is shown changes all the time: {answer} {again}")

    def documents(self):
        return {one["id"]: one for kind in ("invoices", "credit_notes")
                for one in self.client.list(f"/v1/{kind}")}

    def made_since(self, before):
        made = [one for one in self.documents() if one not in before]
        kinds = {"inv": "invoices", "crn": "credit_notes"}
        return [self.spoil("document", self.client.load(f"/v1/{kinds[one[:3]]}/{one}"))
                for one in made]

    def change(self):
        """One change; gives its preview when it was made."""
        drawn = self.draw_change()
        if drawn is None:
            return None
        pane, typed, method, path, body = drawn
        why = f"{method} {path} {json.dumps(body)}"
        kind = pane.rsplit("/", 1)[1]
        answer, said = self.see(pane, typed, method, path + "?preview=true", body)
        if answer.status != 200:
            must(answer, 400, 403, 404, 409, 422)
            for one in said.values():
                equal(one.refuses(), True, f"the pane refuses too: {why} {answer}")
            self.seen[f"{kind} refused"] += 1
            return None
        preview = self.spoil("preview", answer.body)
        for language, one in said.items():
            if one.review is None:
                raise AssertionError(f"the pane shows no effect: {why} in {language}:"
                                     f" {one.find('<main(.*)</main>')[:1500]}")
            compare_with_preview(one, preview, f"{why} in {language}")
        if not self.make(drawn, said, answer, why):
            self.seen["changed meanwhile"] += 1
            return None
        compare_with_documents(preview, self.made, why)
        self.seen[kind] += 1
        self.seen["at the renewal"] += body.get("when") == "renewal"
        return preview

    def make(self, drawn, said, shown, why):
        """By the pane or by the API, each with its own token; says no when it is refused because
        a provider has answered since."""
        pane, typed, method, path, body = drawn
        before = self.documents()
        if self.chance.random() < 0.6:
            token = self.browser.csrf()
            review = said[self.language].review
            self.browser.ask(pane, {**typed, "do": "confirm", "review": review, "csrf": token})
            is_made = self.browser.status == 303
        else:
            answer = self.client.ask(method, path, {**body, "token": shown.body["token"]})
            is_made = answer.status in (200, 201, 202)
        self.made = self.made_since(before)
        self.seen.update(one["object"] for one in self.made)
        if not is_made:
            again = self.client.ask(method, path + "?preview=true", body)
            equal(told(again) == told(shown), False, f"refused, though nothing changed: {why}")
        return is_made

    # What comes at the renewal ------------------------------------------------------------------

    def check_next(self, preview):
        """Waits for the next charge that was said, when nothing changes, and looks it up."""
        if not preview or not preview["next_charges"]:
            return
        charge = min(preview["next_charges"], key=lambda one: one["on"])
        today = datetime.datetime.fromtimestamp(self.now_ms / 1000, datetime.timezone.utc).date()
        days = (datetime.date.fromisoformat(charge["on"]) - today).days
        family = {sub["id"] for sub in self.client.list("/v1/subscriptions")
                  if charge["subscription"] in (sub["id"], sub["parent"])}
        unpaid = [one["issued_on"] for one in self.client.list("/v1/invoices")
                  if one["unpaid"]["amount"] > 0]
        patient = today + datetime.timedelta(days=days - PATIENCE_DAYS)
        if min(unpaid, default=charge["on"]) < patient.isoformat():
            return  # nobody sends the transfers that are waited for: it would be disabled
        self.later(days)
        net = 0
        for one in self.client.list("/v1/invoices"):
            if one["issued_on"] != charge["on"]:
                continue
            whole = self.client.load(f"/v1/invoices/{one['id']}")
            net += sum(line["amount"]["amount"] for line in whole["lines"]
                       if line["subscription"] in family)
        equal(net, charge["net"]["amount"], f"billed on {charge['on']}, as was said: {charge}")
        self.seen["charge that came"] += 1

    def run(self):
        self.fill()
        last = None
        for _ in range(CHANGES):
            self.later(self.chance.choice(DAYS_LATER))
            last = self.change()
        self.check_next(last)
