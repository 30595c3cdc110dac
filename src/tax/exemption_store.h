/* Rows of exemption certificates of cx->customer. */
#pragma once

#include "tax/exemption.h"

enum err exemption_insert(struct context *cx, const struct tax_exemption *exemption);
/* Lists those of an account, or of all (NULL), as they were recorded. */
enum err exemption_load_all(struct context *cx, const char *account,
                            struct tax_exemption_list *list);
/* Loads one of an account; ERR_NOT_FOUND. */
enum err exemption_load(struct context *cx, const char *account, const char *id,
                        struct tax_exemption **ret_exemption);
/* Writes revoked_on when the version is still the one that was read, and counts it up;
 * ERR_STORE_CONFLICT otherwise. */
enum err exemption_save(struct context *cx, struct tax_exemption *exemption);
