#!/usr/bin/env python3
"""Laws that hold of every timeline, tried on random ones with `annex simulate`; and each law is
shown a doctored result that it has to find (`laws/finds …`).

Usage: laws.py [--seed N] [--count N]   timelines N, N+1, … (default: 150 from 1; more when
                                        ANNEX_LONG is set)
The program is $ANNEX_BIN, or build/annex. One seed is one timeline: `laws.py --seed N --count 1`.
"""

import argparse
import copy
import json
import os
import random
import subprocess
import sys
import traceback
from datetime import date, timedelta
from multiprocessing import Pool
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from support.doctored import DOCTORED, DOCTORED_PAIRS, SAMPLES  # noqa: E402
from support.facts import differ  # noqa: E402
from support.invariants import (check_cash, check_families, check_lines, check_no_tax,  # noqa: E402
                                check_revenue, check_shape, check_sums)
from support.law_book import check_laws, proration_of  # noqa: E402
from support.timelines import Timeline, day_of_step, instant_of  # noqa: E402

BINARY = os.environ.get("ANNEX_BIN") or str(HERE.parents[1] / "build" / "annex")
COUNT, COUNT_LONG = 150, 50000
ASKED = {"order", "set_quantity", "cancel", "billing", "change_plan", "reactivate", "buy_trial",
         "support_remove"}
BOUGHT_AND_BACK = [("suite", 3), ("site", 7), ("ladder", 11), ("bulk", 8), ("suite", 1)]


def simulate(simulation, steps=None, until=None):
    whole = {**simulation, "timeline": simulation["timeline"] if steps is None else steps,
             "until": until or simulation["until"]}
    done = subprocess.run([BINARY, "simulate", "-"], input=json.dumps(whole).encode(),
                          capture_output=True, timeout=60, check=False)
    if done.returncode != 0:
        raise ValueError(f"exit status {done.returncode}: {done.stderr.decode()[:300]}")
    result = json.loads(done.stdout)
    for refusal in result["refused"]:
        refusal["what"] = whole["timeline"][refusal["step"]]["do"]
    return result


def check_result(result, simulation):
    """All laws of one result."""
    until = simulation["until"]
    return (check_shape(result) + check_sums(result) + check_lines(result)
            + check_families(result) + check_revenue(result, until) + check_cash(result)
            + check_no_tax(result, simulation) + check_laws(result, simulation))


# One run is like many ---------------------------------------------------------------------------


def numbered(member, value):
    """Refusals by what was refused rather than by the number of the step."""
    if member != "refused":
        return value
    return [{key: refusal[key] for key in ("at", "what", "code", "reasons")} for refusal in value]


def same(law, expected, got):
    """Everything is equal but what was observed."""
    faults = []
    for key in expected:
        pair = [numbered(key, one[key]) for one in (expected, got)]
        if key != "observations" and pair[0] != pair[1]:
            faults += differ(f"{law}: {key}", *pair)
    return faults


def with_runs_each_day(simulation, pick):
    """A run at every midnight, or at one and the same time of every day."""
    zone, steps = ZoneInfo(simulation["account"]["time_zone"]), simulation["timeline"]
    time = pick.choice(["", f"T{pick.randrange(24):02}:{pick.randrange(60):02}:07Z"])
    day, last = date.fromisoformat(day_of_step(steps[0], zone)), simulation["until"]
    days = [day + timedelta(days=n + 1) for n in range((date.fromisoformat(last) - day).days)]
    runs = [{"at": f"{day}{time}", "do": "run"} for day in days]
    both = [(instant_of(step["at"], zone), step)
            for step in runs + steps if day_of_step(step, zone) <= last]
    return [step for _, step in sorted(both, key=lambda one: one[0])]


def with_runs_after_each(simulation):
    run = {"do": "run"}
    return [one for step in simulation["timeline"]
            for one in (step, {"at": step["at"], **run}, {"at": step["at"], **run})]


# What is asked ----------------------------------------------------------------------------------


def plain(documents):
    hidden = {"id", "at", "paid_at"}
    return [{**{k: v for k, v in document.items() if k not in hidden},
             "lines": [{k: v for k, v in line.items() if k not in hidden}
                       for line in document["lines"]]} for document in documents]


def compare_preview(before, seen, after):
    """A preview changes nothing, and is what the step then does: at most one document."""
    faults = same("preview changes nothing", before, seen)
    told = seen["observations"][-1]["preview"]
    refusals = [r["code"] for r in after["refused"][len(before["refused"]):]]
    if refusals == ["payment_failed"]:  # only the attempt to charge can tell
        return faults
    faults += differ("preview: refusal", [told["refused"]["code"]] if told["refused"] else [],
                     refusals)
    issued = after["documents"][len(before["documents"]):]
    own = [d for d in issued if d["lines"][0]["reason"] != "renewal"]
    if len(own) > 1:
        faults.append(f"one document: the step issued {len(own)}")
    if not refusals:
        faults += differ("preview: documents", plain(own), plain(told["documents"]))
    return faults


def law_preview(simulation, result, pick):
    steps, refused = simulation["timeline"], {refusal["step"] for refusal in result["refused"]}
    asked = [index for index, step in enumerate(steps) if step["do"] in ASKED]
    index = pick.choice([one for one in asked if one not in refused or pick.random() < 0.2]
                        or asked)
    step, zone = steps[index], ZoneInfo(simulation["account"]["time_zone"])
    until = day_of_step(step, zone)
    inner = {key: value for key, value in step.items() if key != "at"}
    preview = {"at": step["at"], "do": "preview", "step": inner}
    before = simulate(simulation, steps[:index] + [{"at": step["at"], "do": "run"}], until)
    seen = simulate(simulation, steps[:index] + [preview], until)
    after = simulate(simulation, steps[:index + 1], until)
    return [f"{fault} (step {index})" for fault in compare_preview(before, seen, after)]


