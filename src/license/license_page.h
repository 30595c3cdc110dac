/* Pages of licences: per product how many there are, and who holds those of one (screens, The other
 * pages). */
#pragma once

#include "html/view.h"
#include "http/http.h"
#include "license/license_do.h"

/* GET /billing/licenses: every product with licences for people. */
enum err license_page_list(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);
/* GET /billing/licenses/{id}: one of them, and who holds a licence. */
enum err license_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply);

/* Loads a subscription that has licences for people, with its offer. ERR_NOT_FOUND for all else. */
enum err license_page_load(struct context *cx, const char *id, struct subscription **ret_sub,
                           const struct offer **ret_offer);
/* Why nobody can be given a licence at present; NULL: somebody can. `ret_way` leads to where more
 * are bought, when that would help and the person may; else NULL. */
const char *license_page_why_off(struct context *cx, const struct http_request *request,
                                 const struct license_count *count, const char **ret_way);
/* Adds `way` to what is off: where more licences are bought. */
void license_page_put_way(struct context *cx, struct view *view, const char *way);
/* Adds the pages of a list: previous, next, and which one this is. `address` ends where the number
 * of the page goes. */
void license_page_put_pages(struct context *cx, struct view *view, const char *address,
                            int64_t page, int64_t last);
