#!/usr/bin/env python3
"""Holds `annex simulate` to the rules: runs every row of tests/scenario/simulate/*.cases.

Usage: simulate.py [NAME…]   a NAME is a part of the names of the rows to run (default: all).
The program is $ANNEX_BIN, or build/annex. The tables are described in simulate/README.md.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from support.facts import check_facts, differ  # noqa: E402
from support.invariants import check_invariants, revenue_of  # noqa: E402
from support.rows import TableError, read_presets, read_rows, simulation_from  # noqa: E402

TABLES = HERE / "simulate"
BINARY = Path(os.environ.get("ANNEX_BIN") or HERE.parents[1] / "build" / "annex")
SECONDS = 20


class Crash(Exception):
    """The program did not answer as a program should."""


def run_simulate(text):
    """Returns (exit status, standard output, standard error); `text` may be any bytes."""
    data = text if isinstance(text, bytes) else text.encode()
    try:
        done = subprocess.run([str(BINARY), "simulate", "-"], input=data, capture_output=True,
                              timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as late:
        raise Crash(f"time: expected at most {SECONDS} s, got more") from late
    if done.returncode not in (0, 2):
        raise Crash(f"exit status: expected 0 or 2, got {done.returncode} "
                    f"({done.stderr.decode(errors='replace').strip()[:300]})")
    return (done.returncode, done.stdout.decode(errors="replace"),
            done.stderr.decode(errors="replace"))


def result_of(text):
    status, output, errors = run_simulate(text)
    if status != 0:
        raise Crash(f"exit status: expected 0, got {status} ({errors.strip()[:300]})")
    try:
        return json.loads(output)
    except ValueError as fault:
        raise Crash(f"standard output: expected JSON, got {fault}") from fault


def check_scenario(fields, presets):
    simulation = simulation_from(fields, presets)
    result = result_of(json.dumps(simulation))
    return check_facts(result, fields[3]) + check_invariants(result, simulation)


def changed_text(change, example):
    """The bytes of a bad file: `text …`, `hex …`, `repeat N TEXT`, or `OLD => NEW`."""
    kind, _, rest = change.partition(" ")
    if kind == "text":
        return rest.encode()
    if kind == "hex":
        return bytes.fromhex(rest)
    if kind == "repeat":
        count, _, piece = rest.partition(" ")
        return (piece * int(count)).encode()
    for pair in change.split(" && "):
        old, arrow, new = pair.partition(" =>")
        if not arrow or old not in example:
            raise TableError(f"nothing to replace: {pair}")
        example = example.replace(old, new.strip(), 1)
    return example.encode()


def check_bad_file(fields, example):
    """Exit status 2, a line for each fault, and each place named."""
    status, _, errors = run_simulate(changed_text(fields[0], example))
    faults = differ("exit status", 2, status)
    if not errors.strip():
        faults.append("standard error: expected a line, got none")
    for word in fields[1].split() if len(fields) > 1 else []:
        if not any(choice in errors for choice in word.split(",")):
            faults.append(f"standard error: expected {word}, got {errors.strip()[:300]}")
    wanted = int(fields[2].split()[0]) if len(fields) > 2 else 1
    lines = len([line for line in errors.splitlines() if line.strip()])
    if lines < wanted:
        faults.append(f"standard error: expected {wanted} lines, got {lines}")
    return faults


def compare_json(path, expected, got):
    """Equality as JSON, with the place of each difference; 1 and true are not equal."""
    if type(expected) is not type(got):
        return [f"{path}: expected {expected!r}, got {got!r}"]
    if isinstance(expected, dict):
        faults = differ(f"{path} members", sorted(expected), sorted(got))
        for key in sorted(set(expected) & set(got)):
            faults += compare_json(f"{path}.{key}", expected[key], got[key])
        return faults
    if isinstance(expected, list):
        faults = differ(f"{path} length", len(expected), len(got))
        for index, pair in enumerate(zip(expected, got)):
            faults += compare_json(f"{path}[{index}]", *pair)
        return faults
    return differ(path, expected, got)


def check_example(example):
    """The complete example: equal as JSON; a month that earned 0 may be listed or not."""
    expected = json.loads((TABLES / "example.expected.json").read_text(encoding="utf-8"))
    result = result_of(example)
    simulation = json.loads(example)
    for side in (expected, result):
        side["revenue"] = [entry for entry in side["revenue"] if entry["amount"] != 0]
    earned = revenue_of(expected, simulation["until"])
    earned = {key: amount for key, amount in earned.items() if amount}
    listed = {(e["month"], e["as"]): e["amount"] for e in expected["revenue"]}
    return (compare_json("result", expected, result) + check_invariants(result, simulation)
            + differ("revenue expected by the table", earned, listed))


def all_checks():
    """Yields (name, function without arguments that returns the differences)."""
    presets = read_presets(TABLES / "presets.txt")
    example = (TABLES / "example.json").read_text(encoding="utf-8")
    yield "example", lambda: check_example(example)
    for path in sorted(TABLES.glob("*.cases")):
        for name, fields, place in read_rows(path):
            if path.stem == "format":
                yield f"{path.stem}/{name}", lambda f=fields: check_bad_file(f, example)
            elif len(fields) == 4:
                yield f"{path.stem}/{name}", lambda f=fields: check_scenario(f, presets)
            else:
                raise TableError(f"{place}: {name}: expected 4 fields, got {len(fields)}")


def run_check(check):
    try:
        return check()
    except Crash as crash:
        return [str(crash)]
    except (KeyError, TypeError, IndexError, ValueError) as fault:
        return [f"result: not of the shape of formats.md ({type(fault).__name__}: {fault})"]


def main():
    if not BINARY.exists():
        print(f"simulate.py: {BINARY} is not there; build it first", file=sys.stderr)
        return 2
    checks = list(all_checks())
    names = [name for name, _ in checks]
    if len(set(names)) != len(names):
        raise TableError(f"twice: {sorted(n for n in names if names.count(n) > 1)}")
    wanted = sys.argv[1:]
    chosen = [c for c in checks if not wanted or any(part in c[0] for part in wanted)]
    failed = 0
    for name, check in chosen:
        faults = run_check(check)
        failed += bool(faults)
        print(f"FAILED {name}: {'; '.join(faults[:8])}" if faults else f"ok {name}", flush=True)
    print(f"simulate: {len(chosen) - failed} passed, {failed} failed", file=sys.stderr)
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
