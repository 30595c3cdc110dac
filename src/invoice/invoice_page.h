/* One invoice or credit note: who, what and for which days, how it is computed, what was paid. */
#pragma once

#include "http/http.h"
#include "invoice/invoice.h"

struct account;

/* A document that was sent, with what its pages need of the account that pays. */
struct bill {
    const struct http_request *request;
    const struct document *document;
    const struct account *account;
    civil_day today;
};
/* Loads the one that the address names; ERR_NOT_FOUND, also of what was sent to nobody. */
enum err invoice_page_load(struct context *cx, const struct http_request *request,
                           struct bill *ret_bill);

enum err invoice_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
