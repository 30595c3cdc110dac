/* Routes of organisations and billing accounts (api, Resources). */
#pragma once

#include "http/http.h"

/* POST /v1/organizations: a key of the seller; test keys make test organisations. */
enum err customer_api_create_organization(struct context *cx, const struct http_request *request,
                                          struct http_reply *reply);
/* GET /v1/organizations: a key of the seller; those of the key's mode. */
enum err customer_api_list_organizations(struct context *cx, const struct http_request *request,
                                         struct http_reply *reply);
/* GET /v1/organizations/{id} */
enum err customer_api_load_organization(struct context *cx, const struct http_request *request,
                                        struct http_reply *reply);
/* POST /v1/billing_accounts */
enum err customer_api_create_account(struct context *cx, const struct http_request *request,
                                     struct http_reply *reply);
/* GET /v1/billing_accounts */
enum err customer_api_list_accounts(struct context *cx, const struct http_request *request,
                                    struct http_reply *reply);
/* GET /v1/billing_accounts/{id} */
enum err customer_api_load_account(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply);
/* GET /v1/billing_accounts/{id}/credit_balance */
enum err customer_api_load_credit(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply);
