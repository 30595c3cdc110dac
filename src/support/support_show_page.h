/* What the customer's and the seller's pages of support requests share. Private to support/. */
#pragma once

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
/* The name of a person of a customer, or of the seller for ""; a sentence for a key. */
enum err support_show_person(struct context *cx, const char *customer, const char *id,
                             const char **ret_name);
/* Adds a row to `facts`. */
struct view *support_show_fact(struct context *cx, struct view *facts, const char *key,
                               const char *value);
/* Adds `answer` {text, who, date} of a request that is answered; `who` said it. */
void support_show_answer(struct context *cx, struct view *view,
                         const struct support_request *support, const char *who);
