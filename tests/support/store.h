/* Fresh stores for tests: each test gets one of its own, of each kind there is.
 *
 *     static void test_insert(void **state)
 *     {
 *         struct store *store = *state;
 *         assert_int_equal(db_run(&store->cx, …), OK);
 *     }
 *     int main(void)
 *     {
 *         const struct CMUnitTest tests[] = {STORE_TEST(test_insert)};
 *         return store_run_tests("orders", tests, sizeof(tests) / sizeof(tests[0]));
 *     }
 *
 * ANNEX_STORE names a store of the one kind to run (a file: SQLite; an address: PostgreSQL).
 * Without it the tests run on SQLite and, when ANNEX_PG names a server, on PostgreSQL. On
 * PostgreSQL a fresh store is a schema of its own in that database.
 */
#pragma once

/* What cmocka.h needs before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/context.h"
#include "db/db.h"

#define STORE_NOW ((int64_t)1768341600000) /* 2026-01-13T22:00:00Z */

struct store {
    struct context cx; /* writes; its arena, ids (seed 1), now and wall are set */
    enum db_kind kind;
    const char *where; /* for db_open */
    const char *place; /* the temporary folder, or the schema */
};

/* Tests on a store with the program's schema, and on one without any. */
#define STORE_TEST(test) cmocka_unit_test_setup_teardown(test, store_setup, store_teardown)
#define EMPTY_STORE_TEST(test)                                                                     \
    cmocka_unit_test_setup_teardown(test, store_setup_empty, store_teardown)

int store_setup(void **state);
int store_setup_empty(void **state);
int store_teardown(void **state);

/* Runs the tests once for each kind of store; returns the number of failures. */
int store_run_tests(const char *name, const struct CMUnitTest *tests, size_t count);
/* The same for tests that concern one kind only. */
int store_run_tests_on(enum db_kind kind, const char *name, const struct CMUnitTest *tests,
                       size_t count);

/* A context with a further connection to the store and an arena of its own. Closed by
 * store_context_close. */
struct context store_context(const struct store *store, enum db_mode mode);
void store_context_close(struct context *cx);
