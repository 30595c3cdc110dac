/* What every route that commands the engine has in common: preview and token, the order that may
 * await its payment, and the answer. */
#pragma once

#include "engine/engine_do.h"
#include "http/http.h"
#include "http/http_subject.h"

/* Carries a command out as the review says, and answers: a preview with its token; the order
 * placed (201, or 202 while it awaits payment, to be finished by command_api_finish); else the
 * subscription it was about. `ret_order` (or NULL) gives the id of the order placed. */
enum err command_api_run(struct context *cx, const struct http_request *request,
                         struct http_reply *reply, const struct command *command,
                         const struct http_review *review, const char **ret_order);

/* Answers with what a command would do. */
void command_api_reply_preview(struct context *cx, struct http_reply *reply,
                               const struct engine_run *run);

/* Keeps a finish's answer under the request's idempotency key. */
enum err command_api_keep(struct context *cx, const struct http_request *request,
                          const struct http_reply *reply);

/* The finish of such routes: asks the provider, at most PROVIDER_WAIT_MS, and answers with the
 * order as it is then; a declined one with payment_failed. */
enum err command_api_finish(struct context *cx, const struct http_request *request,
                            struct http_reply *reply);
