#include "engine/doctor_store.h"

#include "db/db.h"

/* Every select gives three texts: the place, what the rules want, and what is there. */
struct doctor_row {
    const char *name;
    const char *sql;
};

#define TEXT(number) "CAST(" number " AS text)"

static const struct doctor_row CHECKS[] = {
    /* rules §6, Ledger: "postings of entries that sum to zero in each currency" */
    {"entries_balance",
     "SELECT entry, '0', " TEXT("SUM(amount_minor)") " FROM posting"
     " GROUP BY customer, entry, currency HAVING SUM(amount_minor) <> 0 LIMIT $1"},
    {"receivable_is_unpaid",
     "SELECT a.id, " TEXT("COALESCE(d.unpaid, 0)") ", " TEXT("COALESCE(p.owed, 0)")
     " FROM account a"
     " LEFT JOIN (SELECT account, SUM(unpaid_minor) AS unpaid FROM document"
     " WHERE state = 'issued' GROUP BY account) d ON d.account = a.id"
     " LEFT JOIN (SELECT account, SUM(amount_minor) AS owed FROM posting"
     " WHERE ledger_account = 'receivable' GROUP BY account) p ON p.account = a.id"
     " WHERE COALESCE(d.unpaid, 0) <> COALESCE(p.owed, 0) LIMIT $1"},
    {"credit_balance_is_posted",
     "SELECT a.id, " TEXT("a.credit_minor") ", " TEXT("-COALESCE(p.kept, 0)") " FROM account a"
     " LEFT JOIN (SELECT account, SUM(amount_minor) AS kept FROM posting"
     " WHERE ledger_account = 'credit_balance' GROUP BY account) p ON p.account = a.id"
     " WHERE a.credit_minor <> -COALESCE(p.kept, 0) OR a.credit_minor < 0 LIMIT $1"},
    {"net_is_posted",
     "SELECT d.account, " TEXT("-SUM(d.net_minor)") ", " TEXT("MAX(p.net)") " FROM document d"
     " LEFT JOIN (SELECT account, SUM(amount_minor) AS net FROM posting WHERE ledger_account"
     " IN ('deferred_revenue', 'revenue') GROUP BY account) p ON p.account = d.account"
     " WHERE d.state = 'issued' GROUP BY d.account"
     " HAVING SUM(d.net_minor) <> -COALESCE(MAX(p.net), 0) LIMIT $1"},
    {"tax_is_posted",
     "SELECT d.account, " TEXT("-SUM(d.tax_minor)") ", " TEXT("MAX(p.tax)") " FROM document d"
     " LEFT JOIN (SELECT account, SUM(amount_minor) AS tax FROM posting WHERE ledger_account"
     " = 'tax_payable' GROUP BY account) p ON p.account = d.account"
     " WHERE d.state = 'issued' GROUP BY d.account"
     " HAVING SUM(d.tax_minor) <> -COALESCE(MAX(p.tax), 0) LIMIT $1"},
    /* rules §6, Documents: "Net = sum of lines; total = net + tax" */
    {"net_is_sum_of_lines",
     "SELECT d.id, " TEXT("COALESCE(SUM(l.amount_minor), 0)") ", " TEXT("d.net_minor")
     " FROM document d LEFT JOIN document_line l ON l.document = d.id"
     " GROUP BY d.id, d.net_minor"
     " HAVING COALESCE(SUM(l.amount_minor), 0) <> d.net_minor LIMIT $1"},
    {"total_is_net_and_tax",
     "SELECT id, " TEXT("net_minor + tax_minor") ", " TEXT("total_minor") " FROM document"
     " WHERE total_minor <> net_minor + tax_minor LIMIT $1"},
    {"type_follows_total",
     "SELECT id, type, " TEXT("total_minor") " FROM document"
     " WHERE (type = 'invoice') <> (total_minor > 0)"
     " OR (type = 'credit_note') <> (total_minor < 0) LIMIT $1"},
    {"tax_is_sum_of_its_rates",
     "SELECT d.id, " TEXT("COALESCE(SUM(t.tax_minor), 0)") ", " TEXT("d.tax_minor")
     " FROM document d LEFT JOIN document_tax t ON t.document = d.id"
     " GROUP BY d.id, d.tax_minor HAVING COALESCE(SUM(t.tax_minor), 0) <> d.tax_minor LIMIT $1"},
    {"tax_rows_know_what_is_left",
     "SELECT t.document, " TEXT("COALESCE(SUM(l.left_minor), 0)") ", " TEXT("t.left_minor")
     " FROM document_tax t LEFT JOIN document_line l ON l.document = t.document"
     " AND l.undoes IS NULL AND l.tax_treatment = t.treatment AND l.tax_category = t.category"
     " AND l.tax_percent_micros = t.percent_micros"
     " GROUP BY t.document, t.position, t.left_minor"
     " HAVING COALESCE(SUM(l.left_minor), 0) <> t.left_minor LIMIT $1"},
    /* rules §6: "one exact fraction, rounded once"; halves away from zero, and amounts of charges
     * are not negative, so that integers say it: 2·amount−1 ≤ 2·exact < 2·amount+1. Divided
     * before the product could leave 64 bits: figures as large are left to the unit tests. */
    {"charges_are_prorated",
     "SELECT id, 'its fraction', " TEXT("amount_minor") " FROM document_line"
     " WHERE undoes IS NULL AND of_days > 0"
     " AND quantity * days <= 9000000000000000000 / (2 * (unit_micros + 1))"
     " AND amount_minor <> (2 * unit_micros * quantity * days + 1000000 * of_days)"
     " / (2000000 * of_days) LIMIT $1"},
    {"credits_undo_no_more_than_is_there",
     "SELECT l.id, " TEXT("l.amount_minor + COALESCE(SUM(c.amount_minor), 0)") ", "
     TEXT("l.left_minor") " FROM document_line l LEFT JOIN document_line c ON c.undoes = l.id"
     " AND c.document IN (SELECT id FROM document WHERE state = 'issued')"
     " WHERE l.undoes IS NULL GROUP BY l.id, l.amount_minor, l.left_minor"
     " HAVING l.amount_minor + COALESCE(SUM(c.amount_minor), 0) <> l.left_minor"
     " OR l.left_minor < 0 LIMIT $1"},
    {"credits_name_their_line",
     "SELECT c.id, c.undoes, COALESCE(l.subscription, '') FROM document_line c"
     " LEFT JOIN document_line l ON l.id = c.undoes WHERE c.undoes IS NOT NULL"
     " AND (l.id IS NULL OR l.subscription <> c.subscription OR l.undoes IS NOT NULL) LIMIT $1"},
    {"paid_when_nothing_is_unpaid",
     "SELECT id, COALESCE(paid_on, 'unpaid'), " TEXT("unpaid_minor") " FROM document"
     " WHERE type = 'invoice' AND state = 'issued'"
     " AND ((unpaid_minor = 0) <> (paid_on IS NOT NULL) OR unpaid_minor < 0) LIMIT $1"},
    /* rules §6, Documents: "number without gaps per seller, series and year" */
    {"numbers_have_no_gaps",
     "SELECT s.series || ' ' || s.type || ' ' || " TEXT("s.year") ", " TEXT("s.last_number")
     ", " TEXT("COUNT(d.number)") " FROM number_series s LEFT JOIN document d"
     " ON d.series = s.series AND d.type = s.type AND d.year = s.year AND d.number IS NOT NULL"
     " WHERE s.series <> 'step' GROUP BY s.series, s.type, s.year, s.last_number"
     " HAVING COUNT(d.number) <> s.last_number OR MAX(d.number) <> s.last_number LIMIT $1"},
    {"only_documents_have_numbers",
     "SELECT id, 'no number', " TEXT("number") " FROM document"
     " WHERE number IS NOT NULL AND (state = 'planned' OR type = 'record') LIMIT $1"},
    /* rules §3.1 */
    {"children_are_like_their_parent",
     "SELECT c.id, p.id, c.period_end FROM subscription c"
     " JOIN subscription p ON p.id = c.parent"
     " WHERE c.status = 'active' AND p.status = 'active' AND (c.customer <> p.customer"
     " OR c.account <> p.account OR c.currency <> p.currency OR c.term <> p.term"
     " OR c.billing <> p.billing OR c.period_end <> p.period_end OR c.term_end <> p.term_end"
     " OR COALESCE(c.payment_method, '') <> COALESCE(p.payment_method, '')) LIMIT $1"},
    /* rules §3.2 */
    {"children_live_with_their_parent",
     "SELECT c.id, p.status, c.status FROM subscription c LEFT JOIN subscription p"
     " ON p.id = c.parent WHERE c.parent IS NOT NULL AND c.status <> 'deleted'"
     " AND c.status <> 'planned' AND (p.id IS NULL OR p.status <> c.status) LIMIT $1"},
    {"parents_have_no_parent",
     "SELECT c.id, 'a base', p.parent FROM subscription c JOIN subscription p ON p.id = c.parent"
     " WHERE p.parent IS NOT NULL LIMIT $1"},
    {"history_ends_in_the_status",
     "SELECT s.id, s.status, h.status FROM subscription s JOIN subscription_change h"
     " ON h.customer = s.customer AND h.subscription = s.id AND h.position = (SELECT"
     " MAX(position) FROM subscription_change m WHERE m.customer = s.customer"
     " AND m.subscription = s.id) WHERE h.status <> s.status LIMIT $1"},
    {"history_goes_forward",
     "SELECT a.subscription, a.changed_on, b.changed_on FROM subscription_change a"
     " JOIN subscription_change b ON b.customer = a.customer"
     " AND b.subscription = a.subscription AND b.position = a.position + 1"
     " WHERE b.changed_at < a.changed_at OR a.status = 'deleted' LIMIT $1"},
    {"lines_in_force_bill_the_present_period",
     "SELECT l.id, s.period_end, l.to_on FROM document_line l"
     " JOIN subscription s ON s.id = l.subscription WHERE l.in_force = 1"
     " AND s.status = 'active' AND l.to_on <> s.period_end LIMIT $1"},
    {"planned_things_await_an_order",
     "SELECT s.id, 'an order that awaits payment', s.order_id FROM subscription s"
     " WHERE s.status = 'planned' AND NOT EXISTS (SELECT 1 FROM order_line l JOIN orders o"
     " ON o.id = l.order_id WHERE l.subscription = s.id"
     " AND o.state IN ('processing', 'action_required')) LIMIT $1"},
    {"failed_orders_leave_nothing",
     "SELECT s.id, 'nothing', s.status FROM orders o JOIN order_line l ON l.order_id = o.id"
     " JOIN subscription s ON s.id = l.subscription"
     " WHERE o.state = 'failed' AND o.kind = 'purchase' LIMIT $1"},
    {"completed_orders_are_there",
     "SELECT o.id, l.subscription, COALESCE(s.status, 'nothing') FROM orders o"
     " JOIN order_line l ON l.order_id = o.id LEFT JOIN subscription s ON s.id = l.subscription"
     " WHERE o.state = 'completed' AND (s.id IS NULL OR s.status = 'planned') LIMIT $1"},
    /* api, Events: "a sequence number without gaps per organisation" */
    {"events_have_no_gaps",
     "SELECT o.id, " TEXT("o.event_seq") ", " TEXT("COUNT(e.seq)") " FROM organization o"
     " LEFT JOIN event e ON e.customer = o.id GROUP BY o.id, o.event_seq"
     " HAVING COUNT(e.seq) <> o.event_seq OR COALESCE(MAX(e.seq), 0) <> o.event_seq LIMIT $1"},
    {"cash_is_what_was_received",
     "SELECT a.id, " TEXT("COALESCE(p.received, 0) - COALESCE(r.sent, 0)") ", "
     TEXT("COALESCE(c.cash, 0)") " FROM account a"
     " LEFT JOIN (SELECT account, SUM(amount_minor) AS received FROM payment"
     " WHERE state = 'succeeded' GROUP BY account) p ON p.account = a.id"
     " LEFT JOIN (SELECT account, SUM(amount_minor) AS sent FROM refund"
     " WHERE state = 'succeeded' GROUP BY account) r ON r.account = a.id"
     " LEFT JOIN (SELECT account, SUM(amount_minor) AS cash FROM posting"
     " WHERE ledger_account LIKE 'cash%' GROUP BY account) c ON c.account = a.id"
     " WHERE COALESCE(p.received, 0) - COALESCE(r.sent, 0) <> COALESCE(c.cash, 0) LIMIT $1"},
    /* rules §6, Credit: "never more than each payment brought" */
    {"refunds_are_within_their_payment",
     "SELECT p.id, " TEXT("COALESCE(SUM(r.amount_minor), 0)") ", " TEXT("p.refunded_minor")
     " FROM payment p LEFT JOIN refund r ON r.payment = p.id AND r.state <> 'failed'"
     " GROUP BY p.id, p.refunded_minor, p.amount_minor"
     " HAVING COALESCE(SUM(r.amount_minor), 0) <> p.refunded_minor"
     " OR p.refunded_minor > p.amount_minor LIMIT $1"},
};

size_t doctor_check_count(void)
{
    return sizeof CHECKS / sizeof *CHECKS;
}

const char *doctor_check_name(size_t index)
{
    return CHECKS[index].name;
}

enum err doctor_check(struct context *cx, size_t index, struct doctor_fault_list *faults)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows, CHECKS[index].sql, DB_ARGS(db_integer(DOCTOR_FAULTS_MAX))));
    while (db_next(&rows)) {
        struct doctor_fault *item = ARENA_NEW(cx->arena, struct doctor_fault);
        item->check = CHECKS[index].name;
        item->place = db_get_text(&rows, 0);
        item->expected = db_get_text(&rows, 1);
        item->found = db_get_text(&rows, 2);
        list_push(cx->arena, faults, item);
    }
    return db_done(&rows);
}
