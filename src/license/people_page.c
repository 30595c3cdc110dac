#include "license/people_page.h"

#include <string.h>

#include "base/locale.h"
#include "base/message.h"
#include "customer/customer_store.h"
#include "customer/person_store.h"
#include "engine/show_page.h"
#include "engine/show_people_page.h"
#include "license/license_page.h"
#include "license/license_store.h"
#include "subscription/subscription_store.h"

enum { PEOPLE_A_PAGE = 25 };

/* ── The list ─────────────────────────────────────────────────────────────────────────── */

struct found {
    const struct person *person;
    const char *language;
};
LIST_TYPE(found_list, struct found);

static int compare_found(const void *a, const void *b)
{
    const struct found *one = a, *other = b;
    int order = locale_compare(one->language, one->person->name, other->person->name);
    return order != 0 ? order : strcmp(one->person->id, other->person->id);
}

static enum err find_people(struct context *cx, const char *q, struct found_list *list)
{
    struct person_list people = {0};
    TRY(person_load_all(cx, &people));
    for (size_t i = 0; i < people.count; i++) {
        const struct person *person = people.items[i];
        if (!locale_finds(person->name, q) && !locale_finds(person->email, q))
            continue;
        struct found *found = ARENA_NEW(cx->arena, struct found);
        *found = (struct found){person, cx->language};
        list_push(cx->arena, list, found);
    }
    list_sort(list->items, list->count, compare_found);
    return OK;
}

static enum err put_person(struct context *cx, struct view *rows, const struct person *person)
{
    struct license_list licenses = {0};
    uint32_t roles;
    TRY(role_load_all(cx, person->id, &roles));
    TRY(license_load_of_user(cx, person->id, &licenses));
    const char *words = show_roles(cx, roles);
    struct view *row = view_item(rows);
    view_print(row, "href", "/users/%s", person->id);
    view_text(row, "name", person->name);
    view_text(row, "email", person->email);
    view_text(row, "roles", words[0] != '\0' ? words : message_say(cx, "role.member", NULL));
    view_text(row, "licenses", locale_integer(cx->arena, cx->language, (int64_t)licenses.count));
    return OK;
}

enum err people_page_list(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct found_list list = {0};
    struct view *view = view_object(cx->arena);
    int64_t page = 1;
    const char *q = http_query(request, "q");
    q = q != NULL ? q : "";
    TRY(find_people(cx, q, &list));
    if (http_query_integer(cx, request, "page", 1, INT32_MAX, &page) != OK)
        fault_clear(cx); /* a page that does not exist is the first */
    int64_t last = ((int64_t)list.count + PEOPLE_A_PAGE - 1) / PEOPLE_A_PAGE;
    page = page <= last ? page : 1;
    struct view *rows = view_list(view, "rows");
    for (size_t i = (size_t)(page - 1) * PEOPLE_A_PAGE;
         i < list.count && i < (size_t)page * PEOPLE_A_PAGE; i++)
        TRY(put_person(cx, rows, list.items[i]->person));
    view_text(view, "q", q);
    view_bool(view, "has_rows", list.count > 0);
    view_text(view, "counted", message_count(cx, "licenses.people", (int64_t)list.count, NULL));
    license_page_put_pages(cx, view,
                           arena_print(cx->arena, "/users?q=%s&page=", http_encode(cx->arena, q)),
                           page, last);
    http_reply_page(reply, 200, "people", view);
    return OK;
}

/* ── A person's licences ──────────────────────────────────────────────────────────────── */

/* A product, and what becomes of the person's licence of it. */
struct tick {
    const struct license_count *count;
    const char *name;
    bool holds;
    bool wants;
    const char *language;
};
LIST_TYPE(tick_list, struct tick);

struct sheet {
    const struct http_request *request;
    bool posts;
    struct http_form form; /* of a POST, or kept when the session had ended */
    struct person *person;
    struct tick_list ticks;
    struct view *view;
    int status;
};

static int compare_ticks(const void *a, const void *b)
{
    const struct tick *one = a, *other = b;
    int order = locale_compare(one->language, one->name, other->name);
    return order != 0 ? order : strcmp(one->count->sub->id, other->count->sub->id);
}

static bool form_has(const struct http_form *form, const char *name, const char *value)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->pairs[i].name, name) == 0 && strcmp(form->pairs[i].value, value) == 0)
            return true;
    return false;
}

