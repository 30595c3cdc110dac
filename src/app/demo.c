#include "app/demo.h"

#include "base/embed.h"
#include "base/hash.h"
#include "base/limits.h"
#include "catalog/catalog_do.h"
#include "customer/customer_do.h"
#include "customer/seller_store.h"
#include "customer/session_store.h"
#include "engine/engine_do.h"
#include "invoice/invoice_store.h"
#include "subscription/subscription_store.h"

static const char DEMO_PASSWORD[] = "try-the-add-ons";

enum { STEP_HOUR = 9 }; /* steps happen at 09:00 of their day */

enum err demo_publish(struct context *cx, civil_day today)
{
    const struct embed *file = embed_find("demo/catalog.json");
    assert(file != NULL);
    struct catalog_publication publication;
    struct catalog_faults faults = {0};
    return catalog_publish(cx, (const char *)file->data, file->size, today, &publication, &faults);
}

static enum err demo_add_key(struct context *cx, const struct person *person, const char *role,
                             bool can_write)
{
    struct key_request request = {
        .person = person->id,
        .name = "demonstration",
        .live = false,
        .can_write = can_write,
        .expires_at = INSTANT_NONE,
    };
    struct api_key key;
    const char *secret;
    TRY(key_create(cx, &request, &key, &secret));
    printf("  %-18s %-44s %-16s %s\n", person->name, person->email, role, secret);
    return OK;
}

/* All have the same password, which is printed: hashed once, for that takes its time. */
static enum err demo_add_login(struct context *cx, const struct person *person)
{
    static char hash[PASSWORD_HASH_SIZE];
    if (hash[0] == '\0' && !password_hash(DEMO_PASSWORD, hash))
        return fault(cx, ERR_INTERNAL, "value", "no memory for a password", NULL);
    return login_save(cx, person->email, hash);
}

static enum err demo_add_people(struct context *cx, const struct demo_person *people, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct person person;
        TRY(person_create(cx, &people[i].request, &person));
        TRY(demo_add_login(cx, &person));
        TRY(demo_add_key(cx, &person, role_format(people[i].role), true));
    }
    return OK;
}

/* Ids of an organisation's methods and subscriptions, by the names of the file. */
struct demo_replay {
    const struct demo_organization *organization;
    const char *account;
    const char *zone;
    const char *methods[DEMO_ITEMS_MAX];
};

static enum err demo_add_methods(struct context *cx, struct demo_replay *replay)
{
    for (size_t i = 0; i < replay->organization->method_count; i++) {
        struct method_request request = replay->organization->methods[i].request;
        struct payment_method method;
        request.account = replay->account;
        TRY(method_create(cx, &request, &method));
        replay->methods[i] = method.id;
    }
    return OK;
}

static const char *demo_find_method(const struct demo_replay *replay, const char *name)
{
    for (size_t i = 0; i < replay->organization->method_count; i++) {
        if (strcmp(replay->organization->methods[i].name, name) == 0)
            return replay->methods[i];
    }
    return name; /* refused as unknown */
}

/* A subscription is named by the line that bought it; what else stands there is left as it is,
 * and refused as unknown. */
static enum err demo_find_subscription(struct context *cx, const char *name, const char **ret_id)
{
    struct subscription_list list = {0};
    TRY(subscription_load_held(cx, &list));
    *ret_id = name;
    for (size_t i = 0; i < list.count; i++) {
        if (strcmp(list.items[i]->name, name) == 0)
            *ret_id = list.items[i]->id;
    }
    return OK;
}

/* Puts ids in place of the names of a step. */
static enum err demo_resolve(struct context *cx, const struct demo_replay *replay,
                             struct demo_step *step)
{
    struct command *command = &step->command;
    command->account = replay->account;
    if (step->subscription != NULL)
        return demo_find_subscription(cx, step->subscription, &command->subscription);
    command->order.payment_method = demo_find_method(replay, step->method);
    for (size_t i = 0; i < command->order.line_count; i++) {
        struct order_request_line *line = &step->lines[i];
        bool in_order = false;
        for (size_t j = 0; j < command->order.line_count && line->connect_to != NULL; j++)
            in_order = in_order || strcmp(step->lines[j].name, line->connect_to) == 0;
        if (line->connect_to != NULL && !in_order)
            TRY(demo_find_subscription(cx, line->connect_to, &line->connect_to));
    }
    command->order.lines = step->lines;
    return OK;
}

static enum err demo_do_step(struct context *cx, const struct demo_replay *replay,
                             const struct demo_step *asked)
{
    struct demo_step step = *asked;
    civil_day today = zone_day(replay->zone, cx->wall);
    struct context then = *cx;
    then.now =
        zone_start_of_day(replay->zone, today - (civil_day)step.days_ago) + STEP_HOUR * MS_PER_HOUR;
    then.wall = then.now;
    TRY(engine_run_due(&then, then.now, true));
    cx->ids = then.ids;
    struct engine_run run = {0};
    enum err err = demo_resolve(&then, replay, &step);
    if (err == OK)
        err = engine_command(&then, &step.command, &run);
    if (err == OK)
        err = engine_settle_payments(&then, NULL);
    cx->ids = then.ids;
    cx->fault = then.fault;
    return err;
}

static instant demo_sign_up_at(const struct context *cx, const struct demo_organization *org)
{
    civil_day today = zone_day(org->request.account.time_zone, cx->wall);
    int64_t days = org->step_count > 0 ? org->steps[0].days_ago : 0;
    return zone_start_of_day(org->request.account.time_zone, today - (civil_day)days);
}

static enum err demo_replay(struct context *cx, const struct demo_organization *organization)
{
    struct context then = *cx;
    struct organization_created created;
    then.now = then.wall = demo_sign_up_at(cx, organization);
    TRY(organization_create(&then, &organization->request, &created));
    cx->ids = then.ids;
    cx->customer = created.organization.id;
    printf("\n%s (%s)\n", organization->request.name, created.organization.id);
    TRY(demo_add_login(cx, &created.person));
    TRY(demo_add_key(cx, &created.person, "global + billing", true));
    TRY(demo_add_people(cx, organization->people + 1, organization->person_count - 1));

    struct demo_replay replay = {
        .organization = organization,
        .account = created.account.id,
        .zone = created.account.time_zone,
    };
    TRY(demo_add_methods(cx, &replay));
    for (size_t i = 0; i < organization->step_count; i++)
        TRY(demo_do_step(cx, &replay, &organization->steps[i]));
    return engine_run_due(cx, cx->now, true);
}

enum err demo_save_seller(struct context *cx, const struct demo_world *world)
{
    TRY(setting_save(cx, "name", world->seller.name));
    TRY(setting_save(cx, "country", world->seller.country));
    TRY(setting_save(cx, "vat_id", world->seller.vat_id));
    TRY(setting_save(cx, "line1", world->seller.line1));
    TRY(setting_save(cx, "postal_code", world->seller.postal_code));
    TRY(setting_save(cx, "city", world->seller.city));
    return setting_save(cx, "time_zone", world->seller.time_zone);
}

enum err demo_fill(struct context *cx, const struct demo_world *world)
{
    TRY(demo_publish(cx, zone_day(world->seller.time_zone, cx->wall) - 365));
    cx->customer = "";
    printf("Everyone signs in with their mail address and the password %s\n\n", DEMO_PASSWORD);
    printf("%s, the seller\n", world->seller.name);
    TRY(demo_add_people(cx, world->staff, world->staff_count));
    for (size_t i = 0; i < world->organization_count; i++)
        TRY(demo_replay(cx, &world->organizations[i]));
    return invoice_number_due(cx, INT64_MAX);
}
