/* The end of a subscription: deleted by time, or on request (rules §4). */
#include <string.h>

#include "engine/decide_parts.h"

/* A child has no clock of its own (rules §3.2). */
void decide_move_family(struct context *cx, struct state *state, struct subscription *family,
                        enum subscription_status status, const char *event_type)
{
    enum subscription_status from = family->status;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *member = state->subscriptions.items[i];
        if (member != family && state_family(state, member) == family && member->status == from)
            state_set_status(cx, state, member, status, event_type);
    }
    state_set_status(cx, state, family, status, event_type);
}

/* Says whether a document bills members of the family, and nothing that is not deleted. */
static bool delete_leaves_nothing_of(const struct state *state, const struct document *document,
                                     const struct subscription *family)
{
    bool has_member = false;
    for (size_t i = 0; i < document->lines.count; i++) {
        struct subscription *sub =
            state_find_subscription(state, document->lines.items[i]->subscription);
        if (sub == NULL)
            continue; /* deleted before */
        if (sub->status != SUBSCRIPTION_DELETED)
            return false;
        has_member = has_member || state_family(state, sub) == family;
    }
    return has_member;
}

/* "what is unpaid is listed for write-off": an invoice of which nothing is left. */
static void delete_list_unpaid(struct context *cx, struct state *state,
                               const struct subscription *family)
{
    for (size_t i = 0; i < state->documents.count; i++) {
        struct document *document = state->documents.items[i];
        if (document->state == DOCUMENT_ISSUED && money_sign(document->unpaid) > 0 &&
            delete_leaves_nothing_of(state, document, family))
            write_off_list(cx, state, document);
    }
}

void decide_delete_family(struct context *cx, struct state *state, struct subscription *family)
{
    decide_move_family(cx, state, family, SUBSCRIPTION_DELETED, "subscription.deleted");
    delete_list_unpaid(cx, state, family);
}

enum err decide_delete(struct context *cx, struct state *state, const struct command *command,
                       struct decision *decision)
{
    (void)decision;
    struct subscription *sub = state_find_subscription(state, command->subscription);
    TRY(decide_check_action(cx, sub, ACTION_DELETE));
    cx->cause = sub->id;
    decide_delete_family(cx, state, sub);
    return OK;
}
