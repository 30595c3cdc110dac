"""Every refusal (rules §9): how it is reached over HTTP, and the remedy its sentence names.

A row is (code, place, remedy in English, in French, how). `how` prepares a world of its own and
gives the answer that must be the refusal; `place` is the member that it blames, or None where the
subscription of the address is to blame. Status and sentence are those of errors.def and of the
messages.
"""

from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie

from support.refusal_world import NOBODY, World
from support.server import Client

# Who prefers which language: a page is in the language of the person
PEOPLE = {"en": "dana.whitfield@harlan-poole.example",
          "fr": "camille.marsault@fonderie-marsault.example"}
PASSWORD = "try-the-add-ons"
AT_ONCE, TRIES = 8, 20
OFFER, CONNECT_TO = "/lines/0/offer", "/lines/0/connect_to"


# Ways to refusals that take more than a line --------------------------------------------------


def form_expired(w):
    """A form without the token that its page gave."""
    signed_in = w.page("/sign-in", {"email": PEOPLE[w.language], "password": PASSWORD})
    cookie = SimpleCookie(signed_in.headers["set-cookie"])["annex_session"]
    answer = w.page("/preferences", {"theme": "dark"}, cookie=f"annex_session={cookie.value}")
    assert {"en": "too old", "fr": "trop ancienne"}[w.language] in answer.text, "the heading"
    return answer


def rate_limited(w):
    fields = {"email": f"nobody-{w.language}@scenario.example", "password": "wrong"}
    for _ in range(5):
        assert w.page("/sign-in", fields).status == 422
    answer = w.page("/sign-in", fields)
    assert int(answer.headers["retry-after"]) > 0
    return answer


def idempotency_key_reused(w):
    key = {"Idempotency-Key": f"reused-{w.language}"}
    w.done(w.post("/v1/carts", {"account": w.account}, headers=key))
    return w.post("/v1/orders", w.order_body("suite"), headers=key)


def idempotency_running(w):
    """Several at once; the first asks the provider while another comes. Tried until one does."""
    body = w.order_body("suite", method="late")
    for attempt in range(TRIES):
        key = {"Idempotency-Key": f"running-{w.language}-{attempt}"}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = [pool.submit(w.post, "/v1/orders", body, headers=key)
                       for _ in range(AT_ONCE)]
        for answer in (one.result() for one in answers):
            if answer.status == 409:
                assert int(answer.headers["retry-after"]) > 0
                return answer
    raise AssertionError(f"none of {TRIES} times")


def clock_advancing(w):
    """While the clock goes through two years of one customer."""
    clock = w.done(w.shop.owner.post("/v1/test_clocks", {"frozen_time": "2026-01-01T00:00:00Z"}))
    there = World(w.shop, w.store, w.language, clock=clock["id"])
    base = there.hold("suite*10")
    with ThreadPoolExecutor(1) as pool:
        path = f"/v1/test_clocks/{clock['id']}/advance"
        done = pool.submit(w.shop.owner.post, path, {"frozen_time": "2028-01-01T00:00:00Z"})
        answer = there.change(base, recurring_billing=True)
        while answer.status == 200 and not done.done():
            answer = there.change(base, recurring_billing=True)
    return answer


def quote_changed(w):
    """Somebody changed the quantity between the review and the order."""
    base = w.hold("suite*10")
    path = f"/v1/subscriptions/{base}"
    token = w.done(w.ask("PATCH", f"{path}?preview=true", {"quantity": 12}))["token"]
    w.done(w.change(base, quantity=11))
    answer = w.change(base, quantity=12, token=token)
    assert answer.body["differs"], answer
    return answer


def quote_expired(w):
    body = w.order_body("suite")
    w.later(0)
    token = w.done(w.post("/v1/orders?preview=true", body))["token"]
    w.later(1)
    return w.post("/v1/orders", {**body, "token": token})


def quote_used(w):
    body = w.order_body("suite")
    token = w.done(w.post("/v1/orders?preview=true", body))["token"]
    w.done(w.post("/v1/orders", {**body, "token": token}))
    return w.post("/v1/orders", {**body, "token": token})


def change_pending(w):
    """More of the base, by a card whose bank asks first."""
    base, card = w.hold("suite*10"), w.customer.method("authentication")
    assert w.change(base, quantity=12, payment_method=card).status == 202
    return w.order(f"storage@{base}")


