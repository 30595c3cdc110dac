/* Which offers are available to a customer, and precisely why not (rules §2). Pure.
 *
 * The same function judges the list, the product page, the cart, *Place order*, the purchase of
 * a trial and reactivation. Read judge_offer in eligibility.c first: it reads like the table
 * of rules §2.
 */
#pragma once

#include "base/context.h"
#include "catalog/catalog.h"
#include "customer/customer.h"
#include "subscription/subscription.h"

/* Something that counts for eligibility: a subscription, or a line of a cart or of an order. */
struct holding {
    const char *subscription; /* id, or the line's name in its cart */
    const char *name;         /* sort key and name in simulations */
    const char *offer;
    const char *parent; /* id or line name of its base, or NULL */
    const char *account;
    enum subscription_status status; /* of a cart's line: TRIAL, or anything else that lives */
    bool past_due;
    bool change_pending; /* an order or plan change on it is under way */
    bool in_cart;        /* a line of the cart being judged: held for the others, unless it is a
                            trial or starts later than they do */
    civil_day start_on;  /* a cart line's start; DAY_NONE: today */
    int64_t quantity;
    enum term term;
    enum billing billing;
};

/* What is judged: everything the customer holds on all its accounts, and where it would buy. */
struct eligibility_input {
    const struct catalog *catalog;
    const struct holding *holdings;
    size_t holding_count;
    const char *account;
    enum account_type account_type;
    const char *country;
    const char *currency;
    civil_day today;
    /* Trials bought and subscriptions brought back are not asked whether they are on sale or
     * sold in the country (rules §2). */
    bool ignore_sale_and_country;
};

/* Reasons against, in the order in which they are given. */
enum reason_code {
    REASON_NOT_ON_SALE,
    REASON_COUNTRY,
    REASON_CURRENCY,
    REASON_REQUIRES,
    REASON_BASE_NOT_ACTIVE,
    REASON_PRICE,
    REASON_EXCLUDED_BY,
    REASON_LIMIT_PER_CUSTOMER,
    REASON_ALREADY_ON_BASE,
    REASON_CHANGE_PENDING,
    REASON_COUNT
};

struct quantity_bounds {
    int64_t min;
    int64_t max;
    int64_t step;
};

/* The answer for one offer: what can be chosen when it is available, else all reasons against.
 *
 * Offers that a reason names, unique and in catalogue order: `requires`: what is missing, all of
 * an any_of or connects_to of which none is held; `base_not_active`: what would do if it were
 * active; `excluded_by`: what is in the way; `price`, `already_on_base` and `change_pending`: the
 * bases concerned. The others name none: what they say concerns the offer itself. */
struct availability {
    const struct offer *offer;
    bool available;                     /* no reasons */
    const struct holding **connects_to; /* possible bases, by name; traditional on classic */
    size_t connects_to_count;
    struct quantity_bounds quantity;
    const struct price **prices; /* of the currency, and for a traditional add-on on classic of a
                                    possible base's term and billing; in catalogue order */
    size_t price_count;
    struct reason *reasons;
    enum reason_code *reason_codes; /* beside `reasons` */
    size_t reason_count;
};

/* Judges one offer of the input's catalogue. `base`: the holding that an order names, which is
 * then the only one that is narrowed (traditional, classic); NULL for the list. One that is not
 * among the holdings is not held, such as a deleted one. `self`: the cart's line that is judged,
 * one of the holdings, which does not count against itself; NULL for the list. */
void eligibility_judge(struct context *cx, const struct eligibility_input *input,
                       const struct offer *offer, const struct holding *base,
                       const struct holding *self, struct availability *ret_availability);

/* Judges every offer of the catalogue, in its order. */
void eligibility_list(struct context *cx, const struct eligibility_input *input,
                      struct availability **ret_items, size_t *ret_count);

/* Says whether what the customer holds meets the offer's `requires` (on agreement accounts also
 * its `connects_to`); for the flag `requirement_lost` and for what a removal takes along. */
bool eligibility_meets_requirements(struct context *cx, const struct eligibility_input *input,
                                    const struct offer *offer);

/* Bounds of a quantity: the offer's own, narrowed by percentages of the seats held, min rounded
 * up and max down to a multiple of the step (rules §1). */
struct quantity_bounds eligibility_quantity(const struct eligibility_input *input,
                                            const struct offer *offer);
/* Refuses a quantity outside of the bounds with ERR_QUANTITY_OUT_OF_RANGE. */
enum err eligibility_check_quantity(struct context *cx, const struct offer *offer,
                                    struct quantity_bounds bounds, int64_t quantity);

/* Says whether an offer that is available can be tried: it has a trial, and the customer never had
 * one of it. `trialed`: offers it had a trial of. */
bool eligibility_has_trial(const struct offer *offer, const char *const *trialed, size_t count);

const char *reason_code_format(enum reason_code code);
/* The code of an order refused for this reason ("addon_prerequisite_missing"). */
enum err reason_error(enum reason_code code);
