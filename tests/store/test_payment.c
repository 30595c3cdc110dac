/* Payment methods, charges, refunds and the sandbox provider, on each kind of store. */
#include "customer/customer_do.h"
#include "customer/customer_store.h"
#include "engine/state.h"
#include "payment/payment_api.h"
#include "payment/payment_do.h"
#include "payment/payment_store.h"
#include "payment/provider_do.h"
#include "payment/sandbox_do.h"
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

/* Signs a customer up and returns its account's id. */
static const char *sign_up(struct context *cx, bool live)
{
    struct organization_created created;
    struct organization_request request = {
        .name = "Fonderie Marsault",
        .country = "FR",
        .live = live,
        .clock_at = INSTANT_NONE,
        .account = {.currency = "EUR"},
        .person = {.name = "Camille", .email = "camille@marsault.example"},
    };
    assert_int_equal(organization_create(cx, &request, &created), OK);
    return created.account.id;
}

static struct payment_method add_card(struct context *cx, const char *account, const char *test)
{
    struct payment_method method;
    struct method_request request = {.account = account, .kind = METHOD_CARD, .test = test};
    assert_int_equal(method_create(cx, &request, &method), OK);
    return method;
}

/* Methods -------------------------------------------------------------------------------------- */

static const struct method_row {
    struct method_request request;
    bool live;
    enum err err;
    const char *token, *label; /* of one that is taken */
    const char *param;         /* of one that is refused */
} METHODS[] = {
    {{.number = "4242424242424242"}, false, OK, "tok_success", "Visa ···· 4242", NULL},
    {{.number = "4242 4242-4242 4242"}, false, OK, "tok_success", "Visa ···· 4242", NULL},
    {{.number = "4000000000000002"}, false, OK, "tok_decline", "Visa ···· 0002", NULL},
    {{.number = "4000002760003184"}, false, OK, "tok_authentication", "Visa ···· 3184", NULL},
    {{.number = "4000000000000341"}, false, OK, "tok_decline_recurring", "Visa ···· 0341", NULL},
    {{.number = "4000000000000119"}, false, OK, "tok_late", "Visa ···· 0119", NULL},
    {{.number = "4000000000000259"}, false, OK, "tok_twice", "Visa ···· 0259", NULL},
    {{.number = "4000000000000101"}, false, OK, "tok_never", "Visa ···· 0101", NULL},
    {{.test = "success", .label = "Mine"}, false, OK, "tok_success", "Mine", NULL},
    {{.test = "success", .country = "FR"}, false, OK, "tok_success", "Visa ···· 4242", NULL},
    {{.kind = METHOD_TRANSFER}, false, OK, "", "Transfer", NULL},
    {{.kind = METHOD_TRANSFER}, true, OK, "", "Transfer", NULL},
    {{.number = "5555555555554444"}, false, ERR_INVALID, NULL, NULL, "/number"},
    {{.number = "42424242424242424242"}, false, ERR_INVALID, NULL, NULL, "/number"},
    {{.number = ""}, false, ERR_INVALID, NULL, NULL, "/number"},
    {{.test = "tok_success"}, false, ERR_INVALID, NULL, NULL, "/test"},
    {{.test = NULL}, false, ERR_INVALID, NULL, NULL, "/number"},
    {{.number = "4242424242424242", .test = "late"}, false, ERR_INVALID, NULL, NULL, "/number"},
    {{.test = "success", .country = "DE"},
     false,
     ERR_PAYMENT_METHOD_COUNTRY,
     NULL,
     NULL,
     "/country"},
    {{.kind = METHOD_TRANSFER, .test = "success"}, false, ERR_INVALID, NULL, NULL, "/test"},
    {{.test = "success"}, true, ERR_NOT_SUPPORTED_YET, NULL, NULL, NULL},
    {{.kind = METHOD_SEPA_DEBIT}, false, ERR_NOT_SUPPORTED_YET, NULL, NULL, NULL},
    {{.account = "acc_unknown", .test = "success"}, false, ERR_NOT_FOUND, NULL, NULL, "/account"},
};

