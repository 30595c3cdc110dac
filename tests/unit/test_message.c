/* Sentences: the format of their files, placeholders, languages, and that none is missing. */
#include "base/message.h"

#include <setjmp.h>

#include <cmocka.h>

#include "base/embed.h"
#include "base/po.h"

static const char *const FILES[] = {"messages/en.po", "messages/fr.po"};

static int context_setup(void **state)
{
    static struct context cx;
    cx = (struct context){.arena = arena_create(64 * 1024 * 1024)};
    *state = &cx;
    message_start();
    message_start();
    return 0;
}

static int context_teardown(void **state)
{
    struct context *cx = *state;
    arena_free(cx->arena);
    return 0;
}

static void test_po_files_are_read(void **state)
{
    struct context *cx = *state;
    static const char TEXT[] = "# translator\n"
                               "msgid \"\"\n"
                               "msgstr \"\"\n"
                               "\"Language: en\\n\"\n"
                               "\n"
                               "#. extracted\n"
                               "#: place.c:1\n"
                               "msgid \"z\"\n"
                               "msgstr \"last\"\n"
                               "msgid \"error.\"\n"
                               "\"two\"\r\n"
                               "msgstr \"\"\n"
                               "  \"first \\\"line\\\"\\n\"\n"
                               "\t\"second \\\\ line\\t\"\n"
                               "#, fuzzy\n"
                               "msgid \"fuzzy\"\n"
                               "msgstr \"not checked\"\n"
                               "\n"
                               "msgid \"untranslated\"\n"
                               "msgstr \"\"\n"
                               "msgid \"one\"\n"
                               "msgid_plural \"many\"\n"
                               "msgstr[0] \"a\"\n"
                               "msgstr[1] \"b\"\n"
                               "\"c\"\n"
                               "msgctxt \"menu\"\n"
                               "msgid \"in context\"\n"
                               "msgstr \"no\"\n"
                               "#~ msgid \"gone\"\n"
                               "#~ msgstr \"gone\"\n"
                               "msgid \"é\"\n"
                               "msgstr \"accent\"";
    struct po po;
    size_t line = 0;
    assert_true(po_parse(cx->arena, TEXT, strlen(TEXT), &po, &line));
    assert_int_equal(po.count, 5);
    assert_string_equal(po_find(&po, "one[0]"), "a");
    assert_string_equal(po_find(&po, "one[1]"), "bc");
    assert_string_equal(po_find(&po, "z"), "last");
    assert_string_equal(po_find(&po, "error.two"), "first \"line\"\nsecond \\ line\t");
    assert_string_equal(po_find(&po, "é"), "accent");
    static const char *const ABSENT[] = {"",     "fuzzy",      "untranslated", "one",
                                         "many", "in context", "gone"};
    for (size_t i = 0; i < sizeof(ABSENT) / sizeof(ABSENT[0]); i++)
        assert_null(po_find(&po, ABSENT[i]));
    assert_true(po_parse(cx->arena, "", 0, &po, &line));
    assert_null(po_find(&po, "z"));
}

static void test_broken_po_files_are_refused_with_the_line(void **state)
{
    struct context *cx = *state;
    static const struct {
        const char *text;
        size_t line;
    } CASES[] = {
        {"nonsense", 1},
        {"\"lost\"", 1},
        {"msgid \"a\"\nmsgstr \"open", 2},
        {"msgid \"a\"\nmsgstr \"a\" b", 2},
        {"msgid \"a\"\n\nmsgstr a", 3},
        {"msgid \"a\\q\"", 1},
        {"msgid \"a\\", 1},
        {"msgstr[0] x", 1},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct po po = {0};
        size_t line = 0;
        assert_false(po_parse(cx->arena, CASES[i].text, strlen(CASES[i].text), &po, &line));
        assert_int_equal(line, CASES[i].line);
        assert_int_equal(po.count, 0);
    }
}

static void test_placeholders_are_filled(void **state)
{
    struct context *cx = *state;
    struct fault wrong = {.code = ERR_INVALID,
                          .args = {{"param", "/lines/0"}, {"value", "is {param}"}},
                          .arg_count = 2};
    const char *text = message_fault(cx->arena, "en", &wrong);
    assert_non_null(strstr(text, " /lines/0: is {param}"));
    assert_string_not_equal(message_fault(cx->arena, "fr", &wrong), text);
    assert_string_equal(message_fault(cx->arena, "xx", &wrong), text);
    wrong.arg_count = 0;
    assert_null(strchr(message_fault(cx->arena, "en", &wrong), '{'));

    const char *key = "no {such} sen{tence, {value}{}{Value} }";
    wrong.arg_count = 2;
    assert_string_equal(message_render(cx->arena, "fr", key, &wrong),
                        "no  sen{tence, is {param}{}{Value} }");
    assert_string_equal(message_render(cx->arena, "fr", "{value}", NULL), "");
}

