/* Orders, payments and events (rules §7). */
#include "engine/doctor_store.h"

#define IS_PENDING "IN ('processing', 'action_required')"

/* What payments and refunds moved on each provider's cash account. */
#define CASH                                                                                       \
    "(SELECT cause, ledger_account, SUM(amount_minor) AS amount FROM posting WHERE customer = $1"  \
    " GROUP BY cause, ledger_account)"
/* Rows whose `expected` is not what is on the account of their provider. */
#define CASH_DIFFERS(select)                                                                       \
    "SELECT t.id, CAST(t.expected AS text), CAST(COALESCE(p.amount, 0) AS text) FROM (" select     \
    ") t LEFT JOIN " CASH " p ON p.cause = t.id AND p.ledger_account = 'cash_' || t.provider"      \
    " WHERE t.expected <> COALESCE(p.amount, 0) ORDER BY t.id"

const struct doctor_check DOCTOR_ORDER_CHECKS[] = {
    /* "One trial per offer and customer ever." */
    {.name = "trial_once",
     .sql = "SELECT l.offer, 'one trial', CAST(COUNT(*) AS text) FROM order_line l"
            " JOIN orders o ON o.id = l.order_id AND o.customer = l.customer"
            " WHERE l.customer = $1 AND l.trial = 1 AND o.kind = 'purchase'"
            " AND o.state <> 'failed' GROUP BY l.offer HAVING COUNT(*) > 1 ORDER BY 1"},
    /* A completed order has made its subscriptions. */
    {.name = "order_completed",
     .sql = "SELECT o.id || ' ' || l.subscription, 'a subscription', s.status FROM orders o"
            " JOIN order_line l ON l.order_id = o.id AND l.customer = o.customer"
            " LEFT JOIN subscription s ON s.id = l.subscription AND s.customer = l.customer"
            " WHERE o.customer = $1 AND o.state = 'completed'"
            " AND (s.id IS NULL OR s.status = 'planned') ORDER BY o.id"},
    /* "no: payment_failed, nothing remains but its record" */
    {.name = "order_failed",
     .sql = "SELECT o.id || ' ' || l.subscription, NULL, s.status FROM orders o"
            " JOIN order_line l ON l.order_id = o.id AND l.customer = o.customer"
            " JOIN subscription s ON s.id = l.subscription AND s.customer = l.customer"
            " WHERE o.customer = $1 AND o.state = 'failed' AND o.kind = 'purchase' ORDER BY o.id"},
    {.name = "order_pending",
     .sql = "SELECT o.id || ' ' || l.subscription, 'planned', s.status FROM orders o"
            " JOIN order_line l ON l.order_id = o.id AND l.customer = o.customer"
            " LEFT JOIN subscription s ON s.id = l.subscription AND s.customer = l.customer"
            " WHERE o.customer = $1 AND o.kind = 'purchase' AND o.state " IS_PENDING
            " AND COALESCE(s.status, '') <> 'planned' ORDER BY o.id"},
    {.name = "order_document",
     .sql = "SELECT id, NULL, document FROM orders WHERE customer = $1 AND state = 'failed'"
            " AND document IS NOT NULL ORDER BY id"},
    {.name = "order_total",
     .sql = "SELECT o.id, CAST(d.total_minor AS text), CAST(o.total_minor AS text) FROM orders o"
            " JOIN document d ON d.id = o.document AND d.customer = o.customer"
            " WHERE o.customer = $1 AND o.total_minor <> d.total_minor ORDER BY o.id"},
    {.name = "order_failure",
     .sql = "SELECT id, CASE state WHEN 'failed' THEN 'why it failed' ELSE NULL END, failure"
            " FROM orders WHERE customer = $1 AND (CASE state WHEN 'failed' THEN 1 ELSE 0 END)"
            " <> (CASE WHEN failure IS NULL THEN 0 ELSE 1 END) ORDER BY id"},
    {.name = "subscription_planned",
     .sql = "SELECT s.id, 'an order that awaits payment', o.state FROM subscription s"
            " LEFT JOIN order_line l ON l.subscription = s.id AND l.customer = s.customer"
            " LEFT JOIN orders o ON o.id = l.order_id AND o.customer = l.customer"
            " WHERE s.customer = $1 AND s.status = 'planned'"
            " AND (o.state IS NULL OR o.state NOT " IS_PENDING ") ORDER BY s.id"},
    /* Only an order that waits keeps credit for itself, and no more than there is. */
    {.name = "order_credit_held",
     .sql = "SELECT id, '0', CAST(credit_held_minor AS text) FROM orders WHERE customer = $1"
            " AND credit_held_minor <> 0 AND (credit_held_minor < 0 OR state NOT " IS_PENDING ")"
            " ORDER BY id"},
    {.name = "account_credit_held",
     .sql = "SELECT a.id, 'at most ' || CAST(a.credit_minor AS text),"
            " CAST(SUM(o.credit_held_minor) AS text) FROM account a JOIN orders o"
            " ON o.account = a.id AND o.customer = a.customer AND o.state " IS_PENDING
            " WHERE a.customer = $1 GROUP BY a.id, a.credit_minor"
            " HAVING SUM(o.credit_held_minor) > a.credit_minor ORDER BY a.id"},
    {.name = "payment_settled",
     .sql = "SELECT id, CASE WHEN settled_at IS NULL THEN 'an instant' ELSE NULL END, state"
            " FROM payment WHERE customer = $1"
            " AND (CASE WHEN state IN ('succeeded', 'failed') THEN 1 ELSE 0 END)"
            " <> (CASE WHEN settled_at IS NULL THEN 0 ELSE 1 END) ORDER BY id"},
    {.name = "payment_amount",
     .sql = "SELECT y.id, 'more than 0 ' || a.currency, CAST(y.amount_minor AS text) || ' ' ||"
            " y.currency FROM payment y JOIN account a ON a.id = y.account"
            " AND a.customer = y.customer WHERE y.customer = $1"
            " AND (y.amount_minor <= 0 OR y.currency <> a.currency) ORDER BY y.id"},
    /* "cash by provider": what each payment brought, and each refund took. */
    {.name = "payment_posted",
     .sql = CASH_DIFFERS("SELECT id, provider, CASE state WHEN 'succeeded' THEN amount_minor"
                         " ELSE 0 END AS expected FROM payment WHERE customer = $1")},
    {.name = "refund_posted",
     .sql = CASH_DIFFERS("SELECT r.id, y.provider, CASE r.state WHEN 'succeeded'"
                         " THEN -r.amount_minor ELSE 0 END AS expected FROM refund r"
                         " JOIN payment y ON y.id = r.payment AND y.customer = r.customer"
                         " WHERE r.customer = $1")},
    /* "never more than each payment brought" */
    {.name = "payment_refunded",
     .sql = "SELECT y.id, CAST(COALESCE(r.amount, 0) AS text), CAST(y.refunded_minor AS text)"
            " FROM payment y LEFT JOIN (SELECT payment, SUM(amount_minor) AS amount FROM refund"
            " WHERE customer = $1 AND state <> 'failed' GROUP BY payment) r ON r.payment = y.id"
            " WHERE y.customer = $1"
            " AND y.refunded_minor <> COALESCE(r.amount, 0) ORDER BY y.id"},
    {.name = "refund_range",
     .sql = "SELECT id, 'from 0 to ' || CAST(amount_minor AS text), CAST(refunded_minor AS text)"
            " FROM payment WHERE customer = $1 AND (refunded_minor < 0"
            " OR refunded_minor > amount_minor OR (refunded_minor > 0 AND state <> 'succeeded'))"
            " ORDER BY id"},
    /* "numbered without gaps per organisation" */
    {.name = "event_numbers",
     .sql = "SELECT o.id, '1 to ' || CAST(o.event_seq AS text), CAST(COALESCE(e.first, 0) AS text)"
            " || ' to ' || CAST(COALESCE(e.last, 0) AS text) || ', ' || CAST(COALESCE(e.number, 0)"
            " AS text) || ' of them' FROM organization o LEFT JOIN (SELECT customer,"
            " MIN(seq) AS first, MAX(seq) AS last, COUNT(*) AS number FROM event"
            " WHERE customer = $1 GROUP BY customer) e ON e.customer = o.id WHERE o.id = $1"
            " AND (COALESCE(e.number, 0) <> o.event_seq OR COALESCE(e.last, 0) <> o.event_seq"
            " OR (e.number > 0 AND e.first <> 1))"},
    {.name = NULL},
};
