#!/usr/bin/env python3
"""The pages in Debian's Chromium, on a fresh demonstration for each language, side by side:
tests/web/*.mjs does the looking.

usage: ANNEX_BIN=build/annex tests/web/run.py [NAME…]     screenshots: build/screenshots/
"""

import concurrent.futures
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "scenario"))
sys.dont_write_bytecode = True

from support.customers import demo_store, serving  # noqa: E402

SECONDS = 500
LANGUAGES = ("en", "fr")
PROGRAMS = ("main.mjs", "people.mjs")


def install():
    """What package-lock.json names, when it is not there yet."""
    lock, done = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
        return
    subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=HERE, check=True,
                   timeout=SECONDS)
    os.utime(done)


def run(language):
    return max(run_program(program, language) for program in PROGRAMS)


def run_program(program, language):
    with demo_store("sqlite") as (store, people), serving(store) as server:
        facts = {"address": f"http://{server.address}", "language": language,
                 "store": store.where, "keys": people}
        command = ["node", str(HERE / program), json.dumps(facts), *sys.argv[1:]]
        return subprocess.run(command, check=False, timeout=SECONDS).returncode


def main():
    install()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        sys.exit(max(pool.map(run, LANGUAGES)))


main()
