"""What the table of refusals asks with: a catalogue of its own, and a customer for each refusal."""

import urllib.parse

from support.customers import unique
from support.rows import catalogue_from, order_line
from support.server import Client
from support.shop import Customer

OFFERS = (
    "suite base user P1M/monthly=1000 P1Y/yearly=10000 max=300 change_to=plus trial=30:10",
    "plus base user P1M/monthly=2000 change_to=suite",
    "storage traditional gigabyte P1M/monthly=20 P1Y/yearly=200 connects_to=suite,plus",
    "sign traditional user P1M/monthly=300 connects_to=suite requires_base_license=true",
    "phone standalone user P1M/monthly=700 any_of=suite",
    "rival base user P1M/monthly=900 excludes=suite",
    "single base user P1M/monthly=900 limit_per_customer=1",
    "german base user P1M/monthly=900 countries=DE,AT",
    "dollar base user USD/P1M/monthly=900",
    "ended base user P1M/monthly=900 end_of_sale=true",
)
NOBODY = "sub_01k00000000000000000000000"


class World:
    """One customer, fresh for each refusal, on the catalogue above."""

    def __init__(self, shop, store, language, clock=None, **account):
        self.shop, self.store, self.language = shop, store, language
        made = shop.owner.post("/v1/organizations", {
            "name": unique("Refused"), "country": "FR", "test_clock": clock,
            "account": {"currency": "EUR", **account},
            "person": {"name": "Ada", "email": f"{unique('ada')}@scenario.example"}})
        assert made.status == 201, made
        self.customer = Customer(shop, made.body)
        self.client, self.account = self.customer.client, self.customer.account

    # What is asked --------------------------------------------------------------------------------

    def ask(self, method, path, body=None, client=None, **more):
        """Sends it in the language of this world."""
        headers = {"Accept-Language": self.language, **more.pop("headers", {})}
        return (client or self.client).ask(method, path, body, headers=headers, **more)

    def post(self, path, body=None, **more):
        return self.ask("POST", path, {} if body is None else body, **more)

    def of(self, subscription, rest="", body=None, **more):
        """A command about a subscription."""
        return self.post(f"/v1/subscriptions/{subscription}/{rest}", body, **more)

    def change(self, subscription, **members):
        return self.ask("PATCH", f"/v1/subscriptions/{subscription}", members)

    def page(self, path, fields, cookie=None):
        """Sends a form, as a browser does."""
        raw = urllib.parse.urlencode(fields).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html",
                   **({"Cookie": cookie} if cookie else {})}
        return self.ask("POST", path, raw=raw, headers=headers, client=Client(self.shop.address))

    # Orders ---------------------------------------------------------------------------------------

    def line(self, text):
        """`suite*10/P1Y/yearly@base+2027-01-01>end`, by the month unless it says or is connected;
        `trial` makes it one."""
        trial, _, rest = text.rpartition(" ")
        name, _, wanted = rest.rpartition("=")
        line = order_line(f"{name or 'line'}={wanted}")
        line["name"] = line.pop("as")
        if "connect_to" not in line:
            line = {"term": "P1M", "billing": "monthly", **line}
        return {"quantity": 1, **line, **({"trial": True} if trial else {})}

    def order_body(self, *texts, method="success", **more):
        lines = [self.line(text) for text in texts]
        return self.customer.order_body(*lines, method=method, **more)

    def order(self, *texts, **more):
        return self.post("/v1/orders", self.order_body(*texts, **more))

    def hold(self, *texts, state="completed", **more):
        """Orders, and gives the subscription of the first line."""
        placed = self.order(*texts, **more)
        assert placed.status in (201, 202) and placed.body["state"] == state, placed
        return placed.body["lines"][0]["subscription"]

    def done(self, answer):
        """The body of what must succeed."""
        assert answer.status in (200, 201, 202), answer
        return answer.body

    # Time and states ------------------------------------------------------------------------------

    def later(self, days):
        self.customer.later(self.store, days)

    def past_due(self, *texts):
        """A year by transfer that nobody paid in 30 days."""
        subscription = self.hold(*texts, method="transfer")
        self.later(32)
        return subscription

    def cancelled(self, *texts):
        subscription = self.hold(*texts)
        self.done(self.of(subscription, "cancel"))
        return subscription

    def deleted(self, *texts):
        subscription = self.cancelled(*texts)
        self.done(self.of(subscription, "delete"))
        return subscription

    def assign(self, subscription, *users):
        return self.post("/v1/licenses/assign", {"subscription": subscription,
                                                 "users": list(users)})

    def assigned(self, subscription, *users):
        self.done(self.assign(subscription, *users))
        return subscription


def publish(shop, version="refusals"):
    """The catalogue above, on sale from now on."""
    made = shop.owner.post("/v1/catalog_versions", catalogue_from(version, OFFERS))
    assert made.status == 201, made
