/* What happens to licences besides assigning and taking away: freed, in conflict, cut down to
 * what is owned (rules §5). Pure. */
#pragma once

#include "engine/decide.h"

/* Refuses a request as assigning it would, and changes nothing; for pages, which say beforehand
 * what cannot be. The licences of its users are in the state. */
enum err assign_check(struct context *cx, const struct state *state,
                      const struct license_request *request);

/* Refuses a quantity below what is assigned, saying how many to unassign. For every quantity that
 * a command sets now; what is set for the renewal opens a conflict instead. */
enum err assign_check_quantity(struct context *cx, const struct subscription *sub,
                               int64_t quantity);

/* Frees all licences of a subscription, which are in the state (asserted). */
void assign_free(struct context *cx, struct state *state, struct subscription *sub);

/* Opens a conflict where a decision left more assigned than owned, and more so than before; closes
 * it where that is over. */
void assign_note_conflicts(struct context *cx, struct state *state,
                           const struct decision *decision);

/* When a conflict's time is over; DAY_NONE: there is none. */
civil_day assign_cut_on(const struct subscription *sub);
/* Takes the newest licences away, as many as are too many, and with each of a base's the same
 * person's of the add-ons that need it. The customer's licences are in the state. */
void assign_cut(struct context *cx, struct state *state, struct subscription *sub);
