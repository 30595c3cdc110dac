#include "subscription/plan_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "customer/permissions.h"
#include "engine/family_change.h"
#include "engine/pane_page.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "html/field.h"

/* ── What can be chosen ───────────────────────────────────────────────────────────────── */

/* "standard_P1Y_monthly": an offer with its term and billing. */
static const char *choice_format(struct context *cx, const struct offer *offer,
                                 const struct price *price)
{
    return arena_print(cx->arena, "%s_%s_%s", offer->id, term_format(price->term),
                       billing_format(price->billing));
}

/* Off with its reason when it cannot be chosen now. */
static void judge_option(struct context *cx, const struct pane *pane, const struct state *state,
                         struct view *option, const struct family_wish *wish)
{
    struct family_change ignored;
    struct subscription *sub = state_find_subscription(state, pane->sub->id);
    enum err err = family_judge(cx, state, sub, wish, sub->quantity, &ignored);
    view_bool(option, "off", err != OK);
    if (err == OK)
        return;
    view_text(option, "why", show_fault(cx));
    pane_put_way(cx, option, err, pane->sub);
}

static void put_option_price(struct context *cx, const struct pane *pane, struct view *option,
                             const struct price *price)
{
    show_price(cx, option, price_whole_period(price, pane->sub->quantity), price->term,
               price->billing);
}

static bool is_present(const struct subscription *sub, const struct price *price)
{
    return price->term == sub->term && price->billing == sub->billing;
}

/* Notes in the command what an option asks for. */
static void choose(struct pane *pane, const struct offer *offer, const struct price *price,
                   bool with_billing)
{
    pane->has_command = true;
    pane->command.offer = offer->id;
    pane->command.term = with_billing ? price->term : TERM_NONE;
    pane->command.billing = with_billing ? price->billing : BILLING_NONE;
}

/* Nothing is chosen yet: that is said when it is sent. */
static void ask_to_choose(struct context *cx, struct pane *pane)
{
    if (pane->form == NULL || pane->has_command)
        return;
    pane->error = message_say(cx, "pane.choose_one", NULL);
    field_error(pane->asked, pane->error);
}

/* ── Plan ─────────────────────────────────────────────────────────────────────────────── */

/* A classic account keeps term and billing; on an agreement account both may change with the plan
 * (rules §8). */
static void put_plans_of(struct context *cx, struct pane *pane, const struct state *state,
                         const struct offer *offer)
{
    bool is_agreement = state->account->type == ACCOUNT_AGREEMENT;
    for (size_t i = 0; i < offer->price_count; i++) {
        const struct price *price = &offer->prices[i];
        if (strcmp(price->currency, pane->sub->currency) != 0 ||
            (!is_agreement && !is_present(pane->sub, price)))
            continue;
        const char *value = choice_format(cx, offer, price);
        const char *plan = arena_print(cx->arena, "plan.%s_%s", term_format(price->term),
                                       billing_format(price->billing));
        bool is_chosen = pane_says(pane, "plan", value);
        struct view *option =
            field_option(pane->asked, value,
                         message_say(cx, "pane.plan_option", "plan", show_text(cx, offer->name),
                                     "billing", message_say(cx, plan, NULL), NULL),
                         is_chosen);
        put_option_price(cx, pane, option, price);
        const struct family_wish wish = {
            .offer = offer->id,
            .term = is_agreement ? price->term : TERM_NONE,
            .billing = is_agreement ? price->billing : BILLING_NONE,
        };
        judge_option(cx, pane, state, option, &wish);
        if (is_chosen)
            choose(pane, offer, price, is_agreement);
    }
}

/* Those of `change_to`, by the version on sale (ADR 0004). */
static enum err put_plans(struct context *cx, struct pane *pane, const struct state *state)
{
    const struct offer *own;
    TRY(pane_find_offer(cx, pane->sub, &own));
    const struct offer *on_sale = catalog_find_offer(state->current, own->id);
    const struct offer_ids *targets = on_sale != NULL ? &on_sale->change_to : &own->change_to;
    pane->asked = field_radio(pane->fields, "plan");
    view_text(pane->asked, "label", message_say(cx, "pane.plan", NULL));
    view_bool(pane->asked, "live", true);
    for (size_t i = 0; i < targets->count; i++) {
        const struct offer *offer = catalog_find_offer(state->current, targets->items[i]);
        if (offer != NULL)
            put_plans_of(cx, pane, state, offer);
    }
    return OK;
}

