/* The description of the API: OpenAPI 3.1, printed from routes.def and fields.def. */
#pragma once

#include "base/json.h"

const char *openapi_print(struct context *cx);

/* openapi_schema.c: the parts that come from fields.def. */

/* The schemas of all bodies, as members of the open object. */
void openapi_put_schemas(struct context *cx, struct json_writer *w);
/* The reply of a route that is no JSON. */
#define OPENAPI_TEXT "text"
/* The schema `schema`_preview: an answer that shows what would be, and its token. */
#define OPENAPI_PREVIEW "_preview"
void openapi_put_preview_schema(struct context *cx, struct json_writer *w, const char *schema);
/* The schema of a route's body: a name of fields.def, "list:x" for a page of x, "x|y" for one of
 * these. */
void openapi_put_body_schema(struct context *cx, struct json_writer *w, const char *name,
                             const char *schema);
