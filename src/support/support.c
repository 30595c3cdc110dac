#include "support/support.h"

static const char *const KINDS[] = {
    [SUPPORT_REMOVE_ADDON] = "remove_addon",
    [SUPPORT_OTHER] = "other",
};
static const char *const STATES[] = {
    [SUPPORT_OPEN] = "open",
    [SUPPORT_RESOLVED] = "resolved",
    [SUPPORT_DECLINED] = "declined",
};

const char *support_kind_format(enum support_kind kind)
{
    return KINDS[kind];
}

bool support_kind_parse(const char *text, enum support_kind *ret_kind)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(KINDS[i], text) == 0) {
            *ret_kind = (enum support_kind)i;
            return true;
        }
    }
    return false;
}

const char *support_state_format(enum support_state state)
{
    return STATES[state];
}

bool support_state_parse(const char *text, enum support_state *ret_state)
{
    for (size_t i = 0; i < sizeof STATES / sizeof *STATES; i++) {
        if (strcmp(STATES[i], text) == 0) {
            *ret_state = (enum support_state)i;
            return true;
        }
    }
    return false;
}
