#include "engine/show_effect_page.h"

#include <string.h>

#include "base/locale.h"
#include "base/message.h"
#include "engine/decision_json.h"
#include "engine/family_change.h"
#include "engine/renew.h"
#include "engine/renewal.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "engine/show_people_page.h"

/* ── Before and after ─────────────────────────────────────────────────────────────────── */

static struct view *put_row(struct context *cx, struct view *list, const struct offer *offer,
                            const char *text)
{
    struct view *row = view_item(list);
    view_text(row, "name", show_text(cx, offer->name));
    view_text(row, "text", text);
    return row;
}

static const char *say_held(struct context *cx, const struct offer *offer, int64_t quantity,
                            bool renews, civil_day end_on)
{
    const char *what = message_say(cx, renews ? "effect.renews" : "effect.expires", "date",
                                   locale_day(cx->arena, cx->language, end_on), NULL);
    return message_say(cx, "effect.held", "quantity", show_quantity(cx, offer, quantity), "what",
                       what, NULL);
}

static void put_price(struct context *cx, struct view *row, const struct offer *offer,
                      const struct subscription *sub)
{
    const struct price *price = offer_find_price(offer, sub->currency, sub->term, sub->billing);
    if (price != NULL)
        show_price(cx, row, price_whole_period(price, sub->quantity), sub->term, sub->billing);
}

static const char *say_method(struct context *cx, const struct state *state, const char *id)
{
    const struct payment_method *method = id != NULL ? state_find_method(state, id) : NULL;
    return method != NULL ? show_method(cx, method) : message_say(cx, "checkout.transfer", NULL);
}

/* What is the matter with it besides. */
static const char *say_flags(struct context *cx, const struct subscription *sub, const char *text)
{
    if (subscription_is_past_due(sub))
        text = arena_print(cx->arena, "%s · %s", text, message_say(cx, "effect.past_due", NULL));
    if (sub->requirement_lost)
        text = arena_print(cx->arena, "%s · %s", text, message_say(cx, "effect.lost", NULL));
    return text;
}

/* One subscription as it is at one time; what pays when `says_method`. */
static void put_condition(struct context *cx, struct view *list, const struct state *state,
                          const struct subscription *sub, bool says_method)
{
    const struct offer *offer = state_offer(state, sub);
    bool lives = sub->status == SUBSCRIPTION_ACTIVE || sub->status == SUBSCRIPTION_TRIAL ||
                 sub->status == SUBSCRIPTION_SCHEDULED;
    if (!lives) {
        const char *word = arena_print(cx->arena, "state.%s", show_status_key(sub));
        put_row(cx, list, offer, message_say(cx, word, NULL));
        return;
    }
    const char *text =
        sub->status == SUBSCRIPTION_TRIAL
            ? message_say(cx, "effect.trial", "quantity", show_quantity(cx, offer, sub->quantity),
                          "date", locale_day(cx->arena, cx->language, sub->trial_end), NULL)
            : say_held(cx, offer, sub->quantity, sub->recurring_billing, sub->term_end);
    struct view *row = put_row(cx, list, offer, say_flags(cx, sub, text));
    if (sub->status != SUBSCRIPTION_TRIAL)
        put_price(cx, row, offer, sub);
    if (says_method)
        view_text(row, "method", say_method(cx, state, sub->payment_method));
}

static bool has_other_method(const struct subscription *sub, const struct subscription *before)
{
    const char *now = sub->payment_method ? sub->payment_method : "";
    return strcmp(now, before->payment_method ? before->payment_method : "") != 0;
}

/* The change that this decision scheduled, or NULL. */
static const struct scheduled_change *find_scheduled(const struct state *state)
{
    for (size_t i = 0; i < state->schedules.count; i++) {
        if (state->schedules.items[i]->row == ROW_NEW)
            return state->schedules.items[i];
    }
    return NULL;
}

/* Families that the decision touched, whole: what goes along is seen by name. */
static void put_columns(struct context *cx, struct view *effect, const struct engine_run *run)
{
    const struct state *state = run->state;
    struct view *before = view_list(effect, "before");
    struct view *after = view_list(effect, "after");
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        const struct subscription *sub = state->subscriptions.items[i];
        if (!state_was_changed(sub) || sub->row == ROW_REMOVED)
            continue;
        const struct subscription *was =
            i < run->decision.before_count ? &run->decision.before[i] : NULL;
        bool says_method = was != NULL && has_other_method(sub, was);
        if (was != NULL)
            put_condition(cx, before, state, was, says_method);
        put_condition(cx, after, state, sub, says_method);
    }
    view_bool(effect, "has_columns", view_is_true(after));
    view_text(effect, "from", message_say(cx, "effect.from_today", NULL));
}

