#!/usr/bin/env python3
"""Test clocks on each store: a clock that is walked day by day leads to what one long advance leads
to, and to what `annex simulate` says of the same timeline; an advance goes on after kill -9.

The program is $ANNEX_BIN, or build/annex; PostgreSQL is $ANNEX_PG.
"""

import json
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from support.customers import (Caller, Report, check_books, demo_store, equal,  # noqa: E402
                               must, serving, unique)
from support.server import BINARY, Server, store_kinds  # noqa: E402
from support.timelines import catalogue  # noqa: E402

ACCOUNT = {"type": "classic", "country": "FR", "currency": "EUR", "time_zone": "UTC"}
BASE = {"offer": "suite", "quantity": 10, "term": "P1M", "billing": "monthly"}
TIMELINE = [
    ("2026-01-13", {"do": "order", "lines": [{"as": "base", **BASE}]}),
    ("2026-01-20", {"do": "start_trial", "as": "trial", "offer": "suite", "term": "P1Y",
                    "billing": "monthly"}),
    ("2026-01-25", {"do": "assign", "subscription": "trial", "users": ["ann", "bob"]}),
    ("2026-02-01", {"do": "order", "lines": [
        {"as": "store", "offer": "storage", "quantity": 100, "connect_to": "base"}]}),
    ("2026-02-20", {"do": "set_quantity", "subscription": "store", "quantity": 40}),
    ("2026-03-31", {"do": "order", "lines": [
        {"as": "site", "offer": "site", "quantity": 3, "term": "P1M", "billing": "monthly"}]}),
    ("2026-04-10", {"do": "recurring_billing", "subscription": "site", "on": False}),
    ("2026-05-02", {"do": "cancel", "subscription": "base"}),
    ("2026-05-05", {"do": "reactivate", "subscription": "base"}),
    ("2026-07-14", {"do": "change_plan", "subscription": "base", "offer": "plus"}),
    ("2026-09-01", {"do": "cancel", "subscription": "base"}),
]
UNTIL = "2027-03-01"
ORGANIZATIONS, YEARS = 6, 2
PATIENCE_S = 150


def instant(day):
    return f"{day}T00:00:00Z"


# One organisation on a clock ---------------------------------------------------------------------


class Clock:
    """A clock, and the organisations made on it."""

    def __init__(self, address, owner, day):
        self.address, self.owner = address, owner
        self.caller = Caller(address, owner)
        self.day = day
        made = must(self.caller.send("/v1/test_clocks", {"name": "scenario",
                                                         "frozen_time": instant(day)}), 201)
        self.id = made["id"]
        equal((made["status"], made["frozen_time"], made["target_frozen_time"]),
              ("ready", instant(day), None), "a new clock")

    def load(self):
        return self.caller.load(f"/v1/test_clocks/{self.id}")

    def advance(self, day):
        """Advances, and waits until everybody has arrived."""
        if day != self.day:
            told = must(self.caller.send(f"/v1/test_clocks/{self.id}/advance",
                                         {"frozen_time": instant(day)}), 200, 202)
            if told["status"] != "ready":
                self.wait()
        self.day = day

    def wait(self):
        until = time.monotonic() + PATIENCE_S
        while self.load()["status"] != "ready":
            if time.monotonic() > until:
                raise AssertionError(f"still advancing after {PATIENCE_S} s: {self.load()}")
            time.sleep(0.05)

    def sign_up(self):
        made = must(self.caller.send("/v1/organizations", {
            "name": unique("Horloge"), "country": "FR", "account": ACCOUNT,
            "test_clock": self.id,
            "person": {"name": "Paul", "email": f"{unique('paul')}@essai.example"}}), 201)
        equal((made["test_clock"], made["clock_at"]), (self.id, instant(self.day)), "its time")
        return Walker(self, made)


