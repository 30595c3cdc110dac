#include "subscription/trial_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "engine/decide_parts.h"
#include "engine/pane_page.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "html/field.h"

/* What will pay; it can be replaced before. */
static void put_payer(struct context *cx, const struct pane *pane, const struct state *state)
{
    const char *id =
        pane->sub->payment_method ? pane->sub->payment_method : state->account->default_method;
    const struct payment_method *method = id != NULL ? state_find_method(state, id) : NULL;
    struct view *note = view_child(pane->view, "note");
    view_text(note, "text",
              message_say(cx, "pane.paid_with", "method",
                          method != NULL ? show_method(cx, method)
                                         : message_say(cx, "checkout.transfer", NULL),
                          NULL));
    struct view *way = view_child(note, "way");
    view_print(way, "href", "/billing/products/%s/method", pane->sub->id);
    view_text(way, "label", message_say(cx, "pane.way_method", NULL));
}

enum err trial_page_buy(struct context *cx, const struct http_request *request,
                        struct http_reply *reply)
{
    struct pane pane;
    struct state *state;
    TRY(pane_begin(cx, request, "pane.trial_title", &pane));
    bool is_trial = subscription_is_trial(pane.sub);
    if (pane_is_refused(cx, reply, &pane, ACTION_BUY_TRIAL))
        return OK;
    if (!is_trial) {
        pane_say_only(cx, reply, &pane, message_say(cx, "pane.no_trial", NULL));
        return OK;
    }
    TRY(pane_load_state(cx, &pane, &state));
    TRY(pane_put_quantity(cx, &pane, pane.sub, trial_quantity(state, pane.sub)));
    pane.command.kind = COMMAND_BUY_TRIAL;
    pane.has_command = pane.error == NULL;
    pane.button = "pane.buy_trial";
    put_payer(cx, &pane, state);
    return pane_answer(cx, reply, &pane);
}

const char *trial_page_why_not(struct context *cx, const struct subscription *sub, int64_t days,
                               civil_day today)
{
    if (sub->status != SUBSCRIPTION_TRIAL)
        return message_say(cx, "pane.trial_over", NULL);
    if (sub->trial_end > sub->start_on + (civil_day)days)
        return message_say(cx, "pane.trial_extended", NULL);
    if (sub->trial_end - today > TRIAL_EXTEND_DAYS_MAX)
        return message_say(
            cx, "pane.trial_early", "date",
            locale_day(cx->arena, cx->language, sub->trial_end - TRIAL_EXTEND_DAYS_MAX), NULL);
    return NULL;
}

enum err trial_page_extend(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct pane pane;
    struct state *state;
    const struct offer *offer;
    TRY(pane_begin(cx, request, "pane.extend_title", &pane));
    TRY(pane_load_state(cx, &pane, &state));
    TRY(pane_find_offer(cx, pane.sub, &offer));
    const char *why = trial_page_why_not(cx, pane.sub, offer->trial_days, state->today);
    if (why != NULL) {
        pane_say_only(cx, reply, &pane, why);
        return OK;
    }
    pane.command = (struct command){.kind = COMMAND_EXTEND_TRIAL, .subscription = pane.sub->id};
    pane.has_command = true;
    pane.button = "pane.extend_trial";
    view_text(pane.view, "intro", message_count(cx, "pane.extend_intro", offer->trial_days, NULL));
    return pane_answer(cx, reply, &pane);
}
