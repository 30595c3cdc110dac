/* What is held: families, lines in force, histories (rules §3, §4). */
#include "engine/doctor_store.h"

#include <inttypes.h>
#include <string.h>

#include "catalog/catalog_store.h"
#include "db/db.h"
#include "subscription/subscription.h"

#define DIFFERS(select)                                                                            \
    "SELECT place, CAST(expected AS text), CAST(found AS text) FROM (" select                      \
    ") t WHERE expected <> found ORDER BY place"

#define CHILDREN                                                                                   \
    " FROM subscription c JOIN subscription p ON p.id = c.parent AND p.customer = c.customer"      \
    " WHERE c.customer = $1"

/* Rules §3.1 and §3.2: what a child has of its parent as long as it lives … */
#define OF_PARENT(s)                                                                               \
    s ".account || ' ' || " s ".currency || ' ' || COALESCE(" s                                    \
      ".payment_method, '-') || ' ' || " s ".status || ' ' || CAST(" s                             \
      ".recurring_billing AS text) || ' ' || CASE WHEN " s                                         \
      ".past_due_at IS NULL THEN 'paid' ELSE 'past_due' END"
/* … and while it is active. */
#define DAYS_OF_PARENT(s)                                                                          \
    s ".term || ' ' || " s ".billing || ' ' || " s ".period_end || ' ' || " s ".term_end"

/* A charge that bills the present period of its subscription. */
#define OF_PERIOD                                                                                  \
    "l.undoes IS NULL AND l.reason <> 'setup' AND l.to_on = s.period_end"                          \
    " AND l.from_on >= s.period_start"

/* A plan or billing change came after it, and the offer gives no credit for unused days. */
#define REPLACED                                                                                   \
    "EXISTS (SELECT 1 FROM orders o JOIN order_line n ON n.order_id = o.id"                        \
    " AND n.customer = o.customer WHERE o.customer = l.customer AND o.state = 'completed'"         \
    " AND o.kind IN ('plan_change', 'billing_change') AND n.subscription = s.id"                   \
    " AND o.placed_at >= d.issued_at AND COALESCE(o.document, '') <> d.id)"

#define LAST_CHANGE(column)                                                                        \
    "(SELECT x." column " FROM subscription_change x WHERE x.customer = s.customer"                \
    " AND x.subscription = s.id ORDER BY x.position DESC LIMIT 1)"

/* Histories ------------------------------------------------------------------------------------ */

/* The table of rules §4, and what support may remove (§3.3). */
static const struct transition {
    const char *from; /* "": it begins */
    const char *to;
} TRANSITIONS[] = {
    {"", "active"},          {"", "scheduled"},        {"", "trial"},
    {"scheduled", "active"}, {"scheduled", "deleted"}, {"trial", "active"},
    {"trial", "expired"},    {"active", "expired"},    {"active", "disabled"},
    {"active", "deleted"},   {"expired", "active"},    {"expired", "disabled"},
    {"expired", "deleted"},  {"disabled", "active"},   {"disabled", "deleted"},
};

static bool is_allowed(const char *from, const char *to)
{
    for (size_t i = 0; i < sizeof TRANSITIONS / sizeof *TRANSITIONS; i++) {
        if (strcmp(TRANSITIONS[i].from, from) == 0 && strcmp(TRANSITIONS[i].to, to) == 0)
            return true;
    }
    return false;
}

/* One step of a history. */
struct history_step {
    const char *subscription;
    int64_t position;
    const char *status;
    civil_day on;
    instant at;
};

static void check_step(struct context *cx, struct doctor *doctor, const struct history_step *before,
                       const struct history_step *step)
{
    bool is_first = strcmp(before->subscription, step->subscription) != 0;
    const char *from = is_first ? "" : before->status;
    const char *where =
        arena_print(cx->arena, "%s step %" PRId64, step->subscription, step->position);
    doctor_compare(doctor, where, is_first ? 1 : before->position + 1, step->position);
    if (!is_allowed(from, step->status))
        doctor_note(doctor, where, is_first ? "a beginning" : "a step the rules have",
                    arena_print(cx->arena, "%s to %s", from, step->status));
    if (!is_first && (step->on < before->on || step->at < before->at)) {
        char expected[DAY_TEXT_SIZE], found[DAY_TEXT_SIZE];
        day_format(before->on, expected);
        day_format(step->on, found);
        doctor_note(doctor, where, arena_print(cx->arena, "%s or later", expected), found);
    }
}

static enum err check_histories(struct context *cx, struct doctor *doctor)
{
    struct db_rows rows;
    struct history_step before = {.subscription = ""};
    TRY(db_select(cx, &rows,
                  "SELECT subscription, position, status, changed_on, changed_at"
                  " FROM subscription_change WHERE customer = $1 ORDER BY subscription, position",
                  DB_ARGS(db_text(cx->customer))));
    while (db_next(&rows)) {
        struct history_step step = {
            .subscription = db_get_text(&rows, 0),
            .position = db_get_integer(&rows, 1),
            .status = db_get_text(&rows, 2),
            .on = db_get_day(&rows, 3),
            .at = db_get_instant(&rows, 4),
        };
        check_step(cx, doctor, &before, &step);
        before = step;
    }
    return db_done(&rows);
}

