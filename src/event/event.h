/* The outbox: what happened, in the past tense ("subscription.created"), numbered without gaps
 * per organisation, written in the transaction that made it happen (api, Events). */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"

struct event {
    const char *id;
    const char *type;
    const char *subject;  /* id of what it happened to */
    const char *data;     /* JSON object */
    const char *previous; /* JSON object of values before, or NULL */
};

LIST_TYPE(event_list, struct event);
