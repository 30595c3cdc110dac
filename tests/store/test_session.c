/* Sessions and the token of forms, on each kind of store: whom they let in, until when, and what
 * another person, session or site may do with them. */
#include "app/authorize.h"
#include "base/hash.h"
#include "base/limits.h"
#include "customer/customer_do.h"
#include "customer/permissions.h"
#include "customer/person_store.h"
#include "customer/session_store.h"
#include "customer/sign_in_do.h"
#include "engine/state.h"
#include "support/store.h"

static const struct seller SELLER = {
    .name = "Orvane", .country = "FR", .time_zone = "Europe/Paris"};
static const char EMAIL[] = "camille@marsault.example";
static const char PASSWORD[] = "long enough for all";

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct context *begin(void **state)
{
    struct store *store = *state;
    store->cx.seller = &SELLER;
    store->cx.customer = "";
    return &store->cx;
}

static struct person sign_up(struct context *cx, const char *name)
{
    struct organization_created created;
    struct organization_request request = {
        .name = name,
        .country = "FR",
        .clock_at = INSTANT_NONE,
        .account = {.type = ACCOUNT_CLASSIC, .currency = "EUR"},
        .person = {.name = "Camille Marsault", .email = EMAIL},
    };
    assert_int_equal(organization_create(cx, &request, &created), OK);
    return created.person;
}

/* Of the seller's staff when `customer` is "". */
static struct person add_person(struct context *cx, const char *customer, enum role role)
{
    struct person person;
    const struct person_request request = {
        .name = "Somebody",
        .email = arena_print(cx->arena, "%s@somewhere.example", role_format(role)),
        .roles = &role,
        .role_count = 1,
    };
    cx->customer = customer;
    assert_int_equal(person_create(cx, &request, &person), OK);
    return person;
}

static const char *start_session(struct context *cx, const struct person *person)
{
    const char *token = NULL;
    cx->customer = "";
    assert_int_equal(session_begin(cx, person, &token), OK);
    return token;
}

/* ── Asking ───────────────────────────────────────────────────────────────────────────── */

static struct http_request request_of(struct context *cx, const struct http_route *route,
                                      const char *token)
{
    return (struct http_request){
        .method = route->method,
        .route = route,
        .cookie = token != NULL ? arena_print(cx->arena, "a=b; annex_session=%s", token) : NULL,
    };
}

static enum err look(struct context *cx, const char *token, unsigned flags, uint64_t permission)
{
    const struct http_route route = {.flags = ROUTE_PAGE | flags, .permission = permission};
    struct http_request request = request_of(cx, &route, token);
    fault_clear(cx);
    return authorize(cx, &request);
}