/* The family of what was scheduled: as it is, and as it is planned from its renewal on. */
static void put_planned_columns(struct context *cx, struct view *effect, const struct state *state,
                                struct subscription *family)
{
    const struct renewal renewal = renewal_plan(cx, state, family);
    struct view *before = view_list(effect, "before");
    struct view *after = view_list(effect, "after");
    for (size_t i = 0; i < renewal.change.count; i++) {
        const struct family_member *member = &renewal.change.members[i];
        const struct offer *offer =
            catalog_find_offer(state_catalog(state, member->catalog), member->offer);
        put_condition(cx, before, state, member->sub, false);
        if (member->fate == FATE_DROPPED) {
            put_row(cx, after, offer, message_say(cx, "effect.dropped", NULL));
            continue;
        }
        struct subscription then = *member->sub;
        family_apply(&then, member);
        then.quantity = renewal.quantities[i];
        subscription_move_on(&then, renewal.end.on, renewal.end.anchor_on);
        struct view *row =
            put_row(cx, after, offer, say_held(cx, offer, then.quantity, true, then.term_end));
        show_price(cx, row, renewal_amount(state, &renewal, i), then.term, then.billing);
    }
    view_bool(effect, "has_columns", true);
    view_text(effect, "from",
              message_say(cx, "effect.from", "date",
                          locale_day(cx->arena, cx->language, family->term_end), NULL));
}

/* ── Money of today ───────────────────────────────────────────────────────────────────── */

/* What goes back on request, without any document. */
static struct money refunded(const struct engine_run *run, struct money sum)
{
    for (size_t i = 0; i < run->state->refunds.count; i++)
        if (run->state->refunds.items[i]->row == ROW_NEW)
            sum = money_add(sum, run->state->refunds.items[i]->amount);
    return sum;
}

/* What is charged: the document, and what Pay balance asks for. */
static struct money asked(const struct engine_run *run, struct money sum)
{
    const struct document *document = run->decision.document;
    if (document != NULL)
        sum = money_add(sum, document->total);
    for (size_t i = 0; i < run->decision.payments.count; i++)
        sum = money_add(sum, run->decision.payments.items[i]->amount);
    return sum;
}

static void put_today(struct context *cx, struct view *effect, const struct engine_run *run)
{
    const struct document *document = run->decision.document;
    struct money zero = money_zero(run->state->account->currency);
    struct money total = asked(run, zero);
    struct money back = document == NULL ? refunded(run, zero) : zero;
    struct view *today = view_child(effect, "today");
    bool is_credit = money_sign(total) < 0;
    struct money shown = is_credit ? money_subtract(zero, total) : total;
    const char *key = money_sign(back) > 0 ? "effect.sent_back"
                      : is_credit          ? "effect.credited"
                                           : "effect.due";
    view_text(today, "label", message_say(cx, key, NULL));
    view_text(today, "amount",
              locale_money(cx->arena, cx->language, money_sign(back) > 0 ? back : shown));
    if (document == NULL)
        return;
    struct money tax = is_credit ? money_subtract(zero, document->tax) : document->tax;
    if (money_sign(tax) != 0)
        view_text(today, "tax",
                  message_say(cx, "effect.tax", "amount",
                              locale_money(cx->arena, cx->language, tax), NULL));
    struct view *arithmetic = view_list(effect, "arithmetic");
    for (size_t i = 0; i < document->lines.count; i++) {
        const struct line *line = document->lines.items[i];
        const struct subscription *sub = state_find_subscription(run->state, line->subscription);
        view_text(view_item(arithmetic), "text",
                  show_arithmetic(cx, state_offer(run->state, sub), line));
    }
}

/* ── What comes next ──────────────────────────────────────────────────────────────────── */

/* The renewal of a family, where it is not the next charge already. */
static void put_renewal(struct context *cx, struct view *later, const struct state *state,
                        struct subscription *family)
{
    struct money sum = money_zero(family->currency);
    const char *date = locale_day(cx->arena, cx->language, family->term_end);
    if (!renew_is_wanted(state, family)) {
        view_text(view_item(later), "text",
                  message_say(cx, "effect.no_renewal", "date", date, NULL));
        return;
    }
    if (family->period_end >= family->term_end)
        return;
    const struct renewal renewal = renewal_plan(cx, state, family);
    for (size_t i = 0; i < renewal.change.count; i++)
        sum = money_add(sum, renewal_amount(state, &renewal, i));
    view_text(view_item(later), "text",
              message_say(cx, "effect.renewal", "date", date, "amount",
                          locale_money(cx->arena, cx->language, sum), NULL));
}

static void put_renewals(struct context *cx, struct view *later, const struct state *state)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *family = state->subscriptions.items[i];
        if (family->parent == NULL && family->status == SUBSCRIPTION_ACTIVE &&
            family->row != ROW_REMOVED && decision_touches(state, family))
            put_renewal(cx, later, state, family);
    }
}

static void put_later(struct context *cx, struct view *effect, const struct engine_run *run)
{
    struct view *found = view_object(cx->arena);
    show_later(cx, found, run->state);
    const struct view *rows = view_find(found, "later", strlen("later"));
    struct view *later = view_list(effect, "later");
    for (const struct view_member *row = rows->first; row != NULL; row = row->next) {
        const char *amount = view_say(view_find(row->value, "amount", 6), cx->arena);
        const char *text = view_say(view_find(row->value, "text", 4), cx->arena);
        view_text(view_item(later), "text",
                  message_say(cx, "effect.then", "amount", amount, "text", text, NULL));
    }
    put_renewals(cx, later, run->state);
}

