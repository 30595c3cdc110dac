"""Laws of one result of `annex simulate`, each worked out from rules.md without the program: every
one is a function that gives what breaks it, as texts that begin with its name."""

from bisect import bisect_right
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

from support.facts import differ
from support.invariants import round_half_away, state_on
from support.law_life import LAWS_OF_LIFE
from support.timelines import EXTRA, RATES, day_of_step

BY_STEP = {"order": {"purchase", "setup"}, "buy_trial": {"purchase", "setup"},
           "set_quantity": {"increase", "decrease"}, "cancel": {"cancel"},
           "billing": {"billing_change"}, "change_plan": {"plan_change"},
           "reactivate": {"reactivate"}, "support_remove": {"support_removal"}}


@lru_cache(maxsize=None)
def number_of(day):
    return date.fromisoformat(day).toordinal()


def proration_of(offer):
    return EXTRA[offer].get("proration", "day")


class Book:
    """The lines of a result, with what undoes each."""

    def __init__(self, result):
        self.result = result
        self.lines = []  # (number of the document, line)
        self.undone = {}
        for number, document in enumerate(result["documents"]):
            for line in document["lines"]:
                self.lines.append((number, line))
                if "undoes" in line:
                    self.undone.setdefault(line["undoes"], []).append(line)

    def charges(self):
        """(document, line, the credits that undo it)"""
        return [(number, line, self.undone.get(line["id"], [])) for number, line in self.lines
                if "undoes" not in line and line["reason"] != "setup"]

    def subscriptions(self):
        return self.result["subscriptions"]


# Money ------------------------------------------------------------------------------------------


def law_in_force(book, _):
    """Charged = price × quantity × fraction in force, within half a unit for each line."""
    faults = []
    for _, line, credits in book.charges():
        days = line["days"] - sum(credit["days"] for credit in credits)
        exact = Fraction(str(line["unit_amount"])) * line["quantity"] * days / line["of_days"]
        charged = line["amount"] + sum(credit["amount"] for credit in credits)
        if abs(charged - exact) > Fraction(1 + len(credits), 2):
            faults.append(f"in force: line {line['id']}: expected about {exact}, got {charged}")
    return faults


def law_credits(book, _):
    """No credit exceeds what is left of its line, nor its days."""
    faults = []
    for _, line, credits in book.charges():
        given = -sum(credit["amount"] for credit in credits)
        days = sum(credit["days"] for credit in credits)
        if given > line["amount"] or days > line["days"]:
            faults.append(f"credits: line {line['id']}: {given} of {line['amount']}, "
                          f"{days} of {line['days']} days")
    return faults


def law_pieces(book, simulation):
    """What is wholly earned by now was earned in pieces that sum to it."""
    nets, open_names = Counter(), set()
    end = number_of(simulation["until"]) + 1
    for _, line in book.lines:
        nets[line["as"]] += line["amount"]
        if number_of(line["to"]) > end:
            open_names.add(line["as"])
    earned = Counter()
    for entry in book.result["revenue"]:
        earned[entry["as"]] += entry["amount"]
    return [fault for name in sorted(set(nets) - open_names)
            for fault in differ(f"pieces: revenue of {name}", nets[name], earned[name])]


def in_force(book):
    """{name: [(first day, day after the last, document, quantity)]}: each line until it ended or
    was undone. Subscriptions that were ever of an offer without daily proration are left out."""
    spans, others = {}, set()
    for number, line, credits in book.charges():
        if proration_of(line["offer"]) != "day":
            others.add(line["as"])
        until = min([number_of(line["to"])] + [number_of(credit["from"]) for credit in credits])
        spans.setdefault(line["as"], []).append(
            (number_of(line["from"]), until, number, line["quantity"]))
    return {name: found for name, found in spans.items() if name not in others}


def active_spans(sub, until):
    """[first day, day after the last] of each stay in the state active."""
    steps = sub["history"] + [[until, "end"]]
    for (since, state), (after, _) in zip(steps, steps[1:]):
        if state == "active" and since < after:
            yield number_of(since), number_of(after)


def law_charged_once(book, simulation):
    """Every day of being active is charged, by the lines of one document alone."""
    faults, tomorrow = [], str(date.fromisoformat(simulation["until"]) + timedelta(days=1))
    spans = in_force(book)
    for sub in book.subscriptions():
        found = spans.get(sub["as"])
        if not found:
            continue
        edges = sorted({edge for first, after, *_ in found for edge in (first, after)})
        for first, after in active_spans(sub, tomorrow):
            for day in [first] + [edge for edge in edges if first < edge < after]:
                documents = {number for begins, ends, number, _ in found if begins <= day < ends}
                if len(documents) != 1:
                    faults.append(f"charged once: {sub['as']} on {date.fromordinal(day)}: by "
                                  f"{len(documents)} documents")
        if sub["status"] == "active":
            today = number_of(simulation["until"])
            total = sum(quantity for begins, ends, _, quantity in found if begins <= today < ends)
            faults += differ(f"charged once: quantity of {sub['as']}", sub["quantity"], total)
    return faults


