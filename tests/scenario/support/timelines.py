"""Random timelines for `annex simulate`: every kind of step and of offer, at any second, on both
types of account, in several zones."""

import random
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = ["UTC", "Europe/Paris", "America/New_York", "Pacific/Auckland"]
PEOPLE = ["ann", "bob", "cid", "dan", "eve"]
DAYS, LONG_DAYS = 120, 500

TIERS = {"ladder": {"mode": "graduated", "steps": [
    {"up_to": 5, "unit_amount": 1003}, {"up_to": 9, "unit_amount": "807.5"}, {"unit_amount": 499}]},
         "bulk": {"mode": "volume", "steps": [
             {"up_to": 6, "unit_amount": 997}, {"unit_amount": 503}]}}
PRICES = {
    "suite": {"P1M/monthly": 1253, "P1Y/monthly": 1051, "P1Y/yearly": 12001},
    "plus": {"P1M/monthly": 2100, "P1Y/yearly": 20000}, "site": {"P1M/monthly": "33.333"},
    "flat": {"P1M/monthly": 1009}, "whole": {"P1M/monthly": 1013, "P1Y/monthly": 907},
    "ladder": {"P1M/monthly": TIERS["ladder"]},
    "bulk": {"P1M/monthly": TIERS["bulk"], "P1Y/monthly": TIERS["bulk"]},
    "long": {"P3Y/yearly": 11003, "P3Y/upfront": 30011},
    "phone": {"P1M/monthly": 703},
    "storage": {"P1M/monthly": "19.9", "P1Y/monthly": "17.2", "P1Y/yearly": 200},
    "archive": {"P1M/monthly": 300}, "sign": {"P1M/monthly": 307, "P1Y/yearly": 3001},
    "dock": {"P1M/monthly": 411}}
OFFERS = {name: [tuple(key.split("/")) for key in prices] for name, prices in PRICES.items()}
BASES = ["suite", "suite", "suite", "suite", "plus", "site", "flat", "whole", "ladder", "bulk",
         "long"]
CHILDREN = ["storage", "storage", "archive", "sign", "dock"]
CONNECTABLE = ["suite", "plus", "flat", "bulk"]
FOR_PEOPLE = ["suite", "plus", "flat", "whole", "bulk", "phone", "sign", "archive"]
PLANS = ["suite", "plus", "flat", "whole", "bulk"]
WITH_TRIAL = ["suite", "whole", "phone"]
SETUP = 2503
EXTRA = {
    "suite": {"kind": "base", "unit": "user", "change_to": ["plus", "flat", "whole", "bulk"],
              "trial": {"days": 14, "quantity": 5},
              "features": [{"name": "mail", "type": "switch"}]},
    "plus": {"kind": "base", "unit": "user", "change_to": ["suite"],
             "features": [{"name": "archive", "type": "switch"}]},
    "site": {"kind": "base", "unit": "site", "tax_category": "reduced",
             "grace_days": 5, "disabled_days": 20},
    "flat": {"kind": "base", "unit": "user", "proration": "none", "change_to": ["suite", "whole"]},
    "whole": {"kind": "base", "unit": "user", "proration": "full", "change_to": ["suite", "flat"],
              "trial": {"days": 30, "quantity": 3}},
    "ladder": {"kind": "base", "unit": "seat"},
    "bulk": {"kind": "base", "unit": "user", "change_to": ["suite"]},
    "long": {"kind": "base", "unit": "site"},
    "phone": {"kind": "standalone_addon", "unit": "user", "tax_category": "reduced",
              "requires": {"any_of": ["suite", "plus", "flat"]},
              "setup": [{"currency": "EUR", "amount": SETUP}],
              "trial": {"days": 20, "quantity": 4}},
    "storage": {"kind": "traditional_addon", "unit": "gigabyte",
                "connects_to": ["suite", "plus", "flat"],
                "features": [{"name": "gb", "type": "quota", "value": 1}]},
    "archive": {"kind": "traditional_addon", "unit": "user", "connects_to": ["suite"],
                "features": [{"name": "archive", "type": "switch"}]},
    "sign": {"kind": "traditional_addon", "unit": "user", "connects_to": ["suite", "plus"],
             "requires_base_license": True, "quantity": {"max_percent_of_base": 150},
             "features": [{"name": "sign", "type": "switch"}]},
    "dock": {"kind": "traditional_addon", "unit": "site", "proration": "full",
             "connects_to": ["suite", "plus", "bulk"],
             "features": [{"name": "dock", "type": "quota", "value": 1}]}}
RATES = [("standard", "20", "2014-01-01"), ("reduced", "5.5", "2014-01-01"),
         ("reduced", "10", "2026-03-01")]


