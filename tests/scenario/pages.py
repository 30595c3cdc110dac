#!/usr/bin/env python3
"""Pages as a browser without JavaScript sees them: sign-in, sessions, forms, permissions, another
organisation's addresses, languages, and the list of products."""
import html
import http.cookiejar
import json
import re
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from support.customers import Report, demo_store, equal, serving
from support.server import Client, store_kinds

PASSWORD = "try-the-add-ons"
GLOBAL = "camille.marsault@fonderie-marsault.example"
READER = "louise.garnier@fonderie-marsault.example"
MEMBER = "theo.roussel@fonderie-marsault.example"
OTHER = "dana.whitfield@harlan-poole.example"
SUPPORT = "nadia.lefort@orvane.example"


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Browser:
    """Cookies, forms and links; follows a redirect only when told to."""

    def __init__(self, address, language="en"):
        self.address, self.language = "http://" + address, language
        self.cookies = http.cookiejar.CookieJar(
            http.cookiejar.DefaultCookiePolicy(rfc2965=False))
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), Stay)
        self.status, self.headers, self.text = 0, {}, ""

    def ask(self, path, fields=None, **headers):
        data = urllib.parse.urlencode(fields, doseq=True).encode() if fields is not None else None
        request = urllib.request.Request(self.address + path, data)
        request.add_header("Accept", "text/html")
        request.add_header("Accept-Language", self.language)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        self.status, self.headers = answer.status, answer.headers
        self.text = html.unescape(answer.read().decode())
        return self

    def location(self):
        return self.headers.get("Location")

    def csrf(self):
        found = re.search(r'name="csrf" value="([0-9a-f]{128})"', self.text)
        return found[1] if found else None

    def sign_in(self, email, password=PASSWORD, after="/"):
        path = "/sign-in?next=" + urllib.parse.quote(after)
        return self.ask(path, {"email": email, "password": password})


def has(browser, text):
    if text not in browser.text:
        raise AssertionError(f"lacks {text!r}: {browser.text[:2000]}")


def case_sign_in(server):
    browser = Browser(server.address)
    equal(browser.ask("/billing/products?status=active").status, 303, "without a session")
    equal(browser.location(), "/sign-in?next=/billing/products%3Fstatus%3Dactive", "way back")
    equal(browser.sign_in(GLOBAL, "wrong").status, 422, "wrong password")
    has(browser, "password is wrong")
    wrong = browser.text
    equal(browser.sign_in("nobody@example.example", "wrong").status, 422, "unknown name")
    equal(browser.text, wrong.replace(GLOBAL, "nobody@example.example"), "the same answer")
    equal(browser.sign_in(GLOBAL, after="/billing/products").status, 303, "signed in")
    equal(browser.location(), "/billing/products", "on where one wanted to go")
    cookie = browser.headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=Lax"):
        if word not in cookie:
            raise AssertionError(f"{cookie} lacks {word}")
    elsewhere = Browser(server.address).sign_in(GLOBAL, after="//evil.example/")
    equal(elsewhere.location(), "/", "never elsewhere")
    token = browser.ask("/").csrf()
    equal(browser.ask("/sign-out", {"csrf": token}).status, 303, "signed out")
    equal(browser.ask("/").status, 303, "afterwards")


def case_attempts_are_limited(server):
    browser = Browser(server.address)
    for _ in range(5):
        equal(browser.sign_in(OTHER, "wrong").status, 422, "attempt")
    equal(browser.sign_in(OTHER).status, 429, "one too many")
    if int(browser.headers["Retry-After"]) < 1:
        raise AssertionError("no time to wait")
    equal(browser.sign_in(READER).status, 303, "someone else")


def case_headers(server):
    browser = Browser(server.address).ask("/sign-in")
    policy = browser.headers["Content-Security-Policy"]
    for word in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"):
        if word not in policy:
            raise AssertionError(f"{policy} lacks {word}")
    equal(browser.headers["X-Content-Type-Options"], "nosniff", "nosniff")
    for path in re.findall(r'(?:href|src)="(/assets/[^"#]+)', browser.text):
        browser.ask(path)
        equal(browser.status, 200, path)
        equal(browser.headers["Cache-Control"], "public, max-age=31536000, immutable", path)
        equal(browser.ask(path, If_None_Match=browser.headers["ETag"]).status, 304, path)