/* Offers --------------------------------------------------------------------------------------- */

/* "a subscription keeps its version": which has its offer and its price. */
static enum err check_offers(struct context *cx, struct doctor *doctor)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT s.id, s.catalog, s.offer, s.currency, s.term, s.billing"
                  " FROM subscription s WHERE s.customer = $1 AND s.status <> 'deleted'"
                  " AND s.catalog IN (SELECT number FROM catalog_version) ORDER BY s.id",
                  DB_ARGS(db_text(cx->customer))));
    while (db_next(&rows)) {
        const struct catalog *catalog;
        TRY(catalog_load(cx, db_get_integer(&rows, 1), &catalog));
        const struct offer *offer = catalog_find_offer(catalog, db_get_text(&rows, 2));
        bool has_price = offer != NULL && offer_find_price(offer, db_get_text(&rows, 3),
                                                           term_parse(db_get_text(&rows, 4)),
                                                           billing_parse(db_get_text(&rows, 5)));
        if (!has_price)
            doctor_note(doctor, db_get_text(&rows, 0), "an offer and a price of its version",
                        db_get_text(&rows, 2));
    }
    return db_done(&rows);
}

/* Trials --------------------------------------------------------------------------------------- */

/* "Extend, once": a trial ends after its offer's days, or after twice as many. */
static enum err check_trials(struct context *cx, struct doctor *doctor)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT s.id, s.catalog, s.offer, s.start_on, s.trial_end, s.term_end"
                  " FROM subscription s WHERE s.customer = $1 AND s.status = 'trial'"
                  " AND s.catalog IN (SELECT number FROM catalog_version) ORDER BY s.id",
                  DB_ARGS(db_text(cx->customer))));
    while (db_next(&rows)) {
        const struct catalog *catalog;
        TRY(catalog_load(cx, db_get_integer(&rows, 1), &catalog));
        const struct offer *offer = catalog_find_offer(catalog, db_get_text(&rows, 2));
        int64_t days = offer ? offer->trial_days : 0;
        civil_day end_on = db_get_day(&rows, 4);
        int64_t lasts = end_on == DAY_NONE ? 0 : end_on - db_get_day(&rows, 3);
        if (lasts <= 0 || (lasts != days && lasts != 2 * days) || end_on != db_get_day(&rows, 5))
            doctor_note(doctor, db_get_text(&rows, 0),
                        arena_print(cx->arena, "%" PRId64 " days, extended once at most", days),
                        arena_print(cx->arena, "%" PRId64, lasts));
    }
    return db_done(&rows);
}

/* The table ------------------------------------------------------------------------------------ */

