/* Templates: the cases of the public Mustache specification (read from ANNEX_MUSTACHE_SPEC, or
 * ../shared/data/mustache-spec; skipped without), and rows of our own. */
#include <jansson.h>
#include <setjmp.h>

#include <cmocka.h>

#include "html/template.h"

enum { ARENA_BYTES = 16 * 1024 * 1024 };

static const char *const MODULES[] = {"comments", "delimiters", "interpolation",
                                      "inverted", "partials",   "sections"};

static int arena_setup(void **state)
{
    *state = arena_create(ARENA_BYTES);
    return 0;
}

static int arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* ── The specification ────────────────────────────────────────────────────────────────── */

static const char *say_number(struct arena *arena, const json_t *json)
{
    char *text = json_dumps(json, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
    const char *copy = arena_copy(arena, text);
    free(text);
    return copy;
}

static struct view *view_of(struct arena *arena, const json_t *json)
{
    const char *name;
    json_t *value;
    size_t i;
    struct view *holder = view_object(arena);
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        json_object_foreach((json_t *)(uintptr_t)json, name, value)
            view_put(holder, name, view_of(arena, value));
        return holder;
    case JSON_ARRAY:
        holder = view_of_list(arena);
        json_array_foreach(json, i, value) view_add(holder, view_of(arena, value));
        return holder;
    case JSON_STRING:
        return view_of_text(arena, json_string_value(json));
    case JSON_TRUE:
    case JSON_FALSE:
        view_bool(holder, "truth", json_is_true(json));
        return holder->first->value;
    case JSON_NULL:
        return NULL;
    case JSON_INTEGER:
        view_integer(holder, "integer", json_integer_value(json));
        return holder->first->value;
    case JSON_REAL:
        return view_of_text(arena, say_number(arena, json));
    }
    return NULL;
}

static const struct template *find_partial(const struct template_world *world, struct arena *arena,
                                           const char *name)
{
    size_t line;
    const char *text = json_string_value(json_object_get(world->arg, name));
    return text != NULL ? template_parse(arena, text, strlen(text), &line) : NULL;
}

static void check_case(struct arena *arena, const json_t *row)
{
    const char *name = json_string_value(json_object_get(row, "name"));
    const char *text = json_string_value(json_object_get(row, "template"));
    const char *expected = json_string_value(json_object_get(row, "expected"));
    struct template_world world = {.find = find_partial, .arg = json_object_get(row, "partials")};
    size_t line;
    const struct template *template = template_parse(arena, text, strlen(text), &line);
    assert_non_null(template);
    struct buf out = buf_create(arena);
    template_render(&world, template, NULL, view_of(arena, json_object_get(row, "data")), &out);
    if (strcmp(buf_text(&out), expected) != 0)
        fail_msg("%s: got \"%s\", not \"%s\"", name, buf_text(&out), expected);
}

static void test_specification(void **state)
{
    const char *folder = getenv("ANNEX_MUSTACHE_SPEC");
    size_t checked = 0;
    for (size_t i = 0; i < sizeof MODULES / sizeof *MODULES; i++) {
        const char *path = arena_print(
            *state, "%s/%s.json", folder ? folder : "../shared/data/mustache-spec", MODULES[i]);
        json_t *file = json_load_file(path, 0, NULL);
        if (file == NULL && folder == NULL) {
            print_message("skipped: %s is not there (ANNEX_MUSTACHE_SPEC)\n", path);
            skip();
        }
        assert_non_null(file);
        json_t *row;
        size_t j;
        json_array_foreach(json_object_get(file, "tests"), j, row)
        {
            check_case(*state, row);
            checked++;
        }
        json_decref(file);
    }
    assert_true(checked > 100);
}

/* ── Our own ──────────────────────────────────────────────────────────────────────────── */

static const struct template *find_none(const struct template_world *world, struct arena *arena,
                                        const char *name)
{
    (void)world, (void)arena, (void)name;
    return NULL;
}

/* Says {{t.NAME}} as "NAME of WHO", with WHO from the view. */
static const char *say_word(const struct template_world *world, struct template_scope *scope,
                            const char *name)
{
    (void)world;
    if (strncmp(name, "t.", 2) != 0)
        return NULL;
    const char *who = view_say(template_look(scope, "who"), template_arena(scope));
    return arena_print(template_arena(scope), "%s of %s", name + 2, who);
}

static void test_rows(void **state)
{
    static const struct {
        const char *template;
        const char *expected;
    } ROWS[] = {
        {"", ""},
        {"plain } } {", "plain } } {"},
        {"{{quote}}", "&#39;&lt;a href=&quot;x&quot;&gt;&amp;"},
        {"<a title='{{quote}}'>", "<a title='&#39;&lt;a href=&quot;x&quot;&gt;&amp;'>"},
        {"{{{quote}}}", "'<a href=\"x\">&"},
        {"{{#empty}}no{{/empty}}{{^empty}}yes{{/empty}}", "yes"},
        {"{{#zero}}{{zero}}{{/zero}}", "0"},
        {"{{#child}}{{who}}{{/child}}{{#none}}no{{/none}}", "inner"},
        {"{{t.song}}", "song of outer"},
        {"{{#child}}{{t.song}}{{/child}}", "song of inner"},
        {"{{> nothing}}", ""},
    };
    struct arena *arena = *state;
    struct view *view = view_object(arena);
    view_text(view, "quote", "'<a href=\"x\">&");
    view_text(view, "empty", "");
    view_text(view, "none", NULL);
    view_integer(view, "zero", 0);
    view_text(view, "who", "outer");
    view_print(view_child(view, "child"), "who", "%s", "inner");
    const struct template_world world = {.find = find_none, .say = say_word};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        size_t line;
        const char *text = ROWS[i].template;
        const struct template *template = template_parse(arena, text, strlen(text), &line);
        assert_non_null(template);
        struct buf out = buf_create(arena);
        template_render(&world, template, NULL, view, &out);
        assert_string_equal(buf_text(&out), ROWS[i].expected);
    }
}

static void test_faults_have_a_line(void **state)
{
    static const struct {
        const char *template;
        size_t line;
    } ROWS[] = {
        {"a\n{{name", 2},  {"{{#a}}\n{{/b}}", 2}, {"{{/a}}", 1},
        {"{{#a}}\n\n", 3}, {"{{=x=}}", 1},        {"{{{a}}", 1},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        size_t line = 0;
        const char *text = ROWS[i].template;
        assert_null(template_parse(*state, text, strlen(text), &line));
        assert_int_equal(line, ROWS[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_specification, arena_setup, arena_teardown),
        cmocka_unit_test_setup_teardown(test_rows, arena_setup, arena_teardown),
        cmocka_unit_test_setup_teardown(test_faults_have_a_line, arena_setup, arena_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
