/* What the pages of buying share: for whom and on which billing account, what is judged, and how
 * an offer is shown. Private to the pages of eligibility/. */
#pragma once

#include "eligibility/eligibility.h"
#include "html/view.h"
#include "http/http.h"

struct shop {
    struct account_list accounts;
    const struct account *account;     /* who would pay */
    const struct subscription *target; /* the one that an add-on is looked for; or NULL */
    const char *target_name;
    struct subscription_list held;
    const struct catalog *catalog;
    struct availability *items; /* every offer, as GET /v1/availability gives them */
    size_t count;
    const char **trialed;
    size_t trialed_count;
};

/* Reads `for` (a subscription) and `account` of the address: the account is that of the
 * subscription, else the one that is named, else the oldest. ERR_NOT_FOUND for those that the
 * customer has not. */
enum err shop_load(struct context *cx, const struct http_request *request, struct shop *ret_shop);

/* The judgement of an offer on sale or not; ERR_NOT_FOUND when the catalogue has none of the id. */
enum err shop_find(struct context *cx, const struct shop *shop, const char *offer,
                   const struct availability **ret_item);

/* Where one goes with the same subscription and account: a path, or an offer's page. */
const char *shop_address(struct context *cx, const struct shop *shop, const char *path);
const char *shop_offer_address(struct context *cx, const struct shop *shop, const char *offer);

/* Can the offer be tried? */
bool shop_has_trial(const struct shop *shop, const struct availability *item);
/* Is it connected to a subscription that has to be chosen? */
bool shop_connects(const struct shop *shop, const struct offer *offer);

/* The subscription of that id among those held; NULL: none. */
const struct subscription *shop_find_held(const struct shop *shop, const char *id);
/* The name of an offer on sale or not; its id when the catalogue has it no more. */
const char *shop_offer_name(struct context *cx, const struct shop *shop, const char *offer);

/* Adds `name`, `kind`, and `held` when the customer has it. */
void shop_show_offer(struct context *cx, const struct shop *shop, struct view *view,
                     const struct offer *offer);
/* What the first unit costs in a whole period. */
const char *shop_unit_price(struct context *cx, const struct price *price);
/* Adds `price`: of one unit, "per user, per month". */
void shop_show_unit_price(struct context *cx, struct view *view, const struct offer *offer,
                          const struct price *price);
/* Adds `crumbs`; `title` is that of the page itself. */
void shop_show_crumbs(struct context *cx, const struct shop *shop, struct view *view,
                      const char *title, bool is_inside);

/* Adds `reasons`: all that stand against it, each with the way out. */
enum err shop_show_reasons(struct context *cx, const struct shop *shop, struct view *view,
                           const struct availability *item);
/* Adds `requirements`: all conditions of the offer, met or not. */
void shop_show_requirements(struct context *cx, const struct shop *shop, struct view *view,
                            const struct availability *item);
