#!/usr/bin/env python3
"""The demonstration: what is available to it is what a reader of rules §2 works out by hand, the
list and the order agree offer by offer, and the tour ends with right books."""
import json
import os
import sys

from support.annex import Client, Report, Server, Store, equal, run, stores

WANTED = os.path.join(os.path.dirname(__file__), "demo_availability.json")


def wanted_rows():
    with open(WANTED, encoding="utf-8") as file:
        return json.load(file)["available"]


def check_availability(client, account):
    names = {s["id"]: s["name"] for s in client.all("/v1/subscriptions")}
    got = client.get("/v1/availability", account=account)["data"]
    wanted = wanted_rows()
    equal([row["offer"] for row in got], [row["offer"] for row in wanted], "offers")
    for row, want in zip(got, wanted):
        row["connects_to"] = sorted(names[i] for i in row["connects_to"])
        row["reasons"] = [{"code": r["code"], "offers": r["offers"]} for r in row["reasons"]]
        for member in want:
            equal(row[member], want[member], f"{want['offer']} {member}")


def order_line(row):
    price = row["prices"][0]
    line = {"offer": row["offer"], "quantity": max(row["quantity"]["min"], 1)}
    if row["connects_to"]:
        line["connect_to"] = row["connects_to"][0]
    else:
        line.update(term=price["term"], billing=price["billing"])
    return line


def check_list_and_order(client, account):
    """What the list offers, a review accepts; what it does not offer is refused for its reasons."""
    bases = {s["offer"]: s["id"] for s in client.all("/v1/subscriptions", status="active")}
    for row in client.get("/v1/availability", account=account)["data"]:
        offer = client.get(f"/v1/offers/{row['offer']}")
        if row["available"]:
            line = order_line(row)
        else:
            line = {"offer": row["offer"], "term": offer["prices"][0]["term"],
                    "billing": offer["prices"][0]["billing"]}
            if offer["kind"] == "traditional_addon":
                possible = [bases[b] for b in offer["connects_to"] if b in bases]
                if not possible:
                    continue
                line = {"offer": row["offer"], "connect_to": possible[0]}
        body = {"account": account, "lines": [line]}
        status, answer, _ = client.post("/v1/orders?preview=true", body)
        if row["available"]:
            equal(status, 200, f"review of {row['offer']}: {answer}")
        else:
            codes = [r["code"] for r in answer.get("reasons", [])]
            equal(codes, [r["code"] for r in row["reasons"]], f"refusal of {row['offer']}")


def check_review_is_bill(client, account):
    rows = [r for r in client.get("/v1/availability", account=account)["data"] if r["available"]]
    for row in rows[:6]:
        body = {"account": account, "lines": [order_line(row)]}
        status, review, _ = client.post("/v1/orders?preview=true", body)
        equal(status, 200, f"review of {row['offer']}")
        status, order, _ = client.post("/v1/orders", {**body, "token": review["token"]})
        equal((status, order.get("state")), (201, "completed"), f"order of {row['offer']}")
        invoice = client.get(f"/v1/invoices/{order['invoice']}")
        for member in ("net", "tax", "total"):
            equal(invoice[member], review[member], f"{row['offer']} {member}")
        keys = ("offer", "reason", "from", "to", "quantity", "unit_amount", "days", "of_days",
                "amount")
        equal([[line[k] for k in keys] for line in invoice["lines"]],
              [[line[k] for k in keys] for line in review["lines"]], f"{row['offer']} lines")


def check_store(report, kind):
    store = Store(kind)
    try:
        with Server(store.where) as server:
            client = Client(server.port, store.keys["Camille"])
            account = client.get("/v1/billing_accounts")["data"][0]["id"]
            report.case(f"{kind}/availability-by-hand",
                        lambda: check_availability(client, account))
            report.case(f"{kind}/list-and-order-agree",
                        lambda: check_list_and_order(client, account))
            report.case(f"{kind}/review-is-the-bill",
                        lambda: check_review_is_bill(client, account))
        report.case(f"{kind}/books", lambda: equal(store.doctor(), "books are right", "doctor"))
    finally:
        store.remove()


def check_tour():
    equal(run("tour").strip().splitlines()[-1], "books are right", "last line of the tour")


def main():
    report = Report()
    report.case("tour", check_tour)
    for kind in stores():
        check_store(report, kind)
    return report.status()


if __name__ == "__main__":
    sys.exit(main())