# Tax --------------------------------------------------------------------------------------------


def rate_on(category, day):
    rates = [(since, percent) for name, percent, since in RATES if name == category]
    return Fraction(rates[bisect_right([since for since, _ in rates], day) - 1][1]) / 100


def rate_of(line, issued_on):
    """Of the day of the command; for a recurring line of the first day of its period."""
    category = EXTRA[line["offer"]].get("tax_category", "standard")
    return category, rate_on(category, line["from"] if line["reason"] == "renewal" else issued_on)


def taxes_of(left, rates, ids):
    """Tax of what is left of these lines: per rate and category, rounded once."""
    sums = Counter()
    for line in ids:
        sums[rates[line]] += left[line]
    return sum(round_half_away(amount * rate) for (_, rate), amount in sums.items())


def law_tax(book, simulation):
    """Its own charges × rate, rounded once per rate and category; plus, for each document whose
    lines it undoes, the tax of what is left of that one's charges after, minus before."""
    if simulation["account"].get("tax", "none") == "none":
        return []
    faults, left, rates, home, charges = [], {}, {}, {}, {}
    for number, document in enumerate(book.result["documents"]):
        own = charges[number] = [line["id"] for line in document["lines"] if "undoes" not in line]
        for line in document["lines"]:
            if "undoes" not in line:
                left[line["id"]], home[line["id"]] = line["amount"], number
                rates[line["id"]] = rate_of(line, document["at"])
        tax = taxes_of(left, rates, own)
        credits = [line for line in document["lines"] if line.get("undoes") in home]
        undone = {home[line["undoes"]] for line in credits}
        before = sum(taxes_of(left, rates, charges[one]) for one in undone)
        for line in credits:
            left[line["undoes"]] += line["amount"]
        tax += sum(taxes_of(left, rates, charges[one]) for one in undone) - before
        faults += differ(f"tax: document {number} of {document['at']}", tax, document["tax"])
    return faults


# Families and documents -------------------------------------------------------------------------


def law_no_child_alone(book, _):
    """On every day a child is in the state of its parent, or deleted."""
    by_name = {sub["as"]: sub for sub in book.subscriptions()}
    faults = []
    for sub in book.subscriptions():
        if sub["parent"] is None:
            continue
        parent = by_name[sub["parent"]]
        for day in sorted({day for day, _ in sub["history"] + parent["history"]}):
            state, wanted = state_on(sub, day), state_on(parent, day)
            if state not in (None, "deleted", wanted):
                faults.append(f"no child alone: {sub['as']} is {state} on {day}, its parent "
                              f"{wanted}")
    return faults


def concerns(step, document):
    """The document may be that of the step: its reason, and its subscription."""
    lines = document["lines"]
    if not {line["reason"] for line in lines} <= BY_STEP[step["do"]]:
        return False
    names = {line["as"] for line in lines}
    if step["do"] == "order":
        return bool(names & {line["as"] for line in step["lines"]})
    return step["subscription"] in names or step["do"] in ("set_quantity", "support_remove",
                                                           "cancel", "reactivate")


def law_one_document(book, simulation):
    """One command, one document: never more of a kind on a day than commands that could make
    them. What falls due for an agreement account on a day is on one document."""
    zone = ZoneInfo(simulation["account"]["time_zone"])
    refused = {refusal["step"] for refusal in book.result["refused"]}
    steps = {}
    for number, step in enumerate(simulation["timeline"]):
        if step["do"] in BY_STEP and number not in refused and step.get("when") != "renewal":
            steps.setdefault(day_of_step(step, zone), []).append(step)
    brings_back = {day_of_step(step, zone) for step in simulation["timeline"]
                   if step["do"] in ("pay_balance", "payments")}
    faults = []
    for day in sorted(set(document["at"] for document in book.result["documents"])):
        issued = [document for document in book.result["documents"] if document["at"] == day]
        recurring = [one for one in issued
                     if any(line["reason"] == "renewal" for line in one["lines"])]
        if simulation["account"]["type"] == "agreement" and len(recurring) > 1:
            faults.append(f"one document: {len(recurring)} recurring ones on {day}")
        for kind in BY_STEP:
            asked = [step for step in steps.get(day, []) if step["do"] == kind]
            made = [one for one in issued if any(concerns(step, one) for step in asked)]
            if len(made) > len(asked) and not (kind == "reactivate" and day in brings_back):
                faults.append(f"one document: {len(made)} of {len(asked)} {kind} on {day}")
    return faults


LAWS = (law_in_force, law_credits, law_pieces, law_charged_once, law_tax, law_no_child_alone,
        law_one_document, *LAWS_OF_LIFE)


def check_laws(result, simulation):
    book = Book(result)
    return [fault for law in LAWS for fault in law(book, simulation)]
