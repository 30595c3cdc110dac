/* The next period and the next term (rules §1, §4): renewal, and its charge. Pure. */
#pragma once

#include "engine/state.h"

enum { NOTICE_DAYS = 30 }; /* rules §1: a dearer version was published so long before */

/* What a trial would be paid with: its own method, else the account's; NULL: none. */
const char *renew_method(const struct state *state, const struct subscription *sub);

/* Says whether a subscription goes on at the end of its term: recurring billing is on, and a
 * trial has a method to pay with. */
bool renew_is_wanted(const struct state *state, const struct subscription *sub);

/* Begins the next period of every family of the same invoice group that is due with `first`:
 * same account, order, payment method and day; one document (rules §6). */
void renew_group(struct context *cx, struct state *state, struct subscription *first);

/* The version a subscription takes for a term that starts on `start_on`: the newest that has its
 * price and is not dearer for a whole period, or was published 30 days before; else its own. */
const struct catalog *renew_choose_version(const struct state *state,
                                           const struct subscription *sub, civil_day start_on);
