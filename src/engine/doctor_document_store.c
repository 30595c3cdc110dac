/* Documents against their lines, and what is unpaid of them (rules §6, Documents, Credit). */
#include "engine/doctor_store.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "db/db.h"

#define DIFFERS(select)                                                                            \
    "SELECT place, CAST(expected AS text), CAST(found AS text) FROM (" select                      \
    ") t WHERE expected <> found ORDER BY place"

#define LINES                                                                                      \
    " FROM document d LEFT JOIN (SELECT document, SUM(amount_minor) AS amount FROM document_line"  \
    " WHERE customer = $1 GROUP BY document) l ON l.document = d.id WHERE d.customer = $1"
#define TAXES(column)                                                                              \
    "SELECT d.id AS place, d." column " AS expected, COALESCE(t.amount, 0) AS found"               \
    " FROM document d LEFT JOIN (SELECT document, SUM(" column ") AS amount FROM document_tax"     \
    " WHERE customer = $1 GROUP BY document) t ON t.document = d.id WHERE d.customer = $1"

/* What payments brought for each document, by the postings they caused. */
#define PAID                                                                                       \
    "SELECT y.document, SUM(p.amount_minor) AS amount FROM posting p JOIN payment y"               \
    " ON y.id = p.cause AND y.customer = p.customer WHERE p.customer = $1 AND p.kind = 'payment'"  \
    " AND p.ledger_account = 'receivable' GROUP BY y.document"

/* "frozen, with a hash" that covers the number too. */
static enum err check_hashes(struct context *cx, struct doctor *doctor)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT id, series, year, number, frozen, hash FROM document"
                  " WHERE customer = $1 AND number IS NOT NULL ORDER BY id",
                  DB_ARGS(db_text(cx->customer))));
    while (db_next(&rows)) {
        const char *frozen = db_get_text(&rows, 4);
        const char *found = db_get_text(&rows, 5);
        const char *hashed =
            arena_print(cx->arena, "%s %" PRId64 " %" PRId64 " %s", db_get_text(&rows, 1),
                        db_get_integer(&rows, 2), db_get_integer(&rows, 3), frozen ? frozen : "");
        char expected[HASH_TEXT_SIZE];
        hash_bytes(hashed, strlen(hashed), expected);
        if (found == NULL || strcmp(expected, found) != 0)
            doctor_note(doctor, db_get_text(&rows, 0), expected, found);
    }
    return db_done(&rows);
}

const struct doctor_check DOCTOR_DOCUMENT_CHECKS[] = {
    {.name = "document_net",
     .sql = DIFFERS("SELECT d.id AS place, COALESCE(l.amount, 0) AS expected,"
                    " d.net_minor AS found" LINES)},
    {.name = "document_total",
     .sql = DIFFERS("SELECT id AS place, net_minor + tax_minor AS expected,"
                    " total_minor AS found FROM document WHERE customer = $1")},
    {.name = "document_tax_net", .sql = DIFFERS(TAXES("net_minor"))},
    {.name = "document_tax_sum", .sql = DIFFERS(TAXES("tax_minor"))},
    /* "Total > 0: an invoice; total < 0: a credit note; total 0: recorded" */
    {.name = "document_type",
     .sql = DIFFERS("SELECT id AS place, CASE WHEN total_minor > 0 THEN 'invoice'"
                    " WHEN total_minor < 0 THEN 'credit_note' ELSE 'record' END AS expected,"
                    " type AS found FROM document WHERE customer = $1")},
    {.name = "document_series",
     .sql = DIFFERS("SELECT d.id AS place, CASE o.live WHEN 1 THEN 'live' ELSE 'test' END"
                    " AS expected, d.series AS found FROM document d"
                    " JOIN organization o ON o.id = d.customer WHERE d.customer = $1")},
    {.name = "document_hash", .run = check_hashes},
    {.name = "document_frozen", .run = doctor_check_frozen},
    {.name = "document_unpaid",
     .sql = DIFFERS("SELECT d.id AS place, CASE d.type WHEN 'invoice' THEN d.total_minor"
                    " - d.credit_used_minor - d.written_off_minor + COALESCE(p.amount, 0)"
                    " ELSE 0 END AS expected, d.unpaid_minor AS found"
                    " FROM document d LEFT JOIN (" PAID
                    ") p ON p.document = d.id WHERE d.customer = $1 AND d.state = 'issued'")},
    {.name = "document_unpaid_range",
     .sql = "SELECT id, 'from 0 to the total', CAST(unpaid_minor AS text) FROM document"
            " WHERE customer = $1 AND (unpaid_minor < 0"
            " OR (unpaid_minor > 0 AND unpaid_minor > total_minor)) ORDER BY id"},
    /* The day nothing of it was left unpaid; only issued invoices are paid. */
    {.name = "document_paid_on",
     .sql = "SELECT id, CASE is_paid WHEN 1 THEN 'a day' ELSE NULL END, paid_on FROM (SELECT id,"
            " paid_on, CASE WHEN type = 'invoice' AND state = 'issued' AND unpaid_minor = 0"
            " AND written_off_minor = 0 THEN 1 ELSE 0 END AS is_paid"
            " FROM document WHERE customer = $1) t"
            " WHERE is_paid <> (CASE WHEN paid_on IS NULL THEN 0 ELSE 1 END) ORDER BY id"},
    /* Only what is listed is written off, and whole (rules §4). */
    {.name = "document_written_off",
     .sql = "SELECT id, 'listed, with nothing unpaid', CAST(unpaid_minor AS text) FROM document"
            " WHERE customer = $1 AND written_off_minor <> 0 AND (written_off_minor < 0"
            " OR unpaid_minor <> 0 OR listed_at IS NULL OR type <> 'invoice') ORDER BY id"},
    {.name = "document_planned_money",
     .sql = "SELECT id, '0 0', CAST(unpaid_minor AS text) || ' ' || CAST(credit_used_minor"
            " AS text) FROM document WHERE customer = $1 AND state = 'planned'"
            " AND (unpaid_minor <> 0 OR credit_used_minor <> 0) ORDER BY id"},
    /* "nothing is numbered until the order is completed"; records never are. */
    {.name = "document_numbered",
     .sql = "SELECT id, NULL, CAST(number AS text) FROM document WHERE customer = $1"
            " AND number IS NOT NULL AND (state = 'planned' OR type = 'record') ORDER BY id"},
    {.name = "document_planned",
     .sql = "SELECT d.id, 'an order that awaits payment', o.state FROM document d"
            " LEFT JOIN orders o ON o.document = d.id AND o.customer = d.customer"
            " WHERE d.customer = $1 AND d.state = 'planned' AND (o.state IS NULL"
            " OR o.state NOT IN ('processing', 'action_required')) ORDER BY d.id"},
    {.name = "document_planned_posted",
     .sql = "SELECT d.id, NULL, p.entry FROM document d JOIN posting p ON p.cause = d.id"
            " AND p.customer = d.customer WHERE d.customer = $1 AND d.state = 'planned'"
            " AND p.position = 1 ORDER BY d.id"},
    {.name = NULL},
};
