#!/usr/bin/env python3
"""Pages of licences as a browser without JavaScript sees them (rules §5): per product, up to 20
people at a time, a person's licences in one go, one's own, and the organisation's storage."""
import re
import sys
import time

from pages import GLOBAL, MEMBER, OTHER, READER, Browser, has
from role_pages import main_part

from support.customers import Report, check_books, demo_store, equal, serving
from support.server import Client, store_kinds

LICENSE = "ines.delattre@fonderie-marsault.example"
AGREEMENT = "anke.lindenhof@lindenhof-geraetebau.example"
CROWD = 45      # people besides those of the demonstration
DAY_MS = 24 * 3600 * 1000


def add_people(store, organization):
    """There is no page yet that adds people: past the program."""
    for number in range(CROWD):
        store.sql(f"INSERT INTO person (id, customer, name, email, language, created_at) VALUES"
                  f" ('usr_crowd{number:021}', '{organization}', 'Zoé Foule {number:02}',"
                  f" 'zoe{number:02}@fonderie-marsault.example', 'fr', 0)")


class World:
    def __init__(self, server, store, people):
        self.store, self.id = store, people["Fonderie Marsault"]["id"]
        self.api = Client(server.address, people["Fonderie Marsault"]["global"])
        self.agreement = Client(server.address, people["Lindenhof Gerätebau GmbH"]["global"])
        add_people(store, self.id)
        listed = self.api.get("/v1/subscriptions?limit=100").body["data"]
        self.subs = {one["offer"]: one["id"] for one in listed if one["status"] != "deleted"}
        self.browsers = {}
        for name, email in (("admin", LICENSE), ("global", GLOBAL), ("reader", READER),
                            ("member", MEMBER), ("stranger", OTHER), ("agreement", AGREEMENT)):
            self.browsers[name] = Browser(server.address)
            equal(self.browsers[name].sign_in(email).status, 303, name)

    def path(self, offer, pane=""):
        return f"/billing/licenses/{self.subs[offer]}{pane}"

    def ask(self, who, path, fields=None):
        """Looks at a page; with fields sends its form, with the token of what was shown last."""
        browser = self.browsers[who]
        if fields is None:
            return browser.ask(path)
        review = re.search(r'name="review" value="([^"]+)"', browser.text)
        token = browser.csrf() or browser.ask("/roles").csrf()
        return browser.ask(path, {"csrf": token, **({"review": review[1]} if review else {}),
                                  **fields})

    def twice(self, who, path, fields):
        """Sends a form, which shows what it would do, and what was shown; gives what it said."""
        self.ask(who, path)
        shown = self.ask(who, path, fields)
        equal(shown.status, 200, f"{path} shows first")
        said = re.findall(r'<div id="effect".*?</div>', shown.text, re.DOTALL)[0]
        done = self.ask(who, path, {**fields, "do": "confirm"})
        equal(done.status, 303, f"{path} confirmed: {done.text[-3000:]}")
        return " ".join(re.sub(r"<[^>]+>", " ", said).split())

    def counts(self, offer):
        listed = self.api.get("/v1/licenses").body["data"]
        one = next(one for one in listed if one["offer"] == offer)
        return one["available"], one["assigned"], one["total"]

    def holders(self, offer):
        listed = self.api.get(f"/v1/subscriptions/{self.subs[offer]}/licenses?limit=100").body
        return {one["user"] for one in listed["data"]}

    def assign(self, offer, users, verb="assign"):
        done = self.api.post(f"/v1/licenses/{verb}", {"subscription": self.subs[offer],
                                                     "users": sorted(users)})
        equal(done.status, 200, done)

    def find_user(self, name):
        browser = self.ask("admin", "/users?q=" + name)
        [user] = re.findall(r'href="/users/(usr_\w+)"', browser.text)
        return user


def crowd(*numbers):
    return [f"usr_crowd{number:021}" for number in numbers]


