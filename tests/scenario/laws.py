#!/usr/bin/env python3
"""Laws that hold of every timeline, tried on random ones with `annex simulate`.

Usage: laws.py [--seed N] [--count N]   timelines N, N+1, … (default: 1000 from 1)
The program is $ANNEX_BIN, or build/annex. One seed is one timeline: `laws.py --seed N --count 1`.
"""

import argparse
import json
import os
import random
import subprocess
import sys
from datetime import date, timedelta
from fractions import Fraction
from multiprocessing import Pool
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from support.facts import differ  # noqa: E402
from support.invariants import (check_cash, check_families, check_lines, check_no_tax,  # noqa: E402
                                check_revenue, check_shape, check_sums)
from support.timelines import Timeline  # noqa: E402

BINARY = os.environ.get("ANNEX_BIN") or str(HERE.parents[1] / "build" / "annex")
ASKED = {"order", "set_quantity", "cancel", "billing", "change_plan", "reactivate", "buy_trial",
         "support_remove"}


def simulate(simulation, steps=None, until=None):
    """The result, with refusals by what was refused rather than by the number of the step."""
    whole = {**simulation, "timeline": simulation["timeline"] if steps is None else steps,
             "until": until or simulation["until"]}
    done = subprocess.run([BINARY, "simulate", "-"], input=json.dumps(whole).encode(),
                          capture_output=True, timeout=60, check=False)
    if done.returncode != 0:
        raise ValueError(f"exit status {done.returncode}: {done.stderr.decode()[:300]}")
    result = json.loads(done.stdout)
    for refusal in result["refused"]:
        step = whole["timeline"][refusal.pop("step")]
        refusal["what"] = step["do"]
    return result


def same(law, expected, got):
    """Everything is equal but what was observed."""
    faults = []
    for key in expected:
        if key != "observations" and expected[key] != got[key]:
            faults += differ(f"{law}: {key}", expected[key], got[key])
    return faults


def with_runs_each_day(simulation):
    steps, day = [], date.fromisoformat(simulation["timeline"][0]["at"])
    for step in simulation["timeline"]:
        while str(day) <= step["at"]:
            steps.append({"at": str(day), "do": "run"})
            day += timedelta(days=1)
        steps.append(step)
    while str(day) <= simulation["until"]:
        steps.append({"at": str(day), "do": "run"})
        day += timedelta(days=1)
    return steps


def with_runs_after_each(simulation):
    run = {"do": "run"}
    return [one for step in simulation["timeline"]
            for one in (step, {"at": step["at"], **run}, {"at": step["at"], **run})]


def law_in_force(result):
    """Charged = price × quantity × fraction in force, within half a unit for each line."""
    lines = [line for document in result["documents"] for line in document["lines"]
             if line["reason"] != "setup"]
    undone = {}
    for line in lines:
        if "undoes" in line:
            undone.setdefault(line["undoes"], []).append(line)
    faults = []
    for line in lines:
        if "undoes" in line:
            continue
        credits = undone.get(line["id"], [])
        days = line["days"] - sum(credit["days"] for credit in credits)
        exact = Fraction(str(line["unit_amount"])) * line["quantity"] * days / line["of_days"]
        charged = line["amount"] + sum(credit["amount"] for credit in credits)
        if abs(charged - exact) > Fraction(1 + len(credits), 2):
            faults.append(f"in force: line {line['id']}: expected about {exact}, got {charged}")
    return faults


def law_pieces(result, until):
    """What is wholly earned by now was earned in pieces that sum to it."""
    nets, open_names = {}, set()
    for document in result["documents"]:
        for line in document["lines"]:
            nets[line["as"]] = nets.get(line["as"], 0) + line["amount"]
            if line["to"] > str(date.fromisoformat(until) + timedelta(days=1)):
                open_names.add(line["as"])
    faults = []
    for name in sorted(set(nets) - open_names):
        earned = sum(entry["amount"] for entry in result["revenue"] if entry["as"] == name)
        faults += differ(f"pieces: revenue of {name}", nets[name], earned)
    return faults


def plain(documents):
    hidden = {"id", "at", "paid_at"}
    return [{**{k: v for k, v in document.items() if k not in hidden},
             "lines": [{k: v for k, v in line.items() if k not in hidden}
                       for line in document["lines"]]} for document in documents]


