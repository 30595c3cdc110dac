#include "customer/customer_json.h"

#include "base/limits.h"

void organization_encode_open(struct json_writer *w, const char *name,
                              const struct organization *organization)
{
    json_open_object(w, name);
    json_put_text(w, "id", organization->id);
    json_put_text(w, "object", "organization");
    json_put_instant(w, "created_at", organization->created_at);
    json_put_integer(w, "version", organization->version);
    json_put_text(w, "name", organization->name);
    json_put_text(w, "country", organization->country);
    json_put_text(w, "mode", organization->live ? "live" : "test");
    json_put_text(w, "test_clock", organization->clock);
    json_put_instant(w, "clock_at", organization->clock_at);
    json_put_raw(w, "metadata", organization->metadata != NULL ? organization->metadata : "{}");
}

void organization_encode(struct json_writer *w, const char *name,
                         const struct organization *organization)
{
    organization_encode_open(w, name, organization);
    json_close_object(w);
}

static void address_encode(struct json_writer *w, const char *name, const struct address *address)
{
    json_open_object(w, name);
    json_put_text(w, "line1", address->line1);
    json_put_text(w, "line2", address->line2);
    json_put_text(w, "postal_code", address->postal_code);
    json_put_text(w, "city", address->city);
    json_put_text(w, "country", address->country);
    json_close_object(w);
}

void account_encode(struct json_writer *w, const char *name, const struct account *account)
{
    json_open_object(w, name);
    json_put_text(w, "id", account->id);
    json_put_text(w, "object", "billing_account");
    json_put_instant(w, "created_at", account->created_at);
    json_put_integer(w, "version", account->version);
    json_put_text(w, "organization", account->customer);
    json_put_text(w, "name", account->name);
    json_put_text(w, "type", account_type_format(account->type));
    json_put_text(w, "country", account->country);
    json_put_text(w, "currency", account->currency);
    json_put_text(w, "time_zone", account->time_zone);
    json_put_text(w, "vat_id", account->vat_id);
    json_put_text(w, "vat_state", vat_answer_format(account->vat_state));
    json_put_day(w, "vat_state_on", account->vat_state_on);
    json_put_text(w, "vat_proof", account->vat_proof);
    address_encode(w, "address", &account->sold_to);
    json_put_text(w, "default_payment_method", account->default_method);
    json_put_money(w, "credit_balance", account->credit);
    json_close_object(w);
}

void person_encode(struct json_writer *w, const char *name, const struct person *person)
{
    json_open_object(w, name);
    json_put_text(w, "id", person->id);
    json_put_text(w, "object", "user");
    json_put_instant(w, "created_at", person->created_at);
    json_put_text(w, "name", person->name);
    json_put_text(w, "email", person->email);
    json_put_text(w, "language", person->language);
    json_close_object(w);
}

/* The country is that of the account, and may be said in either place. */
static enum err address_decode(struct json_reader *r, struct account_request *account)
{
    struct address *address = &account->sold_to;
    const char *country = account->country;
    TRY(json_text(r, "line1", OPTIONAL, &address->line1));
    TRY(json_text(r, "line2", OPTIONAL, &address->line2));
    TRY(json_text(r, "postal_code", OPTIONAL, &address->postal_code));
    TRY(json_text(r, "city", OPTIONAL, &address->city));
    TRY(json_text(r, "country", OPTIONAL, &country));
    if (account->country != NULL && strcmp(country, account->country) != 0)
        return json_fault(r, "country", "must be the country of the account");
    account->country = country;
    return json_done(r);
}

enum err account_decode(struct json_reader *r, struct account_request *ret_account)
{
    static const char *const TYPES[] = {"classic", "agreement", NULL};
    struct account_request account = {0};
    struct json_reader address;
    int type = 0;
    bool has_address = false;
    TRY(json_text(r, "name", OPTIONAL, &account.name));
    TRY(json_choice(r, "type", OPTIONAL, TYPES, &type));
    account.type = type == 0 ? ACCOUNT_CLASSIC : ACCOUNT_AGREEMENT;
    TRY(json_text(r, "country", OPTIONAL, &account.country));
    TRY(json_text(r, "currency", REQUIRED, &account.currency));
    TRY(json_text(r, "time_zone", OPTIONAL, &account.time_zone));
    TRY(json_text(r, "vat_id", OPTIONAL, &account.vat_id));
    TRY(json_object(r, "address", OPTIONAL, &address, &has_address));
    if (has_address)
        TRY(address_decode(&address, &account));
    TRY(json_done(r));
    *ret_account = account;
    return OK;
}

enum err person_decode(struct json_reader *r, struct person_request *ret_person)
{
    static const char *const LANGUAGES[] = {"en", "fr", NULL};
    struct person_request person = {0};
    int language = -1;
    TRY(json_text(r, "name", REQUIRED, &person.name));
    TRY(json_text(r, "email", REQUIRED, &person.email));
    TRY(json_choice(r, "language", OPTIONAL, LANGUAGES, &language));
    person.language = language >= 0 ? LANGUAGES[language] : NULL;
    TRY(json_done(r));
    *ret_person = person;
    return OK;
}

enum err metadata_decode(struct json_reader *r, const char **ret_metadata)
{
    struct json_reader metadata;
    bool present = false;
    TRY(json_object(r, "metadata", OPTIONAL, &metadata, &present));
    if (!present)
        return OK;
    size_t count = json_member_count(&metadata);
    if (count > METADATA_MAX)
        return json_fault(r, "metadata", "has too many members");
    for (size_t i = 0; i < count; i++) {
        const char *text;
        TRY(json_text(&metadata, json_member_name(&metadata, i), REQUIRED, &text));
    }
    TRY(json_done(&metadata));
    *ret_metadata = json_raw(r, "metadata");
    return OK;
}
