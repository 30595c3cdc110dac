#!/usr/bin/env python3
"""The demonstration: what is available to it is what a reader of rules §2 works out by hand, the
list and the order agree offer by offer, and the tour ends with right books."""

import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from support.customers import (Caller, Report, check_books, demo_store, equal,  # noqa: E402
                               must, serving)
from support.server import BINARY, SECONDS, store_kinds  # noqa: E402

ORGANIZATION = "Fonderie Marsault"
WANTED = Path(__file__).with_name("demo_availability.json")


def wanted_rows():
    return json.loads(WANTED.read_text(encoding="utf-8"))["available"]


def check_availability(client, account):
    names = {s["id"]: s["name"] for s in client.list("/v1/subscriptions")}
    got = client.load(f"/v1/availability?account={account}")["data"]
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
    bases = {s["offer"]: s["id"] for s in client.list("/v1/subscriptions?status=active")}
    for row in client.load(f"/v1/availability?account={account}")["data"]:
        offer = client.load(f"/v1/offers/{row['offer']}")
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
        answer = client.send("/v1/orders?preview=true", body)
        if row["available"]:
            must(answer, 200)
        else:
            codes = [r["code"] for r in answer.body.get("reasons", [])]
            equal(codes, [r["code"] for r in row["reasons"]], f"refusal of {row['offer']}")


def check_review_is_bill(client, account):
    rows = [r for r in client.load(f"/v1/availability?account={account}")["data"] if r["available"]]
    for row in rows[:6]:
        body = {"account": account, "lines": [order_line(row)]}
        review = must(client.send("/v1/orders?preview=true", body), 200)
        order = must(client.send("/v1/orders", {**body, "token": review["token"]}), 201)
        equal(order["state"], "completed", f"order of {row['offer']}")
        invoice = client.load(f"/v1/invoices/{order['invoice']}")
        for member in ("net", "tax", "total"):
            equal(invoice[member], review[member], f"{row['offer']} {member}")
        keys = ("offer", "reason", "from", "to", "quantity", "unit_amount", "days", "of_days",
                "amount")
        equal([[line[k] for k in keys] for line in invoice["lines"]],
              [[line[k] for k in keys] for line in review["lines"]], f"{row['offer']} lines")


def check_store(report, kind):
    with demo_store(kind) as (store, people):
        key = people[ORGANIZATION]["global"]
        with serving(store) as server:
            client = Caller(server.address, key)
            account = client.load("/v1/billing_accounts")["data"][0]["id"]
            report.case(f"{kind}/availability-by-hand",
                        lambda: check_availability(client, account))
            report.case(f"{kind}/list-and-order-agree",
                        lambda: check_list_and_order(client, account))
            report.case(f"{kind}/review-is-the-bill",
                        lambda: check_review_is_bill(client, account))
        report.case(f"{kind}/books", lambda: check_books(store))


def check_tour():
    done = subprocess.run([str(BINARY), "tour"], capture_output=True, text=True, timeout=SECONDS,
                          check=True)
    equal(done.stdout.strip().splitlines()[-1], "books are right", "last line of the tour")


def main():
    report = Report()
    report.case("tour", check_tour)
    for kind in store_kinds():
        check_store(report, kind)
    return report.status


if __name__ == "__main__":
    sys.exit(main())
