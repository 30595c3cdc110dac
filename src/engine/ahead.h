/* The engine run ahead on a copy: what falls due in the months to come if nobody does anything,
 * charges succeed and transfers come (product, Upcoming charges). Nothing is written. Pure. */
#pragma once

#include "engine/decide.h"

struct ahead {
    instant until;                 /* in: what falls due before it */
    struct document_list invoices; /* out: as they are issued, with their lines */
    instant done_until;            /* out: `until`, or earlier when there is too much to tell */
};

/* Runs a state on from cx->now. Its licences are loaded where people have some; it can be used for
 * nothing else afterwards. */
enum err ahead_run(struct context *cx, struct state *state, struct ahead *ahead);