def case_assigns_twenty(world):
    path = world.path("standard", "/assign")
    before = world.counts("standard")
    page = world.ask("admin", path)
    equal(len(re.findall(r'type="checkbox"', page.text)), 20, "shown at a time")
    equal(world.ask("admin", path + "?q=ines").text.count('name="user"'), 1, "without accents")
    page = world.ask("admin", path, {"q": "foule", "do": "all"})
    equal((page.status, page.text.count(" checked")), (200, 20), "ticked by the button")
    equal(world.holders("standard") & set(crowd(*range(CROWD))), set(), "nothing yet")
    said = world.twice("admin", path, {"user": crowd(*range(20)), "do": "save"})
    equal("Zoé Foule 00, Zoé Foule 01 et 18 autres personnes" in said
          and f"{before[0] - 20} licences" in said, True, said)
    equal(world.counts("standard"), (before[0] - 20, before[1] + 20, before[2]), "afterwards")
    has(world.ask("admin", world.browsers["admin"].location()), "20 personnes.")
    one_more = world.ask("admin", path, {"user": crowd(*range(20, 41)), "do": "save"})
    equal(one_more.status, 422, "21 at a time")
    has(one_more, "Pas plus de 20 personnes")
    nobody = world.ask("admin", path, {"do": "save"})
    equal(nobody.status, 422, "nobody")
    has(nobody, "Cochez au moins une personne")


def case_only_what_was_shown(world):
    """The token is good for those it was made for; another's licence meanwhile is shown again."""
    path = world.path("guides", "/assign")
    equal(world.ask("admin", path, {"user": crowd(1), "do": "save"}).status, 200, "shown")
    other = world.ask("admin", path, {"user": crowd(1, 2), "do": "confirm"})
    equal(other.status, 200, "others than were shown are shown first")
    equal(world.holders("guides") & set(crowd(1, 2)), set(), "nothing was done")
    world.assign("guides", crowd(3))
    moved = world.ask("admin", path, {"user": crowd(1, 2), "do": "confirm"})
    equal(moved.status == 303 or "name=\"review\"" in moved.text, True, "again, or done")


def case_lists_holders(world):
    world.assign("standard", crowd(41))
    page = world.ask("admin", world.path("standard"))
    equal(page.text.count('name="user"'), 20, "a page of them")
    has(page, 'rel="next"')
    found = world.ask("admin", world.path("standard") + "?q=zoe07")
    equal(found.text.count('name="user"'), 1, "found by address")
    has(world.ask("admin", world.path("standard") + "?q=nobody+of+this+name"), "Aucun nom")
    reader = world.ask("reader", world.path("standard"))
    equal((reader.status, reader.text.count('type="checkbox"')), (200, 0), "who only looks")
    has(reader, "Votre rôle ne le permet pas")


def case_unassigns_several(world):
    path = world.path("standard", "/unassign")
    query = "&".join(f"user={user}" for user in crowd(4, 5, 6))
    page = world.ask("admin", f"{path}?{query}")
    has(page, "Zoé Foule 05")
    has(page, "perdent aussitôt leur accès")
    equal(world.holders("standard") >= set(crowd(4, 5, 6)), True, "only looked at")
    done = world.ask("admin", path, {"user": crowd(4, 5, 6), "do": "confirm"})
    equal(done.status, 303, done.text[-3000:])
    equal(world.holders("standard") & set(crowd(4, 5, 6)), set(), "gone")
    has(world.ask("admin", path), "Cochez au moins une personne")


