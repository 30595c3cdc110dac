#include "tax/vat_provider_do.h"

#include <stdlib.h>
#include <string.h>

#include "tax/vat_http_do.h"

static const struct vat_provider PROVIDERS[] = {
    {"none", "none", NULL},
    {"vies", "https://", vat_http_ask},
    {"local", "http://", vat_http_ask},
};

static enum err usage(struct context *cx, const char *what)
{
    return fault(cx, ERR_USAGE, "value", what, NULL);
}

enum err vat_service_read(struct context *cx, struct vat_service *ret_service)
{
    const char *address = getenv("ANNEX_VAT_CHECK");
    const char *local = getenv("ANNEX_VAT_CHECK_LOCAL");
    struct vat_service service = {.address = address && address[0] != '\0' ? address : "none",
                                  .is_local = local && strcmp(local, "1") == 0};
    for (size_t i = 0; i < sizeof PROVIDERS / sizeof *PROVIDERS; i++) {
        if (strncmp(service.address, PROVIDERS[i].scheme, strlen(PROVIDERS[i].scheme)) == 0)
            service.provider = &PROVIDERS[i];
    }
    if (service.provider == NULL)
        return usage(cx, "ANNEX_VAT_CHECK must be an https address, or none");
    bool wants_local = strcmp(service.provider->name, "local") == 0;
    if (service.provider->ask != NULL && wants_local != service.is_local) {
        return usage(cx, "ANNEX_VAT_CHECK is an http address with ANNEX_VAT_CHECK_LOCAL=1 only,"
                         " and https without");
    }
    *ret_service = service;
    return OK;
}

bool vat_service_is_on(const struct vat_service *service)
{
    return service->provider->ask != NULL;
}

struct vat_reply vat_ask(struct context *cx, const struct vat_service *service,
                         const struct vat_question *question)
{
    return service->provider->ask(cx, service->address, service->is_local, question);
}
