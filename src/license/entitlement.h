/* What a customer may use: the features of the subscriptions that work (rules §1, features; §4).
 * Switches are reference-counted: one is enough; limits take the maximum; quotas add up. Pure. */
#pragma once

#include "catalog/catalog.h"
#include "subscription/subscription.h"

/* A subscription that may grant something. */
struct entitlement_source {
    const char *subscription;
    const char *parent;        /* of an add-on that has one; else NULL */
    const struct offer *offer; /* in the subscription's own version */
    int64_t quantity;
    civil_day until; /* the first day without it as things stand; DAY_NONE: it goes on */
    bool grants;     /* out: it has the feature */
};

struct entitlement {
    bool entitled;
    enum feature_type type; /* when entitled */
    int64_t value;          /* of a limit or quota */
    civil_day until;        /* of what lasts longest; DAY_NONE: no end in sight */
};

/* Makes a source one of a user: what is assigned to people is theirs by a licence only, and of it
 * each has one unit; what is of the whole organisation is everybody's. False: it is not theirs. */
bool entitlement_is_of_user(struct entitlement_source *source, bool holds_license);

/* The names of all features of the sources, sorted, each once. */
const char **entitlement_names(struct arena *arena, const struct entitlement_source *sources,
                               size_t count, size_t *ret_count);

/* What a feature comes to for a quantity: a quota for each unit, all else as it is. */
int64_t entitlement_amount(const struct feature *feature, int64_t quantity);

/* Judges one feature; marks the sources that grant it. */
struct entitlement entitlement_judge(struct entitlement_source *sources, size_t count,
                                     const char *feature);

/* The first quota of an offer; NULL: it has none. */
const struct feature *entitlement_find_quota(const struct offer *offer);
/* Is it storage: a quota of the whole organisation, sold by the gigabyte? */
bool entitlement_is_storage(const struct offer *offer);

/* The first day on which a working subscription works no more, should nobody act: with recurring
 * billing never; else its grace days after its term, or its trial (rules §4). Those of an
 * add-on that has a parent are its parent's. */
civil_day entitlement_until(enum subscription_status status, bool recurring_billing,
                            civil_day term_end, civil_day status_on, civil_day grace_days);
