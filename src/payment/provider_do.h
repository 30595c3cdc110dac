/* Asking payment providers. Never inside a transaction: a provider may take its time. */
#pragma once

#include "payment/provider.h"

/* Asks the provider of a payment for its charge, or how it stands. Asking again is harmless, and
 * once it is decided the answer stays. `world` may be NULL. Errors: those of the store, for the
 * sandbox keeps its memory there; ERR_INTERNAL for a provider that is not known. */
enum err provider_charge(struct context *cx, const struct payment *payment,
                         const struct payment_method *method, const struct provider_world *world,
                         struct provider_answer *ret_answer);

/* Asks the provider of a payment to send something back. PENDING for a transfer: a person has to
 * make it at the bank. */
enum err provider_refund(struct context *cx, const struct refund *refund,
                         const struct payment *payment, struct provider_answer *ret_answer);
