/* Revenue against the lines that earn it: "revenue is earned by day" (rules §6, Ledger). */
#include "engine/doctor_store.h"

#include "customer/customer_store.h"
#include "db/db.h"
#include "invoice/invoice_store.h"
#include "ledger/ledger.h"

static enum err load_posted(struct context *cx, const struct account *account, int64_t *ret_minor)
{
    return db_one_integer(cx, ret_minor,
                          "SELECT CAST(-COALESCE(SUM(amount_minor), 0) AS bigint) FROM posting"
                          " WHERE customer = $1 AND account = $2 AND ledger_account = $3",
                          DB_ARGS(db_text(cx->customer), db_text(account->id),
                                  db_text(ledger_account_format(LEDGER_REVENUE))));
}

/* Posted is what all lines earned before `earned_until`, each anew from its first day. */
static enum err check_earned(struct context *cx, struct doctor *doctor)
{
    struct account_list accounts = {0};
    TRY(account_load_all(cx, &accounts));
    for (size_t i = 0; i < accounts.count; i++) {
        const struct account *account = accounts.items[i];
        struct revenue_line_list lines = {0};
        int64_t posted;
        TRY(invoice_load_earning(cx, account->id, DAY_NONE, &lines));
        TRY(load_posted(cx, account, &posted));
        struct money earned = money_zero(account->currency);
        if (account->earned_until != DAY_NONE)
            earned = revenue_earned(&lines, account->currency, DAY_NONE, account->earned_until);
        doctor_compare(doctor, account->id, earned.minor, posted);
    }
    return OK;
}

/* What is left to earn has a day on which it is posted, the first of a month; revenue is posted
 * for months that are over, so the next is the month after the last. */
static enum err check_days(struct context *cx, struct doctor *doctor)
{
    struct account_list accounts = {0};
    TRY(account_load_all(cx, &accounts));
    for (size_t i = 0; i < accounts.count; i++) {
        const struct account *account = accounts.items[i];
        struct revenue_line_list lines = {0};
        bool is_left = false;
        TRY(invoice_load_earning(cx, account->id, account->earned_until, &lines));
        for (size_t l = 0; l < lines.count; l++) {
            const struct revenue_line *line = lines.items[l];
            is_left = is_left || account->earned_until == DAY_NONE ||
                      revenue_is_left(line->from_on, line->to_on, account->earned_until);
        }
        if (is_left != (account->earn_on != DAY_NONE))
            doctor_note(doctor, account->id, is_left ? "a day to earn what is left" : NULL,
                        is_left ? NULL : "one, with nothing left to earn");
        if (account->earn_on != DAY_NONE && account->earn_on != revenue_month(account->earn_on))
            doctor_note(doctor, account->id, "the first of a month", "another day");
        if (account->earn_on != DAY_NONE && account->earned_until >= account->earn_on)
            doctor_note(doctor, account->id, "a day after what is posted", "an earlier day");
    }
    return OK;
}

const struct doctor_check DOCTOR_REVENUE_CHECKS[] = {
    {.name = "revenue", .run = check_earned},
    {.name = "revenue_days", .run = check_days},
    {.name = NULL},
};
