/* Organisations, billing accounts and people, on each kind of store. */
#include "base/limits.h"
#include "customer/customer_api.h"
#include "customer/customer_do.h"
#include "customer/customer_store.h"
#include "customer/due_store.h"
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

/* Claims what is due, at most `limit`; gives how many, and the first. */
static size_t claim(struct context *cx, const char *id, instant until, bool after_fault,
                    struct due_customer **ret_first)
{
    struct due_claim claim = {.id = id, .until = until, .after_fault = after_fault, .limit = 2};
    struct due_customer_list list = {0};
    assert_int_equal(due_claim(cx, &claim, &list), OK);
    if (list.count > 0)
        *ret_first = list.items[0];
    return list.count;
}

static void test_due(void **state)
{
    struct context *cx = begin(state);
    struct organization organization = sign_up(cx, ACCOUNT_CLASSIC).organization;
    const instant due_at = STORE_NOW + 5;
    struct due_customer *customer;
    int64_t waiting;
    assert_int_equal(claim(cx, "a", due_at, false, &customer), 0);
    organization.due_at = due_at;
    assert_int_equal(organization_save_run(cx, &organization), OK);
    assert_int_equal(claim(cx, "a", due_at - 1, false, &customer), 0);
    assert_int_equal(claim(cx, "a", due_at, true, &customer), 0);
    assert_int_equal(claim(cx, "a", due_at, false, &customer), 1);
    assert_string_equal(customer->id, organization.id);
    assert_int_equal(claim(cx, "b", due_at, false, &customer), 0); /* claimed */
    assert_int_equal(claim(cx, "b", due_at, true, &customer), 0);
    assert_int_equal(due_count(cx, due_at, &waiting), OK);
    assert_int_equal(waiting, 1);
    assert_int_equal(due_return(cx, "b", organization.id), OK); /* someone else's */
    assert_int_equal(claim(cx, "b", due_at, false, &customer), 0);
    assert_int_equal(due_return(cx, "a", organization.id), OK);
    assert_int_equal(claim(cx, "b", due_at, false, &customer), 1);
    assert_int_equal(due_give_back(cx, "b", customer), OK); /* done */
    assert_int_equal(claim(cx, "c", due_at, false, &customer), 1);
    cx->wall += DUE_LEASE_MS; /* its node has died, and the attempt counts */
    assert_int_equal(claim(cx, "d", due_at, false, &customer), 0);
    assert_int_equal(claim(cx, "d", due_at, true, &customer), 1);
    organization.clock_at = STORE_NOW;
    assert_int_equal(due_give_back(cx, "d", customer), OK);
    assert_int_equal(organization_save_run(cx, &organization), OK);
    assert_int_equal(claim(cx, "e", due_at, false, &customer), 0); /* on a clock of its own */
}

/* Three attempts, whoever makes them and whether the process goes down with them or not. */
static void test_parked(void **state)
{
    struct context *cx = begin(state);
    struct organization organization = sign_up(cx, ACCOUNT_CLASSIC).organization;
    struct due_customer *customer;
    struct parked_work parked;
    struct parked_work_list list = {0};
    int64_t count;
    bool marked;
    organization.due_at = STORE_NOW;
    assert_int_equal(organization_save_run(cx, &organization), OK);
    cx->customer = organization.id;
    for (int i = 0; i < DUE_FAILURES_MAX; i++) {
        assert_int_equal(due_load_parked(cx, &parked), ERR_NOT_FOUND);
        fault_clear(cx);
        assert_int_equal(claim(cx, "a", STORE_NOW, i > 0, &customer), 1);
        assert_int_equal(due_load_parked(cx, &parked), ERR_NOT_FOUND); /* under way */
        fault_clear(cx);
        customer->error = "internal";
        customer->subject = "sub_1";
        if (i == 1) { /* goes down */
            cx->wall += DUE_LEASE_MS;
            continue;
        }
        assert_int_equal(due_give_back(cx, "a", customer), OK);
        assert_int_equal(claim(cx, "b", STORE_NOW, true, &customer), 0); /* it rests */
        cx->wall += DUE_REST_MS;
    }
    assert_int_equal(claim(cx, "a", STORE_NOW, true, &customer), 0);
    assert_int_equal(due_count(cx, STORE_NOW, &count), OK);
    assert_int_equal(count, 0);
    assert_int_equal(due_load_parked(cx, &parked), OK);
    assert_string_equal(parked.error, "internal");
    assert_string_equal(parked.subject, "sub_1");
    assert_int_equal(parked.attempts, DUE_FAILURES_MAX);
    assert_int_equal(due_list_untold(cx, 10, &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(due_mark_parked(cx, &marked), OK);
    assert_true(marked);
    assert_int_equal(due_mark_parked(cx, &marked), OK);
    assert_false(marked); /* told once */
    assert_int_equal(due_list_untold(cx, 10, &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(due_unpark(cx), OK);
    assert_int_equal(claim(cx, "a", STORE_NOW, false, &customer), 1);
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
        STORE_TEST(test_parked),
        STORE_TEST(test_account_save),
        STORE_TEST(test_pages),
        STORE_TEST(test_nothing_of_others),
        STORE_TEST(test_create_by_api),
        STORE_TEST(test_list_by_api),
    };
    return store_run_tests("customer", tests, sizeof(tests) / sizeof(tests[0]));
}
