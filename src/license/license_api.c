#include "license/license_api.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "engine/decision_json.h"
#include "http/http_list.h"
#include "http/http_subject.h"
#include "license/license_do.h"
#include "license/license_store.h"
#include "subscription/subscription_store.h"

/* Counts --------------------------------------------------------------------------------------- */

static void put_conflict(struct json_writer *w, const struct license_count *count)
{
    json_open_object(w, NULL);
    json_put_text(w, "subscription", count->sub->id);
    json_put_integer(w, "too_many", count->too_many);
    json_put_day(w, "since", count->since);
    json_put_day(w, "removed_on", count->removed_on);
    json_close_object(w);
}

static void put_count(struct json_writer *w, const struct license_count *count)
{
    json_open_object(w, NULL);
    json_put_text(w, "subscription", count->sub->id);
    json_put_text(w, "offer", count->sub->offer);
    json_put_text(w, "status", subscription_status_format(count->sub->status));
    json_put_integer(w, "total", count->total);
    json_put_integer(w, "assigned", count->assigned);
    json_put_integer(w, "available", count->available);
    json_close_object(w);
}

/* One offer: `count` subscriptions from the first on. */
static void put_offer(struct json_writer *w, struct license_count *const *counts, size_t count)
{
    int64_t total = 0, assigned = 0, available = 0;
    for (size_t i = 0; i < count; i++) {
        total += counts[i]->total;
        assigned += counts[i]->assigned;
        available += counts[i]->available;
    }
    json_open_object(w, NULL);
    json_put_text(w, "object", "license_summary");
    json_put_text(w, "offer", counts[0]->sub->offer);
    json_put_integer(w, "total", total);
    json_put_integer(w, "assigned", assigned);
    json_put_integer(w, "available", available);
    json_open_array(w, "conflicts");
    for (size_t i = 0; i < count; i++) {
        if (counts[i]->too_many > 0)
            put_conflict(w, counts[i]);
    }
    json_close_array(w);
    json_open_array(w, "subscriptions");
    for (size_t i = 0; i < count; i++)
        put_count(w, counts[i]);
    json_close_array(w);
    json_close_object(w);
}

enum err license_api_list(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    (void)request;
    struct license_count_list list = {0};
    TRY(license_count_all(cx, &list));
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0, next; i < list.count; i = next) {
        for (next = i + 1; next < list.count; next++) {
            if (strcmp(list.items[next]->sub->offer, list.items[i]->sub->offer) != 0)
                break;
        }
        put_offer(&w, &list.items[i], next - i);
    }
    http_list_end(&w, NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

/* Holders -------------------------------------------------------------------------------------- */

enum err license_api_list_holders(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply)
{
    struct subscription *sub;
    struct http_page page;
    struct license_list list = {0};
    TRY(subscription_load(cx, request->path_values[0], &sub));
    TRY(http_page_read(cx, request, &page));
    const struct license_query query = {
        .subscription = sub->id,
        .after = page.after,
        .before = page.before,
        .limit = page.limit + 1,
    };
    TRY(license_list_page(cx, &query, &list));
    bool has_more = http_list_trim(&page, list.items, &list.count);
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++) {
        const struct license *license = list.items[i];
        json_open_object(&w, NULL);
        json_put_text(&w, "id", license->id);
        json_put_text(&w, "object", "license");
        json_put_instant(&w, "created_at", license->assigned_at);
        json_put_text(&w, "subscription", license->subscription);
        json_put_text(&w, "offer", sub->offer);
        json_put_text(&w, "user", license->user);
        json_close_object(&w);
    }
    http_list_end(&w, has_more
                          ? http_list_next(&page, list.items[0]->id, list.items[list.count - 1]->id)
                          : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

/* Assigning ------------------------------------------------------------------------------------ */

/* Reads one text, or several under the other name; of both exactly one. */
static enum err read_texts(struct context *cx, struct json_reader *r, const char *one,
                           const char *several, const char *const **ret_texts, size_t *ret_count)
{
    size_t count = 0;
    const char *single = NULL;
    if (json_has(r, one) == json_has(r, several))
        return json_fault(r, one, arena_print(cx->arena, "say %s, or %s", one, several));
    TRY(json_text(r, one, OPTIONAL, &single));
    TRY(json_array(r, several, OPTIONAL, USERS_MAX, &count));
    const char **texts = ARENA_ARRAY(cx->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        TRY(json_array_text(r, several, i, &texts[i]));
    if (single != NULL)
        texts[count++] = single;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(texts[i]);
        if (length == 0 || length > USER_NAME_MAX || text_has_controls(texts[i]))
            return json_fault(r, single ? one : several, "is not a name or an id");
    }
    *ret_texts = texts;
    *ret_count = count;
    return OK;
}

/* What was asked for: its subscriptions as they now are. */
static enum err reply_counts(struct context *cx, struct http_reply *reply,
                             const struct license_request *request, const char *object)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "object", object);
    json_open_array(&w, "users");
    for (size_t i = 0; i < request->user_count; i++)
        json_put_text(&w, NULL, request->users[i]);
    json_close_array(&w);
    json_open_array(&w, "subscriptions");
    for (size_t i = 0; i < request->subscription_count; i++) {
        struct subscription *sub;
        TRY(subscription_load(cx, request->subscriptions[i], &sub));
        struct license_count count = license_count_one(sub);
        put_count(&w, &count);
    }
    json_close_array(&w);
    json_close_object(&w);
    http_reply_json(reply, 200, &w);
    return OK;
}

static enum err change(struct context *cx, const struct http_request *request,
                       struct http_reply *reply, enum command_kind kind)
{
    struct json_reader r;
    struct http_review review;
    struct command command = {.kind = kind};
    struct license_request *licenses = &command.licenses;
    TRY(http_body(cx, request, &r));
    TRY(http_review_read(cx, request, &r, &review));
    TRY(read_texts(cx, &r, "subscription", "subscriptions", &licenses->subscriptions,
                   &licenses->subscription_count));
    TRY(read_texts(cx, &r, "user", "users", &licenses->users, &licenses->user_count));
    TRY(json_done(&r));
    TRY(license_check_request(cx, licenses));
    command.subscription = licenses->subscriptions[0];
    struct engine_run run = {
        .preview = review.preview,
        .token = review.token,
        .subject = review.subject,
    };
    TRY(license_change(cx, &command, &run));
    if (!run.preview)
        return reply_counts(cx, reply, licenses,
                            kind == COMMAND_ASSIGN ? "license_assignment" : "license_unassignment");
    struct json_writer w =
        decision_preview(cx, run.state, &run.decision, run.ret_token, run.ret_expires_at);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err license_api_assign(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    return change(cx, request, reply, COMMAND_ASSIGN);
}

enum err license_api_unassign(struct context *cx, const struct http_request *request,
                              struct http_reply *reply)
{
    return change(cx, request, reply, COMMAND_UNASSIGN);
}
