#include "engine/show_effect_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"

/* One subscription as it is at one time. */
static void put_condition(struct context *cx, struct view *list, const struct state *state,
                          const struct subscription *sub)
{
    const struct offer *offer = state_offer(state, sub);
    struct view *row = view_item(list);
    view_text(row, "name", show_text(cx, offer->name));
    bool lives = sub->status == SUBSCRIPTION_ACTIVE || sub->status == SUBSCRIPTION_TRIAL;
    if (!lives) {
        const char *word = arena_print(cx->arena, "state.%s", show_status_key(sub));
        view_text(row, "text", message_say(cx, word, NULL));
        return;
    }
    const char *what = sub->recurring_billing ? "effect.renews" : "effect.expires";
    view_text(row, "text",
              message_say(cx, "effect.held", "quantity", show_quantity(cx, offer, sub->quantity),
                          "what",
                          message_say(cx, what, "date",
                                      locale_day(cx->arena, cx->language, sub->term_end), NULL),
                          NULL));
    const struct price *price = offer_find_price(offer, sub->currency, sub->term, sub->billing);
    if (price != NULL)
        show_price(cx, row, price_whole_period(price, sub->quantity), sub->term, sub->billing);
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
        if (i < run->decision.before_count)
            put_condition(cx, before, state, &run->decision.before[i]);
        put_condition(cx, after, state, sub);
    }
    view_bool(effect, "has_columns", view_is_true(after));
    view_text(effect, "from", message_say(cx, "effect.from_today", NULL));
}

static void put_today(struct context *cx, struct view *effect, const struct engine_run *run)
{
    const struct document *document = run->decision.document;
    struct money zero = money_zero(run->state->account->currency);
    struct money total = document != NULL ? document->total : zero;
    struct view *today = view_child(effect, "today");
    bool is_credit = money_sign(total) < 0;
    struct money shown = is_credit ? money_subtract(zero, total) : total;
    view_text(today, "label", message_say(cx, is_credit ? "effect.credited" : "effect.due", NULL));
    view_text(today, "amount", locale_money(cx->arena, cx->language, shown));
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
}

enum err show_effect(struct context *cx, struct view *view, const struct engine_run *run)
{
    struct view *effect = view_child(view, "effect");
    view_text(effect, "review", run->ret_token);
    put_columns(cx, effect, run);
    put_today(cx, effect, run);
    put_later(cx, effect, run);
    return OK;
}