static enum err load_ticks(struct context *cx, struct sheet *sheet)
{
    struct license_count_list counts = {0};
    struct license_list licenses = {0};
    TRY(license_count_all(cx, &counts));
    TRY(license_load_of_user(cx, sheet->person->id, &licenses));
    struct license_index index = license_index_build(cx, &licenses);
    for (size_t i = 0; i < counts.count; i++) {
        struct tick *tick = ARENA_NEW(cx->arena, struct tick);
        const char *id = counts.items[i]->sub->id;
        tick->count = counts.items[i];
        tick->language = cx->language;
        tick->holds = license_find(&index, id, sheet->person->id) != NULL;
        tick->wants = sheet->form.count > 0 ? form_has(&sheet->form, "license", id) : tick->holds;
        TRY(show_name(cx, tick->count->sub, &tick->name));
        list_push(cx->arena, &sheet->ticks, tick);
    }
    list_sort(sheet->ticks.items, sheet->ticks.count, compare_ticks);
    return OK;
}

static enum err sheet_begin(struct context *cx, const struct http_request *request, bool posts,
                            struct sheet *sheet)
{
    *sheet = (struct sheet){.request = request, .posts = posts, .status = 200};
    sheet->view = view_object(cx->arena);
    if (posts) {
        TRY(http_form_read(cx, request, &sheet->form));
    } else {
        TRY(show_kept_form(cx, request, &sheet->form));
        show_kept_notice(cx, sheet->view, &sheet->form);
    }
    TRY(person_load(cx, request->path_values[0], &sheet->person));
    return load_ticks(cx, sheet);
}

/* The subscriptions whose licence is given (or taken) now, as a request of this one person. */
static struct license_request request_of(struct context *cx, const struct sheet *sheet, bool gives)
{
    const char **ids = ARENA_ARRAY(cx->arena, const char *, sheet->ticks.count + 1);
    struct license_request request = {
        .subscriptions = ids, .users = (const char *const *)&sheet->person->id, .user_count = 1};
    for (size_t i = 0; i < sheet->ticks.count; i++) {
        const struct tick *tick = sheet->ticks.items[i];
        if (tick->holds != tick->wants && tick->wants == gives)
            ids[request.subscription_count++] = tick->count->sub->id;
    }
    return request;
}

/* The names of what is given, or taken. */
static const char *names_of(struct context *cx, const struct sheet *sheet, bool gives)
{
    const char **names = ARENA_ARRAY(cx->arena, const char *, sheet->ticks.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < sheet->ticks.count; i++) {
        const struct tick *tick = sheet->ticks.items[i];
        if (tick->holds != tick->wants && tick->wants == gives)
            names[count++] = tick->name;
    }
    return count > 0 ? show_join(cx, names, count, "people.and") : NULL;
}

/* What was changed since it was shown is shown again: this says what was. */
static const char *change_of(struct context *cx, const struct sheet *sheet)
{
    struct buf change = buf_create(cx->arena);
    for (size_t i = 0; i < sheet->ticks.count; i++) {
        const struct tick *tick = sheet->ticks.items[i];
        if (tick->holds != tick->wants)
            buf_print(&change, "%c%s", tick->wants ? '+' : '-', tick->count->sub->id);
    }
    return buf_text(&change);
}

static enum err put_tick(struct context *cx, const struct sheet *sheet, struct view *rows,
                         const struct tick *tick)
{
    const struct subscription *sub = tick->count->sub;
    struct view *row = view_item(rows);
    const char *way = NULL, *why = NULL;
    view_print(row, "id", "license-%s", sub->id);
    view_text(row, "value", sub->id);
    view_text(row, "name", tick->name);
    view_bool(row, "selected", tick->wants);
    show_status(cx, row, sub);
    if (sub->parent != NULL) {
        struct subscription *parent;
        const char *base;
        TRY(subscription_load(cx, sub->parent, &parent));
        TRY(show_name(cx, parent, &base));
        view_text(row, "base", base);
    }
    view_text(row, "counted",
              message_say(cx, "people.available", "available",
                          locale_integer(cx->arena, cx->language, tick->count->available), "total",
                          locale_integer(cx->arena, cx->language, tick->count->total), NULL));
    if (!tick->holds)
        why = license_page_why_off(cx, sheet->request, tick->count, &way);
    view_bool(row, "off", why != NULL);
    view_text(row, "why", why);
    license_page_put_way(cx, row, way);
    return OK;
}

