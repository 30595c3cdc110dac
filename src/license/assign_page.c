#include "license/assign_page.h"

#include <string.h>

#include "base/locale.h"
#include "base/message.h"
#include "engine/assign.h"
#include "engine/engine_store.h"
#include "engine/show_page.h"
#include "engine/show_people_page.h"
#include "license/license_page.h"
#include "license/license_store.h"
#include "subscription/subscription_store.h"

enum { ASSIGN_MAX = 20 }; /* people at a time (screens, Licences), and shown at a time */

/* A pane while it is answered. */
struct pane {
    const struct http_request *request;
    bool posts;
    struct http_form form; /* of a POST, or kept when the session had ended */
    struct subscription *sub;
    const char *name; /* of its offer */
    const char *base; /* what it is connected to; NULL: nothing */
    struct directory directory;
    const char *users[HTTP_QUERY_MAX]; /* who is ticked, each once */
    size_t user_count;
    struct view *view;
    int status;
};

/* ── What was sent ────────────────────────────────────────────────────────────────────── */

static const char *value_of(const struct pane *pane, const char *name)
{
    const char *value = http_form_value(&pane->form, name);
    if (!pane->posts && value == NULL)
        value = http_query(pane->request, name);
    return value != NULL ? value : "";
}

static bool is_asked(const struct pane *pane, const char *what)
{
    return pane->posts && strcmp(value_of(pane, "do"), what) == 0;
}

static bool is_ticked(const struct pane *pane, const char *user)
{
    for (size_t i = 0; i < pane->user_count; i++)
        if (strcmp(pane->users[i], user) == 0)
            return true;
    return false;
}

static void tick(struct pane *pane, const struct http_pair *pair)
{
    if (strcmp(pair->name, "user") == 0 && pair->value[0] != '\0' &&
        pane->user_count < HTTP_QUERY_MAX && !is_ticked(pane, pair->value))
        pane->users[pane->user_count++] = pair->value;
}

/* Leaves out whom it is done for already: others may have been quicker. */
static enum err keep_users(struct context *cx, struct pane *pane, bool holders)
{
    struct license_list list = {0};
    size_t kept = 0;
    TRY(license_load_of_subscription(cx, pane->sub->id, &list));
    struct license_index index = license_index_build(cx, &list);
    for (size_t i = 0; i < pane->user_count; i++) {
        bool holds = license_find(&index, pane->sub->id, pane->users[i]) != NULL;
        if (holds == holders)
            pane->users[kept++] = pane->users[i];
    }
    pane->user_count = kept;
    return OK;
}

static enum err pane_begin(struct context *cx, const struct http_request *request, bool posts,
                           const char *title, struct pane *pane)
{
    const struct offer *offer;
    *pane = (struct pane){.request = request, .posts = posts, .status = 200};
    pane->view = view_object(cx->arena);
    if (posts) {
        TRY(http_form_read(cx, request, &pane->form));
    } else {
        TRY(show_kept_form(cx, request, &pane->form));
        show_kept_notice(cx, pane->view, &pane->form);
    }
    for (size_t i = 0; i < pane->form.count; i++)
        tick(pane, &pane->form.pairs[i]);
    for (size_t i = 0; !posts && i < request->query_count; i++)
        tick(pane, &request->query[i]);
    TRY(license_page_load(cx, request->path_values[0], &pane->sub, &offer));
    TRY(directory_load(cx, &pane->directory));
    pane->name = show_text(cx, offer->name);
    if (pane->sub->parent != NULL) {
        struct subscription *parent;
        TRY(subscription_load(cx, pane->sub->parent, &parent));
        TRY(show_name(cx, parent, &pane->base));
    }
    view_text(pane->view, "title", message_say(cx, title, "name", pane->name, NULL));
    view_text(pane->view, "post", request->path);
    struct view *back = view_child(pane->view, "back");
    view_print(back, "href", "/billing/licenses/%s", pane->sub->id);
    view_text(back, "label", message_say(cx, "licenses.back", NULL));
    return OK;
}

/* ── Effect and saving ────────────────────────────────────────────────────────────────── */

static struct command pane_command(const struct pane *pane, enum command_kind kind)
{
    return (struct command){
        .kind = kind,
        .subscription = pane->sub->id,
        .licenses = {.subscriptions = (const char *const *)&pane->sub->id,
                     .subscription_count = 1,
                     .users = pane->users,
                     .user_count = pane->user_count},
    };
}

