/* Holdings written as words, for tables of cases:
 *
 *     "s:suite a:storage>s:expired +b:phone:5"
 *
 * A name, its offer, its base after '>', then marks: a status, `pastdue`, `pending` (a change on
 * it is under way), `other` (on another account), `yearly`, `later` (starts on 1 March 2026), a
 * quantity (10). A line of the cart begins with '+'. */
#pragma once

#include "eligibility/eligibility.h"

/* Reads the words into `holdings`, which has room for them; returns how many there are. */
size_t holdings_read(struct arena *arena, struct holding *holdings, const char *words);