def cart_ordered(w):
    cart = w.customer.cart(w.line("suite"))
    review = w.done(w.post(f"/v1/carts/{cart}/review", {"payment_method": w.customer.method()}))
    order = {"token": review["token"], "payment_method": w.customer.method()}
    w.done(w.post(f"/v1/carts/{cart}/checkout", order))
    return w.post(f"/v1/carts/{cart}/lines", w.line("plus"))


def write_off_not_listed(w):
    w.hold("suite")
    [invoice] = w.client.get("/v1/invoices").body["data"]
    return w.post(f"/v1/invoices/{invoice['id']}/write_off")


def support_request_resolved(w):
    made = w.done(w.post("/v1/support_requests", {"kind": "other", "message": "?"}))
    path, answer = f"/v1/support_requests/{made['id']}/resolve", {"remove": False, "answer": "!"}
    w.done(w.post(path, answer, client=w.customer.support))
    return w.post(path, answer, client=w.customer.support)


def base_license_needed(w):
    base = w.hold("suite*2")
    sign = w.hold(f"sign*2@{base}")
    w.assigned(base, "ada")
    w.assigned(sign, "ada")
    return w.post("/v1/licenses/unassign", {"subscription": base, "user": "ada"})


def blocked(w):
    """A licence to sign does not go with the other plan."""
    base = w.hold("suite")
    w.hold(f"sign@{base}")
    answer = w.of(base, "change_plan", {"offer": "plus"})
    assert "sign" in answer.body["detail"], answer
    return answer


def switched_off(w):
    base = w.hold("suite")
    w.done(w.change(base, recurring_billing=False))
    return base


def declined_balance(w):
    w.hold("suite", method="transfer")
    return w.post(f"/v1/billing_accounts/{w.account}/pay_balance",
                  {"payment_method": w.customer.method("decline")})


def a_year(w):
    """Bought a little over a week ago on an agreement account."""
    base = w.hold("suite*10/P1Y/yearly")
    w.later(8)
    return base


# The table ----------------------------------------------------------------------------------------

# The request, and who asks
REQUEST = (
    ("invalid", "/lines/0/quantity", "Correct that place", "Corrigez cet endroit",
     lambda w: w.post("/v1/orders", w.customer.order_body({"offer": "suite", "quantity": "ten"}))),
    ("method_not_allowed", None, "/openapi.json", "/openapi.json",
     lambda w: w.ask("DELETE", "/v1/orders")),
    ("unsupported_media_type", None, "Send it as application/json",
     "Envoyez-le en application/json",
     lambda w: w.ask("POST", "/v1/orders", raw=b"{}", headers={"Content-Type": "text/plain"})),
    ("too_large", None, "Send it in smaller parts", "Envoyez-la en plusieurs parties",
     lambda w: w.ask("POST", "/v1/orders", raw=b"[" + b" " * (1 << 20))),
    ("rate_limited", None, "Wait as long", "Attendez", rate_limited),
    ("unauthenticated", None, "send a valid API key", "envoyez une clé d’API valable",
     lambda w: w.ask("GET", "/v1/orders", client=Client(w.shop.address))),
    ("forbidden", None, "Ask someone whose role does", "Adressez-vous à une personne",
     lambda w: w.post("/v1/carts", {"account": w.account},
                      client=w.shop.client("Fonderie Marsault", "reader"))),
    ("form_expired", None, "send it once more", "envoyez-le de nouveau", form_expired),
    ("sign_in_failed", None, "try again", "réessayez",
     lambda w: w.page("/sign-in", {"email": PEOPLE["fr"], "password": "wrong"})),
    ("not_found", "/subscription", "Check the address", "Vérifiez l’adresse",
     lambda w: w.ask("GET", f"/v1/subscriptions/{NOBODY}")),
    ("idempotency_key_reused", "Idempotency-Key", "Use a new key", "Prenez une nouvelle clé",
     idempotency_key_reused),
    ("idempotency_running", "Idempotency-Key", "Repeat it shortly", "Répétez-la dans un instant",
     idempotency_running),
    ("clock_advancing", None, "Ask again when", "Recommencez quand", clock_advancing),
    ("quote_changed", "/token", "then confirm again", "confirmez de nouveau", quote_changed),
    ("quote_expired", "/token", "Review again", "Vérifiez de nouveau", quote_expired),
    ("quote_used", "/token", "Look for its order", "Retrouvez sa commande", quote_used),
    ("version_mismatch", "If-Match", "Read it again", "Relisez-le",
     lambda w: w.of(w.hold("suite"), "cancel", headers={"If-Match": '"99"'})),
)

