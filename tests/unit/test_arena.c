/* Memory: arenas, lists and buffers. */
#include "base/arena.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/list.h"

enum { ARENA_BYTES = 8 * 1024 * 1024 };

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

static bool is_filled(const unsigned char *data, size_t size, unsigned char with)
{
    for (size_t i = 0; i < size; i++) {
        if (data[i] != with)
            return false;
    }
    return true;
}

static void test_memory_is_zeroed_and_aligned(void **state)
{
    struct arena *arena = *state;
    for (int use = 0; use < 3; use++) {
        for (size_t size = 1; size < 100000; size = size * 3 + 1) {
            unsigned char *data = arena_alloc(arena, size);
            assert_int_equal((uintptr_t)data % _Alignof(max_align_t), 0);
            assert_true(is_filled(data, size, 0));
            memset(data, 0xa5, size);
        }
        arena_reset(arena);
        assert_int_equal(arena_used(arena), 0);
    }
}

static void test_pieces_do_not_overlap(void **state)
{
    enum { PIECES = 500 };
    struct arena *arena = *state;
    unsigned char *pieces[PIECES];
    size_t used = 0;
    for (size_t i = 0; i < PIECES; i++) {
        size_t size = i * 37 % 5000;
        pieces[i] = arena_alloc(arena, size);
        memset(pieces[i], (int)(i % 251), size);
        used += size;
    }
    assert_int_equal(arena_used(arena), used);
    for (size_t i = 0; i < PIECES; i++)
        assert_true(is_filled(pieces[i], i * 37 % 5000, (unsigned char)(i % 251)));
}

static void test_texts_are_copied_and_printed(void **state)
{
    struct arena *arena = *state;
    char text[] = "storage";
    const char *copy = arena_copy(arena, text);
    text[0] = 'x';
    assert_string_equal(copy, "storage");
    assert_null(arena_copy(arena, NULL));
    assert_string_equal(arena_copy_bytes(arena, "storage", 5), "stora");
    assert_string_equal(arena_copy_bytes(arena, NULL, 0), "");
    assert_string_equal(arena_print(arena, "%s-%d", "line", 12), "line-12");
    assert_string_equal(arena_print(arena, "%s", ""), "");
}

struct order {
    int calls;
    int last;
};

struct release_case {
    struct order *order;
    int number;
};

static void release_note(void *what)
{
    struct release_case *note = what;
    note->order->calls++;
    note->order->last = note->number;
}

static void test_releases_are_called_once_latest_first(void **state)
{
    struct arena *arena = *state;
    struct order order = {0};
    struct release_case first = {&order, 1};
    struct release_case second = {&order, 2};
    arena_on_release(arena, release_note, &first);
    arena_on_release(arena, release_note, &second);
    assert_int_equal(order.calls, 0);
    arena_reset(arena);
    assert_int_equal(order.calls, 2);
    assert_int_equal(order.last, 1);
    arena_reset(arena);
    assert_int_equal(order.calls, 2);

    struct arena *other = arena_create(ARENA_BYTES);
    arena_on_release(other, release_note, &second);
    arena_free(other);
    assert_int_equal(order.calls, 3);
    arena_free(NULL);
}

/* Takes memory in a process of its own; returns the signal that ended it, or 0. */
static int signal_of_taking(size_t limit, size_t pieces, size_t size)
{
    pid_t child = fork();
    if (child == 0) {
        struct arena *arena = arena_create(limit);
        signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        for (size_t i = 0; i < pieces; i++)
            arena_alloc(arena, size);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void test_the_limit_ends_the_process(void **state)
{
    (void)state;
    assert_int_equal(signal_of_taking(100000, 100, 1000), 0);
    assert_int_equal(signal_of_taking(100000, 101, 1000), SIGABRT);
    assert_int_equal(signal_of_taking(100000, 1, SIZE_MAX), SIGABRT);
}

struct item {
    int key;
    int number;
};

static int item_compare(const void *a, const void *b)
{
    const struct item *left = a;
    const struct item *right = b;
    return (left->key > right->key) - (left->key < right->key);
}

static void test_lists_sort_stably(void **state)
{
    struct arena *arena = *state;
    for (int count = 0; count < 400; count += 1 + count / 7) {
        LIST(struct item) list = {0};
        uint64_t random = (uint64_t)count;
        for (int i = 0; i < count; i++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            struct item *item = ARENA_NEW(arena, struct item);
            *item = (struct item){.key = (int)(random >> 33) % 20, .number = i};
            list_push(arena, &list, item);
        }
        assert_int_equal(list.count, count);
        list_sort(list.items, list.count, item_compare);
        for (size_t i = 1; i < list.count; i++) {
            const struct item *before = list.items[i - 1];
            const struct item *after = list.items[i];
            assert_true(before->key < after->key ||
                        (before->key == after->key && before->number < after->number));
        }
    }
}

static void test_buffers_grow(void **state)
{
    struct arena *arena = *state;
    struct buf buf = buf_create(arena);
    assert_string_equal(buf_text(&buf), "");
    for (int i = 0; i < 1000; i++)
        buf_print(&buf, "%d,", i);
    assert_int_equal(buf.size, 3890);
    assert_int_equal(strlen(buf_text(&buf)), buf.size);
    assert_memory_equal(buf_text(&buf) + buf.size - 8, "998,999,", 8);

    struct buf other = buf_create(arena);
    buf_add(&other, "a\0b", 3);
    buf_add_text(&other, "");
    buf_add_text(&other, "cd");
    assert_int_equal(other.size, 5);
    assert_memory_equal(other.data, "a\0bcd", 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_zeroed_and_aligned),
        cmocka_unit_test(test_pieces_do_not_overlap),
        cmocka_unit_test(test_texts_are_copied_and_printed),
        cmocka_unit_test(test_releases_are_called_once_latest_first),
        cmocka_unit_test(test_the_limit_ends_the_process),
        cmocka_unit_test(test_lists_sort_stably),
        cmocka_unit_test(test_buffers_grow),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
