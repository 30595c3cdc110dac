/* Migrations, on each kind of store: in order, once, whole or not at all. */
#include <sys/wait.h>

#include "base/embed.h"
#include "db/db_driver.h"
#include "support/store.h"

enum { NODES = 4 };

static struct embed file(const char *name, const char *text)
{
    return (struct embed){name, (const unsigned char *)text, strlen(text)};
}

static const char *const FIRST = "-- A first table; and a comment.\n"
                                 "CREATE TABLE one (\n"
                                 "    id text NOT NULL PRIMARY KEY, -- named; as ever\n"
                                 "    note text DEFAULT 'a;b'\n"
                                 ");\n"
                                 "\n"
                                 "   -- indented comment;\n"
                                 "CREATE INDEX one_note ON one (note);  \n"
                                 "INSERT INTO one (id) VALUES ('x');";
static const char *const SECOND = "ALTER TABLE one ADD COLUMN amount bigint NOT NULL DEFAULT 5;\n";

static int64_t number(struct context *cx, const char *sql)
{
    int64_t value = -1;
    assert_int_equal(db_one_integer(cx, &value, sql, DB_NO_ARGS), OK);
    return value;
}

static int64_t applied(struct context *cx)
{
    return number(cx, "SELECT COUNT(*) FROM schema_migration");
}

static struct context *context_of(void **state)
{
    struct store *store = *state;
    return &store->cx;
}

/* Says whether the last refusal was of the version, with this in its reason. */
static bool was_refused(struct context *cx, enum err err, const char *why)
{
    return err == ERR_STORE_VERSION && cx->fault.code == ERR_STORE_VERSION &&
           strstr(fault_arg(&cx->fault, "reason"), why) != NULL;
}

static void test_applied_in_order_and_once(void **state)
{
    struct context *cx = context_of(state);
    const struct embed files[] = {file("migrations/001_one.sql", FIRST),
                                  file("migrations/002_amount.sql", SECOND)};
    const char *text = NULL;
    assert_true(was_refused(cx, db_check_files(cx, files, 2), "0 of the 2"));
    assert_int_equal(db_migrate_files(cx, files, 1), OK);
    assert_int_equal(db_check_files(cx, files, 1), OK);
    assert_true(was_refused(cx, db_check_files(cx, files, 2), "migrations/002_amount.sql"));
    assert_int_equal(db_migrate_files(cx, files, 2), OK);
    assert_int_equal(db_migrate_files(cx, files, 2), OK);
    assert_int_equal(db_check_files(cx, files, 2), OK);
    assert_int_equal(applied(cx), 2);
    assert_int_equal(number(cx, "SELECT amount FROM one WHERE id = 'x' AND note = 'a;b'"), 5);
    assert_int_equal(
        db_one_text(cx, &text, "SELECT name FROM schema_migration WHERE number = 2", DB_NO_ARGS),
        OK);
    assert_string_equal(text, "002_amount.sql");
    assert_true(number(cx, "SELECT MIN(applied_at) FROM schema_migration") == STORE_NOW);
}

static void test_failing_one_leaves_nothing(void **state)
{
    struct context *cx = context_of(state);
    const struct embed bad[] = {file("migrations/001_one.sql", FIRST),
                                file("migrations/002_bad.sql",
                                     "CREATE TABLE two (id text);\nINSERT INTO two (no) "
                                     "VALUES ('a');\n")};
    const struct embed unended[] = {
        bad[0], file("migrations/002_bad.sql", "CREATE TABLE two (id text);\nSELECT 1\n")};
    const struct embed good[] = {bad[0],
                                 file("migrations/002_two.sql", "CREATE TABLE two (id text);\n")};
    assert_int_equal(db_migrate_files(cx, bad, 2), ERR_INTERNAL);
    assert_int_equal(db_migrate_files(cx, unended, 2), ERR_INTERNAL);
    assert_int_equal(applied(cx), 1);
    assert_int_equal(db_migrate_files(cx, good, 2), OK);
    assert_int_equal(number(cx, "SELECT COUNT(*) FROM two"), 0);
}

