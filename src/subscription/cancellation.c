#include "subscription/cancellation.h"

#include <string.h>

const char *const CANCEL_REASONS[] = {
    "cost", "unused", "lacks_something", "replaced", "support", "no_longer_needed", "other", NULL,
};
static_assert(sizeof CANCEL_REASONS / sizeof *CANCEL_REASONS == CANCEL_REASON_COUNT,
              "a name for each, none for none");

const char *cancel_reason_format(enum cancel_reason reason)
{
    return reason == CANCEL_REASON_NONE ? NULL : CANCEL_REASONS[reason - CANCEL_REASON_FIRST];
}

bool cancel_reason_parse(const char *text, enum cancel_reason *ret_reason)
{
    for (enum cancel_reason i = CANCEL_REASON_FIRST; i < CANCEL_REASON_COUNT; i++) {
        if (strcmp(cancel_reason_format(i), text) == 0) {
            *ret_reason = i;
            return true;
        }
    }
    return false;
}
