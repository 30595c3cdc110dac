/* Organisations, accounts, people, keys and who may do what, on each kind of store. */
#include "app/authorize.h"
#include "app/permissions.h"
#include "base/hash.h"
#include "customer/customer_api.h"
#include "customer/customer_do.h"
#include "customer/customer_store.h"
#include "customer/person_store.h"
#include "engine/state.h"
#include "event/event_store.h"
#include "support/store.h"

static const struct seller SELLER = {
    .name = "Orvane", .country = "FR", .time_zone = "Europe/Paris"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct context *begin(void **state)
{
    struct store *store = *state;
    store->cx.seller = &SELLER;
    store->cx.customer = "";
    return &store->cx;
}

static struct organization_request sample(enum account_type type)
{
    return (struct organization_request){
        .name = "Fonderie Marsault",
        .country = "FR",
        .clock_at = INSTANT_NONE,
        .account = {.type = type, .currency = "EUR"},
        .person = {.name = "Camille Marsault", .email = "camille@marsault.example"},
    };
}

static struct organization_created sign_up(struct context *cx, enum account_type type)
{
    struct organization_created created;
    struct organization_request request = sample(type);
    assert_int_equal(organization_create(cx, &request, &created), OK);
    return created;
}

/* Signing up ----------------------------------------------------------------------------------- */

static void test_sign_up(void **state)
{
    struct context *cx = begin(state);
    struct organization_created made = sign_up(cx, ACCOUNT_AGREEMENT);
    assert_string_equal(cx->customer, made.organization.id);

    struct organization organization;
    struct account *account;
    uint32_t roles;
    assert_int_equal(organization_load(cx, &organization), OK);
    assert_string_equal(organization.name, "Fonderie Marsault");
    assert_int_equal(organization.event_seq, 1);
    assert_true(organization.due_at == INSTANT_NONE && organization.clock_at == INSTANT_NONE);
    assert_int_equal(account_load(cx, made.account.id, &account), OK);
    assert_string_equal(account->name, "Fonderie Marsault");
    assert_string_equal(account->country, "FR");
    assert_string_equal(account->sold_to.country, "FR");
    assert_string_equal(account->currency, "EUR");
    assert_string_equal(account->time_zone, "Europe/Paris");
    assert_true(account->taxed && account->type == ACCOUNT_AGREEMENT);
    assert_null(account->vat_id);
    assert_null(account->default_method);
    assert_int_equal(role_load_all(cx, made.person.id, &roles), OK);
    assert_int_equal(roles, 1U << ROLE_GLOBAL | 1U << ROLE_BILLING | 1U << ROLE_ACCOUNT_OWNER);

    cx->customer = "";
    struct organization_created classic = sign_up(cx, ACCOUNT_CLASSIC);
    assert_int_equal(role_load_all(cx, classic.person.id, &roles), OK);
    assert_int_equal(roles, 1U << ROLE_GLOBAL | 1U << ROLE_BILLING);
}

/* What is changed in a request that is good otherwise, and the place that is refused. */
static const struct refused_row {
    const char *country, *currency, *account_country, *zone, *vat_id, *email, *name;
    const char *param; /* NULL: taken */
} REFUSED[] = {
    {.param = NULL},
    {.country = "fr", .param = "/country"},
    {.country = "FRA", .param = "/country"},
    {.country = "", .param = "/country"},
    {.name = "  ", .param = "/name"},
    {.currency = "EURO", .param = "/account/currency"},
    {.currency = "eur", .param = "/account/currency"},
    {.currency = "XQZ", .param = "/account/currency"},
    {.currency = "JPY", .param = NULL},
    {.account_country = "D", .param = "/account/country"},
    {.zone = "Mars/Base", .param = "/account/time_zone"},
    {.zone = "UTC", .param = NULL},
    {.vat_id = "FR1", .param = "/account/vat_id"},
    {.vat_id = "FR11123456782", .param = NULL},
    {.account_country = "US", .vat_id = "12-3456789", .param = NULL},
    {.email = "nobody", .param = "/person/email"},
    {.email = "a@b@c", .param = "/person/email"},
    {.email = "@b", .param = "/person/email"},
};

static void test_refused_sign_ups(void **state)
{
    struct context *cx = begin(state);
    int64_t left = 0;
    int64_t taken = 0;
    for (size_t i = 0; i < COUNT(REFUSED); i++) {
        const struct refused_row *row = &REFUSED[i];
        struct organization_request request = sample(ACCOUNT_CLASSIC);
        struct organization_created created;
        request.name = row->name ? row->name : request.name;
        request.country = row->country ? row->country : request.country;
        request.account.currency = row->currency ? row->currency : "EUR";
        request.account.country = row->account_country;
        request.account.time_zone = row->zone;
        request.account.vat_id = row->vat_id;
        request.person.email = row->email ? row->email : request.person.email;
        cx->customer = "";
        enum err err = organization_create(cx, &request, &created);
        assert_int_equal(err, row->param ? ERR_INVALID : OK);
        taken += row->param == NULL;
        if (row->param == NULL)
            continue;
        assert_string_equal(cx->fault.param, row->param);
        assert_string_equal(cx->customer, "");
    }
    assert_int_equal(db_one_integer(cx, &left, "SELECT COUNT(*) FROM organization", DB_NO_ARGS),
                     OK);
    assert_int_equal(left, taken);
}

static void test_people(void **state)
{
    struct context *cx = begin(state);
    struct organization_created made = sign_up(cx, ACCOUNT_CLASSIC);
    struct person person;
    uint32_t roles;
    static const enum role LICENSE[] = {ROLE_LICENSE, ROLE_USER};
    static const enum role SUPPORT[] = {ROLE_SUPPORT};
    struct person_request request = {
        .name = "Inès", .email = "ines@marsault.example", .roles = LICENSE, .role_count = 2};
    assert_int_equal(person_create(cx, &request, &person), OK);
    assert_int_equal(role_load_all(cx, person.id, &roles), OK);
    assert_int_equal(roles, 1U << ROLE_LICENSE | 1U << ROLE_USER);
    assert_int_equal(person_create(cx, &request, &person), ERR_INVALID); /* there already */
    assert_string_equal(cx->fault.param, "/email");
    request = (struct person_request){
        .name = "Nadia", .email = "nadia@orvane.example", .roles = SUPPORT, .role_count = 1};
    assert_int_equal(person_create(cx, &request, &person), ERR_INVALID); /* of the seller */
    assert_string_equal(cx->fault.param, "/roles/0");
    cx->customer = "";
    assert_int_equal(person_create(cx, &request, &person), OK);
    struct person_list list = {0};
    cx->customer = made.organization.id;
    assert_int_equal(person_load_all(cx, &list), OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(person_load(cx, person.id, &list.items[0]), ERR_NOT_FOUND);
}

/* Rows ----------------------------------------------------------------------------------------- */

static void test_lock_and_run(void **state)
{
    struct context *cx = begin(state);
    const char *id = sign_up(cx, ACCOUNT_CLASSIC).organization.id;
    struct organization before, locked, after;
    assert_int_equal(organization_load(cx, &before), OK);
    assert_int_equal(organization_lock(cx, &locked), OK);
    assert_int_equal(locked.version, before.version + 1);
    locked.due_at = STORE_NOW + 5;
    locked.event_seq = 7;
    locked.clock_at = STORE_NOW + 1;
    assert_int_equal(organization_save_run(cx, &locked), OK);
    assert_int_equal(organization_load(cx, &after), OK);
    assert_true(after.due_at == STORE_NOW + 5 && after.clock_at == STORE_NOW + 1);
    assert_int_equal(after.event_seq, 7);
    cx->customer = "org_unknown";
    assert_int_equal(organization_lock(cx, &locked), ERR_NOT_FOUND);
    assert_int_equal(organization_load(cx, &locked), ERR_NOT_FOUND);
    assert_string_not_equal(locked.id, "org_unknown");
    cx->customer = id;
}

static size_t due_count(struct context *cx, instant until)
{
    const char **ids;
    size_t count = 99;
    assert_int_equal(organization_list_due(cx, until, 10, &ids, &count), OK);
    return count;
}

static void test_due(void **state)
{
    struct context *cx = begin(state);
    struct organization organization = sign_up(cx, ACCOUNT_CLASSIC).organization;
    assert_int_equal(due_count(cx, STORE_NOW + 100), 0);
    organization.due_at = STORE_NOW + 5;
    assert_int_equal(organization_save_run(cx, &organization), OK);
    assert_int_equal(due_count(cx, STORE_NOW + 4), 0);
    assert_int_equal(due_count(cx, STORE_NOW + 5), 1);
    for (int i = 0; i < DUE_FAILURES_MAX; i++) {
        assert_int_equal(due_count(cx, STORE_NOW + 5), 1);
        assert_int_equal(organization_count_failure(cx), OK);
    }
    assert_int_equal(due_count(cx, STORE_NOW + 5), 0); /* parked */
    assert_int_equal(organization_clear_failures(cx), OK);
    assert_int_equal(due_count(cx, STORE_NOW + 5), 1);
    organization.clock_at = STORE_NOW;
    assert_int_equal(organization_save_run(cx, &organization), OK);
    assert_int_equal(due_count(cx, STORE_NOW + 5), 0); /* on a clock of its own */
}

static void test_account_save(void **state)
{
    struct context *cx = begin(state);
    const char *id = sign_up(cx, ACCOUNT_CLASSIC).account.id;
    struct account *one, *other;
    assert_int_equal(account_load(cx, id, &one), OK);
    assert_int_equal(account_load(cx, id, &other), OK);
    one->credit = money_of(1250, "EUR");
    one->default_method = "pmt_1";
    assert_int_equal(account_save(cx, one), OK);
    assert_int_equal(account_save(cx, other), ERR_STORE_CONFLICT);
    assert_int_equal(account_load(cx, id, &other), OK);
    assert_int_equal(other->credit.minor, 1250);
    assert_string_equal(other->default_method, "pmt_1");
    assert_int_equal(other->version, one->version);
}

static void test_pages(void **state)
{
    struct context *cx = begin(state);
    struct account_request request = {.currency = "EUR"};
    struct account made[5];
    made[0] = sign_up(cx, ACCOUNT_CLASSIC).account;
    for (size_t i = 1; i < 5; i++)
        assert_int_equal(account_create(cx, &request, &made[i]), OK);
    struct account_list list = {0};
    assert_int_equal(account_list_page(cx, made[4].id, "", 2, &list), OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0]->id, made[3].id);
    assert_string_equal(list.items[1]->id, made[2].id);
    list = (struct account_list){0};
    assert_int_equal(account_list_page(cx, "", made[1].id, 2, &list), OK);
    assert_string_equal(list.items[0]->id, made[2].id);
    assert_string_equal(list.items[1]->id, made[3].id);
    list = (struct account_list){0};
    assert_int_equal(account_load_all(cx, &list), OK);
    assert_int_equal(list.count, 5);

    struct event_row_list events = {0}; /* one for each, numbered without gaps */
    assert_int_equal(event_list_page(cx, 2, 10, &events), OK);
    assert_int_equal(events.count, 3);
    for (size_t i = 0; i < events.count; i++)
        assert_int_equal(events.items[i]->seq, 3 + (int)i);
    assert_string_equal(events.items[0]->event.type, "billing_account.created");
    assert_string_equal(events.items[2]->event.subject, made[4].id);
}

static void test_nothing_of_others(void **state)
{
    struct context *cx = begin(state);
    struct organization_created one = sign_up(cx, ACCOUNT_CLASSIC);
    cx->customer = "";
    struct organization_created two = sign_up(cx, ACCOUNT_CLASSIC);
    struct account *account = NULL;
    assert_int_equal(account_load(cx, one.account.id, &account), ERR_NOT_FOUND);
    struct account_list list = {0};
    assert_int_equal(account_load_all(cx, &list), OK);
    assert_int_equal(list.count, 1);
    struct account stolen = one.account;
    assert_int_equal(account_save(cx, &stolen), ERR_STORE_CONFLICT);
    struct key_request key = {
        .person = one.person.id, .name = "theirs", .expires_at = INSTANT_NONE};
    struct api_key made;
    const char *secret;
    assert_int_equal(key_create(cx, &key, &made, &secret), ERR_NOT_FOUND);
    assert_string_equal(cx->customer, two.organization.id);
}

/* Keys ----------------------------------------------------------------------------------------- */

static const char *make_key(struct context *cx, const char *person, bool live, bool can_write)
{
    struct key_request request = {.person = person,
                                  .name = "test",
                                  .live = live,
                                  .can_write = can_write,
                                  .expires_at = INSTANT_NONE};
    struct api_key key;
    const char *secret;
    assert_int_equal(key_create(cx, &request, &key, &secret), OK);
    return secret;
}

static const char *staff_key(struct context *cx, enum role role, bool live)
{
    struct person person;
    struct person_request request = {
        .name = "Staff",
        .email = arena_print(cx->arena, "%s-%d@orvane.example", role_format(role), live),
        .roles = &role,
        .role_count = 1,
    };
    const char *customer = cx->customer;
    cx->customer = "";
    assert_int_equal(person_create(cx, &request, &person), OK);
    const char *secret = make_key(cx, person.id, live, true);
    cx->customer = customer;
    return secret;
}

static enum err ask(struct context *cx, const char *secret, const char *organization,
                    uint64_t permission)
{
    const struct http_route route = {.permission = permission};
    const struct http_request request = {
        .authorization = secret ? arena_print(cx->arena, "Bearer %s", secret) : NULL,
        .organization = organization,
        .route = &route,
    };
    fault_clear(cx);
    return authorize(cx, &request);
}

static void test_key_is_kept_as_digest(void **state)
{
    struct context *cx = begin(state);
    struct organization_created made = sign_up(cx, ACCOUNT_CLASSIC);
    const char *secret = make_key(cx, made.person.id, false, true);
    assert_int_equal(strncmp(secret, "annex_test_", 11), 0);
    assert_int_equal(strncmp(make_key(cx, made.person.id, true, true), "annex_live_", 11), 0);
    struct api_key_list keys = {0};
    assert_int_equal(key_load_all(cx, &keys), OK);
    assert_int_equal(keys.count, 2);
    char hash[HASH_TEXT_SIZE];
    hash_bytes(secret, strlen(secret), hash);
    assert_string_equal(keys.items[0]->hash, hash);
    assert_string_not_equal(keys.items[1]->hash, hash);
}

static void test_who_is_let_in(void **state)
{
    struct context *cx = begin(state);
    struct organization_created one = sign_up(cx, ACCOUNT_CLASSIC);
    const char *id = one.organization.id;
    const char *own = make_key(cx, one.person.id, false, true);
    const char *looks = make_key(cx, one.person.id, false, false);
    const char *live = make_key(cx, one.person.id, true, true);
    cx->customer = "";
    const char *other = sign_up(cx, ACCOUNT_CLASSIC).organization.id;
    const char *owner = staff_key(cx, ROLE_OWNER, false);
    const char *owner_live = staff_key(cx, ROLE_OWNER, true);
    const char *support = staff_key(cx, ROLE_SUPPORT, false);
    const char *manager = staff_key(cx, ROLE_CATALOG_MANAGER, false);

    const struct row {
        const char *key, *organization;
        uint64_t permission;
        enum err err;
        const char *customer;
    } rows[] = {
        {own, NULL, PERM_PRODUCTS_VIEW, OK, id},
        {own, id, PERM_PRODUCTS_CHANGE, OK, id},
        {own, other, PERM_PRODUCTS_VIEW, ERR_NOT_FOUND, ""},
        {own, "org_unknown", PERM_PRODUCTS_VIEW, ERR_NOT_FOUND, ""},
        {own, NULL, PERM_CATALOG_PUBLISH, ERR_FORBIDDEN, id},
        {looks, NULL, PERM_PRODUCTS_VIEW, OK, id},
        {looks, NULL, PERM_PRODUCTS_CHANGE, ERR_FORBIDDEN, id},
        {live, NULL, PERM_PRODUCTS_VIEW, ERR_NOT_FOUND, ""},
        {owner, NULL, PERM_CUSTOMERS_VIEW, OK, ""},
        {owner, NULL, PERM_PRODUCTS_VIEW, ERR_INVALID, ""},
        {owner, id, PERM_PRODUCTS_CHANGE, OK, id},
        {owner, "org_unknown", PERM_PRODUCTS_VIEW, ERR_NOT_FOUND, ""},
        {owner_live, id, PERM_PRODUCTS_VIEW, ERR_NOT_FOUND, ""},
        {support, id, PERM_PRODUCTS_VIEW, OK, id},
        {support, id, PERM_PRODUCTS_CHANGE, ERR_FORBIDDEN, id},
        {support, id, PERM_SUPPORT_RESOLVE, OK, id},
        {manager, NULL, PERM_CATALOG_PUBLISH, OK, ""},
        {manager, id, PERM_CATALOG_VIEW, ERR_FORBIDDEN, ""},
        {manager, "org_unknown", PERM_CATALOG_VIEW, ERR_FORBIDDEN, ""},
        {NULL, NULL, PERM_CATALOG_VIEW, ERR_UNAUTHENTICATED, ""},
        {"annex_test_0000", NULL, PERM_CATALOG_VIEW, ERR_UNAUTHENTICATED, ""},
        {"", NULL, PERM_CATALOG_VIEW, ERR_UNAUTHENTICATED, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(ask(cx, rows[i].key, rows[i].organization, rows[i].permission),
                         rows[i].err);
        assert_string_equal(cx->customer, rows[i].customer);
    }
}

static void test_organization_in_query(void **state)
{
    struct context *cx = begin(state);
    struct organization_created one = sign_up(cx, ACCOUNT_CLASSIC);
    const char *id = one.organization.id;
    const char *own = make_key(cx, one.person.id, false, true);
    const char *owner = staff_key(cx, ROLE_OWNER, false);
    const struct row {
        const char *key, *query, *header;
        enum err err;
    } rows[] = {
        {own, id, NULL, OK}, {own, "org_unknown", NULL, ERR_NOT_FOUND}, {owner, id, NULL, OK},
        {owner, id, id, OK}, {owner, id, "org_unknown", ERR_INVALID},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct http_route route = {.permission = PERM_ENTITLEMENTS_CHECK};
        const struct http_request request = {
            .authorization = arena_print(cx->arena, "bearer  %s", rows[i].key),
            .organization = rows[i].header,
            .query = {{"organization", rows[i].query}},
            .query_count = 1,
            .route = &route,
        };
        assert_int_equal(authorize(cx, &request), rows[i].err);
        if (rows[i].err == OK)
            assert_string_equal(cx->customer, id);
    }
}

static void test_key_ends(void **state)
{
    struct context *cx = begin(state);
    struct organization_created made = sign_up(cx, ACCOUNT_CLASSIC);
    struct key_request request = {
        .person = made.person.id, .name = "short", .expires_at = STORE_NOW + 10};
    struct api_key key;
    const char *secret;
    assert_int_equal(key_create(cx, &request, &key, &secret), OK);
    cx->wall = STORE_NOW + 9;
    assert_int_equal(ask(cx, secret, NULL, PERM_PRODUCTS_VIEW), OK);
    assert_string_equal(cx->actor.id, key.id);
    assert_int_equal(cx->actor.kind, ACTOR_PERSON);
    cx->wall = STORE_NOW + 10;
    assert_int_equal(ask(cx, secret, NULL, PERM_PRODUCTS_VIEW), ERR_UNAUTHENTICATED);
    cx->wall = STORE_NOW;
    assert_int_equal(db_run(cx, "UPDATE api_key SET revoked_at = $1 WHERE id = $2",
                            DB_ARGS(db_instant(STORE_NOW), db_text(key.id))),
                     OK);
    assert_int_equal(ask(cx, secret, NULL, PERM_PRODUCTS_VIEW), ERR_UNAUTHENTICATED);
}

static void test_now_is_the_customers(void **state)
{
    struct context *cx = begin(state);
    struct organization_request request = sample(ACCOUNT_CLASSIC);
    struct organization_created made;
    request.clock_at = STORE_NOW - 1000;
    assert_int_equal(organization_create(cx, &request, &made), OK);
    const char *secret = make_key(cx, made.person.id, false, true);
    assert_int_equal(ask(cx, secret, NULL, PERM_PRODUCTS_VIEW), OK);
    assert_true(cx->now == STORE_NOW - 1000);
    assert_true(cx->wall == STORE_NOW);
    const struct http_route route = {.flags = ROUTE_PUBLIC};
    const struct http_request public = {.route = &route};
    assert_int_equal(authorize(cx, &public), OK);
    assert_true(cx->now == STORE_NOW && cx->actor.permissions == 0);
    request.live = true;
    assert_int_equal(organization_create(cx, &request, &made), ERR_INVALID);
}

/* Permissions, row by row as rules §8 has them ------------------------------------------------- */

#define VIEWS_ALL                                                                                  \
    (PERM_CATALOG_VIEW | PERM_ORGANIZATION_VIEW | PERM_PRODUCTS_VIEW | PERM_LICENSES_VIEW |        \
     PERM_ENTITLEMENTS_CHECK | PERM_EVENTS_VIEW | PERM_SUPPORT_VIEW)
#define COUNTS                                                                                     \
    (PERM_CATALOG_VIEW | PERM_ORGANIZATION_VIEW | PERM_LICENSES_VIEW | PERM_ENTITLEMENTS_CHECK)
#define BUYS (PERM_PRODUCTS_CHANGE | PERM_PAYMENTS_MANAGE)
#define EVERYTHING_OF_A_CUSTOMER                                                                   \
    (VIEWS_ALL | BUYS | PERM_ACCOUNTS_MANAGE | PERM_BILLING_FREQUENCY | PERM_LICENSES_ASSIGN |     \
     PERM_PEOPLE_MANAGE | PERM_ROLES_MANAGE | PERM_SUPPORT_OPEN)

static const struct role_row {
    enum role role;
    uint64_t permissions;
} ROLES[] = {
    {ROLE_GLOBAL, EVERYTHING_OF_A_CUSTOMER},
    {ROLE_BILLING, VIEWS_ALL | BUYS | PERM_ACCOUNTS_MANAGE | PERM_SUPPORT_OPEN},
    {ROLE_LICENSE, COUNTS | PERM_LICENSES_ASSIGN},
    {ROLE_USER, COUNTS | PERM_LICENSES_ASSIGN | PERM_PEOPLE_MANAGE},
    {ROLE_READER, VIEWS_ALL},
    {ROLE_MEMBER, PERM_CATALOG_VIEW | PERM_ORGANIZATION_VIEW},
    {ROLE_ACCOUNT_OWNER, VIEWS_ALL | BUYS | PERM_ROLES_MANAGE | PERM_SUPPORT_OPEN},
    {ROLE_ACCOUNT_CONTRIBUTOR, VIEWS_ALL | BUYS | PERM_SUPPORT_OPEN},
    {ROLE_ACCOUNT_READER, VIEWS_ALL},
    {ROLE_OWNER, EVERYTHING_OF_A_CUSTOMER | PERM_CATALOG_PUBLISH | PERM_CUSTOMERS_VIEW |
                     PERM_CUSTOMERS_CREATE | PERM_SETTINGS_MANAGE | PERM_LEDGER_VIEW |
                     PERM_SUPPORT_RESOLVE},
    {ROLE_CATALOG_MANAGER, PERM_CATALOG_VIEW | PERM_CATALOG_PUBLISH},
    {ROLE_SUPPORT, VIEWS_ALL | PERM_CUSTOMERS_VIEW | PERM_SUPPORT_RESOLVE},
    {ROLE_AUDITOR, (VIEWS_ALL & ~PERM_SUPPORT_VIEW) | PERM_CUSTOMERS_VIEW | PERM_LEDGER_VIEW},
};

static void test_permission_matrix(void **state)
{
    (void)state;
    static_assert(COUNT(ROLES) == ROLE_COUNT, "a row for each role");
    for (size_t i = 0; i < COUNT(ROLES); i++) {
        if (role_permissions(ROLES[i].role) != ROLES[i].permissions)
            print_message("role %s\n", role_format(ROLES[i].role));
        assert_int_equal(role_permissions(ROLES[i].role), ROLES[i].permissions);
    }
    uint64_t reads = scopes_permissions("read");
    assert_int_equal(reads & EVERYTHING_OF_A_CUSTOMER, VIEWS_ALL);
    assert_int_equal(scopes_permissions("write") & EVERYTHING_OF_A_CUSTOMER,
                     EVERYTHING_OF_A_CUSTOMER);
    assert_int_equal(scopes_permissions(""), 0);
    assert_int_equal(scopes_permissions("readwrite"), 0);
}

/* The API -------------------------------------------------------------------------------------- */

static const struct body_row {
    const char *body;
    const char *param; /* NULL: taken */
} BODIES[] = {
    {"{\"name\":\"A\",\"country\":\"FR\",\"account\":{\"currency\":\"EUR\"},"
     "\"person\":{\"name\":\"B\",\"email\":\"b@a.example\",\"language\":\"fr\"},"
     "\"metadata\":{\"crm\":\"17\"}}",
     NULL},
    {"{\"name\":\"A\",\"country\":\"FR\",\"account\":{\"currency\":\"EUR\"}}", "/person"},
    {"{\"name\":\"A\",\"country\":\"FR\",\"account\":{\"currency\":\"EUR\",\"x\":1},"
     "\"person\":{\"name\":\"B\",\"email\":\"b@a.example\"}}",
     "/account/x"},
    {"{\"name\":\"A\",\"country\":\"FR\",\"account\":{\"currency\":\"EUR\"},"
     "\"person\":{\"name\":\"B\",\"email\":\"b@a.example\"},\"metadata\":{\"crm\":17}}",
     "/metadata/crm"},
    {"{\"name\":\"A\",\"country\":\"FR\",\"account\":{\"currency\":\"EUR\",\"country\":\"FR\","
     "\"address\":{\"city\":\"Köln\",\"country\":\"DE\"}},"
     "\"person\":{\"name\":\"B\",\"email\":\"b@a.example\"}}",
     "/account/address/country"},
};

static void test_create_by_api(void **state)
{
    struct context *cx = begin(state);
    for (size_t i = 0; i < COUNT(BODIES); i++) {
        struct http_request request = {.body = BODIES[i].body, .body_size = strlen(BODIES[i].body)};
        struct http_reply reply = {0};
        cx->customer = "";
        enum err err = customer_api_create_organization(cx, &request, &reply);
        assert_int_equal(err, BODIES[i].param ? ERR_INVALID : OK);
        if (err != OK) {
            assert_string_equal(cx->fault.param, BODIES[i].param);
            continue;
        }
        assert_int_equal(reply.status, 201);
        assert_non_null(strstr(reply.body, "\"object\":\"organization\""));
        assert_non_null(strstr(reply.body, "\"metadata\":{\"crm\":\"17\"}"));
        assert_non_null(strstr(reply.body, "\"mode\":\"test\""));
        assert_non_null(strstr(reply.body, "\"object\":\"billing_account\""));
    }
}

static void test_list_by_api(void **state)
{
    struct context *cx = begin(state);
    const char *ids[3];
    for (size_t i = 0; i < 3; i++, cx->customer = "")
        ids[i] = sign_up(cx, ACCOUNT_CLASSIC).organization.id;
    struct http_request request = {.query = {{"limit", "2"}}, .query_count = 1};
    struct http_reply reply = {0};
    assert_int_equal(customer_api_list_organizations(cx, &request, &reply), OK);
    const char *next = arena_print(cx->arena, "\"has_more\":true,\"next\":\"%s\"}", ids[1]);
    assert_non_null(strstr(reply.body, next));
    request.query[1] = (struct http_pair){"before", ids[0]};
    request.query_count = 2;
    assert_int_equal(customer_api_list_organizations(cx, &request, &reply), OK);
    const char *newest = strstr(reply.body, ids[2]);
    const char *older = strstr(reply.body, ids[1]);
    assert_true(newest != NULL && older != NULL && newest < older);
    assert_non_null(strstr(reply.body, "\"has_more\":false,\"next\":null}"));
    cx->actor.live = true; /* test organisations are not there for live keys */
    request.query_count = 1;
    assert_int_equal(customer_api_list_organizations(cx, &request, &reply), OK);
    assert_non_null(strstr(reply.body, "\"data\":[]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_sign_up),
        STORE_TEST(test_refused_sign_ups),
        STORE_TEST(test_people),
        STORE_TEST(test_lock_and_run),
        STORE_TEST(test_due),
        STORE_TEST(test_account_save),
        STORE_TEST(test_pages),
        STORE_TEST(test_nothing_of_others),
        STORE_TEST(test_key_is_kept_as_digest),
        STORE_TEST(test_who_is_let_in),
        STORE_TEST(test_organization_in_query),
        STORE_TEST(test_key_ends),
        STORE_TEST(test_now_is_the_customers),
        STORE_TEST(test_permission_matrix),
        STORE_TEST(test_create_by_api),
        STORE_TEST(test_list_by_api),
    };
    return store_run_tests("customer", tests, sizeof(tests) / sizeof(tests[0]));
}
