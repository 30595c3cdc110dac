/* The ledger against the rows it was written for (rules §6, Ledger). */
#include "engine/doctor_store.h"

#define DIFFERS(select)                                                                            \
    "SELECT place, CAST(expected AS text), CAST(found AS text) FROM (" select                      \
    ") t WHERE expected <> found ORDER BY place"

/* For each billing account, the postings of some ledger accounts against a sum of rows. */
#define ACCOUNT_SUM(ledger_accounts, expected)                                                     \
    DIFFERS("SELECT a.id AS place, " expected " AS expected, COALESCE((SELECT SUM(p.amount_minor)" \
            " FROM posting p WHERE p.customer = a.customer AND p.account = a.id"                   \
            " AND p.ledger_account IN (" ledger_accounts ")), 0) AS found"                         \
            " FROM account a WHERE a.customer = $1")

#define DOCUMENTS(column)                                                                          \
    "COALESCE((SELECT SUM(d." column ") FROM document d WHERE d.customer = a.customer"             \
    " AND d.account = a.id AND d.state = 'issued'), 0)"
#define PAYMENTS(state)                                                                            \
    "COALESCE((SELECT SUM(y.amount_minor) FROM payment y WHERE y.customer = a.customer"            \
    " AND y.account = a.id AND y.state = '" state "'), 0)"
#define REFUNDS(state)                                                                             \
    "COALESCE((SELECT SUM(r.amount_minor) FROM refund r WHERE r.customer = a.customer"             \
    " AND r.account = a.id AND r.state = '" state "'), 0)"

/* Three amounts as one text, to be compared at once. */
#define THREE(a, b, c)                                                                             \
    "CAST(" a " AS text) || ' ' || CAST(" b " AS text) || ' ' || CAST(" c " AS text)"
#define BOOKED THREE("d.total_minor", "-d.net_minor", "-d.tax_minor")
#define FOUND THREE("COALESCE(p.receivable, 0)", "COALESCE(p.deferred, 0)", "COALESCE(p.tax, 0)")

/* What each cause brought to the accounts that a document concerns. */
#define CAUSED(ledger_account)                                                                     \
    "SUM(CASE WHEN ledger_account = '" ledger_account "' THEN amount_minor ELSE 0 END)"
#define RECEIVABLE CAUSED("receivable") " AS receivable"
#define DEFERRED CAUSED("deferred_revenue") " AS deferred"
#define TAX CAUSED("tax_payable") " AS tax"
#define BY_CAUSE                                                                                   \
    "SELECT cause, kind, " RECEIVABLE ", " DEFERRED ", " TAX                                       \
    " FROM posting WHERE customer = $1 GROUP BY cause, kind"
#define POSTED                                                                                     \
    "SELECT d.id AS place, " BOOKED " AS expected, " FOUND " AS found FROM document d"             \
    " LEFT JOIN (" BY_CAUSE ") p ON p.cause = d.id AND p.kind = d.type"                            \
    " WHERE d.customer = $1 AND d.state = 'issued'"

const struct doctor_check DOCTOR_LEDGER_CHECKS[] = {
    /* "Postings of entries that sum to zero in each currency" */
    {.name = "entry_sum",
     .sql = "SELECT entry || ' ' || currency, '0', CAST(SUM(amount_minor) AS text) FROM posting"
            " WHERE customer = $1 GROUP BY entry, currency HAVING SUM(amount_minor) <> 0"
            " ORDER BY entry"},
    {.name = "posting_currency",
     .sql = "SELECT p.entry, a.currency, p.currency FROM posting p"
            " JOIN account a ON a.id = p.account AND a.customer = p.customer"
            " WHERE p.customer = $1 AND p.currency <> a.currency ORDER BY p.entry"},
    {.name = "receivable", .sql = ACCOUNT_SUM("'receivable'", DOCUMENTS("unpaid_minor"))},
    {.name = "credit_balance", .sql = ACCOUNT_SUM("'credit_balance'", "-a.credit_minor")},
    {.name = "credit_negative",
     .sql = "SELECT id, 'at least 0', CAST(credit_minor AS text) FROM account"
            " WHERE customer = $1 AND credit_minor < 0 ORDER BY id"},
    {.name = "deferred_revenue",
     .sql = ACCOUNT_SUM("'deferred_revenue', 'revenue'", "-" DOCUMENTS("net_minor"))},
    {.name = "tax_payable", .sql = ACCOUNT_SUM("'tax_payable'", "-" DOCUMENTS("tax_minor"))},
    {.name = "cash",
     .sql = ACCOUNT_SUM("'cash_sandbox', 'cash_transfer'",
                        PAYMENTS("succeeded") " - " REFUNDS("succeeded"))},
    {.name = "refunds_in_transit",
     .sql = ACCOUNT_SUM("'refunds_in_transit'", "-" REFUNDS("requested"))},
    {.name = "write_off", .sql = ACCOUNT_SUM("'write_off'", DOCUMENTS("written_off_minor"))},
    {.name = "unapplied_cash", .sql = ACCOUNT_SUM("'unapplied_cash'", "0")},
    /* "each naming its cause": receivable, deferred revenue and tax of every document. */
    {.name = "document_posted", .sql = DIFFERS(POSTED)},
    {.name = NULL},
};
