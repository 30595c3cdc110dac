#include "event/event_api.h"

#include "base/limits.h"
#include "event/event_store.h"
#include "http/http_list.h"

static void event_encode(struct json_writer *w, const struct event_row *row)
{
    json_open_object(w, NULL);
    json_put_text(w, "id", row->event.id);
    json_put_text(w, "object", "event");
    json_put_instant(w, "created_at", row->created_at);
    json_put_integer(w, "sequence", row->seq);
    json_put_text(w, "type", row->event.type);
    json_put_text(w, "subject", row->event.subject);
    json_put_text(w, "actor", row->actor);
    json_put_raw(w, "data", row->event.data);
    json_put_raw(w, "previous", row->event.previous != NULL ? row->event.previous : "null");
    json_close_object(w);
}

enum err event_api_list(struct context *cx, const struct http_request *request,
                        struct http_reply *reply)
{
    int64_t after = 0;
    int64_t limit = PAGE_DEFAULT;
    struct event_row_list list = {0};
    TRY(http_query_integer(cx, request, "after", 0, INT64_MAX, &after));
    TRY(http_query_integer(cx, request, "limit", 1, PAGE_MAX, &limit));
    TRY(event_list_page(cx, after, limit + 1, &list));
    bool has_more = list.count > (size_t)limit;
    size_t count = has_more ? (size_t)limit : list.count;

    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < count; i++)
        event_encode(&w, list.items[i]);
    http_list_end(&w,
                  has_more ? arena_print(cx->arena, "%" PRId64, list.items[count - 1]->seq) : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}
