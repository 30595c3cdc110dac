/* Where a seller has to charge the tax of a country besides its own (rules §6: "the seller's
 * country and registrations"): it has a fixed establishment there (article 192a). Pure. */
#pragma once

#include "base/day.h"
#include "base/json.h"

struct tax_registration {
    const char *country;
    const char *vat_id; /* there; "": none */
    civil_day from_on;
    civil_day until_on; /* its last day; DAY_NONE: none */
};

struct tax_registrations {
    const struct tax_registration *items;
    size_t count;
};

/* Whether the seller is registered in a country on a day. */
bool tax_is_registered(const struct tax_registrations *registrations, const char *country,
                       civil_day on);

void tax_registrations_encode(struct json_writer *w, const struct tax_registrations *registrations);
/* Reads the member `registrations`; without one the output stays as it was. */
enum err tax_registrations_decode(struct json_reader *r, struct tax_registrations *registrations);
