#include "subscription/subscription_json.h"

void subscription_put(struct json_writer *w, const struct subscription *sub)
{
    json_put_text(w, "id", sub->id);
    json_put_text(w, "object", "subscription");
    json_put_instant(w, "created_at", sub->created_at);
    json_put_integer(w, "version", sub->version);
    json_put_text(w, "account", sub->account);
    json_put_text(w, "name", sub->name);
    json_put_text(w, "offer", sub->offer);
    json_put_text(w, "parent", sub->parent);
    json_put_text(w, "status", subscription_status_format(sub->status));
    json_put_day(w, "status_since", sub->status_on);
    json_put_bool(w, "past_due", subscription_is_past_due(sub));
    json_put_integer(w, "quantity", sub->quantity);
    json_put_integer(w, "assigned", sub->assigned);
    json_put_text(w, "term", term_format(sub->term));
    json_put_text(w, "billing", billing_format(sub->billing));
    json_put_text(w, "currency", sub->currency);
    json_put_text(w, "payment_method", sub->payment_method);
    json_put_bool(w, "recurring_billing", sub->recurring_billing);
    json_put_bool(w, "requirement_lost", sub->requirement_lost);
    json_put_day(w, "start_on", sub->start_on);
    json_put_day(w, "period_start", sub->period_start);
    json_put_day(w, "period_end", sub->period_end);
    json_put_day(w, "term_start", sub->term_start);
    json_put_day(w, "term_end", sub->term_end);
    json_put_day(w, "trial_end", sub->trial_end);
    if (sub->next_catalog == 0) {
        json_put_null(w, "next_price");
        return;
    }
    json_open_object(w, "next_price");
    json_put_day(w, "from", sub->next_price_on);
    json_put_money(w, "amount", sub->next_price);
    json_close_object(w);
}

void subscription_change_encode(struct json_writer *w, const struct subscription_change *change)
{
    json_open_object(w, NULL);
    json_put_text(w, "object", "subscription_change");
    json_put_text(w, "status", subscription_status_format(change->status));
    json_put_day(w, "on", change->on);
    json_put_instant(w, "at", change->at);
    json_put_text(w, "cause", change->cause);
    json_close_object(w);
}

void subscription_put_plan(struct json_writer *w, const struct subscription *sub)
{
    json_put_text(w, "offer", sub->offer);
    json_put_text(w, "term", term_format(sub->term));
    json_put_text(w, "billing", billing_format(sub->billing));
}

void scheduled_change_encode(struct json_writer *w, const struct scheduled_change *change,
                             civil_day on)
{
    json_open_object(w, NULL);
    json_put_text(w, "id", change->id);
    json_put_text(w, "object", "scheduled_change");
    json_put_instant(w, "created_at", change->created_at);
    json_put_text(w, "subscription", change->subscription);
    json_put_text(w, "kind", schedule_kind_format(change->kind));
    json_put_day(w, "on", on);
    if (change->kind == SCHEDULE_QUANTITY)
        json_put_integer(w, "quantity", change->quantity);
    if (change->offer != NULL)
        json_put_text(w, "offer", change->offer);
    if (change->term != TERM_NONE)
        json_put_text(w, "term", term_format(change->term));
    if (change->billing != BILLING_NONE)
        json_put_text(w, "billing", billing_format(change->billing));
    if (change->ends_with != NULL)
        json_put_text(w, "ends_with", change->ends_with);
    json_close_object(w);
}
