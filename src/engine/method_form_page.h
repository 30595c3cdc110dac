/* The fields by which a way to pay is added, wherever that is. */
#pragma once

#include "engine/pane_page.h"
#include "html/view.h"
#include "http/http.h"
#include "payment/payment.h"

/* Adds the fields to a list, with what was typed; `problem` is what is the matter, or NULL. */
void method_form_put(struct context *cx, struct view *fields, const struct http_form *form,
                     const char *problem);

/* Adds the method that was typed to an account. `ret_problem` says what is the matter with it when
 * it is refused (nothing was added then, and OK comes back); else NULL. */
enum err method_form_create(struct context *cx, const char *account, const struct http_form *form,
                            struct payment_method *ret_method, const char **ret_problem);

/* Answers a pane that adds a method to an account: the form, or a redirect to `address` with
 * `?payment_method=` of what was added. */
enum err method_form_answer(struct context *cx, const struct http_request *request,
                            struct http_reply *reply, struct pane *pane, const char *account,
                            const char *address);
