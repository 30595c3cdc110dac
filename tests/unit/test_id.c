/* Identifiers: form, order, uniqueness, and the same ids for the same seed. */
#include "base/id.h"

#include <setjmp.h>

#include <cmocka.h>

#include "base/context.h"

static int context_setup(void **state)
{
    static struct context cx;
    cx = (struct context){.arena = arena_create(64 * 1024 * 1024), .wall = 1768341318000};
    id_seed_number(&cx.ids, 42);
    *state = &cx;
    return 0;
}

static int context_teardown(void **state)
{
    struct context *cx = *state;
    arena_free(cx->arena);
    return 0;
}

static void test_ids_sort_in_order_of_birth(void **state)
{
    struct context *cx = *state;
    const char *before = id_next(cx, "sub");
    for (int i = 0; i < 10000; i++) {
        /* Time stands still in one unit of work, and may go on between two. */
        cx->wall += i % 100 == 0;
        const char *after = id_next(cx, "sub");
        assert_true(strcmp(before, after) < 0);
        before = after;
    }
}

static void test_counting_carries(void **state)
{
    struct context *cx = *state;
    cx->ids = (struct id_source){.high = 7, .low = UINT64_MAX - 1};
    const char *before = id_next(cx, "ord");
    const char *after = id_next(cx, "ord");
    assert_string_equal(before + strlen(before) - 16, "003zzzzzzzzzzzzz");
    assert_string_equal(after + strlen(after) - 16, "0040000000000000");
}

static void test_time_comes_first(void **state)
{
    struct context *cx = *state;
    cx->wall = 1469918176385;
    assert_memory_equal(id_next(cx, "inv"), "inv_01aryz6s41", 14);
    cx->wall = 0;
    assert_memory_equal(id_next(cx, "inv"), "inv_0000000000", 14);
    cx->wall = ((int64_t)1 << 48) - 1;
    assert_memory_equal(id_next(cx, "inv"), "inv_7zzzzzzzzz", 14);
}

static void test_a_seed_gives_the_same_ids(void **state)
{
    struct context *cx = *state;
    id_seed_number(&cx->ids, 7);
    const char *one = id_next(cx, "sub");
    id_seed_number(&cx->ids, 7);
    assert_string_equal(id_next(cx, "sub"), one);
    id_seed_number(&cx->ids, 8);
    assert_string_not_equal(id_next(cx, "sub"), one);
}

static void test_randomness_differs(void **state)
{
    struct context *cx = *state;
    id_seed_random(&cx->ids);
    const char *one = id_next(cx, "sub");
    id_seed_random(&cx->ids);
    assert_string_not_equal(id_next(cx, "sub"), one);
}

static void test_the_form_is_checked(void **state)
{
    struct context *cx = *state;
    assert_true(id_is(id_next(cx, "sub"), "sub"));
    assert_true(id_is("sub_01aryz6s410000000000000000", "sub"));
    static const char *const CASES[] = {
        "",
        "sub",
        "sub_",
        "ord_01aryz6s410000000000000000",
        "sub_01aryz6s41000000000000000",
        "sub_01aryz6s4100000000000000000",
        "sub_01ARYZ6S410000000000000000",
        "sub_01aryz6s41000000000000000i",
        "sub_01aryz6s41000000000000000 ",
        "sub_81aryz6s410000000000000000",
        "sub-01aryz6s410000000000000000",
        "subs_01aryz6s410000000000000000",
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        assert_false(id_is(CASES[i], "sub"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ids_sort_in_order_of_birth, context_setup,
                                        context_teardown),
        cmocka_unit_test_setup_teardown(test_counting_carries, context_setup, context_teardown),
        cmocka_unit_test_setup_teardown(test_time_comes_first, context_setup, context_teardown),
        cmocka_unit_test_setup_teardown(test_a_seed_gives_the_same_ids, context_setup,
                                        context_teardown),
        cmocka_unit_test_setup_teardown(test_randomness_differs, context_setup, context_teardown),
        cmocka_unit_test_setup_teardown(test_the_form_is_checked, context_setup, context_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