def case_base_and_addon(world):
    """A licence of an add-on that needs its base's: off with the way out, both together, and the
    base's not without the add-on's."""
    [user] = crowd(30)
    page = world.ask("admin", world.path("mail-archive", "/assign?q=foule+30"))
    choice = re.search(rf'<div class="choice"><input[^>]*value="{user}".*?</div>', page.text)[0]
    equal(" disabled" in choice and f'href="/users/{user}"' in choice
          and "Il faut d’abord une licence Orvane Standard" in choice, True, choice)
    equal("disabled" in world.ask("admin", world.path("mail-archive",
                                                      "/assign?q=foule+07")).text, False, "who may")
    both = [world.subs["standard"], world.subs["mail-archive"]]
    path = f"/users/{user}"
    world.ask("admin", path)
    equal(world.ask("admin", path, {"license": both[1], "do": "save"}).status, 422, "alone")
    has(world.browsers["admin"], "Attribuez-la d’abord, ou les deux ensemble")
    equal(world.ask("admin", path, {"license": both, "do": "save"}).status, 303, "together")
    equal([user in world.holders(offer) for offer in ("standard", "mail-archive")], [True, True],
          "both")
    refused = world.ask("admin", world.path("standard", f"/unassign?user={user}"))
    equal("Archivage du courrier" in refused.text and f'href="/users/{user}"' in refused.text,
          True, main_part(refused.text))
    world.ask("admin", path)
    shown = world.ask("admin", path, {"license": [world.subs["guides"]], "do": "save"})
    has(shown, "perd aussitôt l’accès à : Archivage du courrier et Orvane Standard")
    has(shown, "reçoit : Guides pratiques")
    equal(user in world.holders("standard"), True, "what is taken away is shown first")
    equal(world.ask("admin", path, {"license": [world.subs["guides"]], "do": "save"}).status, 303,
          "then done")
    equal([user in world.holders(offer) for offer in ("standard", "mail-archive", "guides")],
          [False, False, True], "all in one go")


def case_says_what_is_off(world):
    """No licence left: who may buy is led there, who may not is told whom to ask."""
    left = world.counts("basic")[0]
    world.assign("basic", crowd(*range(left)))
    has(world.ask("global", world.path("basic")), "Toutes les licences sont attribuées")
    page = main_part(world.ask("admin", world.path("basic", "/assign")).text)
    equal("adressez-vous à un administrateur général ou un administrateur de facturation" in page
          and "<button" not in page, True, page)
    left = world.counts("files")[0]
    world.assign("files", crowd(*range(left)))
    page = main_part(world.ask("admin", "/users/" + crowd(40)[0]).text)
    row = re.search(rf'<li>(?:(?!<li>).)*{world.subs["files"]}.*?</li>', page, re.DOTALL)[0]
    equal(" disabled" in row and "Toutes les licences sont attribuées" in row, True, row)
    world.assign("basic", crowd(0), "unassign")


def case_panes_name_people(world):
    """What a change of a subscription does to people is said by name."""
    pane = f"/billing/products/{world.subs['complete']}"
    world.assign("complete", crowd(21))
    has(world.ask("global", pane + "/cancel?when=now"),
        "Zoé Foule 21 n’a plus accès à Orvane Intégral")
    world.assign("complete", crowd(22, 23, 24, 25, 26, 27))
    has(world.ask("global", pane + "/cancel?when=now"), "7 personnes n’ont plus accès à Orvane"
        " Intégral\u202f: Zoé Foule 21, Zoé Foule 22 et 5 autres personnes.")
    has(world.ask("global", pane + "/licenses?quantity=5"), "Annulez d’abord")


def case_fewer_from_the_renewal_on(world):
    """Whose licences would be too many: the newest, of those assigned together the last."""
    phone = next(one["id"] for one in world.agreement.get("/v1/subscriptions").body["data"]
                 if one["offer"] == "phone")
    done = world.agreement.post("/v1/licenses/assign", {
        "subscription": phone, "users": ["Anne", "Bert", "Carl", "Dora"]})
    equal(done.status, 200, done)
    pane = f"/billing/products/{phone}/licenses?quantity=2&when=renewal"
    has(world.ask("agreement", pane), "2 people have a licence of Phone too many: Dora and"
        " Carl. 90 days to repair that")


