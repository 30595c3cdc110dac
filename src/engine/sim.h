/* The simulation of a whole seller: a random world whose every choice follows from a seed
 * (formats, Self-checks). Pure: dice, catalogues, orders. sim_do.h runs it.
 *
 * A step has its own dice, which follow from the seed and its number alone. So a step may be left
 * out and the others still throw what they threw, which is what shrinking a failure needs.
 */
#pragma once

#include "base/list.h"
#include "catalog/catalog.h"
#include "customer/customer.h"
#include "order/order.h"

enum {
    SIM_SELLER_STEPS = 5000, /* for one seller; the next one begins with an empty store */
    SIM_REAL_TIME = 2,       /* the first so many slots live by the clock on the wall */
};

struct sim_timeline;

/* Which steps are done; the others are left out, as if nobody had come. */
struct sim_options {
    int64_t seed;
    int64_t steps;        /* numbered from 0 */
    const char *store;    /* an empty one; NULL: one in memory */
    const bool *included; /* of each step; NULL: all */
    bool is_brief;        /* ends with the first violation; the whole doctor only at the end */
    struct sim_timeline *ret_timeline; /* of one customer (sim_timeline.h); NULL: not asked */
    signed char *ret_slots; /* of each step: whose it was; -1: it concerned all. NULL: not asked */
};

/* Something that does not hold. */
struct sim_violation {
    int64_t step;
    const char *check; /* "doctor line_amount", "stop", "preview", … */
    const char *where; /* whose, and what was expected */
    int64_t slot;      /* of the customer in its time; -1: of no one */
};
LIST_TYPE(sim_violation_list, struct sim_violation);

struct sim_result {
    int64_t steps;
    int64_t commands; /* given to the engine, refused ones too */
    int64_t faults;   /* stops of the process */
    uint64_t digest;
    int64_t violation_count;
    struct sim_violation_list violations; /* the first of them, in the arena of the caller */
};
enum { SIM_VIOLATIONS_MAX = 20 };

/* Dice: SplitMix64. */
struct sim_dice {
    uint64_t state;
};

/* What the dice are thrown for; each has its own, so that none disturbs another. */
enum sim_stream { SIM_WORLD, SIM_CATALOG, SIM_STEP, SIM_STOP, SIM_IDS };

struct sim_dice sim_dice_of(int64_t seed, enum sim_stream stream, int64_t number);
uint64_t sim_throw(struct sim_dice *dice);
/* 0 to below - 1; below is positive. */
int64_t sim_below(struct sim_dice *dice, int64_t below);
/* min to max, both included. */
int64_t sim_between(struct sim_dice *dice, int64_t min, int64_t max);
/* True `part` times of `whole`. */
bool sim_chance(struct sim_dice *dice, int64_t part, int64_t whole);

/* Takes a 64-bit value, or a text, into a digest. */
uint64_t sim_mix(uint64_t digest, uint64_t value);
uint64_t sim_mix_text(uint64_t digest, const char *text);

/* sim_catalog.c: the text of a catalogue. Offers and how they depend on each other follow from
 * the seed; prices, what has reached its end of sale and what is gone from `version` too. */
const char *sim_catalog(struct arena *arena, int64_t seed, int64_t version);
/* One of the currencies the seller sells in. */
const char *sim_currency(struct sim_dice *dice, int64_t seed);

/* Signing up: an organisation with its first account, and further accounts. */
struct organization_request sim_organization(struct sim_dice *dice, struct arena *arena,
                                             int64_t seed);
struct account_request sim_account(struct sim_dice *dice, int64_t seed);

/* How far a clock jumps: mostly minutes to days, sometimes months. Milliseconds. */
int64_t sim_jump_ms(struct sim_dice *dice);

/* What an order is made from. */
struct sim_shelf {
    const struct catalog *catalog; /* on sale */
    const struct account *account;
    const struct subscription_list *held; /* on all accounts */
    const char *name;                     /* of the step: its lines are called "NAME.0", … */
    civil_day today;
};

/* sim_order.c: an order such as people place: a base with add-ons, an add-on to what is held, a
 * trial; now and then one that has to be refused. */
struct subscription_list;
struct order_request sim_order(struct sim_dice *dice, struct arena *arena,
                               const struct sim_shelf *shelf);
/* A new quantity for something held: mostly one that the offer allows. */
int64_t sim_quantity(struct sim_dice *dice, const struct offer *offer, int64_t now);
