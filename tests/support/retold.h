/* Rules §2 told a second time, slowly and straight from its text; it shares nothing with
 * eligibility.c. */
#pragma once

#include "support/world.h"

/* One question: an offer, the base an order names (or NULL), the cart's line (or NULL). */
struct question {
    const struct world *world;
    const struct offer *offer;
    const struct holding *base;
    const struct holding *line;
};

/* The answer, as world_print writes it. */
const char *retold_print(struct arena *arena, const struct question *q);

/* Whether the customer has that offer, active or at all. */
bool retold_has(const struct question *q, const char *offer, bool active);
/* Whether the offer has to be connected to a base. */
bool retold_is_connected(const struct question *q);
/* Whether the holding could be the base, in the account that pays. */
bool retold_could_be_base(const struct question *q, const struct holding *holding, bool active);
bool retold_any_of_is_met(const struct question *q, bool active);
bool retold_all_of_is_met(const struct question *q, bool active);
/* How many of the offer are not deleted; on that base alone, unless it is NULL. */
size_t retold_count(const struct question *q, const char *parent);
bool retold_has_price(const struct question *q, const struct holding *base);
