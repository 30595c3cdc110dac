/* People and their licences: the list of them, all that one holds, and one's own (screens, The
 * other pages; rules §8: who may assign, and a member's own licences). */
#pragma once

#include "http/http.h"

/* GET /users?q=&page=: the people of the organisation. */
enum err people_page_list(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
/* /users/{id}: every product, with a tick where the person holds a licence; saved in one go. What
 * it would take away is shown before. */
enum err people_page_show(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
enum err people_page_save(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
/* GET /licenses: what the person who asks holds. */
enum err people_page_own(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
