/* Why a subscription was cancelled, in the customer's words: nobody has to say, and it is kept
 * beside the history. Pure. */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"
#include "base/row.h"

enum cancel_reason {
    CANCEL_REASON_NONE,
    CANCEL_REASON_FIRST,
    CANCEL_COST = CANCEL_REASON_FIRST,
    CANCEL_UNUSED,
    CANCEL_LACKS,    /* something that it does not do */
    CANCEL_REPLACED, /* by another product */
    CANCEL_SUPPORT,  /* not helped well enough */
    CANCEL_CLOSES,   /* what it was for comes to an end */
    CANCEL_OTHER,
    CANCEL_REASON_COUNT
};

struct cancellation {
    const char *subscription;
    bool at_end; /* else at once */
    enum cancel_reason reason;
    const char *feedback; /* NULL: none */
    const char *by;       /* who asked */
    civil_day on;
    instant at;
    enum row row;
};
LIST_TYPE(cancellation_list, struct cancellation);

/* Their names from CANCEL_REASON_FIRST on; NULL at the end. */
extern const char *const CANCEL_REASONS[];

/* As stores and the API say them; NULL for none. */
const char *cancel_reason_format(enum cancel_reason reason);
bool cancel_reason_parse(const char *text, enum cancel_reason *ret_reason);