def case_forms_need_their_token(server):
    browser = Browser(server.address)
    browser.sign_in(GLOBAL)
    token = browser.ask("/").csrf()
    again = browser.ask("/").csrf()
    equal(token == again, False, "another text in each answer")
    for fields in ({}, {"csrf": "0" * 128}, {"csrf": token[:64] + again[64:]}):
        equal(browser.ask("/preferences", {"view": "dashboard", **fields}).status, 403, fields)
    asked = {"view": "dashboard", "csrf": token, "back": "/billing/products"}
    equal(browser.ask("/preferences", asked, Sec_Fetch_Site="cross-site").status, 403, "cross-site")
    equal(browser.ask("/preferences", asked).status, 303, "with it")
    equal(browser.location(), "/billing/products", "back")
    elsewhere = "//evil.example", "/\\evil.example", "/\t/evil.example", "/\r\nX: y", "x", ""
    for path in elsewhere:
        equal(browser.ask("/preferences", {**asked, "back": path}).status, 303, path)
        equal(browser.location(), "/", path)
    has(browser.ask("/"), "/billing/products")
    has(browser, 'class="side"')
    browser.ask("/preferences", {"view": "simplified", "csrf": token})


def case_languages(server):
    has(Browser(server.address, "fr-FR,fr;q=0.9").ask("/sign-in"), 'lang="fr"')
    has(Browser(server.address, "en").ask("/sign-in"), 'lang="en"')
    browser = Browser(server.address, "en")
    browser.sign_in(GLOBAL)  # who prefers French
    has(browser.ask("/billing/products"), "525,00\u00a0€")
    has(browser, "par mois")
    token = browser.csrf()
    browser.ask("/preferences", {"lang": "en", "csrf": token})
    has(browser.ask("/billing/products"), "€525.00")
    has(browser, "per month")
    browser.ask("/preferences", {"lang": "fr", "csrf": token})


def case_permissions(server):
    browser = Browser(server.address)
    browser.sign_in(READER)
    equal(browser.ask("/billing/products").status, 200, "a reader looks")
    browser = Browser(server.address)
    browser.sign_in(MEMBER)
    equal(browser.ask("/billing/products").status, 403, "a member may not")
    equal(browser.ask("/nothing-here").status, 404, "no such page")
    has(browser, "<h1>")


def case_products(server):
    browser = Browser(server.address)
    browser.sign_in(GLOBAL)

    def names(query=""):
        browser.ask("/billing/products" + query)
        equal(browser.status, 200, query)
        return re.findall(r'class="row-link" href="[^"]+">([^<]+)<', browser.text)

    everything = names()
    equal(len(everything), len(set(everything)), "rows")
    if "Orvane Standard" not in everything:
        raise AssertionError(everything)
    equal(names("?q=standard"), ["Orvane Standard"], "search")
    equal(names("?status=past_due"), ["Orvane Fichiers"], "filter")
    equal(names("?sort=name&order=descending"), list(reversed(everything)), "order")
    equal(names("?q=no+such+thing"), [], "nothing")
    names("?columns=&columns=status")
    if "525,00" in browser.text:
        raise AssertionError("a column that was not chosen")
    browser.ask("/billing/products?q=standard&format=csv")
    equal(browser.headers["Content-Type"], "text/csv; charset=utf-8", "CSV")
    has(browser, '"Orvane Standard","42"')


def case_details(server):
    browser = Browser(server.address)
    browser.sign_in(GLOBAL)
    browser.ask("/billing/products?q=standard")
    path = re.search(r'class="row-link" href="([^"]+)"', browser.text)[1]
    equal(browser.ask(path).status, 200, "its own")
    has(browser, "<h1>Orvane Standard</h1>")
    has(browser, "525,00\u00a0€")
    addon = re.search(r'class="row-link" href="([^"]+)"', browser.text)[1]
    has(browser.ask(addon), path)  # its base
    stranger = Browser(server.address)
    stranger.sign_in(OTHER)
    equal(stranger.ask("/billing/products").status, 200, "the other's own list")
    equal(stranger.ask(path).status, 404, "another organisation's")
    differs = r"/billing/\S*|req_\w+|[0-9a-f]{128}"
    seen = re.sub(differs, "", stranger.text)
    equal(stranger.ask("/billing/products/sub_none").status, 404, "one that does not exist")
    equal(re.sub(differs, "", stranger.text), seen, "exactly the same answer")


