#include "invoice/write_off_api.h"

#include "customer/customer_store.h"
#include "engine/command_api.h"
#include "http/http_list.h"
#include "invoice/invoice_json.h"
#include "invoice/invoice_store.h"

static void listed_encode(struct json_writer *w, const struct listed_invoice *listed)
{
    json_open_object(w, NULL);
    json_put_text(w, "id", listed->id);
    json_put_text(w, "object", "write_off");
    json_put_text(w, "organization", listed->customer);
    json_put_text(w, "account", listed->account);
    json_put_day(w, "issued_on", listed->issued_on);
    json_put_money(w, "unpaid", listed->unpaid);
    json_put_instant(w, "listed_at", listed->listed_at);
    json_close_object(w);
}

enum err write_off_api_list(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    struct http_page page;
    struct listed_invoice_list list = {0};
    TRY(http_page_read(cx, request, &page));
    TRY(invoice_list_listed(cx, cx->actor.live, page.after, page.limit + 1, &list));
    bool has_more = http_list_trim(&page, list.items, &list.count);

    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++)
        listed_encode(&w, list.items[i]);
    http_list_end(&w, has_more ? list.items[list.count - 1]->id : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err write_off_api_write_off(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    struct json_reader body;
    struct http_review review;
    struct document *document;
    struct organization organization;
    TRY(http_body(cx, request, &body));
    TRY(http_review_read(cx, request, &body, &review));
    TRY(json_done(&body));
    if (request->if_match != NULL) /* so that the version still holds when it is written off */
        TRY(organization_lock(cx, &organization));
    TRY(invoice_load(cx, request->path_values[0], &document));
    TRY(http_check_version(cx, request, document->version));
    const struct command command = {
        .kind = COMMAND_WRITE_OFF, .account = document->account, .document = document->id};
    struct engine_run run = {
        .preview = review.preview, .token = review.token, .subject = review.subject};
    TRY(engine_command(cx, &command, &run));
    if (run.preview) {
        command_api_reply_preview(cx, reply, &run);
        return OK;
    }
    TRY(invoice_load(cx, document->id, &document));
    struct json_writer w = json_begin(cx->arena);
    document_encode(&w, document, cx->arena);
    http_reply_version(cx, reply, document->version);
    http_reply_json(reply, 200, &w);
    return OK;
}
