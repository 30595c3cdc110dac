#include "payment/provider_do.h"

#include "payment/sandbox_do.h"

/* How each provider is asked. */
static const struct provider {
    const char *name;
    enum err (*charge)(struct context *cx, const struct payment *payment,
                       const struct payment_method *method, const struct provider_world *world,
                       struct provider_answer *ret_answer);
    enum err (*refund)(struct context *cx, const struct refund *refund,
                       struct provider_answer *ret_answer);
} PROVIDERS[] = {
    {"sandbox", sandbox_charge, sandbox_refund},
    {"transfer", NULL, NULL}, /* nobody to call: the money comes by itself, or does not */
};

static enum err provider_find(struct context *cx, const char *name,
                              const struct provider **ret_provider)
{
    for (size_t i = 0; i < sizeof PROVIDERS / sizeof *PROVIDERS; i++) {
        if (strcmp(PROVIDERS[i].name, name) == 0) {
            *ret_provider = &PROVIDERS[i];
            return OK;
        }
    }
    return fault(cx, ERR_INTERNAL, "value", "a payment provider not known", NULL);
}

enum err provider_charge(struct context *cx, const struct payment *payment,
                         const struct payment_method *method, const struct provider_world *world,
                         struct provider_answer *ret_answer)
{
    const struct provider *provider;
    TRY(provider_find(cx, payment->provider, &provider));
    if (provider->charge == NULL) {
        *ret_answer = (struct provider_answer){.state = PAYMENT_PENDING};
        return OK;
    }
    return provider->charge(cx, payment, method, world, ret_answer);
}

enum err provider_refund(struct context *cx, const struct refund *refund,
                         const struct payment *payment, struct provider_answer *ret_answer)
{
    const struct provider *provider;
    TRY(provider_find(cx, payment->provider, &provider));
    if (provider->refund == NULL) {
        *ret_answer = (struct provider_answer){.state = PAYMENT_PENDING};
        return OK;
    }
    return provider->refund(cx, refund, ret_answer);
}
