/* Offers as the API shows them: every member, defaults too (api, Resources). Pure. */
#pragma once

#include "base/json.h"
#include "catalog/catalog.h"

/* `name` is NULL inside an array and at the root. */
void offer_encode(struct json_writer *w, const char *name, const struct offer *offer);
