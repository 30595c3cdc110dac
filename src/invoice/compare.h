/* Why one bill differs from another: named causes that add up to the difference, exactly. Pure. */
#pragma once

#include "base/list.h"
#include "invoice/invoice.h"

/* In the order in which they are told of one subscription. */
enum bill_cause_kind {
    CAUSE_ADDED,     /* bought, or come back: not on the bill before */
    CAUSE_ENDED,     /* removed, cancelled or at its end: not on this bill */
    CAUSE_PLAN,      /* another offer */
    CAUSE_FREQUENCY, /* another billing frequency */
    CAUSE_QUANTITY,
    CAUSE_PRICE,       /* of a later version */
    CAUSE_BOTH,        /* price and quantity, where tiers do not let them be told apart */
    CAUSE_PART_BEFORE, /* the bill before was for a part of a period */
    CAUSE_PART_AFTER,  /* this one is */
    CAUSE_SETUP,       /* charged once */
    CAUSE_UNDONE,      /* what lines of earlier bills gave back */
    CAUSE_TAX_RATE,    /* another rate or treatment */
    CAUSE_TAX,         /* the tax on all these */
    CAUSE_CREDIT,      /* credit that lowered what was to be paid */
    CAUSE_COUNT
};

struct bill_cause {
    enum bill_cause_kind kind;
    const char *subscription;  /* NULL: of the whole bill */
    const struct line *before; /* the first line that bills it, or NULL */
    const struct line *after;
    int64_t quantity_before;
    int64_t quantity_after;
    struct money amount; /* never zero */
};
LIST_TYPE(bill_cause_list, struct bill_cause);

/* What is to be paid of a bill, or given back: its total without the credit that lowered it. */
struct money compare_to_pay(const struct document *document);

/* Adds the causes; their sum is compare_to_pay(after) − compare_to_pay(before). Both are of one
 * currency, and have their lines. */
void compare_bills(struct arena *arena, const struct document *before, const struct document *after,
                   struct bill_cause_list *causes);

const char *bill_cause_format(enum bill_cause_kind kind);
