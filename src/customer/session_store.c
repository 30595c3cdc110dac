#include "customer/session_store.h"

#include "base/limits.h"
#include "db/db.h"

enum { SWEEP_ROWS = 500 };

/* ── Logins ───────────────────────────────────────────────────────────────────────────── */

enum err login_save(struct context *cx, const char *email, const char *hash)
{
    return db_run(cx,
                  "INSERT INTO login (email, hash, changed_at) VALUES ($1, $2, $3)"
                  " ON CONFLICT (email) DO UPDATE SET hash = excluded.hash,"
                  " changed_at = excluded.changed_at",
                  DB_ARGS(db_text(email), db_text(hash), db_integer(cx->wall)));
}

enum err login_load(struct context *cx, const char *email, const char **ret_hash)
{
    *ret_hash = NULL;
    enum err err = db_one_text(cx, ret_hash, "SELECT hash FROM login WHERE email = $1",
                               DB_ARGS(db_text(email)));
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err person_list_by_email(struct context *cx, const char *email, struct person_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT id, customer, name, email, language, created_at FROM person"
                  " WHERE email = $1 ORDER BY id LIMIT $2",
                  DB_ARGS(db_text(email), db_integer(MEMBERSHIPS_MAX))));
    while (db_next(&rows)) {
        struct person *person = ARENA_NEW(cx->arena, struct person);
        person->id = db_get_text(&rows, 0);
        person->customer = db_get_text(&rows, 1);
        person->name = db_get_text(&rows, 2);
        person->email = db_get_text(&rows, 3);
        person->language = db_get_text(&rows, 4);
        person->created_at = db_get_instant(&rows, 5);
        list_push(cx->arena, list, person);
    }
    return db_done(&rows);
}

enum err failure_count(struct context *cx, const char *scope, instant since)
{
    return db_run(cx,
                  "INSERT INTO sign_in_failure (scope, count, since_at) VALUES ($1, 1, $2)"
                  " ON CONFLICT (scope) DO UPDATE SET"
                  " count = CASE WHEN sign_in_failure.since_at < $3 THEN 1"
                  " ELSE sign_in_failure.count + 1 END,"
                  " since_at = CASE WHEN sign_in_failure.since_at < $3 THEN excluded.since_at"
                  " ELSE sign_in_failure.since_at END",
                  DB_ARGS(db_text(scope), db_integer(cx->wall), db_integer(since)));
}

enum err failure_load(struct context *cx, const char *scope, instant since, int64_t *ret_count,
                      instant *ret_since)
{
    struct db_rows rows;
    *ret_count = 0;
    *ret_since = cx->wall;
    TRY(db_select(cx, &rows,
                  "SELECT count, since_at FROM sign_in_failure WHERE scope = $1 AND since_at >= $2",
                  DB_ARGS(db_text(scope), db_integer(since))));
    if (db_next(&rows)) {
        *ret_count = db_get_integer(&rows, 0);
        *ret_since = db_get_instant(&rows, 1);
    }
    return db_done(&rows);
}

enum err failure_clear(struct context *cx, const char *scope)
{
    return db_run(cx, "DELETE FROM sign_in_failure WHERE scope = $1", DB_ARGS(db_text(scope)));
}

/* ── Sessions ─────────────────────────────────────────────────────────────────────────── */

enum err session_insert(struct context *cx, const char *hash, const struct person *person)
{
    return db_run(cx,
                  "INSERT INTO session (hash, customer, person, created_at, seen_at, ended_at,"
                  " email) VALUES ($1, $2, $3, $4, $4, NULL, $5)",
                  DB_ARGS(db_text(hash), db_text(person->customer), db_text(person->id),
                          db_integer(cx->wall), db_text(person->email)));
}

static struct signed_in signed_in_from_row(struct db_rows *rows)
{
    struct signed_in in = {0};
    int c = 0;
    in.person.id = db_get_text(rows, c++);
    in.person.customer = db_get_text(rows, c++);
    in.person.name = db_get_text(rows, c++);
    in.person.email = db_get_text(rows, c++);
    in.person.language = db_get_text(rows, c++);
    in.view = db_get_text(rows, c++);
    in.theme = db_get_text(rows, c++);
    in.created_at = db_get_instant(rows, c++);
    in.seen_at = db_get_instant(rows, c++);
    in.ended_at = db_get_instant(rows, c++);
    in.organization = db_get_text(rows, c++);
    in.live = db_get_bool(rows, c++);
    in.clock_at = db_get_instant(rows, c++);
    in.login = db_get_text(rows, c++);
    in.has_others = db_get_integer(rows, c++) > 1;
    if (in.organization == NULL)
        in.organization = "";
    return in;
}

