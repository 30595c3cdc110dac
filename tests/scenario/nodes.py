#!/usr/bin/env python3
"""Three nodes on one PostgreSQL, orders coming in at each of them, customers with arrears of
months, and one node killed in the middle: every period is billed once, every order is there once,
and the books are right. The program is $ANNEX_BIN, or build/annex; PostgreSQL is $ANNEX_PG.
"""

import contextlib
import copy
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from support.customers import (Caller, Customer, Report, check_books, demo_store,  # noqa: E402
                               equal, must, unique)
from support.server import Server, store_kinds  # noqa: E402
from support.stream import Stream  # noqa: E402

NODES = 3
ARREARS = 130       # customers: more than a node claims at once
DAYS = 100          # since they were last looked at
LEASE_S = 60        # what a dead node has claimed is left alone so long
PATIENCE_S = 200
VISITS = 40         # of customers with arrears, whose commands meet what is due
LINES = [{"name": "base", "offer": "standard", "quantity": 3, "term": "P1M", "billing": "monthly"},
         {"offer": "extra-storage", "quantity": 10, "connect_to": "base"}]


def buy(customer):
    customer.methods = [customer.add_method(kind="card", test="success")]
    placed = must(customer.client.send("/v1/orders", {"account": customer.account, "lines": LINES},
                                       unique("order")), 201)
    customer.subscriptions = [line["subscription"] for line in placed["lines"]]
    return customer


def prepare(store, owner):
    """Customers that bought DAYS ago, and whom nobody looked at since: on a clock that stands
    still, and is then taken away from them."""
    server = Server(store)
    try:
        begin = datetime.now(timezone.utc) - timedelta(days=DAYS)
        clock = must(Caller(server.address, owner).send("/v1/test_clocks", {
            "frozen_time": begin.strftime("%Y-%m-%dT%H:%M:%SZ")}), 201)["id"]
        customers = [buy(Customer(server.address, owner, clock)) for _ in range(ARREARS)]
        stream = Stream(owner)
        stream.add_customers(server.address)
    finally:
        server.stop()
    store.sql(f"UPDATE organization SET clock = NULL, clock_at = NULL WHERE clock = '{clock}'")
    return customers, stream


def late(store):
    """Customers with arrears."""
    [(count,)] = store.sql("SELECT COUNT(*) FROM organization WHERE clock_at IS NULL AND due_at <="
                           " EXTRACT(EPOCH FROM now()) * 1000")
    return int(count)


def wait_until(what, look, patience_s=PATIENCE_S):
    until = time.monotonic() + patience_s
    while not look():
        if time.monotonic() > until:
            raise AssertionError(f"not after {patience_s} s: {what}")
        time.sleep(0.02)


class Visits:
    """Commands of customers with arrears, at two nodes in turn: each first brings its own customer
    up to now, while any node may be doing the same."""

    def __init__(self, customers, addresses):
        self.customers, self.addresses, self.faults = customers[-VISITS:], addresses, []
        self.thread = threading.Thread(target=self.work)

    def work(self):
        for number, customer in enumerate(self.customers):
            caller = customer.connect(self.addresses[number % len(self.addresses)])
            answer = caller.patch(f"/v1/subscriptions/{customer.subscriptions[1]}",
                                  {"quantity": 10})
            if answer.status != 200:
                self.faults.append(str(answer))
            caller.connection.close()


def open_nodes(store, stack):
    servers = []
    for number in range(NODES):
        own = copy.copy(store)
        own.folder = store.folder / f"node-{number}"
        own.folder.mkdir()
        servers.append(Server(own))
        stack.callback(servers[-1].stop)
    return servers


def run(store, customers, stream):
    with contextlib.ExitStack() as stack:
        servers = open_nodes(store, stack)
        visits = Visits(customers, [servers[0].address, servers[2].address])
        stream.begin(*(server.address for server in servers))
        visits.thread.start()
        try:
            wait_until("some are done", lambda: late(store) < ARREARS * 3 // 4)
            stream.wait_for_one_more()
            stream.may_lose = True
            equal(late(store) > 0, True, "some are left when a node dies")
            servers[1].process.kill()
            time.sleep(1)
            stream.wait_for_one_more()
        finally:
            stream.end()
            visits.thread.join()
        equal(visits.faults[:3], [], "answers to customers with arrears")
        stream.finish(servers[0].address)
        wait_until("all are done", lambda: late(store) == 0)
        wait_until("all claims are given back", lambda: store.sql(
            "SELECT COUNT(*) FROM organization WHERE due_claimed_until >"
            " EXTRACT(EPOCH FROM now()) * 1000 AND due_claim IS NOT NULL") == [("0",)],
            LEASE_S + 20)
        for customer in customers:
            customer.address = servers[0].address
        check_periods(store, customers)
    check_books(store)


def check_periods(store, customers):
    """The same for all: bought, then every period once, one after another, up to today."""
    rows = store.sql("SELECT l.subscription, l.reason, l.from_on, l.to_on FROM document_line l"
                     " JOIN document d ON d.id = l.document WHERE d.state = 'issued'"
                     " ORDER BY l.subscription, l.from_on, l.to_on")
    today = datetime.now(timezone.utc).date().isoformat()
    wanted = None
    for customer in customers:
        for sub in customer.subscriptions:
            periods = [row[1:] for row in rows if row[0] == sub]
            wanted = wanted or periods
            equal(periods, wanted, f"periods billed of {sub}")
    for before, after in zip(wanted, wanted[1:]):
        equal(after[:2], ("renewal", before[2]), "each goes on where the one before ended")
    equal((wanted[0][0], wanted[-1][1] <= today < wanted[-1][2]), ("purchase", True),
          "from the purchase to today")
    equal(len(wanted) >= DAYS // 31, True, "months billed")


def main():
    report = Report()
    if "postgresql" not in store_kinds():
        print("skipped nodes: ANNEX_PG names no PostgreSQL")
        return 0
    with demo_store("postgresql") as (store, people):
        customers, stream = prepare(store, people["seller"]["owner"])
        report.case(f"{NODES} nodes, one of them killed", lambda: run(store, customers, stream))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
