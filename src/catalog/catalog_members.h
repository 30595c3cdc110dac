/* The members of an offer as the canonical file writes them, once, for catalog_format and
 * catalog_diff. */
#pragma once

#include "base/json.h"
#include "catalog/catalog.h"

struct offer_member {
    const char *name;
    /* Writes the member, or nothing when the offer has the default of formats. */
    void (*write)(struct json_writer *w, const struct offer *offer);
};

/* In the order of formats; ended by a row without a name. */
extern const struct offer_member OFFER_MEMBERS[];

void price_write(struct json_writer *w, const struct price *price);
void tax_rate_write(struct json_writer *w, const struct tax_rate *rate);
