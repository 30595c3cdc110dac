#include "app/bench_bare.h"

#include "base/limits.h"

#define T(literal)                                                                                 \
    {                                                                                              \
        .kind = (literal) != NULL ? BARE_TEXT : BARE_NULL, .text = (literal)                       \
    }
#define I(number)                                                                                  \
    {                                                                                              \
        .kind = BARE_INTEGER, .integer = (number)                                                  \
    }
#define NONE                                                                                       \
    {                                                                                              \
        .kind = BARE_NULL                                                                          \
    }
#define V(name)                                                                                    \
    {                                                                                              \
        .is_field = true, .field = BARE_##name                                                     \
    }
#define ROW(table, what, sql, ...)                                                                 \
    {table, BARE_##what, sql, (const struct bare_value[]){__VA_ARGS__},                            \
     sizeof((const struct bare_value[]){__VA_ARGS__}) / sizeof(struct bare_value)},
const struct bare_row BARE_ROWS[] = {
#include "app/bench_rows.def"
};
#undef T
#undef I
#undef NONE
#undef V
#undef ROW
const size_t BARE_ROW_COUNT = sizeof BARE_ROWS / sizeof *BARE_ROWS;
static_assert(sizeof BARE_ROWS / sizeof *BARE_ROWS <= BARE_ROWS_MAX);

/* As long as what a document of two lines freezes. */
enum { FROZEN_SIZE = 1050, EVENTS = 5, PERIOD_DAYS = 30 };
static const char HASH[] = "0f409d8c0d78644c87700ba254a8d5cdee7846859289985d57a0ec963aa0b0e6";
static const char *const ID_PREFIXES[BARE_IDS] = {"ord", "sub", "sub", "inv", "lin", "lin", "ent",
                                                  "evt", "evt", "evt", "evt", "evt", "req"};

int64_t bare_inserts(const char *table)
{
    int64_t count = 0;
    for (size_t i = 0; i < BARE_ROW_COUNT; i++) {
        if (BARE_ROWS[i].what == BARE_INSERTS && strcmp(BARE_ROWS[i].table, table) == 0)
            count++;
    }
    return count;
}

struct bare bare_create(struct context *cx, const char *where, const struct bench_world *world)
{
    char *frozen = arena_alloc(cx->arena, FROZEN_SIZE + 1);
    memset(frozen, 'x', FROZEN_SIZE);
    struct bare bare = {
        .where = where,
        .customers = world->customers,
        .customer_count = world->count,
        .reply = "{}",
        .batch = 1,
        .cx = *cx,
        .frozen = frozen,
    };
    bare.cx.arena = arena_create(REQUEST_ARENA_MAX);
    bare.cx.db = NULL;
    civil_day today = zone_day("Europe/Paris", cx->now);
    day_format(today, bare.today);
    day_format(today + PERIOD_DAYS, bare.period_end);
    return bare;
}

void bare_end(struct bare *bare)
{
    arena_free(bare->cx.arena);
}

static void set_texts(const struct bare *bare, const struct bench_customer *customer,
                      struct bare_order *order)
{
    order->texts[BARE_CUSTOMER] = customer->organization;
    order->texts[BARE_ACCOUNT] = customer->account;
    order->texts[BARE_METHOD] = customer->method;
    order->texts[BARE_KEY] = customer->key;
    order->texts[BARE_TODAY] = bare->today;
    order->texts[BARE_PERIOD_END] = bare->period_end;
    order->texts[BARE_REPLY] = bare->reply;
    order->texts[BARE_FROZEN] = bare->frozen;
    order->texts[BARE_HASH] = HASH;
}

void bare_next_order(struct bare *bare, struct bare_order *ret_order)
{
    struct bare_order *order = ret_order;
    struct context *cx = &bare->cx;
    size_t number = bare->next++;
    int64_t rank = (int64_t)(number / bare->customer_count); /* among those of its customer */
    set_texts(bare, &bare->customers[number % bare->customer_count], order);
    arena_reset(cx->arena);
    for (size_t i = 0; i < BARE_IDS; i++) {
        snprintf(order->ids[i], BARE_ID_SIZE, "%s", id_next(cx, ID_PREFIXES[i]));
        order->texts[BARE_ORDER + i] = order->ids[i];
    }
    order->integers[BARE_NOW] = cx->now;
    order->integers[BARE_DAY_AGO] = cx->now - MS_PER_DAY;
    order->integers[BARE_DUE_AT] = cx->now + PERIOD_DAYS * MS_PER_DAY;
    for (int64_t i = 0; i < EVENTS; i++)
        order->integers[BARE_SEQ_1 + i] = 100 + rank * EVENTS + i;
    order->integers[BARE_NUMBER] = (int64_t)number + 1;
}

struct bare_value bare_resolve(const struct bare_value *value, const struct bare_order *order)
{
    if (!value->is_field)
        return *value;
    if (value->field >= BARE_NOW)
        return (struct bare_value){.kind = BARE_INTEGER, .integer = order->integers[value->field]};
    return (struct bare_value){.kind = BARE_TEXT, .text = order->texts[value->field]};
}