static const char *pane_subject(struct context *cx, const struct pane *pane)
{
    struct buf subject = buf_create(cx->arena);
    buf_add_text(&subject, pane->request->path);
    for (size_t i = 0; i < pane->user_count; i++)
        buf_print(&subject, " %s", pane->users[i]);
    return buf_text(&subject);
}

/* Of a form at its head; of what is only looked at where its effect would stand. */
static struct view *put_problem(struct pane *pane, const char *text)
{
    struct view *where = pane->posts ? pane->view : view_child(pane->view, "effect");
    struct view *problem = view_child(where, "problem");
    view_text(problem, "text", text);
    return problem;
}

/* A refusal leads to the person it is about: all licences of one are there together. */
static void put_refusal(struct context *cx, struct pane *pane, enum err err)
{
    bool is_of_one = err == ERR_BASE_LICENSE_MISSING || err == ERR_BASE_LICENSE_NEEDED;
    const char *user = fault_arg(&cx->fault, "user");
    user = is_of_one && user != NULL ? arena_copy(cx->arena, user) : NULL;
    const char *name = user != NULL ? directory_name(&pane->directory, user) : NULL;
    const char *told = show_fault(cx);
    pane->status = pane->posts ? err_http_status(err) : 200;
    struct view *problem = put_problem(
        pane, name != NULL ? message_say(cx, "assign.of", "name", name, "what", told, NULL) : told);
    if (name == NULL || directory_find(&pane->directory, user) == NULL)
        return;
    struct view *way = view_child(problem, "way");
    view_print(way, "href", "/users/%s", user);
    view_text(way, "label", message_say(cx, "people.licenses_of", "name", name, NULL));
}

static void put_effect(struct context *cx, struct pane *pane, enum command_kind kind,
                       const struct engine_run *run)
{
    const struct subscription *after = state_find_subscription(run->state, pane->sub->id);
    bool gives = kind == COMMAND_ASSIGN;
    struct view *effect = view_child(pane->view, "effect");
    const char *people = show_people(cx, &pane->directory, pane->users, pane->user_count);
    const char *what =
        message_count(cx, gives ? "assign.effect" : "unassign.effect", (int64_t)pane->user_count,
                      "people", people, "name", pane->name, NULL);
    int64_t left = after->quantity - after->assigned;
    view_text(effect, "review", run->ret_token);
    struct view *said = view_list(effect, "said");
    view_text(view_item(said), "text", what);
    if (left >= 0)
        view_text(view_item(said), "text", message_count(cx, "assign.left", left, NULL));
}

/* Says what is wrong with how many were ticked; NULL: nothing. */
static const char *check_count(struct context *cx, const struct pane *pane)
{
    if (pane->user_count == 0)
        return message_say(cx, "assign.nobody", NULL);
    if (pane->user_count <= ASSIGN_MAX)
        return NULL;
    return message_say(cx, "assign.too_many", "max",
                       locale_integer(cx->arena, cx->language, ASSIGN_MAX), NULL);
}

/* Shows what was asked for, if it can be; a second press carries it out. */
static enum err pane_show(struct context *cx, struct http_reply *reply, struct pane *pane,
                          enum command_kind kind)
{
    bool gives = kind == COMMAND_ASSIGN;
    struct command command = pane_command(pane, kind);
    struct engine_run run = {.preview = true, .subject = pane_subject(cx, pane)};
    bool is_shown = false;
    const char *wrong = check_count(cx, pane);
    if (!pane->posts && wrong != NULL && (pane->user_count > 0 || !gives))
        put_problem(pane, wrong);
    if (wrong == NULL) {
        enum err err = license_change(cx, &command, &run);
        is_shown = err == OK;
        if (err != OK && err_http_status(err) < 500)
            put_refusal(cx, pane, err);
        else
            TRY(err);
    }
    if (is_shown)
        put_effect(cx, pane, kind, &run);
    struct view *submit = view_child(pane->view, "submit");
    bool confirms = is_shown && pane->posts && gives;
    view_text(submit, "label",
              message_say(cx,
                          confirms ? "pane.confirm"
                          : gives  ? "assign.save"
                                   : "unassign.save",
                          NULL));
    view_text(submit, "value", is_shown ? "confirm" : "save");
    view_bool(submit, "danger", !gives);
    view_bool(submit, "confirms",
              confirms); /* what it does is said beside it: the focus is there */
    http_reply_page(reply, pane->status, gives ? "pane_assign" : "pane_form", pane->view);
    return OK;
}