def publish_dearer(store):
    """The same catalogue, with the price of Orvane Standard by the month a euro higher."""
    catalog = json.loads(store.run("catalog", "export"))
    catalog["version"] += "-dearer"
    for offer in catalog["offers"]:
        for price in offer["prices"]:
            if offer["name"]["en"] == "Orvane Standard" and price["billing"] == "monthly":
                price["unit_amount"] += 100
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(catalog, file)
        file.flush()
        store.run("catalog", "import", file.name)


def case_next_price(server):
    """What was published while the server ran is announced by it, and stands on the page."""
    publish_dearer(server.store)
    browser = Browser(server.address, "fr")
    browser.sign_in(GLOBAL)
    browser.ask("/billing/products?q=standard")
    path = re.search(r'class="row-link" href="([^"]+)"', browser.text)[1]
    for _ in range(100):
        if "À partir du " in browser.ask(path).text:
            break
        time.sleep(0.1)
    told = re.search(r"À partir du [^<]*", browser.text)[0]
    equal(re.sub(r"\d+\s\S+\s\d{4}", "DATE", told),
          "À partir du DATE\u00a0: 567,00\u00a0€ par mois", "what it says")


def case_upcoming(server):
    browser = Browser(server.address)
    browser.sign_in(GLOBAL)
    equal(browser.ask("/billing/upcoming").status, 200, "upcoming charges")
    charged = re.findall(r'<td class="num"[^>]*><span class="money">([^<]+)', browser.text)
    equal(len(charged) > 12, True, "a year of charges")
    has(browser, "Orvane Standard × 42")
    bars = re.findall(r"</progress></div><span class=\"money\">([^<]+)", browser.text)
    equal(len(bars) >= 12, True, "a bar a month")

    def cents(texts):
        return sum(int(re.sub(r"\D", "", text)) for text in texts)

    equal(cents(bars), cents(charged), "both say the same")
    total = re.search(r'<strong class="money">([^<]+)</strong></p>', browser.text)[1]
    equal(cents([total]), cents(charged), "in all")
    accounts = re.findall(r'href="(/billing/upcoming\?account=[^"]+)"', browser.text)
    for path in accounts:
        equal(browser.ask(path).status, 200, path)
    stranger = Browser(server.address)
    stranger.sign_in(OTHER)
    for path in accounts:
        equal(stranger.ask(path).status, 404, "another organisation's")


def case_session_and_api(server):
    browser = Browser(server.address)
    browser.sign_in(GLOBAL)
    equal(browser.ask("/v1/subscriptions").status, 200, "the API takes the session")
    equal(browser.ask("/v1/subscriptions", {}).status, 405, "no such method")
    equal(browser.ask("/v1/carts", {}, Content_Type="application/json").status, 403,
          "and a change its token")


def next_charges(text):
    """What a page of details says is charged next: of the subscription, and of each add-on."""
    amount = r'<(?:strong|div><span) class="money">([^<]*)</'
    return [found.replace("\u00a0", " ") for found in re.findall(amount, text)]


def case_next_charge(server):
    """The next charge is the renewal with what waits for it, of the base and of its add-on."""
    client = Client(server.address, server.people["Fonderie Marsault"]["global"])
    browser = Browser(server.address)
    browser.sign_in(GLOBAL)
    browser.ask("/billing/products?q=standard")
    path = re.search(r'class="row-link" href="([^"]+)"', browser.text)[1]
    held = client.get("/v1/subscriptions?status=active").body["data"]
    base = next(one["id"] for one in held if path.endswith(one["id"]))
    addon = next(one["id"] for one in held if one["offer"] == "extra-storage")
    equal(sorted(next_charges(browser.ask(path).text)), ["20,00 €", "36,00 €", "525,00 €"], "now")
    for subscription, quantity in ((base, 40), (addon, 50)):
        body = {"quantity": quantity, "when": "renewal"}
        equal(client.patch(f"/v1/subscriptions/{subscription}", body).status, 200, "scheduled")
    equal(sorted(next_charges(browser.ask(path).text)), ["10,00 €", "36,00 €", "500,00 €"], "then")
    equal(next_charges(browser.ask(path.replace(base, addon)).text), ["10,00 €"], "the add-on's")
    for subscription in (base, addon):
        changes = f"/v1/subscriptions/{subscription}/scheduled_changes"
        [change] = client.get(changes).body["data"]
        equal(client.ask("DELETE", f"{changes}/{change['id']}").status, 200, "not any more")


