/* Availability as the API shows it (rules §2). Pure. */
#pragma once

#include "base/json.h"
#include "eligibility/eligibility.h"

/* One offer: available, with what can be chosen, or all reasons against, each with its sentence
 * in cx->language. */
void availability_encode(struct context *cx, struct json_writer *w,
                         const struct availability *item);
