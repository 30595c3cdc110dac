"""A customer that lives at random: steps through one node, questions to another. What is done and
answered is kept, so that it can be judged by a model (entitlement_model.py), or by a wrong one."""

import contextlib
import random
import time
from datetime import timedelta

from support.customers import Caller, must, unique
from support.entitlement_model import BASES, FEATURES, OFFERS, Model

PEOPLE = ["ann", "bob", "cid", "dan", "eve"]
DECLINES = 0.15     # share of customers whose recurring charges fail
QUANTITY_MAX = 6
PATIENCE_S = 60
KINDS = {"assign": 9, "unassign": 4, "order": 4, "quantity": 5, "recurring": 3, "cancel": 1.5,
         "reactivate": 2, "delete": 0.5, "plan": 1.5, "buy_trial": 1}
GIVES_CREDIT = ("cancel", "plan", "quantity")


def at_noon(day):
    return f"{day}T12:00:00Z"


class Clock:
    """A test clock that its customers are walked along."""

    def __init__(self, address, owner, day):
        self.caller, self.day = Caller(address, owner), day
        self.id = must(self.caller.send("/v1/test_clocks", {"frozen_time": at_noon(day)}),
                       201)["id"]

    def advance(self, day):
        told = must(self.caller.send(f"/v1/test_clocks/{self.id}/advance",
                                     {"frozen_time": at_noon(day)}), 200, 202)
        until = time.monotonic() + PATIENCE_S
        while told["status"] != "ready":
            if time.monotonic() > until:
                raise AssertionError(f"still advancing after {PATIENCE_S} s: {told}")
            time.sleep(0.005)
            told = self.caller.load(f"/v1/test_clocks/{self.id}")
        self.day = day


# What was done and answered, judged --------------------------------------------------------------


def judge_entry(model, entry):
    """Moves the model along; gives what is wrong with an answer, or None."""
    what, *told = entry
    if what == "walk":
        model.walk(told[0])
    elif what == "done":
        step, names, code = told
        wanted = model.refuses(step) if step["do"] != "publish" else None
        if wanted != code and not (wanted is True and code):
            return f"{step}: expected {wanted or 'it to be done'}, got {code or 'it done'}"
        if code is None:
            model.apply(step, names)
    else:
        user, feature, answer = told
        wanted = [model.entitlement(feature, user)] if feature else model.entitlements(user)
        wrong = [(one, two) for one, two in zip(wanted, answer) if one != two]
        if wrong or len(wanted) != len(answer):
            return (f"{model.today} {user or 'all'}: expected {wrong[0][0]}, got {wrong[0][1]}"
                    if wrong else f"{model.today} {user or 'all'}: expected "
                    f"{[one['feature'] for one in wanted]}, got"
                    f" {[one['feature'] for one in answer]}")
    return None


def judge(trace, make_model):
    """What a model finds wrong first with what was done and answered; None: nothing."""
    (_, day, version, declines), *entries = trace
    model = make_model(declines)
    model.today, model.version = day, version
    try:
        return next(filter(None, (judge_entry(model, entry) for entry in entries)), None)
    except (StopIteration, LookupError, ValueError, AttributeError) as lost:
        return f"does not understand what is there: {lost!r}"


# One customer ------------------------------------------------------------------------------------


