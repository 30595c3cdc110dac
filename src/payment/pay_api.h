/* Routes that pay what is unpaid (rules §7, Pay balance): {payment_method?, token?}. */
#pragma once

#include "http/http.h"

/* POST /v1/billing_accounts/{id}/pay_balance */
enum err pay_api_balance(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
/* POST /v1/invoices/{id}/pay */
enum err pay_api_invoice(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
/* The finish of both: asks the provider; payment_failed when it said no to one of them. */
enum err pay_api_finish(struct context *cx, const struct http_request *request,
                        struct http_reply *reply);
