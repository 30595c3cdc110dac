/* Transactions, on each kind of store: all or nothing, and who learns of what. */
#include "db/db.h"
#include "support/store.h"

static const char *const ADD_ENTRY = "INSERT INTO entry (id, amount) VALUES ($1, $2)";

static struct context *entry_store(void **state)
{
    struct store *store = *state;
    assert_int_equal(db_run(&store->cx,
                            "CREATE TABLE entry (id text NOT NULL PRIMARY KEY, amount bigint)",
                            DB_NO_ARGS),
                     OK);
    return &store->cx;
}

static enum err add(struct context *cx, const char *id)
{
    return db_run(cx, ADD_ENTRY, DB_ARGS(db_text(id), db_integer(1)));
}

static const char *ids(struct context *cx)
{
    struct db_rows rows;
    const char *text = "";
    assert_int_equal(db_select(cx, &rows, "SELECT id FROM entry ORDER BY id", DB_NO_ARGS), OK);
    while (db_next(&rows))
        text = arena_print(cx->arena, "%s%s", text, db_get_text(&rows, 0));
    assert_int_equal(db_done(&rows), OK);
    return text;
}

/* What a work does: adds each letter of `adds`, then runs the inner ones, then ends so. */
struct plan {
    const char *adds;
    struct plan *inner[3];
    bool minds; /* passes on the error of an inner one */
    enum err ends;
    int runs;
};

static enum err run_plan(struct context *cx, void *arg)
{
    struct plan *plan = arg;
    plan->runs++;
    assert_true(db_in_transaction(cx->db));
    for (const char *letter = plan->adds; letter != NULL && *letter != '\0'; letter++)
        TRY(add(cx, arena_print(cx->arena, "%c", *letter)));
    for (size_t i = 0; i < 3 && plan->inner[i] != NULL; i++) {
        enum err err = db_transact(cx, run_plan, plan->inner[i]);
        if (plan->minds)
            TRY(err);
    }
    if (plan->ends != OK)
        return fault(cx, plan->ends, "who", plan->adds, NULL);
    return OK;
}

/* Snapshots ------------------------------------------------------------------------------------ */

/* What another connection commits between two selects. */
static enum err look_twice(struct context *cx, void *arg)
{
    struct context *other = arg;
    assert_string_equal(ids(cx), "a");
    assert_int_equal(add(other, "b"), OK);
    assert_string_equal(ids(cx), "a");
    return OK;
}

static void test_snapshot_is_of_one_moment(void **state)
{
    struct store *store = *state;
    struct context *writer = entry_store(state);
    struct context reader = store_context(store, DB_READER);
    assert_int_equal(add(writer, "a"), OK);
    assert_int_equal(db_snapshot(&reader, look_twice, writer), OK);
    assert_string_equal(ids(&reader), "ab"); /* and no longer than that */
    store_context_close(&reader);
}

static enum err see_own(struct context *cx, void *arg)
{
    (void)arg;
    assert_string_equal(ids(cx), "c");
    return OK;
}

static enum err look_inside(struct context *cx, void *arg)
{
    (void)arg;
    assert_int_equal(add(cx, "c"), OK);
    return db_snapshot(cx, see_own, NULL);
}

static void test_snapshot_inside_a_transaction(void **state)
{
    struct context *cx = entry_store(state);
    assert_int_equal(db_transact(cx, look_inside, NULL), OK);
    assert_string_equal(ids(cx), "c");
}

/* Commit and rollback -------------------------------------------------------------------------- */

static void test_commit(void **state)
{
    struct context *cx = entry_store(state);
    struct context other = store_context(*state, DB_READER);
    struct plan plan = {.adds = "abc"};
    assert_false(db_in_transaction(cx->db));
    assert_int_equal(db_transact(cx, run_plan, &plan), OK);
    assert_false(db_in_transaction(cx->db));
    assert_string_equal(ids(&other), "abc");
    store_context_close(&other);
}

static void test_error_undoes_and_keeps_fault(void **state)
{
    struct context *cx = entry_store(state);
    struct plan plan = {.adds = "ab", .ends = ERR_OFFER_PRICE};
    assert_int_equal(db_transact(cx, run_plan, &plan), ERR_OFFER_PRICE);
    assert_int_equal(cx->fault.code, ERR_OFFER_PRICE);
    assert_string_equal(fault_arg(&cx->fault, "who"), "ab");
    assert_int_equal(plan.runs, 1);
    assert_false(db_in_transaction(cx->db));
    assert_string_equal(ids(cx), "");
    plan.ends = OK;
    assert_int_equal(db_transact(cx, run_plan, &plan), OK);
    assert_string_equal(ids(cx), "ab");
}

