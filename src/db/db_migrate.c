/* The schema: numbered files, forward only, each in one transaction with its row. */
#include "base/buf.h"
#include "base/embed.h"
#include "base/hash.h"
#include "base/list.h"
#include "base/log.h"
#include "db/db_driver.h"

#define MIGRATIONS "migrations/"

/* Where a store stands: the first `applied` of the program's files are in it. */
struct progress {
    const struct embed *files;
    size_t count;
    size_t applied;
};

/* The reason is for whoever runs the program; the sentence of the error is general. */
static enum err refuse(struct context *cx, const char *reason)
{
    log_line(LOG_ERROR, "store_version", "reason", reason, NULL);
    return fault(cx, ERR_STORE_VERSION, "reason", reason, NULL);
}

/* "migrations/003_invoices.sql" → 3. Files are numbered from 1 without a gap. */
static int64_t number_of(const struct embed *file)
{
    return strtoll(file->name + strlen(MIGRATIONS), NULL, 10);
}

static const char *hash_of(struct context *cx, const struct embed *file)
{
    char *text = arena_alloc(cx->arena, HASH_TEXT_SIZE);
    hash_bytes(file->data, file->size, text);
    return text;
}

/* Reading where a store stands ----------------------------------------------------------------- */

/* The row after `applied` others must be that of the next file. */
static enum err check_row(struct context *cx, const struct progress *progress, int64_t number,
                          const char *hash)
{
    if (progress->applied == progress->count)
        return refuse(cx, arena_print(cx->arena,
                                      "the store has migration %" PRId64
                                      ", this program ends at %zu: it belongs to a newer program",
                                      number, progress->count));
    const struct embed *file = &progress->files[progress->applied];
    if (number != number_of(file))
        return refuse(cx, arena_print(cx->arena, "the store lacks migration %s but has %" PRId64,
                                      file->name, number));
    if (!hash_equal(hash, hash_of(cx, file)))
        return refuse(cx, arena_print(cx->arena,
                                      "the text of migration %s has changed since it was applied",
                                      file->name));
    return OK;
}

static enum err read_rows(struct context *cx, struct progress *progress)
{
    struct db_rows rows;
    enum err err = OK;
    TRY(db_select(cx, &rows, "SELECT number, hash FROM schema_migration ORDER BY number",
                  DB_NO_ARGS));
    while (err == OK && db_next(&rows)) {
        err = check_row(cx, progress, db_get_integer(&rows, 0), db_get_text(&rows, 1));
        progress->applied++;
    }
    struct fault kept = cx->fault;
    enum err end = db_done(&rows);
    if (err == OK)
        return end;
    cx->fault = kept;
    return err;
}

/* Errors: ERR_STORE_VERSION when what is there is not the beginning of the files. */
static enum err read_progress(struct context *cx, struct progress *progress)
{
    int64_t tables = 0;
    progress->applied = 0;
    TRY(db_one_integer(cx, &tables, cx->db->driver->has_table,
                       DB_ARGS(db_text("schema_migration"))));
    return tables == 0 ? OK : read_rows(cx, progress);
}

/* Applying ------------------------------------------------------------------------------------- */