def case_conflicts(world):
    """More assigned than there are from the renewal on: said with the day on which they go."""
    path = f"/v1/subscriptions/{world.subs['standard']}"
    equal(world.api.patch(path, {"quantity": 12, "when": "renewal"}).status, 200, "scheduled")
    end = world.api.get(path).body["term_end"]
    days = (time.mktime(time.strptime(end, "%Y-%m-%d")) - time.time()) / 86400 + 2
    world.store.sql(f"UPDATE organization SET clock_at = {int(time.time() * 1000 + days * DAY_MS)}"
                    f" WHERE id = '{world.id}'")
    world.assign("complete", crowd(1))  # whatever is due is done before
    listed = world.api.get("/v1/licenses").body["data"]
    [conflict] = next(one["conflicts"] for one in listed if one["offer"] == "standard")
    for page in (world.path("standard"), "/billing/licenses"):
        text = main_part(world.ask("admin", page).text)
        year = conflict["removed_on"][:4]
        equal(f"{conflict['too_many']} licences attribuées sont en trop" in text and year in text,
              True, text)


def case_people(world):
    page = world.ask("admin", "/users")
    equal(page.text.count('class="row-link"'), 25, "a page of people")
    has(page, "Administrateur de licences")
    equal(world.find_user("delattre") != "", True, "found")
    equal([world.ask(who, "/users").status for who in ("global", "reader", "member", "stranger")],
          [200, 403, 403, 200], "who sees them")
    equal(world.ask("stranger", "/users/" + crowd(1)[0]).status, 404, "another organisation's")
    equal(world.ask("stranger", world.path("standard")).status, 404, "another's product")
    equal(world.ask("member", "/users/" + world.find_user("delattre")).status, 403, "a member")
    has(world.ask("member", "/licenses"), "Aucune licence ne vous est attribuée")
    world.assign("standard", [world.find_user("roussel")])
    has(world.ask("member", "/licenses"), "Orvane Standard")


def number_of(text):
    return int(re.sub(r"\D", "", text))


def case_storage(world):
    """The sum is what the organisation is entitled to, and its terms come to it."""
    text = main_part(world.ask("admin", "/billing/storage").text)
    told = re.search(r'class="sum">(.*?)<strong>(.*?)</strong>', text)
    check = world.api.get("/v1/entitlements/check?feature=storage_gb").body
    equal(number_of(told[2]), check["value"], "the total")
    terms = [[number_of(part) for part in term.split("×")]
             for term in told[1].rstrip("= ").split(" + ")]
    equal(sum(term[0] * term[-1] if len(term) == 2 else term[0] for term in terms),
          check["value"], f"the terms {terms}")
    equal(terms[0][0] > 0 and terms[-1][0] > 0 and len(terms) > 2, True, f"all three: {terms}")
    amounts = re.findall(r'data-label="Espace">([^<]+)<', text)
    equal(sum(map(number_of, amounts)), check["value"], "the rows")
    [extra] = re.findall(r"sans ce supplément, il resterait ([^<]*?) en tout", text)
    storage = next(one["quantity"] for one in check["granted_by"] if one["offer"] ==
                   "extra-storage")
    equal(number_of(extra), check["value"] - storage, "without the extra")
    has(world.ask("global", "/billing/storage"), f"/addons?addon={world.subs['extra-storage']}")
    has(world.ask("admin", "/billing/storage"), "Votre rôle ne le permet pas")
    equal(world.ask("member", "/billing/storage").status, 403, "a member")


CASES = (case_assigns_twenty, case_only_what_was_shown, case_lists_holders, case_unassigns_several,
         case_base_and_addon, case_says_what_is_off, case_people, case_storage,
         case_panes_name_people, case_fewer_from_the_renewal_on, case_conflicts)


def main():
    report = Report()
    for kind in store_kinds():
        with demo_store(kind) as (store, people):
            with serving(store) as server:
                world = World(server, store, people)
                for case in CASES:
                    report.case(f"{kind}/{case.__name__[5:]}", lambda c=case: c(world))
            report.case(f"{kind}/books", lambda: check_books(store))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
