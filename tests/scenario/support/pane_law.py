"""What a pane says of money, read out of its page in either language, and compared with the preview
over the API and with the document that the change makes."""

import datetime
import re

from support.customers import equal

MONTHS = {
    "en": ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    "fr": ["janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov",
           "déc"]}
CREDITED = {"en": "Credited today", "fr": "Crédité aujourd’hui"}
THEN = {"en": "Then ", "fr": "Puis "}
AMOUNT = r"[−-]?(?:US)?[€$]?\d[\d\s.,]*\d(?:\s(?:€|\$US))?"


def cents(text):
    """An amount as a person reads it, in either language, as minor units."""
    digits = re.sub(r"\D", "", text)
    return -int(digits) if "−" in text or "-" in text else int(digits)


def day(text, language):
    """The first date in a sentence."""
    number, month, year = re.search(r"(\d+)\s([^\W\d]+)\.?\s(\d{4})", text).groups()
    names = MONTHS[language]
    place = next(at for at, name in enumerate(names) if month.lower().startswith(name))
    return datetime.date(int(year), place + 1, int(number)).isoformat()


class Said:
    """What the page of a pane says."""

    def __init__(self, text, language):
        self.text, self.language = text, language
        review = re.search(r'name="review" value="(quo_\w+)"', text)
        self.review = review[1] if review else None

    def find(self, pattern):
        found = re.search(pattern, self.text, re.DOTALL)
        return found[1] if found else None

    def refuses(self):
        """A sentence why there is nothing to confirm."""
        return self.review is None and bool(
            self.find(r'class="(effect-problem|alert alert-danger|field-error|off-why|muted)"'))

    def total(self):
        due = cents(self.find(r'class="due-amount money">([^<]*)<'))
        is_credit = self.find(r'class="due-label">([^<]*)<') == CREDITED[self.language]
        return -due if is_credit else due

    def tax(self):
        said = self.find(r'class="due-tax">([^<]*)<')
        if said is None:
            return 0
        tax = cents(re.search(AMOUNT, said)[0])
        return -tax if self.total() < 0 else tax

    def lines(self):
        """The result of each line of arithmetic."""
        said = re.findall(r'<p class="arithmetic">([^<]*)</p>', self.text)
        return [cents(re.split(r"[=:]", text)[-1]) for text in said]

    def besides(self):
        """What is billed on documents of their own."""
        said = re.findall(r'<p class="told">([^<]*(?:incl\. VAT|TTC))</p>', self.text)
        return sorted(cents(re.search(AMOUNT, text)[0]) for text in said)

    def later(self):
        """What is charged next: day and amount without tax, of each family."""
        said = [text for text in re.findall(r'<p class="due-later">([^<]*)</p>', self.text)
                if text.startswith(THEN[self.language])]
        return sorted((day(text, self.language), cents(re.search(AMOUNT, text)[0]))
                      for text in said)


def compare_with_preview(said, preview, why):
    """The sentences and the preview agree to the cent."""
    equal(said.total(), preview["total"]["amount"], f"total said: {why}")
    equal(said.tax(), preview["tax"]["amount"], f"tax said: {why}")
    amounts = [line["amount"]["amount"] for line in preview["lines"]]
    equal(sorted(said.lines()), sorted(amounts), f"lines said: {why}")
    equal(sum(amounts), preview["net"]["amount"], f"net: {why}")
    equal(preview["net"]["amount"] + preview["tax"]["amount"], preview["total"]["amount"],
          f"net and tax: {why}")
    equal(said.besides(), sorted(one["total"]["amount"] for one in others(preview)),
          f"what is billed besides: {why}")
    nexts = sorted((one["on"], one["net"]["amount"]) for one in preview["next_charges"])
    equal(said.later(), nexts, f"what is said to come: {why}")


def others(preview):
    """Documents of what comes back because a credit pays what it owed."""
    return [one for one in preview["elsewhere"] if one["total"]["amount"]]


def signed(document, name):
    """A credit note says what it gives back."""
    return document[name]["amount"] * (-1 if document["object"] == "credit_note" else 1)


def compare_with_documents(preview, documents, why):
    """What the change made is what was shown; documents of nothing have no number and are not
    listed."""
    shown = others(preview) + ([preview] if preview["total"]["amount"] else [])
    names = ("net", "tax", "total")
    equal(sorted([signed(made, name) for name in names] for made in documents),
          sorted([one[name]["amount"] for name in names] for one in shown),
          f"net, tax and total of the documents: {why}")
    lines = [line["amount"]["amount"] for line in preview["lines"]]
    if preview["total"]["amount"]:
        billed = [sorted(line["amount"]["amount"] * (1 if made["object"] == "invoice" else -1)
                         for line in made["lines"]) for made in documents]
        equal(sorted(lines) in billed, True, f"lines of the document: {why}: {lines} {billed}")
