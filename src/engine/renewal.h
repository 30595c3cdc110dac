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
enum { RENEWAL_KINDS = 3 };

struct renewal {
    struct family_change change; /* the parent first; children that await payment are left out */
    int64_t *quantities;         /* beside change.members */
    struct renewal_failure *failures;
    size_t failure_count;
};

/* Plans the next term of an active parent, which begins at its term_end. */
struct renewal renewal_plan(struct context *cx, const struct state *state,
                            struct subscription *parent);

/* Makes it so: plans, billing, quantities, versions; drops children that a new plan makes
 * needless; consumes what was scheduled. The days are renew.h's. */
void renewal_apply(struct context *cx, struct state *state, struct subscription *parent);

/* What a whole period of a member costs then; zero for one that is dropped. */
struct money renewal_amount(const struct state *state, const struct renewal *renewal, size_t index);
