/* Subscriptions: the action table of rules §4, cell by cell, and what counts as held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "subscription/subscription.h"
#include "support/pure.h"

/* The columns, as in rules §4; then the two that have none. */
static const struct column {
    enum subscription_status status;
    bool past_due;
} COLUMNS[] = {
    {SUBSCRIPTION_SCHEDULED, false}, {SUBSCRIPTION_TRIAL, false},   {SUBSCRIPTION_ACTIVE, false},
    {SUBSCRIPTION_ACTIVE, true},     {SUBSCRIPTION_EXPIRED, false}, {SUBSCRIPTION_DISABLED, false},
    {SUBSCRIPTION_DELETED, false},   {SUBSCRIPTION_PLANNED, false},
};
enum { COLUMN_COUNT = sizeof COLUMNS / sizeof *COLUMNS };

#define YES OK
#define TRIAL ERR_TRIAL_NOT_BOUGHT
#define DUE ERR_PAST_DUE
#define GONE ERR_SUBSCRIPTION_DELETED
#define LIVE ERR_SUBSCRIPTION_ACTIVE
#define NOT ERR_SUBSCRIPTION_NOT_ACTIVE

static const struct {
    enum subscription_action action;
    enum err answers[COLUMN_COUNT];
} ROWS[ACTION_COUNT] = {
    /*                          sched. trial  active due  expir. disab. deleted planned */
    {ACTION_BUY_LICENSES, {NOT, TRIAL, YES, DUE, NOT, NOT, GONE, NOT}},
    {ACTION_REMOVE_LICENSES, {NOT, TRIAL, YES, DUE, NOT, NOT, GONE, NOT}},
    {ACTION_BUY_ADDON, {NOT, TRIAL, YES, DUE, NOT, NOT, GONE, NOT}},
    {ACTION_BILLING, {NOT, TRIAL, YES, DUE, NOT, NOT, GONE, NOT}},
    {ACTION_CHANGE_PLAN, {NOT, TRIAL, YES, DUE, NOT, NOT, GONE, NOT}},
    {ACTION_ASSIGN, {NOT, YES, YES, YES, YES, NOT, GONE, NOT}},
    {ACTION_UNASSIGN, {NOT, YES, YES, YES, YES, YES, GONE, NOT}},
    {ACTION_RECURRING_BILLING, {NOT, YES, YES, YES, NOT, NOT, GONE, NOT}},
    {ACTION_REPLACE_METHOD, {YES, YES, YES, YES, YES, YES, GONE, NOT}},
    {ACTION_CANCEL, {YES, YES, YES, YES, NOT, NOT, GONE, NOT}},
    {ACTION_PAY_BALANCE, {NOT, TRIAL, YES, YES, YES, YES, GONE, NOT}},
    {ACTION_REACTIVATE, {NOT, TRIAL, LIVE, LIVE, YES, YES, GONE, NOT}},
    {ACTION_DELETE, {NOT, TRIAL, LIVE, LIVE, NOT, YES, GONE, NOT}},
    {ACTION_BUY_TRIAL, {NOT, YES, LIVE, LIVE, YES, YES, GONE, NOT}},
};

static struct subscription make(struct column column)
{
    return (struct subscription){
        .id = "sub_1",
        .status = column.status,
        .past_due_at = column.past_due ? 1000 : INSTANT_NONE,
    };
}

static void test_action_table(void **state)
{
    (void)state;
    struct context cx = pure_context();
    for (size_t row = 0; row < ACTION_COUNT; row++) {
        for (size_t i = 0; i < COLUMN_COUNT; i++) {
            struct subscription sub = make(COLUMNS[i]);
            enum err expected = ROWS[row].answers[i];
            fault_clear(&cx);
            enum err err = subscription_check_action(&cx, &sub, ROWS[row].action);
            if (err != expected)
                fail_msg("row %zu, column %zu: %s instead of %s", row, i, err_code(err),
                         err_code(expected));
            assert_int_equal(cx.fault.code, expected);
            assert_int_equal(subscription_allows(&sub, ROWS[row].action), expected == OK);
        }
    }
    pure_end(&cx);
}

/* Every action has its row above. */
static void test_table_is_whole(void **state)
{
    (void)state;
    bool seen[ACTION_COUNT] = {0};
    for (size_t row = 0; row < ACTION_COUNT; row++)
        seen[ROWS[row].action] = true;
    for (size_t i = 0; i < ACTION_COUNT; i++)
        assert_true(seen[i]);
}

static void test_refusal_names_the_subscription(void **state)
{
    (void)state;
    struct context cx = pure_context();
    struct subscription sub = make((struct column){SUBSCRIPTION_EXPIRED, false});
    enum err err = subscription_check_action(&cx, &sub, ACTION_CANCEL);
    assert_int_equal(err, ERR_SUBSCRIPTION_NOT_ACTIVE);
    assert_string_equal(fault_arg(&cx.fault, "subscription"), "sub_1");
    assert_string_equal(fault_arg(&cx.fault, "status"), "expired");
    pure_end(&cx);
}

static void test_held_and_working(void **state)
{
    (void)state;
    /*                                          sched. trial active due expir. disab. del. pl. */
    static const bool HELD[COLUMN_COUNT] = {false, false, true, false, false, false, false, false};
    static const bool WORKS[COLUMN_COUNT] = {false, true, true, true, true, false, false, false};
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        struct subscription sub = make(COLUMNS[i]);
        assert_int_equal(subscription_is_held(&sub), HELD[i]);
        assert_int_equal(subscription_is_working(&sub), WORKS[i]);
        assert_int_equal(subscription_is_past_due(&sub), COLUMNS[i].past_due);
    }
}

static void test_words(void **state)
{
    (void)state;
    static const char *const STATUSES[SUBSCRIPTION_STATUS_COUNT] = {
        "planned", "scheduled", "trial", "active", "expired", "disabled", "deleted"};
    enum subscription_status status;
    for (size_t i = 0; i < SUBSCRIPTION_STATUS_COUNT; i++) {
        assert_string_equal(subscription_status_format((enum subscription_status)i), STATUSES[i]);
        assert_true(subscription_status_parse(STATUSES[i], &status));
        assert_int_equal(status, i);
    }
    assert_false(subscription_status_parse("past_due", &status));

    static const enum ended_by ENDS[] = {ENDED_NOT, ENDED_BY_TERM, ENDED_BY_CANCEL,
                                         ENDED_BY_NON_PAYMENT, ENDED_BY_SUPPORT};
    enum ended_by ended_by;
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        assert_true(ended_by_parse(ended_by_format(ENDS[i]), &ended_by));
        assert_int_equal(ended_by, ENDS[i]);
    }
    assert_string_equal(ended_by_format(ENDED_BY_NON_PAYMENT), "non_payment");
    assert_false(ended_by_parse("other", &ended_by));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_action_table),
        cmocka_unit_test(test_table_is_whole),
        cmocka_unit_test(test_refusal_names_the_subscription),
        cmocka_unit_test(test_held_and_working),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
