#include "customer/customer_store.h"

#include "db/db.h"

/* Organisations -------------------------------------------------------------------------------- */

#define ORGANIZATION_COLUMNS                                                                       \
    "id, name, country, live, clock, clock_at, now_at, due_at, event_seq, metadata, version, "     \
    "created_at"

static struct organization organization_from_row(struct db_rows *rows)
{
    struct organization organization;
    int c = 0;
    organization.id = db_get_text(rows, c++);
    organization.name = db_get_text(rows, c++);
    organization.country = db_get_text(rows, c++);
    organization.live = db_get_bool(rows, c++);
    organization.clock = db_get_text(rows, c++);
    organization.clock_at = db_get_instant(rows, c++);
    organization.now_at = db_get_instant(rows, c++);
    organization.due_at = db_get_instant(rows, c++);
    organization.event_seq = db_get_integer(rows, c++);
    organization.metadata = db_get_text(rows, c++);
    organization.version = db_get_integer(rows, c++);
    organization.created_at = db_get_instant(rows, c++);
    return organization;
}

static enum err organization_take(struct context *cx, struct db_rows *rows,
                                  struct organization *ret_organization)
{
    struct organization organization = {0};
    bool found = db_next(rows);
    if (found)
        organization = organization_from_row(rows);
    TRY(db_done(rows));
    if (!found)
        return fault(cx, ERR_NOT_FOUND, "param", "/organization", NULL);
    *ret_organization = organization;
    return OK;
}

enum err organization_lock(struct context *cx, struct organization *ret_organization)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "UPDATE organization SET version = version + 1 WHERE id = $1"
                  " RETURNING " ORGANIZATION_COLUMNS,
                  DB_ARGS(db_text(cx->customer))));
    TRY(organization_take(cx, &rows, ret_organization));
    if (ret_organization->now_at > cx->now)
        cx->now = ret_organization->now_at;
    return OK;
}

enum err organization_load(struct context *cx, struct organization *ret_organization)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows, "SELECT " ORGANIZATION_COLUMNS " FROM organization WHERE id = $1",
                  DB_ARGS(db_text(cx->customer))));
    return organization_take(cx, &rows, ret_organization);
}

enum err organization_insert(struct context *cx, const struct organization *organization)
{
    return db_run(cx,
                  "INSERT INTO organization (" ORGANIZATION_COLUMNS ")"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                  DB_ARGS(db_text(organization->id), db_text(organization->name),
                          db_text(organization->country), db_bool(organization->live),
                          db_text(organization->clock), db_instant(organization->clock_at),
                          db_instant(organization->now_at), db_instant(organization->due_at),
                          db_integer(organization->event_seq), db_text(organization->metadata),
                          db_integer(1), db_instant(organization->created_at)));
}

enum err organization_save_run(struct context *cx, const struct organization *organization)
{
    return db_run(cx,
                  "UPDATE organization SET due_at = $1, event_seq = $2, clock_at = $3, now_at = $4"
                  " WHERE id = $5",
                  DB_ARGS(db_instant(organization->due_at), db_integer(organization->event_seq),
                          db_instant(organization->clock_at), db_instant(organization->now_at),
                          db_text(cx->customer)));
}

enum err organization_wake_all(struct context *cx)
{
    return db_run(cx, "UPDATE organization SET due_at = 0 WHERE due_at > 0", DB_NO_ARGS);
}

static enum err organization_collect(struct context *cx, struct db_rows *rows,
                                     struct organization_list *list)
{
    while (db_next(rows)) {
        struct organization *organization = ARENA_NEW(cx->arena, struct organization);
        *organization = organization_from_row(rows);
        list_push(cx->arena, list, organization);
    }
    return db_done(rows);
}

enum err organization_list_page(struct context *cx, bool live, const char *after,
                                const char *before, int64_t limit, struct organization_list *list)
{
    struct db_rows rows;
    if (before[0] != '\0') {
        TRY(db_select(cx, &rows,
                      "SELECT " ORGANIZATION_COLUMNS " FROM organization"
                      " WHERE live = $1 AND id > $2 ORDER BY id ASC LIMIT $3",
                      DB_ARGS(db_bool(live), db_text(before), db_integer(limit))));
    } else {
        TRY(db_select(cx, &rows,
                      "SELECT " ORGANIZATION_COLUMNS " FROM organization"
                      " WHERE live = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3",
                      DB_ARGS(db_bool(live), db_text(after), db_integer(limit))));
    }
    return organization_collect(cx, &rows, list);
}

/* Billing accounts ----------------------------------------------------------------------------- */

#define ACCOUNT_COLUMNS                                                                            \
    "id, customer, name, type, country, currency, time_zone, vat_id, taxed, line1, line2, "        \
    "postal_code, city, default_method, credit_minor, earned_until, earn_on, exemptions, "         \
    "vat_state, vat_state_on, vat_proof, version, created_at"

