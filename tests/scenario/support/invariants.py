"""What must hold of every result of `annex simulate`, whatever the row asks."""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

from support.facts import differ

RESULT = {"documents", "refunds", "subscriptions", "refused", "observations", "revenue",
          "credit_balance", "unpaid", "ledger_sum"}
DOCUMENT = {"at", "type", "lines", "net", "tax", "total", "currency", "credit_used", "paid_at"}
LINE = {"id", "as", "offer", "reason", "from", "to", "quantity", "unit_amount", "days", "of_days",
        "amount"}
SUBSCRIPTION = {"as", "offer", "parent", "status", "past_due", "quantity", "assigned",
                "recurring_billing", "period", "term", "history"}


def round_half_away(value):
    whole = (abs(value) * 2 + 1) // 2
    return int(whole if value >= 0 else -whole)


def day_of(text):
    return date.fromisoformat(text)


def check_shape(result):
    faults = differ("members", sorted(RESULT), sorted(result))
    for index, document in enumerate(result["documents"]):
        path = f"documents[{index}]"
        faults += differ(f"{path} members", sorted(DOCUMENT), sorted(document))
        for number, line in enumerate(document["lines"]):
            extra = {"undoes"} if "undoes" in line else set()
            faults += differ(f"{path}.lines[{number}] members", sorted(LINE | extra), sorted(line))
    for sub in result["subscriptions"]:
        faults += differ(f"subscriptions.{sub['as']} members", sorted(SUBSCRIPTION), sorted(sub))
    return faults


def check_sums(result):
    """Net is the sum of the lines, total is net + tax, the sign gives the type."""
    faults = differ("ledger_sum", 0, result["ledger_sum"])
    for index, document in enumerate(result["documents"]):
        path = f"documents[{index}]"
        faults += differ(f"{path}.net", sum(l["amount"] for l in document["lines"]),
                         document["net"])
        faults += differ(f"{path}.total", document["net"] + document["tax"], document["total"])
        kind = "invoice" if document["total"] > 0 else "credit_note"
        faults += differ(f"{path}.type", kind if document["total"] else "record",
                         document["type"])
    dates = [document["at"] for document in result["documents"]]
    return faults + differ("documents.at", sorted(dates), dates)


def check_days(path, line):
    """Days are those of [from, to), but for setup (none) and for a `full` line (all)."""
    if line["reason"] == "setup":
        return differ(f"{path}.days", [0, line["from"]], [line["days"], line["to"]])
    between = (day_of(line["to"]) - day_of(line["from"])).days
    return differ(f"{path}.days", True, line["days"] in (between, line["of_days"]))


def check_line(path, line, earlier, left):
    if line["reason"] == "setup":
        return check_days(path, line)
    exact = Fraction(line["unit_amount"]) * line["quantity"] * line["days"] / line["of_days"]
    amount = round_half_away(exact)
    if "undoes" not in line:
        return check_days(path, line) + differ(f"{path}.amount", amount, line["amount"])
    origin = earlier.get(line["undoes"])
    if not origin:
        return [f"{path}.undoes: expected an earlier line, got {line['undoes']}"]
    faults = check_days(path, line)
    for member in ("as", "offer", "quantity", "unit_amount", "of_days", "to"):
        faults += differ(f"{path}.{member} as the line undone", origin[member], line[member])
    faults += differ(f"{path}.amount", -min(amount, left[origin["id"]]), line["amount"])
    left[origin["id"]] += line["amount"]
    return faults


def check_lines(result):
    """Every amount follows from its own line; no line is credited beyond what is left of it."""
    faults, earlier, left = [], {}, {}
    for index, document in enumerate(result["documents"]):
        for number, line in enumerate(document["lines"]):
            faults += check_line(f"documents[{index}].lines[{number}]", line, earlier, left)
            faults += differ(f"line id {line['id']} is new", False, line["id"] in earlier)
            earlier[line["id"]] = line
            left[line["id"]] = line["amount"]
    return faults


def family_key(line, parents):
    """Family by the parent's name, parent first, children by name; credits before charges."""
    name = line["as"]
    parent = parents.get(name)
    rank = 2 if line["reason"] == "setup" else 0 if "undoes" in line else 1
    return (parent or name, parent is not None, name if parent else "", rank)