def law_preview(simulation, pick):
    """A preview changes nothing and is what the step then does: at most one document."""
    steps = simulation["timeline"]
    asked = [index for index, step in enumerate(steps) if step["do"] in ASKED]
    if not asked:
        return []
    index = pick.choice(asked)
    step, until = steps[index], steps[index]["at"]
    inner = {key: value for key, value in step.items() if key != "at"}
    preview = {"at": step["at"], "do": "preview", "step": inner}
    before = simulate(simulation, steps[:index] + [{"at": until, "do": "run"}], until)
    seen = simulate(simulation, steps[:index] + [preview], until)
    after = simulate(simulation, steps[:index + 1], until)
    faults = same(f"preview of step {index}", before, seen)
    told = seen["observations"][-1]["preview"]
    refusals = [r["code"] for r in after["refused"][len(before["refused"]):]]
    if refusals == ["payment_failed"]:  # only the attempt to charge can tell
        return faults
    faults += differ(f"preview of step {index}: refusal",
                     [told["refused"]["code"]] if told["refused"] else [], refusals)
    issued = after["documents"][len(before["documents"]):]
    own = [d for d in issued if d["lines"][0]["reason"] != "renewal"]
    if len(own) > 1:
        faults.append(f"one document: step {index} issued {len(own)}")
    if not refusals:
        faults += differ(f"preview of step {index}: documents", plain(own),
                         plain(told["documents"]))
    return faults


def documents_of(names, documents):
    """Those of the steps: paying may make others due, what it brings back for example."""
    return [document for document in documents
            if names & {line["as"] for line in document["lines"]}]


def law_there_and_back(simulation, result, pick):
    """A change there and back on one day nets 0."""
    live = [sub for sub in result["subscriptions"]
            if sub["status"] == "active" and not sub["past_due"]]
    if not live:
        return []
    sub, at = pick.choice(live), simulation["until"]
    change = {"at": at, "do": "set_quantity", "subscription": sub["as"]}
    steps = simulation["timeline"] + [
        {"at": at, "do": "payments", "fail": False}, {"at": at, "do": "run"},
        {**change, "quantity": sub["quantity"] + pick.randint(1, 5)},
        {**change, "quantity": sub["quantity"]}]
    back = simulate(simulation, steps)
    if len(back["refused"]) != len(result["refused"]):
        return []
    added = documents_of({sub["as"]}, back["documents"][len(result["documents"]):])
    return differ("there and back: net", 0, sum(document["net"] for document in added))


def law_full_credit(simulation, result):
    """What is bought and given back on one day leaves no tax behind."""
    at = simulation["until"]
    lines = [{"as": f"full{index}", "offer": offer, "quantity": quantity, "term": "P1M",
              "billing": "monthly"}
             for index, (offer, quantity) in enumerate([("suite", 3), ("site", 7), ("suite", 1)])]
    steps = simulation["timeline"] + [
        {"at": at, "do": "payments", "fail": False}, {"at": at, "do": "order", "lines": lines}]
    steps += [{"at": at, "do": "cancel", "subscription": line["as"]} for line in lines]
    given_back = simulate(simulation, steps)
    if len(given_back["refused"]) != len(result["refused"]):
        return []
    added = documents_of({line["as"] for line in lines},
                         given_back["documents"][len(result["documents"]):])
    return (differ("full credit: tax", 0, sum(document["tax"] for document in added))
            + differ("full credit: documents", 4, len(added)))


def try_seed(seed):
    """(seed, the laws broken, the laws that had something to hold)."""
    simulation, pick = Timeline(seed).build(), random.Random(seed)
    try:
        result = simulate(simulation)
        until = simulation["until"]
        faults = (check_shape(result) + check_sums(result) + check_lines(result)
                  + check_families(result) + check_revenue(result, until) + check_cash(result)
                  + check_no_tax(result, simulation) + law_in_force(result)
                  + law_pieces(result, until))
        faults += same("daily runs", result, simulate(simulation, with_runs_each_day(simulation)))
        faults += same("second run", result,
                       simulate(simulation, with_runs_after_each(simulation)))
        faults += law_preview(simulation, pick)
        faults += law_there_and_back(simulation, result, pick)
        faults += law_full_credit(simulation, result)
    except (ValueError, KeyError, IndexError, subprocess.TimeoutExpired) as fault:
        return seed, [f"{type(fault).__name__}: {fault}"], 0
    return seed, faults, len(result["documents"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args()
    failed = documents = 0
    with Pool(2) as pool:
        seeds = range(options.seed, options.seed + options.count)
        for seed, faults, issued in pool.imap(try_seed, seeds, chunksize=8):
            documents += issued
            if faults:
                failed += 1
                print(f"FAILED laws/seed-{seed}: {'; '.join(faults[:3])[:900]}", flush=True)
    if not failed:
        print(f"ok laws/{options.count}-timelines-from-{options.seed}")
    print(f"laws: {options.count - failed} passed, {failed} failed, {documents} documents",
          file=sys.stderr)
    return 1 if failed or not documents else 0


if __name__ == "__main__":
    sys.exit(main())
