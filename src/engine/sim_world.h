/* A simulation under way. Private to sim_*_do.c. */
#pragma once

#include "catalog/catalog.h"
#include "engine/command.h"
#include "engine/sim.h"
#include "payment/provider.h"

enum {
    SIM_SLOTS = 8,     /* customers alive at a time */
    SIM_LIFE_MIN = 60, /* steps of a customer */
    SIM_LIFE_MAX = 240,
    SIM_VERSIONS_MAX = 30,
};

/* A world is one seller after another, each with a store that is empty at first: so neither the
 * memory nor the work of a step grows with the number of steps. */

/* A place for a customer; when one has had its steps, another signs up. */
struct sim_slot {
    const char *customer; /* NULL: nobody yet */
    bool is_broken;       /* something did not hold: it is left alone */
    int64_t steps_left;
    int64_t version; /* of its row when it was looked at last */
    instant now;     /* of those who live by a test clock */
    struct provider_world providers;
};

struct sim_world {
    const struct sim_options *options;
    struct sim_result *result;
    struct context cx;          /* of one attempt; its arena lasts that long */
    struct arena *arena;        /* of what lives as long as the world */
    struct arena *step_arena;   /* of what a step decided */
    struct arena *answer_arena; /* of the caller: violations */
    struct sim_slot slots[SIM_SLOTS];
    struct sim_slot *slot; /* whose step it is */
    struct sim_dice dice;  /* of the step */
    int64_t step;
    int64_t seller;  /* from 0; -1: none yet */
    int64_t form;    /* the seed of what the seller is like */
    int64_t version; /* of the catalogue published last */
    instant wall;
};

/* What a step came to: something to do, as often as it takes. Its texts live as long as the step.
 * `run` is given the world's context, and leaves in `order` what has to be paid after it. */
struct sim_act {
    enum err (*run)(struct sim_world *world, struct sim_act *act); /* NULL: nothing */
    bool is_keyed;     /* one transaction under an idempotency key, as a server's write */
    bool is_stoppable; /* the process may stop in the middle */
    bool is_of_all;    /* concerns all who live in real time */
    struct command command;
    const char *text;
    int64_t number;
    const char *order; /* ord_… that waits for its payment */
    bool is_to_settle; /* a provider was asked for money */
    enum err outcome;  /* OK or the refusal */
};

/* Begins an attempt: an empty arena, now, and ids of its own. */
void sim_begin(struct sim_world *world, int64_t attempt);
instant sim_now(const struct sim_world *world);
/* A context to look at the slot's rows with; what it loads lives as long as the step. */
struct context sim_look(const struct sim_world *world);
/* Notes that something does not hold; the customer of the step is left alone from then on. */
void sim_violate(struct sim_world *world, const char *check, const char *where);
/* Says whether the rules refused; every other error is one of the store or of the program. */
bool sim_is_refusal(enum err err);

/* sim_stop_do.c: does what a step came to, with a stop of the process now and then, and looks
 * whether what was lost vanished whole and what was done again was done once. */
enum err sim_perform(struct sim_world *world, struct sim_act *act);

/* sim_command_do.c: runs act->command through the engine. sim_review_do.c: the same through a
 * review, whose preview has to be what happens. */
enum err sim_run_command(struct sim_world *world, struct sim_act *act);
enum err sim_run_review(struct sim_world *world, struct sim_act *act);

/* A kind of step: how often it comes, and what it does. Either `make` gives the engine's command
 * (kind COMMAND_DUE: nothing to do), which may be reviewed first, or `act` fills in the act. */
struct sim_kind {
    const char *name;
    int weight;
    enum err (*make)(struct sim_world *world, struct command *command);
    enum err (*act)(struct sim_world *world, struct sim_act *act);
};
extern const struct sim_kind SIM_COMMANDS[]; /* sim_command_do.c */
extern const struct sim_kind SIM_OTHERS[];   /* sim_step_do.c; both end without a name */

/* sim_record_do.c: writes down a step that is about to be done, and that somebody signed up. */
enum err sim_record_step(struct sim_world *world, const struct sim_kind *kind,
                         const struct sim_act *act);
void sim_record_sign_up(struct sim_world *world);

/* sim_step_do.c: somebody signs up in the slot. */
enum err sim_sign_up(struct sim_world *world);
/* sim_step_do.c: publishes the next version. */
enum err sim_publish(struct sim_world *world);
enum err sim_act_publish(struct sim_world *world, struct sim_act *act);
/* sim_check_do.c: what the step touched; and everything. */
enum err sim_check_slot(struct sim_world *world, struct sim_slot *slot);
/* The same of the slot of the step, unless the engine has left it alone since it was looked at. */
enum err sim_check_moved(struct sim_world *world);
enum err sim_check_all(struct sim_world *world);
/* The facts of the step's customer, or of all in real time (sim_store.h). */
enum err sim_take_facts(struct sim_world *world, const struct sim_act *act, uint64_t *ret_facts);