static void test_reasons_name_their_offers(void **state)
{
    struct context *cx = *state;
    static const char *const OFFERS[] = {"suite", "phone"};
    struct reason reason = {.code = "requires", .offers = OFFERS, .offer_count = 2};
    assert_non_null(strstr(message_reason(cx->arena, "en", &reason), "suite, phone"));
    assert_non_null(strstr(message_reason(cx->arena, "fr", &reason), "suite, phone"));
    reason.offer_count = 0;
    assert_null(strchr(message_reason(cx->arena, "en", &reason), '{'));
}

static void test_the_fault_of_a_function_is_kept(void **state)
{
    struct context *cx = *state;
    char min[] = "1";
    enum err err = fault(cx, ERR_QUANTITY_OUT_OF_RANGE, "min", min, "param", "/quantity", NULL);
    min[0] = 'x';
    assert_int_equal(err, ERR_QUANTITY_OUT_OF_RANGE);
    assert_int_equal(cx->fault.code, ERR_QUANTITY_OUT_OF_RANGE);
    assert_string_equal(cx->fault.param, "/quantity");
    assert_int_equal(cx->fault.arg_count, 2);
    assert_string_equal(cx->fault.args[0].value, "1");
    /* The next one replaces it whole. */
    assert_int_equal(fault(cx, ERR_NOT_FOUND, NULL), ERR_NOT_FOUND);
    assert_null(cx->fault.param);
    assert_int_equal(cx->fault.arg_count, 0);
    fault_clear(cx);
    assert_int_equal(cx->fault.code, OK);
}

static void test_errors_have_codes(void **state)
{
    (void)state;
    for (int i = OK + 1; i < ERR_COUNT; i++) {
        assert_int_equal(err_parse(err_code((enum err)i)), i);
        assert_in_range(err_http_status((enum err)i), 400, 599);
        assert_int_not_equal(err_kind((enum err)i), ERR_KIND_NONE);
    }
    assert_int_equal(err_parse("ok"), OK);
    assert_int_equal(err_parse("no_such_error"), OK);
    assert_int_equal(err_http_status(ERR_NOT_FOUND), 404);
    assert_int_equal(err_kind(ERR_NOT_FOUND), ERR_KIND_MISSING);
}

static struct po file_read(struct context *cx, const char *name)
{
    const struct embed *file = embed_find(name);
    assert_non_null(file);
    struct po po = {0};
    size_t line = 0;
    assert_true(po_parse(cx->arena, (const char *)file->data, file->size, &po, &line));
    return po;
}

static void test_every_error_has_a_sentence_in_every_language(void **state)
{
    struct context *cx = *state;
    for (size_t f = 0; f < sizeof(FILES) / sizeof(FILES[0]); f++) {
        struct po po = file_read(cx, FILES[f]);
        for (int i = OK + 1; i < ERR_COUNT; i++) {
            const char *key = arena_print(cx->arena, "error.%s", err_code((enum err)i));
            if (!po_find(&po, key))
                fail_msg("%s lacks %s", FILES[f], key);
        }
    }
}

/* What the page of the roles and a page's refusal say: every role, every permission. */
static const char *const ROLE_KEYS[] = {
#define ROLE(name, text, place) "role." text,
#include "customer/roles.def"
#undef ROLE
#define PERMISSION(name, bit, text, scope, place, organization, agreement, seller)                 \
    "permission." text,
#include "customer/permissions.def"
#undef PERMISSION
};

static void test_every_role_and_permission_has_a_word(void **state)
{
    (void)state;
    static const char *const LANGUAGES[] = {"en", "fr"};
    for (size_t i = 0; i < sizeof(ROLE_KEYS) / sizeof(ROLE_KEYS[0]); i++)
        for (size_t j = 0; j < 2; j++)
            assert_string_not_equal(message_template(LANGUAGES[j], ROLE_KEYS[i]), ROLE_KEYS[i]);
}

static bool names_match(const struct po *a, const struct po *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        if (strcmp(a->entries[i].id, b->entries[i].id) != 0)
            print_error("%s or %s has no counterpart\n", a->entries[i].id, b->entries[i].id);
        if (strcmp(a->entries[i].id, b->entries[i].id) != 0)
            return false;
        /* Twice the same key: one of the sentences would never be seen. */
        if (i > 0 && strcmp(a->entries[i].id, a->entries[i - 1].id) == 0)
            return false;
    }
    return a->count == b->count;
}

static void test_languages_have_the_same_keys(void **state)
{
    struct context *cx = *state;
    struct po english = file_read(cx, FILES[0]);
    struct po french = file_read(cx, FILES[1]);
    assert_true(names_match(&english, &french));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_po_files_are_read),
        cmocka_unit_test(test_broken_po_files_are_refused_with_the_line),
        cmocka_unit_test(test_placeholders_are_filled),
        cmocka_unit_test(test_reasons_name_their_offers),
        cmocka_unit_test(test_the_fault_of_a_function_is_kept),
        cmocka_unit_test(test_errors_have_codes),
        cmocka_unit_test(test_every_error_has_a_sentence_in_every_language),
        cmocka_unit_test(test_every_role_and_permission_has_a_word),
        cmocka_unit_test(test_languages_have_the_same_keys),
    };
    return cmocka_run_group_tests(tests, context_setup, context_teardown);
}
