#include "app/bench_world.h"

#include "app/bench.h"
#include "catalog/catalog_do.h"
#include "customer/customer_do.h"
#include "engine/engine_do.h"
#include "payment/payment_do.h"

static enum err open_store(struct context *cx, const char *catalog, size_t size,
                           struct bench_world *world)
{
    struct catalog_publication publication;
    struct catalog_faults faults = {0};
    TRY(db_migrate(cx));
    TRY(app_open(cx, &world->app));
    enum err err =
        catalog_publish(cx, catalog, size, zone_day("UTC", cx->now) - 1, &publication, &faults);
    if (err != OK)
        app_end(&world->app);
    return err;
}

enum err bench_world_open(struct context *cx, const char *store, const char *catalog, size_t size,
                          struct bench_world *ret_world)
{
    struct bench_world world = {0};
    TRY(db_open(cx, &cx->db, store, DB_WRITER, true));
    enum err err = open_store(cx, catalog, size, &world);
    if (err != OK) {
        db_close(cx->db);
        cx->db = NULL;
        return err;
    }
    *ret_world = world;
    return OK;
}

void bench_world_close(struct context *cx, struct bench_world *world)
{
    app_end(&world->app);
    db_close(cx->db);
    cx->db = NULL;
    cx->catalogs = NULL;
}

enum err bench_world_order(struct context *cx, const struct bench_customer *customer,
                           const struct order_request *order)
{
    struct command command = {.kind = COMMAND_ORDER, .account = customer->account, .order = *order};
    struct engine_run run = {0};
    cx->customer = customer->organization;
    return engine_command(cx, &command, &run);
}

static enum err add_key(struct context *cx, const struct person *person,
                        struct bench_customer *customer)
{
    const struct key_request request = {
        .person = person->id,
        .name = "bench",
        .can_write = true,
        .expires_at = INSTANT_NONE,
    };
    struct api_key key;
    TRY(key_create(cx, &request, &key, &customer->secret));
    customer->key = key.id;
    return OK;
}

static enum err add_customer(struct context *cx, size_t number, struct bench_customer *ret_customer)
{
    const struct organization_request request = {
        .name = arena_print(cx->arena, "Organisation %zu", number),
        .country = "FR",
        .clock_at = INSTANT_NONE,
        .account = {.type = ACCOUNT_CLASSIC,
                    .currency = "EUR",
                    .time_zone = "Europe/Paris",
                    .sold_to = {.line1 = "1 rue de la Mesure",
                                .postal_code = "75001",
                                .city = "Paris"}},
        .person = {.name = "Camille Martin",
                   .email = arena_print(cx->arena, "camille@organisation-%zu.example", number)},
    };
    struct organization_created created;
    struct payment_method method;
    TRY(organization_create(cx, &request, &created));
    const struct method_request transfer = {.account = created.account.id, .kind = METHOD_TRANSFER};
    TRY(method_create(cx, &transfer, &method));
    *ret_customer = (struct bench_customer){
        .organization = created.organization.id,
        .account = created.account.id,
        .method = method.id,
    };
    return add_key(cx, &created.person, ret_customer);
}

struct fill_work {
    struct bench_world *world;
    const struct order_request *order;
};

static enum err fill_work(struct context *cx, void *arg)
{
    const struct fill_work *work = arg;
    for (size_t i = 0; i < work->world->count; i++) {
        struct bench_customer *customer = &work->world->customers[i];
        TRY(bench_check_interrupted(cx));
        TRY(add_customer(cx, i, customer));
        if (work->order != NULL)
            TRY(bench_world_order(cx, customer, work->order));
        cx->customer = "";
    }
    return OK;
}

enum err bench_world_fill(struct context *cx, struct bench_world *world, size_t count,
                          const struct order_request *order)
{
    struct fill_work work = {.world = world, .order = order};
    world->customers = ARENA_ARRAY(cx->arena, struct bench_customer, count);
    world->count = count;
    return db_transact(cx, fill_work, &work);
}
