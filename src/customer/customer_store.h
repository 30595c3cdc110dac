/* Rows of organisations and of their billing accounts. */
#pragma once

#include "base/context.h"
#include "customer/customer.h"

/* Takes the row of cx->customer for this transaction and reads it. On PostgreSQL this is the lock
 * that puts the commands of one customer in a row: holdings count across all its accounts, so
 * no smaller one would do. Its time never goes back (rules §0): cx->now is raised to where it is,
 * for it may have moved on since it was looked at. ERR_NOT_FOUND for an unknown customer. */
enum err organization_lock(struct context *cx, struct organization *ret_organization);
/* Reads the row of cx->customer; ERR_NOT_FOUND. */
enum err organization_load(struct context *cx, struct organization *ret_organization);
enum err organization_insert(struct context *cx, const struct organization *organization);
/* Writes what a run of the engine moves: due_at, event_seq, clock_at. The row is locked. */
enum err organization_save_run(struct context *cx, const struct organization *organization);

/* Has the engine look at every customer for whom something falls due, as soon as it can. */
enum err organization_wake_all(struct context *cx);

/* Lists a page of one mode, newest first; after `before` (an id, else "") oldest first. */
enum err organization_list_page(struct context *cx, bool live, const char *after,
                                const char *before, int64_t limit, struct organization_list *list);

/* Loads all billing accounts of the customer, oldest first. */
enum err account_load_all(struct context *cx, struct account_list *list);
/* Loads one; ERR_NOT_FOUND when the customer has none of this id. */
enum err account_load(struct context *cx, const char *id, struct account **ret_account);
enum err account_insert(struct context *cx, const struct account *account);
/* Writes credit, default method and details when its version is still the one that was read, and
 * counts it up; ERR_STORE_CONFLICT otherwise. Type, currency and country never change. */
enum err account_save(struct context *cx, struct account *account);
/* Notes that an account has one certificate more. */
enum err account_count_exemption(struct context *cx, const char *id);
/* Lists a page, newest first; after `before` (an id, else "") oldest first. */
enum err account_list_page(struct context *cx, const char *after, const char *before, int64_t limit,
                           struct account_list *list);
