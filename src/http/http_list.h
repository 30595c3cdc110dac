/* Lists of the API (api, Manners): {"object":"list","data":[…],"has_more":true,"next":"…"}.
 *
 *     struct http_page page;
 *     TRY(http_page_read(cx, request, &page));
 *     TRY(account_list_page(cx, page.after, page.before, page.limit + 1, &list));
 *     bool has_more = http_list_trim(&page, list.items, &list.count);
 *     struct json_writer w = json_begin(cx->arena);
 *     http_list_begin(&w);
 *     … one object for each item …
 *     http_list_end(&w, has_more ? http_list_next(&page, first_id, last_id) : NULL);
 *     http_reply_json(reply, 200, &w);
 */
#pragma once

#include "http/http.h"

/* Takes what a store gave when it was asked for one row more than the page holds: newest first,
 * or with `before` oldest first. Leaves the page, newest first, and says whether there is more
 * in the direction of the walk. `items` is an array of pointers. */
bool http_list_trim(const struct http_page *page, void *items, size_t *count);

void http_list_begin(struct json_writer *w);
/* `next`: what to give as `after` (walking back: as `before`) for the page that follows; NULL
 * when there is none. */
void http_list_end(struct json_writer *w, const char *next);
/* The id to go on from: the last of a page, or walking back its first. */
const char *http_list_next(const struct http_page *page, const char *first_id, const char *last_id);
