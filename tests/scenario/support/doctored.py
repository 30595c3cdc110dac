"""Results that break one law each, so that laws.py can show that it finds them."""

from support.timelines import catalogue

ACCOUNT = {"type": "classic", "country": "FR", "currency": "EUR", "time_zone": "Europe/Paris",
           "tax": "auto", "payment": "card"}


def bought(name, offer, quantity, **more):
    line = {"as": name, "offer": offer, "quantity": quantity}
    return {**line, **more} if more else {**line, "term": "P1M", "billing": "monthly"}


def change(at, do, name, **more):
    return {"at": at, "do": do, "subscription": name, **more}


# A base with its add-on and one removed, tiers, a setup, a plan with another rate of tax.
CLASSIC = {"catalog": catalogue("1"), "account": ACCOUNT, "until": "2026-04-30", "timeline": [
    {"at": "2026-01-13", "do": "order", "lines": [
        bought("b", "suite", 10), bought("s", "storage", 100, connect_to="b"),
        bought("k", "dock", 1, connect_to="b")]},
    {"at": "2026-01-20T09:30:00Z", "do": "order",
     "lines": [bought("l", "ladder", 8), bought("p", "phone", 2), bought("x", "site", 3)]},
    change("2026-02-01", "set_quantity", "b", quantity=12),
    change("2026-02-01", "set_quantity", "s", quantity=150),
    change("2026-02-05T20:00:00Z", "set_quantity", "b", quantity=9),
    change("2026-02-10", "support_remove", "k"),
    change("2026-02-20", "cancel", "l"),
    change("2026-03-05", "cancel", "b"),
    {"at": "2026-03-20", "do": "publish", "catalog": catalogue("2", 115)}]}
AGREEMENT = {"catalog": catalogue("1"), "account": {**ACCOUNT, "type": "agreement"},
             "until": "2026-04-30", "timeline": [
                 {"at": "2026-01-13", "do": "order", "lines": [bought("b", "suite", 10)]},
                 {"at": "2026-01-13", "do": "order", "lines": [bought("x", "site", 3)]}]}
SAMPLES = {"classic": CLASSIC, "agreement": AGREEMENT}


def all_lines(result):
    return [line for document in result["documents"] for line in document["lines"]]


def credit_of(result, name):
    """The last credit of a subscription, and the document that has it."""
    return [(line, document) for document in result["documents"] for line in document["lines"]
            if line["as"] == name and "undoes" in line][-1]


def subscription(result, name):
    return next(sub for sub in result["subscriptions"] if sub["as"] == name)


def renewal_of(result, name):
    return next(document for document in result["documents"] for line in document["lines"]
                if line["as"] == name and line["reason"] == "renewal")


def last_of(result, name):
    return [line for line in all_lines(result) if line["as"] == name][-1]


def more(holder, member, by=1):
    holder[member] += by


def credits_too_much(result):
    credit, _ = credit_of(result, "s")
    origin = next(line for line in all_lines(result) if line["id"] == credit["undoes"])
    credit["amount"] = -origin["amount"] - 1


def goes_on_alone(result):
    """The add-on of a base that was cancelled."""
    child = subscription(result, "s")
    child["history"] = [step for step in child["history"] if step[1] == "active"]
    child["status"] = "active"


def twice(result):
    """The same command, invoiced a second time."""
    document = {**result["documents"][2]}
    document["lines"] = [{**line, "id": line["id"] + 1000} for line in document["lines"]]
    result["documents"].insert(3, document)


def one_each(result):
    """What renews on one day, on a document for each subscription."""
    document = renewal_of(result, "b")
    place = result["documents"].index(document)
    result["documents"][place:place + 1] = [{**document, "lines": [line]}
                                            for line in document["lines"]]


def two_orders(result):
    """What renews of one order, on the document of another."""
    document, other = renewal_of(result, "b"), renewal_of(result, "x")
    document["lines"] = document["lines"] + other["lines"]
    result["documents"].remove(other)


def nothing_held(result):
    for sub in result["subscriptions"]:
        sub["status"] = "disabled"
    result["credit_balance"] = 5


def ends_a_day_early(result):
    last_of(result, "x")["to"] = "2026-04-29"


