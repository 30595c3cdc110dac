"""Laws of states, orders, credit and versions: the second half of law_book.py, which lists them."""

from datetime import date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from support.facts import differ
from support.invariants import round_half_away
from support.timelines import EXTRA, day_of_step

GRACE, DISABLED, NOTICE = 30, 90, 30
ALIVE = {"active", "expired", "scheduled"}
PLAIN = {"purchase", "renewal", "increase", "decrease", "cancel", "support_removal", "setup"}


def later(day, days):
    return str(date.fromisoformat(day) + timedelta(days=days))


class Told:
    """What the steps of a simulation asked for, and which of them were refused."""

    def __init__(self, book, simulation):
        self.zone = ZoneInfo(simulation["account"]["time_zone"])
        refused = {refusal["step"] for refusal in book.result["refused"]}
        self.steps = [(number, day_of_step(step, self.zone), step)
                      for number, step in enumerate(simulation["timeline"])
                      if number not in refused]
        self.may_fail = any(step.get("fail") for step in simulation["timeline"])
        self.line_of, self.step_of = {}, {}
        for number, _, step in self.steps:
            for line in step.get("lines", [step] if step["do"] == "start_trial" else []):
                self.line_of[line["as"]], self.step_of[line["as"]] = line, number

    def asked(self, day, kinds, name):
        return any(on == day and step["do"] in kinds
                   and step.get("subscription", name) == name for _, on, step in self.steps)


# States -----------------------------------------------------------------------------------------


def step_ends(told, sub, step, charged_to):
    """The days on which a state may end: (the latest, days that a command or a term gives)."""
    since, state = step
    offer, name = EXTRA[sub["offer"]], sub["as"]
    if state == "expired":
        return later(since, offer.get("grace_days", GRACE))
    if state == "disabled":
        return later(since, offer.get("disabled_days", DISABLED))
    if state == "trial":
        days = EXTRA[told.line_of[name]["offer"]]["trial"]["days"]
        extended = sum(step["do"] == "extend_trial" and step["subscription"] == name
                       for _, _, step in told.steps)
        return later(since, days * (1 + extended))
    if state == "scheduled":
        return told.line_of[name]["start_on"]
    return charged_to


MAY_END = {  # commands that end a state before its time
    "trial": {"buy_trial", "reactivate"}, "scheduled": {"cancel"},
    "active": {"cancel", "billing", "change_plan"},
    "expired": {"reactivate", "buy_trial", "pay_balance"},
    "disabled": {"reactivate", "buy_trial", "pay_balance", "payments", "delete"}}


def law_states(book, simulation):
    """A state ends on its day, or on that of a command; and none lasts longer than it may."""
    told, faults, charged_to = Told(book, simulation), [], {}
    for _, line, _ in book.charges():
        charged_to[line["as"]] = max(line["to"], charged_to.get(line["as"], ""))
    for sub in book.subscriptions():
        if sub["parent"] is not None or sub["as"] not in told.line_of:
            continue
        for step, after in zip(sub["history"], sub["history"][1:] + [None]):
            if step[1] == "deleted":
                continue
            latest = step_ends(told, sub, step, charged_to.get(sub["as"], simulation["until"]))
            ended = after[0] if after else later(simulation["until"], 1)
            by_command = after and told.asked(ended, MAY_END[step[1]], sub["as"])
            is_early = after and ended < latest and step[1] != "active"
            if ended > latest or (is_early and not by_command and not told.may_fail):
                faults.append(f"states: {sub['as']} {step[1]} since {step[0]}: ends on {ended}, "
                              f"expected {latest}")
            if step[1] == "active" and after and after[1] == "disabled" and not (
                    by_command or told.may_fail):
                faults.append(f"states: {sub['as']} disabled on {ended} by nobody")
    return faults


def law_licenses(book, _):
    """What is deleted is held by nobody."""
    return [fault for sub in book.subscriptions() if sub["status"] == "deleted"
            for fault in differ(f"licences: assigned of {sub['as']}", 0, sub["assigned"])]


# Orders and credit ------------------------------------------------------------------------------


def order_of(told, parents, name):
    return told.step_of.get(parents.get(name) or name)


