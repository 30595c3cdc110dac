/* Changes scheduled for the renewal: kept, dropped, replaced (rules §4). Pure. */
#pragma once

#include "engine/command.h"
#include "engine/state.h"

/* The one of a kind that waits for a subscription, or NULL. */
struct scheduled_change *schedule_find(const struct state *state, const struct subscription *sub,
                                       enum schedule_kind kind);

/* Keeps what the command asks for until the renewal, in place of one of the same kind. Refused as
 * it would be at the renewal; and recurring_billing_off. */
enum err schedule_put(struct context *cx, struct state *state, const struct command *command,
                      enum schedule_kind kind);

/* Forgets everything that waits for a subscription. */
void schedule_drop(const struct state *state, const struct subscription *sub);
