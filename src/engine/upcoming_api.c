#include "engine/upcoming_api.h"

#include "base/limits.h"
#include "engine/decision_json.h"
#include "engine/upcoming_do.h"

static void put_charge(struct json_writer *w, const struct upcoming_charge *charge)
{
    const struct document *invoice = charge->invoice;
    json_open_object(w, NULL);
    json_put_text(w, "object", "upcoming_charge");
    json_put_text(w, "invoice", charge->is_issued ? invoice->id : NULL);
    json_put_text(w, "account", invoice->account);
    json_put_text(w, "payment_method", invoice->payment_method);
    json_put_day(w, "issued_on", invoice->issued_on);
    json_put_day(w, "charge_on", charge->charge_on);
    json_open_array(w, "lines");
    for (size_t i = 0; i < invoice->lines.count; i++)
        decision_put_line(w, invoice->lines.items[i], invoice->lines.items[i]->subscription);
    json_close_array(w);
    json_put_money(w, "net", invoice->net);
    json_put_money(w, "tax", invoice->tax);
    json_put_money(w, "total", invoice->total);
    json_put_money(w, "credit_used", invoice->credit_used);
    json_put_money(w, "amount", invoice->unpaid);
    json_close_object(w);
}

enum err upcoming_api_list(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct upcoming upcoming;
    int64_t months = UPCOMING_MONTHS;
    TRY(http_query_integer(cx, request, "months", 1, UPCOMING_MONTHS_MAX, &months));
    TRY(upcoming_load(cx, request->path_values[0], months, &upcoming));
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "object", "list");
    json_put_day(&w, "until", upcoming.until_on);
    json_open_array(&w, "data");
    for (size_t i = 0; i < upcoming.charges.count; i++)
        put_charge(&w, upcoming.charges.items[i]);
    json_close_array(&w);
    json_put_bool(&w, "has_more", false);
    json_put_null(&w, "next");
    json_close_object(&w);
    http_reply_json(reply, 200, &w);
    return OK;
}