def section(browser, path, title):
    """The text of a section of a page, by its heading: rows and facts with their words."""
    for found in re.findall(r"<section.*?</section>", browser.ask(path).text, re.DOTALL):
        if f">{title}</h2>" in found:
            return found
    raise AssertionError(f"{path} has no {title}: {browser.text[:2000]}")


def held_standard(server):
    """The base of the demonstration with its add-on, and a client of its global administrator."""
    client = Client(server.address, server.people["Fonderie Marsault"]["global"])
    held = client.get("/v1/subscriptions?status=active").body["data"]
    base = next(one for one in held if one["offer"] == "standard")
    return client, base, next(one for one in held if one["offer"] == "extra-storage")


def case_purchase_information(server):
    """What pays, the number of the purchase order, and where it was bought; for an add-on too."""
    client, base, addon = held_standard(server)
    order = client.post("/v1/orders", {
        "account": base["account"], "purchase_order": "BC 2041",
        "lines": [{"offer": "basic", "quantity": 1, "term": "P1M", "billing": "monthly"}]})
    equal(order.status, 201, order.body)
    bought = order.body["lines"][0]["subscription"]
    browser = Browser(server.address, "fr")
    browser.sign_in(GLOBAL)
    for subscription in (base["id"], addon["id"], bought):
        path = f"/billing/products/{subscription}"
        paid = section(browser, path, "Paramètres d’abonnement et de paiement")
        equal("Mode de paiement</span><div>Carte principale ···· 4242<" in paid, True, paid)
        number = "Numéro de bon de commande</span><div>BC 2041<"
        equal(number in paid, subscription == bought, paid)
        told = section(browser, path, "Informations d’achat")
        equal("Fonderie Marsault" in told and ", facturation" in told, True, told)
        link, number = re.search(r'<a href="/billing/orders/(\w+)">([^<]+)</a>', told).groups()
        equal(link, number, "the order's number")
        placed = client.get(f"/v1/orders/{link}").body
        if subscription not in [line["subscription"] for line in placed["lines"]]:
            raise AssertionError(f"not its order: {placed}")
        day = re.search(r'<dt>Date d’achat</dt>.*?<time datetime="([^"]+)"', told)[1]
        equal(day, placed["placed_on"], "day of purchase")
        equal(browser.ask(f"/billing/orders/{link}").status, 200, "the order")
    english = signed_in(server, OTHER).ask("/billing/products?q=basic")
    path = re.search(r'class="row-link" href="([^"]+)"', english.text)[1]
    paid = section(english, path, "Subscription and payment settings")
    equal("Payment method</span><div>Company card ···· 4242<" in paid, True, paid)
    told = section(english, path, "Purchase information")
    equal("Bought on</dt>" in told and "1 month, billed monthly" in told, True, told)


def case_scheduled_changes(server):
    """Each is said in words with its day, and can be forgotten by those who may change."""
    client, base, addon = held_standard(server)
    path = f"/billing/products/{base['id']}"
    browser = signed_in(server, GLOBAL)
    if "Modifications planifiées" in browser.ask(path).text:
        raise AssertionError("nothing waits")
    wanted = {"quantity": 40}, {"billing": "monthly", "term": "P1M"}
    for change in wanted:
        answer = client.patch(f"/v1/subscriptions/{base['id']}", {**change, "when": "renewal"})
        equal(answer.status, 200, answer.body)
    plan = {"offer": "complete", "when": "renewal"}
    answer = client.post(f"/v1/subscriptions/{base['id']}/change_plan", plan)
    equal(answer.status, 200, answer.body)
    told = section(browser, path, "Modifications planifiées")
    equal(re.findall(r'<span id="sch_\w+">([^<]+)<', told),
          ["Nouvelle quantité\u00a0: 40\u00a0licences",
           "Durée et facturation\u00a0: 1 mois, facturation mensuelle",
           "Nouveau plan\u00a0: Orvane Intégral"], "in words")
    equal(set(re.findall(r'<time datetime="([^"]+)"', told)), {base["term_end"]}, "the day")
    reader = section(signed_in(server, READER), path, "Modifications planifiées")
    equal("<form" in reader, False, "a reader cannot")
    equal(reader.count('aria-disabled="true">Abandonner cette modification<'), 3, "off")
    equal(reader.count('href="/roles"'), 3, "with the reason")
    posts = re.findall(r'<form method="post" action="([^"]+)"', told)
    changes = f"/v1/subscriptions/{base['id']}/scheduled_changes"
    equal(browser.ask(posts[0], {}).status, 403, "without its token")
    token = browser.ask(path).csrf()
    other = posts[0].replace(base["id"], addon["id"])
    equal(browser.ask(other, {"csrf": token}).location(),
          f"/billing/products/{addon['id']}", "not of another subscription")
    equal(len(client.get(changes).body["data"]), 3, "all are there")
    stranger = signed_in(server, OTHER)
    equal(stranger.ask(posts[0], {"csrf": stranger.ask("/").csrf()}).status, 404, "not theirs")
    reader = signed_in(server, READER)
    equal(reader.ask(posts[0], {"csrf": reader.ask("/").csrf()}).status, 403, "nor a reader's")
    for left, post in enumerate(reversed(posts)):
        equal(browser.ask(post, {"csrf": token}).location(), path + "?forgotten=", "forgotten")
        has(browser.ask(browser.location()), "La modification planifiée est abandonnée.")
        equal(len(client.get(changes).body["data"]), 2 - left, "left")
    equal(browser.ask(posts[0], {"csrf": token}).location(), path, "a second time")