enum err session_load(struct context *cx, const char *hash, bool *ret_found,
                      struct signed_in *ret_signed_in)
{
    struct db_rows rows;
    struct signed_in in = {0};
    bool found = false;
    TRY(db_select(cx, &rows,
                  "SELECT p.id, p.customer, p.name, p.email, p.language, p.view, p.theme,"
                  " s.created_at, s.seen_at, s.ended_at, o.name, o.live, o.clock_at,"
                  " s.email, (SELECT COUNT(*) FROM person q WHERE q.email = s.email), r.role"
                  " FROM session s"
                  " JOIN person p ON p.id = s.person AND p.customer = s.customer"
                  " LEFT JOIN organization o ON o.id = s.customer"
                  " LEFT JOIN role_grant r ON r.customer = s.customer AND r.person = s.person"
                  " WHERE s.hash = $1",
                  DB_ARGS(db_text(hash))));
    for (; db_next(&rows); found = true) { /* a row for each role */
        enum role role;
        const char *text = db_get_text(&rows, 15);
        if (!found)
            in = signed_in_from_row(&rows);
        if (text != NULL && role_parse(text, &role))
            in.roles |= 1U << role;
    }
    TRY(db_done(&rows));
    *ret_found = found;
    *ret_signed_in = in;
    return OK;
}

enum err session_touch(struct context *cx, const char *hash)
{
    return db_run(cx, "UPDATE session SET seen_at = $1 WHERE hash = $2 AND ended_at IS NULL",
                  DB_ARGS(db_integer(cx->wall), db_text(hash)));
}

enum err session_end(struct context *cx, const char *hash)
{
    return db_run(cx, "UPDATE session SET ended_at = $1 WHERE hash = $2 AND ended_at IS NULL",
                  DB_ARGS(db_integer(cx->wall), db_text(hash)));
}

enum err session_sweep(struct context *cx)
{
    TRY(db_run(
        cx,
        "DELETE FROM session WHERE hash IN"
        " (SELECT hash FROM session WHERE seen_at < $1 LIMIT $2)",
        DB_ARGS(db_integer(cx->wall - SESSION_LIFE_MS - FORM_KEPT_MS), db_integer(SWEEP_ROWS))));
    TRY(db_run(cx,
               "DELETE FROM kept_form WHERE hash IN"
               " (SELECT hash FROM kept_form WHERE created_at < $1 LIMIT $2)",
               DB_ARGS(db_integer(cx->wall - FORM_KEPT_MS), db_integer(SWEEP_ROWS))));
    return db_run(cx,
                  "DELETE FROM sign_in_failure WHERE scope IN"
                  " (SELECT scope FROM sign_in_failure WHERE since_at < $1 LIMIT $2)",
                  DB_ARGS(db_integer(cx->wall - SIGN_IN_WINDOW_MS), db_integer(SWEEP_ROWS)));
}

enum err person_save_preferences(struct context *cx, const char *customer, const char *person,
                                 const char *language, const char *view, const char *theme)
{
    return db_run(cx,
                  "UPDATE person SET language = COALESCE($1, language), view = COALESCE($2, view),"
                  " theme = COALESCE($3, theme) WHERE customer = $4 AND id = $5",
                  DB_ARGS(db_text(language), db_text(view), db_text(theme), db_text(customer),
                          db_text(person)));
}

/* ── Kept forms ───────────────────────────────────────────────────────────────────────── */

enum err kept_form_insert(struct context *cx, const struct kept_form *form)
{
    TRY(db_run(cx,
               "DELETE FROM kept_form WHERE hash IN (SELECT hash FROM kept_form"
               " WHERE customer = $1 AND person = $2 ORDER BY created_at DESC, hash"
               " LIMIT $3 OFFSET $4)",
               DB_ARGS(db_text(form->customer), db_text(form->person), db_integer(FORMS_KEPT_MAX),
                       db_integer(FORMS_KEPT_MAX - 1))));
    return db_run(cx,
                  "INSERT INTO kept_form (hash, customer, person, address, body, created_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6)",
                  DB_ARGS(db_text(form->hash), db_text(form->customer), db_text(form->person),
                          db_text(form->address), db_text(form->body), db_integer(cx->wall)));
}

enum err kept_form_load(struct context *cx, const char *hash, const char *customer,
                        const char *person, const char *address, struct kept_form **ret_form)
{
    struct db_rows rows;
    *ret_form = NULL;
    TRY(db_select(cx, &rows,
                  "SELECT body FROM kept_form WHERE hash = $1 AND customer = $2 AND person = $3"
                  " AND address = $4 AND created_at >= $5",
                  DB_ARGS(db_text(hash), db_text(customer), db_text(person), db_text(address),
                          db_integer(cx->wall - FORM_KEPT_MS))));
    if (db_next(&rows)) {
        *ret_form = ARENA_NEW(cx->arena, struct kept_form);
        **ret_form = (struct kept_form){hash, customer, person, address, db_get_text(&rows, 0)};
    }
    return db_done(&rows);
}