def priced(amount, percent):
    if isinstance(amount, dict):
        steps = [{**step, "unit_amount": priced(step["unit_amount"], percent)}
                 for step in amount["steps"]]
        return {**amount, "steps": steps}
    return str(round(float(amount) * percent / 100, 3)) if isinstance(amount, str) \
        else amount * percent // 100


def catalogue(version, percent=100, ended=()):
    offers = []
    for name, extra in EXTRA.items():
        prices = []
        for key, amount in PRICES[name].items():
            term, billing = key.split("/")
            told = "tiers" if isinstance(amount, dict) else "unit_amount"
            prices.append({"currency": "EUR", "term": term, "billing": billing,
                           told: priced(amount, percent)})
        more = {"end_of_sale": True} if name in ended else {}
        offers.append({"id": name, "name": {"en": name, "fr": name}, **extra, **more,
                       "prices": prices})
    return {"version": version, "offers": offers,
            "tax_rates": [{"country": "FR", "category": category, "percent": percent,
                           "from": since} for category, percent, since in RATES]}


def instant_of(at, zone):
    """The instant of a step; a date alone is midnight of the zone."""
    if "T" in at:
        return datetime.fromisoformat(at.replace("Z", "+00:00"))
    return datetime.combine(date.fromisoformat(at), time(), zone).astimezone(timezone.utc)


def day_of_step(step, zone):
    """The civil day of a step in the zone of the account."""
    if "T" in step["at"]:
        return str(instant_of(step["at"], zone).astimezone(zone).date())
    return step["at"]


