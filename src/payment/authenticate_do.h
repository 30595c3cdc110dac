/* The person before the sandbox's bank. */
#pragma once

#include "payment/payment.h"

/* Answers for the person whom the sandbox's bank asks, and settles the charge. Errors:
 * ERR_NOT_FOUND when there is no charge of cx->customer that waits for this. */
enum err payment_authenticate(struct context *cx, const char *id, bool accepts,
                              struct payment **ret_payment);
