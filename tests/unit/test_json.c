/* JSON: the place of every fault, and what is written. */
#include "base/json.h"

#include <setjmp.h>

#include <cmocka.h>

#include "base/limits.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *const KINDS[] = {"base", "addon", NULL};

/* One member of every kind. */
struct sample {
    const char *name;
    int64_t quantity;
    civil_day on;
    bool flag;
    int kind;
    struct unit_price price;
    size_t line_count;
    const char *last_offer;
    size_t tag_count;
    const char *last_tag;
    bool has_inner;
    int64_t inner;
};

static int context_setup(void **state)
{
    static struct context cx;
    cx = (struct context){.arena = arena_create(64 * 1024 * 1024)};
    *state = &cx;
    return 0;
}

static int context_teardown(void **state)
{
    struct context *cx = *state;
    arena_free(cx->arena);
    return 0;
}

static enum err lines_read(struct json_reader *r, struct sample *sample)
{
    for (size_t i = 0; i < sample->line_count; i++) {
        struct json_reader line;
        TRY(json_array_object(r, "lines", i, &line));
        TRY(json_text(&line, "offer", REQUIRED, &sample->last_offer));
        TRY(json_done(&line));
    }
    for (size_t i = 0; i < sample->tag_count; i++)
        TRY(json_array_text(r, "tags", i, &sample->last_tag));
    return OK;
}

static enum err sample_read(struct context *cx, const char *text, struct sample *sample)
{
    struct json_reader r;
    TRY(json_open(cx, &r, text, strlen(text)));
    TRY(json_text(&r, "name", REQUIRED, &sample->name));
    TRY(json_integer(&r, "quantity", OPTIONAL, 1, 300, &sample->quantity));
    TRY(json_day(&r, "on", OPTIONAL, &sample->on));
    TRY(json_bool(&r, "flag", OPTIONAL, &sample->flag));
    TRY(json_choice(&r, "kind", OPTIONAL, KINDS, &sample->kind));
    TRY(json_unit_price(&r, "price", OPTIONAL, &sample->price));
    TRY(json_array(&r, "lines", OPTIONAL, 2, &sample->line_count));
    TRY(json_array(&r, "tags", OPTIONAL, 3, &sample->tag_count));
    TRY(lines_read(&r, sample));
    struct json_reader inner;
    TRY(json_object(&r, "inner", OPTIONAL, &inner, &sample->has_inner));
    if (sample->has_inner) {
        TRY(json_integer(&inner, "a/b~c", REQUIRED, INT64_MIN, INT64_MAX, &sample->inner));
        TRY(json_done(&inner));
    }
    return json_done(&r);
}

static void test_members_are_read(void **state)
{
    struct context *cx = *state;
    struct sample sample = {.quantity = -1};
    enum err err = sample_read(
        cx,
        " {\"name\": \"caf\\u00e9 \\ud83d\\ude00\", \"quantity\": 300, \"on\": \"2026-01-13\",\n"
        "\"flag\": true, \"kind\": \"addon\", \"price\": \"0.125\", \"lines\": [{\"offer\": \"a\"},"
        "{\"offer\": \"b\"}], \"tags\": [\"x\", \"y\"], \"inner\": {\"a/b~c\": -5}}\n",
        &sample);
    assert_int_equal(err, OK);
    assert_string_equal(sample.name, "café 😀");
    assert_int_equal(sample.quantity, 300);
    assert_int_equal(sample.on, day_of(2026, 1, 13));
    assert_true(sample.flag);
    assert_int_equal(sample.kind, 1);
    assert_int_equal(sample.price.micros, 125000);
    assert_int_equal(sample.line_count, 2);
    assert_string_equal(sample.last_offer, "b");
    assert_string_equal(sample.last_tag, "y");
    assert_true(sample.has_inner);
    assert_int_equal(sample.inner, -5);
}

