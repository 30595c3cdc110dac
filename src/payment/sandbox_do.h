/* Asking the sandbox provider; provider_do.h does. */
#pragma once

#include "payment/sandbox.h"

/* Each in a transaction of its own: the sandbox commits what it says, as any provider would. */
enum err sandbox_charge(struct context *cx, const struct payment *payment,
                        const struct payment_method *method, const struct provider_world *world,
                        struct provider_answer *ret_answer);
enum err sandbox_refund(struct context *cx, const struct refund *refund,
                        struct provider_answer *ret_answer);

/* The person stood before the bank and said yes, or no: the charge is decided from now on. Errors:
 * ERR_NOT_FOUND when there is no charge that waits for this. */
enum err sandbox_authenticate(struct context *cx, const struct payment *payment, bool accepts,
                              struct provider_answer *ret_answer);
