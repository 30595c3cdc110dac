#include "order/order_do.h"

#include "engine/engine_do.h"
#include "order/order_store.h"
#include "payment/payment_store.h"

enum err order_settle(struct context *cx, const char *id, struct order **ret_order)
{
    struct order *order;
    TRY(engine_settle_payments(cx, id));
    TRY(order_load(cx, id, &order));
    if (order->state == ORDER_FAILED) {
        enum err why = order->failure != NULL ? err_parse(order->failure) : OK;
        return fault(cx, why != OK ? why : ERR_PAYMENT_FAILED, "order", order->id, NULL);
    }
    *ret_order = order;
    return OK;
}

enum err order_load_action(struct context *cx, const struct order *order, const char **ret_url)
{
    struct payment *payment;
    *ret_url = NULL;
    if (order->state != ORDER_ACTION_REQUIRED || order->payment == NULL)
        return OK;
    TRY(payment_load(cx, order->payment, &payment));
    *ret_url = payment->action_url;
    return OK;
}