# (sample, how the fault begins, what breaks it)
DOCTORED = (
    ("classic", "documents[0] members", lambda r: r["documents"][0].update(note="")),
    ("classic", "ledger_sum", lambda r: more(r, "ledger_sum")),
    ("classic", "documents[0].net", lambda r: more(r["documents"][0], "net")),
    ("classic", "documents[0].total", lambda r: more(r["documents"][0], "total")),
    ("classic", "documents[0].type", lambda r: r["documents"][0].update(type="credit_note")),
    ("classic", "documents.at", lambda r: r["documents"].reverse()),
    ("classic", "documents[0].lines[0].amount",
     lambda r: more(r["documents"][0]["lines"][0], "amount")),
    ("classic", "documents[0].lines[0].days",
     lambda r: more(r["documents"][0]["lines"][0], "days", -1)),
    ("classic", "documents[2].lines[0].undoes",
     lambda r: r["documents"][2]["lines"][0].update(undoes=999)),
    ("classic", "unpaid", lambda r: more(r, "unpaid")),
    ("classic", "received", lambda r: more(r, "credit_balance")),
    ("classic", "refunds", lambda r: r["refunds"].append({"at": "2026-04-30", "amount": 10**9})),
    ("classic", "revenue[", lambda r: more(r["revenue"][0], "amount")),
    ("classic", "s disabled with its parent",
     lambda r: subscription(r, "s")["history"][1].__setitem__(0, "2026-03-06")),
    ("classic", "in force", lambda r: more(last_of(r, "x"), "amount")),
    ("classic", "credits: line", credits_too_much),
    ("classic", "pieces: revenue of l",
     lambda r: more([e for e in r["revenue"] if e["as"] == "l"][-1], "amount")),
    ("classic", "charged once: x on 2026-04-29: by 0", ends_a_day_early),
    ("classic", "charged once: b on 2026-02-01: by 2", twice),
    ("classic", "charged once: quantity of x", lambda r: more(subscription(r, "x"), "quantity")),
    ("classic", "tax: document 0", lambda r: more(r["documents"][0], "tax")),
    ("classic", "tax: document", lambda r: more(credit_of(r, "b")[1], "tax")),
    ("classic", "no child alone: s is active on 2026-03-05", goes_on_alone),
    ("classic", "one document: 3 of 2 set_quantity on 2026-02-01", twice),
    ("classic", "states: b disabled on 2026-03-06 by nobody",
     lambda r: subscription(r, "b")["history"][1].__setitem__(0, "2026-03-06")),
    ("classic", "states: l disabled since 2026-01-25: ends on 2026-05-01, expected 2026-04-25",
     lambda r: subscription(r, "l")["history"][1].__setitem__(0, "2026-01-25")),
    ("classic", "licences: assigned of k", lambda r: more(subscription(r, "k"), "assigned")),
    ("classic", "orders: that of step 0 twice on 2026-02-13", one_each),
    ("classic", "orders: 2 on one document of 2026-02-13", two_orders),
    ("classic", "balance: 5 beside unpaid 5", lambda r: r.update(credit_balance=5, unpaid=5)),
    ("classic", "balance: 5, and nothing is held", nothing_held),
    ("classic", "versions: x on 2026-04-20", lambda r: more(last_of(r, "x"), "amount", -15)),
    ("agreement", "one document: 2 recurring ones on 2026-02-13", one_each),
)


# Pairs of results, as far as the laws that compare two of them look at them -----------------------


def result(*documents, refused=(), told=None):
    made = {"documents": list(documents), "refused": list(refused), "subscriptions": []}
    if told is not None:
        made["observations"] = [{"preview": told}]
    return made


def document(name, net, tax=0, reason="increase"):
    return {"at": "2026-01-13", "net": net, "tax": tax, "paid_at": None,
            "lines": [{"id": 1, "as": name, "reason": reason, "amount": net}]}


UP, DOWN, BACK = document("a", 5), document("a", -5), document("a", -4)
FULL = [document("a", 100, 20, "purchase"), document("a", -100, -20, "cancel")]
NOT = {"at": "2026-01-13", "step": 1, "what": "cancel", "code": "past_due", "reasons": []}
TOLD = {"documents": [UP], "refused": None}

# (how the fault begins, the law, what it is shown); where it begins with nothing, all is well
DOCTORED_PAIRS = (
    ("", "same", ("same", result(UP), result(UP))),
    ("second run: documents", "same", ("second run", result(UP), result(UP, UP))),
    ("daily runs: refused", "same", ("daily runs", result(), result(refused=[NOT]))),
    ("", "back", ("a", result(), result(UP, DOWN))),
    ("there and back: net", "back", ("a", result(), result(UP, BACK))),
    ("", "credit", ({"a"}, result(), result(*FULL))),
    ("full credit: tax", "credit",
     ({"a"}, result(), result(FULL[0], document("a", -100, -19, "cancel")))),
    ("full credit: net", "credit",
     ({"a"}, result(), result(FULL[0], document("a", -99, -20, "cancel")))),
    ("full credit: documents", "credit", ({"a"}, result(), result(*FULL, document("a", 0)))),
    ("", "preview", (result(), result(told=TOLD), result(UP))),
    ("preview changes nothing: documents", "preview", (result(), result(UP, told=TOLD),
                                                       result(UP))),
    ("preview: refusal", "preview", (result(), result(told=TOLD), result(refused=[NOT]))),
    ("preview: documents", "preview", (result(), result(told=TOLD), result(BACK))),
    ("one document", "preview", (result(), result(told=TOLD), result(UP, DOWN))),
)
