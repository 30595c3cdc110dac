#include "support/store.h"

#include "base/hash.h"
#include "base/limits.h"

static enum db_kind running_kind = DB_SQLITE;
static const char *running_server; /* address of the database that gets the schemas */

static struct context context_create(void)
{
    struct context cx = {
        .arena = arena_create(REQUEST_ARENA_MAX),
        .now = STORE_NOW,
        .wall = STORE_NOW,
        .actor = {.kind = ACTOR_OPERATOR, .id = "", .customer = ""},
        .customer = "org_test",
        .language = "en",
        .cause = "test",
    };
    id_seed_number(&cx.ids, 1);
    return cx;
}

struct context store_context(const struct store *store, enum db_mode mode)
{
    struct context cx = context_create();
    assert_int_equal(db_open(&cx, &cx.db, store->where, mode, false), OK);
    return cx;
}

void store_context_close(struct context *cx)
{
    db_close(cx->db);
    arena_free(cx->arena);
}

/* Making and removing -------------------------------------------------------------------------- */

static void create_file(struct store *store)
{
    const char *parent = getenv("TMPDIR");
    char *folder =
        arena_print(store->cx.arena, "%s/annex-store.XXXXXX", parent != NULL ? parent : "/tmp");
    assert_non_null(mkdtemp(folder));
    store->place = folder;
    store->where = arena_print(store->cx.arena, "%s/annex.db", folder);
}

static void remove_file(struct store *store)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        unlink(arena_print(store->cx.arena, "%s%s", store->where, ends[i]));
    assert_int_equal(rmdir(store->place), 0);
}

static void run_at_server(struct store *store, const char *sql)
{
    struct context cx = store->cx;
    assert_int_equal(db_open(&cx, &cx.db, running_server, DB_WRITER, false), OK);
    assert_int_equal(db_run(&cx, sql, DB_NO_ARGS), OK);
    db_close(cx.db);
}

static void create_schema(struct store *store)
{
    static int count = 0;
    struct arena *arena = store->cx.arena;
    store->place = arena_print(arena, "test_%d_%d", (int)getpid(), ++count);
    store->where = arena_print(arena, "%s%coptions=-csearch_path%%3D%s", running_server,
                               strchr(running_server, '?') != NULL ? '&' : '?', store->place);
    run_at_server(store, arena_print(arena, "CREATE SCHEMA %s", store->place));
}

static void remove_schema(struct store *store)
{
    run_at_server(store, arena_print(store->cx.arena, "DROP SCHEMA %s CASCADE", store->place));
}

int store_setup_empty(void **state)
{
    struct context cx = context_create();
    struct store *store = ARENA_NEW(cx.arena, struct store);
    store->cx = cx;
    store->kind = running_kind;
    if (store->kind == DB_SQLITE)
        create_file(store);
    else
        create_schema(store);
    assert_int_equal(db_open(&store->cx, &store->cx.db, store->where, DB_WRITER, true), OK);
    *state = store;
    return 0;
}

int store_setup(void **state)
{
    store_setup_empty(state);
    struct store *store = *state;
    assert_int_equal(db_migrate(&store->cx), OK);
    return 0;
}

int store_teardown(void **state)
{
    struct store *store = *state;
    struct arena *arena = store->cx.arena;
    db_close(store->cx.db);
    if (store->kind == DB_SQLITE)
        remove_file(store);
    else
        remove_schema(store);
    arena_free(arena);
    return 0;
}

/* Running -------------------------------------------------------------------------------------- */

static bool is_postgres(const char *where)
{
    return where != NULL && strncmp(where, "postgres", 8) == 0;
}

int store_run_tests_on(enum db_kind kind, const char *name, const struct CMUnitTest *tests,
                       size_t count)
{
    char title[64];
    const char *only = getenv("ANNEX_STORE");
    running_kind = kind;
    running_server = is_postgres(only) ? only : getenv("ANNEX_PG");
    if (only != NULL && is_postgres(only) != (kind == DB_POSTGRES))
        return 0;
    if (kind == DB_POSTGRES && running_server == NULL)
        return 0;
    hash_start();
    snprintf(title, sizeof(title), "%s on %s", name, kind == DB_SQLITE ? "SQLite" : "PostgreSQL");
    return _cmocka_run_group_tests(title, tests, count, NULL, NULL);
}

int store_run_tests(const char *name, const struct CMUnitTest *tests, size_t count)
{
    return store_run_tests_on(DB_SQLITE, name, tests, count) +
           store_run_tests_on(DB_POSTGRES, name, tests, count);
}
