#include "app/expand.h"

#include "app/routes.h"
#include "base/list.h"
#include "catalog/catalog_api.h"
#include "customer/clock_api.h"
#include "customer/customer_api.h"
#include "invoice/invoice_api.h"
#include "order/order_api.h"
#include "payment/payment_api.h"
#include "subscription/subscription_api.h"

enum { LEVELS_MAX = 2 };

/* What can be expanded: a member that holds an id, or one that an object gets only so. */
static const struct expansion {
    const char *name;
    http_handler load;
    const char *added_to; /* the `object` that gets it; "": any; NULL: it is a member */
    bool is_list;
} EXPANSIONS[] = {
    {"subscription", subscription_api_load, NULL, false},
    {"parent", subscription_api_load, NULL, false},
    {"account", customer_api_load_account, NULL, false},
    {"organization", customer_api_load_organization, NULL, false},
    {"offer", catalog_api_load_offer, NULL, false},
    {"order", order_api_load, NULL, false},
    {"invoice", invoice_api_load, NULL, false},
    {"payment_method", payment_api_load_method, NULL, false},
    {"default_payment_method", payment_api_load_method, NULL, false},
    {"test_clock", clock_api_load, NULL, false},
    {"addons", subscription_api_list_addons, "subscription", true},
    {"customer", customer_api_load_organization, "", false},
};

/* The names asked for at one level; each leads to those below it. */
struct wish {
    const char *name;
    const char *below; /* "addons" of "subscription.addons"; NULL: nothing */
    bool done;         /* found in some object */
};
LIST_TYPE(wish_list, struct wish);

/* What was loaded before, for a list names the same things again and again. */
struct loaded {
    http_handler load;
    const char *id;
    const char *body; /* NULL: it is not there */
};

struct expander {
    struct context *cx;
    const struct http_request *request;
    LIST(struct loaded) loaded;
};

static enum err put_object(struct expander *self, struct json_writer *w, const char *name,
                           struct json_reader *object, struct wish_list *wishes);

/* Wishes --------------------------------------------------------------------------------------- */

static enum err expand_fault(struct context *cx, const char *what)
{
    return fault(cx, ERR_INVALID, "param", "expand", "value", what, NULL);
}

static enum err add_wish(struct context *cx, struct wish_list *wishes, const char *text)
{
    if (wishes->count == EXPAND_MAX)
        return expand_fault(cx, "names too many");
    struct wish *wish = ARENA_NEW(cx->arena, struct wish);
    size_t size = strcspn(text, ".");
    wish->name = arena_copy_bytes(cx->arena, text, size);
    wish->below = text[size] == '.' ? text + size + 1 : NULL;
    if (wish->below != NULL && strchr(wish->below, '.') != NULL)
        return expand_fault(cx, "goes two levels deep at most");
    list_push(cx->arena, wishes, wish);
    return OK;
}

static enum err read_wishes(struct context *cx, const char *text, struct wish_list *wishes)
{
    while (*text != '\0') {
        size_t size = strcspn(text, ",");
        TRY(add_wish(cx, wishes, arena_copy_bytes(cx->arena, text, size)));
        text += size;
        text += *text == ',';
    }
    return OK;
}

/* A wish that no object could fulfil is a mistake in the request. */
static enum err check_done(struct context *cx, const struct wish_list *wishes)
{
    for (size_t i = 0; i < wishes->count; i++) {
        if (!wishes->items[i]->done)
            return expand_fault(
                cx, arena_print(cx->arena, "%s is nothing to expand here", wishes->items[i]->name));
    }
    return OK;
}

static struct wish_list wishes_below(struct context *cx, const struct wish *wish)
{
    struct wish_list below = {0};
    if (wish->below != NULL) {
        struct wish *one = ARENA_NEW(cx->arena, struct wish);
        one->name = wish->below;
        list_push(cx->arena, &below, one);
    }
    return below;
}

static struct wish *find_wish(const struct wish_list *wishes, const char *name)
{
    for (size_t i = 0; i < wishes->count; i++)
        if (strcmp(wishes->items[i]->name, name) == 0)
            return wishes->items[i];
    return NULL;
}

static const struct expansion *find_expansion(const char *name)
{
    for (size_t i = 0; i < sizeof EXPANSIONS / sizeof *EXPANSIONS; i++)
        if (strcmp(EXPANSIONS[i].name, name) == 0)
            return &EXPANSIONS[i];
    return NULL;
}

/* Loading -------------------------------------------------------------------------------------- */

static enum err check_permission(struct context *cx, http_handler load)
{
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        bool may = (cx->actor.permissions & ROUTES[i].permission) == ROUTES[i].permission;
        if (ROUTES[i].handler == load && !may)
            return fault(cx, ERR_FORBIDDEN, NULL);
    }
    return OK;
}

/* The body that the route gives; NULL when it is not there. */
static enum err load_once(struct expander *self, http_handler load, const char *id,
                          const char **ret_body)
{
    struct context own = *self->cx; /* handlers may turn to another customer */
    for (size_t i = 0; i < self->loaded.count; i++) {
        const struct loaded *loaded = self->loaded.items[i];
        *ret_body = loaded->body;
        if (loaded->load == load && strcmp(loaded->id, id) == 0)
            return OK;
    }
    TRY(check_permission(self->cx, load));
    struct http_request request = *self->request;
    struct http_reply reply = {0};
    request.path_values[0] = id;
    request.path_value_count = 1;
    request.query_count = 0;
    enum err err = load(&own, &request, &reply);
    if (err != OK && err != ERR_NOT_FOUND) {
        self->cx->fault = own.fault;
        return err;
    }
    struct loaded *loaded = ARENA_NEW(self->cx->arena, struct loaded);
    *loaded = (struct loaded){load, arena_copy(self->cx->arena, id), err == OK ? reply.body : NULL};
    list_push(self->cx->arena, &self->loaded, loaded);
    *ret_body = loaded->body;
    return OK;
}

