#include "payment/authenticate_do.h"

#include "engine/engine_do.h"
#include "payment/payment_store.h"
#include "payment/sandbox_do.h"

static enum err settle(struct context *cx, const struct payment *payment,
                       const struct provider_answer *answer)
{
    const struct command command = {
        .kind = COMMAND_SETTLE_PAYMENT,
        .settlement = {.payment = payment->id,
                       .state = answer->state,
                       .provider_ref = answer->provider_ref,
                       .failure = answer->failure},
    };
    struct engine_run run = {0};
    return engine_command(cx, &command, &run);
}

enum err payment_authenticate(struct context *cx, const char *id, bool accepts,
                              struct payment **ret_payment)
{
    struct payment *payment;
    struct provider_answer answer;
    TRY(payment_load(cx, id, &payment));
    TRY(sandbox_authenticate(cx, payment, accepts, &answer));
    TRY(settle(cx, payment, &answer));
    return payment_load(cx, payment->id, ret_payment);
}
