"""Callers that keep their connection, customers of the test's own, and cases that print a line."""

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
import traceback
import uuid

from support.server import BINARY, SECONDS, Answer, Client, Server, Store, read_keys, store_kinds

PATIENCE_S = 20


def unique(word):
    return f"{word}-{uuid.uuid4().hex[:12]}"


def equal(got, wanted, what):
    if got != wanted:
        raise AssertionError(f"{what}: expected {wanted!r}, got {got!r}")


# Cases -------------------------------------------------------------------------------------------


class Report:
    """Prints a line for each case; its status is that of the program."""

    def __init__(self):
        self.status = 0

    def case(self, name, work):
        began = time.monotonic()
        try:
            work()
            print(f"ok {name} ({time.monotonic() - began:.1f} s)", flush=True)
        except (AssertionError, OSError) as fault:
            self.fail(name, f"{type(fault).__name__}: {str(fault)[:1500]}")
        except Exception:  # pylint: disable=broad-except
            self.fail(name, traceback.format_exc(limit=-3))

    def fail(self, name, why):
        self.status = 1
        print(f"FAILED {name}: {why}", flush=True)


def run_on_stores(check):
    """check(report, store, owner's key) on a demonstration store of each kind; exits."""
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, people):
            check(report, store, people["seller"]["owner"])
    sys.exit(report.status)


@contextlib.contextmanager
def demo_store(kind):
    """A store with the demonstration, and the keys of its people."""
    store = Store(kind)
    try:
        yield store, read_keys(store.run("demo"))
    finally:
        store.remove()


@contextlib.contextmanager
def serving(store, environment=None):
    server = Server(store, environment)
    try:
        yield server
    finally:
        status = server.stop()
    equal(status, 0, "exit status of serve")


def check_books(store, patience_s=300):
    """The doctor's verdict; what it finds is in the message."""
    done = subprocess.run([str(BINARY), "doctor", "--store", store.where], capture_output=True,
                          text=True, timeout=patience_s, check=False)
    last = (done.stdout.strip().splitlines() or [""])[-1]
    if (done.returncode, last) != (0, "books are right"):
        raise AssertionError(f"doctor: {done.returncode} {done.stdout.strip()[-900:]} "
                             f"{done.stderr.strip()[-300:]}")


# Callers -----------------------------------------------------------------------------------------


class Caller(Client):
    """A client with one connection that stays; OSError when no answer comes."""

    def __init__(self, address, key, organization=None):
        super().__init__(address, key, organization)
        self.connection = http.client.HTTPConnection(address, timeout=SECONDS)

    def ask(self, method, path, body=None, headers=None, raw=None):
        sent = {"Authorization": f"Bearer {self.key}", **(headers or {})}
        if self.organization:
            sent["Annex-Organization"] = self.organization
        if body is not None:
            raw = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        try:
            if self.connection.sock is None:
                self.connection.connect()
                self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection.request(method, path, raw, sent)
            return Answer(self.connection.getresponse(), f"{method} {path}")
        except (OSError, http.client.HTTPException) as gone:
            self.connection.close()
            raise OSError(f"{method} {path}: no answer ({type(gone).__name__}: {gone})") from gone

    def send(self, path, body, key=None, method="POST"):
        return self.ask(method, path, body, {"Idempotency-Key": key} if key else None)

    def load(self, path):
        return must(self.get(path), 200)

    def list(self, path):
        """Every item of a list, page by page."""
        items, after = [], ""
        mark = "&" if "?" in path else "?"
        while True:
            page = self.load(f"{path}{mark}limit=100{after}")
            items += page["data"]
            if not page["has_more"]:
                return items
            after = f"&after={page['next']}"


def must(answer, *statuses):
    """The body of an answer that must have one of these statuses."""
    if answer.status not in statuses:
        raise AssertionError(f"expected {' or '.join(map(str, statuses))}, got {answer}")
    return answer.body


def is_replay(answer):
    return answer.headers.get("idempotent-replayed") == "true"


# Customers ---------------------------------------------------------------------------------------


class Customer:
    """A fresh organisation that the seller's owner acts for, on a test clock or in real time;
    `account` overrides its members."""

    def __init__(self, address, owner_key, clock=None, **account):
        self.address, self.key = address, owner_key
        made = must(Caller(address, owner_key).send("/v1/organizations", {
            "name": unique("Essai"), "country": "FR", "test_clock": clock,
            "account": {"type": "classic", "country": "FR", "currency": "EUR",
                        "time_zone": "Europe/Paris", **account},
            "person": {"name": "Paul Essai", "email": f"{unique('paul')}@essai.example"},
        }, unique("organization")), 201)
        self.organization, self.account = made["id"], made["account"]["id"]
        self.client = self.connect()

    def connect(self, address=None):
        return Caller(address or self.address, self.key, self.organization)

    def add_method(self, **method):
        body = {"account": self.account, **method}
        return must(self.client.send("/v1/payment_methods", body, unique("method")), 201)["id"]

    def held(self):
        """How many there are of each thing that an order makes."""
        return {name: len(self.client.list(f"/v1/{name}"))
                for name in ("orders", "subscriptions", "invoices")}


def ask_until_told(client, body, key, patience_s=PATIENCE_S):
    """Places an order; sends the same again as long as the first request is said to run."""
    until = time.monotonic() + patience_s
    while True:
        answer = client.send("/v1/orders", body, key)
        if answer.code != "idempotency_running":
            return answer
        equal((answer.status, "retry-after" in answer.headers), (409, True), "running")
        if time.monotonic() > until:
            raise AssertionError(f"still idempotency_running after {patience_s} s")
        time.sleep(0.05)
