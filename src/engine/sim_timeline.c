#include "engine/sim_timeline.h"

#include <string.h>

#include "base/json.h"

void sim_timeline_begin(struct sim_timeline *timeline, const char *catalog)
{
    struct arena *arena = timeline->arena;
    *timeline = (struct sim_timeline){
        .slot = timeline->slot, .arena = arena, .catalog = arena_copy(arena, catalog)};
}

/* A step under way. */
struct draft {
    struct sim_timeline *timeline;
    const struct subscription_list *held;
    struct json_writer w;
};

static struct draft step_begin(struct sim_timeline *timeline, instant at, const char *what)
{
    struct draft draft = {.timeline = timeline, .w = json_begin(timeline->arena)};
    timeline->last_at = at;
    json_open_object(&draft.w, NULL);
    json_put_instant(&draft.w, "at", at);
    json_put_text(&draft.w, "do", what);
    return draft;
}

static void step_end(struct draft *draft, const char *account)
{
    struct arena *arena = draft->timeline->arena;
    struct sim_timeline_step *step = ARENA_NEW(arena, struct sim_timeline_step);
    json_close_object(&draft->w);
    step->account = account != NULL ? arena_copy(arena, account) : NULL;
    step->json = json_end(&draft->w);
    list_push(arena, &draft->timeline->steps, step);
}

static const struct subscription *find(const struct subscription_list *held, const char *id)
{
    for (size_t i = 0; id != NULL && i < held->count; i++) {
        if (strcmp(held->items[i]->id, id) == 0)
            return held->items[i];
    }
    return NULL;
}

/* Orders ------------------------------------------------------------------------------------- */

static void put_price(struct draft *draft, enum term term, enum billing billing)
{
    if (term != TERM_NONE)
        json_put_text(&draft->w, "term", term_format(term));
    if (billing != BILLING_NONE)
        json_put_text(&draft->w, "billing", billing_format(billing));
}

static void put_line(struct draft *draft, const struct order_request_line *line)
{
    const struct subscription *base = find(draft->held, line->connect_to);
    const struct subscription *end = find(draft->held, line->ends_with);
    json_open_object(&draft->w, NULL);
    json_put_text(&draft->w, "as", line->name);
    json_put_text(&draft->w, "offer", line->offer);
    json_put_integer(&draft->w, "quantity", line->quantity);
    put_price(draft, line->term, line->billing);
    if (line->connect_to != NULL)
        json_put_text(&draft->w, "connect_to", base != NULL ? base->name : line->connect_to);
    if (line->start_on != DAY_NONE)
        json_put_day(&draft->w, "start_on", line->start_on);
    if (end != NULL)
        json_put_text(&draft->w, "ends_with", end->name);
    json_close_object(&draft->w);
}

static void add_order(struct sim_timeline *timeline, instant at, const struct command *command,
                      const struct subscription_list *held)
{
    const struct order_request *order = &command->order;
    const struct order_request_line *first = order->lines;
    struct draft draft = step_begin(timeline, at, first->trial ? "start_trial" : "order");
    draft.held = held;
    if (first->trial) {
        json_put_text(&draft.w, "as", first->name);
        json_put_text(&draft.w, "offer", first->offer);
        put_price(&draft, first->term, first->billing);
    } else {
        json_open_array(&draft.w, "lines");
        for (size_t i = 0; i < order->line_count; i++)
            put_line(&draft, &order->lines[i]);
        json_close_array(&draft.w);
    }
    step_end(&draft, command->account);
}

/* Other commands ----------------------------------------------------------------------------- */

/* What each is called, and which of its members are said. */
enum member { M_NONE, M_QUANTITY = 1, M_ON = 2, M_OFFER = 4, M_BILLING = 8, M_USERS = 16 };
static const struct word {
    enum command_kind kind;
    const char *word;
    unsigned members;
    const char *when;
} WORDS[] = {
    {COMMAND_SET_QUANTITY, "set_quantity", M_QUANTITY, NULL},
    {COMMAND_CANCEL, "cancel", M_NONE, NULL},
    {COMMAND_CANCEL_AT_END, "cancel", M_NONE, "end_of_term"},
    {COMMAND_RECURRING_BILLING, "recurring_billing", M_ON, NULL},
    {COMMAND_REACTIVATE, "reactivate", M_NONE, NULL},
    {COMMAND_DELETE, "delete", M_NONE, NULL},
    {COMMAND_EXTEND_TRIAL, "extend_trial", M_NONE, NULL},
    {COMMAND_BUY_TRIAL, "buy_trial", M_QUANTITY, NULL},
    {COMMAND_CHANGE_PLAN, "change_plan", M_OFFER, NULL},
    {COMMAND_BILLING, "billing", M_BILLING, NULL},
    {COMMAND_SUPPORT_REMOVE, "support_remove", M_NONE, NULL},
    {COMMAND_ASSIGN, "assign", M_USERS, NULL},
    {COMMAND_UNASSIGN, "unassign", M_USERS, NULL},
};

