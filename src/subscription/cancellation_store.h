/* Rows of cancellations. */
#pragma once

#include "subscription/cancellation.h"

enum err cancellation_save(struct context *cx, struct cancellation *cancellation);
/* Loads those of a subscription, oldest first. */
enum err cancellation_load(struct context *cx, const char *subscription,
                           struct cancellation_list *list);
