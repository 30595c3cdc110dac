#include "subscription/end_page.h"

#include "base/limits.h"
#include "base/locale.h"
#include "base/message.h"
#include "base/text.h"
#include "engine/pane_page.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "engine/window.h"
#include "html/field.h"
#include "subscription/cancellation.h"

/* ── What goes with it ────────────────────────────────────────────────────────────────── */

/* Each member of the family by name, with its quantity and the people who have a licence of it. */
static void put_family(struct context *cx, const struct pane *pane, const struct state *state)
{
    struct view *items = view_of_list(cx->arena);
    struct subscription *family = state_find_subscription(state, pane->sub->id);
    for (size_t i = 0; family != NULL && i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        bool goes = state_family(state, sub) == family && sub->status == family->status;
        if (!goes || (sub == family && sub->assigned == 0))
            continue;
        const struct offer *offer = state_offer(state, sub);
        struct view *item = view_item(items);
        view_text(item, "name", show_text(cx, offer->name));
        const char *quantity = show_quantity(cx, offer, sub->quantity);
        const char *people = message_count(cx, "pane.people", sub->assigned, NULL);
        view_text(item, "detail",
                  sub->assigned > 0 ? arena_print(cx->arena, "%s · %s", quantity, people)
                                    : quantity);
    }
    if (!view_is_true(items))
        return;
    struct view *along = view_child(pane->view, "along");
    view_text(along, "title", message_say(cx, "pane.goes_with_it", NULL));
    view_put(along, "items", items);
}

/* ── Cancel ───────────────────────────────────────────────────────────────────────────── */

/* Until when money comes back, on an agreement account (rules §4, Cancel now). */
static void put_window(struct context *cx, const struct pane *pane, const struct state *state)
{
    const struct subscription *sub = pane->sub;
    if (state->account->type != ACCOUNT_AGREEMENT || sub->status != SUBSCRIPTION_ACTIVE)
        return;
    instant until = window_end(state, sub);
    const char *key = cx->now < until ? "pane.refund_until" : "pane.refund_over";
    const char *moment = locale_moment(cx->arena, cx->language, state->account->time_zone, until);
    view_text(view_child(pane->view, "note"), "text", message_say(cx, key, "moment", moment, NULL));
}

/* A trial goes on to its end whatever is asked, and what has not begun never does. */
static void put_end(struct context *cx, struct pane *pane, const struct state *state)
{
    const struct subscription *sub = pane->sub;
    /* What is too late to be cancelled now is offered the end of its term first. */
    bool is_late = state->account->type == ACCOUNT_AGREEMENT && cx->now >= window_end(state, sub);
    bool at_end = pane_value(pane, "when") == NULL ? is_late : pane_says(pane, "when", "end");
    const char *end = locale_day(cx->arena, cx->language, sub->term_end);
    pane->command.kind = at_end ? COMMAND_CANCEL_AT_END : COMMAND_CANCEL;
    if (sub->status == SUBSCRIPTION_TRIAL || sub->status == SUBSCRIPTION_SCHEDULED) {
        bool is_trial = sub->status == SUBSCRIPTION_TRIAL;
        view_text(pane->view, "intro",
                  message_say(cx, is_trial ? "pane.cancel_trial" : "pane.cancel_scheduled", "date",
                              is_trial ? end : locale_day(cx->arena, cx->language, sub->start_on),
                              NULL));
        return;
    }
    struct view *radio = field_radio(pane->fields, "when");
    view_text(radio, "label", message_say(cx, "pane.when", NULL));
    view_bool(radio, "live", true);
    field_option(radio, "now", message_say(cx, "pane.cancel_now", NULL), !at_end);
    field_option(radio, "end", message_say(cx, "pane.cancel_at_end", "date", end, NULL), at_end);
}

/* Why, which nobody has to say. */
static void put_reason(struct context *cx, struct pane *pane)
{
    const char *said = pane_value(pane, "reason");
    const char *feedback = pane_value(pane, "feedback");
    struct view *select = field_select(pane->fields, "reason");
    view_text(select, "label", message_say(cx, "pane.reason", NULL));
    field_option(select, "", message_say(cx, "pane.no_reason", NULL), said == NULL);
    for (enum cancel_reason reason = CANCEL_REASON_FIRST; reason < CANCEL_REASON_COUNT; reason++) {
        const char *word = cancel_reason_format(reason);
        bool is_said = said != NULL && strcmp(said, word) == 0;
        field_option(select, word, message_say(cx, arena_print(cx->arena, "cancel.%s", word), NULL),
                     is_said);
        if (is_said)
            pane->command.cancel_reason = reason;
    }
    struct view *area = field_area(pane->fields, "feedback", feedback != NULL ? feedback : "");
    view_text(area, "label", message_say(cx, "pane.feedback", NULL));
    view_bool(area, "optional", true);
    pane->command.feedback = feedback;
    if (feedback == NULL || text_is_prose(feedback, TEXT_MAX))
        return;
    pane->error = message_count(cx, "pane.feedback_long", TEXT_MAX, NULL);
    field_error(area, pane->error);
}

enum err end_page_cancel(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct pane pane;
    struct state *state;
    TRY(pane_begin(cx, request, "pane.cancel_title", &pane));
    if (pane_is_refused(cx, reply, &pane, ACTION_CANCEL))
        return OK;
    TRY(pane_load_state(cx, &pane, &state));
    pane.command.subscription = pane.sub->id;
    pane.has_command = true;
    pane.is_dangerous = true;
    pane.button = "pane.cancel";
    put_end(cx, &pane, state);
    put_reason(cx, &pane);
    put_family(cx, &pane, state);
    put_window(cx, &pane, state);
    return pane_answer(cx, reply, &pane);
}

/* ── Delete ───────────────────────────────────────────────────────────────────────────── */

enum err end_page_delete(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct pane pane;
    struct state *state;
    TRY(pane_begin(cx, request, "pane.delete_title", &pane));
    if (pane_is_refused(cx, reply, &pane, ACTION_DELETE))
        return OK;
    TRY(pane_load_state(cx, &pane, &state));
    pane.command = (struct command){.kind = COMMAND_DELETE, .subscription = pane.sub->id};
    pane.has_command = true;
    pane.is_dangerous = true;
    pane.button = "pane.delete";
    view_text(pane.view, "intro", message_say(cx, "pane.delete_intro", NULL));
    put_family(cx, &pane, state);
    return pane_answer(cx, reply, &pane);
}
