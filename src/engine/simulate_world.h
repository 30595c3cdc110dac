/* A simulation under way. Private to simulate_do.c and simulate_observe_do.c. */
#pragma once

#include "engine/command.h"
#include "engine/simulate.h"
#include "engine/simulate_result.h"
#include "payment/provider.h"

struct simulate_world {
    const struct simulation *simulation;
    struct context cx;   /* the customer's; its arena lasts for one piece of work only */
    struct arena *arena; /* of the result */
    const char *account;
    struct provider_world providers;
    struct simulation_result result;
    const char **ret_wrong; /* the first thing that does not hold; NULL: nobody looks */
};

/* A new piece of work at an instant: what the one before used of memory is gone. */
void simulate_begin(struct simulate_world *world, instant at);

/* Says whether the rules refused; every other error ends the simulation. */
bool simulate_is_refusal(enum err err);
/* The refusal of a step as its result has it; no fault is left. */
struct shown_refusal *simulate_take_refusal(struct simulate_world *world, const struct step *step);

/* The engine's command for a step; `ret_is_one` says whether there is one. Errors:
 * ERR_NOT_SUPPORTED_YET, and ERR_NOT_FOUND for a name whose order was refused. */
enum err simulate_command(struct simulate_world *world, const struct step *step,
                          struct command *ret_command, bool *ret_is_one);

enum err simulate_observe_available(struct simulate_world *world, const struct step *step);
enum err simulate_observe_preview(struct simulate_world *world, const struct step *step);
/* Fills in all but refusals and observations. */
enum err simulate_gather(struct simulate_world *world);
