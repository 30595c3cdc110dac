/* Rows of test clocks, and the claims on organisations that are walked on one. */
#pragma once

#include "customer/clock.h"
#include "customer/due_store.h"

enum err clock_insert(struct context *cx, const struct test_clock *clock);
/* Loads one; ERR_NOT_FOUND. clock_lock takes its row for this transaction. */
enum err clock_load(struct context *cx, const char *id, struct test_clock *ret_clock);
enum err clock_lock(struct context *cx, const char *id, struct test_clock *ret_clock);
/* Writes its times when its version is still the one that was read, and counts it up;
 * ERR_STORE_CONFLICT otherwise. */
enum err clock_save(struct context *cx, struct test_clock *clock);
/* Removes it when its version is still the one that was read, else ERR_STORE_CONFLICT. Its
 * organisations stay, at the time they have, which nothing moves any more. */
enum err clock_delete(struct context *cx, const struct test_clock *clock);
/* Lists a page, newest first; after `before` (an id, else "") oldest first. */
enum err clock_list_page(struct context *cx, const char *after, const char *before, int64_t limit,
                         struct test_clock_list *list);
/* Lists clocks with something to do: an advance, or an organisation that lags behind. */
enum err clock_list_busy(struct context *cx, int64_t limit, struct test_clock_list *list);
/* How many advance. */
enum err clock_count_advancing(struct context *cx, int64_t *ret_count);
enum err clock_count_progress(struct context *cx, const struct test_clock *clock,
                              struct clock_progress *ret_progress);

/* Claims the organisation of the clock that is furthest behind and counts the attempt, as
 * due_claim does; *ret_customer is NULL when there is none that nobody has. */
enum err clock_claim(struct context *cx, const struct test_clock *clock, const char *claim,
                     struct due_customer **ret_customer);
/* The time of cx->customer is at least `at` from now on. */
enum err clock_reach(struct context *cx, instant at);
/* Ends the advance when everybody has arrived or is parked; says whether it did. */
enum err clock_arrive(struct context *cx, const struct test_clock *clock, bool *ret_arrived);