# What can be bought: one for each reason of rules §2, then the rest of a line
ORDERS = (
    ("offer_not_available", OFFER, "Choose another", "Choisissez-en une autre",
     lambda w: w.order("ended")),
    ("offer_country", OFFER, "another billing account", "un autre compte de facturation",
     lambda w: w.order("german")),
    ("offer_currency", OFFER, "another billing account", "un autre compte de facturation",
     lambda w: w.order("dollar")),
    ("addon_prerequisite_missing", OFFER, "Buy it first", "Achetez-le d’abord",
     lambda w: w.order("phone")),
    ("parent_not_active", OFFER, "Make it active first", "Rendez-le d’abord actif",
     lambda w: w.order(f"storage@{w.cancelled('suite')}")),
    ("offer_price", OFFER, "Change the billing frequency", "Modifiez d’abord cette fréquence",
     lambda w: w.order(f"sign@{w.hold('suite/P1Y/yearly')}")),
    ("addon_excluded", OFFER, "Choose one of the two", "Choisissez l’une des deux",
     lambda w: w.hold("suite") and w.order("rival")),
    ("subscription_limit", OFFER, "Change the quantity", "Modifiez la quantité",
     lambda w: w.hold("single") and w.order("single")),
    ("addon_already_on_base", OFFER, "Change the quantity", "Modifiez plutôt la quantité",
     lambda w: w.order(f"storage@{w.customer.order(w.line('b=suite'), w.line('storage@b'))[0]}")),
    ("change_pending", OFFER, "Wait until it is completed", "Attendez la fin", change_pending),
    ("addon_not_related", CONNECT_TO, "Choose another subscription", "Choisissez-en un autre",
     lambda w: w.order(f"sign@{w.hold('plus')}")),
    ("billing_frequency_unsupported", "/lines/0/billing", "Choose another combination",
     "Choisissez une autre combinaison", lambda w: w.order("suite/P3Y/upfront")),
    ("quantity_out_of_range", "/lines/1/quantity", "choose between 1 and 300",
     "choisissez entre 1 et 300", lambda w: w.order("a=plus", "b=suite*301")),
    ("payment_failed", None, "Use another payment method", "Utilisez un autre mode de paiement",
     lambda w: w.order("suite", method="decline")),
    ("payment_method_country", "/country", "Use another payment method",
     "Utilisez un autre mode de paiement",
     lambda w: w.post("/v1/payment_methods", {"account": w.account, "kind": "card",
                                              "test": "success", "country": "DE"})),
    ("cart_ordered", None, "begin another cart", "commencez un autre panier", cart_ordered),
    ("trial_not_available", "/lines/0/trial", "Buy the offer instead", "Achetez plutôt l’offre",
     lambda w: w.order("trial plus")),
    ("not_supported_yet", None, "Choose another way", "Choisissez un autre moyen",
     lambda w: w.post("/v1/payment_methods", {"account": w.account, "kind": "sepa_debit"})),
)

