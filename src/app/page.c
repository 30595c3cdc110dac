#include "app/page.h"

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/message.h"
#include "customer/seller.h"
#include "customer/session_store.h"
#include "customer/sign_in_do.h"
#include "db/db.h"
#include "engine/show_page.h"

enum { TEMPLATES_MAX = 256, NAME_SIZE = 64, TEMPLATE_BYTES_MAX = 16 * 1024 * 1024 };

/* Written once at start and only read afterwards; lives as long as the process. */
static struct {
    struct arena *arena;
    bool dev;
    struct {
        const char *name;
        const struct template *template;
    } rows[TEMPLATES_MAX];
    size_t count;
} templates;

/* ── Templates ────────────────────────────────────────────────────────────────────────── */

/* "templates/parts/price.mustache" gives "parts/price"; NULL for what is no template. */
static const char *template_name(const char *file)
{
    static const char FOLDER[] = "templates/", ENDING[] = ".mustache";
    size_t size = strlen(file), folder = sizeof FOLDER - 1, ending = sizeof ENDING - 1;
    bool is_one = size > folder + ending && memcmp(file, FOLDER, folder) == 0 &&
                  strcmp(file + size - ending, ENDING) == 0;
    return is_one ? arena_copy_bytes(templates.arena, file + folder, size - folder - ending) : NULL;
}

static void template_take(const struct embed *file, const char *name)
{
    size_t line = 0;
    const struct template *template =
        template_parse(templates.arena, (const char *)file->data, file->size, &line);
    if (template == NULL || templates.count == TEMPLATES_MAX) {
        log_line(LOG_ERROR, "template_unreadable", "file", file->name, "line",
                 arena_print(templates.arena, "%zu", line), NULL);
        abort();
    }
    templates.rows[templates.count].name = name;
    templates.rows[templates.count++].template = template;
}

void page_start(bool dev)
{
    if (templates.arena != NULL)
        return;
    templates.arena = arena_create(TEMPLATE_BYTES_MAX);
    templates.dev = dev;
    for (size_t i = 0; i < embed_count(); i++) {
        const char *name = template_name(embed_at(i)->name);
        if (name != NULL)
            template_take(embed_at(i), name);
    }
}

/* From the disk, afresh each time. */
static const struct template *read_template(struct context *cx, const char *name)
{
    char *text;
    size_t size, line;
    const char *path = arena_print(cx->arena, "web/templates/%s.mustache", name);
    struct fault before = cx->fault;
    enum err err = file_read(cx, path, FILE_MAX, &text, &size);
    cx->fault = before;
    return err == OK ? template_parse(cx->arena, text, size, &line) : NULL;
}

static const struct template *find_template(const struct template_world *world, struct arena *arena,
                                            const char *name)
{
    (void)arena;
    if (templates.dev)
        return read_template((struct context *)(uintptr_t)world->arg, name);
    for (size_t i = 0; i < templates.count; i++)
        if (strcmp(templates.rows[i].name, name) == 0)
            return templates.rows[i].template;
    return NULL;
}

/* {{t.KEY}}: the sentence of the key, its placeholders filled from the view. */
static const char *say_word(const struct template_world *world, struct template_scope *scope,
                            const char *name)
{
    const struct context *cx = world->arg;
    if (strncmp(name, "t.", 2) != 0)
        return NULL;
    struct arena *arena = template_arena(scope);
    const char *key = name + 2;
    const struct view *count = template_look(scope, "count");
    const char *sentence = NULL;
    if (count != NULL && count->kind == VIEW_INTEGER)
        sentence = message_plural(arena, cx->language, key, count->integer);
    if (sentence == NULL)
        sentence = message_template(cx->language, key);
    if (strchr(sentence, '{') == NULL)
        return sentence;
    struct buf out = buf_create(arena);
    while (*sentence != '\0') {
        size_t plain = strcspn(sentence, "{");
        buf_add(&out, sentence, plain);
        sentence += plain;
        size_t size = *sentence != '\0' ? strcspn(sentence, "}") : 0;
        if (size == 0)
            break;
        const char *placeholder = arena_copy_bytes(arena, sentence + 1, size - 1);
        buf_add_text(&out, view_say(template_look(scope, placeholder), arena));
        sentence += size + (sentence[size] == '}');
    }
    return buf_text(&out);
}

