/* What the customer has of each offer, counted once for a whole list. Private to eligibility/. */
#pragma once

#include "eligibility/eligibility.h"

/* What counts (rules §2, Held). */
enum sense {
    HELD,        /* for `requires` and as a base: active, not past due, not a trial */
    NOT_DELETED, /* for `excludes`, `limit_per_customer` and `per_base` */
    SENSE_COUNT
};

/* How many holdings of one offer there are, in each sense. */
struct tally {
    uint32_t customer[SENSE_COUNT]; /* on all accounts */
    uint32_t as_base[SENSE_COUNT];  /* on the account that pays; of the base alone that an order
                                       names */
    uint32_t first_base;            /* where those held begin in `bases` */
    int64_t seats;                  /* quantities of those held, on all accounts */
};

/* A holding and its offer's place in the catalogue. */
struct held_item {
    const struct holding *holding;
    uint32_t offer;
};

struct held {
    struct tally *tallies;   /* by the offer's place */
    struct held_item *bases; /* held on the account that pays, by offer, then by name */
    size_t base_count;
    struct held_item *children; /* not deleted, by offer, then by parent */
    size_t child_count;
};

/* Counts the holdings of `input`. `base` and `self` are those of eligibility_judge. */
struct held held_count(struct context *cx, const struct eligibility_input *input,
                       const struct holding *base, const struct holding *self);

/* How many subscriptions of an offer a base carries (rules §1, `per_base`). */
int64_t held_on_base(const struct held *held, const struct offer *offer,
                     const struct holding *base);

/* Says whether the holding counts for what starts on `start_on`, in that sense. */
bool holding_counts(const struct holding *holding, enum sense sense, civil_day start_on);

/* The day from which the offer would be held: the cart line's start, else today. */
civil_day judged_start(const struct eligibility_input *input, const struct holding *self);

/* Sorts by name. */
void held_sort_by_name(struct held_item *items, size_t count);

/* The offers whose seats a percentage counts (rules §1). */
const struct offer_ids *quantity_seat_offers(const struct offer *offer);
/* The bounds of a quantity beside that many seats. */
struct quantity_bounds quantity_bounds_beside(const struct offer *offer, int64_t seats);
