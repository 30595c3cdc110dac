/* Subscriptions: what a customer holds. A traditional add-on is a subscription with a parent
 * (rules §3, §4). Pure. */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"
#include "base/money.h"
#include "base/period.h"
#include "base/row.h"

enum subscription_status {
    SUBSCRIPTION_PLANNED, /* of an order that awaits payment: holds its place, is nothing yet */
    SUBSCRIPTION_SCHEDULED,
    SUBSCRIPTION_TRIAL,
    SUBSCRIPTION_ACTIVE,
    SUBSCRIPTION_EXPIRED,
    SUBSCRIPTION_DISABLED,
    SUBSCRIPTION_DELETED,
    SUBSCRIPTION_STATUS_COUNT
};

enum { TRIAL_EXTEND_DAYS_MAX = 15 }; /* "when 15 days or fewer remain" (rules §4) */

/* Why it left *active*; decides how it can come back (rules §4). */
enum ended_by {
    ENDED_NOT,
    ENDED_BY_TERM,
    ENDED_BY_CANCEL,
    ENDED_BY_NON_PAYMENT,
    ENDED_BY_SUPPORT,
    ENDED_BY_PLAN_CHANGE, /* a child that the new plan makes needless */
};

/* What can be asked of a subscription: the rows of the action table (rules §4). */
enum subscription_action {
    ACTION_BUY_LICENSES,
    ACTION_REMOVE_LICENSES,
    ACTION_BUY_ADDON,
    ACTION_BILLING,
    ACTION_CHANGE_PLAN,
    ACTION_ASSIGN,
    ACTION_UNASSIGN,
    ACTION_RECURRING_BILLING,
    ACTION_REPLACE_METHOD,
    ACTION_CANCEL,
    ACTION_PAY_BALANCE,
    ACTION_REACTIVATE,
    ACTION_DELETE,
    ACTION_BUY_TRIAL,
    ACTION_COUNT
};

struct subscription {
    const char *id;
    const char *customer;
    const char *account;
    const char *parent; /* sub_… of a traditional add-on's base, or NULL */
    const char *order;  /* the order whose document it is on (an add-on: its base's) */
    const char *name;   /* sort key: given by a simulation; else the id */
    const char *offer;
    int64_t catalog; /* number of the catalogue version it is pinned to */
    enum subscription_status status;
    instant past_due_at; /* INSTANT_NONE: not past due */
    int64_t quantity;
    enum term term;
    enum billing billing;
    char currency[CURRENCY_SIZE];
    const char *payment_method;

    civil_day anchor_on; /* keeps 29, 30, 31 */
    civil_day start_on;  /* first day, also when scheduled */
    civil_day period_start;
    civil_day period_end;
    civil_day term_start;
    civil_day term_end;
    civil_day trial_end; /* DAY_NONE: never on trial */

    int64_t assigned;      /* licences given to people (rules §5) */
    civil_day conflict_on; /* more assigned than owned since then; DAY_NONE: not */

    int64_t next_catalog;    /* the version of the price announced; 0: none is (rules §1) */
    civil_day next_price_on; /* from which day on, a renewal */
    struct money next_price; /* what a whole period costs then */

    bool recurring_billing;
    bool requirement_lost;
    enum ended_by ended_by;
    civil_day status_on;  /* the day its present status began */
    instant activated_at; /* purchase; opens the agreement account's window. INSTANT_NONE: a trial
                             that was never bought, or nothing yet */
    int64_t version;
    instant created_at;
    bool only_foreseen; /* in memory: touched for its next price alone, by no command */
    enum row row;
};

/* One step of a subscription's life, for history. */
struct subscription_change {
    const char *subscription;
    enum subscription_status status;
    civil_day on;
    instant at;
    const char *cause;
};

LIST_TYPE(subscription_list, struct subscription);
LIST_TYPE(subscription_change_list, struct subscription_change);

/* Licences added at one instant to a subscription of an agreement account, and how many of them
 * have not been taken back: within 168 hours they may be (rules §4, Licences). */
struct subscription_batch {
    const char *subscription;
    instant added_at;
    int64_t left;
    enum row row;
};
LIST_TYPE(subscription_batch_list, struct subscription_batch);

const char *subscription_status_format(enum subscription_status status);
bool subscription_status_parse(const char *text, enum subscription_status *ret_status);
const char *ended_by_format(enum ended_by ended_by);
bool ended_by_parse(const char *text, enum ended_by *ret_ended_by);

/* Begins a term on a day, which becomes the anchor: the first period and the whole term. */
void subscription_start_term(struct subscription *subscription, civil_day start_on);

/* Lets the first term, which has begun, end on a day of the grid of `anchor_on`: its periods are
 * cut backwards from there (rules §4, Coterminous). */
void subscription_end_on(struct subscription *subscription, civil_day end_on, civil_day anchor_on);

/* Goes on to the next period, and to the next term when this one is over: a whole one, or with
 * `end_on` other than DAY_NONE one that ends there. */
void subscription_move_on(struct subscription *subscription, civil_day end_on, civil_day anchor_on);
/* Days of the whole, unshortened period that ends with the present one. */
int64_t subscription_whole_days(const struct subscription *subscription);

bool subscription_is_past_due(const struct subscription *subscription);
/* Held for `requires` and as a base: active, not past due, not a trial (rules §2). */
bool subscription_is_held(const struct subscription *subscription);
/* A trial that was never bought, going on or over (rules §4). */
bool subscription_is_trial(const struct subscription *subscription);
/* Its features work: trial, active (past due too) or expired (rules §4). */
bool subscription_is_working(const struct subscription *subscription);

/* Refuses what the action table does not allow in the present state, with the code that says
 * what to do first (rules §4). */
enum err subscription_check_action(struct context *cx, const struct subscription *subscription,
                                   enum subscription_action action);
/* Says whether the table allows it. */
bool subscription_allows(const struct subscription *subscription, enum subscription_action action);