static void check_method(struct context *cx, const struct method_row *row)
{
    struct method_request request = row->request;
    struct payment_method made, *method;
    struct account *account;
    cx->customer = "";
    const char *own = sign_up(cx, row->live);
    request.account = request.account ? request.account : own;
    enum err err = method_create(cx, &request, &made);
    assert_int_equal(err, row->err);
    assert_int_equal(account_load(cx, own, &account), OK);
    if (err != OK) {
        if (row->param != NULL)
            assert_string_equal(cx->fault.param, row->param);
        for (size_t i = 0; i < cx->fault.arg_count && row->request.number != NULL; i++)
            assert_string_not_equal(cx->fault.args[i].value, row->request.number);
        assert_null(account->default_method);
        return;
    }
    assert_int_equal(method_load(cx, made.id, &method), OK);
    assert_string_equal(method->token, row->token);
    assert_string_equal(method->label, row->label);
    assert_string_equal(method->country, "FR");
    assert_string_equal(account->default_method, made.id);
}

static void test_add_methods(void **state)
{
    struct context *cx = begin(state);
    for (size_t i = 0; i < COUNT(METHODS); i++)
        check_method(cx, &METHODS[i]);
}

static void test_first_method_is_default(void **state)
{
    struct context *cx = begin(state);
    const char *id = sign_up(cx, false);
    struct payment_method first = add_card(cx, id, "success");
    struct payment_method second = add_card(cx, id, "late");
    struct account *account;
    assert_int_equal(account_load(cx, id, &account), OK);
    assert_string_equal(account->default_method, first.id);

    struct method_list list = {0};
    struct method_query query = {.account = id, .after = "", .before = "", .limit = 10};
    assert_int_equal(method_list_page(cx, &query, &list), OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0]->id, second.id);
    second = *list.items[0];
    second.removed = true;
    assert_int_equal(method_save(cx, &second), OK);
    assert_int_equal(method_save(cx, list.items[0]), ERR_STORE_CONFLICT);
    list = (struct method_list){0};
    assert_int_equal(method_list_page(cx, &query, &list), OK);
    assert_int_equal(list.count, 1);
    list = (struct method_list){0};
    assert_int_equal(method_load_all(cx, &list), OK);
    assert_int_equal(list.count, 2);

    struct payment_method *stolen;
    cx->customer = "";
    sign_up(cx, false);
    assert_int_equal(method_load(cx, first.id, &stolen), ERR_NOT_FOUND);
}

/* Charges and refunds -------------------------------------------------------------------------- */

static struct payment *make_payment(struct context *cx, const struct payment_method *method,
                                    const char *document)
{
    struct payment *payment = ARENA_NEW(cx->arena, struct payment);
    *payment = (struct payment){
        .id = id_next(cx, "pay"),
        .account = method->account,
        .order = "ord_1",
        .document = document,
        .method = method->id,
        .provider = method->provider,
        .amount = money_of(1250, "EUR"),
        .refunded = money_zero("EUR"),
        .state = PAYMENT_REQUESTED,
        .attempt = 1,
        .created_at = cx->now,
        .settled_at = INSTANT_NONE,
        .row = ROW_NEW,
    };
    assert_int_equal(payment_save(cx, payment), OK);
    assert_int_equal(payment->row, ROW_STORED);
    return payment;
}

static void assert_payments(struct context *cx, size_t open, size_t refundable)
{
    struct payment_list list = {0};
    assert_int_equal(payment_load_open(cx, &list), OK);
    assert_int_equal(list.count, open);
    list = (struct payment_list){0};
    assert_int_equal(payment_load_refundable(cx, &list), OK);
    assert_int_equal(list.count, refundable);
}

