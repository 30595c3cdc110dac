#!/usr/bin/env python3
"""One Idempotency-Key, one order (api.md, Manners): 200 requests at once, then replays and reuse.

Usage: idempotency.py    The program is $ANNEX_BIN, or build/annex; PostgreSQL is $ANNEX_PG.
"""

import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from support.customers import (PATIENCE_S, Customer, ask_until_told,  # noqa: E402
                               check_books, equal, is_replay, must, run_on_stores, serving, unique)

AT_ONCE = 200
PRICE = 350  # of one licence of `files` a month, in cents
SEATS = 3


def order_body(customer, quantity=SEATS):
    line = {"offer": "files", "quantity": quantity, "term": "P1M", "billing": "monthly"}
    return {"account": customer.account, "lines": [line]}


def send_at_once(customer, body, key):
    """All requests leave together, each on a connection of its own; returns their answers."""
    answers, faults = [], []
    gate = threading.Barrier(AT_ONCE)

    def send():
        try:
            client = customer.connect()
            client.load("/healthz")  # the connection is there before the gate opens
            gate.wait(PATIENCE_S)
            answers.append(ask_until_told(client, body, key))
            client.connection.close()
        except (AssertionError, OSError, threading.BrokenBarrierError) as fault:
            faults.append(str(fault))

    threads = [threading.Thread(target=send) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(faults[:3], [], "requests that failed")
    return answers


def check_once(customer, store):
    """One order, one subscription, one invoice, one charge."""
    key = unique("once")
    answers = send_at_once(customer, order_body(customer), key)
    ids = {must(answer, 201, 202)["id"] for answer in answers}
    equal(len(answers), AT_ONCE, "answers")
    equal(len(ids), 1, "orders named by the answers")
    fresh = [a for a in answers if not is_replay(a)]
    equal(len(fresh), 1, "answers that are not replays")
    order = settled(customer, ids.pop())
    equal(customer.held(), {"orders": 1, "subscriptions": 1, "invoices": 1}, "held")
    equal(customer.client.list("/v1/subscriptions")[0]["quantity"], SEATS, "quantity")
    invoice = customer.client.load(f"/v1/invoices/{order['invoice']}")
    equal(invoice["net"], {"amount": SEATS * PRICE, "currency": "EUR"}, "net")
    charges = store.sql("SELECT COUNT(*), COALESCE(SUM(amount_minor), 0) FROM payment"
                        f" WHERE customer = '{customer.organization}'")
    wanted = ("1", str(invoice["total"]["amount"])) if order["payment"] else ("0", "0")
    equal(charges, [wanted], "charges")
    if order["payment"]:
        asked = store.sql("SELECT COUNT(*) FROM sandbox_charge"
                          f" WHERE idempotency_key LIKE '{order['payment']}/%'")
        equal(asked, [("1",)], "charges at the provider")


def settled(customer, order_id):
    until = time.monotonic() + PATIENCE_S
    while True:
        body = customer.client.load(f"/v1/orders/{order_id}")
        if body["state"] == "completed":
            return body
        if body["state"] != "processing" or time.monotonic() > until:
            raise AssertionError(f"order {body['state']}: {body['failure']}")
        time.sleep(0.05)


def check_reuse(customer):
    """The same answer again; another body or another route under the key is refused."""
    key = unique("reuse")
    first = customer.client.send("/v1/orders", order_body(customer), key)
    must(first, 201)
    equal(is_replay(first), False, "first answer is a replay")
    again = customer.client.send("/v1/orders", order_body(customer), key)
    equal(again.status, first.status, "replayed status")
    equal(again.body, first.body, "replayed body")
    equal(is_replay(again), True, "second answer is a replay")
    before = customer.held()
    other = customer.client.send("/v1/orders", order_body(customer, SEATS + 1), key)
    equal((other.status, other.code), (409, "idempotency_key_reused"), "other body")
    other = customer.client.send("/v1/orders?preview=true", order_body(customer), key)
    equal((other.status, other.code), (409, "idempotency_key_reused"), "other query")
    other = customer.client.send("/v1/carts", {"account": customer.account}, key)
    equal((other.status, other.code), (409, "idempotency_key_reused"), "other route")
    equal(customer.held(), before, "held after refusals")


def check_refusal(customer):
    """A refusal is an answer too, and is replayed with the same request id."""
    key = unique("refusal")
    answers = [customer.client.send("/v1/orders", order_body(customer, 0), key) for _ in range(2)]
    for answer in answers:
        equal((answer.status, answer.code), (422, "quantity_out_of_range"), "refusal")
    equal(answers[1].body, answers[0].body, "replayed refusal")
    equal(is_replay(answers[1]), True, "second answer is a replay")


def check_decline(customer):
    """A card that is declined: 422 for everyone, and nothing remains but the order's record."""
    answers = send_at_once(customer, order_body(customer), unique("decline"))
    equal({(a.status, a.code) for a in answers}, {(422, "payment_failed")}, "answers")
    equal(customer.held(), {"orders": 1, "subscriptions": 0, "invoices": 0}, "held")


def check_without_key(customer):
    """Without a key, each request is an order of its own."""
    for _ in range(2):
        must(customer.client.send("/v1/orders", order_body(customer)), 201)
    equal(customer.held(), {"orders": 2, "subscriptions": 2, "invoices": 2}, "held")


def check_store(report, store, owner):
    with serving(store) as server:
        def case(name, check, *more, **method):
            def work():
                customer = Customer(server.address, owner)
                customer.add_method(**method)
                check(customer, *more)
            report.case(f"{store.kind}/{name}", work)

        card = {"kind": "card", "test": "success"}
        case(f"{AT_ONCE} at once by transfer", check_once, store, kind="transfer")
        case(f"{AT_ONCE} at once by card", check_once, store, **card)
        case(f"{AT_ONCE} at once, late card", check_once, store, kind="card", test="late")
        case(f"{AT_ONCE} at once, declined", check_decline, kind="card", test="decline")
        case("replay and reuse", check_reuse, **card)
        case("a refusal is replayed", check_refusal, **card)
        case("without a key", check_without_key, **card)
    report.case(f"{store.kind}/books are right", lambda: check_books(store))


if __name__ == "__main__":
    run_on_stores(check_store)
