#include "html/template.h"

enum { DEPTH_MAX = 64, DELIMITER_SIZE = 16 };

enum node_kind { NODE_TEXT, NODE_VALUE, NODE_RAW, NODE_SECTION, NODE_INVERTED, NODE_PARTIAL };

struct node {
    enum node_kind kind;
    const char *text; /* or the name */
    size_t size;
    const char *indent; /* of a partial that has a line for itself */
    struct node *first; /* of a section */
    struct node *next;
};

struct template
{
    struct node *first;
};

/* ── Parsing ──────────────────────────────────────────────────────────────────────────── */

struct parser {
    struct arena *arena;
    const char *begin;
    const char *at;
    const char *end;
    char open[DELIMITER_SIZE];
    char close[DELIMITER_SIZE];
    struct node *sections[DEPTH_MAX]; /* those that are open */
    size_t depth;
    struct node **place; /* where the next node goes */
};

struct tag {
    const char *begin; /* of the delimiter */
    const char *end;   /* behind the delimiter */
    char sigil;        /* '\0' for a plain name */
    const char *name;
};

static struct node *add_node(struct parser *p, enum node_kind kind, const char *text, size_t size)
{
    struct node *node = ARENA_NEW(p->arena, struct node);
    node->kind = kind;
    node->text = text;
    node->size = size;
    *p->place = node;
    p->place = &node->next;
    return node;
}

