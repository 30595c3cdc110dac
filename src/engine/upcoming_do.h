/* What a billing account will be charged in the months to come, if nothing changes (product,
 * Upcoming charges): the engine itself, run ahead on a copy of the customer's rows. */
#pragma once

#include "engine/ahead.h"

enum { UPCOMING_MONTHS = 12 }; /* when nobody says how many */

struct upcoming_charge {
    const struct document *invoice; /* issued already, or as it will be */
    bool is_issued;
    civil_day charge_on; /* when the money is asked for, or expected */
};
LIST_TYPE(upcoming_charge_list, struct upcoming_charge);

struct upcoming {
    struct upcoming_charge_list charges; /* by the day of the charge */
    civil_day until_on;                  /* all that is issued before it is there */
};

/* Looks `months` ahead of cx->now. Errors: ERR_NOT_FOUND for the account. */
enum err upcoming_load(struct context *cx, const char *account, int64_t months,
                       struct upcoming *ret_upcoming);