class Walker:
    """Does the steps of a timeline over HTTP."""

    def __init__(self, clock, made):
        self.id, self.account = made["id"], made["account"]["id"]
        self.client = Caller(clock.address, clock.owner, self.id)
        self.names = {}
        must(self.client.send("/v1/payment_methods", {
            "account": self.account, "kind": "card", "test": "success"}), 201)

    def do(self, step):
        kind, name = step["do"], self.names.get(step.get("subscription"))
        path = f"/v1/subscriptions/{name}"
        if kind in ("order", "start_trial"):
            self.order(step)
        elif kind == "set_quantity":
            must(self.client.patch(path, {"quantity": step["quantity"]}), 200)
        elif kind == "recurring_billing":
            must(self.client.patch(path, {"recurring_billing": step["on"]}), 200)
        elif kind == "assign":
            must(self.client.send("/v1/licenses/assign", {
                "subscription": name, "users": step["users"]}), 200)
        else:
            body = {"offer": step["offer"]} if kind == "change_plan" else {}
            must(self.client.send(f"{path}/{kind}", body), 200)

    def order(self, step):
        lines = [dict(line) for line in step.get("lines", [])]
        if step["do"] == "start_trial":
            lines = [{"as": step["as"], "offer": step["offer"], "term": step["term"],
                      "billing": step["billing"], "trial": True}]
        names = [line.pop("as") for line in lines]
        for line in lines:
            if "connect_to" in line:
                line["connect_to"] = self.names[line["connect_to"]]
        placed = must(self.client.send("/v1/orders", {"account": self.account, "lines": lines}),
                      201)
        equal(placed["state"], "completed", "the order")
        for name, line in zip(names, placed["lines"]):
            self.names[name] = line["subscription"]

    # What it came to, in the words of a simulation.

    def documents(self):
        names = {sub: name for name, sub in self.names.items()}
        listed = self.client.list("/v1/invoices") + self.client.list("/v1/credit_notes")
        noun = {"invoice": "invoices", "credit_note": "credit_notes"}
        full = [self.client.load(f"/v1/{noun[one['object']]}/{one['id']}") for one in listed]
        lines = {line["id"]: (names[line["subscription"]], line["reason"], line["from"])
                 for document in full for line in document["lines"]}
        return sorted(self.show(document, names, lines) for document in full)

    @staticmethod
    def show(document, names, lines):
        sign = -1 if document["object"] == "credit_note" else 1
        amount = {name: sign * document[name]["amount"] for name in ("net", "tax", "total")}
        shown = [(names[line["subscription"]], line["offer"], line["reason"], line["from"],
                  line["to"], line["quantity"], line["unit_amount"], line["days"],
                  line["of_days"], sign * line["amount"]["amount"],
                  lines.get(line["undoes"])) for line in document["lines"]]
        return (document["issued_on"], document["object"], str(shown), amount["net"],
                amount["tax"], amount["total"], document["credit_used"]["amount"],
                document["paid_on"] or "")

    def subscriptions(self):
        told = {}
        for name, sub in self.names.items():
            one = self.client.load(f"/v1/subscriptions/{sub}")
            history = self.client.load(f"/v1/subscriptions/{sub}/history")["data"]
            told[name] = [one["status"], one["past_due"], one["quantity"], one["assigned"],
                          [[step["on"], step["status"]] for step in history]]
        return told

    def outcome(self):
        account = self.client.load(f"/v1/billing_accounts/{self.account}/credit_balance")
        return self.documents(), self.subscriptions(), account["balance"]["amount"]


def walk(address, owner, daily):
    """The whole timeline on a clock of its own, day by day or from step to step."""
    clock = Clock(address, owner, TIMELINE[0][0])
    walker = clock.sign_up()
    for day, step in [*TIMELINE, (UNTIL, None)]:
        while daily and clock.day < day:
            clock.advance(str(date.fromisoformat(clock.day) + timedelta(days=1)))
        clock.advance(day)
        if step is not None:
            walker.do(step)
    return walker.outcome()


# The same in a simulation ------------------------------------------------------------------------


def simulate():
    timeline = [{"at": day, **step} for day, step in TIMELINE]
    file = {"catalog": catalogue("clocks"), "account": {**ACCOUNT, "tax": "auto"},
            "timeline": timeline, "until": str(date.fromisoformat(UNTIL) - timedelta(days=1))}
    done = subprocess.run([str(BINARY), "simulate", "-"], input=json.dumps(file), text=True,
                          capture_output=True, timeout=60, check=True)
    return json.loads(done.stdout)


def show_simulated(result):
    lines = {line["id"]: (line["as"], line["reason"], line["from"])
             for document in result["documents"] for line in document["lines"]}
    documents = []
    for document in result["documents"]:
        shown = [(line["as"], line["offer"], line["reason"], line["from"], line["to"],
                  line["quantity"], line["unit_amount"], line["days"], line["of_days"],
                  line["amount"], lines.get(line.get("undoes"))) for line in document["lines"]]
        documents.append((document["at"][:10], document["type"], str(shown), document["net"],
                          document["tax"], document["total"], document["credit_used"],
                          document["paid_at"] or ""))
    subscriptions = {
        one["as"]: [one["status"], one["past_due"], one["quantity"], one["assigned"],
                    one["history"]] for one in result["subscriptions"]}
    return (sorted(one for one in documents if one[1] != "record"), subscriptions,
            result["credit_balance"])


def check_equal(address, owner):
    result = simulate()
    equal(result["refused"], [], "steps refused")
    simulated = show_simulated(result)
    at_once, daily = (walk(address, owner, daily) for daily in (False, True))
    for place, what in enumerate(("documents", "subscriptions", "credit")):
        equal(at_once[place], simulated[place], f"{what} of one advance, and simulated")
        equal(daily[place], at_once[place], f"{what} day by day, and of one advance")
    equal(len(simulated[0]) > 20, True, "documents enough to compare")


# Who may, and when -------------------------------------------------------------------------------


