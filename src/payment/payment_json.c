#include "payment/payment_json.h"

void method_encode(struct json_writer *w, const char *name, const struct payment_method *method)
{
    json_open_object(w, name);
    json_put_text(w, "id", method->id);
    json_put_text(w, "object", "payment_method");
    json_put_instant(w, "created_at", method->created_at);
    json_put_integer(w, "version", method->version);
    json_put_text(w, "account", method->account);
    json_put_text(w, "kind", method_kind_format(method->kind));
    json_put_text(w, "label", method->label);
    json_put_text(w, "country", method->country);
    json_put_bool(w, "removed", method->removed);
    json_close_object(w);
}

void payment_encode(struct json_writer *w, const char *name, const struct payment *payment)
{
    json_open_object(w, name);
    json_put_text(w, "id", payment->id);
    json_put_text(w, "object", "payment");
    json_put_instant(w, "created_at", payment->created_at);
    json_put_text(w, "account", payment->account);
    json_put_text(w, "order", payment->order);
    json_put_text(w, "document", payment->document);
    json_put_text(w, "payment_method", payment->method);
    json_put_money(w, "amount", payment->amount);
    json_put_money(w, "refunded", payment->refunded);
    json_put_text(w, "state", payment_state_format(payment->state));
    json_put_text(w, "failure", payment->failure);
    json_put_text(w, "action_url", payment->action_url);
    json_put_instant(w, "settled_at", payment->settled_at);
    json_close_object(w);
}

void refund_encode(struct json_writer *w, const char *name, const struct refund *refund)
{
    json_open_object(w, name);
    json_put_text(w, "id", refund->id);
    json_put_text(w, "object", "refund");
    json_put_instant(w, "created_at", refund->created_at);
    json_put_text(w, "account", refund->account);
    json_put_text(w, "payment", refund->payment);
    json_put_money(w, "amount", refund->amount);
    json_put_text(w, "state", refund_state_format(refund->state));
    json_close_object(w);
}
