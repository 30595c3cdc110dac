#include "engine/announce.h"

#include "base/json.h"

static struct json_writer announce_begin(struct context *cx)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    return w;
}

static void announce_end(struct context *cx, struct state *state, const char *type,
                         const char *subject, struct json_writer *w)
{
    json_close_object(w);
    state_event(cx, state, type, subject, json_end(w), NULL);
}

void announce_invoice(struct context *cx, struct state *state, const char *type,
                      const struct document *document)
{
    struct json_writer w = announce_begin(cx);
    json_put_money(&w, "total", document->total);
    json_put_money(&w, "unpaid", document->unpaid);
    json_put_instant(&w, "next_attempt_at", document->next_attempt_at);
    announce_end(cx, state, type, document->id, &w);
}

void announce_refund(struct context *cx, struct state *state, const char *type,
                     const struct refund *refund)
{
    struct json_writer w = announce_begin(cx);
    json_put_text(&w, "payment", refund->payment);
    json_put_money(&w, "amount", refund->amount);
    announce_end(cx, state, type, refund->id, &w);
}

void announce_past_due(struct context *cx, struct state *state, const struct subscription *sub,
                       const struct document *document)
{
    struct json_writer w = announce_begin(cx);
    json_put_text(&w, "offer", sub->offer);
    json_put_text(&w, "invoice", document->id);
    announce_end(cx, state, "subscription.past_due", sub->id, &w);
}

void announce_requirement(struct context *cx, struct state *state, const struct subscription *sub)
{
    struct json_writer w = announce_begin(cx);
    json_put_text(&w, "offer", sub->offer);
    announce_end(cx, state,
                 sub->requirement_lost ? "subscription.requirement_lost"
                                       : "subscription.requirement_met",
                 sub->id, &w);
}

void announce_period(struct context *cx, struct state *state, const struct subscription *sub,
                     bool new_term)
{
    struct json_writer w = announce_begin(cx);
    json_put_text(&w, "offer", sub->offer);
    json_put_integer(&w, "quantity", sub->quantity);
    json_put_day(&w, "period_start", sub->period_start);
    json_put_day(&w, "period_end", sub->period_end);
    json_put_day(&w, "term_end", sub->term_end);
    announce_end(cx, state, new_term ? "subscription.renewed" : "subscription.period_started",
                 sub->id, &w);
}

void announce_conflict_closed(struct context *cx, struct state *state,
                              const struct subscription *sub)
{
    struct json_writer w = announce_begin(cx);
    json_put_integer(&w, "quantity", sub->quantity);
    json_put_integer(&w, "assigned", sub->assigned);
    announce_end(cx, state, "license.conflict_closed", sub->id, &w);
}
