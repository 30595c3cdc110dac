/* The ledger's entries (rules §6, Ledger), and the words of ledger, payment and customer. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "customer/customer.h"
#include "ledger/ledger.h"
#include "payment/payment.h"
#include "support/pure.h"

static struct money eur(int64_t minor)
{
    return money_of(minor, "EUR");
}

static void test_entry(void **state)
{
    (void)state;
    struct context cx = pure_context();
    struct entry_list entries = {0};
    struct entry *entry =
        ledger_begin(&cx, &entries, "acc_1", "invoice", "inv_1", pure_day("2026-02-01"));
    ledger_post(entry, LEDGER_RECEIVABLE, eur(1200));
    ledger_post(entry, LEDGER_DEFERRED_REVENUE, eur(-1000));
    ledger_post(entry, LEDGER_TAX_PAYABLE, eur(-200));
    ledger_post(entry, LEDGER_ROUNDING, eur(0));
    ledger_end(&entries, entry);

    assert_int_equal(entries.count, 1);
    assert_ptr_equal(entries.items[0], entry);
    assert_true(id_is(entry->id, "ent"));
    assert_string_equal(entry->billing_account, "acc_1");
    assert_string_equal(entry->kind, "invoice");
    assert_string_equal(entry->cause, "inv_1");
    assert_int_equal(entry->on, pure_day("2026-02-01"));
    assert_int_equal(entry->posting_count, 3); /* nothing of zero */
    assert_int_equal(entry->postings[2].account, LEDGER_TAX_PAYABLE);
    assert_int_equal(entry->postings[2].amount.minor, -200);
    pure_end(&cx);
}

static void test_entry_without_postings_is_dropped(void **state)
{
    (void)state;
    struct context cx = pure_context();
    struct entry_list entries = {0};
    civil_day on = pure_day("2026-02-01");
    struct entry *first = ledger_begin(&cx, &entries, "acc_1", "invoice", "inv_1", on);
    struct entry *empty = ledger_begin(&cx, &entries, "acc_1", "invoice", "inv_2", on);
    ledger_post(first, LEDGER_RECEIVABLE, eur(5));
    ledger_post(first, LEDGER_REVENUE, eur(-5));
    ledger_end(&entries, empty);
    ledger_end(&entries, first);
    assert_int_equal(entries.count, 1);
    assert_ptr_equal(entries.items[0], first);
    pure_end(&cx);
}

/* Ends an entry with these postings in a process of its own; says whether it survived. */
static bool can_end(struct money a, struct money b, struct money c)
{
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(0);
        signal(SIGABRT, SIG_DFL);
        struct context cx = pure_context();
        struct entry_list entries = {0};
        struct entry *entry = ledger_begin(&cx, &entries, "acc_1", "test", "test", 0);
        ledger_post(entry, LEDGER_RECEIVABLE, a);
        ledger_post(entry, LEDGER_REVENUE, b);
        ledger_post(entry, LEDGER_ROUNDING, c);
        ledger_end(&entries, entry);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* "sum to zero in each currency": anything else is a fault of the program. */
static void test_entry_must_balance(void **state)
{
    (void)state;
    struct money usd = money_of(-100, "USD");
    assert_true(can_end(eur(100), eur(-99), eur(-1)));
    assert_false(can_end(eur(100), eur(-99), eur(0)));
    assert_false(can_end(eur(100), usd, eur(0)));
    assert_false(can_end(eur(100), eur(-100), usd));
}

static void test_accounts(void **state)
{
    (void)state;
    static const char *const WORDS[LEDGER_ACCOUNT_COUNT] = {
        "receivable",         "deferred_revenue", "revenue",      "tax_payable",
        "credit_balance",     "unapplied_cash",   "cash_sandbox", "cash_transfer",
        "refunds_in_transit", "disputes",         "fees",         "write_off",
        "rounding",
    };
    enum ledger_account account = LEDGER_FEES;
    for (size_t i = 0; i < LEDGER_ACCOUNT_COUNT; i++) {
        assert_string_equal(ledger_account_format((enum ledger_account)i), WORDS[i]);
        assert_true(ledger_account_parse(WORDS[i], &account));
        assert_int_equal(account, i);
    }
    account = LEDGER_FEES;
    assert_false(ledger_account_parse("cash", &account));
    assert_int_equal(account, LEDGER_FEES);
}

static void test_payment_words(void **state)
{
    (void)state;
    static const char *const KINDS[] = {"card", "sepa_debit", "transfer"};
    static const char *const STATES[] = {"requested", "pending", "action_required",
                                         "succeeded", "failed",  "unknown"};
    static const char *const REFUNDS[] = {"requested", "succeeded", "failed"};
    enum method_kind kind;
    enum payment_state payment;
    enum refund_state refund;
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        assert_string_equal(method_kind_format((enum method_kind)i), KINDS[i]);
        assert_true(method_kind_parse(KINDS[i], &kind));
        assert_int_equal(kind, i);
        assert_int_equal(method_is_asked_first((enum method_kind)i), i == METHOD_CARD);
    }
    for (size_t i = 0; i < sizeof STATES / sizeof *STATES; i++) {
        assert_string_equal(payment_state_format((enum payment_state)i), STATES[i]);
        assert_true(payment_state_parse(STATES[i], &payment));
        assert_int_equal(payment, i);
    }
    for (size_t i = 0; i < sizeof REFUNDS / sizeof *REFUNDS; i++) {
        assert_string_equal(refund_state_format((enum refund_state)i), REFUNDS[i]);
        assert_true(refund_state_parse(REFUNDS[i], &refund));
        assert_int_equal(refund, i);
    }
    assert_false(method_kind_parse("cash", &kind));
    assert_false(payment_state_parse("", &payment));
    assert_false(refund_state_parse("pending", &refund));
}

static void test_account_types(void **state)
{
    (void)state;
    enum account_type type;
    assert_string_equal(account_type_format(ACCOUNT_CLASSIC), "classic");
    assert_string_equal(account_type_format(ACCOUNT_AGREEMENT), "agreement");
    assert_true(account_type_parse("classic", &type));
    assert_int_equal(type, ACCOUNT_CLASSIC);
    assert_true(account_type_parse("agreement", &type));
    assert_int_equal(type, ACCOUNT_AGREEMENT);
    assert_false(account_type_parse("Classic", &type));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entry),
        cmocka_unit_test(test_entry_without_postings_is_dropped),
        cmocka_unit_test(test_entry_must_balance),
        cmocka_unit_test(test_accounts),
        cmocka_unit_test(test_payment_words),
        cmocka_unit_test(test_account_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
