#include "license/entitlement_api.h"

#include <string.h>

#include "base/limits.h"
#include "http/http_list.h"
#include "license/entitlement_store.h"

static void put_value(struct json_writer *w, const struct entitlement *entitlement)
{
    if (!entitlement->entitled)
        json_put_null(w, "value");
    else if (entitlement->type == FEATURE_SWITCH)
        json_put_bool(w, "value", true);
    else
        json_put_integer(w, "value", entitlement->value);
}

static void put_entitlement(struct json_writer *w, const char *feature,
                            struct entitlement_source *sources, size_t count)
{
    struct entitlement entitlement = entitlement_judge(sources, count, feature);
    json_open_object(w, NULL);
    json_put_text(w, "object", "entitlement");
    json_put_text(w, "feature", feature);
    json_put_bool(w, "entitled", entitlement.entitled);
    put_value(w, &entitlement);
    json_put_day(w, "until", entitlement.until);
    json_open_array(w, "granted_by");
    for (size_t i = 0; entitlement.entitled && i < count; i++) {
        if (!sources[i].grants)
            continue;
        json_open_object(w, NULL);
        json_put_text(w, "subscription", sources[i].subscription);
        json_put_text(w, "offer", sources[i].offer->id);
        json_put_integer(w, "quantity", sources[i].quantity);
        json_put_day(w, "until", sources[i].until);
        json_close_object(w);
    }
    json_close_array(w);
    json_close_object(w);
}

static enum err read_user(struct context *cx, const struct http_request *request,
                          const char **ret_user)
{
    const char *user = http_query(request, "user");
    if (user != NULL && (user[0] == '\0' || strlen(user) > USER_NAME_MAX))
        return fault(cx, ERR_INVALID, "param", "user", "value", "names a user", NULL);
    *ret_user = user;
    return OK;
}

enum err entitlement_api_check(struct context *cx, const struct http_request *request,
                               struct http_reply *reply)
{
    const char *feature = http_query(request, "feature");
    const char *user;
    struct entitlement_source *sources;
    size_t count;
    if (feature == NULL || feature[0] == '\0' || strlen(feature) > ID_MAX)
        return fault(cx, ERR_INVALID, "param", "feature", "value", "names a feature", NULL);
    TRY(read_user(cx, request, &user));
    TRY(entitlement_load_sources(cx, user, &sources, &count));
    struct json_writer w = json_begin(cx->arena);
    put_entitlement(&w, feature, sources, count);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err entitlement_api_list(struct context *cx, const struct http_request *request,
                              struct http_reply *reply)
{
    const char *user;
    struct entitlement_source *sources;
    size_t count, name_count;
    TRY(read_user(cx, request, &user));
    TRY(entitlement_load_sources(cx, user, &sources, &count));
    const char **names = entitlement_names(cx->arena, sources, count, &name_count);
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < name_count; i++)
        put_entitlement(&w, names[i], sources, count);
    http_list_end(&w, NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}
