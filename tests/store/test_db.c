/* The store contract: what db.h promises, on each kind of store. */
#include "db/db.h"
#include "support/store.h"

static const char *const MAKE_THING =
    "CREATE TABLE thing (id text NOT NULL PRIMARY KEY, amount bigint, note text, born_on text,"
    " seen_at bigint, parent text REFERENCES thing (id), CHECK (amount <> 13))";
static const char *const ADD_THING = "INSERT INTO thing (id, amount) VALUES ($1, $2)";
static const char *const COUNT_THINGS = "SELECT COUNT(*) FROM thing";

static struct context *thing_store(void **state)
{
    struct store *store = *state;
    assert_int_equal(db_run(&store->cx, MAKE_THING, DB_NO_ARGS), OK);
    return &store->cx;
}

static enum err add(struct context *cx, const char *id, int64_t amount)
{
    return db_run(cx, ADD_THING, DB_ARGS(db_text(id), db_integer(amount)));
}

static int64_t count(struct context *cx)
{
    int64_t things = -1;
    assert_int_equal(db_one_integer(cx, &things, COUNT_THINGS, DB_NO_ARGS), OK);
    return things;
}

/* Values --------------------------------------------------------------------------------------- */

static void put_thing(struct context *cx, const char *id, struct db_value amount,
                      struct db_value note, civil_day born_on, instant seen_at)
{
    assert_int_equal(
        db_run(cx,
               "INSERT INTO thing (id, amount, note, born_on, seen_at)"
               " VALUES ($1, $2, $3, $4, $5)",
               DB_ARGS(db_text(id), amount, note, db_day(born_on), db_instant(seen_at))),
        OK);
}

static void test_values_come_back(void **state)
{
    struct context *cx = thing_store(state);
    const char *const note = "Café ☕ 日本 😀 'quoted' \"too\" $1 \\ \n\t%";
    struct db_rows rows;
    put_thing(cx, "a", db_integer(INT64_MAX), db_text(note), day_of(2024, 2, 29), 1768341600123);
    put_thing(cx, "b", db_integer(INT64_MIN), db_text(""), day_of(1970, 1, 1), 0);
    put_thing(cx, "c", db_null_integer(), db_text(NULL), DAY_NONE, INSTANT_NONE);
    put_thing(cx, "d", db_bool(true), db_text(NULL), DAY_NONE, -1);

    assert_int_equal(db_select(cx, &rows,
                               "SELECT amount, note, born_on, seen_at FROM thing ORDER BY id",
                               DB_NO_ARGS),
                     OK);
    assert_true(db_next(&rows));
    assert_true(db_get_integer(&rows, 0) == INT64_MAX);
    assert_string_equal(db_get_text(&rows, 1), note);
    assert_int_equal(db_get_day(&rows, 2), day_of(2024, 2, 29));
    assert_string_equal(db_get_text(&rows, 2), "2024-02-29");
    assert_true(db_get_instant(&rows, 3) == 1768341600123);
    assert_true(db_next(&rows));
    assert_true(db_get_integer(&rows, 0) == INT64_MIN);
    assert_string_equal(db_get_text(&rows, 0), "-9223372036854775808");
    assert_false(db_is_null(&rows, 1));
    assert_string_equal(db_get_text(&rows, 1), "");
    assert_int_equal(db_get_day(&rows, 2), 0);
    assert_true(db_get_instant(&rows, 3) == 0);
    assert_true(db_next(&rows));
    assert_true(db_is_null(&rows, 0));
    assert_int_equal(db_get_integer(&rows, 0), 0);
    assert_false(db_get_bool(&rows, 0));
    assert_null(db_get_text(&rows, 1));
    assert_int_equal(db_get_day(&rows, 2), DAY_NONE);
    assert_true(db_get_instant(&rows, 3) == INSTANT_NONE);
    assert_true(db_next(&rows));
    assert_true(db_get_bool(&rows, 0));
    assert_true(db_get_instant(&rows, 3) == -1);
    assert_false(db_next(&rows));
    assert_false(db_next(&rows));
    assert_int_equal(db_done(&rows), OK);
}

