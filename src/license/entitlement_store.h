/* Reading what grants a customer its features. */
#pragma once

#include "base/context.h"
#include "license/entitlement.h"

/* Loads the subscriptions of cx->customer that work, or with a user those that work for that user
 * (entitlement.h): one indexed read, never from a cache. The
 * catalogue versions they are pinned to come from the cache of the parsed ones. */
enum err entitlement_load_sources(struct context *cx, const char *user,
                                  struct entitlement_source **ret_sources, size_t *ret_count);