const struct doctor_check DOCTOR_SUBSCRIPTION_CHECKS[] = {
    {.name = "subscription_catalog",
     .sql = "SELECT s.id, 'a version that was published', CAST(s.catalog AS text)"
            " FROM subscription s LEFT JOIN catalog_version v ON v.number = s.catalog"
            " WHERE s.customer = $1 AND v.number IS NULL ORDER BY s.id"},
    {.name = "subscription_offer", .run = check_offers},
    {.name = "trial_days", .run = check_trials},
    {.name = "subscription_days",
     .sql = "SELECT id, 'periods inside a term', term_start || ' ' || period_start || ' ' ||"
            " period_end || ' ' || term_end FROM subscription WHERE customer = $1"
            " AND (period_start < term_start OR period_end > term_end"
            " OR period_start >= period_end) ORDER BY id"},
    {.name = "child_as_parent",
     .sql = DIFFERS("SELECT c.id AS place, " OF_PARENT("p") " AS expected, " OF_PARENT(
         "c") " AS found" CHILDREN " AND c.status NOT IN ('deleted', 'planned')")},
    /* One whose order ended after the base's next period began follows as soon as the engine
     * runs: `due_at` sees to that. */
    {.name = "child_days",
     .sql = DIFFERS("SELECT c.id AS place, " DAYS_OF_PARENT("p") " AS expected, " DAYS_OF_PARENT(
         "c") " AS found" CHILDREN " AND c.status IN ('active', 'scheduled')"
              " AND c.period_end > p.period_start")},
    {.name = "child_active",
     .sql = "SELECT c.id, 'active', p.status" CHILDREN
            " AND c.status = 'active' AND p.status <> 'active' ORDER BY c.id"},
    {.name = "child_level",
     .sql = "SELECT c.id, 'a base', p.id" CHILDREN " AND p.parent IS NOT NULL ORDER BY c.id"},
    /* A child follows each change of its parent, at the same instant, unless it was removed or
     * not yet there. */
    {.name = "child_history",
     .sql = DIFFERS(
         "SELECT c.id || ' ' || h.changed_on AS place, h.status AS expected, COALESCE((SELECT"
         " CASE x.status WHEN 'deleted' THEN h.status ELSE x.status END"
         " FROM subscription_change x WHERE x.customer = c.customer"
         " AND x.subscription = c.id AND x.changed_at <= h.changed_at"
         " ORDER BY x.position DESC LIMIT 1), h.status) AS found FROM subscription c"
         " JOIN subscription_change h ON h.subscription = c.parent AND h.customer = c.customer"
         " WHERE c.customer = $1 AND c.parent IS NOT NULL AND NOT EXISTS (SELECT 1"
         " FROM subscription_change y WHERE y.customer = h.customer"
         " AND y.subscription = h.subscription AND y.changed_at = h.changed_at"
         " AND y.position > h.position)")},
    /* … and is active from no instant at which its parent was not. */
    {.name = "child_history",
     .sql = "SELECT c.id || ' ' || h.changed_on, 'a base that is active', 'none' FROM subscription"
            " c JOIN subscription_change h ON h.subscription = c.id AND h.customer = c.customer"
            " WHERE c.customer = $1 AND c.parent IS NOT NULL AND h.status = 'active' AND NOT"
            " EXISTS (SELECT 1 FROM subscription_change x WHERE x.customer = c.customer"
            " AND x.subscription = c.parent AND x.status = 'active' AND x.changed_at <="
            " h.changed_at AND NOT EXISTS (SELECT 1 FROM subscription_change y WHERE y.customer ="
            " x.customer AND y.subscription = x.subscription AND y.position = x.position + 1"
            " AND y.changed_at < h.changed_at)) ORDER BY 1"},
    {.name = "line_in_force",
     .sql = "SELECT l.id, 'a line of the present period', s.status || ' ' || l.from_on || ' ' ||"
            " l.to_on FROM document_line l JOIN subscription s ON s.id = l.subscription"
            " AND s.customer = l.customer WHERE l.customer = $1 AND l.in_force = 1"
            " AND NOT (" OF_PERIOD " AND (s.status IN ('active', 'scheduled')"
            " OR (s.status = 'disabled' AND s.ended_by = 'non_payment'))) ORDER BY l.id"},
    /* A cancellation ends it, without a credit where the offer gives none; it stays so when the
     * subscription is brought back. */
    {.name = "line_missing_in_force",
     .sql = "SELECT l.id, 'in force', 'not' FROM document_line l JOIN subscription s"
            " ON s.id = l.subscription AND s.customer = l.customer JOIN document d"
            " ON d.id = l.document AND d.customer = l.customer WHERE l.customer = $1"
            " AND l.in_force = 0 AND s.status = 'active' AND d.state = 'issued' AND " OF_PERIOD
            " AND NOT " REPLACED
            " AND l.id NOT IN (SELECT c.undoes FROM document_line c JOIN document e"
            " ON e.id = c.document AND e.customer = c.customer WHERE c.customer = $1"
            " AND c.undoes IS NOT NULL AND e.state = 'issued')"
            " AND NOT EXISTS (SELECT 1 FROM subscription_change h"
            " WHERE h.customer = l.customer AND h.subscription = l.subscription"
            " AND h.status = 'disabled' AND h.changed_on >= l.from_on) ORDER BY l.id"},
    /* Rules §5. */
    {.name = "license_count",
     .sql = DIFFERS("SELECT s.id AS place, (SELECT COUNT(*) FROM license l WHERE l.customer ="
                    " s.customer AND l.subscription = s.id) AS expected, s.assigned AS found"
                    " FROM subscription s WHERE s.customer = $1")},
    {.name = "license_status",
     .sql = "SELECT id, 'none assigned', status FROM subscription WHERE customer = $1"
            " AND assigned > 0 AND status IN ('planned', 'scheduled', 'deleted') ORDER BY id"},
    {.name = "license_conflict",
     .sql = DIFFERS("SELECT id AS place, CASE WHEN assigned > quantity THEN 'a conflict' ELSE"
                    " 'none' END AS expected, CASE WHEN conflict_on IS NULL THEN 'none' ELSE"
                    " 'a conflict' END AS found FROM subscription WHERE customer = $1")},
    /* "Recurring billing off drops every scheduled change of the subscription." */
    {.name = "scheduled_change",
     .sql = "SELECT c.id, 'an active subscription that renews', s.status FROM scheduled_change c"
            " JOIN subscription s ON s.id = c.subscription AND s.customer = c.customer"
            " WHERE c.customer = $1 AND (s.status <> 'active' OR s.recurring_billing = 0"
            " OR (s.parent IS NOT NULL AND c.kind <> 'quantity')) ORDER BY c.id"},
    {.name = "history", .run = check_histories},
    {.name = "history_status",
     .sql =
         DIFFERS("SELECT s.id AS place, COALESCE(" LAST_CHANGE("status") " || ' ' || " LAST_CHANGE(
             "changed_on") ", 'planned') AS expected,"
                           " CASE s.status WHEN 'planned' THEN 'planned' ELSE s.status || ' ' ||"
                           " s.status_on END AS found FROM subscription s WHERE s.customer = $1")},
    {.name = NULL},
};
