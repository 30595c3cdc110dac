#include "invoice/invoice_api.h"

#include "http/http_list.h"
#include "invoice/invoice_json.h"
#include "invoice/invoice_store.h"

static enum err reply_page(struct context *cx, const struct http_request *request,
                           struct http_reply *reply, enum document_type type)
{
    struct http_page page;
    struct document_list list = {0};
    TRY(http_page_read(cx, request, &page));
    const struct document_query query = {
        .after = page.after,
        .before = page.before,
        .type = document_type_format(type),
        .account = http_query(request, "account"),
        .limit = page.limit + 1,
    };
    TRY(invoice_list_page(cx, &query, &list));
    bool has_more = http_list_trim(&page, list.items, &list.count);
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++)
        document_encode(&w, list.items[i], cx->arena);
    http_list_end(&w, has_more
                          ? http_list_next(&page, list.items[0]->id, list.items[list.count - 1]->id)
                          : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

static enum err reply_one(struct context *cx, const struct http_request *request,
                          struct http_reply *reply, enum document_type type)
{
    struct document *document;
    TRY(invoice_load(cx, request->path_values[0], &document));
    if (document->type != type)
        return fault(cx, ERR_NOT_FOUND, "param", "/document", NULL);
    struct json_writer w = json_begin(cx->arena);
    document_encode(&w, document, cx->arena);
    http_reply_version(cx, reply, document->version);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err invoice_api_list(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    return reply_page(cx, request, reply, DOCUMENT_INVOICE);
}

enum err invoice_api_list_credit_notes(struct context *cx, const struct http_request *request,
                                       struct http_reply *reply)
{
    return reply_page(cx, request, reply, DOCUMENT_CREDIT_NOTE);
}

enum err invoice_api_load(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    return reply_one(cx, request, reply, DOCUMENT_INVOICE);
}

enum err invoice_api_load_credit_note(struct context *cx, const struct http_request *request,
                                      struct http_reply *reply)
{
    return reply_one(cx, request, reply, DOCUMENT_CREDIT_NOTE);
}
