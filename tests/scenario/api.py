#!/usr/bin/env python3
"""The API from outside, on each store: the main job, and the table of bad input. Each refusal
has its own clear error and changes nothing; each answer is held to /openapi.json.

Usage: api.py [NAME…]   a NAME is a part of the names of the cases to run (default: all).
The program is $ANNEX_BIN, or build/annex. Prints `ok NAME` or `FAILED NAME: …` lines.
"""

import sys
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from support import cases_bad_input, cases_changes, cases_licenses  # noqa: E402
from support import cases_lifecycle  # noqa: E402
from support import cases_main_job, cases_operations, cases_reviews  # noqa: E402
from support.cases import CASES, Fail  # noqa: E402
from support.contract import Contract  # noqa: E402
from support.server import Client, Server, Store, read_keys, store_kinds  # noqa: E402
from support.shop import Shop  # noqa: E402

MODULES = (cases_main_job, cases_lifecycle, cases_licenses, cases_changes, cases_bad_input,
           cases_reviews, cases_operations)


def tell(name, why):
    print(f"FAILED {name}: {why}" if why else f"ok {name}", flush=True)
    return bool(why)


def run_case(case, shop, store):
    try:
        case(shop, store)
    except Fail as fail:
        return str(fail)
    except Exception:  # pylint: disable=broad-except
        return traceback.format_exc(limit=4)
    return None


def run_on(kind, wanted):
    store = Store(kind)
    people = read_keys(store.run("demo"))
    server = Server(store)
    failed = False
    try:
        contract = Contract(Client(server.address).get("/openapi.json").body)
        shop = Shop(server, people, contract.watch)
        for name, case in CASES:
            if not wanted or any(part in name for part in wanted):
                failed |= tell(f"{kind} {name}", run_case(case, shop, store))
        if not wanted:
            failed |= tell(f"{kind} answers as described", "\n    ".join(contract.faults[:20]))
            # The description of the whole is checked by openapi.py.
            # Assets are the business of pages.
            elsewhere = {("get", "/openapi.json"), ("get", "/metrics"), ("get", "/assets/{name}")}
            missing = [route for route in contract.unanswered() if route not in elsewhere]
            failed |= tell(f"{kind} every route answered", missing)
        doctor = store.run("doctor")
        last = doctor.strip().splitlines()[-1]
        failed |= tell(f"{kind} doctor", None if last == "books are right" else doctor)
        failed |= tell(f"{kind} stops well", server.stop() or None)
    finally:
        if server.process.poll() is None:
            server.stop()
        store.remove()
    return failed


def main():
    failed = False
    for kind in store_kinds():
        failed |= run_on(kind, sys.argv[1:])
    sys.exit(failed)


main()
