/* Plan and billing changes: what they make of a subscription and its children, now or at renewal
 * (rules §3.6, §4 Billing frequency). Pure. */
#pragma once

#include "engine/state.h"

/* What is wanted of a subscription that has no parent. */
struct family_wish {
    const char *offer;    /* NULL: it keeps its plan */
    enum term term;       /* TERM_NONE: its own if there is such a price, else the shortest */
    enum billing billing; /* BILLING_NONE: it keeps term and billing */
};

enum family_fate {
    FATE_KEPT,    /* it goes along */
    FATE_DROPPED, /* the new plan has all of its switches: credited and deleted */
    FATE_BLOCKING /* it can neither go along nor be dropped: only in the lists of a preview */
};

/* One of the family after the change. */
struct family_member {
    struct subscription *sub;
    enum family_fate fate;
    const char *offer;
    int64_t catalog;
    enum term term;
    enum billing billing;
};

struct family_change {
    struct family_member *members; /* the parent first */
    size_t count;
    bool new_billing; /* term or billing differ from what they were */
};

/* Judges a wish by the version on sale. Errors: not_found, plan_change_not_possible, the codes of
 * rules §2, billing_frequency_unsupported (naming offer or add-ons), quantity_out_of_range,
 * plan_change_blocked (naming the add-ons). `quantity`: the parent's after the change. */
enum err family_judge(struct context *cx, const struct state *state, struct subscription *parent,
                      const struct family_wish *wish, int64_t quantity,
                      struct family_change *ret_change);

/* Makes a member what the change says, but for its days. */
void family_apply(struct subscription *sub, const struct family_member *member);
/* Says whether the change alters the member at all. */
bool family_member_changes(const struct family_member *member, bool new_billing);

/* Says whether an order is under way on the family of `sub`: on a member, or for a new child. */
bool family_is_changing(const struct state *state, struct subscription *sub);

/* Tells of another plan or billing; `before` is how the subscription was. */
void family_announce(struct context *cx, struct state *state, const struct subscription *sub,
                     const struct subscription *before);

/* Deletes a child that the new plan makes needless; no credit is drawn here. */
void family_drop(struct context *cx, struct state *state, struct subscription *sub);