static void test_conflict_undoes(void **state)
{
    struct context *cx = entry_store(state);
    struct plan plan = {.adds = "aba"};
    assert_int_equal(db_transact(cx, run_plan, &plan), ERR_STORE_CONFLICT);
    assert_int_equal(cx->fault.code, ERR_STORE_CONFLICT);
    assert_string_equal(ids(cx), "");
}

static enum err ignore_an_error(struct context *cx, void *arg)
{
    int64_t touched = 0;
    int64_t value = 0;
    (void)arg;
    TRY(add(cx, "a"));
    assert_int_equal(db_run_count(cx, ADD_ENTRY, DB_ARGS(db_text("a"), db_integer(2)), &touched),
                     ERR_STORE_CONFLICT);
    fault_clear(cx);
    assert_int_equal(add(cx, "b"), ERR_STORE_CONFLICT);
    assert_int_equal(db_one_integer(cx, &value, "SELECT 1", DB_NO_ARGS), ERR_STORE_CONFLICT);
    fault_clear(cx);
    return OK;
}

static void test_spoilt_transaction_never_commits(void **state)
{
    struct context *cx = entry_store(state);
    assert_int_equal(db_transact(cx, ignore_an_error, NULL), ERR_STORE_CONFLICT);
    assert_int_equal(cx->fault.code, ERR_STORE_CONFLICT);
    assert_string_equal(ids(cx), "");
    assert_int_equal(add(cx, "c"), OK);
}

static enum err leave_selects_open(struct context *cx, void *arg)
{
    struct db_rows rows;
    for (int i = 0; i < 3; i++) {
        TRY(db_select(cx, &rows, "SELECT id FROM entry", DB_NO_ARGS));
        assert_true(db_next(&rows));
    }
    return arg != NULL ? ERR_INVALID : OK;
}

static void test_selects_left_open(void **state)
{
    struct context *cx = entry_store(state);
    struct db_rows rows;
    int seen = 0;
    struct plan plan = {.adds = "ab"};
    assert_int_equal(db_transact(cx, run_plan, &plan), OK);
    assert_int_equal(db_select(cx, &rows, "SELECT id FROM entry", DB_NO_ARGS), OK);
    while (db_next(&rows)) {
        seen++;
        assert_int_equal(db_transact(cx, leave_selects_open, NULL), OK);
        assert_int_equal(db_transact(cx, leave_selects_open, cx), ERR_INVALID);
    }
    assert_int_equal(db_done(&rows), OK);
    assert_int_equal(seen, 2);
}

/* Far more statements than are sent ahead of their answers. */
static enum err add_many(struct context *cx, void *arg)
{
    const int *clash_at = arg;
    for (int i = 0; i < 2000; i++) {
        const char *id = arena_print(cx->arena, "m%d", i == *clash_at ? 0 : i);
        TRY(db_run(cx, ADD_ENTRY, DB_ARGS(db_text(id), db_integer(i))));
    }
    return OK;
}

static void test_many_statements(void **state)
{
    struct context *cx = entry_store(state);
    const int clashes[] = {1, 254, 255, 256, 257, 1999};
    int never = -1;
    int64_t rows = 0;
    for (size_t i = 0; i < sizeof(clashes) / sizeof(clashes[0]); i++) {
        int clash_at = clashes[i];
        assert_int_equal(db_transact(cx, add_many, &clash_at), ERR_STORE_CONFLICT);
        assert_string_equal(ids(cx), "");
    }
    assert_int_equal(db_transact(cx, add_many, &never), OK);
    assert_int_equal(db_one_integer(cx, &rows, "SELECT COUNT(*) FROM entry", DB_NO_ARGS), OK);
    assert_int_equal(rows, 2000);
}

/* The error of a statement that was only sent is not lost, whatever asks next. */
static enum err read_after_clash(struct context *cx, void *arg)
{
    int64_t rows = 0;
    (void)arg;
    TRY(add(cx, "a"));
    TRY(add(cx, "a"));
    return db_one_integer(cx, &rows, "SELECT COUNT(*) FROM entry", DB_NO_ARGS);
}

