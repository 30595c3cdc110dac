"""One random world: a catalogue, a customer who holds something, and every way to ask whether an
offer can be bought. The list, the cart, the review and the order have to say the same."""

import datetime
import json
import random
import re
import time

from support.customers import Caller, Customer, equal, must, unique
from support.world_catalog import CADENCES, draw_catalog

REFUSALS = {  # rules §2: the refusal code of an order for its first reason
    "not_on_sale": "offer_not_available", "country": "offer_country", "currency": "offer_currency",
    "requires": "addon_prerequisite_missing", "base_not_active": "parent_not_active",
    "price": "offer_price", "excluded_by": "addon_excluded",
    "limit_per_customer": "subscription_limit", "already_on_base": "addon_already_on_base",
    "change_pending": "change_pending"}
OF_BASES = {"requires", "base_not_active", "price", "already_on_base", "change_pending"}
ACCOUNTS = [{}, {}, {}, {"type": "agreement"}, {"country": "BE"},
            {"country": "DE", "vat_id": "DE123456789"}, {"country": "US", "currency": "USD"},
            {"type": "agreement", "currency": "USD"}]
DAYS_LATER = [3, 12, 20, 31, 45, 70]
DAY_MS = 24 * 3600 * 1000


def plain(reasons):
    return [(reason["code"], reason["offers"]) for reason in reasons]


