"""What a customer may use, told again naively from rules §1, §4 and §5: subscriptions as they live
from day to day, who holds their licences, and what their features come to.

Terms are of a month, on a classic account in UTC.
"""

import calendar
from datetime import date, timedelta

GRACE, DISABLED, CONFLICT, UNPAID = 30, 90, 90, 30
BASES = ("suite", "plus")
SWITCH, LIMIT, QUOTA = "switch", "limit", "quota"

# offer: kind, unit, what else, features of version 0 (name, type, value, per). An add-on's own
# days differ from its base's on purpose: those of its base count.
OFFERS = {
    "suite": ("base", "user", {"change_to": ["plus"], "grace_days": 10, "disabled_days": 25},
              [("mail", SWITCH, 1, None), ("storage", QUOTA, 50, "unit"),
               ("api", LIMIT, 10, None)]),
    "plus": ("base", "user", {"change_to": ["suite"], "grace_days": 8, "disabled_days": 20},
             [("mail", SWITCH, 1, None), ("archive", SWITCH, 1, None),
              ("storage", QUOTA, 100, "unit"), ("api", LIMIT, 20, None)]),
    "extra": ("traditional_addon", "gigabyte", {"connects_to": BASES},
              [("storage", QUOTA, 1, "unit")]),
    "sign": ("traditional_addon", "user",
             {"connects_to": ["suite"], "requires_base_license": True, "grace_days": 2},
             [("archive", SWITCH, 1, None)]),
    "desk": ("traditional_addon", "user",
             {"connects_to": BASES, "requires_base_license": True, "disabled_days": 3},
             [("desk", QUOTA, 5, "unit"), ("api", LIMIT, 15, None)]),
    "pool": ("standalone_addon", "site", {"grace_days": 5, "disabled_days": 15},
             [("api", LIMIT, 12, None), ("storage", QUOTA, 500, "subscription"),
              ("mail", SWITCH, 1, None)]),
    "dial": ("standalone_addon", "user",
              {"trial": {"days": 20, "quantity": 3}, "grace_days": 6, "disabled_days": 12},
              [("voice", SWITCH, 1, None), ("minutes", QUOTA, 100, "unit"),
               ("api", LIMIT, 5, None)]),
    "coach": ("standalone_addon", "user",
              {"requires": {"any_of": BASES}, "requires_base_license": True},
              [("voice", SWITCH, 1, None), ("minutes", QUOTA, 7, "subscription")]),
}
FEATURES = sorted({feature[0] for _, _, _, features in OFFERS.values() for feature in features})
TRIAL_DAYS, TRIAL_QUANTITY = 20, 3


def features_of(offer, version):
    """(name, type, value, per): limits and quotas differ from version to version."""
    return [(name, kind, value if kind == SWITCH else value + version % 3, per)
            for name, kind, value, per in OFFERS[offer][3]]


def catalogue(name, version):
    """The catalogue file of a version; prices stay, so that each renewal takes the newest."""
    offers = []
    for offer, (kind, unit, more, _) in OFFERS.items():
        features = [{"name": feature, "type": what,
                     **({} if what == SWITCH else {"value": value}),
                     **({"per": per} if per else {})}
                    for feature, what, value, per in features_of(offer, version)]
        offers.append({"id": offer, "kind": kind, "unit": unit,
                       "name": {"en": offer, "fr": offer}, **more, "features": features,
                       "prices": [{"currency": "EUR", "term": "P1M", "billing": "monthly",
                                   "unit_amount": 1250}]})
    return {"version": f"{name}-{version}", "offers": offers,
            "tax_rates": [{"country": "FR", "category": "standard", "percent": "20",
                           "from": "2014-01-01"}]}


def is_of_people(offer):
    return OFFERS[offer][1] == "user"


def month_after(anchor, day):
    """The end of a month that begins on `day`, for terms bought on the day `anchor` of a month."""
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return date(year, month, min(anchor, calendar.monthrange(year, month)[1]))


class Sub:
    """One subscription; of an add-on that has a parent the parent's life counts."""

    def __init__(self, name, offer, quantity, parent=None):
        self.name, self.offer, self.quantity, self.parent = name, offer, quantity, parent
        self.version, self.state, self.since = 0, "active", None
        self.recurring, self.is_trial = True, False
        self.anchor, self.term_end = 1, None
        self.holders, self.conflict_on, self.later = [], None, None
        self.failed_on, self.ended_by = None, None

    @property
    def family(self):
        return self.parent or self

    def is_past_due(self, today):
        return self.failed_on is not None and self.failed_on <= today

    def days(self, what, default):
        return timedelta(days=OFFERS[self.offer][2].get(what, default))

    def start_term(self, day):
        self.anchor, self.term_end = day.day, month_after(day.day, day)


