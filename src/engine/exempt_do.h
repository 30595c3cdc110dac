/* Use cases of exemption certificates (rules §6, Tax). The customer is brought up to now first, so
 * that what was due before is billed as it stood then. Each is one transaction; inside another it
 * is a savepoint. */
#pragma once

#include "tax/exemption.h"

/* Records a certificate of an account of cx->customer; what is set are number, reason, categories
 * and days (valid_from DAY_NONE: today). Errors: ERR_INVALID with the place; ERR_NOT_FOUND. */
enum err exemption_record(struct context *cx, const char *account,
                          const struct tax_exemption *wanted, struct tax_exemption *ret_exemption);

/* Revokes a certificate from today on; one that is revoked stays as it is. If `version` is not 0
 * it must be the certificate's. Errors: ERR_NOT_FOUND; ERR_VERSION_MISMATCH. */
enum err exemption_revoke(struct context *cx, const char *account, const char *id, int64_t version,
                          struct tax_exemption *ret_exemption);
