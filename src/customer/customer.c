#include "customer/customer.h"

static const char *const ACCOUNT_TYPES[] = {
    [ACCOUNT_CLASSIC] = "classic",
    [ACCOUNT_AGREEMENT] = "agreement",
};

static const struct role_row {
    const char *text;
    enum role_place place;
} ROLES[ROLE_COUNT] = {
#define ROLE(name, text, place) [ROLE_##name] = {text, place},
#include "customer/roles.def"
#undef ROLE
};

const char *account_type_format(enum account_type type)
{
    return ACCOUNT_TYPES[type];
}

bool account_type_parse(const char *text, enum account_type *ret_type)
{
    for (size_t i = 0; i < sizeof ACCOUNT_TYPES / sizeof *ACCOUNT_TYPES; i++) {
        if (strcmp(ACCOUNT_TYPES[i], text) == 0) {
            *ret_type = (enum account_type)i;
            return true;
        }
    }
    return false;
}

const char *role_format(enum role role)
{
    return ROLES[role].text;
}

bool role_parse(const char *text, enum role *ret_role)
{
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        if (strcmp(ROLES[i].text, text) == 0) {
            *ret_role = (enum role)i;
            return true;
        }
    }
    return false;
}

enum role_place role_place(enum role role)
{
    return ROLES[role].place;
}

bool country_is_well_formed(const char *country)
{
    return strlen(country) == 2 && strspn(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2;
}

bool email_is_well_formed(const char *email)
{
    const char *at = strchr(email, '@');
    return at != NULL && at != email && at[1] != '\0' && strchr(at + 1, '@') == NULL &&
           strpbrk(email, " \t\r\n") == NULL;
}
