"""What happens in a random world: orders, changes and cancellations, each held against its review,
and what comes between a review and its order."""

import copy
import time

from support.customers import equal, must
from support.world import DAY_MS, DAYS_LATER, World

OF_LINE = ("offer", "reason", "from", "to", "quantity", "unit_amount", "days", "of_days")
OF_SUBSCRIPTION = ("status", "quantity", "recurring_billing", "period_start", "period_end",
                   "term_start", "term_end")


class Orders(World):
    def lines_to_buy(self):
        """Something available; a base sometimes with an add-on in the same order."""
        rows = [row for row in self.available()
                if row["available"] and row["quantity"]["min"] <= row["quantity"]["max"]]
        if not rows:
            return []
        line = self.line(self.chance.choice(rows))
        offer = self.offer(line["offer"])
        if offer["kind"] == "base" and self.is_classic and self.chance.random() < 0.6:
            extras = [extra["id"] for extra in self.catalog["offers"]
                      if offer["id"] in extra.get("connects_to", [])]
            if extras:
                extra = self.chance.choice(extras)
                quantity = self.offer(extra)["quantity"]
                return [{**line, "name": "base"},
                        {"offer": extra, "connect_to": "base",
                         "quantity": -(-quantity["min"] // quantity["step"]) * quantity["step"]}]
        if "connect_to" in line:
            return [line]
        if "trial" in offer and self.chance.random() < 0.5:
            return [{**line, "trial": True, "quantity": 1}]
        if self.chance.random() < 0.1:
            soon = time.strftime("%Y-%m-%d", time.gmtime((self.now() + 10 * DAY_MS) / 1000))
            return [{**line, "start_on": soon}]
        return [line]

    def fill(self):
        """Holdings made by orders, some cancelled, and perhaps some time gone by."""
        for _ in range(self.chance.randint(2, 5)):
            self.buy()
        if self.chance.random() < 0.4:
            self.change("cancel")
        if self.slow_cards and self.chance.random() < 0.7:
            self.leave_pending()
        if self.is_later:
            self.later_ms = self.chance.choice(DAYS_LATER) * DAY_MS
            self.clock(self.customer.organization, self.now())
            price = {"term": "P1M", "billing": "monthly"}  # of `plain`, which is always sold
            body = self.order_body([{"offer": "plain", "quantity": 1, **price}])
            must(self.client.send("/v1/orders?preview=true", body), 200)
            for _ in range(2):
                self.buy()
                self.change("quantity")
            self.change("cancel")

    def leave_pending(self):
        """More licences of each base, for which the bank asks or does not answer: changes that are
        under way."""
        for base in self.subscriptions():
            offer = self.offer(base["offer"])
            if base["status"] != "active" or offer["kind"] != "base":
                continue
            more = base["quantity"] + offer["quantity"]["step"]
            body = {"quantity": more, "payment_method": self.chance.choice(self.slow_cards)}
            must(self.client.send(f"/v1/subscriptions/{base['id']}", body, method="PATCH"),
                 200, 202, 409, 422)

    # Review and document ------------------------------------------------------------------------

    def buy(self):
        """Reviews and orders; returns the order, or None when it was refused."""
        lines = self.lines_to_buy()
        if not lines:
            return None
        method = {"payment_method": self.chance.choice(self.methods)}
        if self.chance.random() < 0.5:
            cart, review = self.review_cart(lines, **method)
            place = f"/v1/carts/{cart}/checkout"
            body = {**method, "token": review.body.get("token")}
        else:
            place = "/v1/orders"
            body = self.order_body(lines, **method)
            review = self.client.send("/v1/orders?preview=true", body)
            body = {**body, "token": review.body.get("token")}
        if review.status != 200:
            equal(len(lines) > 1 or lines[0].get("trial", False), True, f"refused {review}")
            return None
        answer = self.client.send(place, body)
        order = must(answer, 201, 202)
        equal(order["total"], review.body["total"], f"total of {lines}")
        if order["state"] == "completed":
            self.check_document(review.body, self.document_of(order, review.body))
            self.check_bought(review.body, order)
        return order

    def document_of(self, order, review):
        if review["document"] in (None, "record"):
            return None
        return self.client.load(f"/v1/invoices/{order['invoice']}")

    def check_document(self, review, document):
        """Line by line, and the totals; a credit note shows what it gives as positive."""
        if document is None:
            equal(review["total"]["amount"], 0, "total of what has no document")
            return
        self.seen[document["object"]] += 1
        self.seen["part of a period"] += any(l["days"] < l["of_days"] for l in document["lines"])
        sign = -1 if document["object"] == "credit_note" else 1
        equal([([line[name] for name in OF_LINE], sign * line["amount"]["amount"])
               for line in document["lines"]],
              [([line[name] for name in OF_LINE], line["amount"]["amount"])
               for line in review["lines"]], "lines of the document")
        for name in ("net", "tax", "total"):
            equal(sign * document[name]["amount"], review[name]["amount"], name)
        equal([(t["treatment"], t["percent"], sign * t["net"]["amount"], sign * t["tax"]["amount"])
               for t in document["taxes"]],
              [(t["treatment"], t["percent"], t["net"]["amount"], t["tax"]["amount"])
               for t in review["taxes"]], "taxes")

    def check_bought(self, review, order):
        """The subscriptions are as the review showed them."""
        shown = [sub for sub in review["subscriptions"] if sub["before"] is None]
        bought = [self.client.load(f"/v1/subscriptions/{line['subscription']}")
                  for line in order["lines"]]
        equal([(sub["offer"], [sub[name] for name in OF_SUBSCRIPTION]) for sub in bought],
              [(sub["offer"], [sub["after"][name] for name in OF_SUBSCRIPTION]) for sub in shown],
              "subscriptions bought")

    def change(self, what):
        """Reviews and saves a change of a subscription; a refusal is the same both times."""
        held = [sub for sub in self.subscriptions() if sub["status"] != "deleted"]
        if not held:
            return
        sub = self.chance.choice(held)
        body = {"when": self.chance.choice(["now", "now", "end_of_term"])}
        method, path = "POST", f"/v1/subscriptions/{sub['id']}/cancel"
        if what == "quantity":
            step = self.offer(sub["offer"]).get("quantity", {}).get("step", 1)
            body = {"quantity": max(sub["quantity"] + step * self.chance.choice([-2, 1, 3]), 0)}
            method, path = "PATCH", f"/v1/subscriptions/{sub['id']}"
        review = self.client.send(f"{path}?preview=true", body, method=method)
        if review.status != 200:
            self.seen["change refused"] += 1
            again = must(self.client.send(path, body, method=method), 409, 422)
            equal(again["code"], review.code, f"{what} of {sub}")
            return
        token = review.body["token"]
        changed = must(self.client.send(path, {**body, "token": token}, method=method), 200)
        self.check_document(review.body, self.newest_document(review.body))
        after = next((shown["after"] for shown in review.body["subscriptions"]
                      if shown["subscription"] == sub["id"]), sub)  # not shown: nothing changes
        equal([changed[name] for name in OF_SUBSCRIPTION],
              [after[name] for name in OF_SUBSCRIPTION], f"{what} of {sub['offer']}")

    def newest_document(self, review):
        if review["document"] in (None, "record"):
            return None
        kind = f"{review['document']}s"
        newest = self.client.load(f"/v1/{kind}?account={self.account}&limit=1")["data"][0]["id"]
        return self.client.load(f"/v1/{kind}/{newest}")

    # Between review and order -------------------------------------------------------------------

    def check_changes_between(self):
        rows = [row for row in self.available()
                if row["available"] and row["quantity"]["min"] <= row["quantity"]["max"]]
        connected = [row for row in rows if row["connects_to"]]
        if connected:
            self.check_base_cancelled(self.chance.choice(connected))
        self.check_price_changed(next(row for row in rows if row["offer"] == "plain"))
        others = [row for row in self.available() if row["available"] and not row["connects_to"]
                  and row["quantity"]["min"] <= row["quantity"]["max"]]
        self.check_price_changed(self.chance.choice(others))

    def review(self, line):
        body = self.order_body([line], payment_method=self.methods[0])
        review = must(self.client.send("/v1/orders?preview=true", body), 200)
        return review, {**body, "token": review["token"]}

    def check_base_cancelled(self, row):
        """The base leaves *active* in between: refused, and nothing is bought."""
        review, body = self.review(self.line(row))
        base = body["lines"][0]["connect_to"]
        cancelled = self.client.send(f"/v1/subscriptions/{base}/cancel", {"when": "now"})
        if cancelled.status != 200:
            equal(cancelled.code, "too_many_licenses_to_cancel", f"cancel {cancelled}")
            return
        before = len(self.client.list("/v1/orders"))
        answer = self.client.send("/v1/orders", body)
        equal((answer.status, answer.code), (409, "parent_not_active"), f"order of {review}")
        equal(len(self.client.list("/v1/orders")), before, "orders")
        self.seen["base cancelled"] += 1

    def check_price_changed(self, row):
        """A price changes in between: 409 with what differs, as it was and as it is."""
        line = self.line(row)
        review, body = self.review(line)
        repriced = copy.deepcopy(self.catalog)
        for price in next(o for o in repriced["offers"] if o["id"] == row["offer"])["prices"]:
            price.pop("tiers", None)
            price["unit_amount"] = self.chance.randint(100000, 999999)
        must(self.publish(repriced), 201)
        self.catalog = repriced
        answer = self.client.send("/v1/orders", body)
        equal((answer.status, answer.code), (409, "quote_changed"), f"repriced {row['offer']}")
        fresh, body = self.review(line)
        differs = answer.body["differs"]
        equal({"lines", "net", "total"} - set(differs), set(), "what differs")
        for name, both in differs.items():
            equal(both, {"was": review[name], "is": fresh[name]}, f"{name} in what differs")
        self.seen["price changed"] += 1
        must(self.client.send("/v1/orders", body), 201, 202)
