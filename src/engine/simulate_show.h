/* From the rows of the engine to what a simulation shows. Private to simulate_*_do.c. Everything
 * is copied to `arena`, which outlives the step. */
#pragma once

#include "engine/simulate_result.h"
#include "engine/state.h"

/* Subscriptions with those they are found by, sorted by id. */
struct show_source {
    struct subscription **by_id;
    size_t count;
};

/* `list` may be sorted by anything. */
struct show_source show_source_of(struct context *cx, const struct subscription_list *list);

struct shown_document *show_document(struct arena *arena, const struct show_source *source,
                                     const struct document *document, bool is_preview);
struct shown_subscription *show_subscription(struct arena *arena, const struct show_source *source,
                                             const struct subscription *sub);
/* A refusal with all reasons of the fault. */
struct shown_refusal *show_refusal(struct arena *arena, const struct fault *fault);

/* What `available` observes: the whole answer of rules §2 as JSON, in the arena of `cx`. */
const char *show_available(struct context *cx, const struct state *state);
