/* Double entry (rules §6): entries whose postings sum to zero, append-only, each naming its
 * cause. Debits are positive, credits negative. Pure. */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"
#include "base/money.h"

enum ledger_account {
    LEDGER_RECEIVABLE,
    LEDGER_DEFERRED_REVENUE,
    LEDGER_REVENUE,
    LEDGER_TAX_PAYABLE,
    LEDGER_CREDIT_BALANCE,
    LEDGER_UNAPPLIED_CASH,
    LEDGER_CASH_SANDBOX,
    LEDGER_CASH_TRANSFER,
    LEDGER_REFUNDS_IN_TRANSIT,
    LEDGER_DISPUTES,
    LEDGER_FEES,
    LEDGER_WRITE_OFF,
    LEDGER_ROUNDING,
    LEDGER_ACCOUNT_COUNT
};

struct posting {
    enum ledger_account account;
    struct money amount; /* debit > 0 */
};

enum { ENTRY_POSTINGS_MAX = 8 };

#define LEDGER_KIND_REVENUE "revenue" /* an entry that earns what was deferred */

struct entry {
    const char *id;
    const char *billing_account; /* acc_… */
    const char *cause;           /* id of the document, payment or refund; of a month's revenue
                                    the account */
    const char *kind;            /* "invoice", "payment", "credit_used", … */
    civil_day on;
    struct posting postings[ENTRY_POSTINGS_MAX];
    size_t posting_count;
};

LIST_TYPE(entry_list, struct entry);

/* Begins an entry; postings of zero are left out. */
struct entry *ledger_begin(struct context *cx, struct entry_list *entries,
                           const char *billing_account, const char *kind, const char *cause,
                           civil_day on);
void ledger_post(struct entry *entry, enum ledger_account account, struct money amount);
/* Asserts that the entry sums to zero; drops an entry without postings. */
void ledger_end(struct entry_list *entries, struct entry *entry);

const char *ledger_account_format(enum ledger_account account);
bool ledger_account_parse(const char *text, enum ledger_account *ret_account);
