/* Log lines: one object a line, whatever is said. */
#include "base/log.h"

#include <setjmp.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/context.h"
#include "base/json.h"

enum { LINE_SIZE = 8192 };

static int saved_error;
static int pipe_ends[2];

/* Standard error goes into a pipe until it is read. */
static int error_capture(void **state)
{
    (void)state;
    log_set_level(LOG_INFO);
    saved_error = dup(STDERR_FILENO);
    if (saved_error < 0 || pipe(pipe_ends) != 0)
        return -1;
    return dup2(pipe_ends[1], STDERR_FILENO) < 0;
}

static void error_read(char ret_text[LINE_SIZE])
{
    dup2(saved_error, STDERR_FILENO);
    close(saved_error);
    close(pipe_ends[1]);
    ssize_t size = read(pipe_ends[0], ret_text, LINE_SIZE - 1);
    close(pipe_ends[0]);
    assert_true(size >= 0);
    ret_text[size] = '\0';
}

static void test_a_line_is_one_object(void **state)
{
    (void)state;
    char text[LINE_SIZE];
    instant before = clock_wall_ms();
    log_line(LOG_WARNING, "order_failed", "order", "ord_1", "why", "a \"b\"\n\xff", "none",
             (const char *)NULL, NULL);
    error_read(text);

    struct context cx = {.arena = arena_create(1024 * 1024)};
    struct json_reader r;
    assert_int_equal(json_open(&cx, &r, text, strlen(text)), OK);
    const char *time = NULL;
    assert_int_equal(json_text(&r, "time", REQUIRED, &time), OK);
    instant at = 0;
    assert_true(instant_parse(time, &at));
    assert_in_range(at, before, clock_wall_ms());
    assert_string_equal(json_raw(&r, "level"), "\"warning\"");
    assert_string_equal(json_raw(&r, "event"), "\"order_failed\"");
    assert_string_equal(json_raw(&r, "order"), "\"ord_1\"");
    assert_string_equal(json_raw(&r, "why"), "\"a \\\"b\\\"\\n\xef\xbf\xbd\"");
    assert_string_equal(json_raw(&r, "none"), "\"\"");
    assert_int_equal(json_done(&r), OK);
    assert_string_equal(strchr(text, '\n'), "\n");
    arena_free(cx.arena);
}

static void test_levels_below_are_left_out(void **state)
{
    (void)state;
    char text[LINE_SIZE];
    log_line(LOG_DEBUG, "unseen", NULL);
    log_set_level(LOG_ERROR);
    log_line(LOG_WARNING, "unseen", NULL);
    log_set_level(LOG_DEBUG);
    log_line(LOG_DEBUG, "seen", NULL);
    error_read(text);
    assert_null(strstr(text, "unseen"));
    assert_non_null(strstr(text, "\"level\":\"debug\",\"event\":\"seen\"}\n"));
}

static void test_long_values_are_cut(void **state)
{
    (void)state;
    static char value[20000];
    char text[LINE_SIZE];
    memset(value, '"', sizeof(value) - 1);
    log_line(LOG_ERROR, "long", "first", value, "second", value, "third", "x", NULL);
    error_read(text);
    assert_in_range(strlen(text), 4000, 4096);
    struct context cx = {.arena = arena_create(1024 * 1024)};
    struct json_reader r;
    assert_int_equal(json_open(&cx, &r, text, strlen(text)), OK);
    assert_true(json_has(&r, "first"));
    arena_free(cx.arena);
}

static void test_clocks(void **state)
{
    (void)state;
    int64_t wall = clock_wall_ms();
    assert_true(wall > day_of(2024, 1, 1) * MS_PER_DAY && wall < day_of(2199, 1, 1) * MS_PER_DAY);
    int64_t before = clock_monotonic_us();
    usleep(2000);
    assert_in_range(clock_monotonic_us() - before, 2000, 60 * 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_line_is_one_object, error_capture),
        cmocka_unit_test_setup(test_levels_below_are_left_out, error_capture),
        cmocka_unit_test_setup(test_long_values_are_cut, error_capture),
        cmocka_unit_test(test_clocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