static void test_what_is_absent_or_null_keeps_its_value(void **state)
{
    struct context *cx = *state;
    static const char *const CASES[] = {
        "{\"name\": \"\"}",
        "{\"name\": \"\", \"quantity\": null, \"on\": null, \"flag\": null, \"kind\": null,"
        " \"price\": null, \"lines\": null, \"tags\": null, \"inner\": null}",
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct sample sample = {.quantity = 7, .on = 8, .flag = true, .kind = 9, .line_count = 99};
        sample.price.micros = 11;
        sample.has_inner = true;
        assert_int_equal(sample_read(cx, CASES[i], &sample), OK);
        assert_string_equal(sample.name, "");
        assert_int_equal(sample.quantity, 7);
        assert_int_equal(sample.on, 8);
        assert_true(sample.flag);
        assert_int_equal(sample.kind, 9);
        assert_int_equal(sample.price.micros, 11);
        assert_int_equal(sample.line_count, 0);
        assert_false(sample.has_inner);
    }
}

#define QUANTITY_WRONG "must be an integer from 1 to 300"
#define PRICE_WRONG                                                                                \
    "must be minor units from 0 to 1000000000, an integer or a text with at most six decimals"
#define DAY_WRONG "must be a date (YYYY-MM-DD) from 1970 to 2199"

struct refusal {
    const char *members; /* after a name that is right, unless it begins with a brace */
    const char *param;
    const char *value;
};

static const struct refusal REFUSALS[] = {
    {"{}", "/name", "is required"},
    {"{\"name\": null}", "/name", "is required"},
    {"{\"name\": 5}", "/name", "must be a text"},
    {"{\"name\": \"a\\nb\"}", "/name", "must have no control characters"},
    {"{\"name\": \"a\\u007fb\"}", "/name", "must have no control characters"},
    {"{\"name\": \"a\\u0085b\"}", "/name", "must have no control characters"},
    {"[]", "line 1 column 1", "must be an object"},
    {"\"quantity\": 0", "/quantity", QUANTITY_WRONG},
    {"\"quantity\": 301", "/quantity", QUANTITY_WRONG},
    {"\"quantity\": 1.0", "/quantity", QUANTITY_WRONG},
    {"\"quantity\": 1e2", "/quantity", QUANTITY_WRONG},
    {"\"quantity\": \"5\"", "/quantity", QUANTITY_WRONG},
    {"\"quantity\": true", "/quantity", QUANTITY_WRONG},
    {"\"quantity\": -9223372036854775808", "/quantity", QUANTITY_WRONG},
    {"\"quantity\": 9223372036854775807", "/quantity", QUANTITY_WRONG},
    {"\"on\": \"2026-02-29\"", "/on", DAY_WRONG},
    {"\"on\": 20260113", "/on", DAY_WRONG},
    {"\"flag\": 1", "/flag", "must be true or false"},
    {"\"flag\": \"true\"", "/flag", "must be true or false"},
    {"\"kind\": \"other\"", "/kind", "must be base or addon"},
    {"\"kind\": 1", "/kind", "must be base or addon"},
    {"\"price\": 1.5", "/price", PRICE_WRONG},
    {"\"price\": -1", "/price", PRICE_WRONG},
    {"\"price\": \"-0.5\"", "/price", PRICE_WRONG},
    {"\"price\": \"0.1234567\"", "/price", PRICE_WRONG},
    {"\"price\": \"1,5\"", "/price", PRICE_WRONG},
    {"\"price\": 1000000001", "/price", PRICE_WRONG},
    {"\"price\": 9223372036854775807", "/price", PRICE_WRONG},
    {"\"lines\": {}", "/lines", "must be an array of at most 2 items"},
    {"\"lines\": [{}, {}, {}]", "/lines", "must be an array of at most 2 items"},
    {"\"lines\": [{\"offer\": \"a\"}, 5]", "/lines/1", "must be an object"},
    {"\"lines\": [{\"offer\": \"a\"}, {\"offer\": 5}]", "/lines/1/offer", "must be a text"},
    {"\"lines\": [{\"offer\": \"a\", \"of\": 1}]", "/lines/0/of", "unknown member"},
    {"\"tags\": [\"x\", null]", "/tags/1", "must be a text"},
    {"\"inner\": []", "/inner", "must be an object"},
    {"\"inner\": {}", "/inner/a~1b~0c", "is required"},
    {"\"inner\": {\"a/b~c\": 1, \"~/\": 2}", "/inner/~0~1", "unknown member"},
    {"\"quantitty\": 5", "/quantitty", "unknown member"},
    {"\"quantitty\": null", "/quantitty", "unknown member"},
    {"\"\": 5", "/", "unknown member"},
};

