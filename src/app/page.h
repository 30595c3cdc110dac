/* Pages: templates and assets of the program, the layout with its navigation, and pages of
 * errors; the hooks of the server for them (http/http.h). */
#pragma once

#include "html/template.h"
#include "http/http.h"

/* Once for each process. `dev`: templates are read from web/templates/ each time, assets from
 * build/assets/, of the present folder; else they are those of the program. */
void page_start(bool dev);

void page_render(struct context *cx, const struct http_request *request, struct http_reply *reply);
void page_refuse(struct context *cx, const struct http_request *request, struct http_reply *reply);
enum err page_turn_away(struct context *cx, const struct http_request *request,
                        struct http_reply *reply);
enum err page_seen(struct context *cx, const struct http_session *session);

/* Adds `nav`, the entries that exist and that the person may use (nav.c). */
void nav_put(struct context *cx, const struct http_request *request, struct view *root);

/* GET /assets/{name} */
enum err asset_load(struct context *cx, const struct http_request *request,
                    struct http_reply *reply);
/* The path of an asset ("app.css"); "" when the program was built without. */
const char *asset_path(struct context *cx, const char *name);
