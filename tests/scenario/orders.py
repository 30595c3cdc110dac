#!/usr/bin/env python3
"""Orders under pressure: one key makes one order however often it is sent, and whatever instant
the server is killed at, every acknowledged order is there once and the books are right."""
import os
import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from support.annex import Client, Report, Server, Store, equal, stores

KILLS = 200 if os.environ.get("ANNEX_LONG") else 20


def order_body(account):
    return {"account": account, "lines": [
        {"name": "base", "offer": "standard", "quantity": 2, "term": "P1M", "billing": "monthly"},
        {"offer": "extra-storage", "quantity": 20, "connect_to": "base"}]}


def place(client, body, key):
    """Sends until there is a final answer."""
    while True:
        status, answer, headers = client.post("/v1/orders", body, key)
        if status == 409 and answer["code"] == "idempotency_running":
            time.sleep(0.05)
            continue
        return status, answer, headers


def check_one_key(client, account):
    """200 at once with one key are one order; another body with that key is refused."""
    body = order_body(account)
    before = len(client.all("/v1/orders"))
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: place(client, body, "the-one"), range(200)))
    equal({a[1]["id"] for a in answers if a[0] < 300}, {answers[0][1]["id"]}, "order")
    equal({a[0] // 100 for a in answers}, {2}, "statuses")
    equal(len(client.all("/v1/orders")), before + 1, "orders")
    body["lines"][0]["quantity"] = 3
    status, answer, _ = client.post("/v1/orders", body, "the-one")
    equal((status, answer["code"]), (409, "idempotency_key_reused"), "another body")


class Stream:
    """Threads that order one after the other, each with a key of its own for every order."""

    def __init__(self, account, methods):
        self.account, self.methods = account, methods
        self.lock, self.stop = threading.Lock(), False
        self.acknowledged, self.open = {}, {}

    def work(self, client, number):
        count = 0
        while not self.stop:
            count += 1
            key = f"{number}-{count}-{random.random()}"
            body = {**order_body(self.account), "payment_method": self.methods[count % 2]}
            with self.lock:
                self.open[key] = body
            try:
                status, answer, _ = client.post("/v1/orders", body, key)
            except OSError:
                return
            if status in (201, 202):
                with self.lock:
                    self.acknowledged[key] = answer["id"]
                    del self.open[key]

    def run_until_killed(self, server, client):
        threads = [threading.Thread(target=self.work, args=(client, n)) for n in range(6)]
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(0.05, 0.4))
        server.kill()
        self.stop = True
        for thread in threads:
            thread.join()
        self.stop = False

    def retry_open(self, client):
        """Whoever got no answer asks again with the same key. One whose card was being asked when
        the server was killed counts as still running for a while."""
        for key, body in list(self.open.items()):
            status, answer, _ = client.post("/v1/orders", body, key)
            if status == 409 and answer["code"] == "idempotency_running":
                continue
            if status in (201, 202):
                self.acknowledged[key] = answer["id"]
                del self.open[key]
            else:
                raise AssertionError(f"retry: {status} {answer}")


def add_transfer(client, account):
    status, method, _ = client.post("/v1/payment_methods",
                                    {"account": account, "kind": "transfer"})
    equal(status, 201, f"transfer {method}")
    return method["id"]


def check_kills(store):
    random.seed(7)
    with Server(store.where) as server:
        client = Client(server.port, store.keys["Camille"])
        account = client.get("/v1/billing_accounts")["data"][0]["id"]
        card = client.get("/v1/payment_methods")["data"][-1]["id"]
        before = {o["id"] for o in client.all("/v1/orders")}
        stream = Stream(account, [card, add_transfer(client, account)])
    for _ in range(KILLS):
        with Server(store.where) as server:
            client = Client(server.port, store.keys["Camille"])
            stream.retry_open(client)
            stream.run_until_killed(server, client)
    with Server(store.where) as server:
        client = Client(server.port, store.keys["Camille"])
        wait_until(lambda: stream.retry_open(client) or not stream.open, "open requests")
        wait_until(lambda: not client.get("/v1/orders", state="processing")["data"],
                   "orders in processing")
        there = [o["id"] for o in client.all("/v1/orders") if o["id"] not in before]
        equal(len(set(stream.acknowledged.values())), len(stream.acknowledged), "orders by key")
        equal(sorted(there), sorted(stream.acknowledged.values()), "orders that are there")
    equal(store.doctor(), "books are right", "doctor")


def wait_until(done, what, limit_s=60):
    """Cards that were being asked when the server was killed are settled by themselves."""
    until = time.monotonic() + limit_s
    while not done():
        if time.monotonic() > until:
            raise AssertionError(f"there are {what} after {limit_s} s")
        time.sleep(0.5)


def check_store(report, kind):
    store = Store(kind)
    try:
        with Server(store.where) as server:
            client = Client(server.port, store.keys["Camille"])
            account = client.get("/v1/billing_accounts")["data"][0]["id"]
            report.case(f"{kind}/one-key-one-order", lambda: check_one_key(client, account))
        report.case(f"{kind}/killed-{KILLS}-times", lambda: check_kills(store))
    finally:
        store.remove()


def main():
    report = Report()
    for kind in stores():
        check_store(report, kind)
    return report.status()


if __name__ == "__main__":
    sys.exit(main())
