/* The doctor: what it looks at, and what it found (formats, Self-checks). Pure.
 *
 * A check is a row of a table: a name, and a statement that returns what is wrong or a function
 * that looks for it. doctor_*_store.c hold the tables, doctor_do.h runs them. */
#pragma once

#include "base/context.h"
#include "base/list.h"

/* What does not hold. */
struct doctor_fault {
    const char *check; /* its name */
    const char *where; /* the row, and whose it is */
    const char *expected;
    const char *found;
};
LIST_TYPE(doctor_fault_list, struct doctor_fault);

enum doctor_count {
    DOCTOR_CATALOGS,
    DOCTOR_CUSTOMERS,
    DOCTOR_ACCOUNTS,
    DOCTOR_SUBSCRIPTIONS,
    DOCTOR_ORDERS,
    DOCTOR_DOCUMENTS,
    DOCTOR_LINES,
    DOCTOR_PAYMENTS,
    DOCTOR_POSTINGS,
    DOCTOR_EVENTS,
    DOCTOR_COUNT_COUNT
};

struct doctor {
    struct arena *arena;             /* of the faults, which outlive the work on one customer */
    struct doctor_fault_list faults; /* the first DOCTOR_FAULTS_MAX of them */
    int64_t fault_count;
    int64_t checked[DOCTOR_COUNT_COUNT]; /* rows looked at */
    const char *check;                   /* the one that runs */
    bool skips_frozen;                   /* takes the frozen texts of documents for right */
};

struct doctor_check {
    const char *name;
    /* A statement for one customer ($1), or for the whole store: each row it returns is a fault:
     * where, expected, found, all texts. NULL: `run` looks. */
    const char *sql;
    enum err (*run)(struct context *cx, struct doctor *doctor);
};

/* Notes a fault of the check that runs. The texts are copied. */
void doctor_note(struct doctor *doctor, const char *where, const char *expected, const char *found);
/* The same with two integers, when they differ. */
void doctor_compare(struct doctor *doctor, const char *where, int64_t expected, int64_t found);

/* "documents", as the report names it. */
const char *doctor_count_name(enum doctor_count count);
