#!/usr/bin/env python3
"""The law of panes (rules §6, §7): for random customers and random changes, the sentences of the
pane in both languages, the preview over the API, and the document that the change makes agree to
the cent; and the next charge comes as it was said.

Usage: panes.py [--seed N] [--worlds N] [--store sqlite|postgresql]
60 worlds, 20 of them on PostgreSQL too; with ANNEX_LONG set 1 000 on each. A world that fails
prints its seed; `--seed N` runs it alone.
"""

import argparse
import collections
import json
import os
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from support.customers import Report, check_books, demo_store, equal, serving  # noqa: E402
from support.pane_world import PaneWorld  # noqa: E402
from support.server import store_kinds  # noqa: E402
from worlds import clock_of  # noqa: E402

LONG = bool(os.environ.get("ANNEX_LONG"))
COUNT = {"sqlite": 1000 if LONG else 60, "postgresql": 1000 if LONG else 20}
FAILURES_SHOWN = 5
CATALOG = Path(__file__).resolve().parents[2] / "demo/catalog.json"
COMES_UP = ["licenses", "frequency", "plan", "cancel", "recurring", "method", "reactivate",
            "trial", "invoice", "credit_note", "at the renewal", "charge that came"]


def run_world(*world, **more):
    """Returns why the world failed, or None."""
    law = None
    try:
        law = PaneWorld(*world, **more)
        law.run()
    except (AssertionError, OSError) as fault:
        return f"{type(fault).__name__}: {fault}"
    except Exception:  # pylint: disable=broad-except
        return traceback.format_exc(limit=-4)
    finally:
        if law:
            law.end()
    return None


def run_worlds(store, owner, seeds):
    failed, seen = [], collections.Counter()
    with serving(store) as server, clock_of(store) as clock:
        for seed in seeds:
            why = run_world(seed, server, store, owner, clock, seen)
            if why:
                failed.append(seed)
                if len(failed) <= FAILURES_SHOWN:
                    print(f"    seed {seed}: {why[:2500]}", flush=True)
    print(f"    {store.kind}: {dict(sorted(seen.items()))}", flush=True)
    if failed:
        raise AssertionError(f"{len(failed)} of {len(seeds)} worlds failed: {failed[:40]}")
    if len(seeds) >= 60:
        equal([what for what in COMES_UP if not seen[what]], [], "what never came up")


# Faults ------------------------------------------------------------------------------------------


def a_cent_more(amount):
    return {**amount, "amount": amount["amount"] + 1}


def spoil_page(what, value):
    """A pane that says one digit of what is due wrongly."""
    head, mark, rest = value.partition('class="due-amount money">') if what == "page" else ("",) * 3
    if not mark:
        return value
    at = next(place for place, letter in enumerate(rest) if letter.isdigit())
    return head + mark + rest[:at] + str((int(rest[at]) + 1) % 10) + rest[at + 1:]


def spoil_preview(what, value):
    if what != "preview":
        return value
    return {**value, "next_charges": [{**one, "net": a_cent_more(one["net"])}
                                      for one in value["next_charges"]]}


def spoil_document(what, value):
    return {**value, "tax": a_cent_more(value["tax"])} if what == "document" else value


def find_faults(store, owner):
    """Each fault is found in one of the first worlds, which hold without it."""
    with serving(store) as server, clock_of(store) as clock:
        for spoil, told in ((None, None), (spoil_page, "total said"),
                            (spoil_preview, "what is said to come"),
                            (spoil_document, "tax and total of the documents")):
            whys = [run_world(f"fault {seed}", server, store, owner, clock, collections.Counter(),
                              spoil=spoil) for seed in range(4)]
            found = [why for why in whys if why]
            equal(found == [] if told is None else any(told in why for why in found), True,
                  f"{told}: {whys}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int)
    parser.add_argument("--worlds", type=int)
    parser.add_argument("--store", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    report, began = Report(), time.monotonic()
    offers = json.loads(CATALOG.read_text(encoding="utf8"))["offers"]
    for kind in [asked.store] if asked.store else store_kinds():
        count = asked.worlds or COUNT[kind]
        seeds = range(count) if asked.seed is None else [asked.seed]
        with demo_store(kind) as (store, people):
            store.catalog = {offer["id"]: offer for offer in offers}
            store.now_ms = int(time.time() * 1000)
            owner = people["seller"]["owner"]
            report.case(f"{kind}/{len(seeds)} random worlds",
                        lambda s=store, o=owner, w=seeds: run_worlds(s, o, w))
            report.case(f"{kind}/books are right", lambda s=store: check_books(s))
            report.case(f"{kind}/faults are found", lambda s=store, o=owner: find_faults(s, o))
    print(f"panes: {time.monotonic() - began:.1f} s", file=sys.stderr)
    return report.status


if __name__ == "__main__":
    sys.exit(main())
