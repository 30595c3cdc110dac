"""What cases are made of. A case is a function of the shop and the store, by its docstring."""

CASES = []  # (name, function), in the order in which they run


class Fail(Exception):
    """What a case found."""


def case(function):
    CASES.append((function.__doc__.strip().rstrip("."), function))
    return function


def expect(answer, status, /, **members):
    """Holds an answer to a status and to members of its body."""
    if answer.status != status:
        raise Fail(f"{answer!r}: expected {status}")
    for name, value in members.items():
        if answer.body.get(name) != value:
            raise Fail(f"{answer.path}: {name} is {answer.body.get(name)!r}, expected {value!r}")
    return answer.body


def equal(what, is_, wanted):
    if is_ != wanted:
        raise Fail(f"{what}: {is_!r}, expected {wanted!r}")


def refused(customer, answer_of, status, code, param=None, changes=()):
    """Asks, and holds the refusal to its code and place; what the customer sees stays as it was,
    but for the nouns in `changes`."""
    before = customer.sight()
    answer = answer_of()
    body = expect(answer, status, code=code)
    if param is not None and body.get("param") != param:
        raise Fail(f"{answer.path}: param is {body.get('param')!r}, expected {param!r}")
    if not body["detail"] or "{" in body["detail"]:
        raise Fail(f"{answer.path}: detail {body['detail']!r}")
    after = customer.sight()
    for noun, value in before.items():
        if noun not in changes and after[noun] != value:
            raise Fail(f"{answer.path}: {noun} changed: {value} → {after[noun]}")
    return body


LINE = {"offer": "standard", "quantity": 10, "term": "P1M", "billing": "monthly"}


def line(offer, quantity=1, **more):
    return {"offer": offer, "quantity": quantity, "term": "P1M", "billing": "monthly", **more}


def addon(offer, base, quantity=1, **more):
    return {"offer": offer, "quantity": quantity, "connect_to": base, **more}
