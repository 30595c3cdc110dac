#include "subscription/subscription.h"

/* The columns of the action table. */
enum {
    SCHEDULED = 1,
    TRIAL = 2,
    ACTIVE = 4,
    PAST_DUE = 8,
    EXPIRED = 16,
    DISABLED = 32,
};

/* "What is possible in which state" (rules §4). */
static const unsigned ALLOWED_IN[ACTION_COUNT] = {
    [ACTION_BUY_LICENSES] = ACTIVE,
    [ACTION_REMOVE_LICENSES] = ACTIVE,
    [ACTION_BUY_ADDON] = ACTIVE,
    [ACTION_BILLING] = ACTIVE,
    [ACTION_CHANGE_PLAN] = ACTIVE,
    [ACTION_ASSIGN] = TRIAL | ACTIVE | PAST_DUE | EXPIRED,
    [ACTION_UNASSIGN] = TRIAL | ACTIVE | PAST_DUE | EXPIRED | DISABLED,
    [ACTION_RECURRING_BILLING] = TRIAL | ACTIVE | PAST_DUE,
    [ACTION_REPLACE_METHOD] = SCHEDULED | TRIAL | ACTIVE | PAST_DUE | EXPIRED | DISABLED,
    [ACTION_CANCEL] = SCHEDULED | TRIAL | ACTIVE | PAST_DUE,
    [ACTION_PAY_BALANCE] = ACTIVE | PAST_DUE | EXPIRED | DISABLED,
    [ACTION_REACTIVATE] = EXPIRED | DISABLED,
    [ACTION_DELETE] = DISABLED,
    [ACTION_BUY_TRIAL] = TRIAL | EXPIRED | DISABLED, /* of what is a trial */
};

/* The column of a subscription; 0 for what is in none: planned and deleted. Past due is a flag
 * on active only. */
static unsigned find_column(const struct subscription *subscription)
{
    switch (subscription->status) {
    case SUBSCRIPTION_SCHEDULED:
        return SCHEDULED;
    case SUBSCRIPTION_TRIAL:
        return TRIAL;
    case SUBSCRIPTION_ACTIVE:
        return subscription_is_past_due(subscription) ? PAST_DUE : ACTIVE;
    case SUBSCRIPTION_EXPIRED:
        return EXPIRED;
    case SUBSCRIPTION_DISABLED:
        return DISABLED;
    case SUBSCRIPTION_PLANNED:
    case SUBSCRIPTION_DELETED:
    case SUBSCRIPTION_STATUS_COUNT:
        break;
    }
    return 0;
}

bool subscription_allows(const struct subscription *subscription, enum subscription_action action)
{
    return (ALLOWED_IN[action] & find_column(subscription)) != 0;
}

/* "anything else is refused and says what to do first: trial_not_bought, past_due,
 * subscription_deleted, subscription_active (reactivate, delete or buy trial of an active or
 * past-due one), …, else subscription_not_active" (rules §4). */
static enum err find_refusal(const struct subscription *subscription,
                             enum subscription_action action)
{
    unsigned column = find_column(subscription);
    if (subscription->status == SUBSCRIPTION_DELETED)
        return ERR_SUBSCRIPTION_DELETED;
    if (column == TRIAL)
        return ERR_TRIAL_NOT_BOUGHT;
    if ((column == ACTIVE || column == PAST_DUE) &&
        (action == ACTION_REACTIVATE || action == ACTION_DELETE || action == ACTION_BUY_TRIAL))
        return ERR_SUBSCRIPTION_ACTIVE;
    if (column == PAST_DUE)
        return ERR_PAST_DUE;
    return ERR_SUBSCRIPTION_NOT_ACTIVE;
}

enum err subscription_check_action(struct context *cx, const struct subscription *subscription,
                                   enum subscription_action action)
{
    if (subscription_allows(subscription, action))
        return OK;
    return fault(cx, find_refusal(subscription, action), "subscription", subscription->id, "status",
                 subscription_status_format(subscription->status), NULL);
}
