#include "customer/customer_api.h"

#include "customer/customer_do.h"
#include "customer/customer_json.h"
#include "customer/customer_store.h"
#include "http/http_list.h"

/* Organisations -------------------------------------------------------------------------------- */

static enum err decode_organization(struct context *cx, const struct http_request *request,
                                    struct organization_request *ret_organization)
{
    struct organization_request organization = {.live = cx->actor.live, .clock_at = INSTANT_NONE};
    struct json_reader r, account, person;
    bool present;
    TRY(http_body(cx, request, &r));
    TRY(json_text(&r, "name", REQUIRED, &organization.name));
    TRY(json_text(&r, "country", REQUIRED, &organization.country));
    TRY(json_text(&r, "test_clock", OPTIONAL, &organization.clock));
    TRY(metadata_decode(&r, &organization.metadata));
    TRY(json_object(&r, "account", REQUIRED, &account, &present));
    TRY(account_decode(&account, &organization.account));
    TRY(json_object(&r, "person", REQUIRED, &person, &present));
    TRY(person_decode(&person, &organization.person));
    TRY(json_done(&r));
    *ret_organization = organization;
    return OK;
}

enum err customer_api_create_organization(struct context *cx, const struct http_request *request,
                                          struct http_reply *reply)
{
    struct organization_request organization;
    struct organization_created created;
    TRY(decode_organization(cx, request, &organization));
    TRY(organization_create(cx, &organization, &created));

    struct json_writer w = json_begin(cx->arena);
    organization_encode_open(&w, NULL, &created.organization);
    account_encode(&w, "account", &created.account);
    person_encode(&w, "person", &created.person);
    json_close_object(&w);
    http_reply_version(cx, reply, created.organization.version);
    http_reply_json(reply, 201, &w);
    return OK;
}

enum err customer_api_list_organizations(struct context *cx, const struct http_request *request,
                                         struct http_reply *reply)
{
    struct http_page page;
    struct organization_list list = {0};
    TRY(http_page_read(cx, request, &page));
    TRY(organization_list_page(cx, cx->actor.live, page.after, page.before, page.limit + 1, &list));
    bool has_more = http_list_trim(&page, list.items, &list.count);

    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++)
        organization_encode(&w, NULL, list.items[i]);
    http_list_end(&w, has_more
                          ? http_list_next(&page, list.items[0]->id, list.items[list.count - 1]->id)
                          : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

/* A key of the seller names the organisation by the address itself; for everyone else only the
 * own one exists. */
enum err customer_api_load_organization(struct context *cx, const struct http_request *request,
                                        struct http_reply *reply)
{
    const char *id = request->path_values[0];
    struct organization organization;
    if (cx->actor.kind == ACTOR_STAFF && cx->customer[0] == '\0')
        cx->customer = id;
    if (strcmp(cx->customer, id) != 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/organization", NULL);
    TRY(organization_load(cx, &organization));
    if (organization.live != cx->actor.live)
        return fault(cx, ERR_NOT_FOUND, "param", "/organization", NULL);

    struct json_writer w = json_begin(cx->arena);
    organization_encode(&w, NULL, &organization);
    http_reply_version(cx, reply, organization.version);
    http_reply_json(reply, 200, &w);
    return OK;
}

/* Billing accounts ----------------------------------------------------------------------------- */

static void reply_account(struct context *cx, struct http_reply *reply, int status,
                          const struct account *account)
{
    struct json_writer w = json_begin(cx->arena);
    account_encode(&w, NULL, account);
    http_reply_version(cx, reply, account->version);
    http_reply_json(reply, status, &w);
}

enum err customer_api_create_account(struct context *cx, const struct http_request *request,
                                     struct http_reply *reply)
{
    struct json_reader r;
    struct account_request wanted;
    struct account account;
    TRY(http_body(cx, request, &r));
    TRY(account_decode(&r, &wanted));
    TRY(account_create(cx, &wanted, &account));
    reply_account(cx, reply, 201, &account);
    return OK;
}

enum err customer_api_list_accounts(struct context *cx, const struct http_request *request,
                                    struct http_reply *reply)
{
    struct http_page page;
    struct account_list list = {0};
    TRY(http_page_read(cx, request, &page));
    TRY(account_list_page(cx, page.after, page.before, page.limit + 1, &list));
    bool has_more = http_list_trim(&page, list.items, &list.count);

    struct json_writer w = json_begin(cx->arena);
    http_list_begin(&w);
    for (size_t i = 0; i < list.count; i++)
        account_encode(&w, NULL, list.items[i]);
    http_list_end(&w, has_more
                          ? http_list_next(&page, list.items[0]->id, list.items[list.count - 1]->id)
                          : NULL);
    http_reply_json(reply, 200, &w);
    return OK;
}

enum err customer_api_load_account(struct context *cx, const struct http_request *request,
                                   struct http_reply *reply)
{
    struct account *account;
    TRY(account_load(cx, request->path_values[0], &account));
    reply_account(cx, reply, 200, account);
    return OK;
}

enum err customer_api_load_credit(struct context *cx, const struct http_request *request,
                                  struct http_reply *reply)
{
    struct account *account;
    TRY(account_load(cx, request->path_values[0], &account));
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "object", "credit_balance");
    json_put_text(&w, "account", account->id);
    json_put_money(&w, "balance", account->credit);
    json_close_object(&w);
    http_reply_version(cx, reply, account->version);
    http_reply_json(reply, 200, &w);
    return OK;
}
