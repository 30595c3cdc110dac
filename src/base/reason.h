/* A reason against, as the API shows it. */
#pragma once

#include "base/json.h"

/* Writes {"code", "offers", "detail", "remedy"}, the sentences in cx->language; no
 * remedy is null. */
void reason_write(struct context *cx, struct json_writer *w, const struct reason *reason);