static const char *argument(const struct context *cx, const char *key)
{
    for (size_t i = 0; i < cx->fault.arg_count; i++) {
        if (strcmp(cx->fault.args[i].key, key) == 0)
            return cx->fault.args[i].value;
    }
    return NULL;
}

static void test_faults_have_their_place(void **state)
{
    struct context *cx = *state;
    for (size_t i = 0; i < COUNT(REFUSALS); i++) {
        const char *members = REFUSALS[i].members;
        const char *text = strchr("{[", *members)
                               ? members
                               : arena_print(cx->arena, "{\"name\": \"n\", %s}", members);
        struct sample sample = {0};
        assert_int_equal(sample_read(cx, text, &sample), ERR_INVALID);
        assert_int_equal(cx->fault.code, ERR_INVALID);
        assert_string_equal(cx->fault.param, REFUSALS[i].param);
        assert_string_equal(argument(cx, "param"), REFUSALS[i].param);
        assert_string_equal(argument(cx, "value"), REFUSALS[i].value);
    }
}

static void test_what_is_not_json_is_refused_with_its_place(void **state)
{
    struct context *cx = *state;
    static const struct {
        const char *text;
        const char *place;
        const char *value; /* a part of it */
    } CASES[] = {
        {"", "line 1 column 0", "end of file"},
        {"nonsense", "line 1 column 8", "nonsense"},
        {"{\"a\": 1,}", "line 1 column 9", "}"},
        {"{\"a\": 1} x", "line 1 column 10", "end of file expected"},
        {"{\"a\": 1,\n \"b\": 2,\n \"a\": 3}", "line 3 column 4", "duplicate object key"},
        {"{\"x\": {\"a\": 1, \"a\": 1}}", "line 1 column 18", "\"a\""},
        {"{\"a\": 9223372036854775808}", "line 1 column 25", "too big integer"},
        {"{\"a\": -9223372036854775809}", "line 1 column 26", "too big negative integer"},
        {"{\"a\": 1e999}", "line 1 column 11", "real number overflow"},
        {"{\"a\": 01}", "line 1 column 7", "invalid token"},
        {"{\"a\": +1}", "line 1 column 7", "invalid token"},
        {"{\"a\": NaN}", "line 1 column 9", "invalid token"},
        {"{'a': 1}", "line 1 column 2", "'"},
        {"{\"a\": \"x\ny\"}", "line 1 column 8", "unexpected newline"},
        {"{\"a\": \"x\ty\"}", "line 1 column 8", "control character"},
        {"{\"a\": \"\\ud800\"}", "line 1 column 14", "Unicode"},
        {"{\"a\": \"\\u0000\"}", "line 1 column 14", "\\u0000"},
        {"{\"a\": \"\xff\"}", "line 1 column 7", "unable to decode"},
        {"{\"a\": \"\xc0\xaf\"}", "line 1 column 7", "unable to decode"},
        {"{/**/}", "line 1 column 2", "/"},
        {"{\x1b[2J", "line 1 column 2", "near '?'"}, /* nothing that a console obeys */
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct json_reader r;
        assert_int_equal(json_open(cx, &r, CASES[i].text, strlen(CASES[i].text)), ERR_INVALID);
        assert_string_equal(argument(cx, "place"), CASES[i].place);
        assert_string_equal(cx->fault.param, CASES[i].place);
        if (!strstr(argument(cx, "value"), CASES[i].value))
            fail_msg("\"%s\" does not say %s", argument(cx, "value"), CASES[i].value);
    }
}

/* {"a":[[[…]]]} with so many brackets in all. */
static const char *nested(struct context *cx, int depth)
{
    struct buf text = buf_create(cx->arena);
    buf_add_text(&text, "{\"[[[\\\"[[[\":\n");
    for (int i = 1; i < depth; i++)
        buf_add_text(&text, "[");
    for (int i = 1; i < depth; i++)
        buf_add_text(&text, "]");
    buf_add_text(&text, "}");
    return buf_text(&text);
}

