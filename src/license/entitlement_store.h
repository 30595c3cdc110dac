/* Reading what grants a customer its features. */
#pragma once

#include "base/context.h"
#include "license/entitlement.h"

/* Loads the subscriptions of cx->customer that work: one indexed read, never from a cache. The
 * catalogue versions they are pinned to come from the cache of the parsed ones. */
enum err entitlement_load_sources(struct context *cx, struct entitlement_source **ret_sources,
                                  size_t *ret_count);
