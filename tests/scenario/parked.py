#!/usr/bin/env python3
"""Due work that fails, or takes the server down with it, is parked after three attempts, alone,
told of everywhere, and done once it is mended and tried again. The program is $ANNEX_BIN, or
build/annex; PostgreSQL is $ANNEX_PG.
"""

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from support.customers import (Caller, Customer, Report, check_books, demo_store,  # noqa: E402
                               equal, must, serving, unique)
from support.server import BINARY, Server, store_kinds  # noqa: E402

LINE = {"offer": "standard", "quantity": 2, "term": "P1M", "billing": "monthly"}
PATIENCE_S = 60
ATTEMPTS = 3


def wait_for(what, look):
    until = time.monotonic() + PATIENCE_S
    while not look():
        if time.monotonic() > until:
            raise AssertionError(f"not after {PATIENCE_S} s: {what}")
        time.sleep(0.05)


class Buyer(Customer):
    """A customer with a subscription that the engine can be made to look at."""

    def __init__(self, store, address, owner):
        super().__init__(address, owner)
        self.store = store
        self.add_method(kind="card", test="success")
        placed = must(self.client.send("/v1/orders", {"account": self.account, "lines": [LINE]},
                                       unique("order")), 201)
        self.subscription = placed["lines"][0]["subscription"]

    def make_due(self):
        """Something to look at, so long ago that it comes first."""
        self.store.sql(f"UPDATE organization SET due_at = 1 WHERE id = '{self.organization}'")

    def is_done(self):
        """Where the server fell between the work and giving its claim back, that stays counted."""
        [(due_at, failures)] = self.store.sql(
            f"SELECT due_at, due_failures FROM organization WHERE id = '{self.organization}'")
        return int(due_at) > 1 and int(failures) < ATTEMPTS

    def break_it(self, column, value):
        """Past the program, as only a fault could."""
        self.store.sql(f"UPDATE subscription SET {column} = '{value}'"
                       f" WHERE id = '{self.subscription}'")


def buyers(store, server, owner, count=3):
    return [Buyer(store, server.address, owner) for _ in range(count)]


def parked(server, owner, customer):
    answer = Caller(server.address, owner).get(f"/v1/parked_work/{customer.organization}")
    return answer.body if answer.status == 200 else None


def doctor(store):
    done = subprocess.run([str(BINARY), "doctor", "--store", store.where], capture_output=True,
                          text=True, timeout=300, check=False)
    return done.stdout


def check_told(store, server, customer):
    """The event, the log, and what the commands print."""
    customer.client = customer.connect()
    told = [one for one in customer.client.list("/v1/events") if one["type"] == "work.parked"]
    equal([(one["subject"], one["data"]["attempts"]) for one in told],
          [(customer.organization, ATTEMPTS)], "told once")
    log = (store.folder / "serve.log").read_text(encoding="utf-8")
    equal("work_parked" in log, True, "in the log")
    equal(f"parked {customer.organization}: " in store.run("run-due"), True, "run-due says so")
    equal(f"parked: {customer.organization}: " in doctor(store), True, "the doctor says so")


def try_again(store, server, owner, customer):
    must(Caller(server.address, owner).send(f"/v1/parked_work/{customer.organization}/retry", {}),
         200)
    wait_for("mended work is done", customer.is_done)
    equal(parked(server, owner, customer), None, "parked no more")
    check_books(store)


# Work that fails ---------------------------------------------------------------------------------


def check_failing(store, owner):
    with serving(store) as server:
        first, broken, last = buyers(store, server, owner)
        broken.break_it("status", "unheard-of")
        for customer in (broken, first, last):
            customer.make_due()
        wait_for("the others' work", lambda: first.is_done() and last.is_done())
        wait_for("it is parked", lambda: parked(server, owner, broken))
        shown = parked(server, owner, broken)
        equal((shown["code"], shown["attempts"]), ("internal", ATTEMPTS), "what is parked")
        wait_for("somebody is told", lambda: parked(server, owner, broken)["parked_at"])
        check_told(store, server, broken)
        time.sleep(3)
        equal(parked(server, owner, broken)["attempts"], ATTEMPTS, "no further attempt")
        first.make_due()
        wait_for("the others go on", first.is_done)
        broken.break_it("status", "active")
        try_again(store, server, owner, broken)


# Work that takes the process down ----------------------------------------------------------------


def lapse_claims(store):
    """A minute later."""
    store.sql("UPDATE organization SET due_claimed_until = 1 WHERE due_claim IS NOT NULL")


def is_over(server, healthy, owner, poison):
    """Whether the server is down, or everything has come to an end."""
    if server.process.poll() is not None:
        return True
    try:
        shown = parked(server, owner, poison)
    except OSError:
        return False
    return bool(shown and shown["parked_at"]) and all(one.is_done() for one in healthy)


def check_poison(store, owner):
    server = Server(store)
    first, poison, last = buyers(store, server, owner)
    server.stop()
    poison.break_it("offer", "nothing")
    for customer in (first, poison, last):
        customer.make_due()
    falls = 0
    while True:
        server = Server(store)
        wait_for("it falls, or all is over",
                 lambda: is_over(server, (first, last), owner, poison))
        if server.process.poll() is None:
            break
        falls += 1
        equal(falls <= ATTEMPTS, True, "not more than three falls")
        server.stop()
        lapse_claims(store)
    try:
        equal(falls, ATTEMPTS, "falls of the server")
        equal(parked(server, owner, poison)["attempts"], ATTEMPTS, "attempts")
        poison.break_it("offer", "standard")
        poison.address = server.address
        check_told(store, server, poison)
        try_again(store, server, owner, poison)
    finally:
        equal(server.stop(), 0, "exit status of serve")


def main():
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, people):
            owner = people["seller"]["owner"]
            report.case(f"{kind}/work that fails", lambda: check_failing(store, owner))
            report.case(f"{kind}/work that takes the process down",
                        lambda: check_poison(store, owner))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
