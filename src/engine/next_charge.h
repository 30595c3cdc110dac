/* What is charged next, when the coming period begins: the renewal, as it is planned with all that
 * waits for it, the next period of a term, or the first of a trial that goes on. Pure. */
#pragma once

#include "engine/state.h"

struct next_charge {
    civil_day on;
    struct money net; /* without tax */
    enum term term;
    enum billing billing;
};

/* That of a subscription without a parent and of all its add-ons; false: no period follows. */
bool next_charge_of_family(struct context *cx, const struct state *state,
                           struct subscription *family, struct next_charge *ret_next);

/* That of one subscription alone; false also for what a new plan makes needless by then. */
bool next_charge_of(struct context *cx, const struct state *state, struct subscription *sub,
                    struct next_charge *ret_next);
