/* Which tax a sale bears (rules §6, Tax). Pure. */
#pragma once

#include "base/context.h"
#include "base/money.h"
#include "catalog/catalog.h"
#include "tax/exemption.h"
#include "tax/registration.h"
#include "tax/vat_check.h"

enum tax_treatment {
    TAX_NONE,           /* the account is not taxed (simulation's `tax: none`) */
    TAX_DOMESTIC,       /* the seller's rate */
    TAX_REVERSE_CHARGE, /* EU business with a valid number elsewhere: 0, with its mention */
    TAX_OUT_OF_SCOPE,   /* outside the EU: 0 */
    TAX_EXEMPT,         /* by a certificate: 0, with its number and mention */
};

/* What decides about an account's tax. */
struct tax_party {
    struct tax_registrations registrations; /* of the seller, in other countries */
    const char *seller_country;
    const char *country;       /* of the sold-to address */
    const char *postal_code;   /* of the sold-to address; "" or NULL: not said */
    const char *vat_id;        /* NULL: none */
    enum vat_answer vat_state; /* what a check said of the number, from vat_state_on on */
    civil_day vat_state_on;
    const char *vat_proof; /* of VAT_VALID; or NULL */
    bool taxed;            /* false: TAX_NONE */
    const char *account;
    const struct tax_exemption_list *exemptions; /* of all the customer's accounts; or NULL */
};

/* The tax of one line. */
struct tax_rule {
    enum tax_treatment treatment;
    const char *category;
    int64_t percent_micros; /* 20 % = 20 000 000 */
    const char *proof; /* what the treatment rests on: the certificate's number, the proof of the
                          check of the VAT number; or NULL */
};

/* Decides the tax of an offer's category on a day: domestic rates are those of the seller's
 * country, or of the buyer's where the seller is registered, in force that day in the catalogue's
 * table; none there counts as 0 %. A certificate that covers the category that day takes the place
 * of such a rate; of several the first that was recorded. */
struct tax_rule tax_decide(const struct catalog *catalog, const struct tax_party *party,
                           const char *category, civil_day on);

bool tax_country_in_eu(const char *country);
/* Form of a VAT number of an EU country, by its prefix (GR uses EL). Whether it exists says a check
 * (vat_check.h). */
bool tax_vat_id_is_well_formed(const char *vat_id);
/* A number as it is kept: of the EU in capitals, without spaces, dots and hyphens; others as they
 * are written. */
const char *tax_vat_id_clean(struct arena *arena, const char *country, const char *text);
const char *tax_treatment_format(enum tax_treatment treatment);
enum tax_treatment tax_treatment_parse(const char *text);
