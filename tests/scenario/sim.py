#!/usr/bin/env python3
"""Random worlds: every rule holds in them, both kinds of store come to the same digest, and what
is planted in a copy of the program is found. With ANNEX_LONG set, ten worlds of 100 000 steps.

Usage: sim.py    The program is $ANNEX_BIN, or build/annex; PostgreSQL is $ANNEX_PG."""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from support.customers import Report, equal  # noqa: E402
from support.server import BINARY, Store, store_kinds  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(BINARY).resolve().parent
LONG = bool(os.environ.get("ANNEX_LONG"))
SECONDS = 86400 if LONG else 280

# name: (file, what it says, what it is made to say)
PLANTS = {
    "an add-on stays alive when its base ends": (
        "src/engine/decide.c", "member == family || member->row == ROW_REMOVED)",
        "member == family || true)"),
    "a credit is too large": (
        "src/invoice/invoice.c", ".amount = money_negate(credited),",
        ".amount = money_negate(money_add(credited, money_of(1, credited.currency))),"),
    "a renewal is billed twice": (
        "src/engine/renew.c",
        "    bill_charge(cx, state, document, sub, sub->period_start, LINE_RENEWAL);",
        "    bill_charge(cx, state, document, sub, sub->period_start, LINE_RENEWAL);\n"
        "    bill_charge(cx, state, document, sub, sub->period_start, LINE_RENEWAL);"),
    "a refund is lost": (
        "src/engine/collect.c", "if (!collect_has_use_for_credit(state, account))",
        "if (state->payments.count == 0 && !collect_has_use_for_credit(state, account))"),
}
PLANT_STEPS = 1500
SELLER_STEPS = 5000  # SIM_SELLER_STEPS of src/engine/sim.h


def sim(binary, *arguments):
    """Runs `annex sim`; returns its exit status, its answer and what it told on standard error."""
    run = subprocess.run([str(binary), "sim", *map(str, arguments)], capture_output=True,
                         text=True, timeout=SECONDS, cwd=ROOT, check=False)
    lines = run.stdout.splitlines()
    if len(lines) != 1:
        raise AssertionError(f"no answer, status {run.returncode}: {run.stderr[-800:]}")
    return run.returncode, json.loads(lines[0]), run.stderr


def check_world(seed, steps, *more, binary=BINARY):
    status, answer, told = sim(binary, "--seed", seed, "--steps", steps, *more)
    equal((status, answer["violations"]), (0, 0), f"seed {seed}: {told[:2000]}violations")
    equal(answer.get("seed"), seed, f"seed {told}")
    if "--only" in more:
        return answer
    equal(answer.get("steps"), steps, f"steps {told}")
    if answer["commands"] < steps // 4 or answer["faults"] < steps // 50:
        raise AssertionError(f"little happened: {answer} {told[-800:]}")
    return answer


def check_stores_agree(seed):
    """The same world in memory, in a file and on PostgreSQL: the beginnings of two sellers."""
    steps = SELLER_STEPS + 300
    only = ",".join(map(str, [*range(500), *range(SELLER_STEPS, steps)]))
    expected = check_world(seed, steps, "--only", only)
    for kind in store_kinds():
        store = Store(kind)
        try:
            answer = check_world(seed, steps, "--only", only, "--store", store.where)
            # How many stops met a statement depends on how many the store takes.
            equal({**answer, "faults": 0}, {**expected, "faults": 0}, f"on {kind}")
        finally:
            store.remove()


def check_compilers_agree(seed, steps):
    other = BUILD / "clang" / "annex"
    if other.exists():
        equal(check_world(seed, steps, binary=other), check_world(seed, steps), "built by Clang")


def check_refusals():
    for arguments in ([], ["--seed", "1"], ["--steps", "5"], ["--seed", "x", "--steps", "5"]):
        run = subprocess.run([BINARY, "sim", *arguments], capture_output=True, text=True,
                             timeout=20, check=False)
        equal((run.returncode, run.stderr.count("\n")), (2, 1), f"{arguments}: status and lines")


# Planted faults -------------------------------------------------------------------------------