/* Putting -------------------------------------------------------------------------------------- */

static enum err put_list(struct expander *self, struct json_writer *w, const char *name,
                         struct json_reader *r, const char *member, struct wish_list *wishes)
{
    size_t count;
    TRY(json_array(r, member, REQUIRED, PAGE_MAX, &count));
    json_open_array(w, name);
    for (size_t i = 0; i < count; i++) {
        struct json_reader item;
        TRY(json_array_object(r, member, i, &item));
        TRY(put_object(self, w, NULL, &item, wishes));
    }
    json_close_array(w);
    return OK;
}

static enum err put_loaded(struct expander *self, struct json_writer *w, struct wish *wish,
                           const struct expansion *expansion, const char *id)
{
    const char *body;
    struct json_reader object;
    TRY(load_once(self, expansion->load, id, &body));
    if (body == NULL) {
        json_put_text(w, wish->name, id);
        return OK;
    }
    struct wish_list below = wishes_below(self->cx, wish);
    TRY(json_open(self->cx, &object, body, strlen(body)));
    if (expansion->is_list)
        TRY(put_list(self, w, wish->name, &object, "data", &below));
    else
        TRY(put_object(self, w, wish->name, &object, &below));
    return check_done(self->cx, &below);
}

static enum err put_member(struct expander *self, struct json_writer *w, struct json_reader *r,
                           const char *name, struct wish *wish)
{
    char type = json_type(r, name);
    const struct expansion *expansion = find_expansion(name);
    struct wish_list below = wish != NULL ? wishes_below(self->cx, wish) : (struct wish_list){0};
    if (wish != NULL && (expansion != NULL || (below.count > 0 && type == 'a')))
        wish->done = true;
    if (wish != NULL && type == 's' && expansion != NULL) {
        const char *id;
        TRY(json_text(r, name, REQUIRED, &id));
        return put_loaded(self, w, wish, expansion, id);
    }
    if (below.count == 0 || type != 'a') {
        json_put_raw(w, name, json_raw(r, name));
        return OK;
    }
    TRY(put_list(self, w, name, r, name, &below));
    return check_done(self->cx, &below);
}

/* Members that an object gets only by being asked for them. */
static enum err put_added(struct expander *self, struct json_writer *w, struct json_reader *object,
                          struct wish *wish)
{
    const struct expansion *expansion = find_expansion(wish->name);
    const char *kind = "", *id = "";
    if (expansion == NULL || expansion->added_to == NULL || json_has(object, wish->name))
        return OK;
    TRY(json_text(object, "object", OPTIONAL, &kind));
    TRY(json_text(object, "id", OPTIONAL, &id));
    if (expansion->added_to[0] != '\0' && strcmp(expansion->added_to, kind) != 0)
        return OK;
    wish->done = true;
    return put_loaded(self, w, wish, expansion, expansion->added_to[0] ? id : self->cx->customer);
}

static enum err put_object(struct expander *self, struct json_writer *w, const char *name,
                           struct json_reader *object, struct wish_list *wishes)
{
    json_open_object(w, name);
    for (size_t i = 0; i < json_member_count(object); i++) {
        const char *member = json_member_name(object, i);
        TRY(put_member(self, w, object, member, find_wish(wishes, member)));
    }
    for (size_t i = 0; i < wishes->count; i++)
        TRY(put_added(self, w, object, wishes->items[i]));
    json_close_object(w);
    return OK;
}

/* A page of a list: the names are those of its items. */
static enum err put_page(struct expander *self, struct json_writer *w, struct json_reader *r,
                         struct wish_list *wishes)
{
    json_open_object(w, NULL);
    for (size_t i = 0; i < json_member_count(r); i++) {
        const char *member = json_member_name(r, i);
        if (strcmp(member, "data") == 0)
            TRY(put_list(self, w, "data", r, "data", wishes));
        else
            json_put_raw(w, member, json_raw(r, member));
    }
    json_close_object(w);
    return OK;
}

enum err expand(struct context *cx, const struct http_request *request, struct http_reply *reply)
{
    struct expander self = {.cx = cx, .request = request};
    struct wish_list wishes = {0};
    struct json_reader r;
    struct json_writer w = json_begin(cx->arena);
    const char *kind = "";
    TRY(read_wishes(cx, http_query(request, "expand"), &wishes));
    TRY(json_open(cx, &r, reply->body, reply->body_size));
    TRY(json_text(&r, "object", OPTIONAL, &kind));
    bool is_list = strcmp(kind, "list") == 0;
    bool is_empty = false;
    if (is_list) {
        size_t count;
        TRY(json_array(&r, "data", REQUIRED, PAGE_MAX, &count));
        is_empty = count == 0;
    }
    TRY(is_list ? put_page(&self, &w, &r, &wishes) : put_object(&self, &w, NULL, &r, &wishes));
    if (!is_empty)
        TRY(check_done(cx, &wishes));
    reply->body = json_end(&w);
    reply->body_size = strlen(reply->body);
    return OK;
}
