/* The tables of checks over the rows. Each ends with a row without a name. */
#pragma once

#include "engine/doctor.h"

/* Of one customer (cx->customer). */
extern const struct doctor_check DOCTOR_REFERENCE_CHECKS[];    /* rows name rows that exist */
extern const struct doctor_check DOCTOR_LEDGER_CHECKS[];       /* rules §6, Ledger */
extern const struct doctor_check DOCTOR_REVENUE_CHECKS[];      /* rules §6, Ledger: by day */
extern const struct doctor_check DOCTOR_DOCUMENT_CHECKS[];     /* rules §6, Documents, Credit */
extern const struct doctor_check DOCTOR_LINE_CHECKS[];         /* rules §6, Proration, tax */
extern const struct doctor_check DOCTOR_SUBSCRIPTION_CHECKS[]; /* rules §3, §4 */
extern const struct doctor_check DOCTOR_ORDER_CHECKS[];        /* rules §7 */
/* Of the whole store. */
extern const struct doctor_check DOCTOR_OWNER_CHECKS[];   /* rows are those of customers */
extern const struct doctor_check DOCTOR_CATALOG_CHECKS[]; /* rules §1 */
extern const struct doctor_check DOCTOR_NUMBER_CHECKS[];  /* rules §6, Documents */

/* Runs one check. */
enum err doctor_run_check(struct context *cx, struct doctor *doctor,
                          const struct doctor_check *check, bool of_store);

/* A check of its own file: documents still say what was frozen of them. */
enum err doctor_check_frozen(struct context *cx, struct doctor *doctor);

/* The ids of customers after one, in their order; "" for the first. */
enum err doctor_list_customers(struct context *cx, const char *after, int64_t limit,
                               const char ***ret_ids, size_t *ret_count);
/* Adds what cx->customer has to the counts of what was looked at. */
enum err doctor_count_rows(struct context *cx, struct doctor *doctor);