/* Returns the end of the line's text, without the blanks before the newline. */
static const char *trim_end(const char *line, const char *end)
{
    while (end > line && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
        end--;
    return end;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

/* Runs the statements one by one: each ends with a semicolon at the end of a line. Lines of
 * comment are left out. */
static enum err run_statements(struct context *cx, const char *text)
{
    struct buf statement = buf_create(cx->arena);
    while (*text != '\0') {
        const char *line = skip_blanks(text);
        const char *newline = strchrnul(line, '\n');
        const char *end = trim_end(line, newline);
        text = *newline == '\n' ? newline + 1 : newline;
        if (end == line || strncmp(line, "--", 2) == 0)
            continue;
        bool is_last = end[-1] == ';';
        buf_add(&statement, line, (size_t)(end - line) - (is_last ? 1 : 0));
        buf_add_text(&statement, "\n");
        if (!is_last)
            continue;
        TRY(db_execute(cx, buf_text(&statement)));
        statement = buf_create(cx->arena);
    }
    if (statement.size == 0)
        return OK;
    db_log("the last statement of a migration has no end", NULL, buf_text(&statement));
    return fault(cx, ERR_INTERNAL, NULL);
}

static enum err apply(struct context *cx, const struct embed *file)
{
    TRY(run_statements(cx, (const char *)file->data));
    TRY(db_run(cx,
               "INSERT INTO schema_migration (number, name, hash, applied_at)"
               " VALUES ($1, $2, $3, $4)",
               DB_ARGS(db_integer(number_of(file)), db_text(file->name + strlen(MIGRATIONS)),
                       db_text(hash_of(cx, file)), db_instant(cx->wall))));
    log_line(LOG_INFO, "migrated", "file", file->name, NULL);
    return OK;
}

/* Applies the next file. Where the store stands is read again: another node may have been
 * faster while this one waited for its turn. */
static enum err apply_next(struct context *cx, void *arg)
{
    struct progress *progress = arg;
    if (cx->db->driver->lock_schema != NULL)
        TRY(db_execute(cx, cx->db->driver->lock_schema));
    TRY(db_execute(cx, "CREATE TABLE IF NOT EXISTS schema_migration ("
                       "number bigint NOT NULL PRIMARY KEY, name text NOT NULL,"
                       " hash text NOT NULL, applied_at bigint NOT NULL)"));
    TRY(read_progress(cx, progress));
    if (progress->applied == progress->count)
        return OK;
    TRY(apply(cx, &progress->files[progress->applied]));
    progress->applied++;
    return OK;
}

enum err db_migrate_files(struct context *cx, const struct embed *files, size_t count)
{
    struct progress progress = {.files = files, .count = count};
    for (size_t i = 0; i < count; i++)
        assert(number_of(&files[i]) == (int64_t)i + 1);
    TRY(read_progress(cx, &progress));
    while (progress.applied < count)
        TRY(db_transact(cx, apply_next, &progress));
    return OK;
}

enum err db_check_files(struct context *cx, const struct embed *files, size_t count)
{
    struct progress progress = {.files = files, .count = count};
    TRY(read_progress(cx, &progress));
    if (progress.applied == count)
        return OK;
    return refuse(cx,
                  arena_print(cx->arena, "the store has %zu of the %zu migrations; the next is %s",
                              progress.applied, count, files[progress.applied].name));
}

/* Tables --------------------------------------------------------------------------------------- */

enum err db_list_tables(struct context *cx, const char ***ret_names, size_t *ret_count)
{
    LIST(const char) names = {0};
    struct db_rows rows;
    TRY(db_select(cx, &rows, cx->db->driver->list_tables, DB_NO_ARGS));
    while (db_next(&rows))
        list_push(cx->arena, &names, db_get_text(&rows, 0));
    TRY(db_done(&rows));
    *ret_names = names.items;
    *ret_count = names.count;
    return OK;
}

static enum err drop_tables(struct context *cx, void *arg)
{
    const char **names;
    size_t count;
    (void)arg;
    TRY(db_list_tables(cx, &names, &count));
    for (size_t i = 0; i < count; i++)
        TRY(db_execute(cx, arena_print(cx->arena, "DROP TABLE %s", names[i])));
    return OK;
}

enum err db_drop_tables(struct context *cx)
{
    return db_transact(cx, drop_tables, NULL);
}

/* The program's own files ---------------------------------------------------------------------- */

/* They lie side by side, because all embedded files are sorted by name. */
static const struct embed *own_files(size_t *ret_count)
{
    size_t first = 0;
    size_t count = 0;
    for (size_t i = 0; i < embed_count(); i++) {
        if (strncmp(embed_at(i)->name, MIGRATIONS, strlen(MIGRATIONS)) != 0)
            continue;
        if (count == 0)
            first = i;
        count++;
    }
    *ret_count = count;
    return count == 0 ? NULL : embed_at(first);
}

enum err db_migrate(struct context *cx)
{
    size_t count = 0;
    const struct embed *files = own_files(&count);
    return db_migrate_files(cx, files, count);
}

enum err db_check_schema(struct context *cx)
{
    size_t count = 0;
    const struct embed *files = own_files(&count);
    return db_check_files(cx, files, count);
}
