/* What the customer's and the seller's pages of support requests share. Private to support/. */
#pragma once

#include "customer/customer.h"
#include "html/view.h"
#include "http/http.h"
#include "support/support.h"

/* "Removal of Extra storage", or that it is a question. Of cx->customer. */
enum err support_show_about(struct context *cx, const struct support_request *support,
                            const char **ret_about);
/* "Open", "Answered", "Declined". */
const char *support_show_state(struct context *cx, const struct support_request *support);
/* Adds `date`: the day of an instant, near with respect to today. */
void support_show_day(struct context *cx, struct view *view, instant at);
/* The person of a customer, or of the seller for "", who asked or answered; that of the key when it
 * was done by one. NULL: there is none any more. */
enum err support_load_person(struct context *cx, const char *customer, const char *id,
                             struct person **ret_person);
/* The name of that person; a sentence when there is none. */
enum err support_show_person(struct context *cx, const char *customer, const char *id,
                             const char **ret_name);
/* Adds a row to `facts`. */
struct view *support_show_fact(struct context *cx, struct view *facts, const char *key,
                               const char *value);
/* Adds `answer` {text, who, date} of a request that is answered; `who` said it. */
void support_show_answer(struct context *cx, struct view *view,
                         const struct support_request *support, const char *who);
