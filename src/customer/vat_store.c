#include "customer/vat_store.h"

#include "db/db.h"
#include "tax/tax.h"

#define COLUMNS                                                                                    \
    "id, account, vat_id, answer, reason, proof, trader, provider, answered_on, created_at"

/* The first whose turn it is. Two nodes that choose the same on PostgreSQL: the second waits, and
 * then finds that its turn has moved on. */
enum err vat_claim(struct context *cx, bool live_only, int64_t lease_ms, struct vat_turn *ret_turn)
{
    struct vat_turn turn = {0};
    struct db_rows rows;
    TRY(db_select(
        cx, &rows,
        "UPDATE account SET vat_check_at = $1, vat_attempts = vat_attempts + 1"
        " WHERE id = (SELECT a.id FROM account a JOIN organization o ON o.id = a.customer"
        " WHERE a.vat_check_at <= $2 AND (o.live = 1 OR $3 = 0)"
        " ORDER BY a.vat_check_at, a.id LIMIT 1) AND vat_check_at <= $2"
        " RETURNING customer, id, vat_id, vat_attempts",
        DB_ARGS(db_instant(cx->wall + lease_ms), db_instant(cx->wall), db_bool(live_only))));
    if (db_next(&rows)) {
        turn.customer = db_get_text(&rows, 0);
        turn.account = db_get_text(&rows, 1);
        turn.vat_id = db_get_text(&rows, 2);
        turn.attempts = db_get_integer(&rows, 3);
    }
    TRY(db_done(&rows));
    *ret_turn = turn;
    return OK;
}

enum err vat_ask_anew(struct context *cx, const struct account *account)
{
    bool is_asked = account->vat_id != NULL && tax_vat_id_is_well_formed(account->vat_id);
    return db_run(cx,
                  "UPDATE account SET vat_state = 'unknown', vat_state_on = NULL, vat_proof = NULL,"
                  " vat_attempts = 0, vat_check_at = $1"
                  " WHERE customer = $2 AND id = $3",
                  DB_ARGS(db_instant(is_asked ? cx->wall : INSTANT_NONE), db_text(cx->customer),
                          db_text(account->id)));
}

enum err vat_keep(struct context *cx, const struct vat_check *check, const struct account *account,
                  instant again_at)
{
    TRY(db_run(cx,
               "INSERT INTO vat_check (customer, " COLUMNS ")"
               " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
               DB_ARGS(db_text(cx->customer), db_text(check->id), db_text(check->account),
                       db_text(check->vat_id), db_text(vat_answer_format(check->reply.answer)),
                       db_text(check->reply.reason), db_text(check->reply.proof),
                       db_text(check->reply.trader), db_text(check->provider),
                       db_day(check->answered_on), db_instant(check->created_at))));
    bool is_answer = check->reply.answer != VAT_UNKNOWN;
    return db_run(
        cx,
        "UPDATE account SET vat_state = $1, vat_state_on = $2, vat_proof = $3,"
        " vat_check_at = $4, vat_attempts = CASE WHEN $5 = 1 THEN 0 ELSE vat_attempts END,"
        " version = version + 1 WHERE customer = $6 AND id = $7",
        DB_ARGS(db_text(vat_answer_format(account->vat_state)), db_day(account->vat_state_on),
                db_text(account->vat_proof), db_instant(again_at), db_bool(is_answer),
                db_text(cx->customer), db_text(account->id)));
}

enum err vat_list(struct context *cx, const char *account, int64_t limit,
                  struct vat_check_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT " COLUMNS " FROM vat_check WHERE customer = $1 AND account = $2"
                  " ORDER BY id DESC LIMIT $3",
                  DB_ARGS(db_text(cx->customer), db_text(account), db_integer(limit))));
    while (db_next(&rows)) {
        struct vat_check *check = ARENA_NEW(cx->arena, struct vat_check);
        int c = 0;
        check->id = db_get_text(&rows, c++);
        check->account = db_get_text(&rows, c++);
        check->vat_id = db_get_text(&rows, c++);
        check->reply.answer = vat_answer_parse(db_get_text(&rows, c++));
        check->reply.reason = db_get_text(&rows, c++);
        check->reply.proof = db_get_text(&rows, c++);
        check->reply.trader = db_get_text(&rows, c++);
        check->provider = db_get_text(&rows, c++);
        check->answered_on = db_get_day(&rows, c++);
        check->created_at = db_get_instant(&rows, c++);
        list_push(cx->arena, list, check);
    }
    return db_done(&rows);
}
