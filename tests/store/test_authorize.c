/* Keys of the API: whom they let in, where, and what each role may do (rules §8), on each kind of
 * store. */
#include "app/authorize.h"
#include "base/hash.h"
#include "customer/customer_do.h"
#include "customer/permissions.h"
#include "customer/person_store.h"
#include "engine/state.h"
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
    struct http_request request = {
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
        struct http_request request = {
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
    struct http_request public = {.route = &route};
    assert_int_equal(authorize(cx, &public), OK);
    assert_true(cx->now == STORE_NOW && cx->actor.permissions == 0);
    request.live = true;
    assert_int_equal(organization_create(cx, &request, &made), ERR_INVALID);
    request.clock_at = INSTANT_NONE;
    request.clock = "clk_1";
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
                     PERM_SUPPORT_RESOLVE | PERM_OPERATIONS_MANAGE | PERM_WRITE_OFF |
                     PERM_EXEMPTIONS_MANAGE},
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

/* What a page asks of a link is what the door asks of the request. */
static void test_missing_of_an_address(void **state)
{
    struct context *cx = begin(state);
    static const struct http_route ROUTES[] = {
        {.method = HTTP_GET, .path = "/a", .permission = PERM_PRODUCTS_VIEW},
        {.method = HTTP_POST, .path = "/a", .permission = PERM_PRODUCTS_CHANGE},
        {.method = HTTP_GET, .path = "/a/{id}", .permission = PERM_LICENSES_VIEW},
        {.method = HTTP_GET, .path = "/a/new", .permission = PERM_SUPPORT_OPEN | PERM_EVENTS_VIEW},
    };
    const struct {
        enum http_method method;
        const char *address;
        uint64_t missing;
    } rows[] = {
        {HTTP_GET, "/a", 0},
        {HTTP_GET, "/a?x=/a/new#y", 0},
        {HTTP_POST, "/a", PERM_PRODUCTS_CHANGE},
        {HTTP_POST, "/a?for=sub_1", PERM_PRODUCTS_CHANGE},
        {HTTP_GET, "/a/sub_1", PERM_LICENSES_VIEW},
        {HTTP_GET, "/a/new", PERM_SUPPORT_OPEN},
        {HTTP_GET, "/nowhere", 0},
        {HTTP_POST, "/a/new", 0},
        {HTTP_GET, "https://bank.example/a/new", 0},
        {HTTP_GET, "/a/%zz", 0},
    };
    const struct http_request request = {.routes = ROUTES, .route_count = COUNT(ROUTES)};
    cx->actor.permissions = PERM_PRODUCTS_VIEW | PERM_EVENTS_VIEW;
    fault_clear(cx);
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(http_missing(cx, &request, rows[i].method, rows[i].address),
                         rows[i].missing);
        assert_int_equal(cx->fault.code, OK);
    }
}

#define ROLE_BIT(name) (1U << ROLE_##name)

static void test_who_may(void **state)
{
    (void)state;
    const struct {
        uint64_t permissions;
        enum role_place place;
        uint32_t roles;
    } rows[] = {
        {PERM_PRODUCTS_CHANGE, ROLE_OF_ORGANIZATION, ROLE_BIT(GLOBAL) | ROLE_BIT(BILLING)},
        {PERM_BILLING_FREQUENCY | PERM_PRODUCTS_CHANGE, ROLE_OF_ORGANIZATION, ROLE_BIT(GLOBAL)},
        {PERM_LICENSES_ASSIGN, ROLE_OF_ORGANIZATION,
         ROLE_BIT(GLOBAL) | ROLE_BIT(LICENSE) | ROLE_BIT(USER)},
        {PERM_SUPPORT_RESOLVE, ROLE_OF_ORGANIZATION, 0},
        {PERM_SUPPORT_RESOLVE, ROLE_OF_SELLER, ROLE_BIT(OWNER) | ROLE_BIT(SUPPORT)},
        {PERM_ROLES_MANAGE, ROLE_OF_AGREEMENT, ROLE_BIT(ACCOUNT_OWNER)},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(permissions_roles(rows[i].permissions, rows[i].place), rows[i].roles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_key_is_kept_as_digest), STORE_TEST(test_who_is_let_in),
        STORE_TEST(test_organization_in_query), STORE_TEST(test_key_ends),
        STORE_TEST(test_now_is_the_customers),  STORE_TEST(test_permission_matrix),
        STORE_TEST(test_missing_of_an_address), STORE_TEST(test_who_may),
    };
    return store_run_tests("authorize", tests, sizeof(tests) / sizeof(tests[0]));
}
