/* The parts of a subscription's page (details_page.c), which several files make. */
#pragma once

#include "catalog/catalog.h"
#include "customer/customer.h"
#include "engine/state.h"
#include "html/view.h"
#include "http/http.h"
#include "order/order.h"
#include "subscription/subscription.h"

struct details {
    const struct http_request *request;
    bool shows_money; /* to whom only counts are shown sees no prices (rules §8) */
    const struct subscription *sub;
    const struct account *account;
    const struct offer *offer;
    const char *name;
    const struct order *order; /* that made it; NULL: none is known, or no money is shown */
    civil_day today;
    struct state *state; /* whole, for what is charged next; NULL where no money is shown */
};

/* Adds an action that opens a pane of this subscription. Off with the reason, and the way out, when
 * the table of actions says so, when it is its base's affair (`is_of_base`), and when the person's
 * role does not open the pane. */
struct view *details_put_action(struct context *cx, struct view *view, const char *key,
                                const struct details *details, const char *pane,
                                enum subscription_action action, bool is_of_base);
/* Says whether the table of actions allows it, or makes it off. */
bool details_allows(const struct details *details, enum subscription_action action,
                    bool is_of_base);

/* Adds what it is, with what it can become: another plan; a trial bought or extended. */
void details_put_description(struct context *cx, struct view *view, const struct details *details);
/* Adds how it is renewed, billed and paid, and how it ends. */
enum err details_put_settings(struct context *cx, struct view *view, const struct details *details);
/* Adds what became of it, newest first, with why it was cancelled. */
enum err details_put_history(struct context *cx, struct view *view, const struct details *details);
