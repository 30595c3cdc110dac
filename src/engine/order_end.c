/* A first term that ends with something else (rules §4, Coterminous). */
#include <string.h>

#include "engine/decide_parts.h"

/* "2026-06" gives the first day after the month. */
static bool parse_month(const char *text, civil_day *ret_after)
{
    char first[DAY_TEXT_SIZE];
    civil_day day;
    if (strlen(text) != strlen("2026-06"))
        return false;
    memcpy(first, text, strlen("2026-06"));
    memcpy(first + strlen("2026-06"), "-01", sizeof "-01");
    if (!day_parse(first, &day))
        return false;
    *ret_after = period_add_months(day, 1);
    return true;
}

static enum err refuse_end(struct context *cx, size_t index)
{
    return fault(cx, ERR_TERM_END_DATE_INVALID, "param",
                 arena_print(cx->arena, "/lines/%zu/ends_with", index), NULL);
}

/* The end of another subscription of the account, which stands for its billing profile. */
static enum err find_other_end(struct context *cx, const struct state *state,
                               struct order_draft *draft, size_t index)
{
    const struct subscription *other = state_find_subscription(state, draft->request->ends_with);
    if (other == NULL || other->status == SUBSCRIPTION_PLANNED) {
        return fault(cx, ERR_NOT_FOUND, "param",
                     arena_print(cx->arena, "/lines/%zu/ends_with", index), NULL);
    }
    bool has_term = other->status == SUBSCRIPTION_ACTIVE || other->status == SUBSCRIPTION_SCHEDULED;
    if (!has_term || strcmp(other->account, state->account->id) != 0)
        return refuse_end(cx, index);
    draft->ends_on = other->term_end;
    draft->anchor_on = other->anchor_on;
    return OK;
}

enum err order_find_end(struct context *cx, const struct state *state, struct order_draft *draft,
                        size_t index)
{
    const char *named = draft->request->ends_with;
    if (named == NULL)
        return OK;
    if (state->account->type == ACCOUNT_CLASSIC || draft->request->trial) {
        return fault(cx, ERR_INVALID, "param",
                     arena_print(cx->arena, "/lines/%zu/ends_with", index), "value",
                     "is for what is bought on an agreement account, not for trials", NULL);
    }
    if (parse_month(named, &draft->ends_on))
        draft->anchor_on = draft->ends_on;
    else
        TRY(find_other_end(cx, state, draft, index));
    /* "later than one term from today"; the first term is shortened, never longer. */
    civil_day latest = period_add_months(draft->start_on, term_months(draft->term));
    if (draft->ends_on <= draft->start_on || draft->ends_on > latest)
        return refuse_end(cx, index);
    return OK;
}
