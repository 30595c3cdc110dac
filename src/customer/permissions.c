#include "customer/permissions.h"

enum { SCOPE_READ, SCOPE_WRITE };
enum { PLACE_ANY, PLACE_CUSTOMER };

static const struct permission_row {
    enum permission permission;
    int scope;
    int place;
    const char *holders[3]; /* by enum role_place */
} PERMISSIONS[] = {
#define PERMISSION(name, bit, text, scope, place, organization, agreement, seller)                 \
    {PERM_##name, SCOPE_##scope, PLACE_##place, {organization, agreement, seller}},
#include "customer/permissions.def"
#undef PERMISSION
};

enum { PERMISSION_COUNT = sizeof PERMISSIONS / sizeof *PERMISSIONS };

/* The column of a role among the roles of its place. */
static size_t role_column(enum role role)
{
    size_t column = 0;
    for (enum role other = 0; other < role; other++)
        column += role_place(other) == role_place(role);
    return column;
}

uint64_t role_permissions(enum role role)
{
    uint64_t permissions = 0;
    size_t column = role_column(role);
    for (size_t i = 0; i < PERMISSION_COUNT; i++) {
        const char *holders = PERMISSIONS[i].holders[role_place(role)];
        assert(column < strlen(holders));
        if (holders[column] != '-')
            permissions |= (uint64_t)PERMISSIONS[i].permission;
    }
    return permissions;
}

uint64_t roles_permissions(uint32_t roles)
{
    uint64_t permissions = 0;
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        if ((roles & 1U << role) != 0)
            permissions |= role_permissions(role);
    }
    return permissions;
}

uint32_t permissions_roles(uint64_t permissions, enum role_place place)
{
    uint32_t roles = 0;
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        if (role_place(role) == place && (role_permissions(role) & permissions) == permissions)
            roles |= 1U << role;
    }
    return roles;
}

uint64_t scopes_permissions(const char *scopes)
{
    bool writes = strcmp(scopes, "write") == 0;
    bool reads = writes || strcmp(scopes, "read") == 0;
    uint64_t permissions = 0;
    for (size_t i = 0; i < PERMISSION_COUNT; i++) {
        if (PERMISSIONS[i].scope == SCOPE_READ ? reads : writes)
            permissions |= (uint64_t)PERMISSIONS[i].permission;
    }
    return permissions;
}

uint64_t customer_permissions(void)
{
    uint64_t permissions = 0;
    for (size_t i = 0; i < PERMISSION_COUNT; i++) {
        if (PERMISSIONS[i].place == PLACE_CUSTOMER)
            permissions |= (uint64_t)PERMISSIONS[i].permission;
    }
    return permissions;
}
