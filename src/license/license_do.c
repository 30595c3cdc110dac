#include "license/license_do.h"

#include <string.h>

#include "catalog/catalog_store.h"
#include "customer/person_store.h"
#include "db/db.h"
#include "subscription/subscription_store.h"

static enum err check_people(struct context *cx, const struct license_request *request)
{
    for (size_t i = 0; i < request->user_count; i++) {
        struct person *person;
        if (!id_is(request->users[i], "usr"))
            continue;
        enum err err = person_load(cx, request->users[i], &person);
        if (err == ERR_NOT_FOUND) {
            fault_clear(cx);
            return fault(cx, ERR_NOT_FOUND, "param", "/users", NULL);
        }
        TRY(err);
    }
    return OK;
}

enum err license_change(struct context *cx, const struct command *command, struct engine_run *run)
{
    if (command->kind == COMMAND_ASSIGN)
        TRY(check_people(cx, &command->licenses));
    return engine_command(cx, command, run);
}

struct exchange {
    const struct license_request *given;
    const struct license_request *taken;
};

static enum err change_some(struct context *cx, enum command_kind kind,
                            const struct license_request *request)
{
    struct engine_run run = {0};
    if (request->subscription_count == 0)
        return OK;
    const struct command command = {
        .kind = kind, .subscription = request->subscriptions[0], .licenses = *request};
    return license_change(cx, &command, &run);
}

static enum err exchange_work(struct context *cx, void *arg)
{
    const struct exchange *exchange = arg;
    TRY(change_some(cx, COMMAND_ASSIGN, exchange->given));
    return change_some(cx, COMMAND_UNASSIGN, exchange->taken);
}

enum err license_exchange(struct context *cx, const struct license_request *given,
                          const struct license_request *taken)
{
    struct exchange exchange = {given, taken};
    return db_transact(cx, exchange_work, &exchange);
}

struct license_count license_count_one(const struct subscription *sub)
{
    bool works = subscription_is_working(sub);
    struct license_count count = {
        .sub = sub,
        .total = works ? sub->quantity : 0,
        .assigned = sub->assigned,
        .since = sub->conflict_on,
        .removed_on = sub->conflict_on == DAY_NONE ? DAY_NONE : sub->conflict_on + CONFLICT_DAYS,
    };
    if (sub->assigned > count.total)
        count.too_many = sub->assigned - count.total;
    else
        count.available = count.total - sub->assigned;
    return count;
}

static enum err find_offer(struct context *cx, const struct subscription *sub,
                           const struct offer **ret_offer)
{
    const struct catalog *catalog;
    TRY(catalog_load(cx, sub->catalog, &catalog));
    *ret_offer = catalog_find_offer(catalog, sub->offer);
    return *ret_offer != NULL
               ? OK
               : fault(cx, ERR_INTERNAL, "value", "an offer not in its catalogue", NULL);
}

/* What is disabled works for nobody: all its licences are too many until it comes back, or is
 * deleted and frees them (rules §4, §5); an add-on with its parent (§3). */
static enum err count_disabled(struct context *cx, const struct subscription_list *held,
                               const struct subscription *sub, struct license_count *count)
{
    const struct subscription *family = sub;
    const struct offer *offer;
    for (size_t i = 0; sub->parent != NULL && i < held->count; i++) {
        if (strcmp(held->items[i]->id, sub->parent) == 0)
            family = held->items[i];
    }
    TRY(find_offer(cx, family, &offer));
    count->since = sub->status_on;
    count->removed_on = sub->status_on + (civil_day)offer->disabled_days;
    return OK;
}

static int compare_counts(const void *a_item, const void *b_item)
{
    const struct license_count *a = a_item;
    const struct license_count *b = b_item;
    int order = strcmp(a->sub->offer, b->sub->offer);
    return order != 0 ? order : strcmp(a->sub->id, b->sub->id);
}

enum err license_count_all(struct context *cx, struct license_count_list *list)
{
    struct subscription_list held = {0};
    TRY(subscription_load_held(cx, &held));
    for (size_t i = 0; i < held.count; i++) {
        const struct subscription *sub = held.items[i];
        const struct offer *offer;
        TRY(find_offer(cx, sub, &offer));
        if (offer->scope != SCOPE_USER || sub->status == SUBSCRIPTION_PLANNED)
            continue;
        struct license_count *count = ARENA_NEW(cx->arena, struct license_count);
        *count = license_count_one(sub);
        if (sub->status == SUBSCRIPTION_DISABLED && count->too_many > 0)
            TRY(count_disabled(cx, &held, sub, count));
        list_push(cx->arena, list, count);
    }
    list_sort(list->items, list->count, compare_counts);
    return OK;
}
