#include "customer/person_store.h"

#include "db/db.h"

/* People --------------------------------------------------------------------------------------- */

#define PERSON_COLUMNS "id, customer, name, email, language, created_at"

static enum err person_collect(struct context *cx, struct db_rows *rows, struct person_list *list)
{
    while (db_next(rows)) {
        struct person *person = ARENA_NEW(cx->arena, struct person);
        int c = 0;
        person->id = db_get_text(rows, c++);
        person->customer = db_get_text(rows, c++);
        person->name = db_get_text(rows, c++);
        person->email = db_get_text(rows, c++);
        person->language = db_get_text(rows, c++);
        person->created_at = db_get_instant(rows, c++);
        list_push(cx->arena, list, person);
    }
    return db_done(rows);
}

enum err person_insert(struct context *cx, const struct person *person)
{
    int64_t touched;
    TRY(db_run_count(cx,
                     "INSERT INTO person (" PERSON_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6)"
                     " ON CONFLICT (customer, email) DO NOTHING",
                     DB_ARGS(db_text(person->id), db_text(cx->customer), db_text(person->name),
                             db_text(person->email), db_text(person->language),
                             db_instant(person->created_at)),
                     &touched));
    return touched == 1 ? OK : fault(cx, ERR_STORE_CONFLICT, "param", "/email", NULL);
}

enum err person_load(struct context *cx, const char *id, struct person **ret_person)
{
    struct db_rows rows;
    struct person_list list = {0};
    TRY(db_select(cx, &rows,
                  "SELECT " PERSON_COLUMNS " FROM person WHERE customer = $1 AND id = $2",
                  DB_ARGS(db_text(cx->customer), db_text(id))));
    TRY(person_collect(cx, &rows, &list));
    if (list.count == 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/person", NULL);
    *ret_person = list.items[0];
    return OK;
}

enum err person_load_all(struct context *cx, struct person_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " PERSON_COLUMNS " FROM person WHERE customer = $1 ORDER BY id",
                  DB_ARGS(db_text(cx->customer))));
    return person_collect(cx, &rows, list);
}

/* Roles ---------------------------------------------------------------------------------------- */

enum err role_insert(struct context *cx, const char *person, enum role role)
{
    return db_run(cx,
                  "INSERT INTO role_grant (customer, person, role) VALUES ($1, $2, $3)"
                  " ON CONFLICT (customer, person, role) DO NOTHING",
                  DB_ARGS(db_text(cx->customer), db_text(person), db_text(role_format(role))));
}

/* Adds the role of a row, which may be NULL (none). */
static enum err role_take(struct context *cx, const char *text, uint32_t *roles)
{
    enum role role;
    if (text == NULL)
        return OK;
    if (!role_parse(text, &role))
        return fault(cx, ERR_INTERNAL, "value", "a role not known", NULL);
    *roles |= 1U << role;
    return OK;
}

enum err role_load_all(struct context *cx, const char *person, uint32_t *ret_roles)
{
    struct db_rows rows;
    uint32_t roles = 0;
    TRY(db_select(cx, &rows, "SELECT role FROM role_grant WHERE customer = $1 AND person = $2",
                  DB_ARGS(db_text(cx->customer), db_text(person))));
    while (db_next(&rows))
        TRY(role_take(cx, db_get_text(&rows, 0), &roles));
    TRY(db_done(&rows));
    *ret_roles = roles;
    return OK;
}

/* Keys ----------------------------------------------------------------------------------------- */

#define KEY_COLUMNS                                                                                \
    "k.id, k.hash, k.customer, k.person, k.name, k.scopes, k.live, k.created_at, k.expires_at, "   \
    "k.revoked_at"
enum { KEY_COLUMN_COUNT = 10 };

static struct api_key key_from_row(struct db_rows *rows)
{
    struct api_key key;
    int c = 0;
    key.id = db_get_text(rows, c++);
    key.hash = db_get_text(rows, c++);
    key.customer = db_get_text(rows, c++);
    key.person = db_get_text(rows, c++);
    key.name = db_get_text(rows, c++);
    key.scopes = db_get_text(rows, c++);
    key.live = db_get_bool(rows, c++);
    key.created_at = db_get_instant(rows, c++);
    key.expires_at = db_get_instant(rows, c++);
    key.revoked_at = db_get_instant(rows, c++);
    assert(c == KEY_COLUMN_COUNT);
    return key;
}

enum err key_insert(struct context *cx, const struct api_key *key)
{
    return db_run(cx,
                  "INSERT INTO api_key (id, hash, customer, person, name, scopes, live,"
                  " created_at, expires_at, revoked_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                  DB_ARGS(db_text(key->id), db_text(key->hash), db_text(cx->customer),
                          db_text(key->person), db_text(key->name), db_text(key->scopes),
                          db_bool(key->live), db_instant(key->created_at),
                          db_instant(key->expires_at), db_instant(key->revoked_at)));
}

enum err key_load_all(struct context *cx, struct api_key_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " KEY_COLUMNS " FROM api_key k WHERE k.customer = $1 ORDER BY k.id",
                  DB_ARGS(db_text(cx->customer))));
    while (db_next(&rows)) {
        struct api_key *key = ARENA_NEW(cx->arena, struct api_key);
        *key = key_from_row(&rows);
        list_push(cx->arena, list, key);
    }
    return db_done(&rows);
}

enum err key_load_holder(struct context *cx, const char *hash, const char *organization,
                         bool *ret_found, struct key_holder *ret_holder)
{
    struct db_rows rows;
    struct key_holder holder = {0};
    bool found = false;
    TRY(db_select(cx, &rows,
                  "SELECT " KEY_COLUMNS ", p.language, o.id, o.live, o.clock_at, r.role"
                  " FROM api_key k"
                  " JOIN person p ON p.id = k.person AND p.customer = k.customer"
                  " LEFT JOIN organization o ON o.id = COALESCE($1, k.customer)"
                  " LEFT JOIN role_grant r ON r.customer = k.customer AND r.person = k.person"
                  " WHERE k.hash = $2",
                  DB_ARGS(db_text(organization), db_text(hash))));
    for (; db_next(&rows); found = true) { /* a row for each role */
        int c = KEY_COLUMN_COUNT;
        if (!found) {
            holder.key = key_from_row(&rows);
            holder.language = db_get_text(&rows, c);
            holder.customer = db_get_text(&rows, c + 1);
            holder.live = db_get_bool(&rows, c + 2);
            holder.clock_at = db_get_instant(&rows, c + 3);
        }
        TRY(role_take(cx, db_get_text(&rows, c + 4), &holder.roles));
    }
    TRY(db_done(&rows));
    *ret_found = found;
    if (found)
        *ret_holder = holder;
    return OK;
}