def check_order(result):
    parents = {sub["as"]: sub["parent"] for sub in result["subscriptions"]}
    faults = []
    for index, document in enumerate(result["documents"]):
        keys = [family_key(line, parents) for line in document["lines"]]
        faults += differ(f"documents[{index}].lines order", sorted(keys), keys)
    starts = [(sub["history"][0][0], sub["as"]) for sub in result["subscriptions"]
              if sub["history"][0][1] != "scheduled"]
    return faults + differ("subscriptions order", sorted(starts), starts)


def state_on(sub, day):
    states = [state for since, state in sub["history"] if since <= day]
    return states[-1] if states else None


def check_families(result):
    """A child is active only while its parent is, and ends no later than it."""
    by_name = {sub["as"]: sub for sub in result["subscriptions"]}
    faults = []
    for sub in result["subscriptions"]:
        faults += differ(f"{sub['as']}.status", sub["history"][-1][1], sub["status"])
        parent = by_name.get(sub["parent"])
        if not parent:
            continue
        for entry in sub["history"]:
            if entry[1] == "disabled":
                faults += differ(f"{sub['as']} disabled with its parent", True,
                                 entry in parent["history"])
        days = {day for day, _ in sub["history"] + parent["history"]}
        for day in sorted(days):
            if state_on(sub, day) == "active":
                faults += differ(f"parent of {sub['as']} on {day}", "active",
                                 state_on(parent, day))
        if sub["status"] != "deleted":
            for member in ("status", "past_due", "recurring_billing", "period", "term"):
                faults += differ(f"{sub['as']}.{member} as its parent", parent[member],
                                 sub[member])
    return faults


def earned_by_month(line, end):
    """Cumulative rounding by day; setup is earned on its day."""
    start, stop = day_of(line["from"]), day_of(line["to"])
    if start >= end:
        return {}
    total, days = line["amount"], (stop - start).days
    if days == 0:
        return {line["from"][:7]: total}
    months, done, at = {}, 0, start
    while at < min(stop, end):
        month_end = at.replace(day=monthrange(at.year, at.month)[1]) + timedelta(days=1)
        upto = min(month_end, stop, end)
        earned = round_half_away(Fraction(total * (upto - start).days, days))
        months[at.strftime("%Y-%m")] = earned - done
        done, at = earned, upto
    return months


def revenue_of(result, until):
    """{(month, name): amount}, computed from the lines alone (rules §6)."""
    end = day_of(until) + timedelta(days=1)
    sums = {}
    for document in result["documents"]:
        for line in document["lines"]:
            for month, amount in earned_by_month(line, end).items():
                key = (month, line["as"])
                sums[key] = sums.get(key, 0) + amount
    return sums


def check_revenue(result, until):
    got = {(r["month"], r["as"]): r["amount"] for r in result["revenue"]}
    faults = differ("revenue entries are unique", len(result["revenue"]), len(got))
    months = [entry["month"] for entry in result["revenue"]]
    faults += differ("revenue order", sorted(months), months)
    wanted = revenue_of(result, until)
    for key in sorted(set(wanted) | set(got)):
        faults += differ(f"revenue[{' '.join(key)}]", wanted.get(key, 0), got.get(key, 0))
    return faults


def check_cash(result):
    """What was invoiced = what was received − refunded + still unpaid − credit balance."""
    charged = sum(document["total"] for document in result["documents"])
    invoices = [d for d in result["documents"] if d["type"] == "invoice"]
    received = sum(d["total"] - d["credit_used"] for d in invoices if d["paid_at"])
    unpaid = sum(d["total"] - d["credit_used"] for d in invoices if not d["paid_at"])
    refunded = sum(refund["amount"] for refund in result["refunds"])
    faults = differ("unpaid", unpaid, result["unpaid"])
    faults += differ("received − refunded + unpaid − credit balance", charged,
                     received - refunded + result["unpaid"] - result["credit_balance"])
    if refunded > received or result["credit_balance"] < 0:
        faults.append(f"refunds: expected at most {received}, got {refunded}")
    return faults


def first_bought_on(history):
    """The day its first line was charged: that of the order, or a trial's first term."""
    days = [day for day, state in history if state in ("active", "scheduled")]
    return days[0] if days else None


def came_back(history, day):
    """Reactivated on that day."""
    return any(before[1] in ("expired", "disabled") and after == [day, "active"]
               for before, after in zip(history, history[1:]))


def line_may_begin(line, document, history):
    """On the day of its document; later when scheduled. Back from expired, the new term begins at
    the end of the old one (rules §4); its periods that are over by then are billed that day too."""
    if line["from"] > document["at"]:
        return history[0][1] == "scheduled"
    return line["from"] == document["at"] or came_back(history, document["at"])


