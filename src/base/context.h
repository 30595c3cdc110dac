/* What every function of one unit of work (a request, a command, a job item) carries. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/id.h"

struct db;
struct catalog_cache;
struct seller;
struct provider_world;

enum actor_kind {
    ACTOR_NONE,
    ACTOR_PERSON,   /* a person of the customer, by session or by a key of theirs */
    ACTOR_STAFF,    /* a person of the seller */
    ACTOR_ENGINE,   /* work that fell due */
    ACTOR_OPERATOR, /* who runs the command line on the machine */
};

/* Who asks, and what they may do. */
struct actor {
    enum actor_kind kind;
    const char *id;       /* usr_… or key_…; "" for the engine and the operator */
    const char *customer; /* org_… they act in; "" for none */
    uint64_t permissions; /* bits of customer/permissions.def */
    bool changes_billing; /* may change term and billing frequency (rules §8) */
    bool live;            /* key or session of the live mode */
};

/* `now` is the business time of the customer, `wall` the time of the clock on the wall
 * (rules §0). Both are milliseconds since 1970 UTC. Neither is read anywhere else. */
struct context {
    struct arena *arena;
    struct db *db;
    int64_t now;
    int64_t wall;
    struct actor actor;
    const char *customer; /* org_… whose rows this work touches */
    const char *language; /* "en" or "fr" */
    struct fault fault;
    struct id_source ids;
    struct catalog_cache *catalogs;         /* parsed catalogue versions, shared, immutable */
    const struct seller *seller;            /* the seller's settings, read once */
    const struct provider_world *providers; /* what sandboxes are told to do; NULL: as usual */
    const char *cause; /* what the rows written are due to: "ord_…", "run", … */
};
