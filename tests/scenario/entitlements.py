#!/usr/bin/env python3
"""Entitlements on each store, two nodes on it: customers buy, assign, lower, cancel, expire, come
back … at random, and after every change the next list and check, asked of the other node, is what
a naive model of the rules says (support/entitlement_model.py), with `until` and `granted_by`.
Models that have one rule wrong are all found out by what was answered.

Usage: entitlements.py [--seed N] [--count N] [--store sqlite|postgresql]
One sequence is the life of one customer. Customers share a clock, 25 at a time: those that failed
are run again by `--seed` with the first of their 25 and `--count 25`. The program is $ANNEX_BIN, or
build/annex; PostgreSQL is $ANNEX_PG.
"""

import argparse
import contextlib
import copy
import os
import random
import sys
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from support.customers import Caller, Report, check_books, demo_store, equal, must  # noqa: E402
from support.entitlement_life import Clock, judge, lives  # noqa: E402
from support.entitlement_model import Model, catalogue  # noqa: E402
from support.entitlement_mutants import MUTANTS  # noqa: E402
from support.server import Server, store_kinds  # noqa: E402

COUNT, COUNT_LONG = 80, 10000
TOGETHER = 25       # customers on one clock
ROUNDS = (4, 8)     # each: some steps of every customer, then some days
STEPS = 2           # at most, of one customer in one round
DAY = date(2031, 1, 1)  # versions are of the present: before every renewal
BOOKS_S = 1800      # for the doctor's look at all of them
TRACES_KEPT = 400   # that the wrong models are shown


class Crowd:
    """Customers on clocks, some at a time, and what they came to."""

    def __init__(self, nodes, owner):
        self.nodes, self.owner, self.version = nodes, owner, 0
        self.traces, self.failed, self.changes, self.questions = [], {}, 0, 0
        self.publish()

    def publish(self):
        self.version += 1
        node = Caller(self.nodes[self.version % 2], self.owner)
        must(node.send("/v1/catalog_versions", catalogue("entitlements", self.version)), 200, 201)
        node.connection.close()

    def run(self, seeds):
        chance = random.Random(seeds[0])
        patient = seeds[0] // TOGETHER % 3 == 2
        day = DAY + timedelta(days=chance.randrange(60))
        clock = Clock(self.nodes[0], self.owner, day)
        with lives(seeds, self.nodes, self.owner, clock, self.version,
                   patient) as alive:
            everybody = dict(zip(seeds, alive))
            for _ in range(chance.randint(*ROUNDS)):
                self.run_round(chance, clock, alive, 31 if patient else None)
            for seed, life in everybody.items():
                self.changes += life.changes
                self.questions += life.questions
                if seed not in self.failed and len(self.traces) < TRACES_KEPT:
                    self.traces.append(life.trace)
        clock.caller.connection.close()

    def run_round(self, chance, clock, alive, days):
        if chance.random() < 0.3:
            self.publish()
            self.each(alive, lambda life: life.publish(self.version))
        for _ in range(STEPS):
            self.each(alive, lambda life: life.step())
        day = clock.day + timedelta(days=days or chance.randint(1, 25))
        ahead = [one for one in (life.day_ahead() for life in alive) if one]
        if ahead and chance.random() < (0.3 if days else 0.85):
            day = max(ahead, key=lambda one: (one[0], chance.random()))[1]
        for life in alive:  # a node does not wait for who says nothing
            life.close()
        clock.advance(day)
        self.each(alive, lambda life: life.walk(day))

    def each(self, alive, work):
        """Whoever is answered wrong lives no longer."""
        for life in list(alive):
            try:
                work(life)
            except AssertionError as wrong:
                self.failed[life.seed] = wrong
                alive.remove(life)
                life.close()


@contextlib.contextmanager
def two_nodes(store):
    with contextlib.ExitStack() as stack:
        servers = []
        for number in range(2):
            own = copy.copy(store)
            own.folder = store.folder / f"node-{number}"
            own.folder.mkdir()
            servers.append(Server(own))
            stack.callback(servers[-1].stop)
        yield [server.address for server in servers]


def run_sequences(store, owner, seeds, traces):
    began = time.monotonic()
    with two_nodes(store) as nodes:
        crowd = Crowd(nodes, owner)
        for first in range(seeds.start, seeds.stop, TOGETHER):
            crowd.run(range(first, min(first + TOGETHER, seeds.stop)))
    seconds = time.monotonic() - began
    print(f"    {store.kind}: {len(seeds)} sequences, {crowd.changes} changes,"
          f" {crowd.questions} questions to the other node, {crowd.version} versions,"
          f" {seconds:.0f} s", flush=True)
    for seed, wrong in list(crowd.failed.items())[:5]:
        first = seeds.start + (seed - seeds.start) // TOGETHER * TOGETHER
        print(f"    seed {seed} (of those from {first} on): {str(wrong)[:1500]}", flush=True)
    traces += crowd.traces
    equal(sorted(crowd.failed), [], "seeds of sequences with a wrong answer")


def check_mutants(traces):
    """What was answered agrees with the model, and with none that has a rule wrong."""
    equal([wrong for wrong in (judge(trace, Model) for trace in traces) if wrong], [],
          "the honest model")
    equal([mutant.__name__ for mutant in MUTANTS
           if not any(judge(trace, mutant) for trace in traces)], [], "not found out")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int,
                        default=COUNT_LONG if os.environ.get("ANNEX_LONG") else COUNT)
    parser.add_argument("--store", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.count)
    report = Report()
    for kind in [asked.store] if asked.store else store_kinds():
        traces = []
        with demo_store(kind) as (store, people):
            owner = people["seller"]["owner"]
            report.case(f"{kind}/{len(seeds)} sequences, and the other node's answers",
                        lambda s=store, o=owner, t=traces: run_sequences(s, o, seeds, t))
            report.case(f"{kind}/books are right", lambda s=store: check_books(s, BOOKS_S))
        if len(seeds) >= COUNT:
            report.case(f"{kind}/{len(MUTANTS)} wrong models are found out",
                        lambda t=traces: check_mutants(t))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