/* Carries out what was shown, when its token comes back. */
static enum err pane_save(struct context *cx, struct http_reply *reply, struct pane *pane,
                          enum command_kind kind)
{
    const char *wrong = check_count(cx, pane);
    const char *token = value_of(pane, "review");
    if (wrong != NULL) {
        put_problem(pane, wrong);
        pane->status = 422;
    }
    if (wrong != NULL || token[0] == '\0')
        return pane_show(cx, reply, pane, kind);
    struct command command = pane_command(pane, kind);
    struct engine_run run = {.token = token, .subject = pane_subject(cx, pane)};
    enum err err = license_change(cx, &command, &run);
    if (err != OK && err_http_status(err) < 500) {
        bool is_stale = err == ERR_NOT_FOUND && cx->fault.param != NULL &&
                        strcmp(cx->fault.param, "/token") == 0;
        if (!is_stale)
            put_refusal(cx, pane, err);
        fault_clear(cx); /* others were ticked since: what that comes to is shown */
        return pane_show(cx, reply, pane, kind);
    }
    TRY(err);
    http_reply_redirect(reply, pane->request,
                        arena_print(cx->arena, "/billing/licenses/%s?%s=%zu", pane->sub->id,
                                    kind == COMMAND_ASSIGN ? "assigned" : "unassigned",
                                    pane->user_count));
    return OK;
}

/* ── Assign ───────────────────────────────────────────────────────────────────────────── */

struct candidate {
    const struct person *person;
    const char *language;
};
LIST_TYPE(candidate_list, struct candidate);

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *one = a, *other = b;
    int order = locale_compare(one->language, one->person->name, other->person->name);
    return order != 0 ? order : strcmp(one->person->id, other->person->id);
}

/* Who holds no licence of it and is ticked, or is not and has the text of the search. */
static void find_candidates(struct context *cx, const struct pane *pane, const struct state *state,
                            bool ticked, struct candidate_list *list)
{
    struct license_index index = license_index_build(cx, &state->licenses);
    const char *q = value_of(pane, "q");
    for (size_t i = 0; i < pane->directory.count; i++) {
        const struct person *person = pane->directory.people[i];
        bool is_found = locale_finds(person->name, q) || locale_finds(person->email, q);
        if (is_ticked(pane, person->id) != ticked || (!ticked && !is_found) ||
            license_find(&index, pane->sub->id, person->id) != NULL)
            continue;
        struct candidate *candidate = ARENA_NEW(cx->arena, struct candidate);
        *candidate = (struct candidate){person, cx->language};
        list_push(cx->arena, list, candidate);
    }
    list_sort(list->items, list->count, compare_candidates);
}

/* Why one cannot be given a licence, with the way out; nothing when one can. */
static bool put_why(struct context *cx, const struct pane *pane, const struct state *state,
                    struct view *choice, const char *user)
{
    const char *const *sub = (const char *const *)&pane->sub->id;
    const struct license_request request = {sub, 1, &user, 1};
    enum err err = assign_check(cx, state, &request);
    view_bool(choice, "off", err != OK);
    if (err == OK)
        return false;
    bool needs_base = err == ERR_BASE_LICENSE_MISSING && pane->base != NULL;
    const char *told = show_fault(cx);
    view_text(choice, "why",
              needs_base ? message_say(cx, "assign.needs_base", "base", pane->base, NULL) : told);
    struct view *way = view_child(choice, "way");
    view_print(way, "href", "/users/%s", user);
    view_text(way, "label",
              message_say(cx, "people.licenses_of", "name", directory_name(&pane->directory, user),
                          NULL));
    return true;
}

