/* How pages name people: "Inès Delattre, Karim Benali and 3 others". A licence may also be of a
 * name that the customer has given (license.h); it is shown as it is. */
#pragma once

#include "customer/customer.h"
#include "license/license.h"
#include "subscription/subscription.h"

/* The people of cx->customer, to be found by their id. */
struct directory {
    const struct person **people; /* sorted by id */
    size_t count;
};
enum err directory_load(struct context *cx, struct directory *ret_directory);
/* Returns NULL for a name that is no person's id. */
const struct person *directory_find(const struct directory *directory, const char *user);
/* What a holder of a licence is called. */
const char *directory_name(const struct directory *directory, const char *user);

/* The first few of them by name, and how many others. */
const char *show_people(struct context *cx, const struct directory *directory,
                        const char *const *users, size_t count);

/* Says of those who hold a licence of the subscription, which is called `name`, the sentence `key`:
 * one with plural forms and the placeholders {count}, {people} and {name}. NULL: nobody does. */
enum err show_holders(struct context *cx, const struct subscription *sub, const char *name,
                      const char *key, const char **ret_text);
/* The same of those whose licences would be too many for `quantity`: the newest (rules §5). */
enum err show_too_many(struct context *cx, const struct subscription *sub, int64_t quantity,
                       const char *name, const char *key, const char **ret_text);