/* Sums, counts and comparisons are of different types in the two databases. */
static void test_computed_integers(void **state)
{
    struct context *cx = thing_store(state);
    struct db_rows rows;
    assert_int_equal(add(cx, "a", 40), OK);
    assert_int_equal(add(cx, "b", 2), OK);
    assert_int_equal(db_select(cx, &rows,
                               "SELECT SUM(amount), COUNT(*), MAX(amount) > $1, 1,"
                               " EXISTS (SELECT 1 FROM thing WHERE amount = $2) FROM thing",
                               DB_ARGS(db_integer(39), db_integer(3))),
                     OK);
    assert_true(db_next(&rows));
    assert_int_equal(db_get_integer(&rows, 0), 42);
    assert_int_equal(db_get_integer(&rows, 1), 2);
    assert_true(db_get_bool(&rows, 2));
    assert_int_equal(db_get_integer(&rows, 3), 1);
    assert_false(db_get_bool(&rows, 4));
    assert_int_equal(db_done(&rows), OK);
}

static enum err read_as(struct context *cx, char type)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows, "SELECT note FROM thing", DB_NO_ARGS));
    assert_true(db_next(&rows));
    if (type == 'i')
        assert_int_equal(db_get_integer(&rows, 0), 0);
    else
        assert_int_equal(db_get_day(&rows, 0), DAY_NONE);
    assert_false(db_next(&rows));
    return db_done(&rows);
}

static void test_wrong_types_are_refused(void **state)
{
    struct context *cx = thing_store(state);
    put_thing(cx, "a", db_integer(1), db_text("2026-02-30"), DAY_NONE, 0);
    assert_int_equal(read_as(cx, 'i'), ERR_INTERNAL);
    assert_int_equal(cx->fault.code, ERR_INTERNAL);
    assert_int_equal(read_as(cx, 'd'), ERR_INTERNAL);
}

static void test_text_with_nul_is_refused(void **state)
{
    struct context *cx = thing_store(state);
    const char *text = "untouched";
    enum err err = db_kind(cx->db) == DB_SQLITE
                       ? db_one_text(cx, &text, "SELECT 'a' || char(0) || 'b'", DB_NO_ARGS)
                       : db_one_text(cx, &text, "SELECT 'a' || chr(0) || 'b'", DB_NO_ARGS);
    assert_int_equal(err, ERR_INTERNAL);
    assert_string_equal(text, "untouched");
}

/* Statements ----------------------------------------------------------------------------------- */

static void test_parameters(void **state)
{
    struct context *cx = thing_store(state);
    const char *text = NULL;
    assert_int_equal(db_one_text(cx, &text, "SELECT $1 || '-' || $2 || '-' || $1",
                                 DB_ARGS(db_text("a"), db_text("b"))),
                     OK);
    assert_string_equal(text, "a-b-a");
    assert_int_equal(
        db_one_text(cx, &text, "SELECT $2 || $1", DB_ARGS(db_text("one"), db_text("two"))), OK);
    assert_string_equal(text, "twoone");
    assert_int_equal(db_one_text(cx, &text, "SELECT $1 || $2", DB_ARGS(db_text("only one"))),
                     ERR_INTERNAL);
    assert_int_equal(
        db_one_text(cx, &text, "SELECT 'a'", DB_ARGS(db_text("one"), db_text("too many"))),
        ERR_INTERNAL);
    assert_string_equal(text, "twoone");
    /* The same comparison in both: letters count as they are. */
    int64_t found = 0;
    assert_int_equal(add(cx, "Abc", 0), OK);
    assert_int_equal(db_one_integer(cx, &found, "SELECT COUNT(*) FROM thing WHERE id LIKE $1",
                                    DB_ARGS(db_text("a%"))),
                     OK);
    assert_int_equal(found, 0);
}

static void test_wrong_statements(void **state)
{
    struct context *cx = thing_store(state);
    assert_int_equal(db_run(cx, "INSERT INTO nothing (id) VALUES (1)", DB_NO_ARGS), ERR_INTERNAL);
    assert_int_equal(cx->fault.code, ERR_INTERNAL);
    assert_int_equal(db_run(cx, "NOT SQL", DB_NO_ARGS), ERR_INTERNAL);
    assert_int_equal(db_run(cx, "UPDATE thing SET note = \"text\"", DB_NO_ARGS), ERR_INTERNAL);
    assert_int_equal(count(cx), 0);
}

