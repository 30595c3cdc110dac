/* A term that ends with something else: the first, or one that a renewal begins (rules §4,
 * Coterminous). */
#include <string.h>

#include "engine/decide_parts.h"
#include "engine/renewal.h"

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

/* The end of another subscription of the account, which stands for its billing profile. One that
 * ends before `start_on` is renewed until then. */
static bool find_other_end(struct context *cx, const struct state *state,
                           const struct end_wish *wish, struct chosen_end *ret_end)
{
    struct subscription *other = state_find_subscription(state, wish->with);
    if (other == NULL ||
        (other->status != SUBSCRIPTION_ACTIVE && other->status != SUBSCRIPTION_SCHEDULED) ||
        strcmp(other->account, wish->account) != 0)
        return false;
    *ret_end = (struct chosen_end){other->term_end, other->anchor_on};
    if (wish->at_renewal && other->recurring_billing)
        *ret_end = renewal_end_after(cx, state, other, wish->start_on);
    return true;
}

bool end_find(struct context *cx, const struct state *state, const struct end_wish *wish,
              struct chosen_end *ret_end)
{
    struct chosen_end end;
    if (parse_month(wish->with, &end.on))
        end.anchor_on = end.on;
    else if (!find_other_end(cx, state, wish, &end))
        return false;
    /* "later than one term from today"; the term is shortened, never longer. */
    civil_day latest = period_add_months(wish->start_on, term_months(wish->term));
    if (end.on <= wish->start_on || end.on > latest)
        return false;
    *ret_end = end;
    return true;
}

enum err end_refuse(struct context *cx, const struct state *state, const char *with,
                    const char *param)
{
    civil_day ignored;
    const struct subscription *other = state_find_subscription(state, with);
    bool is_unknown = other == NULL || other->status == SUBSCRIPTION_PLANNED;
    return fault(
        cx, is_unknown && !parse_month(with, &ignored) ? ERR_NOT_FOUND : ERR_TERM_END_DATE_INVALID,
        "param", param, NULL);
}

enum err order_find_end(struct context *cx, const struct state *state, struct order_draft *draft,
                        size_t index)
{
    const char *named = draft->request->ends_with;
    const char *param = arena_print(cx->arena, "/lines/%zu/ends_with", index);
    if (named == NULL)
        return OK;
    if (state->account->type == ACCOUNT_CLASSIC || draft->request->trial) {
        return fault(cx, ERR_INVALID, "param", param, "value",
                     "is for what is bought on an agreement account, not for trials", NULL);
    }
    const struct end_wish wish = {
        .with = named,
        .account = state->account->id,
        .start_on = draft->start_on,
        .term = draft->term,
    };
    struct chosen_end end;
    if (!end_find(cx, state, &wish, &end))
        return end_refuse(cx, state, named, param);
    draft->ends_on = end.on;
    draft->anchor_on = end.anchor_on;
    return OK;
}
