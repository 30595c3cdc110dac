/* Exemption certificates: what frees a billing account from the seller's tax for a time (rules §6,
 * Tax). Pure. */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"

struct tax_exemption {
    const char *id;
    const char *account;
    const char *number;     /* of the certificate, as documents name it */
    const char *reason;     /* the mention that the law asks for (article 226(11)) */
    const char *categories; /* of offers, by space; NULL: all */
    civil_day valid_from;
    civil_day valid_until; /* its last day; DAY_NONE: none */
    civil_day recorded_on; /* a day of the account's time zone, as revoked_on */
    civil_day revoked_on;  /* from this day on it counts no more; DAY_NONE: it does */
    int64_t version;
    instant created_at;
};

LIST_TYPE(tax_exemption_list, struct tax_exemption);

/* Says whether a certificate frees an offer's category on a day. */
bool tax_exemption_covers(const struct tax_exemption *exemption, const char *category,
                          civil_day on);
