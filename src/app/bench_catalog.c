#include "app/bench_catalog.h"

#include "base/json.h"

enum {
    BASES = 50,
    TRADITIONAL = 250,
    STANDALONE = BENCH_OFFERS - BASES - TRADITIONAL,
    CONNECTS_TO = 3,
    BASES_HELD = 20,
    SEATS = 10,
};

static const char *base_id(struct context *cx, size_t i)
{
    return arena_print(cx->arena, "base-%02zu", i % BASES);
}

static const char *traditional_id(struct context *cx, size_t i)
{
    return arena_print(cx->arena, "connected-%03zu", i % TRADITIONAL);
}

static const char *standalone_id(struct context *cx, size_t i)
{
    return arena_print(cx->arena, "standalone-%03zu", i % STANDALONE);
}

static void put_price(struct json_writer *w, const char *currency, const char *term,
                      const char *billing, int64_t amount)
{
    json_open_object(w, NULL);
    json_put_text(w, "currency", currency);
    json_put_text(w, "term", term);
    json_put_text(w, "billing", billing);
    json_put_integer(w, "unit_amount", amount);
    json_close_object(w);
}

static void open_offer(struct context *cx, struct json_writer *w, const char *id, const char *kind)
{
    json_open_object(w, NULL);
    json_put_text(w, "id", id);
    json_put_text(w, "kind", kind);
    json_open_object(w, "name");
    json_put_text(w, "en", arena_print(cx->arena, "Offer %s", id));
    json_put_text(w, "fr", arena_print(cx->arena, "Offre %s", id));
    json_close_object(w);
    json_put_text(w, "unit", "user");
}

static void close_offer(struct json_writer *w, int64_t amount)
{
    json_open_array(w, "prices");
    put_price(w, "EUR", "P1M", "monthly", amount);
    put_price(w, "EUR", "P1Y", "monthly", amount - amount / 10);
    put_price(w, "USD", "P1M", "monthly", amount + amount / 10);
    json_close_array(w);
    json_close_object(w);
}

static void put_traditional(struct context *cx, struct json_writer *w, size_t i)
{
    open_offer(cx, w, traditional_id(cx, i), "traditional_addon");
    json_open_array(w, "connects_to");
    for (size_t j = 0; j < CONNECTS_TO; j++)
        json_put_text(w, NULL, base_id(cx, i + j));
    json_close_array(w);
    close_offer(w, 100 + (int64_t)i);
}

static void put_list(struct json_writer *w, const char *name, const char *first, const char *second)
{
    json_open_array(w, name);
    json_put_text(w, NULL, first);
    if (second != NULL)
        json_put_text(w, NULL, second);
    json_close_array(w);
}

static void put_standalone(struct context *cx, struct json_writer *w, size_t i)
{
    bool is_pair = i % 4 < 2; /* two neighbours that exclude each other */
    open_offer(cx, w, standalone_id(cx, i), "standalone_addon");
    json_open_object(w, "requires");
    put_list(w, "any_of", base_id(cx, i), base_id(cx, i + 1));
    if (i % 5 == 4) /* one of the four that is in no such pair */
        put_list(w, "all_of", standalone_id(cx, i - i % 4 + (i % 4 == 2 ? 3 : 2)), NULL);
    json_close_object(w);
    if (is_pair)
        put_list(w, "excludes", standalone_id(cx, i % 4 == 0 ? i + 1 : i - 1), NULL);
    if (i % 3 == 0)
        json_put_integer(w, "limit_per_customer", 1);
    if (i % 10 == 0)
        put_list(w, "countries", "DE", "BE");
    close_offer(w, 300 + (int64_t)i);
}

const char *bench_catalog(struct context *cx)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "version", "bench");
    json_open_array(&w, "offers");
    for (size_t i = 0; i < BASES; i++) {
        open_offer(cx, &w, base_id(cx, i), "base");
        close_offer(&w, 1000 + (int64_t)i);
    }
    for (size_t i = 0; i < TRADITIONAL; i++)
        put_traditional(cx, &w, i);
    for (size_t i = 0; i < STANDALONE; i++)
        put_standalone(cx, &w, i);
    json_close_array(&w);
    json_open_array(&w, "tax_rates");
    json_open_object(&w, NULL);
    json_put_text(&w, "country", "FR");
    json_put_text(&w, "category", "standard");
    json_put_text(&w, "percent", "20");
    json_put_text(&w, "from", "2014-01-01");
    json_close_object(&w);
    json_close_array(&w);
    json_close_object(&w);
    return json_end(&w);
}

struct order_request bench_catalog_order(struct context *cx)
{
    struct order_request_line *lines =
        ARENA_ARRAY(cx->arena, struct order_request_line, BENCH_HELD);
    for (size_t i = 0; i < BENCH_HELD; i++) {
        bool is_base = i < BASES_HELD;
        size_t addon = i - BASES_HELD; /* connects to the base of its own number, and two more */
        lines[i] = (struct order_request_line){
            .name = arena_print(cx->arena, "line-%zu", i),
            .offer = is_base ? base_id(cx, i) : traditional_id(cx, addon),
            .quantity = SEATS,
            .term = is_base ? TERM_P1M : TERM_NONE,
            .billing = is_base ? BILLING_MONTHLY : BILLING_NONE,
            .connect_to = is_base ? NULL : lines[addon % BASES_HELD].name,
            .start_on = DAY_NONE,
        };
        /* The second turn takes the add-ons of the next fifty, which know the same bases. */
        if (!is_base && addon >= BASES_HELD)
            lines[i].offer = traditional_id(cx, addon - BASES_HELD + BASES);
    }
    return (struct order_request){.lines = lines, .line_count = BENCH_HELD};
}
