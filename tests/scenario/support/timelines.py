"""Random timelines for `annex simulate`: every kind of step, both account types, several zones."""

import random
from datetime import date, timedelta

ZONES = ["UTC", "Europe/Paris", "America/New_York", "Pacific/Auckland"]
PEOPLE = ["ann", "bob", "cid", "dan", "eve"]
DAYS = 120

OFFERS = {"suite": [("P1M", "monthly"), ("P1Y", "monthly"), ("P1Y", "yearly")],
          "plus": [("P1M", "monthly"), ("P1Y", "yearly")], "site": [("P1M", "monthly")],
          "phone": [("P1M", "monthly")], "storage": [("P1M", "monthly"), ("P1Y", "yearly")],
          "archive": [("P1M", "monthly")]}
BASES, CHILDREN = ["suite", "plus", "site"], ["storage", "archive"]
AMOUNTS = {"suite": {"P1M/monthly": 1253, "P1Y/monthly": 1051, "P1Y/yearly": 12001},
           "plus": {"P1M/monthly": 2100, "P1Y/yearly": 20000}, "site": {"P1M/monthly": "33.333"},
           "phone": {"P1M/monthly": 703},
           "storage": {"P1M/monthly": "19.9", "P1Y/yearly": 200}, "archive": {"P1M/monthly": 300}}
EXTRA = {"suite": {"kind": "base", "unit": "user", "change_to": ["plus"],
                   "trial": {"days": 14, "quantity": 5},
                   "features": [{"name": "mail", "type": "switch"}]},
         "plus": {"kind": "base", "unit": "user", "change_to": ["suite"],
                  "features": [{"name": "archive", "type": "switch"}]},
         "site": {"kind": "base", "unit": "site", "tax_category": "reduced",
                  "grace_days": 5, "disabled_days": 20},
         "phone": {"kind": "standalone_addon", "unit": "user",
                   "requires": {"any_of": ["suite", "plus"]}},
         "storage": {"kind": "traditional_addon", "unit": "gigabyte",
                     "connects_to": ["suite", "plus"],
                     "features": [{"name": "gb", "type": "quota", "value": 1}]},
         "archive": {"kind": "traditional_addon", "unit": "user", "connects_to": ["suite"],
                     "features": [{"name": "archive", "type": "switch"}]}}


def priced(amount, percent):
    return str(round(float(amount) * percent / 100, 3)) if isinstance(amount, str) \
        else amount * percent // 100


def catalogue(version, percent=100):
    offers = []
    for name, extra in EXTRA.items():
        prices = [{"currency": "EUR", "term": key.split("/")[0], "billing": key.split("/")[1],
                   "unit_amount": priced(amount, percent)} for key, amount in AMOUNTS[name].items()]
        offers.append({"id": name, "name": {"en": name, "fr": name}, **extra, "prices": prices})
    rates = [("standard", "20", "2014-01-01"), ("reduced", "5.5", "2014-01-01"),
             ("reduced", "10", "2026-03-01")]
    return {"version": version, "offers": offers,
            "tax_rates": [{"country": "FR", "category": category, "percent": percent,
                           "from": since} for category, percent, since in rates]}


class Timeline:
    """Builds one timeline. A step may well be refused: that is part of the result."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names, self.bases, self.versions = [], [], 1
        self.day = date(2026, 1, 1) + timedelta(days=self.random.randrange(60))
        self.second = 0
        kind = self.random.choice(["classic", "classic", "agreement"])
        self.account = {"type": kind, "country": "FR", "currency": "EUR",
                        "time_zone": self.random.choice(ZONES),
                        "tax": self.random.choice(["none", "auto"]),
                        "payment": self.random.choice(["card", "card", "transfer"])}

    def name(self, letter):
        self.names.append(f"{letter}{len(self.names)}")
        return self.names[-1]

    def line(self, offer, base=None):
        term, billing = self.random.choice(OFFERS[offer])
        line = {"as": self.name(offer[0]), "offer": offer, "quantity": self.random.randint(1, 12)}
        if offer in CHILDREN and base and self.account["type"] == "classic":
            return {**line, "connect_to": base}
        if offer in BASES:
            self.bases.append(line["as"])
        return {**line, "term": term, "billing": billing}

    def order(self):
        base = self.random.choice(self.bases) if self.bases else None
        if base and self.random.random() < 0.6:
            return {"do": "order", "lines": [self.line(self.random.choice(CHILDREN + ["phone"]),
                                                       base)]}
        lines = [self.line(self.random.choice(BASES))]
        if lines[0]["offer"] != "site" and self.random.random() < 0.5:
            lines.append(self.line("storage", lines[0]["as"]))
        return {"do": "order", "lines": lines}

    def trial(self):
        term, billing = self.random.choice(OFFERS["suite"])
        return {"do": "start_trial", "as": self.name("t"), "offer": "suite", "term": term,
                "billing": billing}

    def publish(self):
        self.versions += 1
        return {"do": "publish", "catalog": catalogue(str(self.versions),
                                                      self.random.choice([90, 100, 115]))}

    def on_one(self):
        """A step on a subscription declared before."""
        pick, name = self.random, self.random.choice(self.names)
        later = {"when": "renewal"} if pick.random() < 0.3 else {}
        term, billing = pick.choice(OFFERS["suite"])
        ends = {"when": "end_of_term"} if pick.random() < 0.3 else {}
        step = pick.choice([
            {"do": "set_quantity", "quantity": pick.randint(1, 15), **later},
            {"do": "set_quantity", "quantity": pick.randint(1, 15)},
            {"do": "cancel", **ends}, {"do": "recurring_billing", "on": pick.random() < 0.5},
            {"do": "billing", "term": term, "billing": billing, **later},
            {"do": "change_plan", "offer": pick.choice(["suite", "plus"]), **later},
            {"do": "reactivate"}, {"do": "reactivate"}, {"do": "delete"},
            {"do": "support_remove"}, {"do": "extend_trial"},
            {"do": "buy_trial", "quantity": pick.randint(1, 9)},
            {"do": "assign", "users": pick.sample(PEOPLE, 2)},
            {"do": "unassign", "user": pick.choice(PEOPLE)}])
        return {**step, "subscription": name}

    def step(self):
        if not self.names:
            return self.order()
        kind = self.random.choices(["order", "one", "trial", "publish", "payments", "pay", "run"],
                                   [4, 12, 1, 1, 2, 1, 1])[0]
        if kind == "payments":
            return {"do": "payments", "fail": self.random.random() < 0.5}
        makers = {"order": self.order, "one": self.on_one, "trial": self.trial,
                  "publish": self.publish}
        return makers[kind]() if kind in makers else {"do": {"pay": "pay_balance"}.get(kind, kind)}

    def at(self):
        """Midnight of the zone, or an instant of the day that all zones call today's or so."""
        ahead = self.random.choice([0, 0, 1, 2, 7, 11, 29])
        self.day += timedelta(days=ahead)
        return str(self.day)

    def build(self):
        steps = [{"at": self.at(), **self.step()} for _ in range(self.random.randint(4, 14))]
        return {"catalog": catalogue("1"), "account": self.account, "timeline": steps,
                "until": str(self.day + timedelta(days=self.random.randint(0, DAYS)))}