static void test_who_is_let_in(void **state)
{
    struct context *cx = begin(state);
    struct person global = sign_up(cx, "Fonderie Marsault");
    struct person reader = add_person(cx, global.customer, ROLE_READER);
    struct person support = add_person(cx, "", ROLE_SUPPORT);
    const char *of_global = start_session(cx, &global);
    const char *of_reader = start_session(cx, &reader);
    const char *of_support = start_session(cx, &support);
    const char *unknown = "00000000000000000000000000000000";
    const struct {
        const char *token;
        unsigned flags;
        uint64_t permission;
        enum err err;
        const char *customer;
    } rows[] = {
        {of_global, 0, PERM_PRODUCTS_CHANGE, OK, global.customer},
        {of_reader, 0, PERM_PRODUCTS_VIEW, OK, global.customer},
        {of_reader, 0, PERM_PRODUCTS_CHANGE, ERR_FORBIDDEN, global.customer},
        {of_reader, ROUTE_SELLER, 0, ERR_NOT_FOUND, ""},
        {of_reader, ROUTE_ANYONE, 0, OK, global.customer},
        {of_support, 0, 0, ERR_NOT_FOUND, ""},
        {of_support, ROUTE_SELLER, PERM_SUPPORT_RESOLVE, OK, ""},
        {of_support, ROUTE_SELLER, PERM_CATALOG_PUBLISH, ERR_FORBIDDEN, ""},
        {of_support, ROUTE_ANYONE, 0, OK, ""},
        {NULL, 0, 0, ERR_UNAUTHENTICATED, ""},
        {unknown, 0, 0, ERR_UNAUTHENTICATED, ""},
        {"", 0, 0, ERR_UNAUTHENTICATED, ""},
        {"short", 0, 0, ERR_UNAUTHENTICATED, ""},
        {session_hash(cx, of_global), 0, 0, ERR_UNAUTHENTICATED, ""},
        {NULL, ROUTE_PUBLIC, 0, OK, ""},
        {unknown, ROUTE_PUBLIC, 0, OK, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum err err = look(cx, rows[i].token, rows[i].flags, rows[i].permission);
        if (err != rows[i].err)
            print_message("row %zu\n", i);
        assert_int_equal(err, rows[i].err);
        assert_string_equal(cx->customer, rows[i].customer);
    }
}

static void test_actor_is_the_person(void **state)
{
    struct context *cx = begin(state);
    struct person global = sign_up(cx, "Fonderie Marsault");
    struct person billing = add_person(cx, global.customer, ROLE_BILLING);
    assert_int_equal(look(cx, start_session(cx, &global), 0, 0), OK);
    assert_string_equal(cx->actor.id, global.id);
    assert_int_equal(cx->actor.kind, ACTOR_PERSON);
    assert_true(cx->actor.changes_billing); /* only global administrators do (rules §8) */
    assert_int_equal(look(cx, start_session(cx, &billing), 0, 0), OK);
    assert_false(cx->actor.changes_billing);
}

/* What an administrator makes of a person's address opens nothing: the session keeps the one that
 * signed in. */
static void test_chooses_by_its_login(void **state)
{
    struct context *cx = begin(state);
    struct person one = sign_up(cx, "Fonderie Marsault");
    struct person mate = add_person(cx, one.customer, ROLE_BILLING);
    sign_up(cx, "Cabinet Caradec");
    const char *of_one = start_session(cx, &one), *of_mate = start_session(cx, &mate);
    assert_int_equal(
        db_run(cx, "UPDATE person SET email = 'x' WHERE id = $1", DB_ARGS(db_text(one.id))), OK);
    assert_int_equal(db_run(cx, "UPDATE person SET email = $1 WHERE id = $2",
                            DB_ARGS(db_text(EMAIL), db_text(mate.id))),
                     OK);
    struct signed_in in;
    bool found;
    assert_int_equal(session_load(cx, session_hash(cx, of_mate), &found, &in), OK);
    assert_string_equal(in.login, mate.email);
    assert_false(in.has_others);
    assert_int_equal(session_load(cx, session_hash(cx, of_one), &found, &in), OK);
    assert_string_equal(in.login, EMAIL);
    assert_true(in.has_others);
}

/* ── Ends ─────────────────────────────────────────────────────────────────────────────── */

static void test_ends_when_idle(void **state)
{
    struct context *cx = begin(state);
    struct person person = sign_up(cx, "Fonderie Marsault");
    const char *token = start_session(cx, &person);
    cx->wall = STORE_NOW + SESSION_IDLE_MS - 1;
    assert_int_equal(look(cx, token, 0, 0), OK);
    cx->wall = STORE_NOW + SESSION_IDLE_MS;
    assert_int_equal(look(cx, token, 0, 0), ERR_UNAUTHENTICATED);
    cx->wall = STORE_NOW + SESSION_IDLE_MS - 1;
    assert_int_equal(session_touch(cx, session_hash(cx, token)), OK);
    cx->wall = STORE_NOW + SESSION_IDLE_MS;
    assert_int_equal(look(cx, token, 0, 0), OK);
}

static void test_ends_after_its_life(void **state)
{
    struct context *cx = begin(state);
    struct person person = sign_up(cx, "Fonderie Marsault");
    const char *token = start_session(cx, &person);
    for (int64_t age = 0; age < SESSION_LIFE_MS; age += SESSION_IDLE_MS / 2) {
        cx->wall = STORE_NOW + age;
        assert_int_equal(look(cx, token, 0, 0), OK);
        assert_int_equal(session_touch(cx, session_hash(cx, token)), OK);
    }
    cx->wall = STORE_NOW + SESSION_LIFE_MS - 1;
    assert_int_equal(look(cx, token, 0, 0), OK);
    cx->wall = STORE_NOW + SESSION_LIFE_MS;
    assert_int_equal(look(cx, token, 0, 0), ERR_UNAUTHENTICATED);
}

static void test_ends_when_left(void **state)
{
    struct context *cx = begin(state);
    struct person person = sign_up(cx, "Fonderie Marsault");
    const char *token = start_session(cx, &person), *other = start_session(cx, &person);
    assert_int_equal(session_end(cx, session_hash(cx, token)), OK);
    assert_int_equal(look(cx, token, 0, 0), ERR_UNAUTHENTICATED);
    assert_int_equal(session_touch(cx, session_hash(cx, token)), OK);
    assert_int_equal(look(cx, token, 0, 0), ERR_UNAUTHENTICATED);
    assert_int_equal(look(cx, other, 0, 0), OK); /* of another browser */
}

/* Roles are read afresh each time. */
static void test_roles_taken_away(void **state)
{
    struct context *cx = begin(state);
    struct person person = sign_up(cx, "Fonderie Marsault");
    const char *token = start_session(cx, &person);
    assert_int_equal(look(cx, token, 0, PERM_PRODUCTS_CHANGE), OK);
    assert_int_equal(db_run(cx, "DELETE FROM role_grant WHERE customer = $1 AND person = $2",
                            DB_ARGS(db_text(person.customer), db_text(person.id))),
                     OK);
    assert_int_equal(look(cx, token, 0, PERM_PRODUCTS_CHANGE), ERR_FORBIDDEN);
    assert_int_equal(look(cx, token, 0, 0), OK);
}

static int64_t count_sessions(struct context *cx)
{
    int64_t count = -1;
    assert_int_equal(db_one_integer(cx, &count, "SELECT COUNT(*) FROM session", DB_NO_ARGS), OK);
    return count;
}

static void test_sweep(void **state)
{
    struct context *cx = begin(state);
    struct person person = sign_up(cx, "Fonderie Marsault");
    start_session(cx, &person);
    cx->wall = STORE_NOW + SESSION_LIFE_MS + FORM_KEPT_MS;
    start_session(cx, &person);
    assert_int_equal(session_sweep(cx), OK);
    assert_int_equal(count_sessions(cx), 2);
    cx->wall++;
    assert_int_equal(session_sweep(cx), OK);
    assert_int_equal(count_sessions(cx), 1);
}

/* ── The token of forms ───────────────────────────────────────────────────────────────── */

struct form_row {
    const char *field, *header, *site;
    unsigned flags;
    enum http_method method;
    enum err err;
};

static enum err send_form(struct context *cx, const char *session, const struct form_row *row)
{
    const struct http_route route = {.flags = row->flags, .method = row->method};
    struct http_request request = request_of(cx, &route, session);
    request.csrf = row->header;
    request.fetch_site = row->site;
    if (row->field != NULL) {
        request.body = arena_print(cx->arena, "x=1&csrf=%s", row->field);
        request.body_size = strlen(request.body);
    }
    fault_clear(cx);
    return authorize(cx, &request);
}

static const char *digest_of(struct context *cx, const char *session)
{
    char hash[HASH_TEXT_SIZE];
    const char *text = arena_print(cx->arena, "csrf %s", session);
    hash_bytes(text, strlen(text), hash);
    return arena_copy(cx->arena, hash);
}

static void test_forms_carry_their_token(void **state)
{
    struct context *cx = begin(state);
    struct person one = sign_up(cx, "Fonderie Marsault"), two = sign_up(cx, "Cabinet Caradec");
    const char *session = start_session(cx, &one);
    const char *good = http_csrf_token(cx, session), *again = http_csrf_token(cx, session);
    const char *later = http_csrf_token(cx, start_session(cx, &one));
    const char *other = http_csrf_token(cx, start_session(cx, &two));
    assert_string_not_equal(good, again);
    const struct form_row rows[] = {
        {NULL, NULL, NULL, ROUTE_PAGE, HTTP_GET, OK},
        {NULL, NULL, NULL, 0, HTTP_GET, OK},
        {good, NULL, NULL, ROUTE_PAGE, HTTP_POST, OK},
        {again, NULL, NULL, ROUTE_PAGE, HTTP_POST, OK},
        {NULL, good, NULL, ROUTE_PAGE, HTTP_POST, OK},
        {NULL, good, NULL, 0, HTTP_POST, OK},
        {NULL, good, NULL, 0, HTTP_PATCH, OK},
        {good, NULL, "same-origin", ROUTE_PAGE, HTTP_POST, OK},
        {good, NULL, "none", ROUTE_PAGE, HTTP_POST, OK},
        {NULL, NULL, NULL, ROUTE_PAGE, HTTP_POST, ERR_FORM_EXPIRED},
        {"", NULL, NULL, ROUTE_PAGE, HTTP_POST, ERR_FORM_EXPIRED},
        {later, NULL, NULL, ROUTE_PAGE, HTTP_POST, ERR_FORM_EXPIRED},
        {other, NULL, NULL, ROUTE_PAGE, HTTP_POST, ERR_FORM_EXPIRED},
        {digest_of(cx, session), NULL, NULL, ROUTE_PAGE, HTTP_POST, ERR_FORM_EXPIRED},
        {good + 1, NULL, NULL, ROUTE_PAGE, HTTP_POST, ERR_FORM_EXPIRED},
        {good, other, NULL, ROUTE_PAGE, HTTP_POST, ERR_FORM_EXPIRED},
        {good, NULL, NULL, 0, HTTP_POST, ERR_FORM_EXPIRED}, /* of the API: only as a header */
        {NULL, NULL, NULL, 0, HTTP_DELETE, ERR_FORM_EXPIRED},
        {good, NULL, "cross-site", ROUTE_PAGE, HTTP_POST, ERR_FORM_EXPIRED},
        {good, NULL, "same-site", ROUTE_PAGE, HTTP_POST, ERR_FORM_EXPIRED},
        {good, NULL, NULL, ROUTE_PAGE | ROUTE_PUBLIC, HTTP_POST, OK},
        {NULL, NULL, NULL, ROUTE_PAGE | ROUTE_PUBLIC, HTTP_POST, ERR_FORM_EXPIRED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum err err = send_form(cx, session, &rows[i]);
        if (err != rows[i].err)
            print_message("row %zu\n", i);
        assert_int_equal(err, rows[i].err);
    }
    const struct form_row foreign = {NULL,      NULL, "cross-site", ROUTE_PAGE | ROUTE_PUBLIC,
                                     HTTP_POST, OK};
    assert_int_equal(send_form(cx, NULL, &foreign), ERR_FORM_EXPIRED); /* to sign someone in */
}

/* Of a session that is over one signs in first, whatever the token. */
static void test_forms_of_ended_sessions(void **state)
{
    struct context *cx = begin(state);
    struct person person = sign_up(cx, "Fonderie Marsault");
    const char *session = start_session(cx, &person);
    const struct form_row row = {
        http_csrf_token(cx, session), NULL, NULL, ROUTE_PAGE, HTTP_POST, OK};
    assert_int_equal(session_end(cx, session_hash(cx, session)), OK);
    assert_int_equal(send_form(cx, session, &row), ERR_UNAUTHENTICATED);
    const struct form_row none = {NULL, NULL, NULL, ROUTE_PAGE, HTTP_POST, OK};
    assert_int_equal(send_form(cx, session, &none), ERR_UNAUTHENTICATED);
}

/* ── What is kept ─────────────────────────────────────────────────────────────────────── */

static void test_kept_forms_are_ones_own(void **state)
{
    struct context *cx = begin(state);
    struct person one = sign_up(cx, "Fonderie Marsault"), two = sign_up(cx, "Cabinet Caradec");
    struct person mate = add_person(cx, one.customer, ROLE_BILLING);
    const char *secret = NULL;
    assert_int_equal(form_keep(cx, one.customer, one.id, "/support/new", "message=x", &secret), OK);
    const struct {
        const char *secret;
        const struct person *person;
        const char *address;
        int64_t age;
        bool found;
    } rows[] = {
        {secret, &one, "/support/new", 0, true},
        {secret, &one, "/support/new", FORM_KEPT_MS, true},
        {secret, &one, "/support/new", FORM_KEPT_MS + 1, false},
        {secret, &one, "/support", 0, false},
        {secret, &two, "/support/new", 0, false},
        {secret, &mate, "/support/new", 0, false},
        {"another", &one, "/support/new", 0, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct kept_form *form;
        cx->wall = STORE_NOW + rows[i].age;
        assert_int_equal(kept_form_load(cx, session_hash(cx, rows[i].secret),
                                        rows[i].person->customer, rows[i].person->id,
                                        rows[i].address, &form),
                         OK);
        assert_int_equal(form != NULL, rows[i].found);
    }
}

/* The latest are kept; others' stay. */
static void test_kept_forms_are_few(void **state)
{
    struct context *cx = begin(state);
    struct person one = sign_up(cx, "Fonderie Marsault"), two = sign_up(cx, "Cabinet Caradec");
    const char *others = NULL, *secrets[FORMS_KEPT_MAX + 2];
    assert_int_equal(form_keep(cx, two.customer, two.id, "/a", "b=c", &others), OK);
    for (int i = 0; i < FORMS_KEPT_MAX + 2; i++) {
        cx->wall = STORE_NOW + i;
        assert_int_equal(form_keep(cx, one.customer, one.id, "/a", "b=c", &secrets[i]), OK);
    }
    struct kept_form *form;
    for (int i = 0; i < FORMS_KEPT_MAX + 2; i++) {
        assert_int_equal(
            kept_form_load(cx, session_hash(cx, secrets[i]), one.customer, one.id, "/a", &form),
            OK);
        assert_int_equal(form != NULL, i >= 2);
    }
    assert_int_equal(
        kept_form_load(cx, session_hash(cx, others), two.customer, two.id, "/a", &form), OK);
    assert_non_null(form);
}

/* ── Signing in ───────────────────────────────────────────────────────────────────────── */

static enum err try_to(struct context *cx, const char *email, const char *password,
                       const char *address)
{
    struct person_list people = {0};
    fault_clear(cx);
    return sign_in_check(cx, email, password, address, &people);
}

static void test_signing_in(void **state)
{
    struct context *cx = begin(state);
    sign_up(cx, "Fonderie Marsault");
    sign_up(cx, "Cabinet Caradec");
    assert_int_equal(password_set(cx, EMAIL, "too short"), ERR_INVALID);
    assert_int_equal(password_set(cx, EMAIL, PASSWORD), OK);
    struct person_list people = {0};
    fault_clear(cx);
    assert_int_equal(sign_in_check(cx, "Camille@Marsault.EXAMPLE", PASSWORD, "::1", &people), OK);
    assert_int_equal(people.count, 2);
    assert_string_not_equal(people.items[0]->customer, people.items[1]->customer);
    assert_int_equal(try_to(cx, EMAIL, "", "::1"), ERR_SIGN_IN_FAILED);
    assert_int_equal(try_to(cx, "nobody@nowhere.example", PASSWORD, "::1"), ERR_SIGN_IN_FAILED);
    assert_int_equal(try_to(cx, EMAIL, PASSWORD, "::1"), OK); /* forgets the failure */
    for (int i = 0; i < SIGN_IN_FAILURES_MAX; i++)
        assert_int_equal(try_to(cx, EMAIL, "wrong", "::1"), ERR_SIGN_IN_FAILED);
    assert_int_equal(try_to(cx, EMAIL, PASSWORD, "::1"), ERR_RATE_LIMITED);
    assert_int_equal(try_to(cx, EMAIL, PASSWORD, "::2"), OK);
    cx->wall = STORE_NOW + SIGN_IN_WINDOW_MS;
    assert_int_equal(try_to(cx, EMAIL, PASSWORD, "::1"), ERR_RATE_LIMITED);
    cx->wall++;
    assert_int_equal(try_to(cx, EMAIL, PASSWORD, "::1"), OK);
}

int main(void)
{
    hash_start();
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_who_is_let_in),
        STORE_TEST(test_actor_is_the_person),
        STORE_TEST(test_chooses_by_its_login),
        STORE_TEST(test_ends_when_idle),
        STORE_TEST(test_ends_after_its_life),
        STORE_TEST(test_ends_when_left),
        STORE_TEST(test_roles_taken_away),
        STORE_TEST(test_sweep),
        STORE_TEST(test_forms_carry_their_token),
        STORE_TEST(test_forms_of_ended_sessions),
        STORE_TEST(test_kept_forms_are_ones_own),
        STORE_TEST(test_kept_forms_are_few),
        STORE_TEST(test_signing_in),
    };
    return store_run_tests("session", tests, sizeof(tests) / sizeof(tests[0]));
}
