/* The seller's settings: rows of `setting`, a name and a value each. */
#pragma once

#include "base/context.h"
#include "customer/seller.h"

/* Loads the settings; what was never set has its default: a French seller without a name, in
 * Europe/Paris, and the days of rules §7. They are in the arena of `cx`. ERR_INVALID for a
 * number that is none. */
enum err seller_load(struct context *cx, const struct seller **ret_seller);

/* Sets one of them: name, country, time_zone, payment_terms_days, sepa_notice_days,
 * cancel_licenses_max. ERR_INVALID, naming it, for any other name or a value that it can't have. */
enum err setting_save(struct context *cx, const char *name, const char *value);
