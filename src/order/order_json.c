#include "order/order_json.h"

#include "base/limits.h"

static const char *const TERMS[] = {"P1M", "P1Y", "P3Y", NULL};
static const char *const BILLINGS[] = {"monthly", "yearly", "upfront", NULL};

enum err order_read_line(struct json_reader *r, struct order_request_line *ret_line)
{
    struct order_request_line line = {.quantity = 1, .start_on = DAY_NONE};
    int term = -1;
    int billing = -1;
    TRY(json_text(r, "name", OPTIONAL, &line.name));
    TRY(json_text(r, "offer", REQUIRED, &line.offer));
    TRY(json_integer(r, "quantity", OPTIONAL, -ORDER_QUANTITY_MAX, ORDER_QUANTITY_MAX,
                     &line.quantity));
    TRY(json_choice(r, "term", OPTIONAL, TERMS, &term));
    TRY(json_choice(r, "billing", OPTIONAL, BILLINGS, &billing));
    TRY(json_text(r, "connect_to", OPTIONAL, &line.connect_to));
    TRY(json_day(r, "start_on", OPTIONAL, &line.start_on));
    TRY(json_text(r, "ends_with", OPTIONAL, &line.ends_with));
    TRY(json_bool(r, "trial", OPTIONAL, &line.trial));
    if (line.name != NULL && (line.name[0] == '\0' || strlen(line.name) > ID_MAX))
        return json_fault(r, "name", "has 1 to 64 bytes");
    if (term >= 0)
        line.term = term_parse(TERMS[term]);
    if (billing >= 0)
        line.billing = billing_parse(BILLINGS[billing]);
    *ret_line = line;
    return OK;
}

static enum err check_name(struct json_reader *r, const struct order_request_line *lines,
                           size_t index)
{
    for (size_t i = 0; i < index && lines[index].name != NULL; i++) {
        if (lines[i].name != NULL && strcmp(lines[i].name, lines[index].name) == 0)
            return json_fault(r, "name", "is the name of another line");
    }
    return OK;
}

enum err order_read_lines(struct json_reader *r, enum json_presence presence,
                          struct order_request *ret_request)
{
    size_t count;
    TRY(json_array(r, "lines", presence, CART_LINES_MAX, &count));
    struct order_request_line *lines =
        ARENA_ARRAY(r->cx->arena, struct order_request_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct json_reader item;
        TRY(json_array_object(r, "lines", i, &item));
        TRY(order_read_line(&item, &lines[i]));
        TRY(check_name(&item, lines, i));
        TRY(json_done(&item));
    }
    ret_request->lines = lines;
    ret_request->line_count = count;
    return OK;
}

static void put_word(struct json_writer *w, const char *name, const char *word)
{
    if (word != NULL)
        json_put_text(w, name, word);
}

void order_put_request_lines(struct json_writer *w, const struct order_request *request)
{
    json_open_array(w, "lines");
    for (size_t i = 0; i < request->line_count; i++) {
        const struct order_request_line *line = &request->lines[i];
        json_open_object(w, NULL);
        put_word(w, "name", line->name);
        json_put_text(w, "offer", line->offer);
        json_put_integer(w, "quantity", line->quantity);
        put_word(w, "term", term_format(line->term));
        put_word(w, "billing", billing_format(line->billing));
        put_word(w, "connect_to", line->connect_to);
        if (line->start_on != DAY_NONE)
            json_put_day(w, "start_on", line->start_on);
        put_word(w, "ends_with", line->ends_with);
        if (line->trial)
            json_put_bool(w, "trial", true);
        json_close_object(w);
    }
    json_close_array(w);
}

static void put_lines(struct json_writer *w, const struct order *order)
{
    json_open_array(w, "lines");
    for (size_t i = 0; i < order->lines.count; i++) {
        const struct order_line *line = order->lines.items[i];
        json_open_object(w, NULL);
        json_put_text(w, "offer", line->offer);
        json_put_integer(w, "quantity", line->quantity);
        json_put_text(w, "term", term_format(line->term));
        json_put_text(w, "billing", billing_format(line->billing));
        bool is_there = order->state != ORDER_FAILED;
        json_put_text(w, "subscription", is_there ? line->subscription : NULL);
        json_put_text(w, "parent", line->parent);
        json_put_day(w, "start_on", line->start_on);
        json_put_bool(w, "trial", line->trial);
        json_close_object(w);
    }
    json_close_array(w);
}

void order_encode(struct json_writer *w, const char *name, const struct order *order,
                  const char *action_url)
{
    json_open_object(w, name);
    json_put_text(w, "id", order->id);
    json_put_text(w, "object", "order");
    json_put_instant(w, "created_at", order->created_at);
    json_put_integer(w, "version", order->version);
    json_put_text(w, "account", order->account);
    json_put_text(w, "kind", order_kind_format(order->kind));
    json_put_text(w, "state", order_state_format(order->state));
    json_put_day(w, "placed_on", order->placed_on);
    json_put_money(w, "total", order->total);
    json_put_text(w, "payment_method", order->payment_method);
    json_put_text(w, "purchase_order", order->purchase_order);
    bool completed = order->state == ORDER_COMPLETED;
    json_put_text(w, "invoice", completed ? order->document : NULL);
    json_put_text(w, "payment", order->payment);
    json_put_text(w, "failure", order->failure);
    json_put_text(w, "action_url", action_url);
    json_put_instant(w, "expires_at", order->expires_at);
    put_lines(w, order);
    json_close_object(w);
}
