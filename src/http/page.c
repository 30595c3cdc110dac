#include "base/limits.h"
#include "http/http_private.h"

/* An id of a page: opaque here, but bounded. */
static enum err read_id(struct context *cx, const struct http_request *request, const char *name,
                        const char **ret_id)
{
    const char *id = http_query(request, name);
    *ret_id = id != NULL ? id : "";
    if (id != NULL && (id[0] == '\0' || strlen(id) > ID_MAX))
        return fault(cx, ERR_INVALID, "param", name, NULL);
    return OK;
}

enum err http_page_read(struct context *cx, const struct http_request *request,
                        struct http_page *ret_page)
{
    struct http_page page = {.limit = PAGE_DEFAULT};
    TRY(http_query_integer(cx, request, "limit", 1, PAGE_MAX, &page.limit));
    TRY(read_id(cx, request, "after", &page.after));
    TRY(read_id(cx, request, "before", &page.before));
    if (page.after[0] != '\0' && page.before[0] != '\0')
        return fault(cx, ERR_INVALID, "param", "before", NULL);
    *ret_page = page;
    return OK;
}
