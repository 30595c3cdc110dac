#include "subscription/subscription.h"

static const char *const STATUSES[SUBSCRIPTION_STATUS_COUNT] = {
    [SUBSCRIPTION_PLANNED] = "planned", [SUBSCRIPTION_SCHEDULED] = "scheduled",
    [SUBSCRIPTION_TRIAL] = "trial",     [SUBSCRIPTION_ACTIVE] = "active",
    [SUBSCRIPTION_EXPIRED] = "expired", [SUBSCRIPTION_DISABLED] = "disabled",
    [SUBSCRIPTION_DELETED] = "deleted",
};

static const char *const ENDED_BY[] = {
    [ENDED_NOT] = "",
    [ENDED_BY_TERM] = "term",
    [ENDED_BY_CANCEL] = "cancel",
    [ENDED_BY_NON_PAYMENT] = "non_payment",
    [ENDED_BY_SUPPORT] = "support",
    [ENDED_BY_PLAN_CHANGE] = "plan_change",
};

const char *subscription_status_format(enum subscription_status status)
{
    return STATUSES[status];
}

bool subscription_status_parse(const char *text, enum subscription_status *ret_status)
{
    for (size_t i = 0; i < SUBSCRIPTION_STATUS_COUNT; i++) {
        if (strcmp(STATUSES[i], text) == 0) {
            *ret_status = (enum subscription_status)i;
            return true;
        }
    }
    return false;
}

const char *ended_by_format(enum ended_by ended_by)
{
    return ENDED_BY[ended_by];
}

bool ended_by_parse(const char *text, enum ended_by *ret_ended_by)
{
    for (size_t i = 0; i < sizeof ENDED_BY / sizeof *ENDED_BY; i++) {
        if (strcmp(ENDED_BY[i], text) == 0) {
            *ret_ended_by = (enum ended_by)i;
            return true;
        }
    }
    return false;
}

void subscription_start_term(struct subscription *subscription, civil_day start_on)
{
    int period = billing_months(subscription->term, subscription->billing);
    subscription->anchor_on = start_on;
    subscription->period_start = subscription->term_start = start_on;
    subscription->period_end = period_end(start_on, start_on, period);
    subscription->term_end = period_end(start_on, start_on, term_months(subscription->term));
}

void subscription_end_on(struct subscription *subscription, civil_day end_on, civil_day anchor_on)
{
    int period = billing_months(subscription->term, subscription->billing);
    subscription->anchor_on = anchor_on;
    subscription->term_end = end_on;
    subscription->period_end = period_cut_end(anchor_on, end_on, subscription->term_start, period);
}

void subscription_move_on(struct subscription *subscription, civil_day end_on, civil_day anchor_on)
{
    civil_day start_on = subscription->period_end;
    int period = billing_months(subscription->term, subscription->billing);
    int term = term_months(subscription->term);
    if (start_on >= subscription->term_end) {
        subscription->term_start = subscription->term_end;
        subscription->term_end =
            period_end(subscription->anchor_on, subscription->term_start, term);
    }
    subscription->period_start = start_on;
    subscription->period_end = period_end(subscription->anchor_on, start_on, period);
    if (subscription->period_end > subscription->term_end)
        subscription->period_end = subscription->term_end;
    if (end_on != DAY_NONE)
        subscription_end_on(subscription, end_on, anchor_on);
}

int64_t subscription_whole_days(const struct subscription *subscription)
{
    int period = billing_months(subscription->term, subscription->billing);
    return subscription->period_end -
           period_whole_start(subscription->anchor_on, subscription->period_end, period);
}

bool subscription_is_past_due(const struct subscription *subscription)
{
    return subscription->status == SUBSCRIPTION_ACTIVE && subscription->past_due_at != INSTANT_NONE;
}

bool subscription_is_held(const struct subscription *subscription)
{
    return subscription->status == SUBSCRIPTION_ACTIVE && subscription->past_due_at == INSTANT_NONE;
}

bool subscription_is_trial(const struct subscription *subscription)
{
    return subscription->trial_end != DAY_NONE && subscription->activated_at == INSTANT_NONE;
}

bool subscription_is_working(const struct subscription *subscription)
{
    return subscription->status == SUBSCRIPTION_TRIAL ||
           subscription->status == SUBSCRIPTION_ACTIVE ||
           subscription->status == SUBSCRIPTION_EXPIRED;
}
