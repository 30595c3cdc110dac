/* Reasons against one offer, while they are being found. Private to eligibility/. */
#pragma once

#include "eligibility/eligibility.h"

/* Offers that a reason names are kept as places, sorted: unique and in catalogue order. */
struct reason_list {
    const struct catalog *catalog;
    size_t count;
    enum reason_code codes[REASON_COUNT];
    size_t first_offer[REASON_COUNT]; /* where each reason's offers begin in `offers` */
    uint32_t *offers;
    size_t offer_count;
    size_t capacity;
    struct arena *arena;
};

struct reason_list *reason_list_create(struct context *cx, const struct catalog *catalog);
void reason_list_clear(struct reason_list *list);

/* Adds a reason; it names no offer yet. */
void reason_add(struct reason_list *list, enum reason_code code);
/* The last reason concerns this offer, too. */
void reason_name_offer(struct reason_list *list, uint32_t offer);

/* Writes the reasons into an answer that has none. */
void reason_list_copy(struct context *cx, const struct reason_list *list,
                      struct availability *answer);
