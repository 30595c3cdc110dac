/* What the next term of a family will be: versions, plan, billing, quantities (rules §1, §4).
 * The same plan is shown before, announced, and carried out at the renewal. Pure. */
#pragma once

#include "base/context.h"
#include "engine/family_change.h"

/* A scheduled change that cannot be applied: it is dropped, and the subscription renews without. */
struct renewal_failure {
    struct scheduled_change *change;
    struct fault fault;
};
enum { RENEWAL_KINDS = 4 };

/* When a term ends that ends with something else (rules §4, Coterminous). */
struct end_wish {
    const char *with;    /* sub_…, or a month "2026-06" whose end it is */
    const char *account; /* of the subscription: the other is on the same */
    civil_day start_on;
    enum term term;
    bool at_renewal; /* not the first term: the other may be renewed before it starts */
};
struct chosen_end {
    civil_day on; /* DAY_NONE: a whole term */
    civil_day anchor_on;
};
/* False when there is none, or it is not within one term: end_refuse says which. */
bool end_find(struct context *cx, const struct state *state, const struct end_wish *wish,
              struct chosen_end *ret_end);
enum err end_refuse(struct context *cx, const struct state *state, const char *with,
                    const char *param);
/* The first end after a day of the terms of a subscription that goes on being renewed, by what
 * waits for its renewal now. */
struct chosen_end renewal_end_after(struct context *cx, const struct state *state,
                                    struct subscription *sub, civil_day after_on);

struct renewal {
    struct family_change change; /* the parent first; children that await payment are left out */
    int64_t *quantities;         /* beside change.members */
    struct chosen_end end;       /* of its term */
    struct renewal_failure *failures;
    size_t failure_count;
};

/* Plans the next term of an active parent, which begins at its term_end. */
struct renewal renewal_plan(struct context *cx, const struct state *state,
                            struct subscription *parent);

/* Makes it so: plans, billing, quantities, versions; drops children that a new plan makes
 * needless; consumes what was scheduled. The days are renew.h's; returns when the term ends. */
struct chosen_end renewal_apply(struct context *cx, struct state *state,
                                struct subscription *parent);

/* What the first period of a member costs then; zero for one that is dropped. */
struct money renewal_amount(const struct state *state, const struct renewal *renewal, size_t index);
