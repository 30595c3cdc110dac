#include "eligibility/eligibility_json.h"

#include "base/reason.h"
#include "catalog/catalog_members.h"

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
        reason_write(cx, w, &item->reasons[i]);
    json_close_array(w);
    json_close_object(w);
}