class Model:
    """One customer."""

    conflict_days, unpaid_days = CONFLICT, UNPAID

    def __init__(self, declines):
        self.subs, self.today, self.version = [], None, 0
        self.declines = declines  # recurring charges do not succeed
        self.tried = False

    def find(self, name):
        return next(sub for sub in self.subs if sub.name == name)

    def members(self, base):
        """A base, or what stands alone, and what goes with it."""
        return [sub for sub in self.subs
                if sub.family is base and (sub is base or sub.state != "deleted")]

    # What is entitled ---------------------------------------------------------------------------

    def works(self, sub):
        return sub.state in ("trial", "active", "expired")

    def is_theirs(self, sub, user):
        return user is None or not is_of_people(sub.offer) or user in sub.holders

    def until(self, sub):
        base = sub.family
        if base.state == "expired":
            return base.since + base.days("grace_days", GRACE)
        return None if base.recurring else base.term_end + base.days("grace_days", GRACE)

    def units(self, sub, user):
        return 1 if user is not None and is_of_people(sub.offer) else sub.quantity

    def add(self, kind, values):
        """`values`: (value, per, units)"""
        if kind == SWITCH:
            return True
        if kind == LIMIT:
            return max(value for value, _, _ in values)
        return sum(value * units if per == "unit" else value for value, per, units in values)

    def entitlement(self, name, user):
        """What the API has to answer of one feature."""
        granting = [(sub, feature) for sub in sorted(self.subs, key=lambda one: one.name)
                    if self.works(sub) and self.is_theirs(sub, user)
                    for feature in features_of(sub.offer, sub.version) if feature[0] == name]
        told = {"object": "entitlement", "feature": name, "entitled": bool(granting),
                "value": None, "until": None, "granted_by": []}
        if not granting:
            return told
        ends = [self.until(sub) for sub, _ in granting]
        told["value"] = self.add(granting[0][1][1], [
            (value, per, self.units(sub, user)) for sub, (_, _, value, per) in granting])
        told["until"] = None if None in ends else str(max(ends))
        told["granted_by"] = [
            {"subscription": sub.name, "offer": sub.offer, "quantity": self.units(sub, user),
             "until": str(end) if end else None} for (sub, _), end in zip(granting, ends)]
        return told

    def entitlements(self, user):
        told = [self.entitlement(name, user) for name in FEATURES]
        return [one for one in told if one["entitled"]]

    # What is refused ----------------------------------------------------------------------------

    def bases_of(self, addon):
        if addon.parent:
            return [addon.parent]
        wanted = OFFERS[addon.offer][2].get("requires", {}).get("any_of", ())
        return [sub for sub in self.subs if sub.offer in wanted and sub.state != "deleted"]

    def needs_base(self, sub):
        return OFFERS[sub.offer][2].get("requires_base_license", False)

    def has_base(self, addon, user, given=(), taken=()):
        return any(base in given or (user in base.holders and base not in taken)
                   for base in self.bases_of(addon))

    def refuses_assign(self, subs, users):
        for sub in subs:
            if sub.state == "deleted":
                return "subscription_deleted"
            if sub.state == "disabled":
                return "subscription_not_active"
        for sub in subs:
            more = [user for user in users if user not in sub.holders]
            if more and len(sub.holders) + len(more) > sub.quantity:
                return "no_license_available"
        for sub in subs:
            if self.needs_base(sub) and not all(
                    user in sub.holders or self.has_base(sub, user, subs) for user in users):
                return "base_license_missing"
        return None

    def refuses_unassign(self, subs, users):
        if any(sub.state == "deleted" for sub in subs):
            return "subscription_deleted"
        for base in subs:
            for user in [one for one in users if one in base.holders]:
                for addon in self.subs:
                    if (addon not in subs and user in addon.holders and self.needs_base(addon)
                            and base in self.bases_of(addon)
                            and not self.has_base(addon, user, taken=subs)):
                        return "base_license_needed"
        return None

    def refuses_quantity(self, sub, quantity, at_renewal):
        base = sub.family
        if sub.state == "deleted":
            return "subscription_deleted"
        if base.state != "active" or base.is_past_due(self.today):
            return "trial_not_bought" if base.state == "trial" else True
        if at_renewal:
            return None if base.recurring else "recurring_billing_off"
        is_fewer = quantity < sub.quantity  # more is never too few, also in a conflict
        return "licenses_assigned" if is_fewer and quantity < len(sub.holders) else None

    def is_held(self, offers):
        return any(sub.offer in offers and sub.state == "active" and not sub.is_trial
                   and not sub.is_past_due(self.today) for sub in self.subs)

    def refuses_line(self, offer, base, trial):
        if trial:
            return self.tried
        if base:
            more = [sub for sub in self.members(base) if sub.offer == offer]
            return (base.state != "active" or base.is_past_due(self.today) or bool(more)
                    or base.offer not in OFFERS[offer][2]["connects_to"])
        wanted = OFFERS[offer][2].get("requires", {}).get("any_of")
        return wanted is not None and not self.is_held(wanted)

    def refuses(self, step):
        """None, the code of the refusal, or True for one of whatever code."""
        what, subs = step["do"], [self.find(name) for name in step.get("subs", [])]
        if what == "order":
            base = self.find(step["base"]) if step.get("base") else None
            return self.refuses_line(step["offers"][0][0], base, step["trial"]) or None
        if what == "assign":
            return self.refuses_assign(subs, step["users"])
        if what == "unassign":
            return self.refuses_unassign(subs, step["users"])
        if what == "quantity":
            return self.refuses_quantity(subs[0], step["quantity"], step["at_renewal"])
        sub = subs[0]
        if sub.parent:
            return True
        wanted = {"recurring": ("trial", "active"), "cancel": ("trial", "active"),
                  "plan": ("active",), "reactivate": ("expired", "disabled"),
                  "delete": ("disabled",), "buy_trial": ("trial", "expired", "disabled")}[what]
        if sub.state not in wanted or (what == "buy_trial" and not sub.is_trial):
            return True
        if what == "buy_trial" and step["quantity"] < len(sub.holders):
            return "licenses_assigned"
        is_unpaid = sub.is_past_due(self.today) and what in ("plan", "reactivate")
        if what in ("reactivate", "buy_trial"):  # judged as if it were bought
            is_unpaid = is_unpaid or bool(self.refuses_line(sub.offer, None, False))
        return True if is_unpaid else None

    # What is done -------------------------------------------------------------------------------

    def apply(self, step, names):
        """`names`: the subscriptions that an order made."""
        getattr(self, "do_" + step["do"])(step, [self.find(one) for one in step.get("subs", [])],
                                          names)

    def do_order(self, step, _, names):
        parent = self.find(step["base"]) if step.get("base") else None
        for name, (offer, quantity) in zip(names, step["offers"]):
            sub = Sub(name, offer, quantity, parent)
            sub.version, sub.since = self.version, self.today
            if step["trial"]:
                sub.state, sub.is_trial, self.tried = "trial", True, True
                sub.quantity = TRIAL_QUANTITY
                sub.term_end = self.today + timedelta(days=TRIAL_DAYS)
            elif not parent:
                sub.start_term(self.today)
            self.subs.append(sub)
            parent = parent or sub

    def do_assign(self, step, subs, _):
        for sub in subs:
            sub.holders += [user for user in step["users"] if user not in sub.holders]

    def do_unassign(self, step, subs, _):
        for sub in subs:
            sub.holders = [user for user in sub.holders if user not in step["users"]]
            self.close_conflict(sub)

    def do_quantity(self, step, subs, _):
        if step["at_renewal"]:
            subs[0].later = step["quantity"]
        else:
            subs[0].quantity = step["quantity"]
            self.close_conflict(subs[0])

    def do_recurring(self, step, subs, _):
        if subs[0].recurring and not step["on"]:
            self.forget(subs[0])
        subs[0].recurring = step["on"]

    def do_cancel(self, _, subs, __):
        self.forget(subs[0])
        subs[0].recurring = False
        if subs[0].state == "active":
            subs[0].ended_by = "cancel"
            self.move(subs[0], "disabled")

    def do_plan(self, step, subs, _):
        subs[0].offer, subs[0].version = step["offer"], self.version
        for child in self.members(subs[0])[1:]:
            if step["offer"] not in OFFERS[child.offer][2]["connects_to"]:
                self.end(child)

    def do_reactivate(self, _, subs, __):
        base = subs[0]
        if base.is_trial:
            self.convert(base, max(len(base.holders), 1), self.today)
            return
        is_rest = base.ended_by == "cancel" and base.term_end > self.today
        if base.state == "expired" and month_after(base.anchor, base.term_end) > self.today:
            base.term_end = month_after(base.anchor, base.term_end)
        elif base.term_end == self.today:  # goes on where the last one ended: its anchor stays
            base.term_end = month_after(base.anchor, self.today)
        elif not is_rest:
            base.start_term(self.today)
        for sub in self.members(base):
            sub.version = sub.version if is_rest else self.version
        base.recurring, base.ended_by = True, None
        self.move(base, "active")

    def do_buy_trial(self, step, subs, _):
        self.convert(subs[0], step["quantity"], self.today)

    def do_delete(self, _, subs, __):
        self.end(subs[0])

    def do_publish(self, step, _, __):
        self.version = step["version"]

    def convert(self, sub, quantity, day):
        sub.quantity, sub.is_trial, sub.version = quantity, False, self.version
        sub.recurring, sub.ended_by = True, None
        sub.start_term(day)
        self.move(sub, "active")
        self.close_conflict(sub)

    def forget(self, base):
        for sub in self.members(base):
            sub.later = None

    def move(self, base, state):
        for sub in self.members(base):
            sub.state, sub.since = state, self.today

    def end(self, base):
        for sub in self.members(base) if base.parent is None else [base]:
            sub.state, sub.since = "deleted", self.today
            sub.holders, sub.conflict_on = [], None

    def close_conflict(self, sub):
        if len(sub.holders) <= sub.quantity:
            sub.conflict_on = None

    # What time does -----------------------------------------------------------------------------

    def walk(self, until):
        while self.today < until:
            self.today += timedelta(days=1)
            for sub in list(self.subs):
                self.end_of_day(sub)
            for sub in list(self.subs):
                if sub.parent is None:
                    self.begin_day(sub)

    def end_of_day(self, sub):
        if sub.parent is None and sub.state in ("active", "expired") and sub.failed_on and \
                sub.failed_on + timedelta(days=self.unpaid_days) == self.today:
            sub.ended_by, sub.recurring = "non_payment", False
            self.forget(sub)
            self.move(sub, "disabled")
        elif sub.parent is None and sub.state in ("expired", "disabled"):
            if self.ends_on(sub) == self.today:
                self.move(sub, "disabled") if sub.state == "expired" else self.end(sub)
        elif sub.parent is None and sub.state in ("trial", "active"):
            if sub.term_end == self.today and not sub.recurring:
                self.move(sub, "expired")
        if sub.conflict_on and sub.conflict_on + timedelta(days=self.conflict_days) == self.today:
            self.cut(sub)

    def cut(self, sub):
        for user in sub.holders[sub.quantity:]:
            sub.holders.remove(user)
            for addon in self.subs:
                if (user in addon.holders and self.needs_base(addon)
                        and sub in self.bases_of(addon) and not self.has_base(addon, user)):
                    addon.holders.remove(user)
                    self.close_conflict(addon)
        sub.conflict_on = None

    def begin_day(self, base):
        if base.state not in ("trial", "active") or base.term_end != self.today:
            return
        if self.declines and not base.failed_on:  # charged on the day after
            base.failed_on = self.today + timedelta(days=1)
        if base.state == "trial":
            self.convert(base, max(len(base.holders), 1), self.today)
            return
        base.term_end = month_after(base.anchor, self.today)
        for sub in self.members(base):
            sub.version = self.version
            self.take_scheduled(sub)

    def take_scheduled(self, sub):
        if sub.later is None:
            return
        before = max(len(sub.holders) - sub.quantity, 0)
        sub.quantity, sub.later = sub.later, None
        if len(sub.holders) - sub.quantity > before:
            sub.conflict_on = self.today
        self.close_conflict(sub)

    def ends_on(self, base):
        """When its state ends by itself, or its term."""
        if base.state == "expired":
            return base.since + base.days("grace_days", GRACE)
        if base.state == "disabled":
            return base.since + base.days("disabled_days", DISABLED)
        return base.term_end

    def days_ahead(self):
        """(day, whether what works or who holds what changes then by itself)"""
        for sub in self.subs:
            if sub.conflict_on:
                yield sub.conflict_on + timedelta(days=self.conflict_days), True
            if sub.parent is None and sub.state != "deleted":
                yield self.ends_on(sub), sub.state == "expired"
                if sub.failed_on and sub.state in ("active", "expired"):
                    yield sub.failed_on + timedelta(days=self.unpaid_days), True