def check_refusals(address, people):
    owner = people["seller"]["owner"]
    clock = Clock(address, owner, "2026-01-13")
    path = f"/v1/test_clocks/{clock.id}"
    for role, reads in (("support", 200), ("auditor", 200), ("catalog_manager", 403)):
        other = Caller(address, people["seller"][role])
        equal(other.get(path).status, reads, f"{role} looks")
        equal(other.send(f"{path}/advance", {"frozen_time": "2027-01-01T00:00:00Z"}).code,
              "forbidden", f"{role} advances")
    stranger = Caller(address, people["Fonderie Marsault"]["global"])
    equal(stranger.get(path).code, "forbidden", "a customer looks")
    for wanted, param in (("2026-01-13T00:00:00Z", "/frozen_time"), ("soon", "/frozen_time"),
                          ("2037-01-13T00:00:00Z", "/frozen_time")):
        answer = clock.caller.send(f"{path}/advance", {"frozen_time": wanted})
        equal((answer.code, answer.body["param"]), ("invalid", param), wanted)
    equal(clock.caller.send("/v1/test_clocks/clk_0/advance",
                            {"frozen_time": "2027-01-01T00:00:00Z"}).code, "not_found", "nobody's")
    walker = clock.sign_up()
    walker.do(TIMELINE[0][1])
    equal(clock.caller.ask("DELETE", path, headers={"If-Match": '"99"'}).code,
          "version_mismatch", "another version")
    equal(must(clock.caller.ask("DELETE", path), 200)["deleted"], True, "deleted")
    equal(clock.caller.get(path).code, "not_found", "gone")
    left = walker.client.load(f"/v1/organizations/{walker.id}")
    equal((left["test_clock"], left["clock_at"]), (None, instant("2026-01-13")), "left behind")


# kill -9 -----------------------------------------------------------------------------------------


def prepare(address, owner):
    clock = Clock(address, owner, "2026-01-13")
    walkers = [clock.sign_up() for _ in range(ORGANIZATIONS)]
    for walker in walkers:
        walker.do(TIMELINE[0][1])
    return clock, walkers


def try_to_advance(clock, to):
    try:
        Caller(clock.address, clock.owner).send(f"/v1/test_clocks/{clock.id}/advance",
                                                {"frozen_time": instant(to)})
    except OSError:
        pass  # the server is gone


def wait_for_progress(clock, walkers, to):
    """Until some have gone a part of the way; commands are refused meanwhile."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        told = clock.load()
        times = [one.client.load(f"/v1/organizations/{one.id}")["clock_at"] for one in walkers]
        if told["status"] == "advancing" and max(times) > instant("2026-06-01"):
            equal(told["target_frozen_time"], instant(to), "where it leads")
            equal(told["progress"]["organizations"], ORGANIZATIONS, "organisations")
            answer = walkers[0].client.send(f"/v1/subscriptions/{walkers[0].names['base']}/cancel",
                                            {})
            equal(answer.code, "clock_advancing", "a command meanwhile")
            equal(clock.caller.send(f"/v1/test_clocks/{clock.id}/advance",
                                    {"frozen_time": instant("2040-01-01")}).code,
                  "clock_advancing", "another advance meanwhile")
            return
        equal(told["status"] == "ready" and told["frozen_time"] == instant(to), False,
              "it was over before it could be stopped")
    raise AssertionError("nothing moves")


def check_killed(store, owner):
    to = str(date(2026 + YEARS, 1, 13))
    server = Server(store)
    whole, whole_walkers = prepare(server.address, owner)
    whole.advance(to)
    wanted = [walker.outcome() for walker in whole_walkers]
    stopped, walkers = prepare(server.address, owner)
    driver = threading.Thread(target=try_to_advance, args=(stopped, to))
    driver.start()
    try:
        wait_for_progress(stopped, walkers, to)
    finally:
        server.process.kill()
        server.stop()
        driver.join()
    with serving(store) as again:
        stopped.address = again.address
        stopped.caller = Caller(again.address, owner)
        equal(stopped.load()["status"], "advancing", "after the stop")
        stopped.wait()
        told = stopped.load()
        equal((told["frozen_time"], told["progress"]),
              (instant(to), {"organizations": ORGANIZATIONS, "done": ORGANIZATIONS, "parked": 0}),
              "where it led")
        for walker, outcome in zip(walkers, wanted):
            walker.client = Caller(again.address, owner, walker.id)
            equal(walker.outcome(), outcome, "what it came to, killed and not")


def check(report, store, people):
    owner = people["seller"]["owner"]
    with serving(store) as server:
        must(Caller(server.address, owner).send("/v1/catalog_versions", catalogue("clocks")),
             200, 201)
        report.case(f"{store.kind}/one advance, day by day, and simulated",
                    lambda: check_equal(server.address, owner))
        report.case(f"{store.kind}/who may, and when",
                    lambda: check_refusals(server.address, people))
    report.case(f"{store.kind}/killed on the way", lambda: check_killed(store, owner))
    report.case(f"{store.kind}/doctor", lambda: check_books(store))


def main():
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, people):
            check(report, store, people)
    return report.status


if __name__ == "__main__":
    sys.exit(main())