static void test_read_learns_of_earlier_error(void **state)
{
    struct context *cx = entry_store(state);
    assert_int_equal(db_transact(cx, read_after_clash, NULL), ERR_STORE_CONFLICT);
    assert_string_equal(ids(cx), "");
}

/* A statement whose first preparation was left out is prepared again. */
static enum err clash_before_new_statement(struct context *cx, void *arg)
{
    const int *attempt = arg;
    TRY(add(cx, "a"));
    if (*attempt == 0)
        TRY(add(cx, "a"));
    return db_run(cx, "UPDATE entry SET amount = $1", DB_ARGS(db_integer(77)));
}

static void test_statement_left_out(void **state)
{
    struct context *cx = entry_store(state);
    int64_t amount = 0;
    int attempt = 0;
    assert_int_equal(db_transact(cx, clash_before_new_statement, &attempt), ERR_STORE_CONFLICT);
    attempt = 1;
    assert_int_equal(db_transact(cx, clash_before_new_statement, &attempt), OK);
    assert_int_equal(db_one_integer(cx, &amount, "SELECT amount FROM entry", DB_NO_ARGS), OK);
    assert_int_equal(amount, 77);
}

/* Savepoints ----------------------------------------------------------------------------------- */

static void test_inner_error_keeps_outer(void **state)
{
    struct context *cx = entry_store(state);
    struct plan good = {.adds = "c"};
    struct plan bad = {.adds = "de", .ends = ERR_INVALID};
    struct plan clash = {.adds = "fa"};
    struct plan outer = {.adds = "ab", .inner = {&bad, &clash, &good}};
    assert_int_equal(db_transact(cx, run_plan, &outer), OK);
    assert_string_equal(ids(cx), "abc");
    assert_int_equal(clash.runs, 1);
}

static void test_outer_error_undoes_inner(void **state)
{
    struct context *cx = entry_store(state);
    struct plan deepest = {.adds = "c"};
    struct plan inner = {.adds = "b", .inner = {&deepest}};
    struct plan outer = {.adds = "a", .inner = {&inner}, .ends = ERR_INVALID};
    assert_int_equal(db_transact(cx, run_plan, &outer), ERR_INVALID);
    assert_string_equal(ids(cx), "");
}

static enum err rehearse_plan(struct context *cx, void *arg)
{
    struct plan *plans = arg;
    TRY(db_rehearse(cx, run_plan, &plans[0]));
    assert_string_equal(ids(cx), "");
    assert_int_equal(db_rehearse(cx, run_plan, &plans[1]), ERR_INVALID);
    assert_int_equal(db_rehearse(cx, run_plan, &plans[2]), ERR_STORE_CONFLICT);
    fault_clear(cx);
    return add(cx, "z");
}

/* What is rehearsed leaves nothing, and says what would have gone wrong. */
static void test_rehearsal(void **state)
{
    struct context *cx = entry_store(state);
    struct plan inner = {.adds = "c"};
    struct plan plans[] = {
        {.adds = "ab", .inner = {&inner}},
        {.adds = "d", .ends = ERR_INVALID},
        {.adds = "ee"}, /* a key twice */
    };
    assert_int_equal(db_transact(cx, rehearse_plan, plans), OK);
    assert_int_equal(inner.runs, 1);
    assert_string_equal(ids(cx), "z");
}

static void test_middle_error_undoes_deepest(void **state)
{
    struct context *cx = entry_store(state);
    struct plan deepest = {.adds = "c"};
    struct plan middle = {.adds = "b", .inner = {&deepest}, .ends = ERR_INVALID};
    struct plan after = {.adds = "d"};
    struct plan outer = {.adds = "a", .inner = {&middle, &after}};
    assert_int_equal(db_transact(cx, run_plan, &outer), OK);
    assert_string_equal(ids(cx), "ad");
}

static void test_inner_error_passed_on(void **state)
{
    struct context *cx = entry_store(state);
    struct plan deepest = {.adds = "cb"};
    struct plan middle = {.adds = "b", .inner = {&deepest}, .minds = true};
    struct plan outer = {.adds = "a", .inner = {&middle}, .minds = true};
    assert_int_equal(db_transact(cx, run_plan, &outer), ERR_STORE_CONFLICT);
    assert_string_equal(ids(cx), "");
}

/* Only the outer statement is wrong: the inner work is not blamed and never runs. */
static enum err clash_before_inner(struct context *cx, void *arg)
{
    TRY(add(cx, "a"));
    TRY(add(cx, "a"));
    return db_transact(cx, run_plan, arg);
}

