#include "app/bench_store.h"

#include <sqlite3.h>

#include "app/bench.h"
#include "db/db.h"

/* Making and removing ------------------------------------------------------------------------ */

static enum err create_file(struct context *cx, struct bench_store *store)
{
    const char *parent = getenv("TMPDIR");
    char *folder =
        arena_print(cx->arena, "%s/annex-bench.XXXXXX", parent != NULL ? parent : "/var/tmp");
    if (mkdtemp(folder) == NULL)
        return bench_fail("no folder can be made in %s", parent != NULL ? parent : "/var/tmp");
    store->place = folder;
    store->where = arena_print(cx->arena, "%s/annex.db", folder);
    return OK;
}

static void remove_file(struct context *cx, const struct bench_store *store)
{
    static const char *const ENDS[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++)
        unlink(arena_print(cx->arena, "%s%s", store->where, ENDS[i]));
    rmdir(store->place);
}

static enum err run_at_server(struct context *cx, const char *server, const char *sql)
{
    struct context own = *cx;
    TRY(db_open(&own, &own.db, server, DB_WRITER, false));
    enum err err = db_run(&own, sql, DB_NO_ARGS);
    db_close(own.db);
    cx->fault = own.fault;
    return err;
}

static enum err create_schema(struct context *cx, struct bench_store *store)
{
    const char *name = id_next(cx, "annex_bench");
    TRY(run_at_server(cx, store->server, arena_print(cx->arena, "CREATE SCHEMA %s", name)));
    store->place = name;
    store->where = arena_print(cx->arena, "%s%coptions=-csearch_path%%3D%s", store->server,
                               strchr(store->server, '?') != NULL ? '&' : '?', name);
    return OK;
}

enum err bench_store_create(struct context *cx, const char *server, struct bench_store *ret_store)
{
    struct bench_store store = {.server = server};
    TRY(server != NULL ? create_schema(cx, &store) : create_file(cx, &store));
    *ret_store = store;
    return OK;
}

void bench_store_remove(struct context *cx, struct bench_store *store)
{
    if (store->place == NULL)
        return;
    struct context own = *cx; /* what went wrong before is what is told */
    fault_clear(&own);
    if (store->server == NULL)
        remove_file(&own, store);
    else if (run_at_server(&own, store->server,
                           arena_print(own.arena, "DROP SCHEMA %s CASCADE", store->place)) != OK)
        fprintf(stderr, "annex: bench: the schema %s is left behind\n", store->place);
    store->place = NULL;
}

/* Counting ----------------------------------------------------------------------------------- */

static enum err count_tables(struct context *cx, struct table_rows_list *list)
{
    const char **names;
    size_t count;
    TRY(db_list_tables(cx, &names, &count));
    for (size_t i = 0; i < count; i++) {
        struct table_rows *table = ARENA_NEW(cx->arena, struct table_rows);
        table->table = names[i];
        TRY(db_one_integer(cx, &table->count,
                           arena_print(cx->arena, "SELECT COUNT(*) FROM %s", table->table),
                           DB_NO_ARGS));
        list_push(cx->arena, list, table);
    }
    return OK;
}

enum err bench_store_count(struct context *cx, const struct bench_store *store,
                           struct table_rows_list *ret_tables)
{
    struct context own = *cx;
    struct table_rows_list list = {0};
    TRY(db_open(&own, &own.db, store->where, DB_READER, false));
    enum err err = count_tables(&own, &list);
    db_close(own.db);
    cx->fault = own.fault;
    *ret_tables = list;
    return err;
}

enum err bench_store_count_unnumbered(struct context *cx, int64_t *ret_count)
{
    return db_one_integer(cx, ret_count,
                          "SELECT COUNT(*) FROM document"
                          " WHERE number IS NULL AND state = 'issued' AND type <> 'record'",
                          DB_NO_ARGS);
}

enum err bench_store_last_number(struct context *cx, int64_t *ret_number)
{
    return db_one_integer(cx, ret_number, "SELECT MAX(number) FROM document", DB_NO_ARGS);
}

/* Copying ------------------------------------------------------------------------------------ */

static enum err copy_pages(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == NULL)
        return bench_fail("SQLite says: %s", sqlite3_errmsg(to));
    int code = sqlite3_backup_step(backup, -1);
    sqlite3_backup_finish(backup);
    return code == SQLITE_DONE ? OK : bench_fail("SQLite says: %s", sqlite3_errstr(code));
}

enum err bench_store_copy(struct context *cx, const struct bench_store *from,
                          const struct bench_store *to)
{
    sqlite3 *source = NULL, *target = NULL;
    (void)cx;
    bool is_open = sqlite3_open_v2(from->where, &source, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
                   sqlite3_open_v2(to->where, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                   NULL) == SQLITE_OK;
    enum err err = is_open ? copy_pages(source, target) : bench_fail("a store cannot be copied");
    sqlite3_close(target);
    sqlite3_close(source);
    return err;
}

/* Memory ------------------------------------------------------------------------------------- */

int64_t bench_resident_kb(void)
{
    char line[128] = ""; /* pages in all, pages in memory, … */
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL)
        return 0;
    const char *space = fgets(line, sizeof line, file) != NULL ? strchr(line, ' ') : NULL;
    fclose(file);
    int64_t pages = space != NULL ? strtoll(space, NULL, 10) : 0;
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}
