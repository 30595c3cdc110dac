#!/usr/bin/env python3
"""`annex run-due`: one walk to an instant gives what many small ones give, running twice changes
nothing, and the books are right. The program is $ANNEX_BIN, or build/annex."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

BINARY = os.environ.get("ANNEX_BIN") or str(Path(__file__).resolve().parents[2] / "build" / "annex")
SECONDS, STEPS, DAYS = 60, 12, 11


def annex(*words):
    return subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=SECONDS,
                          check=False)


def walk(store, at):
    done = annex("run-due", "--store", store, "--at", at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(store):
    with sqlite3.connect(store) as db:
        documents = db.execute("SELECT issued_on, type, series, total_minor, unpaid_minor, paid_on,"
                               " number FROM document ORDER BY 1, 2, 3, 4, 5, 6, 7").fetchall()
        steps = db.execute("SELECT subscription, position, status, changed_on"
                           " FROM subscription_change ORDER BY 1, 2").fetchall()
    return documents, steps


def check(place):
    once, often = f"{place}/once.db", f"{place}/often.db"
    made = annex("demo", "--store", once)
    assert made.returncode == 0, made.stderr
    shutil.copy(once, often)
    now = datetime.now(timezone.utc)
    before = rows(once)
    walk(once, now + timedelta(days=STEPS * DAYS))
    for step in range(STEPS):
        walk(often, now + timedelta(days=(step + 1) * DAYS))
    assert rows(once) != before, "nothing was due in four months"
    # Numbers follow the order of issue among customers, which small walks may share differently.
    documents = [[row[:6] for row in rows(store)[0]] for store in (once, often)]
    assert documents[0] == documents[1], "documents differ"
    assert rows(once)[1] == rows(often)[1], "histories differ"
    after = rows(once)
    assert walk(once, now + timedelta(days=STEPS * DAYS)).startswith("0 customers done")
    assert rows(once) == after, "running twice changed something"
    for store in (once, often):
        assert annex("doctor", "--store", store).returncode == 0, "the books are wrong"
    assert annex("run-due", "--store", once, "--at", "soon").returncode == 2


def main():
    with tempfile.TemporaryDirectory() as place:
        try:
            check(place)
        except AssertionError as fault:
            print(f"FAILED run-due: {fault}")
            return 1
    print("ok run-due")
    return 0


if __name__ == "__main__":
    sys.exit(main())
