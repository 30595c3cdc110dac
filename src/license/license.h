/* Licences: who holds one of which subscription (rules §5). Pure.
 *
 * A subscription of user scope has as many licences as its quantity. One is assigned to a person
 * of the customer (usr_…) or to a name of the customer's own, once for each; assigning it again,
 * or taking away what nobody holds, changes nothing and succeeds. More assigned than owned is a
 * conflict: everything runs on, and after CONFLICT_DAYS the newest are taken away.
 *
 * What a subscription has assigned is counted in its own row (subscription.h). Which commands see
 * whose licences is engine_store.c's to know. */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"
#include "base/row.h"

enum { CONFLICT_DAYS = 90 }; /* rules §5: to repair a conflict */

struct license {
    const char *id;
    const char *subscription;
    const char *user; /* usr_…, or a name of the customer's own */
    instant assigned_at;
    enum row row;
};
LIST_TYPE(license_list, struct license);

/* What one command assigns or takes away: each of the subscriptions, of each of the users. */
struct license_request {
    const char *const *subscriptions;
    size_t subscription_count;
    const char *const *users;
    size_t user_count;
};

/* Refuses one that names nobody or nothing, or the same twice: ERR_INVALID. */
enum err license_check_request(struct context *cx, const struct license_request *request);

/* The licences that are there, to be found by who holds which. */
struct license_index {
    const struct license **items;
    size_t count;
};
struct license_index license_index_build(struct context *cx, const struct license_list *list);
/* Returns NULL when the user holds none of the subscription. */
const struct license *license_find(const struct license_index *index, const char *subscription,
                                   const char *user);

/* Sorts the newest first: by the instant of assigning, those of one instant the last first. */
void license_sort_newest(struct license_list *list);