/* The add-ons that go along, and those that the new plan makes needless, by name. */
static void put_fates(struct context *cx, const struct pane *pane)
{
    const struct family_change *change = pane->has_effect ? pane->run.decision.plan : NULL;
    if (change == NULL || change->count < 2)
        return;
    const struct state *state = pane->run.state;
    struct view *along = view_child(pane->view, "along");
    view_text(along, "title", message_say(cx, "pane.plan_addons", NULL));
    struct view *items = view_list(along, "items");
    for (size_t i = 1; i < change->count; i++) {
        const struct family_member *member = &change->members[i];
        const struct offer *offer =
            catalog_find_offer(state_catalog(state, member->catalog), member->offer);
        struct view *item = view_item(items);
        view_text(item, "name", show_text(cx, offer->name));
        view_text(
            item, "detail",
            message_say(cx, member->fate == FATE_DROPPED ? "pane.dropped" : "pane.carried", NULL));
    }
}

enum err plan_page_plan(struct context *cx, const struct http_request *request,
                        struct http_reply *reply)
{
    struct pane pane;
    struct state *state;
    bool is_done;
    TRY(pane_begin(cx, request, "pane.plan_title", &pane));
    if (pane_is_refused(cx, reply, &pane, ACTION_CHANGE_PLAN))
        return OK;
    TRY(pane_load_state(cx, &pane, &state));
    pane.command = (struct command){.kind = COMMAND_CHANGE_PLAN, .subscription = pane.sub->id};
    TRY(put_plans(cx, &pane, state));
    if (!view_is_true(view_find(pane.asked, "options", strlen("options")))) {
        pane_say_only(cx, reply, &pane, message_say(cx, "pane.no_plans", NULL));
        return OK;
    }
    pane.command.at_renewal = pane_put_when(cx, &pane, NULL);
    ask_to_choose(cx, &pane);
    TRY(pane_decide(cx, reply, &pane, &is_done));
    if (is_done)
        return OK;
    put_fates(cx, &pane);
    pane_reply(cx, reply, &pane);
    return OK;
}

/* ── Billing frequency ────────────────────────────────────────────────────────────────── */

const char *plan_page_why_not(struct context *cx, const struct account *account)
{
    if (account->type == ACCOUNT_AGREEMENT || actor_may(cx, PERM_BILLING_FREQUENCY))
        return NULL;
    return message_say(cx, "role.why", "who", show_who(cx, PERM_BILLING_FREQUENCY), NULL);
}

/* Every price of the offer on sale; the present one stands there too. */
static void put_frequencies(struct context *cx, struct pane *pane, const struct state *state,
                            const struct offer *offer)
{
    const char *said = pane_value(pane, "plan");
    pane->asked = field_radio(pane->fields, "plan");
    view_text(pane->asked, "label", message_say(cx, "pane.frequency", NULL));
    view_bool(pane->asked, "live", true);
    for (size_t i = 0; offer != NULL && i < offer->price_count; i++) {
        const struct price *price = &offer->prices[i];
        if (strcmp(price->currency, pane->sub->currency) != 0)
            continue;
        const char *value = choice_format(cx, offer, price);
        const char *plan = arena_print(cx->arena, "plan.%s_%s", term_format(price->term),
                                       billing_format(price->billing));
        bool is_own = is_present(pane->sub, price);
        bool is_chosen = said != NULL ? strcmp(said, value) == 0 : is_own;
        struct view *option =
            field_option(pane->asked, value, message_say(cx, plan, NULL), is_chosen);
        put_option_price(cx, pane, option, price);
        view_text(option, "detail", is_own ? message_say(cx, "pane.present", NULL) : NULL);
        const struct family_wish wish = {.term = price->term, .billing = price->billing};
        if (!is_own)
            judge_option(cx, pane, state, option, &wish);
        if (is_chosen && !is_own)
            choose(pane, offer, price, true);
    }
    pane->command.offer = NULL;
}

enum err plan_page_frequency(struct context *cx, const struct http_request *request,
                             struct http_reply *reply)
{
    struct pane pane;
    struct state *state;
    TRY(pane_begin(cx, request, "pane.frequency_title", &pane));
    TRY(pane_load_state(cx, &pane, &state));
    if (plan_page_why_not(cx, state->account) != NULL)
        return fault(cx, ERR_FORBIDDEN, "who", show_who(cx, PERM_BILLING_FREQUENCY), NULL);
    if (pane_is_refused(cx, reply, &pane, ACTION_BILLING))
        return OK;
    pane.command = (struct command){.kind = COMMAND_BILLING, .subscription = pane.sub->id};
    put_frequencies(cx, &pane, state, catalog_find_offer(state->current, pane.sub->offer));
    bool is_agreement = state->account->type == ACCOUNT_AGREEMENT;
    pane.command.at_renewal = pane_put_when(
        cx, &pane, is_agreement ? message_say(cx, "pane.frequency_agreement", NULL) : NULL);
    return pane_answer(cx, reply, &pane);
}
