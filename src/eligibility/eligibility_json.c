#include "eligibility/eligibility_json.h"

#include "base/message.h"
#include "catalog/catalog_members.h"

/* The remedy may name the offers, as the reason does. */
static const char *remedy_of(struct context *cx, const struct reason *reason)
{
    struct buf offers = buf_create(cx->arena);
    for (size_t i = 0; i < reason->offer_count; i++)
        buf_print(&offers, "%s%s", i > 0 ? ", " : "", reason->offers[i]);
    struct fault named = {
        .args = {{.key = "offers", .value = buf_text(&offers)}},
        .arg_count = 1,
    };
    const char *key = arena_print(cx->arena, "remedy.%s", reason->code);
    return message_render(cx->arena, cx->language, key, &named);
}

static void put_reason(struct context *cx, struct json_writer *w, const struct reason *reason)
{
    json_open_object(w, NULL);
    json_put_text(w, "code", reason->code);
    json_open_array(w, "offers");
    for (size_t i = 0; i < reason->offer_count; i++)
        json_put_text(w, NULL, reason->offers[i]);
    json_close_array(w);
    json_put_text(w, "detail", message_reason(cx->arena, cx->language, reason));
    json_put_text(w, "remedy", remedy_of(cx, reason));
    json_close_object(w);
}

static void put_choices(struct json_writer *w, const struct availability *item)
{
    json_open_array(w, "connects_to");
    for (size_t i = 0; item->available && i < item->connects_to_count; i++)
        json_put_text(w, NULL, item->connects_to[i]->subscription);
    json_close_array(w);
    if (item->available) {
        json_open_object(w, "quantity");
        json_put_integer(w, "min", item->quantity.min);
        json_put_integer(w, "max", item->quantity.max);
        json_put_integer(w, "step", item->quantity.step);
        json_close_object(w);
    } else {
        json_put_null(w, "quantity");
    }
    json_open_array(w, "prices");
    for (size_t i = 0; item->available && i < item->price_count; i++)
        price_write(w, item->prices[i]);
    json_close_array(w);
}

void availability_encode(struct context *cx, struct json_writer *w, const struct availability *item)
{
    json_open_object(w, NULL);
    json_put_text(w, "offer", item->offer->id);
    json_put_bool(w, "available", item->available);
    put_choices(w, item);
    json_open_array(w, "reasons");
    for (size_t i = 0; i < item->reason_count; i++)
        put_reason(cx, w, &item->reasons[i]);
    json_close_array(w);
    json_close_object(w);
}
