"""Small random catalogues: bases, traditional and standalone add-ons with conditions of every kind.

Whether a catalogue can be sold is for the program to say; what it refuses is drawn again.
"""

from datetime import timedelta

CADENCES = [("P1M", "monthly"), ("P1Y", "monthly"), ("P1Y", "yearly"), ("P3Y", "upfront")]
COUNTRIES = ["FR", "BE", "DE", "US"]
UNITS = [1250, 700, 20, 999, "18.5", "0.125", 4800, 15000]


def some(chance, items, least=1):
    return chance.sample(items, chance.randint(least, len(items)))


def draw_amount(chance):
    """One amount for every unit, or tiers."""
    if chance.random() < 0.85:
        return {"unit_amount": chance.choice(UNITS)}
    mode = chance.choice(["graduated", "volume"])
    return {"tiers": {"mode": mode, "steps": [{"up_to": 10, "unit_amount": chance.choice(UNITS)},
                                              {"unit_amount": chance.choice(UNITS)}]}}


def draw_prices(chance):
    currencies = chance.choice([["EUR"], ["EUR", "USD"], ["EUR", "USD"], ["USD"]])
    return [{"currency": currency, "term": term, "billing": billing, **draw_amount(chance)}
            for currency in currencies
            for term, billing in sorted(some(chance, CADENCES))]


def draw_sale(chance, today):
    """Mostly on sale; sometimes not yet, not any more, or for its last or first day."""
    day = timedelta(days=1)
    window = chance.choice([None] * 9 + [{"from": today + day}, {"until": today - day},
                                         {"from": today, "until": today}])
    if window is None:
        return {"end_of_sale": True} if chance.random() < 0.05 else {}
    return {"on_sale": {edge: when.isoformat() for edge, when in window.items()}}


def draw_quantity(chance, has_base):
    step = chance.choice([1, 1, 1, 5, 10])
    low = chance.choice([1, 1, 2, 5])
    quantity = {"min": low, "max": chance.choice([low + 10, 40, 300]), "step": step}
    if has_base and chance.random() < 0.3:
        quantity["min_percent_of_base"] = chance.choice([5, 20, 50])
    if has_base and chance.random() < 0.3:
        quantity["max_percent_of_base"] = chance.choice([50, 100, 300])
    return quantity


def draw_common(chance, name, kind, today, has_base):
    offer = {"id": name, "kind": kind, "name": {"en": name, "fr": name},
             "unit": chance.choice(["user", "gigabyte"]), "prices": draw_prices(chance),
             "quantity": draw_quantity(chance, has_base), **draw_sale(chance, today)}
    if chance.random() < 0.2:
        offer["countries"] = some(chance, COUNTRIES)
    if chance.random() < 0.2:
        offer["limit_per_customer"] = chance.choice([1, 1, 2])
    if chance.random() < 0.2:
        offer["setup"] = [{"currency": currency, "amount": chance.choice([100, 2500])}
                          for currency in ("EUR", "USD")]
    if chance.random() < 0.3:
        offer["proration"] = chance.choice(["none", "full"])
    if chance.random() < 0.2:
        offer["tax_category"] = "reduced"
    if kind != "traditional_addon" and chance.random() < 0.3:
        offer["trial"] = {"days": chance.choice([10, 30]),
                          "quantity": offer["quantity"]["step"] * 2}
    return offer


def draw_requires(chance, earlier):
    requires = {}
    if chance.random() < 0.7:
        requires["any_of"] = chance.sample(earlier, min(len(earlier), chance.randint(1, 2)))
    if chance.random() < 0.35:
        requires["all_of"] = [chance.choice(earlier)]
    return requires


def draw_catalog(chance, version, today):
    """Later offers require and exclude earlier ones only, so that conditions have no circle."""
    bases = [f"base{n}" for n in range(chance.randint(2, 3))]
    offers = [draw_common(chance, name, "base", today, False) for name in bases]
    if chance.random() < 0.2:
        offers[-1]["excludes"] = [bases[0]]
    names = list(bases)
    for kind, word, count in (("traditional_addon", "extra", chance.randint(2, 3)),
                              ("standalone_addon", "alone", chance.randint(2, 3))):
        for number in range(count):
            is_extra = kind == "traditional_addon"
            is_free = chance.random() < (0.7 if is_extra else 0.25)
            requires = {} if is_free else draw_requires(chance, names)
            offer = draw_common(chance, f"{word}{number}", kind, today, is_extra or bool(requires))
            if requires:
                offer["requires"] = requires
            if is_extra:
                offer["connects_to"] = some(chance, bases)
                offer["per_base"] = chance.choice([1, 1, 2])
            if chance.random() < 0.25:
                offer["excludes"] = [chance.choice(names)]
            offers.append(offer)
            names.append(offer["id"])
    offers.append({"id": "plain", "kind": "standalone_addon", "unit": "user",
                   "name": {"en": "Plain", "fr": "Simple"},
                   "prices": [{"currency": currency, "term": "P1M", "billing": "monthly",
                               "unit_amount": 100} for currency in ("EUR", "USD")]})
    return {"version": version, "offers": offers,
            "tax_rates": [{"country": "FR", "category": category, "percent": percent,
                           "from": "2014-01-01"}
                          for category, percent in (("standard", "20"), ("reduced", "5.5"))]}