static void test_outer_clash_before_inner(void **state)
{
    struct context *cx = entry_store(state);
    struct plan inner = {.adds = "b"};
    assert_int_equal(db_transact(cx, clash_before_inner, &inner), ERR_STORE_CONFLICT);
    assert_int_equal(inner.runs, 0);
    assert_string_equal(ids(cx), "");
}

/* Batches and ports ---------------------------------------------------------------------------- */

static void test_batch_with_a_failing_work(void **state)
{
    struct context *cx = entry_store(state);
    struct context other = store_context(*state, DB_READER);
    struct plan first = {.adds = "ab"};
    struct plan bad = {.adds = "c", .ends = ERR_INVALID};
    struct plan clash = {.adds = "da"};
    struct plan last = {.adds = "e"};
    assert_int_equal(db_batch_begin(cx), OK);
    assert_int_equal(db_transact(cx, run_plan, &first), OK);
    assert_int_equal(db_transact(cx, run_plan, &bad), ERR_INVALID);
    assert_int_equal(db_transact(cx, run_plan, &clash), ERR_STORE_CONFLICT);
    assert_int_equal(db_transact(cx, run_plan, &last), OK);
    assert_string_equal(ids(&other), "");
    assert_int_equal(db_batch_commit(cx), OK);
    assert_false(db_in_transaction(cx->db));
    assert_string_equal(ids(&other), "abe");
    store_context_close(&other);
}

static void test_batch_rollback(void **state)
{
    struct context *cx = entry_store(state);
    struct plan plan = {.adds = "ab"};
    assert_int_equal(db_batch_begin(cx), OK);
    assert_int_equal(db_transact(cx, run_plan, &plan), OK);
    db_batch_rollback(cx);
    assert_false(db_in_transaction(cx->db));
    assert_string_equal(ids(cx), "");
}

struct counting_port {
    struct db_writer_port port;
    int calls;
};

static enum err port_run(struct db_writer_port *port, struct context *cx, db_work work, void *arg)
{
    ((struct counting_port *)port)->calls++;
    struct context writing = *cx;
    db_set_writer(cx->db, NULL);
    enum err err = db_transact(&writing, work, arg);
    db_set_writer(cx->db, port);
    return err;
}

static void test_writer_port(void **state)
{
    struct context *cx = entry_store(state);
    struct counting_port counting = {.port = {port_run}};
    struct plan inner = {.adds = "b"};
    struct plan outer = {.adds = "a", .inner = {&inner}};
    db_set_writer(cx->db, &counting.port);
    assert_int_equal(db_transact(cx, run_plan, &outer), OK);
    assert_int_equal(counting.calls, 1);
    assert_int_equal(db_batch_begin(cx), OK);
    inner.adds = "c";
    assert_int_equal(db_transact(cx, run_plan, &inner), OK);
    assert_int_equal(db_batch_commit(cx), OK);
    assert_int_equal(counting.calls, 1);
    assert_string_equal(ids(cx), "abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMPTY_STORE_TEST(test_snapshot_is_of_one_moment),
        EMPTY_STORE_TEST(test_snapshot_inside_a_transaction),
        EMPTY_STORE_TEST(test_commit),
        EMPTY_STORE_TEST(test_error_undoes_and_keeps_fault),
        EMPTY_STORE_TEST(test_conflict_undoes),
        EMPTY_STORE_TEST(test_spoilt_transaction_never_commits),
        EMPTY_STORE_TEST(test_selects_left_open),
        EMPTY_STORE_TEST(test_many_statements),
        EMPTY_STORE_TEST(test_read_learns_of_earlier_error),
        EMPTY_STORE_TEST(test_statement_left_out),
        EMPTY_STORE_TEST(test_inner_error_keeps_outer),
        EMPTY_STORE_TEST(test_outer_error_undoes_inner),
        EMPTY_STORE_TEST(test_rehearsal),
        EMPTY_STORE_TEST(test_middle_error_undoes_deepest),
        EMPTY_STORE_TEST(test_inner_error_passed_on),
        EMPTY_STORE_TEST(test_outer_clash_before_inner),
        EMPTY_STORE_TEST(test_batch_with_a_failing_work),
        EMPTY_STORE_TEST(test_batch_rollback),
        EMPTY_STORE_TEST(test_writer_port),
    };
    return store_run_tests("transactions", tests, sizeof(tests) / sizeof(tests[0]));
}
