/* Payment methods and charges as JSON (api, Manners). The provider's token stays inside. Pure. */
#pragma once

#include "base/json.h"
#include "payment/payment.h"

/* `name` is NULL inside an array and at the root. */
void method_encode(struct json_writer *w, const char *name, const struct payment_method *method);
void refund_encode(struct json_writer *w, const char *name, const struct refund *refund);
void payment_encode(struct json_writer *w, const char *name, const struct payment *payment);