static const char *render_one(struct context *cx, const char *name, const struct view *outer,
                              const struct view *view)
{
    const struct template_world world = {.find = find_template, .say = say_word, .arg = cx};
    const struct template *template = find_template(&world, cx->arena, name);
    struct buf out = buf_create(cx->arena);
    if (template == NULL)
        log_line(LOG_ERROR, "template_missing", "name", name, NULL);
    else
        template_render(&world, template, outer, view, &out);
    return buf_text(&out);
}

/* ── The layout ───────────────────────────────────────────────────────────────────────── */

static void put_choices(struct context *cx, struct view *root, const char *theme)
{
    static const char *const THEMES[] = {"auto", "light", "dark"};
    static const struct {
        const char *code, *name;
    } LANGUAGES[] = {{"en", "English"}, {"fr", "Français"}};
    struct view *list = view_list(root, "themes");
    for (size_t i = 0; i < 3; i++) {
        struct view *item = view_item(list);
        const char *key = arena_print(cx->arena, "ui.theme_%s", THEMES[i]);
        view_text(item, "value", THEMES[i]);
        view_text(item, "label", message_template(cx->language, key));
        view_text(item, "pressed", strcmp(THEMES[i], theme) == 0 ? "true" : "false");
    }
    list = view_list(root, "languages");
    for (size_t i = 0; i < 2; i++) {
        struct view *item = view_item(list);
        view_text(item, "code", LANGUAGES[i].code);
        view_text(item, "name", LANGUAGES[i].name);
        view_text(item, "pressed", strcmp(LANGUAGES[i].code, cx->language) == 0 ? "true" : "false");
    }
}

/* "Camille Marsault" gives "CM". */
static const char *initials_of(struct arena *arena, const char *name)
{
    struct buf buf = buf_create(arena);
    for (int words = 0; *name != '\0' && words < 2; words++) {
        size_t size = 1;
        while ((name[size] & 0xC0) == 0x80)
            size++;
        buf_add(&buf, name, size);
        name += strcspn(name, " ");
        name += strspn(name, " ");
    }
    return buf_text(&buf);
}

static void put_person(struct context *cx, const struct http_request *request, struct view *root)
{
    const struct http_session *session = request->session;
    struct view *person = view_child(root, "person");
    view_text(person, "name", session->name);
    view_text(person, "email", session->email);
    view_text(person, "initials", initials_of(cx->arena, session->name));
    if (session->customer[0] != '\0')
        view_text(view_child(root, "organization"), "name", session->organization);
    struct view *others = view_list(root, "organizations");
    if (session->has_others) {
        struct view *way = view_item(others);
        view_text(way, "href", "/choose-organization");
        view_text(way, "name", message_template(cx->language, "choose_organization.change"));
    }
    view_bool(root, "test_mode", session->customer[0] != '\0' && !session->live);
    view_text(root, "csrf", http_csrf_token(cx, session->token));
    bool simplified = strcmp(session->view, "simplified") == 0;
    struct view *view = view_child(root, "view");
    view_bool(view, "simplified", simplified);
    view_bool(view, "dashboard", !simplified);
    nav_put(cx, request, root);
}

static struct view *layout_view(struct context *cx, const struct http_request *request)
{
    struct view *root = view_object(cx->arena);
    const struct http_session *session = request->session;
    const char *theme = session != NULL ? session->theme : http_cookie(cx, request, "annex_theme");
    bool known = theme != NULL && (strcmp(theme, "light") == 0 || strcmp(theme, "dark") == 0);
    theme = known ? theme : "auto";
    view_text(root, "lang", cx->language);
    view_text(root, "theme", theme);
    view_text(root, "path", http_address(cx->arena, request));
    struct view *asset = view_child(root, "asset");
    view_text(asset, "css", asset_path(cx, "app.css"));
    view_text(asset, "js", asset_path(cx, "app.js"));
    view_text(asset, "icons", asset_path(cx, "icons.svg"));
    view_text(asset, "favicon", asset_path(cx, "favicon.svg"));
    const char *seller = cx->seller != NULL && cx->seller->name[0] ? cx->seller->name : "Annex";
    view_text(view_child(root, "seller"), "name", seller);
    put_choices(cx, root, theme);
    if (session != NULL && !session->is_over)
        put_person(cx, request, root);
    return root;
}

