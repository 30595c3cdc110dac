/* Use cases of licences: assign, take away, and how many there are (rules §5). */
#pragma once

#include "engine/engine_do.h"
#include "license/license.h"

/* Assigns or takes away (`command` is COMMAND_ASSIGN or COMMAND_UNASSIGN with its request). A user
 * that is written as a person's id is one of the customer: else ERR_NOT_FOUND. */
enum err license_change(struct context *cx, const struct command *command, struct engine_run *run);

/* Assigns and takes away in one transaction: all of it or, when any is refused, nothing. What names
 * no subscription is left out. First what is given: a base licence whose place another takes may
 * then go. */
enum err license_exchange(struct context *cx, const struct license_request *given,
                          const struct license_request *taken);

/* The licences of one subscription, counted. */
struct license_count {
    const struct subscription *sub;
    int64_t total; /* 0 once its state lets nobody use it */
    int64_t assigned;
    int64_t available;    /* that can be assigned now */
    int64_t too_many;     /* assigned beyond the total; they stay until `removed_on` */
    civil_day since;      /* of the conflict; DAY_NONE: there is none */
    civil_day removed_on; /* the day on which those too many are taken away */
};
LIST_TYPE(license_count_list, struct license_count);

/* Counts those of every subscription of user scope that is not deleted, by offer, then id. */
enum err license_count_all(struct context *cx, struct license_count_list *list);
/* Counts those of one, without the days of what is disabled. */
struct license_count license_count_one(const struct subscription *sub);
