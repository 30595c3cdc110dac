/* The customer's aggregate between the store and decide(). */
#pragma once

#include "engine/command.h"
#include "engine/state.h"

/* Locks the customer and loads what the command needs to see. Inside a transaction. `now`, which is
 * raised to the customer's (organization_lock), and `issue_at` set the state's days; the account is
 * the command's, if it names one. */
enum err state_load(struct context *cx, const struct command *command, struct state **ret_state);
/* The same for a customer that is locked already. */
enum err state_load_locked(struct context *cx, const struct command *command,
                           struct state **ret_state);

/* The same without the lock, for pages and lists that only read. */
enum err state_load_read(struct context *cx, struct state **ret_state);

/* Writes all that the decision marked, and when the customer is due next. */
enum err state_save(struct context *cx, struct state *state);
