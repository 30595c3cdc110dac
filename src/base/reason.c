#include "base/reason.h"

#include "base/message.h"

void reason_write(struct context *cx, struct json_writer *w, const struct reason *reason)
{
    json_open_object(w, NULL);
    json_put_text(w, "code", reason->code);
    json_open_array(w, "offers");
    for (size_t i = 0; i < reason->offer_count; i++)
        json_put_text(w, NULL, reason->offers[i]);
    json_close_array(w);
    json_put_text(w, "detail", message_reason(cx->arena, cx->language, reason));
    json_put_text(w, "remedy", message_remedy(cx->arena, cx->language, reason));
    json_close_object(w);
}
