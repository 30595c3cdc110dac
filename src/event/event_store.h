/* Rows of events. */
#pragma once

#include "base/context.h"
#include "event/event.h"

/* Writes an event with its number, which the caller counts on without gaps. */
enum err event_insert(struct context *cx, const struct event *event, int64_t seq);

/* An event as it is kept. */
struct event_row {
    int64_t seq;
    struct event event;
    const char *actor; /* usr_… or key_…; "" for the engine and the operator */
    instant created_at;
};
LIST_TYPE(event_row_list, struct event_row);

/* Lists at most `limit` events of the customer with a number above `after`, in their order. */
enum err event_list_page(struct context *cx, int64_t after, int64_t limit,
                         struct event_row_list *list);