static void test_payment_rows(void **state)
{
    struct context *cx = begin(state);
    struct payment_method method = add_card(cx, sign_up(cx, false), "success");
    struct payment *payment = make_payment(cx, &method, NULL);
    make_payment(cx, &method, "inv_1");
    assert_payments(cx, 2, 0);
    payment->state = PAYMENT_SUCCEEDED;
    payment->provider_ref = "sandbox/1";
    payment->settled_at = STORE_NOW;
    payment->document = "inv_2";
    row_touch(&payment->row);
    assert_int_equal(payment_save(cx, payment), OK);
    assert_payments(cx, 1, 1);
    payment->refunded = payment->amount;
    row_touch(&payment->row);
    assert_int_equal(payment_save(cx, payment), OK);
    assert_payments(cx, 1, 0);

    struct payment *loaded;
    assert_int_equal(payment_load(cx, payment->id, &loaded), OK);
    assert_string_equal(loaded->document, "inv_2");
    assert_string_equal(loaded->provider_ref, "sandbox/1");
    assert_true(loaded->settled_at == STORE_NOW && loaded->state == PAYMENT_SUCCEEDED);
    assert_int_equal(money_compare(loaded->refunded, money_of(1250, "EUR")), 0);
    struct payment_list list = {0};
    assert_int_equal(payment_load_of(cx, NULL, "inv_1", &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(payment_load_of(cx, "ord_1", NULL, &list), OK);
    assert_int_equal(list.count, 3);
    cx->customer = "org_other";
    assert_int_equal(payment_load(cx, payment->id, &loaded), ERR_NOT_FOUND);
    assert_payments(cx, 0, 0);
}

static void test_refund_rows(void **state)
{
    struct context *cx = begin(state);
    const char *customer;
    struct payment_method method = add_card(cx, sign_up(cx, false), "success");
    struct payment *payment = make_payment(cx, &method, NULL);
    payment->state = PAYMENT_SUCCEEDED;
    payment->row = ROW_CHANGED;
    assert_int_equal(payment_save(cx, payment), OK);
    const char **ids;
    size_t count;
    assert_int_equal(payment_list_customers(cx, "", 10, &ids, &count), OK);
    assert_int_equal(count, 0);

    struct refund refund = {
        .id = id_next(cx, "ref"),
        .account = method.account,
        .payment = payment->id,
        .amount = money_of(400, "EUR"),
        .cause = "test",
        .on = 20000,
        .created_at = STORE_NOW,
        .row = ROW_NEW,
    };
    assert_int_equal(refund_save(cx, &refund), OK);
    struct refund_list list = {0};
    assert_int_equal(refund_load_requested(cx, &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0]->amount.minor, 400);
    assert_int_equal(list.items[0]->on, 20000);
    customer = cx->customer;
    assert_int_equal(payment_list_customers(cx, "", 10, &ids, &count), OK);
    assert_int_equal(count, 1);
    assert_string_equal(ids[0], customer);
    assert_int_equal(payment_list_customers(cx, customer, 10, &ids, &count), OK);
    assert_int_equal(count, 0);

    struct provider_answer answer;
    assert_int_equal(provider_refund(cx, &refund, payment, &answer), OK);
    assert_int_equal(answer.state, PAYMENT_SUCCEEDED);
    refund.state = REFUND_SUCCEEDED;
    row_touch(&refund.row);
    assert_int_equal(refund_save(cx, &refund), OK);
    list = (struct refund_list){0};
    assert_int_equal(refund_load_requested(cx, &list), OK);
    assert_int_equal(list.count, 0);
    assert_int_equal(refund_load_all(cx, &list), OK);
    assert_int_equal(list.count, 1);
    payment->provider = "transfer";
    assert_int_equal(provider_refund(cx, &refund, payment, &answer), OK);
    assert_int_equal(answer.state, PAYMENT_PENDING);
}

/* The sandbox ---------------------------------------------------------------------------------- */

/* What is answered the first, second and third time, for an order and for what comes by itself. */
static const struct outcome_row {
    const char *test;
    enum payment_state of_order[3], by_itself[3];
    bool twice;
} OUTCOMES[] = {
    {"success",
     {PAYMENT_SUCCEEDED, PAYMENT_SUCCEEDED, PAYMENT_SUCCEEDED},
     {PAYMENT_SUCCEEDED, PAYMENT_SUCCEEDED, PAYMENT_SUCCEEDED},
     false},
    {"decline",
     {PAYMENT_FAILED, PAYMENT_FAILED, PAYMENT_FAILED},
     {PAYMENT_FAILED, PAYMENT_FAILED, PAYMENT_FAILED},
     false},
    {"authentication",
     {PAYMENT_ACTION_REQUIRED, PAYMENT_ACTION_REQUIRED, PAYMENT_ACTION_REQUIRED},
     {PAYMENT_ACTION_REQUIRED, PAYMENT_ACTION_REQUIRED, PAYMENT_ACTION_REQUIRED},
     false},
    {"decline_recurring",
     {PAYMENT_SUCCEEDED, PAYMENT_SUCCEEDED, PAYMENT_SUCCEEDED},
     {PAYMENT_FAILED, PAYMENT_FAILED, PAYMENT_FAILED},
     false},
    {"late",
     {PAYMENT_PENDING, PAYMENT_SUCCEEDED, PAYMENT_SUCCEEDED},
     {PAYMENT_PENDING, PAYMENT_SUCCEEDED, PAYMENT_SUCCEEDED},
     false},
    {"twice",
     {PAYMENT_SUCCEEDED, PAYMENT_SUCCEEDED, PAYMENT_SUCCEEDED},
     {PAYMENT_SUCCEEDED, PAYMENT_SUCCEEDED, PAYMENT_SUCCEEDED},
     true},
    {"never",
     {PAYMENT_UNKNOWN, PAYMENT_UNKNOWN, PAYMENT_UNKNOWN},
     {PAYMENT_UNKNOWN, PAYMENT_UNKNOWN, PAYMENT_UNKNOWN},
     false},
};

static void check_answers(struct context *cx, const struct payment_method *method,
                          const char *document, const enum payment_state *wanted, bool twice)
{
    struct payment *payment = make_payment(cx, method, document);
    for (int i = 0; i < 3; i++) {
        struct provider_answer answer;
        assert_int_equal(provider_charge(cx, payment, method, NULL, &answer), OK);
        assert_string_equal(payment_state_format(answer.state), payment_state_format(wanted[i]));
        assert_int_equal(answer.is_said_twice, twice);
        assert_true((answer.failure != NULL) == (wanted[i] == PAYMENT_FAILED));
        assert_true((answer.action_url != NULL) == (wanted[i] == PAYMENT_ACTION_REQUIRED));
        assert_true((answer.provider_ref != NULL) == (wanted[i] != PAYMENT_UNKNOWN));
    }
}

static void test_outcomes(void **state)
{
    struct context *cx = begin(state);
    const char *account = sign_up(cx, false);
    for (size_t i = 0; i < COUNT(OUTCOMES); i++) {
        const struct outcome_row *row = &OUTCOMES[i];
        struct payment_method method = add_card(cx, account, row->test);
        check_answers(cx, &method, NULL, row->of_order, row->twice);
        check_answers(cx, &method, "inv_1", row->by_itself, row->twice);
    }
}

static void test_what_was_said_stays(void **state)
{
    struct context *cx = begin(state);
    struct payment_method method = add_card(cx, sign_up(cx, false), "success");
    const struct provider_world declines = {.decline = true};
    struct provider_answer answer;
    struct payment *payment = make_payment(cx, &method, NULL);
    assert_int_equal(provider_charge(cx, payment, &method, &declines, &answer), OK);
    assert_int_equal(answer.state, PAYMENT_FAILED);
    assert_string_equal(answer.failure, "card_declined");
    assert_int_equal(provider_charge(cx, payment, &method, NULL, &answer), OK);
    assert_int_equal(answer.state, PAYMENT_FAILED); /* the same request, the same answer */
    payment->attempt = 2;
    assert_int_equal(provider_charge(cx, payment, &method, NULL, &answer), OK);
    assert_int_equal(answer.state, PAYMENT_SUCCEEDED);
    assert_int_equal(provider_charge(cx, payment, &method, &declines, &answer), OK);
    assert_int_equal(answer.state, PAYMENT_SUCCEEDED);
    payment->provider = "elsewhere";
    assert_int_equal(provider_charge(cx, payment, &method, NULL, &answer), ERR_INTERNAL);
}

static void test_authentication(void **state)
{
    struct context *cx = begin(state);
    struct payment_method method = add_card(cx, sign_up(cx, false), "authentication");
    for (int accepts = 0; accepts <= 1; accepts++) {
        enum payment_state decided = accepts ? PAYMENT_SUCCEEDED : PAYMENT_FAILED;
        struct payment *payment = make_payment(cx, &method, NULL);
        struct provider_answer answer;
        assert_int_equal(sandbox_authenticate(cx, payment, true, &answer), ERR_NOT_FOUND);
        assert_int_equal(provider_charge(cx, payment, &method, NULL, &answer), OK);
        assert_string_equal(answer.action_url,
                            arena_print(cx->arena, "/sandbox/authenticate/%s", payment->id));
        assert_int_equal(sandbox_authenticate(cx, payment, accepts == 1, &answer), OK);
        assert_int_equal(answer.state, decided);
        assert_int_equal(provider_charge(cx, payment, &method, NULL, &answer), OK);
        assert_int_equal(answer.state, decided);
        assert_int_equal(sandbox_authenticate(cx, payment, true, &answer), ERR_NOT_FOUND);
    }
}

/* The API -------------------------------------------------------------------------------------- */

static void test_methods_by_api(void **state)
{
    struct context *cx = begin(state);
    const char *account = sign_up(cx, false);
    struct http_reply reply = {0};
    struct http_request request = {
        .body = arena_print(
            cx->arena, "{\"account\":\"%s\",\"kind\":\"card\",\"number\":\"4242424242424242\"}",
            account)};
    request.body_size = strlen(request.body);
    assert_int_equal(payment_api_create_method(cx, &request, &reply), OK);
    assert_int_equal(reply.status, 201);
    assert_non_null(strstr(reply.body, "\"label\":\"Visa ···· 4242\""));
    assert_null(strstr(reply.body, "tok_"));

    struct method_list list = {0};
    assert_int_equal(method_load_all(cx, &list), OK);
    struct http_request named = {.path_values = {list.items[0]->id}, .path_value_count = 1};
    assert_int_equal(payment_api_load_method(cx, &named, &reply), OK);
    assert_non_null(strstr(reply.body, list.items[0]->id));
    assert_null(strstr(reply.body, "tok_"));
    assert_int_equal(payment_api_load_usage(cx, &named, &reply), OK);
    assert_non_null(strstr(reply.body, "\"subscriptions\":[],\"invoices\":[]"));
    named.path_values[0] = "pmt_unknown";
    assert_int_equal(payment_api_load_usage(cx, &named, &reply), ERR_NOT_FOUND);
    assert_int_equal(payment_api_list_methods(cx, &(struct http_request){0}, &reply), OK);
    assert_non_null(strstr(reply.body, "\"object\":\"list\""));
    assert_non_null(strstr(reply.body, list.items[0]->id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_add_methods),    STORE_TEST(test_first_method_is_default),
        STORE_TEST(test_payment_rows),   STORE_TEST(test_refund_rows),
        STORE_TEST(test_outcomes),       STORE_TEST(test_what_was_said_stays),
        STORE_TEST(test_authentication), STORE_TEST(test_methods_by_api),
    };
    return store_run_tests("payment", tests, sizeof(tests) / sizeof(tests[0]));
}
