#!/usr/bin/env python3
"""Every refusal (rules §9) reached over HTTP in both languages: its code and status, the member it
blames, a sentence in the language asked for that names the remedy; and the reasons beside it
likewise. The table is support/refusal_rows.py; a refusal of the program without a row fails.

Usage: refusals.py [CODE…]   (default: all)  The program is $ANNEX_BIN, or build/annex.
"""

import functools
import html
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from support import refusal_rows as table  # noqa: E402
from support.customers import Report, check_books, demo_store, equal, serving  # noqa: E402
from support.refusal_world import World, publish  # noqa: E402
from support.server import Client, store_kinds  # noqa: E402
from support.shop import Shop  # noqa: E402

ROOT = HERE.parents[1]
PAGES = {"form_expired", "sign_in_failed", "rate_limited"}
# What a sentence of the other language would have
FOREIGN = {"en": re.compile(r"[àâçéèêîôùû’«»\u202f\u00a0]"),
           "fr": re.compile(r"\b(the|first|not|this|then|is)\b", re.IGNORECASE)}


def errors_of_source():
    """{code: (name, status)} as the program's table has them."""
    text = (ROOT / "src/base/errors.def").read_text(encoding="utf-8")
    rows = re.findall(r'^ERROR\((\w+), "(\w+)", \w+, (\d+)\)', text, re.MULTILINE)
    return {code: (name, int(status)) for name, code, status in rows}


def check_sentence(language, sentence, remedy):
    for fault, found in (("lacks the remedy", remedy not in sentence),
                         ("has a placeholder", "{" in sentence),
                         (f"is not in {language}", FOREIGN[language].search(sentence))):
        if found:
            raise AssertionError(f"{language}: {sentence!r} {fault}: {remedy!r}")


def check_reasons(language, answer):
    for reason in answer.body.get("reasons", []):
        for member in ("detail", "remedy"):
            if not reason[member]:
                raise AssertionError(f"{language}: {reason['code']} has no {member}")
            check_sentence(language, reason[member], "")


def sentence_of(code, answer):
    if code in PAGES:
        equal(answer.headers["content-type"], "text/html; charset=utf-8", "a page")
        return html.unescape(answer.text)
    equal((answer.code, answer.headers["content-type"]), (code, "application/problem+json"),
          repr(answer))
    return answer.body["detail"]


def check_row(shop, store, account, row):
    code, place, *remedies, how = row
    said = []
    for language, remedy in zip(("en", "fr"), remedies):
        world = World(shop, store, language, **account)
        answer = how(world)
        sentence = sentence_of(code, answer)
        equal(answer.status, errors_of_source()[code][1], f"status of {answer!r}")
        if code in PAGES:
            equal(remedy in sentence, True, f"{remedy!r} on the page")
            equal(f'lang="{language}"' in sentence, True, "language of the page")
        else:
            check_sentence(language, sentence, remedy)
            check_reasons(language, answer)
        if place is not None:
            equal(answer.body.get("param"), place, f"place of {answer!r}")
        said.append(sentence)
    equal(said[0] != said[1], True, "the two languages say different things")


def check_limits(shop, store):
    """Both bounds are members of their own, for programs."""
    world = World(shop, store, "en")
    body = world.order("suite*301").body
    equal([body.get(name) for name in ("min", "max", "step")], [1, 300, 1], "bounds")
    body = world.of(world.hold("suite*26"), "cancel").body
    equal(body.get("max"), 25, "licences that can be cancelled")


def check_codes(listed):
    """The program's table, its list for callers and the rows name the same codes."""
    rows = [row[0] for row in table.REQUEST + table.ORDERS + table.HELD + table.AGREED]
    rest = [row[0] for row in table.ELSEWHERE + table.NOT_YET]
    source = errors_of_source()
    equal((set(rows) | set(rest)) ^ set(source), set(), "codes without a row, or only there")
    equal(set(rows) & set(rest), set(), "codes with a row that are said to have none")
    equal({one["code"] for one in listed} ^ set(source), set(), "codes that /v1/errors lacks")
    raised = "".join(path.read_text(encoding="utf-8")
                     for path in (ROOT / "src").rglob("*.[ch]"))
    for code, *_ in table.NOT_YET:
        equal(f"ERR_{source[code][0]}," in raised, False, f"{code} is raised and has no row")
    for code, place, *_ in table.ELSEWHERE:
        text = (ROOT / place).read_text(encoding="utf-8")
        equal(f"ERR_{source[code][0]}" in text, True, f"{place} reaches {code}")


def check_unreached(listed):
    """What no row reaches has its sentences all the same."""
    details = {one["code"]: one["detail"] for one in listed}
    for code, *_, english, french in table.ELSEWHERE + table.NOT_YET:
        for language, remedy in (("en", english), ("fr", french)):
            check_sentence(language, re.sub(r"\{\w+\}", "1", details[code][language]), remedy)


def run_rows(report, shop, store, wanted):
    for account, rows in (({}, table.REQUEST + table.ORDERS + table.HELD),
                          ({"type": "agreement"}, table.AGREED)):
        for row in rows:
            if not wanted or row[0] in wanted:
                name = " ".join(word for word in (f"{store.kind}/{row[0]}", row[1],
                                                  account.get("type")) if word)
                report.case(name, functools.partial(check_row, shop, store, account, row))


def main():
    report, wanted = Report(), sys.argv[1:]
    for kind in store_kinds():
        with demo_store(kind) as (store, people):
            with serving(store) as server:
                shop = Shop(server, people)
                publish(shop)
                listed = Client(server.address).get("/v1/errors").body["data"]
                report.case(f"{kind}/every code has a row", lambda l=listed: check_codes(l))
                report.case(f"{kind}/sentences of the rest", lambda l=listed: check_unreached(l))
                report.case(f"{kind}/bounds", lambda s=shop, t=store: check_limits(s, t))
                run_rows(report, shop, store, wanted)
            report.case(f"{kind}/books are right", lambda s=store: check_books(s))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
