"""Compares a result of `annex simulate` with the facts of a row. See simulate/README.md.

Every check returns a list of differences, each `path: expected X, got Y`.
"""

import re

from support.rows import TableError

REASONS = {"purchase", "renewal", "increase", "decrease", "plan_change", "billing_change",
           "cancel", "reactivate", "support_removal", "setup"}
COLUMNS = {"totals": "total", "nets": "net", "taxes": "tax", "used": "credit_used",
           "dates": "at", "paid": "paid_at", "types": "type"}
LINE_WORDS = [
    (re.compile(r"^(-?\d+)$"), ("amount",)),
    (re.compile(r"^(\d+)/(\d+)$"), ("days", "of_days")),
    (re.compile(r"^(\d+)x([\d.]+)$"), ("quantity", "unit_amount")),
    (re.compile(r"^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$"), ("from", "to")),
]


def differ(path, expected, got):
    return [] if expected == got else [f"{path}: expected {expected}, got {got}"]


def value_of(word):
    return int(word) if re.match(r"^-?\d+$", word) else word


def undone_line(result, place):
    """The id of the line named `DOCUMENT.LINE`, both counted from 1."""
    document, line = (int(part) - 1 for part in place.split("."))
    try:
        return result["documents"][document]["lines"][line]["id"]
    except IndexError:
        return f"no line {place}"


def line_members(result, words):
    """`store decrease -774 12/31 undoes=2.1` as the members it states of a line."""
    members = {}
    for word in words:
        if word.startswith("undoes="):
            members["undoes"] = undone_line(result, word[len("undoes="):])
            continue
        if word.startswith("offer="):
            members["offer"] = word[len("offer="):]
            continue
        for pattern, names in LINE_WORDS:
            match = pattern.match(word)
            if match:
                members.update(zip(names, map(value_of, match.groups())))
                break
        else:
            members["reason" if word in REASONS else "as"] = word
    return members


def check_document(world, words):
    """`doc 2: LINE, LINE`: all lines of the second document, in their order."""
    number, _, text = " ".join(words).partition(":")
    documents = world["documents"]
    if int(number) > len(documents):
        return [f"documents: expected {number} or more, got {len(documents)}"]
    lines = documents[int(number) - 1]["lines"]
    path = f"documents[{int(number) - 1}].lines"
    wanted = [line_members(world["whole"], part.split()) for part in text.split(",")]
    if len(wanted) != len(lines):
        got = [(line["as"], line["reason"], line["amount"]) for line in lines]
        return [f"{path}: expected {len(wanted)} lines, got {got}"]
    faults = []
    for index, (members, line) in enumerate(zip(wanted, lines)):
        for name, expected in members.items():
            got = line.get(name)
            got = int(got) if isinstance(expected, int) and str(got).isdigit() else got
            faults += differ(f"{path}[{index}].{name}", expected, got)
    return faults


def check_column(world, name, words):
    """`totals 12500 774`: one member of all documents, `-` for null, `*` for anything."""
    got = [document[COLUMNS[name]] for document in world["documents"]]
    wanted = [None if word == "-" else value_of(word) for word in words]
    if len(wanted) == len(got):
        wanted = [g if w == "*" else w for w, g in zip(wanted, got)]
    return differ(f"documents.{COLUMNS[name]}", wanted, got)


def reasons_match(words, got):
    """Words are `code` (whatever its offers) or `code(offer,offer)`."""
    if words == ["*"]:
        return True
    if len(words) != len(got):
        return False
    for word, reason in zip(words, got):
        code, _, offers = word.partition("(")
        if code != reason["code"]:
            return False
        if offers and [o for o in offers[:-1].split(",") if o] != reason["offers"]:
            return False
    return True


def reason_text(reasons):
    return " ".join(f"{r['code']}({','.join(r['offers'])})" for r in reasons) or "no reasons"


def check_refusal(path, words, got):
    code, *reasons = words
    if got["code"] == code and reasons_match(reasons, got["reasons"]):
        return []
    return [f"{path}: expected {' '.join(words)}, got {got['code']} {reason_text(got['reasons'])}"]


def check_refused(world, wanted):
    """All refusals of the timeline and no other; `wanted` is [[step, code, reason…]]."""
    got = world["refused"]
    if [int(words[0]) for words in wanted] != [refusal["step"] for refusal in got]:
        texts = [f"{r['step']} {r['code']} {reason_text(r['reasons'])}" for r in got]
        return [f"refused: expected {[' '.join(words) for words in wanted]}, got {texts}"]
    faults = []
    for words, refusal in zip(wanted, got):
        faults += check_refusal(f"refused[step {words[0]}]", words[1:], refusal)
    return faults


def check_subscription(world, words):
    """`sub base status=active period=2026-01-13..2026-02-13`, or `sub base absent`."""
    name, *members = words
    found = [sub for sub in world["subscriptions"] if sub["as"] == name]
    if members == ["absent"]:
        return differ(f"subscriptions.{name}", 0, len(found))
    if not found:
        return [f"subscriptions.{name}: expected one, got none"]
    faults = []
    for member in members:
        key, value = member.split("=")
        if ".." in value:
            expected = value.split("..")
        else:
            expected = {"true": True, "false": False, "-": None}.get(value, value_of(value))
        faults += differ(f"subscriptions.{name}.{key}", expected, found[0].get(key))
    return faults


