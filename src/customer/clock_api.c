#include "customer/clock_api.h"

#include "base/clock.h"
#include "customer/clock_do.h"
#include "customer/clock_store.h"
#include "engine/command_api.h"
#include "engine/engine_do.h"
#include "http/http_list.h"

enum { PAUSE_US = 20000 }; /* while another node walks what is left */

/* Clocks are for test organisations, and so are their keys. */
static enum err check_mode(struct context *cx)
{
    if (!cx->actor.live)
        return OK;
    return fault(cx, ERR_INVALID, "param", "Authorization", "value",
                 "must be a test key: live organizations live in real time", NULL);
}

static enum err clock_encode(struct context *cx, struct json_writer *w, const char *name,
                             const struct test_clock *clock)
{
    struct clock_progress progress;
    TRY(clock_count_progress(cx, clock, &progress));
    json_open_object(w, name);
    json_put_text(w, "id", clock->id);
    json_put_text(w, "object", "test_clock");
    json_put_instant(w, "created_at", clock->created_at);
    json_put_integer(w, "version", clock->version);
    json_put_text(w, "name", clock->name);
    json_put_text(w, "status", clock->target_at == INSTANT_NONE ? "ready" : "advancing");
    json_put_instant(w, "frozen_time", clock->now_at);
    json_put_instant(w, "target_frozen_time", clock->target_at);
    json_open_object(w, "progress");
    json_put_integer(w, "organizations", progress.organizations);
    json_put_integer(w, "done", progress.done);
    json_put_integer(w, "parked", progress.parked);
    json_close_object(w);
    json_close_object(w);
    return OK;
}

static enum err reply_clock(struct context *cx, struct http_reply *reply, int status,
                            const struct test_clock *clock)
{
    struct json_writer w = json_begin(cx->arena);
    TRY(clock_encode(cx, &w, NULL, clock));
    http_reply_version(cx, reply, clock->version);
    http_reply_json(reply, status, &w);
    return OK;
}

static enum err decode_time(struct json_reader *body, instant *ret_at)
{
    const char *text;
    TRY(json_text(body, "frozen_time", REQUIRED, &text));
    if (!instant_parse(text, ret_at))
        return json_fault(body, "frozen_time", "must be an instant such as 2026-01-13T21:55:18Z");
    return OK;
}

enum err clock_api_create(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct json_reader body;
    struct test_clock clock;
    const char *name = NULL;
    instant at;
    TRY(check_mode(cx));
    TRY(http_body(cx, request, &body));
    TRY(json_text(&body, "name", OPTIONAL, &name));
    TRY(decode_time(&body, &at));
    TRY(json_done(&body));
    TRY(clock_create(cx, name, at, &clock));
    return reply_clock(cx, reply, 201, &clock);
}

enum err clock_api_list(struct context *cx, const struct http_request *request,
                        struct http_reply *reply)
{
    struct http_page page;
    struct test_clock_list list = {0};
    TRY(check_mode(cx));
    TRY(http_page_read(cx, request, &page));
    TRY(clock_list_page(cx, page.after, page.before, page.limit + 1, &list));
    bool has_more = http_list_trim(&page, list.items, &list.count);

    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++)
        TRY(clock_encode(cx, &w, NULL, list.items[i]));
    http_list_end(&w, has_more
                          ? http_list_next(&page, list.items[0]->id, list.items[list.count - 1]->id)
                          : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err clock_api_load(struct context *cx, const struct http_request *request,
                        struct http_reply *reply)
{
    struct test_clock clock;
    TRY(check_mode(cx));
    TRY(clock_load(cx, request->path_values[0], &clock));
    return reply_clock(cx, reply, 200, &clock);
}

/* Locks the clock that the address names, so that the version asked for still holds when it is
 * written. */
static enum err take_clock(struct context *cx, const struct http_request *request,
                           struct test_clock *ret_clock)
{
    TRY(clock_lock(cx, request->path_values[0], ret_clock));
    return http_check_version(cx, request, ret_clock->version);
}

enum err clock_api_advance(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct json_reader body;
    struct test_clock clock;
    instant to;
    TRY(check_mode(cx));
    TRY(http_body(cx, request, &body));
    TRY(decode_time(&body, &to));
    TRY(json_done(&body));
    TRY(take_clock(cx, request, &clock));
    TRY(clock_advance(cx, clock.id, to, &clock));
    reply->carry = arena_copy(cx->arena, clock.id);
    return reply_clock(cx, reply, 202, &clock);
}

enum err clock_api_finish(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct test_clock clock;
    bool worked;
    int64_t until_us = clock_monotonic_us() + (int64_t)PROVIDER_WAIT_MS * 1000;
    do {
        cx->wall = clock_wall_ms();
        TRY(engine_walk_clock(cx, reply->carry, &clock, &worked));
        if (!worked && clock.target_at != INSTANT_NONE)
            usleep(PAUSE_US);
    } while (clock.target_at != INSTANT_NONE && clock_monotonic_us() < until_us);
    TRY(reply_clock(cx, reply, clock.target_at == INSTANT_NONE ? 200 : 202, &clock));
    return command_api_keep(cx, request, reply);
}

enum err clock_api_delete(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct test_clock clock;
    TRY(check_mode(cx));
    TRY(take_clock(cx, request, &clock));
    TRY(clock_remove(cx, clock.id));
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "id", clock.id);
    json_put_text(&w, "object", "test_clock");
    json_put_bool(&w, "deleted", true);
    json_close_object(&w);
    http_reply_json(reply, 200, &w);
    return OK;
}
