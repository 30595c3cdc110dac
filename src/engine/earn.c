#include "engine/earn.h"

static void earn_post(struct context *cx, struct state *state, const struct account *account,
                      const char *cause, civil_day on, struct money earned)
{
    struct entry *entry =
        ledger_begin(cx, &state->entries, account->id, LEDGER_KIND_REVENUE, cause, on);
    ledger_post(entry, LEDGER_DEFERRED_REVENUE, earned);
    ledger_post(entry, LEDGER_REVENUE, money_negate(earned));
    ledger_end(&state->entries, entry);
}

void earn_issued(struct context *cx, struct state *state, const struct document *document)
{
    struct account *account = state_find_account(state, document->account);
    struct revenue_line_list late = {0};
    for (size_t i = 0; i < document->lines.count; i++) {
        const struct line *line = document->lines.items[i];
        struct revenue_line *earns = ARENA_NEW(cx->arena, struct revenue_line);
        *earns = (struct revenue_line){line->amount, line->from_on, line->to_on, 0};
        list_push(cx->arena, &late, earns);
    }
    if (account->earned_until != DAY_NONE) {
        earn_post(cx, state, account, document->id, state->today,
                  revenue_earned(&late, account->currency, DAY_NONE, account->earned_until));
    }
    bool is_left = account->earned_until == DAY_NONE;
    for (size_t i = 0; i < late.count && !is_left; i++)
        is_left =
            revenue_is_left(late.items[i]->from_on, late.items[i]->to_on, account->earned_until);
    if (account->earn_on != DAY_NONE || !is_left)
        return;
    account->earn_on = revenue_next_month(state->today);
    state_touch_account(cx, state, account);
}

void earn_month(struct context *cx, struct state *state, struct account *account)
{
    civil_day until_on = account->earn_on;
    earn_post(cx, state, account, account->id, until_on - 1,
              revenue_earned(&state->earning, account->currency, account->earned_until, until_on));
    account->earned_until = until_on;
    account->earn_on = DAY_NONE;
    for (size_t i = 0; i < state->earning.count; i++) {
        const struct revenue_line *line = state->earning.items[i];
        if (revenue_is_left(line->from_on, line->to_on, until_on))
            account->earn_on = revenue_next_month(until_on);
    }
    state_touch_account(cx, state, account);
}