static void test_changed_text_is_refused(void **state)
{
    struct context *cx = context_of(state);
    const struct embed before[] = {file("migrations/001_one.sql", FIRST)};
    const struct embed after[] = {file("migrations/001_one.sql", SECOND)};
    assert_int_equal(db_migrate_files(cx, before, 1), OK);
    assert_true(was_refused(cx, db_migrate_files(cx, after, 1), "001_one.sql has changed"));
    assert_true(was_refused(cx, db_check_files(cx, after, 1), "001_one.sql has changed"));
    assert_int_equal(applied(cx), 1);
}

static void test_newer_store_is_refused(void **state)
{
    struct context *cx = context_of(state);
    const struct embed files[] = {file("migrations/001_one.sql", FIRST),
                                  file("migrations/002_amount.sql", SECOND)};
    assert_int_equal(db_migrate_files(cx, files, 2), OK);
    assert_true(was_refused(cx, db_migrate_files(cx, files, 1), "newer program"));
    assert_true(was_refused(cx, db_check_files(cx, files, 1), "newer program"));
    assert_int_equal(applied(cx), 2);
}

static void test_gap_is_refused(void **state)
{
    struct context *cx = context_of(state);
    const struct embed files[] = {file("migrations/001_one.sql", FIRST),
                                  file("migrations/002_amount.sql", SECOND)};
    assert_int_equal(db_migrate_files(cx, files, 2), OK);
    assert_int_equal(db_run(cx, "DELETE FROM schema_migration WHERE number = 1", DB_NO_ARGS), OK);
    assert_true(was_refused(cx, db_migrate_files(cx, files, 2), "lacks migration"));
}

/* A node that starts: its own process and connection. */
static int start_node(const struct store *store, const struct embed *files, size_t count)
{
    struct context cx = store_context(store, DB_WRITER);
    enum err err = db_migrate_files(&cx, files, count);
    store_context_close(&cx);
    return err == OK ? 0 : 1;
}

static void test_nodes_start_together(void **state)
{
    const struct embed files[] = {file("migrations/001_one.sql", FIRST),
                                  file("migrations/002_amount.sql", SECOND)};
    pid_t nodes[NODES];
    for (int i = 0; i < NODES; i++) {
        nodes[i] = fork();
        assert_true(nodes[i] >= 0);
        if (nodes[i] == 0)
            _exit(start_node(*state, files, 2));
    }
    for (int i = 0; i < NODES; i++) {
        int status = -1;
        assert_int_equal(waitpid(nodes[i], &status, 0), nodes[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(applied(context_of(state)), 2);
    assert_int_equal(number(context_of(state), "SELECT COUNT(*) FROM one"), 1);
}

/* The program's own files, through the public functions. */
static void test_own_schema(void **state)
{
    struct context *cx = context_of(state);
    assert_int_equal(db_check_schema(cx), ERR_STORE_VERSION);
    assert_int_equal(db_migrate(cx), OK);
    assert_true(applied(cx) > 0);
    assert_int_equal(db_migrate(cx), OK);
    assert_int_equal(db_check_schema(cx), OK);
    assert_int_equal(db_run(cx, "UPDATE schema_migration SET hash = 'other'", DB_NO_ARGS), OK);
    assert_int_equal(db_migrate(cx), ERR_STORE_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMPTY_STORE_TEST(test_applied_in_order_and_once),
        EMPTY_STORE_TEST(test_failing_one_leaves_nothing),
        EMPTY_STORE_TEST(test_changed_text_is_refused),
        EMPTY_STORE_TEST(test_newer_store_is_refused),
        EMPTY_STORE_TEST(test_gap_is_refused),
        EMPTY_STORE_TEST(test_nodes_start_together),
        EMPTY_STORE_TEST(test_own_schema),
    };
    return store_run_tests("migrations", tests, sizeof(tests) / sizeof(tests[0]));
}
