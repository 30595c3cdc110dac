/* The doctor recomputes every invariant of the rules from the rows of a store (formats,
 * Self-checks). It only reads. */
#pragma once

#include "engine/doctor.h"

/* Examines the whole store of `cx`, one customer after another; what someone writes meanwhile is
 * looked at again. Faults are in the arena of `cx`. Errors: those of the store. */
enum err doctor_run(struct context *cx, struct doctor *ret_doctor);
/* Examines cx->customer alone. */
enum err doctor_run_customer(struct context *cx, struct doctor *ret_doctor);
/* The same, but for what its documents froze: nothing touches that, and it takes longest. */
enum err doctor_run_customer_rows(struct context *cx, struct doctor *ret_doctor);

/* The name of a check, by its place; NULL after the last. */
const char *doctor_check_name(size_t index);

/* Examines the whole store and prints what does not hold, then "books are right" or how many
 * faults there are; or as JSON. ERR_INTERNAL, with no fault left to be told, when they are not
 * right. */
enum err doctor_print(struct context *cx, bool as_json);
