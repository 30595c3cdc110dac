#include "order/order.h"

#include <string.h>

static const char *const STATES[] = {
    [ORDER_AWAITING_PAYMENT] = "processing",
    [ORDER_ACTION_REQUIRED] = "action_required",
    [ORDER_COMPLETED] = "completed",
    [ORDER_FAILED] = "failed",
};

static const char *const KINDS[] = {
    [ORDER_PURCHASE] = "purchase",       [ORDER_INCREASE] = "increase",
    [ORDER_PLAN_CHANGE] = "plan_change", [ORDER_BILLING_CHANGE] = "billing_change",
    [ORDER_REACTIVATE] = "reactivation", [ORDER_BUY_TRIAL] = "trial_purchase",
};

const char *order_state_format(enum order_state state)
{
    return STATES[state];
}

bool order_state_parse(const char *text, enum order_state *ret_state)
{
    for (size_t i = 0; i < sizeof STATES / sizeof *STATES; i++) {
        if (strcmp(STATES[i], text) == 0) {
            *ret_state = (enum order_state)i;
            return true;
        }
    }
    return false;
}

const char *order_kind_format(enum order_kind kind)
{
    return KINDS[kind];
}

bool order_kind_parse(const char *text, enum order_kind *ret_kind)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(KINDS[i], text) == 0) {
            *ret_kind = (enum order_kind)i;
            return true;
        }
    }
    return false;
}

bool order_is_pending(const struct order *order)
{
    return order->state == ORDER_AWAITING_PAYMENT || order->state == ORDER_ACTION_REQUIRED;
}
