/* The life of one customer of a random world, as a file that `annex simulate` runs (formats,
 * Simulation). It is the same as far as that format goes: one account, no stops, no reviews, no
 * answers of a provider but yes and no. */
#pragma once

#include "base/list.h"
#include "customer/customer.h"
#include "engine/command.h"
#include "subscription/subscription.h"

/* A step, as JSON, and the account it concerns; NULL: all of them. */
struct sim_timeline_step {
    const char *account;
    const char *json;
};
LIST_TYPE(sim_timeline_steps, struct sim_timeline_step);

struct sim_timeline {
    int64_t slot; /* in: whose */
    struct arena *arena;
    const char *catalog; /* on sale when the customer signed up */
    struct account_list accounts;
    struct account_list paid_by_card; /* those of them */
    struct sim_timeline_steps steps;
    instant last_at;
};

/* Begins anew: somebody else has signed up. */
void sim_timeline_begin(struct sim_timeline *timeline, const char *catalog);
/* Adds a command; `held` has what its ids name. One that the format does not know lets time go
 * on. */
void sim_timeline_command(struct sim_timeline *timeline, instant at, const struct command *command,
                          const struct subscription_list *held);
void sim_timeline_publish(struct sim_timeline *timeline, instant at, const char *catalog);
void sim_timeline_payments(struct sim_timeline *timeline, instant at, bool fail);
void sim_timeline_run(struct sim_timeline *timeline, instant at);

/* The file, for one of the accounts; of the steps those that are `kept` (NULL: all). */
const char *sim_timeline_print(struct arena *arena, const struct sim_timeline *timeline,
                               const struct account *account, const bool *kept);
