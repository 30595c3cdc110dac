/* Rows of scheduled changes. */
#pragma once

#include "subscription/schedule.h"

/* Loads those of one subscription, or with NULL all of the customer, oldest first. */
enum err schedule_load(struct context *cx, const char *subscription, struct schedule_list *list);
/* Writes what a decision did to it, by its row mark. */
enum err schedule_save(struct context *cx, struct scheduled_change *change);
