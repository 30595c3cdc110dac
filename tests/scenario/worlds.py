#!/usr/bin/env python3
"""Random worlds over HTTP (rules §2, §7): the list, the cart, the review and *Place order* agree on
every offer, and a review is its document line by line.

Usage: worlds.py [--seed N] [--worlds N] [--store sqlite|postgresql]
A world that fails prints its seed; `--seed N` runs it alone. The program is $ANNEX_BIN, or
build/annex; PostgreSQL is $ANNEX_PG.
"""

import argparse
import collections
import contextlib
import os
import sqlite3
import subprocess
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from support.customers import Report, check_books, demo_store, equal, serving  # noqa: E402
from support.server import SECONDS, store_kinds  # noqa: E402
from support.world import REFUSALS  # noqa: E402
from support.world_orders import Orders  # noqa: E402

WORLDS = 200 if os.environ.get("ANNEX_LONG") else 80
FAILURES_SHOWN = 5
SEEN_LEAST = WORLDS // 20  # of each of these, or the worlds say little
COMES_UP = [*REFUSALS, "accepted", "invoice", "credit_note", "part of a period", "price changed",
            "base cancelled", "change refused"]


@contextlib.contextmanager
def clock_of(store):
    """Gives clock(organization, instant): moves a customer's clock, past the program."""
    statement = "UPDATE organization SET clock_at = {} WHERE id = '{}'"
    if store.kind == "sqlite":
        connection = sqlite3.connect(store.where, timeout=SECONDS, isolation_level=None)
        with contextlib.closing(connection):
            yield lambda organization, at: connection.execute(statement.format(at, organization))
        return
    command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", store.where]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as psql:
        def move(organization, at):
            psql.stdin.write(statement.format(at, organization) + " RETURNING 'moved';\n")
            psql.stdin.flush()
            assert psql.stdout.readline() == "moved\n"

        yield move
        psql.stdin.close()


def run_world(*world):
    """Returns why the world failed, or None."""
    orders = None
    try:
        orders = Orders(*world)
        orders.fill()
        orders.check_list()
        orders.check_changes_between()
    except (AssertionError, OSError) as fault:
        return f"{type(fault).__name__}: {fault}"
    except Exception:  # pylint: disable=broad-except
        return traceback.format_exc(limit=-3)
    finally:
        if orders:
            orders.end()
    return None


def run_worlds(store, owner, seeds):
    failed, seen = [], collections.Counter()
    with serving(store) as server, clock_of(store) as clock:
        for seed in seeds:
            why = run_world(seed, server.address, owner, clock, seen)
            if why:
                failed.append(seed)
                if len(failed) <= FAILURES_SHOWN:
                    print(f"    seed {seed}: {why[:1500]}", flush=True)
    print(f"    {store.kind}: {dict(sorted(seen.items()))}", flush=True)
    if failed:
        raise AssertionError(f"{len(failed)} of {len(seeds)} worlds failed; run alone with"
                             f" --seed {failed[0]}; all: {failed[:40]}")
    if len(seeds) >= WORLDS:
        equal([what for what in COMES_UP if seen[what] < SEEN_LEAST], [], "what hardly came up")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--store", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    seeds = range(asked.worlds) if asked.seed is None else [asked.seed]
    report, began = Report(), time.monotonic()
    for kind in [asked.store] if asked.store else store_kinds():
        with demo_store(kind) as (store, people):
            owner = people["seller"]["owner"]
            report.case(f"{kind}/{len(seeds)} random worlds",
                        lambda s=store, o=owner: run_worlds(s, o, seeds))
            report.case(f"{kind}/books are right", lambda s=store: check_books(s))
    print(f"worlds: {time.monotonic() - began:.1f} s", file=sys.stderr)
    return report.status


if __name__ == "__main__":
    sys.exit(main())
