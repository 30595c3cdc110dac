"""A stream of orders from several callers at once, each order with an Idempotency-Key of its own,
on a server that may die; and the proof that each of them is there exactly once."""

import collections
import random
import threading
import time

from support.customers import Customer, ask_until_told, equal, must, unique

CALLERS = 6
CUSTOMERS = 2
RUNNING_S = 40  # a request whose server died is said to run for half a minute


class Request:
    """An order to place. Its tag is the key, and its purchase order number."""

    def __init__(self, customer, chance):
        self.customer, self.tag = customer, unique("order")
        seats = chance.randint(2, 9)
        self.lines = [{"offer": "files", "quantity": seats, "term": "P1M", "billing": "monthly"}]
        if chance.random() < 0.5:
            self.lines = [
                {"name": "base", "offer": "standard", "quantity": seats, "term": "P1M",
                 "billing": "monthly"},
                {"offer": "extra-storage", "quantity": 10 * seats, "connect_to": "base"}]
        self.body = {"account": customer.account, "lines": self.lines, "purchase_order": self.tag,
                     "payment_method": chance.choice(customer.methods)}


class Stream:
    def __init__(self, owner, allowed=()):
        self.owner = owner
        self.allowed = {"idempotency_running", *allowed}  # codes that leave a request open
        self.chance = random.Random(owner)
        self.lock = threading.Lock()
        self.customers, self.open, self.placed, self.faults = [], {}, {}, []
        self.codes = collections.Counter()
        self.retries, self.threads = collections.deque(), []
        self.is_ending = self.may_lose = False

    def add_customers(self, address):
        """Fresh customers for the next orders, so that none grows without end."""
        for _ in range(CUSTOMERS):
            customer = Customer(address, self.owner)
            customer.methods = [customer.add_method(kind="card", test="success"),
                                customer.add_method(kind="transfer")]
            self.customers.append(customer)

    def take(self, place):
        """What to send next: what is still without an answer comes first."""
        with self.lock:
            if self.retries:
                return self.retries.popleft()
            request = Request(self.customers[-1 - place % CUSTOMERS], self.chance)
            self.open[request.tag] = request
            return request

    def note(self, request, answer):
        with self.lock:
            if answer.status in (201, 202):
                self.placed[request.tag] = (request, answer.body["id"])
                del self.open[request.tag]
            elif answer.code in self.allowed:
                self.codes[answer.code] += 1
            else:
                self.faults.append(str(answer))

    def work(self, place, address):
        clients = {}
        while not self.is_ending:
            request = self.take(place)
            if request.customer not in clients:
                clients[request.customer] = request.customer.connect(address)
            try:
                answer = clients[request.customer].send("/v1/orders", request.body, request.tag)
            except OSError as lost:
                if not self.may_lose:
                    self.faults.append(str(lost))
                break
            self.note(request, answer)
            if answer.status not in (201, 202):
                time.sleep(0.02)
        for client in clients.values():
            client.connection.close()

    def begin(self, *addresses):
        """Callers at one server, or shared out among several."""
        self.is_ending = self.may_lose = False
        self.retries = collections.deque(self.open.values())
        self.threads = [
            threading.Thread(target=self.work, args=(place, addresses[place % len(addresses)]))
            for place in range(CALLERS)]
        for thread in self.threads:
            thread.start()

    def wait_for_one_more(self, patience_s=20):
        """Until another order was acknowledged."""
        before, until = len(self.placed), time.monotonic() + patience_s
        while len(self.placed) == before and not self.faults:
            if time.monotonic() > until:
                raise AssertionError(f"no order placed for {patience_s} s: {self.codes}")
            time.sleep(0.002)

    def end(self):
        self.is_ending = True
        for thread in self.threads:
            thread.join()

    def finish(self, address):
        """Sends what is without an answer until each has one, and counts what is there."""
        for request in list(self.open.values()):
            request.customer.address = address
            caller = request.customer.connect()
            answer = ask_until_told(caller, request.body, request.tag, RUNNING_S)
            must(answer, 201, 202)
            self.note(request, answer)
        equal(self.faults[:3], [], "answers that should not be")
        for customer in self.customers:
            customer.address = address
            customer.client = customer.connect()
            self.check_customer(customer)
            customer.client.connection.close()

    def check_customer(self, customer):
        """Each order that was asked for is there once, with what it bought and one invoice."""
        orders, invoices = wait_until_settled(customer.client)
        wanted = {tag: order for tag, (request, order) in self.placed.items()
                  if request.customer is customer}
        equal(sorted((o["purchase_order"], o["id"]) for o in orders), sorted(wanted.items()),
              "orders")
        equal({o["state"] for o in orders} - {"completed"}, set(), "states of orders")
        subscriptions = customer.client.list("/v1/subscriptions")
        bought = [line["subscription"] for o in orders for line in o["lines"]]
        equal(sorted(s["id"] for s in subscriptions), sorted(bought), "subscriptions")
        equal({s["status"] for s in subscriptions} - {"active"}, set(), "states")
        equal(sorted((i["order"], i["id"], i["total"]["amount"]) for i in invoices),
              sorted((o["id"], o["invoice"], o["total"]["amount"]) for o in orders), "invoices")
        equal(len({i["number"] for i in invoices}), len(invoices), "numbers")


def wait_until_settled(client, patience_s=20):
    """Orders and invoices, once no order waits for its card and no invoice for its number."""
    until = time.monotonic() + patience_s
    while True:
        orders, invoices = client.list("/v1/orders"), client.list("/v1/invoices")
        if (all(order["state"] != "processing" for order in orders)
                and all(invoice["number"] for invoice in invoices)):
            return orders, invoices
        if time.monotonic() > until:
            raise AssertionError(f"orders or numbers are still awaited after {patience_s} s")
        time.sleep(0.1)