static void add_text(struct parser *p, const char *from, const char *to)
{
    if (to > from)
        add_node(p, NODE_TEXT, from, (size_t)(to - from));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static char *trimmed(struct arena *arena, const char *from, const char *to)
{
    while (from < to && is_blank(*from))
        from++;
    while (to > from && is_blank(to[-1]))
        to--;
    return arena_copy_bytes(arena, from, (size_t)(to - from));
}

/* Reads the tag that begins at tag->begin; false when it does not end. */
static bool read_tag(struct parser *p, struct tag *tag)
{
    const char *inside = tag->begin + strlen(p->open);
    const char *close = p->close;
    tag->sigil = '\0';
    if (inside < p->end && *inside != '\0' && strchr("#^/!>&={", *inside) != NULL)
        tag->sigil = *inside++;
    char raw_close[DELIMITER_SIZE + 1];
    if (tag->sigil == '{' || tag->sigil == '=') {
        snprintf(raw_close, sizeof raw_close, "%c%s", tag->sigil == '{' ? '}' : '=', p->close);
        close = raw_close;
    }
    const char *end = memmem(inside, (size_t)(p->end - inside), close, strlen(close));
    if (end == NULL)
        return false;
    tag->name = trimmed(p->arena, inside, end);
    tag->end = end + strlen(close);
    return true;
}

/* A tag that shows nothing itself takes its line with it when it has it for itself: widens the
 * tag to the whole line. */
static bool stand_alone(const struct parser *p, struct tag *tag)
{
    const char *begin = tag->begin, *end = tag->end;
    while (begin > p->begin && (begin[-1] == ' ' || begin[-1] == '\t'))
        begin--;
    if (begin > p->begin && begin[-1] != '\n')
        return false;
    while (end < p->end && (*end == ' ' || *end == '\t'))
        end++;
    if (p->end - end >= 2 && end[0] == '\r' && end[1] == '\n')
        end++;
    if (end < p->end && *end != '\n')
        return false;
    tag->begin = begin;
    tag->end = end < p->end ? end + 1 : end;
    return true;
}

static bool set_delimiters(struct parser *p, const char *name)
{
    size_t open = strcspn(name, " \t\r\n");
    const char *second = name + open + strspn(name + open, " \t\r\n");
    size_t close = strcspn(second, " \t\r\n");
    if (open == 0 || close == 0 || open >= DELIMITER_SIZE || close >= DELIMITER_SIZE)
        return false;
    snprintf(p->open, sizeof p->open, "%.*s", (int)open, name);
    snprintf(p->close, sizeof p->close, "%.*s", (int)close, second);
    return true;
}

static bool open_section(struct parser *p, enum node_kind kind, const char *name)
{
    if (p->depth == DEPTH_MAX)
        return false;
    struct node *node = add_node(p, kind, name, strlen(name));
    p->sections[p->depth++] = node;
    p->place = &node->first;
    return true;
}

static bool close_section(struct parser *p, const char *name)
{
    if (p->depth == 0 || strcmp(p->sections[p->depth - 1]->text, name) != 0)
        return false;
    p->place = &p->sections[--p->depth]->next;
    return true;
}

static bool take_tag(struct parser *p, const struct tag *tag, const char *indent)
{
    size_t size = strlen(tag->name);
    switch (tag->sigil) {
    case '#':
        return open_section(p, NODE_SECTION, tag->name);
    case '^':
        return open_section(p, NODE_INVERTED, tag->name);
    case '/':
        return close_section(p, tag->name);
    case '=':
        return set_delimiters(p, tag->name);
    case '!':
        return true;
    case '>':
        add_node(p, NODE_PARTIAL, tag->name, size)->indent = indent;
        return true;
    default:
        add_node(p, tag->sigil == '\0' ? NODE_VALUE : NODE_RAW, tag->name, size);
        return true;
    }
}

/* Takes the text up to the next tag, and the tag. */
static bool parse_step(struct parser *p)
{
    size_t left = (size_t)(p->end - p->at);
    struct tag tag = {.begin = memmem(p->at, left, p->open, strlen(p->open))};
    if (tag.begin == NULL) {
        add_text(p, p->at, p->end);
        p->at = p->end;
        return true;
    }
    const char *from = p->at, *mark = tag.begin;
    p->at = mark;
    if (!read_tag(p, &tag))
        return false;
    const char *indent = "";
    if (tag.sigil != '\0' && strchr("#^/=!>", tag.sigil) != NULL && stand_alone(p, &tag))
        indent = arena_copy_bytes(p->arena, tag.begin, (size_t)(mark - tag.begin));
    add_text(p, from, tag.begin);
    p->at = tag.end;
    return take_tag(p, &tag, indent);
}

const struct template *template_parse(struct arena *arena, const char *text, size_t size,
                                      size_t *ret_line)
{
    struct template *template = ARENA_NEW(arena, struct template);
    struct parser p = {
        .arena = arena,
        .begin = text,
        .at = text,
        .end = text + size,
        .open = "{{",
        .close = "}}",
        .place = &template->first,
    };
    bool good = true;
    while (good && p.at < p.end)
        good = parse_step(&p);
    if (good && p.depth == 0)
        return template;
    size_t line = 1;
    for (const char *c = text; c < p.at; c++)
        line += *c == '\n';
    *ret_line = line;
    return NULL;
}

/* ── Rendering ────────────────────────────────────────────────────────────────────────── */

struct template_scope {
    const struct template_world *world;
    struct buf *out;
    const struct view *stack[DEPTH_MAX];
    size_t depth;
    const char *indent;
    bool at_line_start; /* only kept while there is an indent */
    int partials;       /* those that are open */
};

struct arena *template_arena(const struct template_scope *scope)
{
    return scope->out->arena;
}

/* The first part of a dotted name is looked for outwards, the others strictly inside it. */
const struct view *template_look(const struct template_scope *scope, const char *name)
{
    if (strcmp(name, ".") == 0)
        return scope->stack[scope->depth - 1];
    size_t size = strcspn(name, ".");
    const struct view *view = NULL;
    for (size_t i = scope->depth; i > 0 && view == NULL; i--)
        view = view_find(scope->stack[i - 1], name, size);
    while (view != NULL && name[size] == '.') {
        name += size + 1;
        size = strcspn(name, ".");
        view = view_find(view, name, size);
    }
    return view;
}

void html_escape(struct buf *out, const char *text)
{
    static const struct {
        char c;
        const char *means;
    } ESCAPES[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    for (;;) {
        size_t plain = strcspn(text, "&<>\"'");
        buf_add(out, text, plain);
        text += plain;
        if (*text == '\0')
            return;
        size_t i = 0;
        while (ESCAPES[i].c != *text)
            i++;
        buf_add_text(out, ESCAPES[i].means);
        text++;
    }
}

static void begin_line(struct template_scope *scope)
{
    if (scope->at_line_start)
        buf_add_text(scope->out, scope->indent);
    scope->at_line_start = false;
}

/* Adds text of a template, each of its lines indented as the partial it stands in. */
static void render_text(struct template_scope *scope, const char *text, size_t size)
{
    if (scope->indent[0] == '\0') {
        buf_add(scope->out, text, size);
        return;
    }
    while (size > 0) {
        const char *newline = memchr(text, '\n', size);
        size_t line = newline != NULL ? (size_t)(newline - text) + 1 : size;
        begin_line(scope);
        buf_add(scope->out, text, line);
        scope->at_line_start = newline != NULL;
        text += line;
        size -= line;
    }
}

static void render_value(struct template_scope *scope, const struct node *node)
{
    const char *said = NULL;
    if (scope->world->say != NULL)
        said = scope->world->say(scope->world, scope, node->text);
    if (said == NULL)
        said = view_say(template_look(scope, node->text), scope->out->arena);
    begin_line(scope);
    if (node->kind == NODE_RAW)
        buf_add_text(scope->out, said);
    else
        html_escape(scope->out, said);
}

static void render_nodes(struct template_scope *scope, const struct node *node);

static void render_inside(struct template_scope *scope, const struct node *section,
                          const struct view *view)
{
    assert(scope->depth < DEPTH_MAX);
    scope->stack[scope->depth++] = view;
    render_nodes(scope, section->first);
    scope->depth--;
}

static void render_section(struct template_scope *scope, const struct node *node)
{
    const struct view *view = template_look(scope, node->text);
    if (!view_is_true(view))
        return;
    if (view->kind != VIEW_LIST) {
        render_inside(scope, node, view);
        return;
    }
    for (const struct view_member *item = view->first; item != NULL; item = item->next)
        render_inside(scope, node, item->value);
}

static void render_partial(struct template_scope *scope, const struct node *node)
{
    const struct template *partial =
        scope->world->find(scope->world, scope->out->arena, node->text);
    if (partial == NULL)
        return;
    assert(scope->partials < DEPTH_MAX);
    scope->partials++;
    const char *outer = scope->indent;
    if (node->indent[0] != '\0') {
        scope->indent = arena_print(scope->out->arena, "%s%s", outer, node->indent);
        scope->at_line_start = true;
    }
    render_nodes(scope, partial->first);
    scope->indent = outer;
    scope->at_line_start = scope->at_line_start && outer[0] != '\0';
    scope->partials--;
}

static void render_nodes(struct template_scope *scope, const struct node *node)
{
    for (; node != NULL; node = node->next) {
        switch (node->kind) {
        case NODE_TEXT:
            render_text(scope, node->text, node->size);
            break;
        case NODE_VALUE:
        case NODE_RAW:
            render_value(scope, node);
            break;
        case NODE_SECTION:
            render_section(scope, node);
            break;
        case NODE_INVERTED:
            if (!view_is_true(template_look(scope, node->text)))
                render_nodes(scope, node->first);
            break;
        case NODE_PARTIAL:
            render_partial(scope, node);
            break;
        }
    }
}

void template_render(const struct template_world *world, const struct template *template,
                     const struct view *outer, const struct view *view, struct buf *out)
{
    struct template_scope scope = {
        .world = world, .out = out, .stack = {outer, view}, .depth = 2, .indent = ""};
    render_nodes(&scope, template->first);
}
