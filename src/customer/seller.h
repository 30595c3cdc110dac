/* The seller: who issues the documents, and by which settings. */
#pragma once

#include <stdint.h>

#include "tax/registration.h"

/* The seller's settings (rules §1: not part of the catalogue). */
struct seller {
    const char *name;
    const char *country;
    const char *time_zone;
    const char *line1; /* of its address; texts are "" where nothing is set */
    const char *line2;
    const char *postal_code;
    const char *city;
    const char *registration_number; /* in the register of companies */
    const char *vat_id;
    struct tax_registrations registrations; /* in other countries */
    const char *bank_name;
    const char *iban;
    const char *bic;
    const char *legal_note;      /* at the foot of documents */
    int64_t version;             /* counts the changes */
    int64_t payment_terms_days;  /* transfer: 30 */
    int64_t sepa_notice_days;    /* 14 */
    int64_t cancel_licenses_max; /* rules §4, Cancel now: 25 */
};