/* ── People, and invoices ─────────────────────────────────────────────────────────────── */

/* Who has a licence of what is changed, by name: whether they keep it. */
static enum err put_people(struct context *cx, struct view *told, const struct state *state,
                           const struct subscription *was, const struct subscription *sub)
{
    const char *text = NULL, *name = show_text(cx, state_offer(state, sub)->name);
    if (was->assigned == 0 || !subscription_is_working(was))
        return OK;
    if (!subscription_is_working(sub))
        TRY(show_holders(cx, sub, name, "effect.people_lose", &text));
    else if (sub->quantity < was->assigned)
        TRY(show_too_many(cx, sub, sub->quantity, name, "effect.people_over", &text));
    else if (strcmp(sub->offer, was->offer) != 0)
        TRY(show_holders(cx, sub, name, "effect.people_move", &text));
    if (text != NULL)
        view_text(view_item(told), "text", text);
    return OK;
}

/* Whose licences are too many from the renewal on, by a quantity that waits for it. */
static enum err put_people_later(struct context *cx, struct view *told, const struct state *state,
                                 const struct scheduled_change *scheduled)
{
    const char *text;
    if (scheduled == NULL || scheduled->kind != SCHEDULE_QUANTITY)
        return OK;
    const struct subscription *sub = state_find_subscription(state, scheduled->subscription);
    const char *name = show_text(cx, state_offer(state, sub)->name);
    TRY(show_too_many(cx, sub, scheduled->quantity, name, "effect.people_over", &text));
    if (text != NULL)
        view_text(view_item(told), "text", text);
    return OK;
}

/* Where money goes back to. */
static void put_refund(struct context *cx, struct view *told, const struct state *state,
                       const struct refund *refund)
{
    const struct payment *payment = state_find_payment(state, refund->payment);
    if (refund->row != ROW_NEW)
        return;
    civil_day paid_on = zone_day(state->account->time_zone, payment->created_at);
    view_text(view_item(told), "text",
              message_say(cx, "effect.refund", "amount",
                          locale_money(cx->arena, cx->language, refund->amount), "method",
                          say_method(cx, state, payment->method), "date",
                          locale_day(cx->arena, cx->language, paid_on), NULL));
}

/* A document besides the one of the change: of what comes back, or of another account. */
static void put_elsewhere(struct context *cx, struct view *told, const struct state *state,
                          const struct document *document)
{
    bool is_own = strcmp(document->account, state->account->id) == 0;
    bool is_credit = money_sign(document->total) < 0;
    struct money amount = is_credit ? money_negate(document->total) : document->total;
    if (money_is_zero(amount))
        return;
    view_text(view_item(told), "text",
              message_say(cx,
                          is_own      ? "effect.besides"
                          : is_credit ? "effect.elsewhere_credit"
                                      : "effect.elsewhere",
                          "amount", locale_money(cx->arena, cx->language, amount), "account",
                          state_find_account(state, document->account)->name, NULL));
}

static enum err put_told(struct context *cx, struct view *effect, const struct engine_run *run)
{
    const struct state *state = run->state;
    struct view *told = view_list(effect, "told");
    for (size_t i = 0; i < run->decision.before_count; i++) {
        const struct subscription *sub = state->subscriptions.items[i];
        if (state_was_changed(sub))
            TRY(put_people(cx, told, state, &run->decision.before[i], sub));
    }
    TRY(put_people_later(cx, told, state, find_scheduled(state)));
    for (size_t i = 0; i < run->decision.elsewhere.count; i++)
        put_elsewhere(cx, told, state, run->decision.elsewhere.items[i]);
    for (size_t i = 0; i < state->refunds.count; i++)
        put_refund(cx, told, state, state->refunds.items[i]);
    for (size_t i = 0; i < run->decision.moved.count; i++) {
        const struct document *invoice = run->decision.moved.items[i];
        bool is_retried = invoice->first_failed_at != INSTANT_NONE && !invoice->given_up;
        view_text(view_item(told), "text",
                  message_say(cx, is_retried ? "effect.retried" : "effect.moved", "amount",
                              locale_money(cx->arena, cx->language, invoice->unpaid), "date",
                              locale_day(cx->arena, cx->language, invoice->issued_on), "method",
                              say_method(cx, state, invoice->payment_method), NULL));
    }
    return OK;
}

enum err show_effect(struct context *cx, struct view *view, const struct engine_run *run)
{
    struct view *effect = view_child(view, "effect");
    view_text(effect, "review", run->ret_token);
    const struct scheduled_change *scheduled = find_scheduled(run->state);
    struct subscription *planned =
        scheduled != NULL ? state_find_subscription(run->state, scheduled->subscription) : NULL;
    if (planned != NULL)
        put_planned_columns(cx, effect, run->state, state_family(run->state, planned));
    else
        put_columns(cx, effect, run);
    TRY(put_told(cx, effect, run));
    put_today(cx, effect, run);
    put_later(cx, effect, run);
    return OK;
}