def case_cancel_counts_people(server):
    """Who ends a subscription is told how many people use it."""
    client, base, addon = held_standard(server)
    pane = f"/billing/products/{base['id']}/cancel"
    browser = signed_in(server, GLOBAL)
    equal("une licence" in browser.ask(pane).text, False, "nobody has it")
    for user, told in (("ada", "1 personne a une licence"),
                       ("grace", "2 personnes ont une licence")):
        answer = client.post("/v1/licenses/assign", {"subscription": base["id"], "user": user})
        equal(answer.status, 200, answer.body)
        has(browser.ask(pane), told)
    browser.ask(f"/billing/products/{addon['id']}/cancel")
    equal("une licence" in browser.text, False, "nor anyone its storage")


def case_reactivate(server):
    """What was cancelled comes back from its page: the effect first, then the order."""
    client, base, _ = held_standard(server)
    order = client.post("/v1/orders", {"account": base["account"], "lines": [
        {"offer": "basic", "quantity": 1, "term": "P1M", "billing": "monthly"}]})
    bought = order.body["lines"][0]["subscription"]
    path = f"/billing/products/{bought}"
    browser = signed_in(server, GLOBAL)
    pane = f"{path}/reactivate"
    equal(f'href="{pane}"' in browser.ask(path).text, False, "it is active")
    equal(client.post(f"/v1/subscriptions/{bought}/cancel", {}).status, 200, "cancelled")
    has(browser.ask(path), f'href="{pane}"')
    reader = signed_in(server, READER)
    has(reader.ask(path), 'aria-disabled="true">Réactiver<')
    equal(reader.ask(pane).status, 403, "a reader's")
    equal(browser.ask(pane).status, 200, "its pane")
    browser.ask(pane, {"csrf": browser.csrf(), "do": "save"})
    equal(browser.status, 200, "the effect")
    for words in ("<span>Désactivé<", "1\u00a0licence, se renouvelle le ", "À payer aujourd’hui"):
        has(browser, words)
    review = re.search(r'name="review" value="([^"]+)"', browser.text)[1]
    equal(client.get(f"/v1/subscriptions/{bought}").body["status"], "disabled", "not yet")
    browser.ask(pane, {"csrf": browser.csrf(), "do": "confirm", "review": review})
    equal(browser.status, 303, "done")
    equal(client.get(f"/v1/subscriptions/{bought}").body["status"], "active", "back")
    equal(f'href="{pane}"' in browser.ask(path).text, False, "it is active again")


def signed_in(server, email, language="en"):
    browser = Browser(server.address, language)
    browser.sign_in(email)
    return browser


CASES = (case_headers, case_sign_in, case_forms_need_their_token, case_languages,
         case_permissions, case_products, case_details, case_next_charge, case_next_price,
         case_upcoming, case_session_and_api, case_purchase_information,
         case_scheduled_changes, case_reactivate, case_cancel_counts_people,
         case_attempts_are_limited)


def main():
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, people), serving(store) as server:
            server.people = people
            for case in CASES:
                report.case(f"{kind}/{case.__name__[5:]}", lambda c=case: c(server))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
