#include "engine/account_api.h"

#include "customer/customer_json.h"
#include "customer/customer_store.h"
#include "customer/vat_store.h"
#include "engine/account_do.h"
#include "http/http_list.h"

enum { CHECKS_SHOWN_MAX = 100 };

/* `null` takes the number away, as an empty text does. */
static enum err change_decode(struct json_reader *r, struct account_change *ret_change)
{
    struct account_change change = {0};
    struct json_reader address;
    bool has_address = false;
    TRY(json_text(r, "name", OPTIONAL, &change.name));
    if (json_type(r, "vat_id") == 'n')
        change.vat_id = "";
    TRY(json_text(r, "vat_id", OPTIONAL, &change.vat_id));
    TRY(json_object(r, "address", OPTIONAL, &address, &has_address));
    if (has_address) {
        TRY(json_text(&address, "line1", OPTIONAL, &change.line1));
        TRY(json_text(&address, "line2", OPTIONAL, &change.line2));
        TRY(json_text(&address, "postal_code", OPTIONAL, &change.postal_code));
        TRY(json_text(&address, "city", OPTIONAL, &change.city));
        TRY(json_done(&address));
    }
    TRY(json_done(r));
    *ret_change = change;
    return OK;
}

enum err account_api_change(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    const char *id = request->path_values[0];
    struct json_reader r;
    struct account_change change;
    struct account *known;
    struct account account;
    int64_t version = 0;
    TRY(http_body(cx, request, &r));
    TRY(change_decode(&r, &change));
    if (request->if_match != NULL) {
        TRY(account_load(cx, id, &known));
        TRY(http_check_version(cx, request, known->version));
        version = known->version;
    }
    TRY(account_change(cx, id, &change, version, &account));
    struct json_writer w = json_begin(cx->arena);
    account_encode(&w, NULL, &account);
    http_reply_version(cx, reply, account.version);
    http_reply_json(reply, 200, &w);
    return OK;
}

static void check_encode(struct json_writer *w, const struct vat_check *check)
{
    json_open_object(w, NULL);
    json_put_text(w, "id", check->id);
    json_put_text(w, "object", "vat_check");
    json_put_instant(w, "created_at", check->created_at);
    json_put_text(w, "account", check->account);
    json_put_text(w, "vat_id", check->vat_id);
    json_put_text(w, "answer", vat_answer_format(check->reply.answer));
    json_put_text(w, "reason", check->reply.reason);
    json_put_text(w, "proof", check->reply.proof);
    json_put_text(w, "trader", check->reply.trader);
    json_put_text(w, "provider", check->provider);
    json_put_day(w, "answered_on", check->answered_on);
    json_close_object(w);
}

enum err account_api_list_checks(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply)
{
    struct account *account;
    struct vat_check_list list = {0};
    TRY(account_load(cx, request->path_values[0], &account));
    TRY(vat_list(cx, account->id, CHECKS_SHOWN_MAX, &list));
    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++)
        check_encode(&w, list.items[i]);
    http_list_end(&w, NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}