static void test_none_found(void **state)
{
    struct context *cx = thing_store(state);
    int64_t value = 7;
    fault_clear(cx);
    assert_int_equal(
        db_one_integer(cx, &value, "SELECT amount FROM thing WHERE id = 'x'", DB_NO_ARGS),
        ERR_NOT_FOUND);
    assert_int_equal(value, 7);
    assert_int_equal(cx->fault.code, OK);
}

static void test_count_of_touched(void **state)
{
    struct context *cx = thing_store(state);
    int64_t touched = -1;
    for (int i = 0; i < 5; i++)
        assert_int_equal(add(cx, arena_print(cx->arena, "t%d", i), i), OK);
    const char *const sql = "UPDATE thing SET amount = amount + 1 WHERE amount >= $1";
    assert_int_equal(db_run_count(cx, sql, DB_ARGS(db_integer(3)), &touched), OK);
    assert_int_equal(touched, 2);
    assert_int_equal(db_run_count(cx, sql, DB_ARGS(db_integer(100)), &touched), OK);
    assert_int_equal(touched, 0);
}

static int64_t sum_nested(struct context *cx, int depth)
{
    struct db_rows rows;
    int64_t sum = 0;
    assert_int_equal(db_select(cx, &rows, "SELECT amount FROM thing ORDER BY id", DB_NO_ARGS), OK);
    while (db_next(&rows))
        sum += db_get_integer(&rows, 0) + (depth > 0 ? sum_nested(cx, depth - 1) : 0);
    assert_int_equal(db_done(&rows), OK);
    return sum;
}

static void test_selects_nest(void **state)
{
    struct context *cx = thing_store(state);
    for (int i = 1; i <= 3; i++)
        assert_int_equal(add(cx, arena_print(cx->arena, "t%d", i), i), OK);
    assert_int_equal(sum_nested(cx, 0), 6);
    assert_int_equal(sum_nested(cx, 3), 6 + 3 * (6 + 3 * (6 + 3 * 6)));
    assert_int_equal(sum_nested(cx, 1), 6 + 3 * 6);
}

static void test_select_left_early(void **state)
{
    struct context *cx = thing_store(state);
    struct db_rows rows;
    for (int i = 1; i <= 3; i++)
        assert_int_equal(add(cx, arena_print(cx->arena, "t%d", i), i), OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(db_select(cx, &rows, "SELECT amount FROM thing ORDER BY id", DB_NO_ARGS),
                         OK);
        assert_true(db_next(&rows));
        assert_int_equal(db_get_integer(&rows, 0), 1);
        assert_int_equal(db_done(&rows), OK);
        assert_int_equal(db_done(&rows), OK);
        assert_false(db_next(&rows));
    }
}

static void test_returning(void **state)
{
    struct context *cx = thing_store(state);
    struct db_rows rows;
    assert_int_equal(db_select(cx, &rows,
                               "INSERT INTO thing (id, amount) VALUES ('a', 1), ('b', 2), ('c', 3)"
                               " RETURNING id, amount * 10",
                               DB_NO_ARGS),
                     OK);
    assert_true(db_next(&rows));
    assert_string_equal(db_get_text(&rows, 0), "a");
    assert_int_equal(db_get_integer(&rows, 1), 10);
    assert_int_equal(db_done(&rows), OK);
    assert_int_equal(count(cx), 3);

    int64_t value = 0;
    const char *const upsert = "INSERT INTO thing (id, amount) VALUES ($1, $2)"
                               " ON CONFLICT (id) DO UPDATE SET amount = thing.amount"
                               " + excluded.amount RETURNING amount";
    assert_int_equal(db_one_integer(cx, &value, upsert, DB_ARGS(db_text("c"), db_integer(4))), OK);
    assert_int_equal(value, 7);
    assert_int_equal(
        db_one_integer(cx, &value,
                       "INSERT INTO thing (id, amount) VALUES ('c', 1), ('d', 1) RETURNING amount",
                       DB_NO_ARGS),
        ERR_STORE_CONFLICT);
    assert_int_equal(count(cx), 3);
}

