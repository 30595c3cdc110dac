/* The sandbox provider's own memory, as a provider has one: it is no customer's, and it is known
 * by the idempotency key alone. */
#pragma once

#include "payment/sandbox.h"

/* Writes down that a charge is asked for, once more if it is known, and fills in what was said
 * before and how often it was asked. The row stays locked for the transaction. */
enum err sandbox_ask(struct context *cx, struct sandbox_charge *charge);
/* Writes down what is answered. */
enum err sandbox_save(struct context *cx, const char *key, const char *outcome);
/* What was said last; ERR_NOT_FOUND when the charge was never asked for. */
enum err sandbox_load(struct context *cx, const char *key, const char **ret_outcome);