# What a subscription allows in its state, licences, and support
HELD = (
    ("addon_not_removable", None, "ask support", "contactez le support technique",
     lambda w: w.of(w.hold(f"storage@{w.hold('suite')}"), "cancel")),
    ("subscription_active", None, "Cancel it first", "Annulez-le d’abord",
     lambda w: w.of(w.hold("suite"), "delete")),
    ("subscription_not_active", None, "Reactivate it first", "Réactivez-le d’abord",
     lambda w: w.change(w.cancelled("suite"), quantity=2)),
    ("subscription_deleted", None, "Buy the offer again", "Achetez l’offre de nouveau",
     lambda w: w.of(w.deleted("suite"), "reactivate")),
    ("past_due", None, "Pay the balance first", "Réglez d’abord le solde",
     lambda w: w.change(w.past_due("suite/P1Y/yearly"), quantity=2)),
    ("quantity_out_of_range", "/quantity", "choose between 1 and 300", "choisissez entre 1 et 300",
     lambda w: w.change(w.hold("suite"), quantity=301)),
    ("quantity_out_of_range", "/quantity", "choose between 1 and 300", "choisissez entre 1 et 300",
     lambda w: w.change(w.hold("suite"), quantity=301, when="renewal")),
    ("quantity_out_of_range", "/quantity", "choose between 1 and 300", "choisissez entre 1 et 300",
     lambda w: w.of(w.hold("trial suite"), "buy_trial", {"quantity": 301})),
    ("addon_excluded", "/offer", "Choose one of the two", "Choisissez l’une des deux",
     lambda w: w.hold("rival") and w.of(w.hold("plus"), "change_plan", {"offer": "suite"})),
    ("addon_excluded", "/offer", "Choose one of the two", "Choisissez l’une des deux",
     lambda w: w.hold("rival") and w.of(w.hold("plus"), "change_plan",
                                        {"offer": "suite", "when": "renewal"})),
    ("recurring_billing_off", "/when", "Turn it on first", "Activez-la d’abord",
     lambda w: w.change(switched_off(w), quantity=2, when="renewal")),
    ("too_many_licenses_to_cancel", None, "Reduce the quantity first",
     "Réduisez d’abord la quantité", lambda w: w.of(w.hold("suite*26"), "cancel")),
    ("plan_change_not_possible", "/offer", "Choose one of the plans",
     "Choisissez l’un des plans",
     lambda w: w.of(w.hold("suite"), "change_plan", {"offer": "single"})),
    ("plan_change_blocked", "/offer", "Ask support to remove them first",
     "Contactez d’abord le support technique", blocked),
    ("trial_not_bought", None, "Buy the subscription first", "Achetez d’abord l’abonnement",
     lambda w: w.change(w.hold("trial suite"), quantity=2)),
    ("trial_not_extendable", None, "buy the subscription", "achetez l’abonnement",
     lambda w: w.of(w.hold("trial suite"), "extend_trial")),
    ("no_license_available", "/users", "Buy more", "Achetez-en d’autres",
     lambda w: w.assign(w.hold("suite"), "ada", "alan")),
    ("licenses_assigned", "/quantity", "Unassign some first; number to unassign: 1",
     "Annulez d’abord des attributions\u202f; nombre à annuler\u202f: 1",
     lambda w: w.change(w.assigned(w.hold("suite*3"), "ada", "alan"), quantity=1)),
    ("base_license_missing", "/users", "Assign that licence first", "Attribuez-la d’abord",
     lambda w: w.assign(w.hold(f"sign@{w.hold('suite')}"), "ada")),
    ("base_license_needed", "/users", "Unassign those first", "Annulez d’abord leur attribution",
     base_license_needed),
    ("refund_not_possible", "/amount", "Ask for less", "Demandez un montant moins élevé",
     lambda w: w.hold("suite") and w.post(f"/v1/billing_accounts/{w.account}/refund")),
    ("write_off_not_listed", "/invoice", "see the list", "consultez la liste",
     write_off_not_listed),
    ("support_request_resolved", None, "Open another one", "Ouvrez-en une autre",
     support_request_resolved),
    ("payment_failed", None, "Use another payment method", "Utilisez un autre mode de paiement",
     declined_balance),
)

# On an agreement account
AGREED = (
    ("addon_not_related", CONNECT_TO, "bought without a connection", "s’achète sans association",
     lambda w: w.order(f"storage@{w.hold('suite')}")),
    ("billing_frequency_unsupported", "/when", "Choose another combination",
     "Choisissez une autre combinaison",
     lambda w: w.change(w.hold("suite"), billing="yearly", term="P1Y")),
    ("term_end_date_invalid", "/lines/0/ends_with", "Choose a later day",
     "Choisissez un jour à venir", lambda w: w.order(f"suite>{a_year(w)}")),
    ("reactivation_not_possible", None, "Buy the offer again", "Achetez l’offre de nouveau",
     lambda w: w.of(w.cancelled("suite"), "reactivate")),
    ("cancellation_window_closed", None, "Turn recurring billing off",
     "Désactivez la facturation périodique", lambda w: w.of(a_year(w), "cancel")),
    ("reduction_window_closed", "/quantity", "Schedule the reduction for the renewal",
     "Planifiez la réduction pour le renouvellement", lambda w: w.change(a_year(w), quantity=9)),
)

# (code, file of tests that reaches it, remedy in English, in French): not over HTTP at will
ELSEWHERE = (
    ("usage", "tests/store/test_catalog.c", "--help", "--help"),
    ("store_conflict", "tests/store/test_db_tx.c", "Look again", "Vérifiez"),
    ("store_unavailable", "tests/store/test_db_failures.c", "Repeat the request",
     "Répétez la demande"),
    ("store_full", "tests/store/test_db_failures.c", "Make room", "Libérez de la place"),
    ("store_version", "tests/store/test_db_migrate.c", "Start the version", "Lancez la version"),
    ("internal", "tests/store/test_catalog.c", "give support the number",
     "donnez le numéro de la demande"),
)
# (code, remedies): the program has the sentence, but nothing yet that could refuse so
NOT_YET = (
    ("last_role_holder", "Give it to another person first", "Donnez-le d’abord"),
    ("payment_method_in_use", "Replace it", "Remplacez-le"),
)
