/* Subscriptions as the API shows them. Pure. */
#pragma once

#include "base/json.h"
#include "subscription/schedule.h"
#include "subscription/subscription.h"

/* Writes the members of a subscription into the open object. */
void subscription_put(struct json_writer *w, const struct subscription *sub);
/* Writes a step of its history. */
void subscription_change_encode(struct json_writer *w, const struct subscription_change *change);
/* Writes a change that waits for the renewal, which is on `on`. */
void scheduled_change_encode(struct json_writer *w, const struct scheduled_change *change,
                             civil_day on);
/* Writes the plan: offer, term and billing. */
void subscription_put_plan(struct json_writer *w, const struct subscription *sub);
