#include "payment/sandbox_store.h"

#include "db/db.h"

enum err sandbox_ask(struct context *cx, struct sandbox_charge *charge)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "INSERT INTO sandbox_charge (idempotency_key, token, amount_minor, currency,"
                  " outcome) VALUES ($1, $2, $3, $4, '')"
                  " ON CONFLICT (idempotency_key) DO UPDATE SET asked = sandbox_charge.asked + 1"
                  " RETURNING outcome, asked",
                  DB_ARGS(db_text(charge->key), db_text(charge->token),
                          db_integer(charge->amount.minor), db_text(charge->amount.currency))));
    while (db_next(&rows)) {
        const char *outcome = db_get_text(&rows, 0);
        charge->outcome = outcome[0] != '\0' ? outcome : NULL;
        charge->asked = db_get_integer(&rows, 1);
    }
    return db_done(&rows);
}

enum err sandbox_save(struct context *cx, const char *key, const char *outcome)
{
    return db_run(cx, "UPDATE sandbox_charge SET outcome = $1 WHERE idempotency_key = $2",
                  DB_ARGS(db_text(outcome), db_text(key)));
}

enum err sandbox_load(struct context *cx, const char *key, const char **ret_outcome)
{
    const char *outcome;
    enum err err =
        db_one_text(cx, &outcome, "SELECT outcome FROM sandbox_charge WHERE idempotency_key = $1",
                    DB_ARGS(db_text(key)));
    if (err == ERR_NOT_FOUND)
        return fault(cx, ERR_NOT_FOUND, "param", "/payment", NULL);
    TRY(err);
    *ret_outcome = outcome;
    return OK;
}