def check_history(world, words):
    """`history base 2026-01-13 active, 2026-03-01 disabled`: the whole history."""
    wanted = [part.split() for part in " ".join(words[1:]).split(",")]
    found = [sub["history"] for sub in world["subscriptions"] if sub["as"] == words[0]]
    return differ(f"subscriptions.{words[0]}.history", wanted, found[0] if found else None)


def check_offer(world, words):
    """`sees STEP OFFER yes @a,b 1..300/1 P1M/monthly=1250` or `sees STEP OFFER no REASON…`."""
    step, offer, verdict, *rest = words
    path = f"observations[step {step}].{offer}"
    seen = [o for o in world["observations"] if o["step"] == int(step)]
    rows = [row for o in seen for row in o["available"] if row["offer"] == offer]
    if len(rows) != 1:
        return [f"{path}: expected one row, got {len(rows)}"]
    row = rows[0]
    faults = differ(f"{path}.available", verdict == "yes", row["available"])
    if verdict == "no":
        if not reasons_match(rest, row["reasons"]):
            faults.append(f"{path}.reasons: expected {' '.join(rest)}, "
                          f"got {reason_text(row['reasons'])}")
        return faults
    faults += differ(f"{path}.reasons", [], row["reasons"])
    for word in rest:
        faults += check_offer_member(path, word, row)
    return faults


def check_offer_member(path, word, row):
    if word.startswith("@"):
        names = [name for name in word[1:].split(",") if name]
        return differ(f"{path}.connects_to", names, row["connects_to"])
    if "=" in word:
        term, billing, amount = re.split("[/=]", word)
        got = [(p["term"], p["billing"], str(p.get("unit_amount"))) for p in row["prices"]]
        wanted = (term, billing, amount)
        return [] if wanted in got else [f"{path}.prices: expected {wanted}, got {got}"]
    low, high, step = map(int, re.split(r"\.\.|/", word))
    wanted = {"min": low, "max": high, "step": step}
    return differ(f"{path}.quantity", wanted, row["quantity"])


def check_preview(world, words):
    """`preview STEP FACT`: the fact holds of the preview; `preview STEP refused CODE REASON…`."""
    step, *fact = words
    seen = [o["preview"] for o in world["observations"] if o["step"] == int(step)]
    if not seen:
        return [f"observations[step {step}]: expected a preview, got none"]
    path = f"observations[step {step}].preview"
    if fact[0] == "refused":
        if seen[0]["refused"] is None:
            return [f"{path}.refused: expected {fact[1]}, got null"]
        return check_refusal(f"{path}.refused", fact[1:], seen[0]["refused"])
    faults = differ(f"{path}.refused", None, seen[0]["refused"])
    ids = [line["id"] for document in seen[0]["documents"] for line in document["lines"]]
    faults += differ(f"{path}.ids", [None] * len(ids), ids)
    inner = {**seen[0], "whole": world["whole"]}
    return faults + [f"{path}.{fault}" for fault in check_fact(inner, fact)]


def check_revenue(world, words):
    """`revenue 2026-01 base=7661`: earned in that month; a month without an entry earned 0."""
    month, *pairs = words
    faults = []
    for pair in pairs:
        name, amount = pair.split("=")
        got = sum(entry["amount"] for entry in world["revenue"]
                  if (entry["month"], entry["as"]) == (month, name))
        faults += differ(f"revenue[{month} {name}]", int(amount), got)
    return faults


def check_fact(world, words):
    kind, *rest = words
    checks = {"doc": check_document, "sub": check_subscription, "history": check_history,
              "sees": check_offer, "preview": check_preview, "revenue": check_revenue}
    if kind in COLUMNS:
        return check_column(world, kind, rest)
    if kind in checks:
        return checks[kind](world, rest)
    if kind in ("balance", "unpaid"):
        member = {"balance": "credit_balance", "unpaid": "unpaid"}[kind]
        return differ(member, int(rest[0]), world[member])
    if kind == "refunds":
        wanted = [dict(zip(("at", "amount"), map(value_of, w.split("=")))) for w in rest
                  if w != "-"]
        return differ("refunds", wanted, world["refunds"])
    if kind == "same":
        return check_same(world, rest)
    raise TableError(f"unknown fact: {' '.join(words)}")


def check_same(world, words):
    """`same STEP N`: the only document previewed at STEP is document N, but for ids and dates."""
    step, number = map(int, words)
    previews = [o["preview"]["documents"] for o in world["observations"] if o["step"] == step]
    if not previews or len(previews[0]) != 1 or number > len(world["documents"]):
        return [f"observations[step {step}].preview.documents: expected one, got {previews}"]
    hidden = {"id", "at", "paid_at"}
    texts = []
    for document in (previews[0][0], world["documents"][number - 1]):
        lines = [{k: v for k, v in line.items() if k not in hidden} for line in document["lines"]]
        texts.append({**{k: v for k, v in document.items() if k not in hidden}, "lines": lines})
    return differ(f"observations[step {step}].preview.documents[0]", texts[1], texts[0])


def check_facts(result, text):
    """All facts of a row, separated by `;`. A row that names no refusal expects none."""
    world = {**result, "whole": result}
    facts = [fact.split() for fact in text.split(";") if fact.strip()]
    refusals = [fact[1:] for fact in facts if fact[0] == "refused"]
    faults = check_refused(world, refusals)
    for fact in facts:
        if fact[0] != "refused":
            faults += check_fact(world, fact)
    return faults