static enum err account_from_row(struct context *cx, struct db_rows *rows,
                                 struct account **ret_account)
{
    struct account *account = ARENA_NEW(cx->arena, struct account);
    int c = 0;
    account->id = db_get_text(rows, c++);
    account->customer = db_get_text(rows, c++);
    account->name = db_get_text(rows, c++);
    bool known = account_type_parse(db_get_text(rows, c++), &account->type);
    account->country = db_get_text(rows, c++);
    const char *currency = db_get_text(rows, c++);
    memcpy(account->currency, money_zero(currency).currency, CURRENCY_SIZE);
    account->time_zone = db_get_text(rows, c++);
    account->vat_id = db_get_text(rows, c++);
    account->taxed = db_get_bool(rows, c++);
    account->sold_to.line1 = db_get_text(rows, c++);
    account->sold_to.line2 = db_get_text(rows, c++);
    account->sold_to.postal_code = db_get_text(rows, c++);
    account->sold_to.city = db_get_text(rows, c++);
    account->sold_to.country = account->country;
    account->default_method = db_get_text(rows, c++);
    account->credit = money_of(db_get_integer(rows, c++), currency);
    account->earned_until = db_get_day(rows, c++);
    account->earn_on = db_get_day(rows, c++);
    account->exemptions = db_get_integer(rows, c++);
    account->vat_state = vat_answer_parse(db_get_text(rows, c++));
    account->vat_state_on = db_get_day(rows, c++);
    account->vat_proof = db_get_text(rows, c++);
    account->version = db_get_integer(rows, c++);
    account->created_at = db_get_instant(rows, c++);
    if (!known)
        return fault(cx, ERR_INTERNAL, "value", "an account of a type not known", NULL);
    *ret_account = account;
    return OK;
}

static enum err account_collect(struct context *cx, struct db_rows *rows, struct account_list *list)
{
    while (db_next(rows)) {
        struct account *account = NULL;
        TRY(account_from_row(cx, rows, &account));
        list_push(cx->arena, list, account);
    }
    return db_done(rows);
}

enum err account_load_all(struct context *cx, struct account_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " ACCOUNT_COLUMNS " FROM account WHERE customer = $1 ORDER BY id",
                  DB_ARGS(db_text(cx->customer))));
    return account_collect(cx, &rows, list);
}

enum err account_load(struct context *cx, const char *id, struct account **ret_account)
{
    struct db_rows rows;
    struct account_list list = {0};
    TRY(db_select(cx, &rows,
                  "SELECT " ACCOUNT_COLUMNS " FROM account WHERE customer = $1 AND id = $2",
                  DB_ARGS(db_text(cx->customer), db_text(id))));
    TRY(account_collect(cx, &rows, &list));
    if (list.count == 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/account", NULL);
    *ret_account = list.items[0];
    return OK;
}

enum err account_insert(struct context *cx, const struct account *account)
{
    return db_run(
        cx,
        "INSERT INTO account (" ACCOUNT_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,"
        " $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        DB_ARGS(db_text(account->id), db_text(cx->customer), db_text(account->name),
                db_text(account_type_format(account->type)), db_text(account->country),
                db_text(account->currency), db_text(account->time_zone), db_text(account->vat_id),
                db_bool(account->taxed), db_text(account->sold_to.line1),
                db_text(account->sold_to.line2), db_text(account->sold_to.postal_code),
                db_text(account->sold_to.city), db_text(account->default_method),
                db_integer(account->credit.minor), db_day(account->earned_until),
                db_day(account->earn_on), db_integer(account->exemptions),
                db_text(vat_answer_format(account->vat_state)), db_day(account->vat_state_on),
                db_text(account->vat_proof), db_integer(1), db_instant(account->created_at)));
}

enum err account_save(struct context *cx, struct account *account)
{
    int64_t touched;
    TRY(db_run_count(cx,
                     "UPDATE account SET name = $1, time_zone = $2, vat_id = $3, taxed = $4,"
                     " line1 = $5, line2 = $6, postal_code = $7, city = $8,"
                     " default_method = $9, credit_minor = $10, earned_until = $11,"
                     " earn_on = $12, version = version + 1"
                     " WHERE customer = $13 AND id = $14 AND version = $15",
                     DB_ARGS(db_text(account->name), db_text(account->time_zone),
                             db_text(account->vat_id), db_bool(account->taxed),
                             db_text(account->sold_to.line1), db_text(account->sold_to.line2),
                             db_text(account->sold_to.postal_code), db_text(account->sold_to.city),
                             db_text(account->default_method), db_integer(account->credit.minor),
                             db_day(account->earned_until), db_day(account->earn_on),
                             db_text(cx->customer), db_text(account->id),
                             db_integer(account->version)),
                     &touched));
    if (touched != 1)
        return fault(cx, ERR_STORE_CONFLICT, "param", "/account", NULL);
    account->version++;
    return OK;
}

enum err account_count_exemption(struct context *cx, const char *id)
{
    return db_run(cx,
                  "UPDATE account SET exemptions = exemptions + 1, version = version + 1"
                  " WHERE customer = $1 AND id = $2",
                  DB_ARGS(db_text(cx->customer), db_text(id)));
}

enum err account_list_page(struct context *cx, const char *after, const char *before, int64_t limit,
                           struct account_list *list)
{
    struct db_rows rows;
    if (before[0] != '\0') {
        TRY(db_select(cx, &rows,
                      "SELECT " ACCOUNT_COLUMNS " FROM account"
                      " WHERE customer = $1 AND id > $2 ORDER BY id ASC LIMIT $3",
                      DB_ARGS(db_text(cx->customer), db_text(before), db_integer(limit))));
    } else {
        TRY(db_select(cx, &rows,
                      "SELECT " ACCOUNT_COLUMNS " FROM account"
                      " WHERE customer = $1 AND ($2 = '' OR id < $2)"
                      " ORDER BY id DESC LIMIT $3",
                      DB_ARGS(db_text(cx->customer), db_text(after), db_integer(limit))));
    }
    return account_collect(cx, &rows, list);
}