class Life:
    """One sequence. It raises AssertionError as soon as an answer is wrong. Who is `patient` first
    lets more be assigned than is owned, and then does little."""

    def __init__(self, seed, nodes, owner, clock, version, patient):
        self.seed, self.chance = seed, random.Random(seed)
        self.declines = self.chance.random() < DECLINES
        caller = Caller(nodes[0], owner)
        made = must(caller.send("/v1/organizations", {
            "name": unique("Droits"), "country": "FR", "test_clock": clock.id,
            "account": {"type": "classic", "currency": "EUR", "time_zone": "UTC"},
            "person": {"name": "Ada", "email": f"{unique('ada')}@essai.example"}}), 201)
        self.organization, self.account = made["id"], made["account"]["id"]
        self.callers = [Caller(node, owner, self.organization) for node in nodes]
        must(self.callers[0].send("/v1/payment_methods", {
            "account": self.account, "kind": "card",
            "test": "decline_recurring" if self.declines else "success"}), 201)
        self.model = Model(self.declines)
        self.model.today, self.model.version = clock.day, version
        self.trace = [("made", clock.day, version, self.declines)]
        self.opening = [self.draw_order, self.draw_people, self.draw_fewer] if patient else []
        self.rests = 0.8 if patient else 0.2
        self.changes = self.questions = 0

    def close(self):
        for caller in self.callers:
            caller.connection.close()

    def note(self, *entry):
        self.trace.append(entry)
        wrong = judge_entry(self.model, entry)
        if wrong:
            done = [one[1] for one in self.trace if one[0] in ("done", "walk")]
            raise AssertionError(f"{self.organization}: {wrong}; after {done}")

    # Questions

    def ask(self, asker):
        """Everything there is, of the organisation and a person, and one thing alone."""
        users = [None, *self.chance.sample(PEOPLE, 2)]
        for user in users[:2]:
            more = f"?user={user}" if user else ""
            self.note("answer", user, None, asker.load(f"/v1/entitlements{more}")["data"])
        feature, user = self.chance.choice(FEATURES), self.chance.choice(users)
        more = f"&user={user}" if user else ""
        path = f"/v1/entitlements/check?feature={feature}&organization={self.organization}{more}"
        self.note("answer", user, feature, [asker.load(path)])
        self.questions += 3

    # Steps

    def draw_order(self):
        chance, model = self.chance, self.model
        if self.opening:
            return {"do": "order", "trial": False, "offers": [
                (chance.choice(BASES), chance.randint(2, 5)), ("desk", 5)]}
        bases = [sub for sub in model.subs if sub.offer in BASES and sub.state != "deleted"]
        offer = chance.choice(list(OFFERS))
        quantity = chance.randint(1, QUANTITY_MAX)
        if OFFERS[offer][0] == "traditional_addon" and bases:
            return {"do": "order", "base": chance.choice(bases).name, "trial": False,
                    "offers": [(offer, quantity)]}
        if offer == "dial" and chance.random() < 0.6:
            return {"do": "order", "trial": True, "offers": [(offer, 3)]}
        if OFFERS[offer][0] == "traditional_addon" or not model.subs:
            offer = chance.choice(BASES)
        offers = [(offer, quantity)]
        if offer in BASES and chance.random() < 0.6:
            more = [name for name in OFFERS if offer in OFFERS[name][2].get("connects_to", ())]
            offers += [(name, chance.randint(1, QUANTITY_MAX))
                       for name in chance.sample(more, chance.randint(1, len(more)))]
        return {"do": "order", "trial": False, "offers": offers}

    def draw_licenses(self, what):
        """Some of the subscriptions with licences, some people; mostly what fits."""
        chance = self.chance
        subs = [sub for sub in self.model.subs if OFFERS[sub.offer][1] == "user"]
        if not subs:
            return self.draw_order()
        one = chance.choice(subs)
        chosen = [one] + [sub for sub in subs if sub.family is one.family and sub is not one
                          and chance.random() < 0.5]
        users = chance.sample(PEOPLE, chance.choice([1, 1, 2, 3]))
        return {"do": what, "subs": [sub.name for sub in chosen], "users": users}

    def draw_people(self):
        base, addon = self.model.subs
        users = self.chance.sample(PEOPLE, base.quantity)
        return {"do": "assign", "subs": [base.name, addon.name], "users": users}

    def draw_fewer(self):
        """Fewer than are assigned, from the renewal on."""
        base = self.model.subs[0]
        return {"do": "quantity", "subs": [base.name], "at_renewal": True,
                "quantity": self.chance.randint(1, base.quantity - 1)}

    def draw_change(self, what):
        chance = self.chance
        wanted = {"reactivate": ("expired", "disabled"), "delete": ("disabled",)}.get(what)
        subs = [sub for sub in self.model.subs if wanted is None or sub.state in wanted]
        if what == "buy_trial":
            subs = [sub for sub in subs if sub.is_trial]
        if what == "plan":
            subs = [sub for sub in subs if sub.offer in BASES]
        if not subs:
            return self.draw_order()
        sub = chance.choice(subs)
        step = {"do": what, "subs": [sub.name]}
        if what in ("quantity", "buy_trial"):
            step["quantity"] = chance.randint(1, QUANTITY_MAX)
            if self.declines:  # credit would pay what is to stay unpaid
                step["quantity"] = max(step["quantity"], sub.quantity)
        if what == "quantity":
            step["at_renewal"] = chance.random() < 0.6
        if what == "recurring":
            step["on"] = not sub.family.recurring
        if what == "plan":
            [step["offer"]] = OFFERS[sub.offer][2]["change_to"]
        return step

    def draw_one(self):
        if not self.model.subs:
            return self.draw_order()
        what = self.chance.choices(list(KINDS), list(KINDS.values()))[0]
        if self.declines and what in ("cancel", "plan"):
            what = "assign"
        if what == "order":
            return self.draw_order()
        return self.draw_licenses(what) if what in ("assign", "unassign") else \
            self.draw_change(what)

    def draw(self):
        """Seldom what is refused."""
        if self.opening:
            step = self.opening[0]()
            self.opening.pop(0)
            return step
        for _ in range(8):
            step = self.draw_one()
            if not self.model.refuses(step) or self.chance.random() < 0.15:
                break
        return step

    def send(self, caller, step):
        what = step["do"]
        if what == "order":
            return caller.send("/v1/orders", {"account": self.account, "lines": order_lines(step)})
        if what in ("assign", "unassign"):
            return caller.send(f"/v1/licenses/{what}", {"subscriptions": step["subs"],
                                                        "users": step["users"]})
        path = f"/v1/subscriptions/{step['subs'][0]}"
        if what == "quantity":
            when = {"when": "renewal"} if step["at_renewal"] else {}
            return caller.patch(path, {"quantity": step["quantity"], **when})
        if what == "recurring":
            return caller.patch(path, {"recurring_billing": step["on"]})
        body = {name: step[name] for name in ("offer", "quantity") if name in step}
        return caller.send(f"{path}/{'change_plan' if what == 'plan' else what}", body)

    def step(self):
        """Something at one node; what it comes to is asked of the other."""
        if not self.opening and self.chance.random() < self.rests:
            return
        one, other = self.chance.sample(self.callers, 2)
        step = self.draw()
        answer = self.send(one, step)
        if answer.status >= 500:
            raise AssertionError(f"{step}: {answer}")
        is_done = answer.status in (200, 201)
        names = [line["subscription"] for line in answer.body["lines"]] \
            if is_done and step["do"] == "order" else []
        self.note("done", step, names, None if is_done else answer.code)
        self.changes += is_done
        self.ask(other)

    def publish(self, version):
        self.note("done", {"do": "publish", "version": version}, [], None)

    def walk(self, day):
        self.note("walk", day)
        self.changes += 1
        self.ask(self.chance.choice(self.callers))

    def day_ahead(self):
        """(whether it matters, a day on which something ends or begins, or the one before it)"""
        days = [(matters, day) for day, matters in self.model.days_ahead()
                if day > self.model.today]
        if not days:
            return None
        matters, day = max(days, key=lambda one: (one[0], self.chance.random()))
        before = timedelta(days=self.chance.choice([0, 0, 0, 1]))
        return matters, max(day - before, self.model.today + timedelta(days=1))


def order_lines(step):
    lines = []
    for offer, quantity in step["offers"]:
        line = {"offer": offer}
        if not step["trial"]:
            line["quantity"] = quantity
        if step.get("base") or lines:
            line["connect_to"] = step.get("base") or "base"
        else:
            line.update(name="base", term="P1M", billing="monthly")
        lines.append({**line, "trial": True} if step["trial"] else line)
    return lines


@contextlib.contextmanager
def lives(seeds, nodes, owner, clock, version, patient):
    """A customer for each seed, all on one clock."""
    made = []
    try:
        for seed in seeds:
            made.append(Life(seed, nodes, owner, clock, version, patient))
        yield made
    finally:
        for life in made:
            life.close()