static void test_depth_is_limited(void **state)
{
    struct context *cx = *state;
    struct json_reader r;
    const char *text = nested(cx, JSON_DEPTH_MAX);
    assert_int_equal(json_open(cx, &r, text, strlen(text)), OK);
    text = nested(cx, JSON_DEPTH_MAX + 1);
    assert_int_equal(json_open(cx, &r, text, strlen(text)), ERR_INVALID);
    assert_string_equal(cx->fault.param, "line 2 column 32");
    assert_string_equal(argument(cx, "value"), "is nested deeper than 32 levels");
    text = nested(cx, 1000000);
    assert_int_equal(json_open(cx, &r, text, strlen(text)), ERR_INVALID);
}

static void test_long_texts_are_refused(void **state)
{
    struct context *cx = *state;
    for (int size = TEXT_MAX; size <= TEXT_MAX + 1; size++) {
        char *name = arena_alloc(cx->arena, (size_t)size + 1);
        memset(name, 'x', (size_t)size);
        struct sample sample = {0};
        const char *text = arena_print(cx->arena, "{\"name\": \"%s\"}", name);
        assert_int_equal(sample_read(cx, text, &sample), size > TEXT_MAX ? ERR_INVALID : OK);
    }
    assert_string_equal(argument(cx, "value"), "must have at most 2000 bytes");
}

static void test_large_objects_are_refused(void **state)
{
    struct context *cx = *state;
    for (int members = JSON_MEMBERS_MAX; members <= JSON_MEMBERS_MAX + 1; members++) {
        struct buf text = buf_create(cx->arena);
        for (int i = 0; i < members; i++)
            buf_print(&text, "%c\"m%d\": %d", i == 0 ? '{' : ',', i, i);
        buf_add_text(&text, "}");
        struct json_reader r;
        enum err err = json_open(cx, &r, buf_text(&text), text.size);
        assert_int_equal(err, members > JSON_MEMBERS_MAX ? ERR_INVALID : OK);
        if (err != OK)
            continue;
        assert_int_equal(json_member_count(&r), members);
        for (size_t i = 0; i < json_member_count(&r); i++) {
            int64_t value = -1;
            assert_int_equal(json_integer(&r, json_member_name(&r, i), REQUIRED, 0, 1000, &value),
                             OK);
            assert_int_equal(value, i);
        }
        assert_int_equal(json_done(&r), OK);
    }
    assert_string_equal(argument(cx, "value"), "must have at most 64 members");
}

static void test_types_and_raw_members(void **state)
{
    struct context *cx = *state;
    const char *text =
        "{\"o\": {\"z\": [1, 2.5, \"\\u00e9\"], \"a\": null}, \"a\": [], \"s\": \"\","
        " \"i\": 1, \"r\": 1.0, \"b\": false, \"n\": null}";
    struct json_reader r;
    assert_int_equal(json_open(cx, &r, text, strlen(text)), OK);
    for (const char *type = "oasirbn"; *type; type++) {
        char name[] = {*type, '\0'};
        assert_int_equal(json_type(&r, name), *type);
        assert_int_equal(json_has(&r, name), *type != 'n');
    }
    assert_int_equal(json_type(&r, "absent"), 0);
    assert_false(json_has(&r, "absent"));
    assert_string_equal(json_raw(&r, "o"), "{\"z\":[1,2.5,\"é\"],\"a\":null}");
    assert_string_equal(json_raw(&r, "s"), "\"\"");
    assert_null(json_raw(&r, "n"));
    assert_null(json_raw(&r, "absent"));
    /* Looking at a type is not reading; json_raw is. */
    assert_int_equal(json_done(&r), ERR_INVALID);
    assert_string_equal(cx->fault.param, "/a");
    assert_int_equal(json_array_fault(&r, "a", 3, "is there twice"), ERR_INVALID);
    assert_string_equal(cx->fault.param, "/a/3");
    assert_int_equal(json_fault(&r, NULL, "is empty"), ERR_INVALID);
    assert_string_equal(cx->fault.param, "");
}

