/* Whom to ask about VAT numbers. Never inside a transaction: a service may take its time. */
#pragma once

#include "tax/vat_check.h"

/* One kind of service: a row of the table in vat_provider_do.c. `ask` is NULL where nobody is
 * asked. */
struct vat_provider {
    const char *name;
    const char *scheme; /* how its addresses begin */
    struct vat_reply (*ask)(struct context *cx, const char *address, bool is_local,
                            const struct vat_question *question);
};

/* The service that is set up. */
struct vat_service {
    const struct vat_provider *provider;
    const char *address;
    bool is_local; /* an address of this machine, for development and tests */
};

/* Reads the environment: ANNEX_VAT_CHECK is an https address that speaks as VIES does, or "none"
 * (the default); with ANNEX_VAT_CHECK_LOCAL=1 it is an http address of this machine, and nothing
 * else. ERR_USAGE, naming the variable, for anything else. */
enum err vat_service_read(struct context *cx, struct vat_service *ret_service);

bool vat_service_is_on(const struct vat_service *service);

/* Asks. No answer, whatever the reason, is VAT_UNKNOWN. */
struct vat_reply vat_ask(struct context *cx, const struct vat_service *service,
                         const struct vat_question *question);
