#include "payment/payment_do.h"

#include "base/json.h"
#include "customer/customer_do.h"
#include "customer/customer_store.h"
#include "db/db.h"
#include "payment/payment_store.h"
#include "payment/sandbox.h"

/* What the provider makes of the card that was typed. */
static enum err card_of_request(struct context *cx, const struct method_request *request,
                                const struct sandbox_card **ret_card)
{
    bool by_number = request->number != NULL;
    if (by_number == (request->test != NULL)) {
        return fault(cx, ERR_INVALID, "param", "/number", "value",
                     "a card needs either number or test", NULL);
    }
    const struct sandbox_card *card =
        by_number ? sandbox_card_of_number(request->number) : sandbox_card_of_name(request->test);
    if (card == NULL) {
        return fault(cx, ERR_INVALID, "param", by_number ? "/number" : "/test", "value",
                     "only the test cards of the sandbox are taken", NULL);
    }
    *ret_card = card;
    return OK;
}

static enum err method_set_card(struct context *cx, const struct organization *organization,
                                const struct account *account, const struct method_request *request,
                                struct payment_method *method)
{
    const struct sandbox_card *card = NULL;
    if (organization->live)
        return fault(cx, ERR_NOT_SUPPORTED_YET, NULL);
    TRY(card_of_request(cx, request, &card));
    if (strcmp(method->country, account->country) != 0) {
        return fault(cx, ERR_PAYMENT_METHOD_COUNTRY, "param", "/country", "country",
                     account->country, NULL);
    }
    method->provider = "sandbox";
    method->token = card->token;
    method->label = request->label != NULL ? request->label : card->label;
    return OK;
}

static enum err method_set_transfer(struct context *cx, const struct method_request *request,
                                    struct payment_method *method)
{
    if (request->number != NULL || request->test != NULL) {
        return fault(cx, ERR_INVALID, "param", request->number != NULL ? "/number" : "/test",
                     "value", "belongs to a card", NULL);
    }
    method->provider = "transfer";
    method->token = "";
    method->label = request->label != NULL ? request->label : "Transfer";
    return OK;
}

static enum err method_announce(struct context *cx, struct organization *organization,
                                const struct payment_method *method)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "account", method->account);
    json_put_text(&w, "kind", method_kind_format(method->kind));
    json_put_text(&w, "label", method->label);
    json_close_object(&w);
    return organization_announce(cx, organization, "payment_method.added", method->id,
                                 json_end(&w));
}

struct method_work {
    const struct method_request *request;
    struct payment_method *ret_method;
};

static enum err method_create_work(struct context *cx, void *arg)
{
    const struct method_work *work = arg;
    const struct method_request *request = work->request;
    struct organization organization;
    struct account *account;
    TRY(organization_lock(cx, &organization));
    TRY(account_load(cx, request->account, &account));

    struct payment_method method = {
        .id = id_next(cx, "pmt"),
        .customer = cx->customer,
        .account = account->id,
        .kind = request->kind,
        .country = request->country != NULL ? request->country : account->country,
        .version = 1,
        .created_at = cx->now,
    };
    switch (request->kind) {
    case METHOD_CARD:
        TRY(method_set_card(cx, &organization, account, request, &method));
        break;
    case METHOD_TRANSFER:
        TRY(method_set_transfer(cx, request, &method));
        break;
    case METHOD_SEPA_DEBIT:
        return fault(cx, ERR_NOT_SUPPORTED_YET, NULL);
    }
    TRY(method_insert(cx, &method));
    if (account->default_method == NULL) {
        account->default_method = method.id;
        TRY(account_save(cx, account));
    }
    *work->ret_method = method;
    return method_announce(cx, &organization, &method);
}

enum err method_create(struct context *cx, const struct method_request *request,
                       struct payment_method *ret_method)
{
    struct payment_method method;
    struct method_work work = {request, &method};
    TRY(db_transact(cx, method_create_work, &work));
    *ret_method = method;
    return OK;
}
