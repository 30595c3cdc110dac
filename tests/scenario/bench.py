#!/usr/bin/env python3
"""Holds `annex bench` to its word, but to no speed: what it prints has the shape of formats, every
order that was acknowledged was written, and nothing is left behind.

The program is $ANNEX_BIN, or build/annex; with ANNEX_PG it is also run on that server.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BINARY = Path(os.environ.get("ANNEX_BIN") or HERE.parents[1] / "build" / "annex")
NAMES = ["orders", "check", "availability"]
RENEWALS = 500
MEMBERS = {"name": str, "figure": int, "unit": str, "baseline": int, "ratio": float,
           "p50_us": int, "p99_us": int}
SECONDS = 120


def run_bench(folder, *arguments):
    return subprocess.run([str(BINARY), "bench", *arguments], capture_output=True, text=True,
                          timeout=SECONDS, check=False, env={**os.environ, "TMPDIR": folder})


def check_row(row, name):
    faults = []
    if list(row) != list(MEMBERS):
        return [f"{name}: expected the members {list(MEMBERS)}, got {list(row)}"]
    for member, kind in MEMBERS.items():
        if type(row[member]) is not kind:
            faults.append(f"{name}.{member}: expected {kind.__name__}, got {row[member]!r}")
    if faults:
        return faults
    if row["name"] != name:
        faults.append(f"name: expected {name}, got {row['name']}")
    if row["figure"] <= 0 or row["baseline"] <= 0:
        faults.append(f"{name}: expected something measured, got {row}")
    if abs(row["ratio"] - row["figure"] / max(row["baseline"], 1)) > 0.0011:
        faults.append(f"{name}.ratio: expected figure / baseline, got {row['ratio']}")
    if not 0 < row["p50_us"] <= row["p99_us"]:
        faults.append(f"{name}: expected 0 < p50 <= p99, got {row}")
    return faults


def check_notes(notes):
    """The bench counts rows itself; here the counts are read from what it tells."""
    counted = re.search(r"orders: (\d+) orders acknowledged, (\d+) written", notes)
    if not counted or counted[1] != counted[2] or int(counted[1]) == 0:
        return [f"notes: expected as many orders written as acknowledged, got {notes[:300]}"]
    rows = re.search(r"orders: (\d+)\.(\d) rows an order", notes)
    if not rows or not 10 <= int(rows[1]) <= 30:
        return [f"notes: expected 10 to 30 rows an order, got {notes[:300]}"]
    return []


def check_figures(names, *where):
    with tempfile.TemporaryDirectory() as folder:
        done = run_bench(folder, *names, "--json", "--seconds", "1", *where)
        left = os.listdir(folder)
    if done.returncode != 0:
        return [f"exit status: expected 0, got {done.returncode} ({done.stderr[-500:]})"]
    rows = json.loads(done.stdout)
    faults = [f"left behind: {left}"] if left else []
    if len(rows) != len(NAMES):
        return faults + [f"expected {len(NAMES)} rows, got {len(rows)}"]
    for row, name in zip(rows, NAMES):
        faults += check_row(row, name)
    return faults + check_notes(done.stderr)


def check_renewals():
    """Every customer is renewed on both sides, which the bench counts itself; memory stays."""
    with tempfile.TemporaryDirectory() as folder:
        done = run_bench(folder, "renewals", "check", "--json", "--seconds", "1",
                         "--size", str(RENEWALS))
        left = os.listdir(folder)
    if done.returncode != 0:
        return [f"exit status: expected 0, got {done.returncode} ({done.stderr[-500:]})"]
    rows = json.loads(done.stdout)
    faults = [f"left behind: {left}"] if left else []
    if [row["name"] for row in rows] != ["check", "renewals"]:
        return faults + [f"expected check and renewals, got {rows}"]
    for row in rows:
        faults += check_row(row, row["name"])
    memory = re.search(r"renewals: memory: (\d+) KB before, (\d+) KB after", done.stderr)
    if not memory or int(memory[2]) > int(memory[1]) + 65536:
        faults.append(f"memory: expected it to stay, got {done.stderr[-500:]}")
    written = [int(n) for n in re.findall(r"renewals: (\d+) rows written for a", done.stderr)]
    if len(written) != 2 or not 10 <= written[0] < written[1] <= 40:
        faults.append(f"rows: expected more with an add-on than without, got {written}")
    return faults


def check_table():
    with tempfile.TemporaryDirectory() as folder:
        done = run_bench(folder, "check", "--seconds", "1")
    if done.returncode != 0 or not re.search(r"^check +\d+ +\d+ +\d+\.\d{3} ", done.stdout, re.M):
        return [f"expected a table with a row for check, got {done.returncode} {done.stdout}"]
    return []


def check_interrupted():
    """SIGINT: files and children are gone, and the status is not 0."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([str(BINARY), "bench", "orders", "--seconds", "60"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, "TMPDIR": folder})
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        try:
            # Ends only when the server has ended too: it holds the same pipes.
            _, errors = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return ["expected an end after SIGINT, got none"]
        left = os.listdir(folder)
    faults = [f"left behind: {left}"] if left else []
    if process.returncode == 0 or "interrupted" not in errors:
        faults.append(f"expected to hear of it, got {process.returncode} {errors[-300:]}")
    return faults


def check_usage():
    faults = []
    for arguments in (["nothing"], [], ["orders", "--seconds", "0"], ["orders", "--store", "file"],
                      ["orders", "--json", "--seconds"],
                      ["renewals", "--size", "1"]):
        with tempfile.TemporaryDirectory() as folder:
            done = run_bench(folder, *arguments)
        if done.returncode != 2 or len(done.stderr.splitlines()) != 1:
            faults.append(f"{arguments}: expected status 2 and a line, got {done}")
    return faults


def main():
    checks = {"bench/usage": check_usage, "bench/sqlite": lambda: check_figures(NAMES[::-1]),
              "bench/table": check_table, "bench/renewals": check_renewals,
              "bench/interrupted": check_interrupted}
    if os.environ.get("ANNEX_PG"):
        # All that a server can be measured with.
        checks["bench/postgres"] = lambda: check_figures(["all"], "--store",
                                                         os.environ["ANNEX_PG"])
    failed = 0
    for name, check in checks.items():
        faults = check()
        failed += bool(faults)
        print(f"FAILED {name}: {'; '.join(faults)}" if faults else f"ok {name}", flush=True)
    if "bench/postgres" not in checks:
        print("skipped bench/postgres: ANNEX_PG is not set")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