def plant(name, folder):
    """Compiles one changed file with the flags of the build and links it with the rest."""
    path, says, shall_say = PLANTS[name]
    source = (ROOT / path).read_text(encoding="utf-8")
    if source.count(says) != 1:
        raise AssertionError(f"{path} no longer says once: {says}")
    changed = folder / Path(path).name
    changed.write_text(source.replace(says, shall_say), encoding="utf-8")
    flags = (BUILD / "flags").read_text(encoding="utf-8")
    compile_flags, link = flags.rsplit(" -MMD -MP ", 1)
    changed_object = folder / "changed.o"
    subprocess.run([*shlex.split(compile_flags), "-Wno-error", "-c", "-o", str(changed_object),
                    str(changed)], cwd=ROOT, check=True, timeout=SECONDS, capture_output=True)
    objects = [BUILD / "obj/src/main.o", BUILD / "embed/embed.o", changed_object]
    objects += [BUILD / "obj" / Path(s).with_suffix(".o") for s in sources() if s != path]
    linker, libraries = link.split(" -pie ")
    binary = folder / "annex"
    subprocess.run([*shlex.split(linker), "-pie", "-o", str(binary), *map(str, objects),
                    *shlex.split(libraries)], cwd=ROOT, check=True, timeout=SECONDS,
                   capture_output=True)
    return binary


def sources():
    return [str(p.relative_to(ROOT)) for p in sorted((ROOT / "src").glob("*/*.c"))]


def check_plant(name):
    with tempfile.TemporaryDirectory() as folder:
        binary = plant(name, Path(folder))
        for seed in (1, 2, 3):
            status, answer, told = sim(binary, "--seed", seed, "--steps", PLANT_STEPS)
            if answer["violations"] > 0:
                equal(status, 1, "exit status")
                return
    raise AssertionError(f"not found in {PLANT_STEPS} steps of three seeds")


def simulate(binary, path):
    run = subprocess.run([str(binary), "simulate", "--check", str(path)], capture_output=True,
                         text=True, timeout=SECONDS, check=False)
    return run.returncode, run.stdout, run.stderr


def check_shrink():
    """What fails is cut down to a few steps, which fail by themselves, and to a timeline that
    fails in the simulator, but not in that of the program as it is."""
    with tempfile.TemporaryDirectory() as folder:
        binary = plant("a credit is too large", Path(folder))
        path = Path(folder) / "few.json"
        _, _, told = sim(binary, "--seed", 1, "--steps", PLANT_STEPS, "--shrink", path)
        again = re.search(r"^annex sim --seed 1 --steps (\d+) --only ([\d,]+)$", told, re.M)
        if not again or len(again[2].split(",")) > 12:
            raise AssertionError(f"not cut down to a few steps: {told[:500]}")
        equal(f"annex simulate --check {path}" in told, True, f"a timeline that fails: {told}")
        status, _, said = sim(binary, "--seed", 1, "--steps", again[1], "--only", again[2])
        equal((status, "doctor line_amount" in said), (1, True), "they fail in the same way")
        timeline = json.loads(path.read_text(encoding="utf-8"))["timeline"]
        if not 0 < len(timeline) <= 6:
            raise AssertionError(f"{len(timeline)} steps of the timeline are left")
        status, _, said = simulate(binary, path)
        equal((status, said.split(":")[0]), (1, "line_amount"), "the timeline fails so too")
        status, answer, said = simulate(BINARY, path)
        equal((status, said), (0, ""), "without the fault it does not")
        equal(json.loads(answer)["refused"], [], "nor is anything refused")


def main():
    report = Report()
    report.case("what is missing is said", check_refusals)
    report.case("stores agree", partial(check_stores_agree, 7))
    report.case("compilers agree", partial(check_compilers_agree, 3, 500))
    if LONG:
        for seed in range(1, 11):
            report.case(f"seed {seed}, 100000 steps", partial(check_world, seed, 100000))
    else:
        report.case("10000 steps", partial(check_world, 1, 10000))
    for name in PLANTS:
        report.case(f"found: {name}", partial(check_plant, name))
    report.case("a failure is shrunk", check_shrink)
    sys.exit(report.status)


if __name__ == "__main__":
    main()