# What is asked and taken back -------------------------------------------------------------------


def moment_of(simulation):
    """The midnight of the last day, or the last step when that is later."""
    zone, last = ZoneInfo(simulation["account"]["time_zone"]), simulation["timeline"][-1]["at"]
    return max(simulation["until"], last, key=lambda at: instant_of(at, zone))


def documents_of(names, result, added):
    """Those of the steps: paying may make others due, what it brings back for example."""
    return [document for document in added["documents"][len(result["documents"]):]
            if names & {line["as"] for line in document["lines"]}]


def compare_back(name, result, back):
    """A change there and back on one day nets 0. Its tax need not: each document rounds its own,
    and the rate may have changed since what was there was charged."""
    documents = documents_of({name}, result, back)
    return differ("there and back: net", 0, sum(document["net"] for document in documents))


def law_there_and_back(simulation, result, pick):
    live = [sub for sub in result["subscriptions"] if sub["status"] == "active"
            and not sub["past_due"] and proration_of(sub["offer"]) != "full"]
    if not live:
        return []
    sub, at = pick.choice(live), moment_of(simulation)
    change = {"at": at, "do": "set_quantity", "subscription": sub["as"]}
    back = simulate(simulation, simulation["timeline"] + [
        {"at": at, "do": "payments", "fail": False}, {"at": at, "do": "run"},
        {**change, "quantity": sub["quantity"] + pick.randint(1, 5)},
        {**change, "quantity": sub["quantity"]}])
    if len(back["refused"]) != len(result["refused"]):
        return []
    return compare_back(sub["as"], result, back)


def compare_full_credit(names, result, given_back):
    """What is bought and given back on one day leaves no tax behind."""
    documents = documents_of(names, result, given_back)
    return (differ("full credit: tax", 0, sum(document["tax"] for document in documents))
            + differ("full credit: net", 0, sum(document["net"] for document in documents))
            + differ("full credit: documents", 1 + len(names), len(documents)))


def law_full_credit(simulation, result):
    at = moment_of(simulation)
    lines = [{"as": f"full{index}", "offer": offer, "quantity": quantity, "term": "P1M",
              "billing": "monthly"} for index, (offer, quantity) in enumerate(BOUGHT_AND_BACK)]
    names = {line["as"] for line in lines}
    steps = simulation["timeline"] + [
        {"at": at, "do": "payments", "fail": False}, {"at": at, "do": "order", "lines": lines}]
    steps += [{"at": at, "do": "cancel", "subscription": name} for name in sorted(names)]
    given_back = simulate(simulation, steps)
    if len(given_back["refused"]) != len(result["refused"]):
        return []
    return compare_full_credit(names, result, given_back)


# Running ----------------------------------------------------------------------------------------


def try_seed(seed):
    """(seed, the laws broken, how many documents they had to hold)."""
    simulation, pick = Timeline(seed).build(), random.Random(seed)
    try:
        result = simulate(simulation)
        faults = check_result(result, simulation)
        faults += same("daily runs", result,
                       simulate(simulation, with_runs_each_day(simulation, pick)))
        faults += same("second run", result,
                       simulate(simulation, with_runs_after_each(simulation)))
        faults += law_preview(simulation, result, pick)
        faults += law_there_and_back(simulation, result, pick)
        faults += law_full_credit(simulation, result)
    except (ValueError, KeyError, IndexError, TypeError, subprocess.TimeoutExpired):
        return seed, [traceback.format_exc(limit=-2)], 0
    return seed, faults, len(result["documents"])


def doctored_cases():
    """(how the faults begin, "" for none; the faults)"""
    results = {name: simulate(sample) for name, sample in SAMPLES.items()}
    honest = {name: check_result(result, SAMPLES[name]) for name, result in results.items()}
    for faults in honest.values():
        yield "", faults
    for name, wanted, change in DOCTORED:
        if honest[name]:
            continue  # what is broken already cannot be doctored
        doctored = copy.deepcopy(results[name])
        change(doctored)
        yield wanted, check_result(doctored, SAMPLES[name])
    laws = {"same": same, "back": compare_back, "credit": compare_full_credit,
            "preview": compare_preview}
    for wanted, law, shown in DOCTORED_PAIRS:
        yield wanted, laws[law](*shown)


def try_doctored():
    """Every law finds what it is there for, and nothing else. Gives how many do not."""
    failed = 0
    for wanted, found in doctored_cases():
        is_right = any(f.startswith(wanted) for f in found) if wanted else not found
        failed += not is_right
        if not is_right:
            print(f"FAILED laws/finds {wanted or 'nothing'}: {found[:3]}", flush=True)
    if not failed:
        print("ok laws/every-law-finds-what-was-doctored")
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int,
                        default=COUNT_LONG if os.environ.get("ANNEX_LONG") else COUNT)
    options = parser.parse_args()
    failed, documents = try_doctored(), 0
    with Pool(2) as pool:
        seeds = range(options.seed, options.seed + options.count)
        for seed, faults, issued in pool.imap(try_seed, seeds, chunksize=4):
            documents += issued
            if faults:
                failed += 1
                print(f"FAILED laws/seed-{seed}: {'; '.join(faults[:3])[:900]}", flush=True)
    if not failed:
        print(f"ok laws/{options.count}-timelines-from-{options.seed}")
    print(f"laws: {failed} failed, {documents} documents", file=sys.stderr)
    return 1 if failed or not documents else 0


if __name__ == "__main__":
    sys.exit(main())
