#include "subscription/schedule.h"

static const char *const KINDS[] = {
    [SCHEDULE_QUANTITY] = "quantity",
    [SCHEDULE_PLAN] = "plan",
    [SCHEDULE_BILLING] = "billing",
    [SCHEDULE_END] = "end",
};

const char *schedule_kind_format(enum schedule_kind kind)
{
    return KINDS[kind];
}

bool schedule_kind_parse(const char *text, enum schedule_kind *ret_kind)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(KINDS[i], text) == 0) {
            *ret_kind = (enum schedule_kind)i;
            return true;
        }
    }
    return false;
}
