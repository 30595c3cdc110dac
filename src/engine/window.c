#include "engine/window.h"

#include <string.h>

#include "base/limits.h"

instant window_end(const struct state *state, const struct subscription *sub)
{
    const struct account *account = state_find_account(state, sub->account);
    instant renewed_at = zone_start_of_day(account->time_zone, sub->term_start);
    instant began_at = sub->activated_at > renewed_at ? sub->activated_at : renewed_at;
    return began_at + BATCH_WINDOW_MS;
}

static bool is_open(const struct context *cx, const struct subscription_batch *batch,
                    const struct subscription *sub)
{
    return strcmp(batch->subscription, sub->id) == 0 && cx->now < batch->added_at + BATCH_WINDOW_MS;
}

int64_t window_refundable(const struct context *cx, const struct state *state,
                          const struct subscription *sub, instant *ret_until)
{
    int64_t refundable = 0;
    *ret_until = window_end(state, sub);
    if (cx->now < *ret_until)
        return sub->quantity;
    for (size_t i = 0; i < state->batches.count; i++) {
        const struct subscription_batch *batch = state->batches.items[i];
        if (!is_open(cx, batch, sub) || batch->left == 0)
            continue;
        if (refundable == 0) /* the oldest comes first */
            *ret_until = batch->added_at + BATCH_WINDOW_MS;
        refundable += batch->left;
    }
    return refundable;
}

enum err window_check(struct context *cx, const struct state *state, const struct subscription *sub,
                      enum err closed)
{
    const struct account *account = state_find_account(state, sub->account);
    if (account->type == ACCOUNT_CLASSIC || cx->now < window_end(state, sub))
        return OK;
    char until[DAY_TEXT_SIZE];
    day_format(sub->term_end, until);
    return fault(cx, closed, "until", until, NULL);
}

enum err window_check_reduction(struct context *cx, const struct state *state,
                                const struct subscription *sub, int64_t fewer)
{
    instant until;
    const struct account *account = state_find_account(state, sub->account);
    if (account->type == ACCOUNT_AGREEMENT && fewer <= window_refundable(cx, state, sub, &until))
        return OK;
    enum err err = window_check(cx, state, sub, ERR_REDUCTION_WINDOW_CLOSED);
    return fault_blame(cx, err, "/quantity");
}

void window_take_batches(const struct context *cx, const struct state *state,
                         const struct subscription *sub, int64_t fewer)
{
    for (size_t i = state->batches.count; i-- > 0 && fewer > 0;) {
        struct subscription_batch *batch = state->batches.items[i];
        if (!is_open(cx, batch, sub))
            continue;
        int64_t taken = batch->left < fewer ? batch->left : fewer;
        batch->left -= taken;
        fewer -= taken;
        row_touch(&batch->row);
    }
}

void window_add_batch(struct context *cx, struct state *state, const struct subscription *sub,
                      int64_t more)
{
    struct subscription_batch *batch = ARENA_NEW(cx->arena, struct subscription_batch);
    batch->subscription = sub->id;
    batch->added_at = cx->now;
    batch->left = more;
    batch->row = ROW_NEW;
    list_push(cx->arena, &state->batches, batch);
}
