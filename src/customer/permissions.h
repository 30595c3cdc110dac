/* Permissions, as bits of `actor.permissions` and of the routes; the table is permissions.def. */
#pragma once

#include <stdint.h>

#include "customer/customer.h"

/* Does whoever asks have all of these? */
static inline bool actor_may(const struct context *cx, uint64_t permissions)
{
    return (cx->actor.permissions & permissions) == permissions;
}

enum permission {
#define PERMISSION(name, bit, text, scope, place, organization, agreement, seller)                 \
    PERM_##name = 1 << (bit),
#include "customer/permissions.def"
#undef PERMISSION
};

/* What a role may do; what all the roles in a set of bits (1 << role) may do together. */
uint64_t role_permissions(enum role role);
uint64_t roles_permissions(uint32_t roles);

/* The roles of a place, as bits, each of which has all of these permissions. */
uint32_t permissions_roles(uint64_t permissions, enum role_place place);

/* What a key with these scopes may do at most: "read", or "write", which is everything. */
uint64_t scopes_permissions(const char *scopes);

/* The permissions that are about one organisation. */
uint64_t customer_permissions(void);