def check_dates(result, until):
    histories = {sub["as"]: sub["history"] for sub in result["subscriptions"]}
    faults, bought = [], {}
    for index, document in enumerate(result["documents"]):
        path = f"documents[{index}]"
        faults += differ(f"{path}.at within the simulation", True, document["at"] <= until)
        for number, line in enumerate(document["lines"]):
            bought.setdefault(line["as"], document["at"])
            faults += differ(f"{path}.lines[{number}].from the day of the document", True,
                             line_may_begin(line, document, histories[line["as"]]))
            if line["reason"] == "cancel":
                ends = [[document["at"], state] for state in ("disabled", "deleted")]
                faults += differ(f"{line['as']} ended on {document['at']}", True,
                                 any(end in histories[line["as"]] for end in ends))
    for name, day in bought.items():
        faults += differ(f"{name} bought on", day, first_bought_on(histories[name]))
    return faults


def reasons_possible(name, lines, known):
    """The reasons that the lines of one subscription on one document can have."""
    if name not in known:
        return {"purchase"}
    old = sum(line["quantity"] for line in lines if "undoes" in line)
    new = sum(line["quantity"] for line in lines if "undoes" not in line)
    changes = {"plan_change", "billing_change"}
    if not old:
        return {"renewal", "increase", "reactivate"} | changes
    if not new:
        return {"cancel", "support_removal"} | changes
    return changes | {"increase" if new > old else "decrease"}


def check_reasons(result):
    """First a purchase; then what the lines themselves show; one reason per document, but that a
    trial that converts may join what renews that day."""
    faults, known = [], set()
    for index, document in enumerate(result["documents"]):
        reasons = {line["reason"] for line in document["lines"]} - {"setup"}
        if reasons != {"purchase", "renewal"}:
            faults += differ(f"documents[{index}] reasons", 1, len(reasons))
        names = {line["as"] for line in document["lines"]}
        for name in sorted(names):
            lines = [line for line in document["lines"]
                     if line["as"] == name and line["reason"] != "setup"]
            possible = reasons_possible(name, lines, known)
            for line in lines:
                faults += differ(f"documents[{index}] reason of {name} is one of "
                                 f"{sorted(possible)}: {line['reason']}", True,
                                 line["reason"] in possible)
        known |= names
    return faults


def bought_by_hand(result, simulation):
    """The trials that a step bought, and what a step brought back."""
    refused = {refusal["step"] for refusal in result["refused"]}
    return {step["subscription"] for index, step in enumerate(simulation["timeline"])
            if step["do"] in ("buy_trial", "reactivate") and index not in refused}


def is_recurring(document, trials):
    """Charged the day after: a renewal, or trials that convert by themselves (rules §4)."""
    reasons = {line["reason"] for line in document["lines"]}
    names = {line["as"] for line in document["lines"]}
    return "renewal" in reasons or (reasons <= {"purchase", "setup"} and names <= trials)


def check_paid(result, simulation):
    """By card an order is paid at once, a recurring invoice the day after (rules §7)."""
    account, faults = simulation["account"], []
    trials = {sub["as"] for sub in result["subscriptions"] if sub["history"][0][1] == "trial"}
    trials -= bought_by_hand(result, simulation)
    declined = any(step.get("fail") or step["do"] == "pay_balance"
                   for step in simulation["timeline"])
    for index, document in enumerate(result["documents"]):
        path, at = f"documents[{index}].paid_at", document["at"]
        if document["type"] == "credit_note":
            faults += differ(path, None, document["paid_at"])
        if document["type"] != "invoice" or account.get("payment") == "transfer":
            continue
        if not is_recurring(document, trials):
            faults += differ(path, at, document["paid_at"])
        elif not declined:
            after = str(day_of(at) + timedelta(days=1))
            covered = document["credit_used"] == document["total"]
            late = None if after > simulation["until"] else after
            faults += differ(path, at if covered else late, document["paid_at"])
    return faults


def check_no_tax(result, simulation):
    if simulation["account"].get("tax", "none") != "none":
        return []
    return differ("documents.tax", {0}, {0} | {d["tax"] for d in result["documents"]})


def check_invariants(result, simulation):
    faults = check_shape(result)
    if faults:
        return faults
    until = simulation["until"]
    return (check_sums(result) + check_lines(result) + check_order(result)
            + check_families(result) + check_revenue(result, until) + check_cash(result)
            + check_dates(result, until) + check_reasons(result)
            + check_paid(result, simulation) + check_no_tax(result, simulation))
