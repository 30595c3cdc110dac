#include "customer/customer_do.h"

#include "base/hash.h"
#include "base/json.h"
#include "customer/clock_store.h"
#include "customer/customer_store.h"
#include "customer/person_store.h"
#include "customer/vat_store.h"
#include "db/db.h"
#include "engine/state.h"
#include "event/event_store.h"
#include "tax/tax.h"

/* Checks --------------------------------------------------------------------------------------- */

static enum err check_name(struct context *cx, const char *name, const char *param)
{
    if (name == NULL || name[strspn(name, " ")] == '\0')
        return fault(cx, ERR_INVALID, "param", param, "value", "must not be empty", NULL);
    return OK;
}

static enum err check_country(struct context *cx, const char *country, const char *param)
{
    if (country == NULL || !country_is_well_formed(country)) {
        return fault(cx, ERR_INVALID, "param", param, "value",
                     "must be a country of two capital letters, such as FR", NULL);
    }
    return OK;
}

/* The member of an account, under the place of the account in the body ("" or "/account"). */
static enum err account_fault(struct context *cx, const char *place, const char *member,
                              const char *what)
{
    return fault(cx, ERR_INVALID, "param", arena_print(cx->arena, "%s/%s", place, member), "value",
                 what, NULL);
}

enum err account_check(struct context *cx, const struct account *account, const char *place)
{
    TRY(check_name(cx, account->name, arena_print(cx->arena, "%s/name", place)));
    TRY(check_country(cx, account->country, arena_print(cx->arena, "%s/country", place)));
    if (!zone_is_known(account->time_zone)) {
        return account_fault(cx, place, "time_zone",
                             "must be a time zone such as Europe/Paris or UTC");
    }
    if (account->vat_id != NULL && tax_country_in_eu(account->country) &&
        !tax_vat_id_is_well_formed(account->vat_id)) {
        return account_fault(cx, place, "vat_id",
                             "must be a VAT number of an EU country, with its prefix");
    }
    return OK;
}

/* Events --------------------------------------------------------------------------------------- */

enum err organization_announce(struct context *cx, struct organization *organization,
                               const char *type, const char *subject, const char *data)
{
    const struct event event = {
        .id = id_next(cx, "evt"), .type = type, .subject = subject, .data = data};
    organization->event_seq++;
    TRY(event_insert(cx, &event, organization->event_seq));
    return organization_save_run(cx, organization);
}

static const char *name_data(struct context *cx, const char *name)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "name", name);
    json_close_object(&w);
    return json_end(&w);
}

/* Accounts ------------------------------------------------------------------------------------- */