static const struct word *find_word(enum command_kind kind)
{
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        if (WORDS[i].kind == kind)
            return &WORDS[i];
    }
    return NULL;
}

static void put_members(struct draft *draft, const struct word *word, const struct command *command)
{
    struct json_writer *w = &draft->w;
    if (word->members & M_QUANTITY)
        json_put_integer(w, "quantity", command->quantity);
    if (word->members & M_ON)
        json_put_bool(w, "on", command->on);
    if (word->members & M_OFFER)
        json_put_text(w, "offer", command->offer);
    if (word->members & M_BILLING)
        put_price(draft, command->term, command->billing);
    if (word->members & M_USERS) {
        json_open_array(w, "users");
        for (size_t i = 0; i < command->licenses.user_count; i++)
            json_put_text(w, NULL, command->licenses.users[i]);
        json_close_array(w);
    }
    const char *when = command->at_renewal ? "renewal" : word->when;
    if (when != NULL)
        json_put_text(w, "when", when);
}

static void add_named(struct sim_timeline *timeline, instant at, const struct command *command,
                      const struct subscription *sub)
{
    const struct word *word = find_word(command->kind);
    if (word == NULL || sub == NULL) {
        sim_timeline_run(timeline, at);
        return;
    }
    struct draft draft = step_begin(timeline, at, word->word);
    json_put_text(&draft.w, "subscription", sub->name);
    put_members(&draft, word, command);
    step_end(&draft, sub->account);
}

void sim_timeline_command(struct sim_timeline *timeline, instant at, const struct command *command,
                          const struct subscription_list *held)
{
    if (command->kind == COMMAND_ORDER) {
        add_order(timeline, at, command, held);
    } else if (command->kind == COMMAND_PAY) {
        struct draft draft = step_begin(timeline, at, "pay_balance");
        step_end(&draft, command->account);
    } else if (command->kind == COMMAND_ASSIGN || command->kind == COMMAND_UNASSIGN) {
        for (size_t i = 0; i < command->licenses.subscription_count; i++)
            add_named(timeline, at, command, find(held, command->licenses.subscriptions[i]));
    } else {
        add_named(timeline, at, command, find(held, command->subscription));
    }
}

/* Everything else ---------------------------------------------------------------------------- */

void sim_timeline_publish(struct sim_timeline *timeline, instant at, const char *catalog)
{
    struct draft draft = step_begin(timeline, at, "publish");
    json_put_raw(&draft.w, "catalog", catalog);
    step_end(&draft, NULL);
}

void sim_timeline_payments(struct sim_timeline *timeline, instant at, bool fail)
{
    struct draft draft = step_begin(timeline, at, "payments");
    json_put_bool(&draft.w, "fail", fail);
    step_end(&draft, NULL);
}

void sim_timeline_run(struct sim_timeline *timeline, instant at)
{
    struct draft draft = step_begin(timeline, at, "run");
    step_end(&draft, NULL);
}

static void put_account(struct json_writer *w, const struct sim_timeline *timeline,
                        const struct account *account)
{
    bool by_card = false;
    for (size_t i = 0; i < timeline->paid_by_card.count; i++)
        by_card = by_card || strcmp(timeline->paid_by_card.items[i]->id, account->id) == 0;
    json_open_object(w, "account");
    json_put_text(w, "type", account->type == ACCOUNT_CLASSIC ? "classic" : "agreement");
    json_put_text(w, "country", account->country);
    json_put_text(w, "currency", account->currency);
    json_put_text(w, "time_zone", account->time_zone);
    json_put_text(w, "vat_id", account->vat_id);
    json_put_text(w, "tax", "auto");
    json_put_text(w, "payment", by_card ? "card" : "transfer");
    json_close_object(w);
}

const char *sim_timeline_print(struct arena *arena, const struct sim_timeline *timeline,
                               const struct account *account, const bool *kept)
{
    struct json_writer w = json_begin(arena);
    json_open_object(&w, NULL);
    json_put_raw(&w, "catalog", timeline->catalog);
    put_account(&w, timeline, account);
    json_open_array(&w, "timeline");
    for (size_t i = 0; i < timeline->steps.count; i++) {
        const struct sim_timeline_step *step = timeline->steps.items[i];
        bool concerns = step->account == NULL || strcmp(step->account, account->id) == 0;
        if (concerns && (kept == NULL || kept[i]))
            json_put_raw(&w, NULL, step->json);
    }
    json_close_array(&w);
    json_put_day(&w, "until", zone_day(account->time_zone, timeline->last_at));
    json_close_object(&w);
    return json_end(&w);
}
