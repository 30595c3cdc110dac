"""Reads the tables of cases: rows, account and catalogue presets, steps. See simulate/README.md."""

import json
import re

LISTS = {"connects_to", "excludes", "countries", "change_to"}
KINDS = {"base": "base", "traditional": "traditional_addon", "standalone": "standalone_addon"}
PRICE = re.compile(r"^(?:([A-Z]{3})/)?(P\d[MY])/(\w+)=(.+)$")
TIERS = re.compile(r"^(graduated|volume)\((.+)\)$")
ORDER_LINE = re.compile(
    r"^([\w-]+)=([\w-]+)(?:\*(\d+))?(?:/(P\w+)/(\w+))?(?:@([\w-]+))?(?:\+([\d-]+))?$")
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
    members = ("as", "offer", "quantity", "term", "billing", "connect_to", "start_on")
    line = {key: value for key, value in zip(members, match.groups()) if value is not None}
    if "quantity" in line:
        line["quantity"] = int(line["quantity"])
    return line


def billing_step(rest):
    """`billing a=yearly` or `billing a=P1Y/yearly`, perhaps with `renewal`."""
    name, wanted = rest[0].split("=")
    *term, billing = wanted.split("/")
    step = {"do": "billing", "subscription": name, "billing": billing}
    if term:
        step["term"] = term[0]
    return {**step, "when": rest[1]} if len(rest) > 1 else step


def step_from(words):
    """One step of a timeline without its `at`."""
    verb, *rest = words
    if verb == "order":
        return {"do": "order", "lines": [order_line(text) for text in rest]}
    if verb == "set":
        name, quantity = rest[0].split("=")
        step = {"do": "set_quantity", "subscription": name, "quantity": int(quantity)}
        return {**step, "when": rest[1]} if len(rest) > 1 else step
    if verb == "recurring":
        return {"do": "recurring_billing", "subscription": rest[0], "on": rest[1] == "on"}
    if verb == "change_plan":
        name, offer = rest[0].split("=")
        step = {"do": verb, "subscription": name, "offer": offer}
        return {**step, "when": rest[1]} if len(rest) > 1 else step
    if verb == "billing":
        return billing_step(rest)
    if verb in ("cancel", "support_remove", "delete", "reactivate", "extend_trial"):
        step = {"do": verb, "subscription": rest[0]}
        return {**step, "when": rest[1]} if len(rest) > 1 else step
    if verb in ("declined", "accepted"):
        return {"do": "payments", "fail": verb == "declined"}
    if verb == "start_trial":
        line = order_line(rest[0])
        return {"do": "start_trial", **line}
    if verb == "buy_trial":
        name, quantity = rest[0].split("=")
        return {"do": "buy_trial", "subscription": name, "quantity": int(quantity)}
    if verb in ("run", "available", "pay_balance"):
        return {"do": verb}
    if verb == "preview":
        return {"do": "preview", "step": step_from(rest)}
    if verb == "json":
        return json.loads(" ".join(rest))
    raise TableError(f"unknown step: {' '.join(words)}")


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
            "timeline": timeline_from(steps), "until": until}