class World:
    """`clock(organization, instant)` moves a customer's clock; instants in milliseconds. `seen`
    counts what came up."""

    def __init__(self, seed, address, owner, clock, seen):
        self.seed, self.chance, self.seen = seed, random.Random(f"world {seed}"), seen
        self.seller = Caller(address, owner)
        self.clock = clock
        self.catalog = self.publish_any()
        wanted = self.chance.choice(ACCOUNTS)
        self.customer = Customer(address, owner, **wanted)
        self.client, self.account = self.customer.client, self.customer.account
        self.is_classic = wanted.get("type") != "agreement"
        self.is_later, self.later_ms = self.chance.random() < 0.4, 0
        self.slow_cards = []
        self.methods = self.add_methods()

    def end(self):
        self.seller.connection.close()
        self.client.connection.close()

    def now(self):
        return int(time.time() * 1000) + self.later_ms

    # What there is ------------------------------------------------------------------------------

    def publish(self, catalog):
        catalog["version"] = unique(f"world{self.seed}")
        return self.seller.send("/v1/catalog_versions", catalog)

    def publish_any(self):
        """Draws until the program takes one; what it refuses has a place and a reason."""
        today = datetime.datetime.now(datetime.timezone.utc).date()
        for _ in range(50):
            catalog = draw_catalog(self.chance, "", today)
            answer = self.publish(catalog)
            if answer.status == 201:
                return catalog
            equal((answer.status, answer.code), (400, "invalid"), f"publication {answer}")
        raise AssertionError(f"no catalogue of 50 was taken: {answer}")

    def add_methods(self):
        """On a clock of its own the customer pays by transfer, so that no provider is waited
        for."""
        transfer = self.customer.add_method(kind="transfer")
        if self.is_later:
            return [transfer]
        cards = [self.customer.add_method(kind="card", test=test)
                 for test in ("success", "never", "authentication")]
        self.slow_cards = cards[1:]
        return [transfer, transfer, cards[0], cards[0], cards[0], self.chance.choice(cards)]

    def offer(self, name):
        return next(offer for offer in self.catalog["offers"] if offer["id"] == name)

    def connects(self, name):
        return self.is_classic and self.offer(name)["kind"] == "traditional_addon"

    def available(self):
        return self.client.load(f"/v1/availability?account={self.account}")["data"]

    def subscriptions(self):
        return self.client.list(f"/v1/subscriptions?account={self.account}")

    # Lines --------------------------------------------------------------------------------------

    def quantity(self, row):
        """One that the list allows; any when it allows none."""
        bounds = row["quantity"]
        steps = (bounds["max"] - bounds["min"]) // bounds["step"]
        if steps < 0:
            return bounds["step"]
        return bounds["min"] + bounds["step"] * self.chance.choice([0, 0, min(steps, 3), steps])

    def line(self, row, base=None):
        """A line for an offer of the list that is available."""
        line = {"offer": row["offer"], "quantity": self.quantity(row)}
        if self.connects(row["offer"]):
            return {**line, "connect_to": base or self.chance.choice(row["connects_to"])}
        price = self.chance.choice(row["prices"])
        return {**line, "term": price["term"], "billing": price["billing"]}

    def order_body(self, lines, **more):
        return {"account": self.account, "lines": lines, **more}

    def review_cart(self, lines, **more):
        cart = must(self.client.send("/v1/carts", self.order_body(lines)), 201)["id"]
        return cart, self.client.send(f"/v1/carts/{cart}/review", more)

    # Ways to ask --------------------------------------------------------------------------------

    def ask(self, lines, **more):
        """The preview of an order, after comparing it with the cart's review and, when it is
        refused, with the order itself."""
        body = self.order_body(lines, **more)
        answer = self.client.send("/v1/orders?preview=true", body)
        must(answer, 200, 400, 404, 409, 422)
        others = []
        if self.chance.random() < 0.5:
            others.append(self.review_cart(lines, **more)[1])
        if answer.status != 200 and self.chance.random() < 0.5:
            others.append(self.client.send("/v1/orders", body))
        for other in others:
            equal(told(other), told(answer), f"{other.path} of {lines}")
        return answer

    def accept(self, row, line):
        """What the list offers is accepted, within its bounds and only there."""
        bounds, why = row["quantity"], f"{line} {row}"
        answer = self.ask([line])
        if bounds["min"] > bounds["max"]:
            equal(answer.code, "quantity_out_of_range", why)
            return
        must(answer, 200)
        self.seen["accepted"] += 1
        outside = self.chance.choice([bounds["min"] - bounds["step"],
                                      bounds["max"] + bounds["step"]]
                                     + [bounds["min"] + 1] * (bounds["step"] > 1))
        answer = self.ask([{**line, "quantity": outside}])
        equal((answer.status, answer.code), (422, "quantity_out_of_range"), f"{outside} of {why}")
        equal({name: answer.body.get(name) for name in ("min", "max")},
              {name: bounds[name] for name in ("min", "max")}, f"bounds of {why}")

    def refuse(self, line):
        """The reasons of a refusal, whose code is that of the first."""
        answer = self.ask([line])
        must(answer, 409, 422)
        reasons = plain(answer.body.get("reasons", []))
        if not reasons:
            raise AssertionError(f"a refusal without reasons: {line} {answer}")
        equal(answer.code, REFUSALS[reasons[0][0]], f"code of {line}")
        self.seen.update(code for code, _ in reasons)
        return reasons

    # The list and the order agree ---------------------------------------------------------------

    def check_list(self):
        rows = self.available()
        equal([row["offer"] for row in rows], [offer["id"] for offer in self.catalog["offers"]],
              "offers of the list")
        held = self.subscriptions()
        waiting = [order for state in ("processing", "action_required")
                   for order in self.client.list(f"/v1/orders?state={state}")]
        for row in rows:
            equal(row["available"], not row["reasons"], f"availability of {row}")
            if self.connects(row["offer"]):
                self.check_connected(row, held, bool(waiting))
            else:
                self.check_unconnected(row)
        return rows

    def check_unconnected(self, row):
        prices = self.offer(row["offer"])["prices"]
        if not row["available"]:
            price = self.chance.choice(prices)
            line = {"offer": row["offer"], "quantity": 1, "term": price["term"],
                    "billing": price["billing"]}
            equal(self.refuse(line), plain(row["reasons"]), f"reasons against {row['offer']}")
            return
        self.accept(row, self.line(row))
        sold = {(price["term"], price["billing"]) for price in row["prices"]}
        missing = [cadence for cadence in CADENCES if cadence not in sold]
        if missing:
            term, billing = self.chance.choice(missing)
            answer = self.ask([{**self.line(row), "term": term, "billing": billing}])
            equal(answer.code, "billing_frequency_unsupported", f"{term} {billing} of {row}")

    def check_connected(self, row, held, some_are_hidden):
        """Exactly the bases of the list are accepted; what it says of all of them together, an
        order says of the one it names."""
        offer = self.offer(row["offer"])
        bases = [sub for sub in held if sub["offer"] in offer["connects_to"]]
        answer = self.ask([{"offer": row["offer"], "quantity": 1}])
        equal((answer.code, answer.body.get("param")), ("invalid", "/lines/0/connect_to"),
              f"{row['offer']} without a base")
        told_of_bases = set()
        for base in bases:
            if base["id"] in row["connects_to"]:
                self.accept(row, self.line(row, base["id"]))
                continue
            reasons = self.refuse({"offer": row["offer"], "connect_to": base["id"]})
            told_of_bases |= {code for code, _ in reasons if code in OF_BASES}
            equal([r for r in reasons if r[0] not in OF_BASES],
                  [r for r in plain(row["reasons"]) if r[0] not in OF_BASES],
                  f"reasons against {row['offer']} on {base['offer']}")
            if len(bases) == 1 and not some_are_hidden:
                equal(reasons, plain(row["reasons"]), f"reasons against {row['offer']}")
        equal(set(row["connects_to"]) - {base["id"] for base in bases}, set(), "bases of the list")
        said = {code for code, _ in plain(row["reasons"]) if code in OF_BASES}
        if bases and not some_are_hidden:
            equal(said - told_of_bases, set(), f"reasons of the list alone against {row['offer']}")


def told(answer):
    """What a review or a refusal says, without what is different each time."""
    if answer.status != 200:
        return (answer.status, answer.code, plain(answer.body.get("reasons", [])),
                re.sub(r"^/lines/\d+", "", answer.body.get("param") or ""))
    return json.dumps({name: value for name, value in answer.body.items()
                       if name not in ("token", "expires_at")}, sort_keys=True)