static bool is_fragment(const struct http_request *request, const char *target)
{
    return request->hx_request != NULL && request->hx_boosted == NULL &&
           request->hx_restore == NULL && request->hx_target != NULL &&
           strcmp(request->hx_target, target) == 0;
}

static const char *title_of(struct context *cx, const struct http_request *request,
                            const struct view *view)
{
    const struct view *own = view_find(view, "title", strlen("title"));
    if (own != NULL)
        return view_say(own, cx->arena);
    bool has = request->route != NULL && request->route->title != NULL;
    return has ? message_template(cx->language, request->route->title) : "";
}

static void set_body(struct http_reply *reply, const char *body)
{
    reply->template = NULL;
    reply->body = body;
    reply->body_size = strlen(body);
}

/* A page stands in the layout; a pane in the layout as a page of its own, or alone when htmx asks
 * for it; and what a change would cost by itself. */
void page_render(struct context *cx, const struct http_request *request, struct http_reply *reply)
{
    struct view *root = layout_view(cx, request);
    struct view *view = reply->view;
    view_text(root, "title", title_of(cx, request, view));
    view_put(root, "crumbs", (struct view *)(uintptr_t)view_find(view, "crumbs", 6));
    view_bool(root, "has_crumbs", view_find(view, "crumbs", 6) != NULL);
    view_put(root, "notice", (struct view *)(uintptr_t)view_find(view, "notice", 6));
    if (is_fragment(request, "effect")) {
        set_body(reply, render_one(cx, "parts/effect", root, view));
        return;
    }
    bool is_pane = strncmp(reply->template, "pane_", 5) == 0;
    const char *outside = "layout";
    struct view *frame = view_object(cx->arena);
    view_text(frame, "content", render_one(cx, reply->template, root, view));
    if (is_pane && is_fragment(request, "pane")) {
        outside = "pane";
    } else if (is_pane) {
        const char *inside = render_one(cx, "pane_page", root, frame);
        frame = view_object(cx->arena);
        view_text(frame, "content", inside);
    }
    set_body(reply, render_one(cx, outside, root, frame));
}

/* ── Refusals ─────────────────────────────────────────────────────────────────────────── */

/* Of a page that one's role leaves out: which, and whom to ask. */
static const char *refusal_text(struct context *cx, const struct http_request *request)
{
    uint64_t missing = request->route != NULL ? http_route_missing(cx, request->route) : 0;
    const char *who = missing != 0 ? show_who(cx, missing) : fault_arg(&cx->fault, "who");
    if (cx->fault.code != ERR_FORBIDDEN || who == NULL)
        return message_fault(cx->arena, cx->language, &cx->fault);
    const char *title = request->route->title;
    return message_say(cx, title != NULL ? "role.refused_page" : "role.refused", "page",
                       title != NULL ? message_template(cx->language, title) : "", "who", who,
                       NULL);
}

static void put_roles_way(struct context *cx, struct view *view)
{
    struct view *way = view_child(view, "roles");
    view_text(way, "label", message_template(cx->language, "roles.title"));
    view_text(way, "href", "/roles");
}

/* That of the code, where its status would say too much; else that of the status. */
static const char *refusal_heading(struct context *cx, enum err code)
{
    const char *const keys[] = {
        arena_print(cx->arena, "error.heading_%s", err_code(code)),
        arena_print(cx->arena, "error.heading_%d", err_http_status(code)),
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *heading = message_template(cx->language, keys[i]);
        if (strcmp(heading, keys[i]) != 0)
            return heading;
    }
    return message_template(cx->language, "error.heading");
}