static const char *text_or(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

/* Makes and writes an account of the organisation. */
static enum err account_add(struct context *cx, const struct organization *organization,
                            const struct account_request *request, const char *place,
                            struct account *ret_account)
{
    if (request->currency == NULL || currency_decimals(request->currency) < 0) {
        return account_fault(cx, place, "currency",
                             "must be a currency of three capital letters, such as EUR");
    }
    struct account account = {
        .earned_until = DAY_NONE,
        .earn_on = DAY_NONE,
        .id = id_next(cx, "acc"),
        .customer = organization->id,
        .name = text_or(request->name, organization->name),
        .type = request->type,
        .country = text_or(request->country, organization->country),
        .time_zone = text_or(request->time_zone, cx->seller->time_zone),
        .vat_state_on = DAY_NONE,
        .taxed = !request->untaxed,
        .sold_to = {.line1 = text_or(request->sold_to.line1, ""),
                    .line2 = text_or(request->sold_to.line2, ""),
                    .postal_code = text_or(request->sold_to.postal_code, ""),
                    .city = text_or(request->sold_to.city, "")},
        .credit = money_zero(request->currency),
        .version = 1,
        .created_at = cx->now,
    };
    account.sold_to.country = account.country;
    if (request->vat_id != NULL && request->vat_id[0] != '\0')
        account.vat_id = tax_vat_id_clean(cx->arena, account.country, request->vat_id);
    memcpy(account.currency, account.credit.currency, CURRENCY_SIZE);
    TRY(account_check(cx, &account, place));
    TRY(account_insert(cx, &account));
    if (account.vat_id != NULL)
        TRY(vat_ask_anew(cx, &account));
    *ret_account = account;
    return OK;
}

struct account_work {
    const struct account_request *request;
    struct account *ret_account;
};

static enum err account_create_work(struct context *cx, void *arg)
{
    const struct account_work *work = arg;
    struct organization organization;
    TRY(organization_lock(cx, &organization));
    TRY(account_add(cx, &organization, work->request, "", work->ret_account));
    return organization_announce(cx, &organization, "billing_account.created",
                                 work->ret_account->id, name_data(cx, work->ret_account->name));
}

enum err account_create(struct context *cx, const struct account_request *request,
                        struct account *ret_account)
{
    struct account account;
    struct account_work work = {request, &account};
    TRY(db_transact(cx, account_create_work, &work));
    *ret_account = account;
    return OK;
}

/* People --------------------------------------------------------------------------------------- */

static enum err check_person(struct context *cx, const struct person_request *request,
                             const char *place)
{
    TRY(check_name(cx, request->name, arena_print(cx->arena, "%s/name", place)));
    if (request->email == NULL || !email_is_well_formed(request->email)) {
        return fault(cx, ERR_INVALID, "param", arena_print(cx->arena, "%s/email", place), "value",
                     "must be a mail address", NULL);
    }
    bool of_seller = cx->customer[0] == '\0';
    for (size_t i = 0; i < request->role_count; i++) {
        if ((role_place(request->roles[i]) == ROLE_OF_SELLER) == of_seller)
            continue;
        return fault(cx, ERR_INVALID, "param", arena_print(cx->arena, "%s/roles/%zu", place, i),
                     "value", "must be a role of the side the person is on", NULL);
    }
    return OK;
}

static enum err person_add(struct context *cx, const struct person_request *request,
                           const char *place, struct person *ret_person)
{
    TRY(check_person(cx, request, place));
    struct person person = {
        .id = id_next(cx, "usr"),
        .customer = cx->customer,
        .name = request->name,
        .email = request->email,
        .language = text_or(request->language, cx->language),
        .created_at = cx->now,
    };
    enum err err = person_insert(cx, &person);
    if (err == ERR_STORE_CONFLICT) {
        return fault(cx, ERR_INVALID, "param", arena_print(cx->arena, "%s/email", place), "value",
                     "belongs to someone who is there already", NULL);
    }
    TRY(err);
    for (size_t i = 0; i < request->role_count; i++)
        TRY(role_insert(cx, person.id, request->roles[i]));
    *ret_person = person;
    return OK;
}

struct person_work {
    const struct person_request *request;
    struct person *ret_person;
};

static enum err person_create_work(struct context *cx, void *arg)
{
    const struct person_work *work = arg;
    if (cx->customer[0] == '\0') /* the seller has no row of its own to lock, and no events */
        return person_add(cx, work->request, "", work->ret_person);
    struct organization organization;
    TRY(organization_lock(cx, &organization));
    TRY(person_add(cx, work->request, "", work->ret_person));
    return organization_announce(cx, &organization, "person.added", work->ret_person->id,
                                 name_data(cx, work->ret_person->name));
}

enum err person_create(struct context *cx, const struct person_request *request,
                       struct person *ret_person)
{
    struct person person;
    struct person_work work = {request, &person};
    TRY(db_transact(cx, person_create_work, &work));
    *ret_person = person;
    return OK;
}

/* Organisations -------------------------------------------------------------------------------- */

struct organization_work {
    const struct organization_request *request;
    struct organization_created *ret_created;
};

/* Who signs up is global and billing administrator, and owner of an agreement account. */
static enum err organization_add_signer(struct context *cx,
                                        const struct organization_request *request,
                                        struct person *ret_person)
{
    static const enum role ROLES[] = {ROLE_GLOBAL, ROLE_BILLING, ROLE_ACCOUNT_OWNER};
    struct person_request person = request->person;
    person.roles = ROLES;
    person.role_count = request->account.type == ACCOUNT_AGREEMENT ? 3 : 2;
    return person_add(cx, &person, "/person", ret_person);
}

/* The organisation begins at the time of its clock, which stands still meanwhile. */
static enum err organization_take_clock(struct context *cx, const char *id, instant *ret_clock_at)
{
    struct test_clock clock;
    TRY(clock_lock(cx, id, &clock));
    if (clock.target_at != INSTANT_NONE)
        return fault(cx, ERR_CLOCK_ADVANCING, NULL);
    *ret_clock_at = cx->now = clock.now_at;
    return OK;
}

static enum err organization_create_work(struct context *cx, void *arg)
{
    const struct organization_work *work = arg;
    const struct organization_request *request = work->request;
    struct organization_created *created = work->ret_created;
    struct organization *organization = &created->organization;
    instant clock_at = request->clock_at;
    if (request->clock != NULL)
        TRY(organization_take_clock(cx, request->clock, &clock_at));
    *organization = (struct organization){
        .id = id_next(cx, "org"),
        .name = request->name,
        .country = request->country,
        .live = request->live,
        .clock = request->clock,
        .clock_at = clock_at,
        .due_at = INSTANT_NONE,
        .metadata = request->metadata,
        .version = 1,
        .created_at = cx->now,
    };
    cx->customer = organization->id;
    TRY(organization_insert(cx, organization));
    TRY(account_add(cx, organization, &request->account, "/account", &created->account));
    TRY(organization_add_signer(cx, request, &created->person));
    return organization_announce(cx, organization, "organization.created", organization->id,
                                 name_data(cx, organization->name));
}

enum err organization_create(struct context *cx, const struct organization_request *request,
                             struct organization_created *ret_created)
{
    TRY(check_name(cx, request->name, "/name"));
    TRY(check_country(cx, request->country, "/country"));
    if (request->live && (request->clock != NULL || request->clock_at != INSTANT_NONE)) {
        return fault(cx, ERR_INVALID, "param", "/test_clock", "value",
                     "only a test organisation has a clock of its own", NULL);
    }
    const char *caller = cx->customer;
    instant now = cx->now;
    struct organization_created created;
    struct organization_work work = {request, &created};
    enum err err = db_transact(cx, organization_create_work, &work);
    if (err != OK) {
        cx->customer = caller;
        cx->now = now;
        return err;
    }
    cx->customer = created.organization.id;
    *ret_created = created;
    return OK;
}

/* Keys ----------------------------------------------------------------------------------------- */

struct key_work {
    const struct key_request *request;
    struct api_key *ret_key;
    const char *ret_secret;
};

static enum err key_create_work(struct context *cx, void *arg)
{
    struct key_work *work = arg;
    const struct key_request *request = work->request;
    struct person *person;
    TRY(person_load(cx, request->person, &person));
    TRY(check_name(cx, request->name, "/name"));

    char secret[SECRET_TEXT_SIZE];
    char hash[HASH_TEXT_SIZE];
    secret_create(secret);
    work->ret_secret =
        arena_print(cx->arena, "annex_%s_%s", request->live ? "live" : "test", secret);
    hash_bytes(work->ret_secret, strlen(work->ret_secret), hash);
    *work->ret_key = (struct api_key){
        .id = id_next(cx, "key"),
        .hash = arena_copy(cx->arena, hash),
        .customer = cx->customer,
        .person = person->id,
        .name = request->name,
        .scopes = request->can_write ? "write" : "read",
        .live = request->live,
        .created_at = cx->wall,
        .expires_at = request->expires_at,
        .revoked_at = INSTANT_NONE,
    };
    return key_insert(cx, work->ret_key);
}

enum err key_create(struct context *cx, const struct key_request *request, struct api_key *ret_key,
                    const char **ret_secret)
{
    struct api_key key;
    struct key_work work = {.request = request, .ret_key = &key};
    TRY(db_transact(cx, key_create_work, &work));
    *ret_key = key;
    *ret_secret = work.ret_secret;
    return OK;
}

/* Entering ------------------------------------------------------------------------------------- */

enum err organization_enter(struct context *cx, const char *id,
                            struct organization *ret_organization)
{
    assert(cx->actor.kind == ACTOR_STAFF);
    cx->customer = id;
    TRY(organization_load(cx, ret_organization));
    cx->now = ret_organization->clock_at != INSTANT_NONE ? ret_organization->clock_at : cx->wall;
    cx->actor.customer = id;
    cx->actor.live = ret_organization->live;
    return OK;
}
