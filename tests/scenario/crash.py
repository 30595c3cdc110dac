#!/usr/bin/env python3
"""Whatever breaks while orders come in, every acknowledged order is there exactly once, what was
not acknowledged completes once when it is sent again, and the books are right: kill -9 of the
server, a full disk, a lost database.

Usage: crash.py    The program is $ANNEX_BIN, or build/annex; PostgreSQL is $ANNEX_PG. With
ANNEX_LONG=1 the server is killed 200 times on each store instead of 20.
"""

import contextlib
import copy
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from support.customers import Report, check_books, demo_store, equal, serving  # noqa: E402
from support.proxy import Proxy  # noqa: E402
from support.server import Server, Store, read_keys, store_kinds  # noqa: E402
from support.stream import CALLERS, Stream  # noqa: E402

KILLS = 200 if os.environ.get("ANNEX_LONG") == "1" else 20
BOOKS_EVERY = 5        # kills
STORE_GONE = {"store_unavailable", "store_full"}
DISK_BYTES = 24 << 20  # of the small disk
FILL_S = 30            # within which a full disk has to show


class Trouble:
    """Orders come in on one store while something breaks, and later all of them are counted."""

    def __init__(self, name, store, owner):
        self.name, self.store = f"{store.kind}/{name}", store
        self.stream = Stream(owner, STORE_GONE)

    def run(self):
        raise NotImplementedError

    def check(self):
        equal(self.stream.faults[:3], [], "answers that should not be")
        with serving(self.store) as server:
            self.stream.finish(server.address)
        check_books(self.store)


# kill -9 -----------------------------------------------------------------------------------------


class Kills(Trouble):
    """Rounds of: serve, order, die."""

    def run(self):
        moments = random.Random(self.store.kind)
        self.stream.allowed -= STORE_GONE
        for number in range(KILLS):
            server = Server(self.store)
            try:
                self.stream.add_customers(server.address)
                self.stream.begin(server.address)
                self.stream.wait_for_one_more()
                time.sleep(moments.uniform(0, 0.25))
                self.stream.may_lose = True
            finally:
                server.process.kill()
                server.stop()
                self.stream.end()
            if number % BOOKS_EVERY == 0:
                check_books(self.store)


# A full disk -------------------------------------------------------------------------------------


def wait_for_refusal(stream):
    until = time.monotonic() + FILL_S
    while not sum(stream.codes[code] for code in STORE_GONE):
        if time.monotonic() > until or stream.faults:
            raise AssertionError(f"no refusal of the store after {FILL_S} s: {stream.codes},"
                                 f" {len(stream.placed)} placed, {stream.faults[:2]}")
        time.sleep(0.01)


def check_nothing_halved(stream):
    """What is refused has left nothing; reading still works."""
    for customer in stream.customers:
        customer.client = customer.connect()
        tags = {order["purchase_order"] for order in customer.client.list("/v1/orders")}
        known = {tag for tag, (request, _) in stream.placed.items() if request.customer is customer}
        equal(tags - known - set(stream.open), set(), "orders nobody asked for")
        equal(known - tags, set(), "acknowledged orders that are missing")
        equal(tags & set(stream.open), set(), "refused orders that are there")


def fill_and_free(store, owner, fill, free):
    """`fill(server)` leaves no room while orders come in; `free(server)` gives it back."""
    stream = Stream(owner, STORE_GONE)
    with serving(store) as server:
        stream.add_customers(server.address)
        stream.begin(server.address)
        try:
            time.sleep(0.2)
            fill(server)
            wait_for_refusal(stream)
            time.sleep(0.2)
        finally:
            stream.end()
        equal(stream.faults[:3], [], "answers that should not be")
        check_nothing_halved(stream)
        free(server)
        stream.finish(server.address)
    check_books(store)


def check_file_limit(report):
    """No file of the server may grow beyond what the largest one has."""
    def limit(server):
        largest = max(path.stat().st_size for path in store.folder.iterdir())
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE,
                         (largest, resource.RLIM_INFINITY))

    def lift(server):
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE,
                         (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    with demo_store("sqlite") as (store, people):
        report.case("sqlite/a file that may not grow",
                    lambda: fill_and_free(store, people["seller"]["owner"], limit, lift))


@contextlib.contextmanager
def small_disk(folder):
    """Mounts a disk of its own on the folder, where that is allowed; gives whether it was."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "annex-scenario", str(folder)]
    is_there = subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield is_there
    finally:
        if is_there:
            subprocess.run(["umount", str(folder)], check=True)


def check_full_disk(report):
    store = Store("sqlite")
    ballast = store.folder / "ballast"

    def fill(_):
        with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))

    def free(_):
        ballast.unlink()

    try:
        with small_disk(store.folder) as is_there:
            if not is_there:
                print("skipped sqlite/a full disk: mounting one is not allowed here", flush=True)
                return
            owner = read_keys(store.run("demo"))["seller"]["owner"]
            report.case("sqlite/a full disk", lambda: fill_and_free(store, owner, fill, free))
    finally:
        store.remove()


# A lost database ---------------------------------------------------------------------------------


class Lost(Trouble):
    """`served` is the store by the way that breaks."""

    def run(self):
        served = self.open_way()
        with serving(served) as server:
            self.stream.add_customers(server.address)
            self.stream.begin(server.address)
            try:
                self.stream.wait_for_one_more()
                self.break_way()
                self.stream.wait_for_one_more()
            finally:
                self.stream.end()


class Terminated(Lost):
    """PostgreSQL ends every connection of the server, ten times."""

    def open_way(self):
        served = copy.copy(self.store)
        served.where += "&application_name=annex-crash"
        return served

    def break_way(self):
        for _ in range(10):
            self.store.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                           " WHERE application_name = 'annex-crash'")
            time.sleep(0.05)


class Unreachable(Lost):
    """The database goes away altogether, and comes back."""

    def open_way(self):
        self.proxy = Proxy(self.store.where)
        served = copy.copy(self.store)
        served.where = self.proxy.where
        return served

    def break_way(self):
        self.proxy.cut()
        wait_for_refusal(self.stream)
        before = len(self.stream.placed)
        time.sleep(0.5)
        equal(len(self.stream.placed) - before <= CALLERS, True, "no orders without a database")
        self.proxy.mend()


def main():
    """A request whose server or database went away may be said to run for half a minute more; all
    stores wait for that together."""
    report = Report()
    check_file_limit(report)
    check_full_disk(report)
    kinds = {"sqlite": [(Kills, f"killed {KILLS} times")],
             "postgresql": [(Kills, f"killed {KILLS} times"), (Terminated, "connections ended"),
                            (Unreachable, "a database that goes away")]}
    with contextlib.ExitStack() as stack:
        troubles = []
        for kind in store_kinds():
            for trouble, name in kinds[kind]:
                store, people = stack.enter_context(demo_store(kind))
                troubles.append(trouble(name, store, people["seller"]["owner"]))
        for trouble in troubles:
            report.case(trouble.name, trouble.run)
        for trouble in troubles:
            report.case(f"{trouble.name}: every order is there once", trouble.check)
    return report.status


if __name__ == "__main__":
    sys.exit(main())
