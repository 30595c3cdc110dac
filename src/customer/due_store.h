/* Claims on the work that falls due, a customer each, for any number of nodes (rules §4, The
 * engine). A claim only keeps nodes out of each other's way: each due item locks its customer and
 * looks again at what is due, so nothing is done twice even where two have claimed it. */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"

enum { DUE_FAILURES_MAX = 3 }; /* attempts before work is parked */

/* Who claims, and what. */
struct due_claim {
    const char *id;   /* a claim's own, never used again */
    instant until;    /* work due at or before it */
    bool after_fault; /* those whose last attempt did not end well, else the others */
    int64_t limit;
};

/* A customer that was claimed. */
struct due_customer {
    const char *id;
    instant due_at;
    const char *error;   /* set by who worked on it: the code of why it failed; NULL: it did not */
    const char *subject; /* id of what it failed at, or "" */
};
LIST_TYPE(due_customer_list, struct due_customer);

/* Claims customers with work that is due, the longest waiting first, and counts the attempt: so
 * what takes the process down counts too. Left out is who is claimed by someone else, parked, or
 * lives on a test clock, whose time moves only when it is told to. To be committed before the work
 * begins. */
enum err due_claim(struct context *cx, const struct due_claim *claim,
                   struct due_customer_list *list);
/* Gives claims back: a success is forgotten with all failures before it; a failure stays counted,
 * and the customer rests for a moment. Nothing happens where the claim lapsed and somebody else
 * took it: their attempt is counted, and theirs to give back. */
enum err due_give_back(struct context *cx, const char *claim, const struct due_customer *customer);
/* Gives claims back as if there had been no attempt: the store gave way, not the work. */
enum err due_return(struct context *cx, const char *claim, const char *customer);

/* How many customers wait for work due at or before `until`, claimed ones too, parked ones not. */
enum err due_count(struct context *cx, instant until, int64_t *ret_count);

/* Work that is parked: after DUE_FAILURES_MAX attempts nobody makes another one. */
struct parked_work {
    const char *customer;
    const char *subject; /* id of what it failed at; "" when the process went down with it */
    const char *error;   /* the code of why; "" likewise */
    int64_t attempts;
    instant due_at;    /* what is due and not done; INSTANT_NONE: nothing is any more */
    instant parked_at; /* INSTANT_NONE: nobody was told yet */
};
LIST_TYPE(parked_work_list, struct parked_work);

struct parked_query {
    enum { PARKED_ALL = -1, PARKED_TEST, PARKED_LIVE } mode;
    const char *after; /* a customer's id, or "" */
    int64_t limit;
};
/* Lists a page of what is parked, by customer. */
enum err due_list_parked(struct context *cx, const struct parked_query *query,
                         struct parked_work_list *list);
/* Lists at most `limit` of those that nobody was told of yet. */
enum err due_list_untold(struct context *cx, int64_t limit, struct parked_work_list *list);
/* What of cx->customer is parked; ERR_NOT_FOUND when nothing is. */
enum err due_load_parked(struct context *cx, struct parked_work *ret_parked);
/* How many are parked. */
enum err due_count_parked(struct context *cx, int64_t *ret_count);
/* Notes that somebody was told of what cx->customer has parked; false when someone else has. */
enum err due_mark_parked(struct context *cx, bool *ret_marked);
/* Lets what cx->customer has parked be tried again, as often as before. */
enum err due_unpark(struct context *cx);