static void test_constraints(void **state)
{
    struct context *cx = thing_store(state);
    assert_int_equal(add(cx, "a", 1), OK);
    assert_int_equal(add(cx, "a", 2), ERR_STORE_CONFLICT);
    assert_int_equal(cx->fault.code, ERR_STORE_CONFLICT);
    assert_int_equal(add(cx, "b", 13), ERR_INTERNAL); /* CHECK */
    assert_int_equal(add(cx, NULL, 1), ERR_INTERNAL); /* NOT NULL */
    assert_int_equal(db_run(cx, "INSERT INTO thing (id, parent) VALUES ($1, $2)",
                            DB_ARGS(db_text("c"), db_text("nobody"))),
                     ERR_INTERNAL);
    assert_int_equal(db_run(cx, "CREATE UNIQUE INDEX thing_note ON thing (note)", DB_NO_ARGS), OK);
    assert_int_equal(db_run(cx, "UPDATE thing SET note = 'same'", DB_NO_ARGS), OK);
    assert_int_equal(db_run(cx, "INSERT INTO thing (id, note) VALUES ('d', 'same')", DB_NO_ARGS),
                     ERR_STORE_CONFLICT);
    assert_int_equal(count(cx), 1);
}

/* The cache goes by address: one text in two places is two statements, many make it grow. */
static void test_statement_cache(void **state)
{
    struct context *cx = thing_store(state);
    static const char one[] = "SELECT amount FROM thing WHERE id = $1";
    static const char other[] = "SELECT amount FROM thing WHERE id = $1";
    assert_ptr_not_equal(one, other);
    assert_int_equal(add(cx, "a", 5), OK);
    for (int round = 0; round < 3; round++) {
        int64_t first = 0;
        int64_t second = 0;
        assert_int_equal(db_one_integer(cx, &first, one, DB_ARGS(db_text("a"))), OK);
        assert_int_equal(db_one_integer(cx, &second, other, DB_ARGS(db_text("a"))), OK);
        assert_int_equal(first + second, 10);
    }
    const char *texts[700];
    for (int i = 0; i < 700; i++)
        texts[i] = arena_print(cx->arena, "SELECT amount + %d FROM thing WHERE id = $1", i);
    for (int i = 0; i < 1400; i++) {
        int64_t value = 0;
        assert_int_equal(db_one_integer(cx, &value, texts[i % 700], DB_ARGS(db_text("a"))), OK);
        assert_int_equal(value, 5 + i % 700);
    }
}

/* Another connection sees what was written, also from a select that was never ended. */
static void test_release(void **state)
{
    struct context *cx = thing_store(state);
    struct context reader = store_context(*state, DB_READER);
    struct db_rows rows;
    const char *const sql = "SELECT id FROM thing ORDER BY id";
    assert_int_equal(add(cx, "a", 1), OK);
    assert_int_equal(add(cx, "b", 1), OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(db_select(&reader, &rows, sql, DB_NO_ARGS), OK);
        assert_true(db_next(&rows));
    }
    assert_int_equal(add(cx, "c", 1), OK);
    db_release(reader.db);
    db_release(reader.db);
    assert_int_equal(count(&reader), 3);
    store_context_close(&reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMPTY_STORE_TEST(test_values_come_back),
        EMPTY_STORE_TEST(test_computed_integers),
        EMPTY_STORE_TEST(test_wrong_types_are_refused),
        EMPTY_STORE_TEST(test_text_with_nul_is_refused),
        EMPTY_STORE_TEST(test_parameters),
        EMPTY_STORE_TEST(test_wrong_statements),
        EMPTY_STORE_TEST(test_none_found),
        EMPTY_STORE_TEST(test_count_of_touched),
        EMPTY_STORE_TEST(test_selects_nest),
        EMPTY_STORE_TEST(test_select_left_early),
        EMPTY_STORE_TEST(test_returning),
        EMPTY_STORE_TEST(test_constraints),
        EMPTY_STORE_TEST(test_statement_cache),
        EMPTY_STORE_TEST(test_release),
    };
    return store_run_tests("statements", tests, sizeof(tests) / sizeof(tests[0]));
}
