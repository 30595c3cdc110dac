#include "support/pure.h"

#include "base/limits.h"

struct context pure_context(void)
{
    struct context cx = {
        .arena = arena_create(REQUEST_ARENA_MAX),
        .now = pure_day("2026-02-01") * MS_PER_DAY,
        .wall = pure_day("2026-02-01") * MS_PER_DAY,
        .customer = "org_test",
        .language = "en",
        .cause = "test",
    };
    id_seed_number(&cx.ids, 1);
    return cx;
}

void pure_reset(struct context *cx)
{
    arena_reset(cx->arena);
    cx->fault = (struct fault){0};
}

void pure_end(struct context *cx)
{
    arena_free(cx->arena);
}

civil_day pure_day(const char *text)
{
    civil_day day;
    bool is_day = day_parse(text, &day);
    assert(is_day);
    return day;
}
