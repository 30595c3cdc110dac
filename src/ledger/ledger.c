#include "ledger/ledger.h"

static const char *const ACCOUNTS[LEDGER_ACCOUNT_COUNT] = {
    [LEDGER_RECEIVABLE] = "receivable",
    [LEDGER_DEFERRED_REVENUE] = "deferred_revenue",
    [LEDGER_REVENUE] = "revenue",
    [LEDGER_TAX_PAYABLE] = "tax_payable",
    [LEDGER_CREDIT_BALANCE] = "credit_balance",
    [LEDGER_UNAPPLIED_CASH] = "unapplied_cash",
    [LEDGER_CASH_SANDBOX] = "cash_sandbox",
    [LEDGER_CASH_TRANSFER] = "cash_transfer",
    [LEDGER_REFUNDS_IN_TRANSIT] = "refunds_in_transit",
    [LEDGER_DISPUTES] = "disputes",
    [LEDGER_FEES] = "fees",
    [LEDGER_WRITE_OFF] = "write_off",
    [LEDGER_ROUNDING] = "rounding",
};

struct entry *ledger_begin(struct context *cx, struct entry_list *entries,
                           const char *billing_account, const char *kind, const char *cause,
                           civil_day on)
{
    struct entry *entry = ARENA_NEW(cx->arena, struct entry);
    *entry = (struct entry){
        .id = id_next(cx, "ent"),
        .billing_account = billing_account,
        .cause = cause,
        .kind = kind,
        .on = on,
    };
    list_push(cx->arena, entries, entry);
    return entry;
}

void ledger_post(struct entry *entry, enum ledger_account account, struct money amount)
{
    if (money_is_zero(amount))
        return;
    assert(entry->posting_count < ENTRY_POSTINGS_MAX);
    entry->postings[entry->posting_count++] = (struct posting){account, amount};
}

/* "entries that sum to zero in each currency" (rules §6). */
static bool sums_to_zero(const struct entry *entry, const char *currency)
{
    struct money sum = money_zero(currency);
    for (size_t i = 0; i < entry->posting_count; i++)
        if (strcmp(entry->postings[i].amount.currency, currency) == 0)
            sum = money_add(sum, entry->postings[i].amount);
    return money_is_zero(sum);
}

static void drop_entry(struct entry_list *entries, const struct entry *entry)
{
    size_t kept = 0;
    for (size_t i = 0; i < entries->count; i++)
        if (entries->items[i] != entry)
            entries->items[kept++] = entries->items[i];
    entries->count = kept;
}

void ledger_end(struct entry_list *entries, struct entry *entry)
{
    for (size_t i = 0; i < entry->posting_count; i++)
        assert(sums_to_zero(entry, entry->postings[i].amount.currency));
    if (entry->posting_count == 0)
        drop_entry(entries, entry);
}

const char *ledger_account_format(enum ledger_account account)
{
    return ACCOUNTS[account];
}

bool ledger_account_parse(const char *text, enum ledger_account *ret_account)
{
    for (size_t i = 0; i < LEDGER_ACCOUNT_COUNT; i++) {
        if (strcmp(ACCOUNTS[i], text) == 0) {
            *ret_account = (enum ledger_account)i;
            return true;
        }
    }
    return false;
}
