/* The seller: who issues the documents, and by which settings. */
#pragma once

#include <stdint.h>

/* The seller's settings (rules §1: not part of the catalogue). */
struct seller {
    const char *name;
    const char *country;
    const char *time_zone;
    const char *vat_id;          /* "": none */
    int64_t payment_terms_days;  /* transfer: 30 */
    int64_t sepa_notice_days;    /* 14 */
    int64_t cancel_licenses_max; /* rules §4, Cancel now: 25 */
};
