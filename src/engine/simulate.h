/* A simulation, as its file says it (formats, Simulation). Pure.
 *
 * simulate_file.h reads the file, simulate_do.h runs it through the engine, and
 * simulate_result.h writes what happened.
 */
#pragma once

#include "catalog/catalog.h"
#include "customer/customer.h"
#include "order/order.h"
#include "tax/exemption.h"

enum step_kind {
    STEP_ORDER,
    STEP_SET_QUANTITY,
    STEP_RECURRING_BILLING,
    STEP_BILLING,
    STEP_CHANGE_PLAN,
    STEP_CANCEL,
    STEP_REACTIVATE,
    STEP_DELETE,
    STEP_SUPPORT_REMOVE,
    STEP_START_TRIAL,
    STEP_EXTEND_TRIAL,
    STEP_BUY_TRIAL,
    STEP_ASSIGN,
    STEP_UNASSIGN,
    STEP_PAYMENTS,
    STEP_PAY_BALANCE,
    STEP_EXEMPT,
    STEP_REVOKE_EXEMPTION,
    STEP_VAT_CHECK,
    STEP_PUBLISH,
    STEP_RUN,
    STEP_AVAILABLE,
    STEP_PREVIEW,
    STEP_KIND_COUNT
};

/* A name that an `as` declares. */
struct simulate_name {
    const char *name;
    const char *id; /* sub_… once its order is completed; NULL: refused, or not yet */
};

struct step {
    int64_t number; /* from 0 */
    instant at;
    civil_day on; /* the same as a day of the account's zone */
    enum step_kind kind;
    bool is_later;                      /* `when` is not now */
    struct simulate_name *subscription; /* NULL: it concerns none */
    int64_t quantity;
    const char *catalog_text;       /* of `publish` */
    struct tax_exemption exemption; /* of `exempt`; of `revoke_exemption` its number */
    const char *offer;              /* of `change_plan` */
    enum term term;                 /* of `billing`, or none */
    enum billing billing;
    bool fail;          /* of `payments` */
    bool turns_on;      /* of `recurring_billing`; `valid` of `vat_check` */
    const char **users; /* of `assign` and `unassign` */
    size_t user_count;
    struct order_request order;   /* its connect_to are names */
    struct simulate_name **names; /* beside order.lines: what they declare */
    struct simulate_name **ends;  /* beside order.lines: what ends_with names, or NULL */
    struct simulate_name **bases; /* beside order.lines: what connect_to names, or NULL */
    const struct step *previewed; /* of `preview` */
};

struct simulation {
    const struct catalog *catalog;
    const char *catalog_text;

    enum account_type type;
    const char *country;
    const char *currency;
    const char *time_zone;
    const char *vat_id; /* NULL: none */
    bool taxed;
    bool by_transfer; /* else by card */

    const struct step *steps;
    size_t step_count;
    civil_day until_on; /* its last day */
};