/* Those who are ticked, then those found; the button "all" ticks those too, as many as may be. */
static void put_choices(struct context *cx, struct pane *pane, const struct state *state)
{
    struct candidate_list ticked = {0}, found = {0};
    find_candidates(cx, pane, state, true, &ticked);
    find_candidates(cx, pane, state, false, &found);
    struct view *choices = view_list(pane->view, "choices");
    size_t shown = 0;
    bool can_tick = false;
    for (size_t i = 0; i < ticked.count + found.count && shown < ASSIGN_MAX + ticked.count; i++) {
        bool was_ticked = i < ticked.count;
        const struct person *person =
            was_ticked ? ticked.items[i]->person : found.items[i - ticked.count]->person;
        struct view *choice = view_item(choices);
        shown++;
        bool is_off = !was_ticked && put_why(cx, pane, state, choice, person->id);
        if (was_ticked)
            view_bool(choice, "off", false); /* what is wrong with it is said of the whole */
        can_tick = can_tick || !(was_ticked || is_off);
        bool adds = is_asked(pane, "all") && !is_off && pane->user_count < ASSIGN_MAX;
        if (adds && !was_ticked)
            pane->users[pane->user_count++] = person->id;
        view_print(choice, "id", "person-%zu", i);
        view_text(choice, "value", person->id);
        view_text(choice, "label", person->name);
        view_text(choice, "detail", person->email);
        view_bool(choice, "selected", was_ticked || adds);
    }
    size_t others = ticked.count + found.count - shown;
    view_bool(pane->view, "has_choices", shown > 0);
    view_bool(pane->view, "can_tick", can_tick);
    if (others > 0)
        view_text(pane->view, "more", message_count(cx, "assign.more", (int64_t)others, NULL));
}

static enum err put_assign(struct context *cx, struct pane *pane)
{
    struct state *state;
    const char *way;
    TRY(state_load_read(cx, &state));
    TRY(license_load_all(cx, &state->licenses));
    struct license_count count = license_count_one(pane->sub);
    const char *why = license_page_why_off(cx, pane->request, &count, &way);
    view_text(pane->view, "intro",
              message_count(cx, "assign.available", count.available, "max",
                            locale_integer(cx->arena, cx->language, ASSIGN_MAX), NULL));
    view_text(pane->view, "q", value_of(pane, "q"));
    view_bool(pane->view, "refused", why != NULL);
    if (why != NULL) {
        struct view *off = view_child(pane->view, "none");
        view_text(off, "text", why);
        license_page_put_way(cx, off, way);
        return OK;
    }
    put_choices(cx, pane, state);
    return OK;
}

static enum err assign(struct context *cx, const struct http_request *request,
                       struct http_reply *reply, bool posts)
{
    struct pane *pane = ARENA_NEW(cx->arena, struct pane);
    TRY(pane_begin(cx, request, posts, "assign.title", pane));
    TRY(keep_users(cx, pane, false));
    TRY(put_assign(cx, pane));
    bool saves = posts && !is_asked(pane, "search") && !is_asked(pane, "all");
    return saves ? pane_save(cx, reply, pane, COMMAND_ASSIGN)
                 : pane_show(cx, reply, pane, COMMAND_ASSIGN);
}

enum err assign_page_show(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    return assign(cx, request, reply, false);
}

enum err assign_page_save(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    return assign(cx, request, reply, true);
}

/* ── Unassign ─────────────────────────────────────────────────────────────────────────── */

static enum err unassign(struct context *cx, const struct http_request *request,
                         struct http_reply *reply, bool posts)
{
    struct pane *pane = ARENA_NEW(cx->arena, struct pane);
    TRY(pane_begin(cx, request, posts, "unassign.title", pane));
    TRY(keep_users(cx, pane, true));
    struct view *hidden = view_list(pane->view, "hidden");
    struct view *along = view_child(pane->view, "along");
    struct view *items = view_list(along, "items");
    view_text(along, "title", message_say(cx, "unassign.who", NULL));
    for (size_t i = 0; i < pane->user_count; i++) {
        struct view *field = view_item(hidden);
        view_text(field, "name", "user");
        view_text(field, "value", pane->users[i]);
        struct view *item = view_item(items);
        view_text(item, "name", directory_name(&pane->directory, pane->users[i]));
        view_text(item, "detail", "");
    }
    return posts ? pane_save(cx, reply, pane, COMMAND_UNASSIGN)
                 : pane_show(cx, reply, pane, COMMAND_UNASSIGN);
}

enum err assign_page_show_unassign(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply)
{
    return unassign(cx, request, reply, false);
}

enum err assign_page_save_unassign(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply)
{
    return unassign(cx, request, reply, true);
}