static enum err sheet_show(struct context *cx, struct http_reply *reply, struct sheet *sheet,
                           bool shows_effect)
{
    struct view *view = sheet->view;
    struct view *crumbs = view_list(view, "crumbs");
    show_crumb(crumbs, message_say(cx, "people.title", NULL), "/users");
    show_crumb(crumbs, sheet->person->name, NULL);
    view_text(view, "title", sheet->person->name);
    view_text(view, "name", sheet->person->name);
    view_text(view, "email", sheet->person->email);
    view_print(view, "post", "/users/%s", sheet->person->id);
    struct view *rows = view_list(view, "rows");
    for (size_t i = 0; i < sheet->ticks.count; i++)
        TRY(put_tick(cx, sheet, rows, sheet->ticks.items[i]));
    view_bool(view, "has_rows", sheet->ticks.count > 0);
    const char *given = names_of(cx, sheet, true), *taken = names_of(cx, sheet, false);
    if (shows_effect) {
        struct view *effect = view_child(view, "effect");
        struct view *said = view_list(effect, "said");
        view_text(effect, "review", change_of(cx, sheet));
        const char *who = sheet->person->name;
        if (given != NULL)
            view_text(view_item(said), "text",
                      message_say(cx, "people.gives", "name", who, "products", given, NULL));
        if (taken != NULL)
            view_text(view_item(said), "text",
                      message_say(cx, "people.takes", "name", who, "products", taken, NULL));
    }
    view_text(view, "button", message_say(cx, shows_effect ? "pane.confirm" : "pane.save", NULL));
    http_reply_page(reply, sheet->status, "person", view);
    return OK;
}

enum err people_page_show(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct sheet *sheet = ARENA_NEW(cx->arena, struct sheet);
    TRY(sheet_begin(cx, request, false, sheet));
    if (http_query(request, "saved") != NULL) {
        struct view *notice = view_child(sheet->view, "notice");
        view_text(notice, "kind", "success");
        view_text(notice, "text",
                  message_say(cx, "people.saved", "name", sheet->person->name, NULL));
        view_bool(notice, "urgent", false);
    }
    return sheet_show(cx, reply, sheet, false);
}

/* What only gives is done at once; what takes something away has to have been shown. */
enum err people_page_save(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct sheet *sheet = ARENA_NEW(cx->arena, struct sheet);
    TRY(sheet_begin(cx, request, true, sheet));
    const char *shown = http_form_value(&sheet->form, "review");
    bool was_shown = shown != NULL && strcmp(shown, change_of(cx, sheet)) == 0;
    if (names_of(cx, sheet, false) != NULL && !was_shown)
        return sheet_show(cx, reply, sheet, true);
    const struct license_request given = request_of(cx, sheet, true);
    const struct license_request taken = request_of(cx, sheet, false);
    enum err err = license_exchange(cx, &given, &taken);
    if (err != OK && err_http_status(err) < 500) {
        sheet->status = err_http_status(err);
        view_text(view_child(sheet->view, "problem"), "text", show_fault(cx));
        return sheet_show(cx, reply, sheet, false);
    }
    TRY(err);
    http_reply_redirect(reply, request,
                        arena_print(cx->arena, "/users/%s?saved=yes", sheet->person->id));
    return OK;
}

/* ── One's own ────────────────────────────────────────────────────────────────────────── */

enum err people_page_own(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct license_list list = {0};
    struct view *view = view_object(cx->arena);
    struct view *rows = view_list(view, "rows");
    TRY(license_load_of_user(cx, request->session->person, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct subscription *sub;
        struct account *account;
        const char *name;
        TRY(subscription_load(cx, list.items[i]->subscription, &sub));
        TRY(account_load(cx, sub->account, &account));
        TRY(show_name(cx, sub, &name));
        struct view *row = view_item(rows);
        view_text(row, "name", name);
        show_status(cx, row, sub);
        show_date(cx, row, zone_day(account->time_zone, list.items[i]->assigned_at),
                  zone_day(account->time_zone, cx->now));
    }
    view_bool(view, "has_rows", list.count > 0);
    http_reply_page(reply, 200, "own_licenses", view);
    return OK;
}
