/* Use cases of support. Each is one transaction. */
#pragma once

#include "engine/engine_do.h"
#include "support/support.h"

/* Opens a request for cx->customer. `subscription` is what it is about: the customer's own, and
 * for a removal a traditional add-on. Errors: ERR_INVALID with the place; ERR_NOT_FOUND;
 * ERR_SUBSCRIPTION_DELETED. */
enum err support_open(struct context *cx, enum support_kind kind, const char *subscription,
                      const char *message, struct support_request *ret_support);

/* Answers a request, as the seller's support. With `remove` the add-on that it is about goes, in
 * the same transaction (rules §3.3); a removal that is not granted is declined. Nothing is
 * written when run->preview is set. Errors: ERR_SUPPORT_REQUEST_RESOLVED; ERR_INVALID when there
 * is nothing to remove; refusals of the removal. */
enum err support_resolve(struct context *cx, struct support_request *support, bool remove,
                         const char *answer, struct engine_run *run);
