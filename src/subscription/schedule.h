/* Changes that wait for the renewal (rules §4): of one kind, one for each subscription. Pure. */
#pragma once

#include "base/context.h"
#include "base/list.h"
#include "base/period.h"
#include "base/row.h"

enum schedule_kind { SCHEDULE_QUANTITY, SCHEDULE_PLAN, SCHEDULE_BILLING, SCHEDULE_END };

struct scheduled_change {
    const char *id;
    const char *subscription;
    enum schedule_kind kind;
    int64_t quantity;      /* SCHEDULE_QUANTITY: the new total */
    const char *offer;     /* SCHEDULE_PLAN, else NULL */
    enum term term;        /* SCHEDULE_BILLING, and with a plan; TERM_NONE: not said */
    enum billing billing;  /* BILLING_NONE: not said */
    const char *ends_with; /* SCHEDULE_END: sub_…, or a month "2026-06"; else NULL */
    instant created_at;
    enum row row;
};
LIST_TYPE(schedule_list, struct scheduled_change);

const char *schedule_kind_format(enum schedule_kind kind);
bool schedule_kind_parse(const char *text, enum schedule_kind *ret_kind);