static void test_values_are_written(void **state)
{
    struct context *cx = *state;
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "text", "café 😀");
    json_put_text(&w, "none", NULL);
    json_put_integer(&w, "zero", 0);
    json_put_integer(&w, "least", INT64_MIN);
    json_put_integer(&w, "most", INT64_MAX);
    json_put_bool(&w, "yes", true);
    json_put_bool(&w, "no", false);
    json_open_array(&w, "list");
    json_put_day(&w, NULL, day_of(2026, 1, 13));
    json_put_day(&w, NULL, DAY_NONE);
    json_put_instant(&w, NULL, 1768341318123);
    json_put_instant(&w, NULL, INSTANT_NONE);
    json_open_object(&w, NULL);
    json_close_object(&w);
    json_open_array(&w, NULL);
    json_close_array(&w);
    json_close_array(&w);
    json_put_unit_price(&w, "whole", (struct unit_price){1250000000});
    json_put_unit_price(&w, "part", (struct unit_price){125000});
    json_put_money(&w, "money", money_of(-1250, "EUR"));
    json_put_raw(&w, "raw", "[1]");
    json_put_null(&w, "null");
    json_close_object(&w);
    assert_string_equal(
        json_end(&w),
        "{\"text\":\"café 😀\",\"none\":null,\"zero\":0,\"least\":-9223372036854775808,"
        "\"most\":9223372036854775807,\"yes\":true,\"no\":false,\"list\":[\"2026-01-13\",null,"
        "\"2026-01-13T21:55:18.123Z\",null,{},[]],\"whole\":1250,\"part\":\"0.125\","
        "\"money\":{\"amount\":-1250,\"currency\":\"EUR\"},\"raw\":[1],\"null\":null}");
}

static void test_texts_are_escaped(void **state)
{
    struct context *cx = *state;
    static const struct {
        const char *text;
        const char *expected;
    } CASES[] = {
        {"", "\"\""},
        {"a\"b\\c/d", "\"a\\\"b\\\\c/d\""},
        {"\n\r\t\b\f\x01\x1f\x7f", "\"\\n\\r\\t\\u0008\\u000c\\u0001\\u001f\\u007f\""},
        {"é€😀", "\"é€😀\""},
        /* not UTF-8: a lone byte, cut short, too long a form, a surrogate, beyond the end */
        {"a\xff"
         "b",
         "\"a\xef\xbf\xbd"
         "b\""},
        {"\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xe0\x80\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\""},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct json_writer w = json_begin(cx->arena);
        json_put_text(&w, NULL, CASES[i].text);
        assert_string_equal(json_end(&w), CASES[i].expected);
    }
}

static void test_what_is_written_is_read_back(void **state)
{
    struct context *cx = *state;
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "name", "\"quotes\" \\ é 😀");
    json_put_integer(&w, "quantity", 299);
    json_put_day(&w, "on", day_of(2028, 2, 29));
    json_put_unit_price(&w, "price", (struct unit_price){1});
    json_open_object(&w, "inner");
    json_put_integer(&w, "a/b~c", INT64_MIN);
    json_close_object(&w);
    json_close_object(&w);
    struct sample sample = {0};
    assert_int_equal(sample_read(cx, json_end(&w), &sample), OK);
    assert_string_equal(sample.name, "\"quotes\" \\ é 😀");
    assert_int_equal(sample.quantity, 299);
    assert_int_equal(sample.on, day_of(2028, 2, 29));
    assert_int_equal(sample.price.micros, 1);
    assert_int_equal(sample.inner, INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_are_read),
        cmocka_unit_test(test_what_is_absent_or_null_keeps_its_value),
        cmocka_unit_test(test_faults_have_their_place),
        cmocka_unit_test(test_what_is_not_json_is_refused_with_its_place),
        cmocka_unit_test(test_depth_is_limited),
        cmocka_unit_test(test_long_texts_are_refused),
        cmocka_unit_test(test_large_objects_are_refused),
        cmocka_unit_test(test_types_and_raw_members),
        cmocka_unit_test(test_values_are_written),
        cmocka_unit_test(test_texts_are_escaped),
        cmocka_unit_test(test_what_is_written_is_read_back),
    };
    return cmocka_run_group_tests(tests, context_setup, context_teardown);
}
