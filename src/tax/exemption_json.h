/* Exemption certificates in JSON. Pure. */
#pragma once

#include "base/json.h"
#include "tax/exemption.h"

void exemption_encode(struct json_writer *w, const struct tax_exemption *exemption);

/* Reads number, reason, categories, valid_from and valid_until; nothing else is set. Days that are
 * missing are DAY_NONE. */
enum err exemption_decode(struct json_reader *r, enum json_presence reason,
                          struct tax_exemption *ret_exemption);