class Timeline:
    """Builds one timeline. A step may well be refused: that is part of the result. What is held is
    guessed from the steps so far, so that most of them do something."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.offers, self.terms, self.over = {}, {}, set()  # of each name; what was ended
        self.carried, self.versions = set(), 1
        self.account = {"type": self.random.choice(["classic", "classic", "agreement"]),
                        "country": "FR", "currency": "EUR",
                        "time_zone": self.random.choice(ZONES),
                        "tax": self.random.choice(["none", "auto", "auto"]),
                        "payment": self.random.choice(["card", "card", "transfer"])}
        self.zone = ZoneInfo(self.account["time_zone"])
        self.day = date(2026, 1, 1) + timedelta(days=self.random.randrange(60))
        self.last = str(self.day)

    def name(self, offer, letter):
        name = f"{letter}{len(self.offers)}"
        self.offers[name] = offer
        return name

    def held(self, offers):
        return [name for name, offer in self.offers.items()
                if offer in offers and name not in self.over]

    def price(self, offer):
        term, billing = self.random.choice(OFFERS[offer])
        return {"term": term, "billing": billing}

    def base(self):
        pick, offer = self.random, self.random.choice(BASES)
        line = {"offer": offer, "quantity": pick.randint(1, 12), **self.price(offer)}
        others = self.held(BASES)
        if pick.random() < 0.08:
            line["start_on"] = str(self.day + timedelta(days=pick.randint(0, 40)))
        elif others and self.account["type"] == "agreement" and pick.random() < 0.4:
            line["ends_with"] = pick.choice(others)
        name = self.name(offer, offer[0])
        self.terms[name] = (line["term"], line["billing"])
        return {"as": name, **line}

    def child(self, base):
        """An add-on of a base, mostly one that it lacks, with its price; on an agreement account a
        subscription of its own."""
        fitting = [name for name in CHILDREN if self.offers[base] in EXTRA[name]["connects_to"]]
        sold = [name for name in fitting if self.terms.get(base) in OFFERS[name]
                and (base, name) not in self.carried]
        offer = self.random.choice(sold if sold and self.random.random() < 0.9 else fitting)
        self.carried.add((base, offer))
        line = {"as": self.name(offer, offer[0]), "offer": offer,
                "quantity": self.random.randint(1, 12)}
        if self.account["type"] == "classic":
            return {**line, "connect_to": base}
        return {**line, **self.price(offer)}

    def order(self):
        pick, bases = self.random, self.held(CONNECTABLE)
        if bases and pick.random() < 0.6:
            lines = [self.child(pick.choice(bases))]
        else:
            lines = [self.base()]
            for _ in range(pick.choice([0, 1, 1, 2])):
                if lines[0]["offer"] in CONNECTABLE:
                    lines.append(self.child(lines[0]["as"]))
        if self.held(["suite", "plus", "flat"]) and pick.random() < 0.2:
            lines.append({"as": self.name("phone", "p"), "offer": "phone",
                          "quantity": pick.randint(1, 12), **self.price("phone")})
        return {"do": "order", "lines": lines}

    def trial(self):
        offer = self.random.choice(WITH_TRIAL)
        return {"do": "start_trial", "as": self.name(offer, "t"), "offer": offer,
                **self.price(offer)}

    def publish(self):
        self.versions += 1
        ended = self.random.sample(sorted(EXTRA), 2) if self.random.random() < 0.2 else ()
        return {"do": "publish", "catalog": catalogue(
            str(self.versions), self.random.choice([90, 100, 115]), ended)}

    def people(self, name):
        pick = self.random
        users = pick.sample(PEOPLE, pick.choice([1, 2, 2, 4]))
        return {"do": pick.choice(["assign", "assign", "unassign"]), "subscription": name,
                "users": users}

    def on_trial(self, name):
        pick = self.random
        return pick.choice([{"do": "extend_trial"}, {"do": "cancel"},
                            {"do": "buy_trial", "quantity": pick.randint(1, 9)},
                            {"do": "buy_trial", "quantity": pick.randint(1, 9)}])

    def on_child(self, name):
        pick = self.random
        if pick.random() < 0.2:
            return {"do": "support_remove"}
        return {"do": "set_quantity", "quantity": pick.randint(1, 15),
                **({"when": "renewal"} if pick.random() < 0.25 else {})}

    def on_base(self, name):
        pick = self.random
        later = {"when": "renewal"} if pick.random() < 0.3 else {}
        ends = {"when": "end_of_term"} if pick.random() < 0.3 else {}
        step = pick.choice([
            {"do": "set_quantity", "quantity": pick.randint(1, 15), **later},
            {"do": "set_quantity", "quantity": pick.randint(1, 15)},
            {"do": "set_quantity", "quantity": pick.randint(1, 15)},
            {"do": "cancel", **ends}, {"do": "cancel"},
            {"do": "recurring_billing", "on": pick.random() < 0.5},
            {"do": "billing", **self.price(self.offers[name]), **later},
            {"do": "change_plan", "offer": pick.choice(
                EXTRA[self.offers[name]].get("change_to", PLANS)), **later}])
        if step["do"] == "cancel" and "when" not in step:
            self.over.add(name)
        return step

    def on_one(self):
        """A step on a subscription declared before."""
        pick, name = self.random, self.random.choice(list(self.offers))
        if pick.random() < 0.15:
            return self.people(pick.choice(self.held(FOR_PEOPLE) or [name]))
        if self.over and pick.random() < 0.4:
            name = pick.choice(sorted(self.over))
        if pick.random() < 0.04:
            return {"do": pick.choice(["support_remove", "delete", "reactivate"]),
                    "subscription": name}
        if name in self.over and pick.random() < 0.9:
            step = {"do": pick.choice(["reactivate", "reactivate", "delete"])}
            if step["do"] == "reactivate":
                self.over.discard(name)
        elif name[0] == "t" and pick.random() < 0.7:
            step = self.on_trial(name)
        elif self.offers[name] in CHILDREN and self.account["type"] == "classic":
            step = self.on_child(name)
        else:
            step = self.on_base(name)
        return {**step, "subscription": name}

    def step(self):
        if not self.offers:
            return self.order()
        kind = self.random.choices(["order", "one", "trial", "publish", "payments", "pay", "run"],
                                   [4, 16, 1, 1, 2, 1, 1])[0]
        if kind == "payments":
            return {"do": "payments", "fail": self.random.random() < 0.4}
        makers = {"order": self.order, "one": self.on_one, "trial": self.trial,
                  "publish": self.publish}
        return makers[kind]() if kind in makers else {"do": {"pay": "pay_balance"}.get(kind, kind)}

    def at(self):
        """When the next step is: at the same instant, at a midnight of the zone, or any second."""
        self.day += timedelta(days=self.random.choice([0, 0, 0, 1, 2, 7, 11, 29]))
        wanted = str(self.day)
        if self.random.random() < 0.4:
            local = datetime.combine(self.day, time(), self.zone) \
                + timedelta(seconds=self.random.randrange(86400))
            wanted = local.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        if instant_of(wanted, self.zone) > instant_of(self.last, self.zone):
            self.last = wanted
            self.day = date.fromisoformat(day_of_step({"at": wanted}, self.zone))
        return self.last

    def build(self):
        steps = [{"at": self.at(), **self.step()} for _ in range(self.random.randint(6, 18))]
        days = DAYS if self.random.random() < 0.9 else LONG_DAYS
        return {"catalog": catalogue("1"), "account": self.account, "timeline": steps,
                "until": str(self.day + timedelta(days=self.random.randint(0, days)))}
