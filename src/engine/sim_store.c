#include "engine/sim_store.h"

#include "db/db.h"
#include "engine/sim.h"

/* Facts ---------------------------------------------------------------------------------------- */

#define NUMBER(column) "CAST(" column " AS text)"
#define MAYBE(column) "COALESCE(" column ", '-')"
#define MAYBE_NUMBER(column) "COALESCE(CAST(" column " AS text), '-')"
#define AND " || ' ' || "
#define OF(table) " FROM " table " WHERE customer = $1"

/* One text a row. Rows are not ordered: what they come to does not depend on it. */
static const char *const FACTS[] = {
    "SELECT name" AND "offer" AND NUMBER("catalog") AND "status" AND NUMBER("quantity") AND
    "term" AND "billing" AND "anchor_on" AND "start_on" AND "period_start" AND "period_end" AND
    "term_start" AND "term_end" AND MAYBE("trial_end") AND NUMBER("recurring_billing")
        AND NUMBER("requirement_lost") AND
    "ended_by" AND "status_on" AND MAYBE_NUMBER("past_due_at") AND NUMBER("assigned")
        AND MAYBE("conflict_on") OF("subscription"),
    "SELECT status" AND "changed_on" AND NUMBER("changed_at") OF("subscription_change"),
    "SELECT kind" AND "state" AND "placed_on" AND NUMBER("total_minor")
        AND NUMBER("credit_held_minor") AND MAYBE("failure") OF("orders"),
    "SELECT type" AND "state" AND "issued_on" AND NUMBER("net_minor") AND NUMBER("tax_minor")
        AND NUMBER("unpaid_minor") AND NUMBER("credit_used_minor") AND MAYBE("due_on")
            AND MAYBE("paid_on") AND MAYBE_NUMBER("first_failed_at") AND NUMBER("retries")
                AND MAYBE_NUMBER("next_attempt_at") AND NUMBER("given_up") OF("document"),
    "SELECT offer" AND NUMBER("catalog") AND
    "reason" AND "from_on" AND "to_on" AND NUMBER("quantity") AND NUMBER("unit_micros")
        AND NUMBER("step") AND NUMBER("days") AND NUMBER("amount_minor") AND NUMBER("left_minor")
            AND NUMBER("in_force") AND NUMBER("tax_percent_micros") OF("document_line"),
    "SELECT currency" AND NUMBER("amount_minor") AND NUMBER("refunded_minor") AND
    "state" AND NUMBER("attempt") OF("payment"),
    "SELECT currency" AND NUMBER("amount_minor") AND "state" AND "refunded_on" OF("refund"),
    "SELECT kind" AND "posted_on" AND "ledger_account" AND NUMBER("amount_minor") AND
    "currency" OF("posting"),
    "SELECT currency" AND NUMBER("credit_minor") OF("account"),
    "SELECT type" AND NUMBER("COUNT(*)") OF("event") " GROUP BY type",
    "SELECT kind" AND "state" OF("support_request"),
    "SELECT l.holder || ' ' || s.name || ' ' || CAST(l.assigned_at AS text) FROM license l"
    " JOIN subscription s ON s.id = l.subscription AND s.customer = l.customer"
    " WHERE l.customer = $1",
    "SELECT kind" AND NUMBER("quantity") AND MAYBE("offer") AND MAYBE("term") AND MAYBE("billing")
        OF("scheduled_change"),
    "SELECT " MAYBE_NUMBER("due_at") AND NUMBER("event_seq") " FROM organization WHERE id = $1",
};

static enum err add_facts(struct context *cx, const char *sql, uint64_t place, uint64_t *facts)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows, sql, DB_ARGS(db_text(cx->customer))));
    while (db_next(&rows))
        *facts += sim_mix_text(place, db_get_text(&rows, 0));
    return db_done(&rows);
}

enum err sim_facts(struct context *cx, uint64_t *ret_facts)
{
    uint64_t facts = 0;
    for (size_t i = 0; i < sizeof FACTS / sizeof *FACTS; i++)
        TRY(add_facts(cx, FACTS[i], i, &facts));
    *ret_facts = facts;
    return OK;
}

/* Keys ----------------------------------------------------------------------------------------- */

#define SCOPE "sim"

enum err sim_key_claim(struct context *cx, const char *key, bool *ret_claimed)
{
    int64_t count;
    TRY(db_run_count(cx,
                     "INSERT INTO idempotency (scope, key, request_hash, state, created_at)"
                     " VALUES ('" SCOPE "', $1, '', 'running', $2)"
                     " ON CONFLICT (scope, key) DO NOTHING",
                     DB_ARGS(db_text(key), db_integer(cx->wall)), &count));
    *ret_claimed = count == 1;
    return OK;
}

enum err sim_key_save(struct context *cx, const char *key, const char *answer)
{
    return db_run(cx,
                  "UPDATE idempotency SET state = 'done', body = $1"
                  " WHERE scope = '" SCOPE "' AND key = $2",
                  DB_ARGS(db_text(answer), db_text(key)));
}

enum err sim_key_load(struct context *cx, const char *key, const char **ret_answer)
{
    return db_one_text(cx, ret_answer,
                       "SELECT body FROM idempotency WHERE scope = '" SCOPE "' AND key = $1",
                       DB_ARGS(db_text(key)));
}

/* Time --------------------------------------------------------------------------------------- */

enum err sim_stop_clock(struct context *cx)
{
    return db_run(cx, "UPDATE organization SET clock_at = $1 WHERE id = $2",
                  DB_ARGS(db_instant(cx->now), db_text(cx->customer)));
}

/* Money -------------------------------------------------------------------------------------- */

enum err sim_count_kept(struct context *cx, int64_t *ret_count)
{
    return db_one_integer(
        cx, ret_count,
        "SELECT COUNT(*) FROM account a WHERE a.customer = $1 AND a.credit_minor > 0"
        " AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = a.customer"
        " AND o.account = a.id AND o.state IN ('processing', 'action_required'))"
        " AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.customer = a.customer"
        " AND s.account = a.id AND s.status IN ('planned', 'scheduled', 'active', 'expired'))"
        " AND EXISTS (SELECT 1 FROM payment y WHERE y.customer = a.customer"
        " AND y.account = a.id AND y.state = 'succeeded' AND y.refunded_minor < y.amount_minor)"
        " AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.customer = a.customer"
        " AND r.account = a.id AND r.state = 'failed')",
        DB_ARGS(db_text(cx->customer)));
}

/* Due work ------------------------------------------------------------------------------------- */

enum err sim_lapse_claims(struct context *cx)
{
    return db_run(cx,
                  "UPDATE organization SET due_claimed_until = $1"
                  " WHERE due_claimed_until IS NOT NULL",
                  DB_ARGS(db_instant(cx->wall)));
}