void page_refuse(struct context *cx, const struct http_request *request, struct http_reply *reply)
{
    const struct fault *why = &cx->fault;
    int status = err_http_status(why->code);
    struct view *view = view_object(cx->arena);
    const char *heading = refusal_heading(cx, why->code);
    view_integer(view, "status", status);
    view_text(view, "heading", heading);
    view_text(view, "title", heading);
    view_text(view, "text", refusal_text(cx, request));
    if (why->code == ERR_FORBIDDEN)
        put_roles_way(cx, view);
    struct view *reasons = view_list(view, "reasons");
    for (size_t i = 0; i < why->reason_count; i++)
        view_text(view_item(reasons), "text",
                  message_reason(cx->arena, cx->language, &why->reasons[i]));
    view_text(view, "home", "/");
    if (status >= 500)
        view_text(view, "request_id", request->request_id);
    http_reply_page(reply, status, "error", view);
    const char *after = fault_arg(why, "retry_after");
    if (after != NULL)
        http_reply_header(reply, "Retry-After", after);
    page_render(cx, request, reply);
}

/* The page at the address of a form; NULL: there is none. */
static const struct http_route *page_of_form(const struct http_request *request)
{
    for (size_t i = 0; i < request->route_count; i++) {
        const struct http_route *route = &request->routes[i];
        if (route->method == HTTP_GET && strcmp(route->path, request->route->path) == 0)
            return route;
    }
    return NULL;
}

/* Secrets, and what is good for one answer only, are not kept. */
static bool field_is_kept(const char *name)
{
    static const char *const NEVER[] = {"csrf", "review", "number", "password"};
    for (size_t i = 0; i < sizeof NEVER / sizeof *NEVER; i++)
        if (strcmp(name, NEVER[i]) == 0)
            return false;
    return true;
}

/* Keeps what was typed, when the session is one that ended; *ret_kept is NULL when nothing is. */
static enum err keep_form(struct context *cx, const struct http_request *request,
                          const char **ret_kept)
{
    const struct http_session *session = request->session;
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    struct buf body = buf_create(cx->arena);
    const struct http_route *page = page_of_form(request);
    bool shows_it = page != NULL && page->query != NULL && strstr(page->query, "kept") != NULL;
    *ret_kept = NULL;
    if (request->method != HTTP_POST || session == NULL || !shows_it ||
        http_form_read(cx, request, form) != OK) {
        fault_clear(cx);
        return OK;
    }
    for (size_t i = 0; i < form->count; i++) {
        const struct http_pair *pair = &form->pairs[i];
        if (field_is_kept(pair->name))
            buf_print(&body, "%s%s=%s", body.size > 0 ? "&" : "",
                      http_encode(cx->arena, pair->name), http_encode(cx->arena, pair->value));
    }
    if (body.size == 0 || body.size > FORM_KEPT_MAX)
        return OK;
    return form_keep(cx, session->customer, session->person, request->path, buf_text(&body),
                     ret_kept);
}

enum err page_turn_away(struct context *cx, const struct http_request *request,
                        struct http_reply *reply)
{
    const char *kept;
    TRY(keep_form(cx, request, &kept));
    const char *back = page_of_form(request) != NULL ? http_address(cx->arena, request) : "/";
    if (kept != NULL)
        back = arena_print(cx->arena, "%s%ckept=%s", back, strchr(back, '?') ? '&' : '?', kept);
    bool is_home = strcmp(back, "/") == 0;
    const char *address =
        is_home ? "/sign-in"
                : arena_print(cx->arena, "/sign-in?next=%s", http_encode(cx->arena, back));
    http_reply_redirect(reply, request, address);
    return OK;
}

static enum err seen_work(struct context *cx, void *arg)
{
    return session_touch(cx, arg);
}

enum err page_seen(struct context *cx, const struct http_session *session)
{
    return db_transact(cx, seen_work, (void *)(uintptr_t)session->hash);
}
