"""Customers of our own in the demonstration's shop, and what they can see."""

import time

import time

from support.server import Client

DAY_MS = 24 * 3600 * 1000


class Shop:
    """The demonstration's seller, as its owner sees it."""

    def __init__(self, server, people, watch=None):
        self.address = server.address
        self.people = people
        self.watch = watch
        self.owner = Client(server.address, people["seller"]["owner"], watch=watch)
        self.count = 0

    def client(self, organization, role):
        """One of the demonstration's people."""
        return Client(self.address, self.people[organization][role], watch=self.watch)

    def sign_up(self, kind="classic", country="FR", currency="EUR", **more):
        self.count += 1
        made = self.owner.post("/v1/organizations", {
            "name": f"Scenario {self.count}", "country": country, **more,
            "account": {"type": kind, "currency": currency},
            "person": {"name": "Ada", "email": f"ada{self.count}@scenario.example"}})
        assert made.status == 201, made
        return Customer(self, made.body)


class Customer:
    """An organisation with one account, asked for by the seller's owner in its name."""

    def __init__(self, shop, made):
        self.id = made["id"]
        self.account = made["account"]["id"]
        self.client = Client(shop.address, shop.people["seller"]["owner"], self.id, shop.watch)
        self.support = Client(shop.address, shop.people["seller"]["support"], self.id, shop.watch)
        self.methods = {}
        self.now_ms = None

    def later(self, store, days):
        """Moves this customer's clock, past the program; from now on it does not go by itself."""
        self.now_ms = (self.now_ms or int(time.time() * 1000)) + days * DAY_MS
        store.sql(f"UPDATE organization SET clock_at = {self.now_ms} WHERE id = '{self.id}'")

    def method(self, test="success"):
        """A card of the sandbox that behaves like this; "transfer" is one by transfer."""
        if test not in self.methods:
            body = {"account": self.account, "kind": "card", "test": test}
            if test == "transfer":
                body = {"account": self.account, "kind": "transfer"}
            made = self.client.post("/v1/payment_methods", body)
            assert made.status == 201, made
            self.methods[test] = made.body["id"]
        return self.methods[test]

    def order_body(self, *lines, method="success", **more):
        return {"account": self.account, "lines": list(lines),
                "payment_method": self.method(method), **more}

    def order(self, *lines, method="success"):
        """Places an order that must be completed; gives its subscriptions."""
        placed = self.client.post("/v1/orders", self.order_body(*lines, method=method))
        assert placed.status == 201 and placed.body["state"] == "completed", placed
        return [line["subscription"] for line in placed.body["lines"]]

    def cart(self, *lines):
        made = self.client.post("/v1/carts", {"account": self.account, "lines": list(lines)})
        assert made.status == 201, made
        return made.body["id"]

    def sight(self):
        """Everything that a refusal must leave as it was: what there is, with its versions, and
        the number of the last event."""
        seen = {}
        for noun in ("subscriptions", "orders", "invoices", "credit_notes", "billing_accounts",
                     "payment_methods", "support_requests"):
            page = self.client.get(f"/v1/{noun}?limit=100").body
            # A document's number comes by itself and does not change its version.
            seen[noun] = [(one["id"], one["version"]) for one in page["data"]]
        seen["events"] = self.last_event()
        return seen

    def wait_for_refunds(self, store):
        """What goes back is sent by the server by itself, a moment later."""
        until = time.monotonic() + 30
        while store.sql(f"SELECT id FROM refund WHERE customer = '{self.id}'"
                        " AND state = 'requested'"):
            assert time.monotonic() < until, "refunds are not sent"
            time.sleep(0.05)

    def last_event(self):
        last = 0
        while True:
            page = self.client.get(f"/v1/events?limit=100&after={last}").body["data"]
            if not page:
                return last
            last = page[-1]["sequence"]
