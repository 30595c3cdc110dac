#include "payment/provider.h"

const char *provider_key(struct context *cx, const struct payment *payment)
{
    return arena_print(cx->arena, "%s/%d", payment->id, payment->attempt);
}
