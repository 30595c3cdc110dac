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
