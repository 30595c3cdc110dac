/* Use cases of VAT numbers: what a service said of one, and asking for the next (docs/tax.md). */
#pragma once

#include "tax/vat_provider_do.h"

/* Keeps what was said of a number of an account of cx->customer, as of cx->now: from that day on
 * decisions follow it. The customer is brought up to now first. Nothing happens when the account
 * has another number by now. Errors: as engine_bring_up; ERR_NOT_FOUND. */
enum err vat_record(struct context *cx, const char *account, const char *vat_id,
                    const struct vat_reply *reply, const char *provider, int64_t attempts);

/* Asks for the number whose turn it is, outside of transactions, and keeps the answer.
 * `ret_asked`: false when it is nobody's turn. Errors: the store's. */
enum err vat_check_next(struct context *cx, const struct vat_service *service, bool *ret_asked);