def law_orders(book, simulation):
    """On a classic account what recurs is on one document for each order, with its add-ons."""
    if simulation["account"]["type"] != "classic":
        return []
    told, faults, seen = Told(book, simulation), [], set()
    parents = {sub["as"]: sub["parent"] for sub in book.subscriptions()}
    for document in book.result["documents"]:
        if not any(line["reason"] == "renewal" for line in document["lines"]):
            continue
        orders = {order_of(told, parents, line["as"]) for line in document["lines"]}
        if len(orders) != 1:
            faults.append(f"orders: {len(orders)} on one document of {document['at']}")
        for order in orders:
            if (document["at"], order) in seen:
                faults.append(f"orders: that of step {order} twice on {document['at']}")
            seen.add((document["at"], order))
    return faults


def law_balance(book, _):
    """Credit lowers what is unpaid first; and goes back when nothing is held any more."""
    balance, faults = book.result["credit_balance"], []
    if balance and book.result["unpaid"]:
        faults.append(f"balance: {balance} beside unpaid {book.result['unpaid']}")
    if balance and not any(sub["status"] in ALIVE for sub in book.subscriptions()):
        faults.append(f"balance: {balance}, and nothing is held")
    return faults


# Versions ---------------------------------------------------------------------------------------


def cost(price, quantity):
    """The amount of a whole period, by tier step rounded by itself."""
    if "tiers" not in price:
        return round_half_away(Fraction(str(price["unit_amount"])) * quantity)
    steps, total, below = price["tiers"]["steps"], 0, 0
    for step in steps:
        unit, up_to = Fraction(str(step["unit_amount"])), step.get("up_to", quantity)
        if price["tiers"]["mode"] == "volume" and quantity <= up_to:
            return round_half_away(unit * quantity)
        used = max(min(quantity, up_to) - below, 0)
        if price["tiers"]["mode"] == "graduated":
            total += round_half_away(unit * used)
        below = up_to
    return total


def price_in(catalog, line, billing):
    for offer in catalog["offers"]:
        if offer["id"] == line["offer"]:
            return next((price for price in offer["prices"]
                         if (price["term"], price["billing"]) == billing), None)
    return None


def next_version(versions, own, line, billing, day, quantity):
    """The newest that has its price, and is not dearer or was published 30 days before."""
    in_force = cost(price_in(versions[own][1], line, billing), quantity)
    for number in range(len(versions) - 1, own, -1):
        published_on, catalog = versions[number]
        price = price_in(catalog, line, billing)
        may = price and (cost(price, quantity) <= in_force or later(published_on, NOTICE) <= day)
        if may and published_on < day:
            return number
    return own


def law_versions(book, simulation):
    """A monthly term that renews takes its version by rules §1, and the period costs that much.
    Not of what was a trial, or was ever brought back or changed to another plan or billing."""
    told, faults = Told(book, simulation), []
    versions = [("", simulation["catalog"])]
    sold = {}  # step: the version on sale
    for number, step in enumerate(simulation["timeline"]):
        if step["do"] == "publish":
            versions.append((day_of_step(step, told.zone), step["catalog"]))
        sold[number] = len(versions) - 1
    parents = {sub["as"]: sub["parent"] for sub in book.subscriptions()}
    moved = {step.get("subscription", step.get("as")) for _, _, step in told.steps
             if step["do"] in ("start_trial", "change_plan", "billing")}
    by_name = {}
    for number, line in book.lines:
        by_name.setdefault(line["as"], {}).setdefault(number, []).append(line)
    for name, documents in by_name.items():
        base = parents[name] or name
        billing = (told.line_of[base]["term"], told.line_of[base]["billing"])
        reasons = {line["reason"] for lines in documents.values() for line in lines}
        if billing != ("P1M", "monthly") or not reasons <= PLAIN or base in moved:
            continue
        own = sold[told.step_of[name]]
        for number, lines in sorted(documents.items()):
            charges = [line for line in lines if line["reason"] == "renewal"]
            if not charges:
                continue
            day, quantity = lines[0]["from"], sum(line["quantity"] for line in charges)
            own = next_version(versions, own, charges[0], billing, day, quantity)
            faults += differ(f"versions: {name} on {day}",
                             cost(price_in(versions[own][1], charges[0], billing), quantity),
                             sum(line["amount"] for line in charges))
    return faults


LAWS_OF_LIFE = (law_states, law_licenses, law_orders, law_balance, law_versions)

