/* What happened in a simulation, and its JSON (formats, Simulation). Pure.
 *
 * Subscriptions are named as the file names them. Lines are numbered when all is known. */
#pragma once

#include "base/context.h"
#include "base/list.h"
#include "invoice/invoice.h"
#include "payment/payment.h"
#include "subscription/subscription.h"

struct shown_line {
    const char *id; /* NULL: of a preview */
    const char *as;
    const char *offer;
    enum line_reason reason;
    civil_day from_on;
    civil_day to_on;
    int64_t quantity;
    struct unit_price unit;
    int64_t days;
    int64_t of_days;
    struct money amount;
    const char *undoes; /* id of a line, or NULL */
};

struct shown_document {
    const char *born; /* the smallest id of its lines: ids are given in order */
    instant issued_at;
    civil_day issued_on;
    enum document_type type;
    struct shown_line *lines; /* at least one */
    size_t line_count;
    struct money net;
    struct money tax;
    struct money total;
    struct money credit_used;
    civil_day paid_on; /* DAY_NONE: not, or nothing was to be paid */
};
LIST_TYPE(shown_document_list, struct shown_document);

struct shown_subscription {
    const char *as;
    const char *offer;
    const char *parent; /* its name, or NULL */
    enum subscription_status status;
    bool past_due;
    int64_t quantity;
    int64_t assigned;
    bool recurring_billing;
    civil_day start_on;
    civil_day period_start;
    civil_day period_end;
    civil_day term_start;
    civil_day term_end;
    struct subscription_change_list history;
};
LIST_TYPE(shown_subscription_list, struct shown_subscription);

struct shown_refusal {
    int64_t step;
    civil_day on;
    const char *code;
    const struct reason *reasons;
    size_t reason_count;
};
LIST_TYPE(shown_refusal_list, struct shown_refusal);

struct shown_preview {
    struct shown_document_list documents;
    struct shown_subscription_list subscriptions;
    const struct shown_refusal *refusal; /* NULL: it would be done */
};

struct observation {
    int64_t step;
    civil_day on;
    const char *available;               /* JSON of the whole answer, or NULL */
    const struct shown_preview *preview; /* or NULL */
};
LIST_TYPE(observation_list, struct observation);

struct simulation_result {
    struct shown_document_list documents; /* as they were issued */
    struct refund_list refunds;           /* as they were made */
    struct shown_subscription_list subscriptions;
    struct shown_refusal_list refusals;
    struct observation_list observations;
    civil_day end_on; /* revenue is told up to this day, which no longer counts */
    struct money credit_balance;
    struct money unpaid;
    int64_t ledger_sum;
};

/* Sorts as formats says: documents by time of issue, subscriptions by start, then name. */
void simulate_sort(struct shown_document_list *documents,
                   struct shown_subscription_list *subscriptions);

/* Sorts, numbers the lines, and writes it all. */
const char *simulate_encode(struct context *cx, struct simulation_result *result);

/* simulate_revenue.c: writes what was earned by day, by month and subscription (rules §6). The
 * subscriptions are sorted; a month in which one earned nothing is left out. */
struct json_writer;
void simulate_put_revenue(struct context *cx, struct json_writer *w,
                          const struct simulation_result *result);
