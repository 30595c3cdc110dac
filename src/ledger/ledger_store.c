#include "ledger/ledger_store.h"

#include "db/db.h"

enum err ledger_insert(struct context *cx, const struct entry *entry)
{
    for (size_t i = 0; i < entry->posting_count; i++) {
        const struct posting *posting = &entry->postings[i];
        TRY(db_run(cx,
                   "INSERT INTO posting (customer, entry, position, account, kind, cause,"
                   " posted_on, ledger_account, amount_minor, currency)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                   DB_ARGS(db_text(cx->customer), db_text(entry->id), db_integer((int64_t)i + 1),
                           db_text(entry->billing_account), db_text(entry->kind),
                           db_text(entry->cause), db_day(entry->on),
                           db_text(ledger_account_format(posting->account)),
                           db_integer(posting->amount.minor), db_text(posting->amount.currency))));
    }
    return OK;
}

enum err ledger_sum(struct context *cx, int64_t *ret_minor)
{
    return db_one_integer(cx, ret_minor,
                          "SELECT CAST(COALESCE(SUM(amount_minor), 0) AS bigint) FROM posting"
                          " WHERE customer = $1",
                          DB_ARGS(db_text(cx->customer)));
}

enum err ledger_list_credit(struct context *cx, const char *account, const char *after,
                            int64_t limit, struct credit_movement_list *list)
{
    struct db_rows rows;
    TRY(db_select(
        cx, &rows,
        "SELECT entry, kind, cause, posted_on, amount_minor, currency FROM posting"
        " WHERE customer = $1 AND account = $2 AND ledger_account = 'credit_balance'"
        " AND ($3 = '' OR entry < $3) ORDER BY entry DESC LIMIT $4",
        DB_ARGS(db_text(cx->customer), db_text(account), db_text(after), db_integer(limit))));
    while (db_next(&rows)) {
        struct credit_movement *movement = ARENA_NEW(cx->arena, struct credit_movement);
        movement->entry = db_get_text(&rows, 0);
        movement->kind = db_get_text(&rows, 1);
        movement->cause = db_get_text(&rows, 2);
        movement->on = db_get_day(&rows, 3);
        struct money debit = money_of(db_get_integer(&rows, 4), db_get_text(&rows, 5));
        movement->amount = money_negate(debit);
        list_push(cx->arena, list, movement);
    }
    return db_done(&rows);
}
