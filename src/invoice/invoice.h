/* Documents: invoices, credit notes, and records of changes that cost nothing (rules §6).
 * A document is built from lines by one function, for previews, orders and renewals alike. */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"
#include "base/money.h"
#include "base/row.h"
#include "tax/tax.h"

enum document_type { DOCUMENT_INVOICE, DOCUMENT_CREDIT_NOTE, DOCUMENT_RECORD };

/* Planned: it belongs to an order that awaits payment, and is nothing yet. */
enum document_state { DOCUMENT_PLANNED, DOCUMENT_ISSUED };

enum line_reason {
    LINE_PURCHASE,
    LINE_RENEWAL, /* also the next period inside a term */
    LINE_INCREASE,
    LINE_DECREASE,
    LINE_PLAN_CHANGE,
    LINE_BILLING_CHANGE,
    LINE_CANCEL,
    LINE_REACTIVATE,
    LINE_SUPPORT_REMOVAL,
    LINE_SETUP,
    LINE_REASON_COUNT
};

/* One line. amount = unit × quantity × days ÷ of_days, rounded once; a credit has the figures
 * of the line it undoes and a negative amount. */
struct line {
    const char *id;
    const char *document;
    const char *subscription;
    const char *offer;
    int64_t catalog; /* number of the catalogue version its price comes from */
    enum line_reason reason;
    civil_day from_on;
    civil_day to_on; /* half-open */
    int64_t quantity;
    struct unit_price unit;
    int step; /* tier step, from 0 */
    int64_t days;
    int64_t of_days;
    struct money amount;
    struct money left; /* of a charge: what no credit has undone yet */
    struct tax_rule tax;
    const char *undoes; /* id of the line, or NULL */
    bool in_force;      /* bills the present period of its subscription */
    int64_t position;   /* place in the document, from 1 */
    enum row row;
};

/* Tax of one category and rate on a document. `left` is the sum of its charge lines that no
 * credit has undone; a later credit's tax follows from it (rules §6). */
struct document_tax {
    struct tax_rule rule;
    struct money net; /* of all lines of this rule, charges and credits */
    struct money tax;
    struct money left;
};
enum { DOCUMENT_TAXES_MAX = 16 };

LIST_TYPE(line_list, struct line);

struct document {
    const char *id;
    const char *account;
    const char *order; /* whose document it is (rules §6, classic), or NULL */
    const char *payment_method;
    enum document_type type;
    enum document_state state;
    civil_day issued_on;
    instant issued_at;
    struct money net;
    struct money tax;
    struct money total;       /* credit notes: negative here */
    struct money unpaid;      /* of an invoice */
    struct money credit_used; /* credit balance used at issue, and credits that lowered it */
    civil_day due_on;
    civil_day paid_on;        /* the day nothing was left unpaid; DAY_NONE */
    struct money written_off; /* what the seller gave up of it: not unpaid any more, nor paid */
    instant listed_at;        /* since when it is listed for write-off (rules §4); INSTANT_NONE */
    const char *purchase_order;
    const char *series;     /* "live" or "test" */
    int64_t number;         /* within series, type and year; 0: not given yet */
    struct line_list lines; /* empty for a document loaded without them */
    struct document_tax taxes[DOCUMENT_TAXES_MAX];
    size_t tax_count;

    /* Collecting (rules §7, Unpaid). */
    instant first_failed_at; /* INSTANT_NONE: never */
    int retries;             /* made so far after the first failure */
    instant next_attempt_at; /* INSTANT_NONE: none */
    bool given_up;           /* disabled for non-payment: only Pay balance remains */

    int64_t version;
    enum row row;
};

LIST_TYPE(document_list, struct document);

/* Adds the credit that undoes the unused days of a charge line from `from_on` on (rules §6):
 * the same formula with the line's own figures, never more than what is left of it. Changes
 * nothing but the document: invoice_apply_credits does, when the document is issued. Returns
 * NULL when there is nothing to undo. */
struct line *invoice_add_credit(struct context *cx, struct document *document,
                                const struct line *undone, civil_day from_on,
                                enum line_reason reason);

/* Documents and lines that exist already, to find what credits undo. */
struct document_source {
    struct document *const *documents;
    size_t document_count;
    struct line *const *lines;
    size_t line_count;
};

/* Computes net, tax per rule, total and type, and numbers the lines. A credit's share of tax is
 * the tax of the undone document's charge lines left after, minus before (rules §6). Changes
 * nothing but the document. */
void invoice_total(struct document *document, const struct document_source *earlier);

/* Takes what the document's credits undo from what is left of the undone lines and of their
 * documents' tax rows, and ends those lines' being in force. Called once, when it is issued. */
void invoice_apply_credits(const struct document *document, const struct document_source *earlier);

/* Sorts lines as formats says: by family (the parent's name), parent first, children by name;
 * within one subscription credits, then charges by tier step, then setup. `names` gives the
 * sort keys of a line's subscription. */
struct line_key {
    const char *family;
    bool is_child;
    const char *name;
};
void invoice_sort_lines(struct document *document,
                        struct line_key (*key)(const void *source, const struct line *line),
                        const void *source);

const char *line_reason_format(enum line_reason reason);
bool line_reason_parse(const char *text, enum line_reason *ret_reason);
const char *document_type_format(enum document_type type);
bool document_type_parse(const char *text, enum document_type *ret_type);

/* The number as people read it: "FA-2026-000042", "AV-…" for credit notes, "T" before it in
 * the test series; NULL while it has none. */
const char *invoice_number_format(struct arena *arena, const struct document *document);

/* What a number names, as far as it was typed: "FA-2026-000042", or "42" alone. */
struct document_number {
    const char *series; /* "" for any */
    const char *type;   /* "" for any */
    int64_t year;       /* 0 for any */
    int64_t number;
};
/* False for what is no number of a document. Capital letters and zeros are not asked for. */
bool invoice_number_parse(const char *text, struct document_number *ret_number);

/* Where a document that was sent stands, for people. */
enum document_standing {
    STANDING_PAID,
    STANDING_OPEN,        /* not due yet, or its charge is under way */
    STANDING_OVERDUE,     /* a charge failed, or it was due */
    STANDING_WRITTEN_OFF, /* the seller gave it up */
    STANDING_CREDITED,    /* a credit note */
};
enum document_standing invoice_standing(const struct document *document, civil_day today);
