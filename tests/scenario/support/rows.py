"""Reads the tables of cases: rows, account and catalogue presets, steps. See simulate/README.md."""

import json
import re

LISTS = {"connects_to", "excludes", "countries", "change_to"}
KINDS = {"base": "base", "traditional": "traditional_addon", "standalone": "standalone_addon"}
PRICE = re.compile(r"^(?:([A-Z]{3})/)?(P\d[MY])/(\w+)=(.+)$")
TIERS = re.compile(r"^(graduated|volume)\((.+)\)$")
ORDER_LINE = re.compile(
    r"^([\w-]+)=([\w-]+)(?:\*(\d+))?(?:/(P\w+)/(\w+))?(?:@([\w-]+))?(?:\+([\d-]+))?"
    r"(?:>([\w-]+))?$")
AT = re.compile(r"^\d{4}-\d\d-\d\d(T[\d:]+Z)?$")


class TableError(Exception):
    """A mistake in a table, not in the program under test."""


def read_rows(path):
    """Yields (name, [fields]) for each row; an indented line continues the row above it."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0] not in " \t":
            rows.append([number, line])
        elif rows:
            rows[-1][1] += " " + line.strip()
        else:
            raise TableError(f"{path.name}:{number}: nothing to continue")
    for number, text in rows:
        fields = [field.strip() for field in text.split(" | ")]
        yield fields[0], fields[1:], f"{path.name}:{number}"


def plain_value(text):
    """`true`, `null`, integers and JSON as JSON; anything else, 0.125 too, is a string."""
    try:
        return json.loads(text, parse_float=str)
    except ValueError:
        return text


def tiers_from(mode, text):
    steps = []
    for step in text.split(","):
        up_to, unit = step.split(":")
        entry = {} if up_to == "*" else {"up_to": int(up_to)}
        steps.append({**entry, "unit_amount": plain_value(unit)})
    return {"mode": mode, "steps": steps}


def price_from(match):
    currency, term, billing, amount = match.groups()
    price = {"currency": currency or "EUR", "term": term, "billing": billing}
    tiers = TIERS.match(amount)
    if tiers:
        return {**price, "tiers": tiers_from(*tiers.groups())}
    return {**price, "unit_amount": plain_value(amount)}


def set_member(offer, key, value):
    if key in LISTS:
        offer[key] = value.split(",")
    elif key in ("any_of", "all_of"):
        offer.setdefault("requires", {})[key] = value.split(",")
    elif key in ("min", "max", "step", "min_percent_of_base", "max_percent_of_base"):
        offer.setdefault("quantity", {})[key] = int(value)
    elif key in ("from", "until"):
        offer.setdefault("on_sale", {})[key] = value
    elif key == "setup":
        offer["setup"] = [{"currency": "EUR", "amount": int(value)}]
    elif key == "trial":
        days, quantity = value.split(":")
        offer["trial"] = {"days": int(days), "quantity": int(quantity)}
    elif key == "switches":
        offer["features"] = [{"name": name, "type": "switch"} for name in value.split(",")]
    elif key == "quota":
        offer["features"] = [{"name": value, "type": "quota", "value": 1}]
    else:
        offer[key] = plain_value(value)


def offer_from(text):
    """`suite base user P1M/monthly=1250 max=300` as an offer of the catalogue file."""
    name, kind, unit, *members = text.split()
    offer = {"id": name, "kind": KINDS[kind], "name": {"en": name, "fr": name}, "unit": unit,
             "prices": []}
    for member in members:
        price = PRICE.match(member)
        if price:
            offer["prices"].append(price_from(price))
        else:
            set_member(offer, *member.split("=", 1))
    return offer


def catalogue_from(name, fields):
    offers, rates = [], []
    for field in fields:
        if field.startswith("rate "):
            _, country, category, percent, since = field.split()
            rates.append({"country": country, "category": category, "percent": percent,
                          "from": since})
        else:
            offers.append(offer_from(field))
    catalogue = {"version": name, "offers": offers}
    return {**catalogue, "tax_rates": rates} if rates else catalogue


def read_presets(path):
    """Returns ({name: account}, {name: catalogue})."""
    accounts, catalogues = {}, {}
    for head, fields, place in read_rows(path):
        kind, name = head.split()
        if kind == "account":
            members = [pair.split("=", 1) for pair in fields[0].split()]
            accounts[name] = {key: plain_value(value) for key, value in members}
        elif kind == "catalogue":
            catalogues[name] = catalogue_from(name, fields)
        else:
            raise TableError(f"{place}: neither an account nor a catalogue")
    return accounts, catalogues


def order_line(text):
    match = ORDER_LINE.match(text)
    if not match:
        raise TableError(f"not an order line: {text}")
    members = ("as", "offer", "quantity", "term", "billing", "connect_to", "start_on", "ends_with")
    line = {key: value for key, value in zip(members, match.groups()) if value is not None}
    if "quantity" in line:
        line["quantity"] = int(line["quantity"])
    return line


def with_when(step, words):
    return {**step, "when": words[0]} if words else step


def trial_step(words):
    line = order_line(words[0])
    return {"do": "start_trial", **line}


def billing_step(words):
    """`billing a=yearly` or `billing a=P1Y/yearly`, perhaps with `renewal`."""
    name, wanted = words[0].split("=")
    *term, billing = wanted.split("/")
    step = {"do": "billing", "subscription": name, "billing": billing}
    if term:
        step["term"] = term[0]
    return with_when(step, words[1:])


def assign_step(verb, words):
    name, *users = words
    who = {"user": users[0]} if len(users) == 1 else {"users": users}
    return {"do": verb, "subscription": name, **who}


def exempt_step(words):
    step = {"do": "exempt", "number": words[0]}
    for word in words[1:]:
        if ".." not in word:
            step["categories"] = word.split(",")
            continue
        for member, day in zip(("valid_from", "valid_until"), word.split("..")):
            step.update({member: day} if day else {})
    return step


def step_with_value(verb, words):
    """`set a=40`, `change_plan a=plus`, `buy_trial a=3`."""
    do = "set_quantity" if verb == "set" else verb
    name, value = words[0].split("=")
    member = {"offer": value} if verb == "change_plan" else {"quantity": int(value)}
    step = {"do": do, "subscription": name, **member}
    return with_when(step, words[1:])


def step_from(words):
    """One step of a timeline without its `at`; `publish` names its catalogue."""
    verb, *rest = words
    if verb == "order":
        return {"do": "order", "lines": [order_line(text) for text in rest]}
    if verb in ("set", "change_plan", "buy_trial"):
        return step_with_value(verb, rest)
    if verb in ("cancel", "support_remove", "reactivate", "delete", "extend_trial"):
        return with_when({"do": verb, "subscription": rest[0]}, rest[1:])
    if verb == "recurring":
        return {"do": "recurring_billing", "subscription": rest[0], "on": rest[1] == "on"}
    if verb == "start_trial":
        return trial_step(rest)
    if verb == "billing":
        return billing_step(rest)
    if verb in ("assign", "unassign"):
        return assign_step(verb, rest)
    if verb in ("declined", "accepted"):
        return {"do": "payments", "fail": verb == "declined"}
    if verb in ("run", "available", "pay_balance"):
        return {"do": verb}
    if verb == "exempt":
        return exempt_step(rest)
    if verb == "revoke":
        return {"do": "revoke_exemption", "number": rest[0]}
    if verb == "vat_check":
        return {"do": verb, "valid": rest[0] == "valid"}
    if verb == "publish":
        return {"do": verb, "catalog": rest[0]}
    if verb == "preview":
        return {"do": "preview", "step": step_from(rest)}
    if verb == "json":
        return json.loads(" ".join(rest))
    raise TableError(f"unknown step: {' '.join(words)}")


def with_catalogue(step, catalogues):
    """`publish NAME` as the catalogue of that name."""
    if step["do"] == "preview":
        return {**step, "step": with_catalogue(step["step"], catalogues)}
    if step["do"] == "publish" and isinstance(step["catalog"], str):
        return {**step, "catalog": catalogues[step["catalog"]]}
    return step


def timeline_from(text):
    """Steps separated by `;`; a step without a date happens at the one before it."""
    steps, at = [], None
    for part in text.split(";"):
        words = part.split()
        if AT.match(words[0]):
            at = words.pop(0)
        if at is None:
            raise TableError(f"no date: {part}")
        steps.append({"at": at, **step_from(words)})
    return steps


def simulation_from(fields, presets):
    """The simulation file of a row `CATALOGUE ACCOUNT [member=value…] | STEPS | UNTIL`."""
    accounts, catalogues = presets
    setup, steps, until = fields[:3]
    catalogue, account, *changes = setup.split()
    changed = dict(pair.split("=", 1) for pair in changes)
    return {"catalog": catalogues[catalogue],
            "account": {**accounts[account],
                        **{key: plain_value(value) for key, value in changed.items()}},
            "timeline": [with_catalogue(step, catalogues) for step in timeline_from(steps)],
            "until": until}
