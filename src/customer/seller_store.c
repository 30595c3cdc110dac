#include "customer/seller_store.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/limits.h"
#include "base/money.h"
#include "customer/customer.h"
#include "db/db.h"

enum { SETTING_NUMBER_MAX = 100000 };

static const struct seller DEFAULTS = {
    .name = "",
    .country = "FR",
    .time_zone = "Europe/Paris",
    .line1 = "",
    .line2 = "",
    .postal_code = "",
    .city = "",
    .registration_number = "",
    .vat_id = "",
    .bank_name = "",
    .iban = "",
    .bic = "",
    .legal_note = "",
    .payment_terms_days = 30,
    .sepa_notice_days = 14,
    .cancel_licenses_max = 25,
};

/* Where each setting goes: exactly one of the two offsets is used. */
static const struct setting {
    const char *name;
    bool is_number;
    size_t offset;
    bool (*is_good)(const char *value); /* NULL: any */
} SETTINGS[] = {
    {"name", false, offsetof(struct seller, name), NULL},
    {"country", false, offsetof(struct seller, country), country_is_well_formed},
    {"time_zone", false, offsetof(struct seller, time_zone), zone_is_known},
    {"line1", false, offsetof(struct seller, line1), NULL},
    {"line2", false, offsetof(struct seller, line2), NULL},
    {"postal_code", false, offsetof(struct seller, postal_code), NULL},
    {"city", false, offsetof(struct seller, city), NULL},
    {"registration_number", false, offsetof(struct seller, registration_number), NULL},
    {"vat_id", false, offsetof(struct seller, vat_id), NULL},
    {"bank_name", false, offsetof(struct seller, bank_name), NULL},
    {"iban", false, offsetof(struct seller, iban), NULL},
    {"bic", false, offsetof(struct seller, bic), NULL},
    {"legal_note", false, offsetof(struct seller, legal_note), NULL},
    {"version", true, offsetof(struct seller, version), NULL},
    {"payment_terms_days", true, offsetof(struct seller, payment_terms_days), NULL},
    {"sepa_notice_days", true, offsetof(struct seller, sepa_notice_days), NULL},
    {"cancel_licenses_max", true, offsetof(struct seller, cancel_licenses_max), NULL},
};

static enum err setting_fault(struct context *cx, const char *name)
{
    return fault(cx, ERR_INVALID, "param", name, "value", "is no setting, or no value for it",
                 NULL);
}

/* Reads the value into the seller; false when the setting can't have it. */
static bool setting_apply(const struct setting *setting, const char *value, struct seller *seller)
{
    char *place = (char *)seller + setting->offset;
    if (!setting->is_number) {
        *(const char **)(void *)place = value;
        return strlen(value) <= TEXT_MAX && (setting->is_good == NULL || setting->is_good(value));
    }
    int64_t number;
    if (!decimal_parse(value, 0, &number) || number < 0 || number > SETTING_NUMBER_MAX)
        return false;
    *(int64_t *)(void *)place = number;
    return true;
}

static const struct setting *setting_find(const char *name)
{
    for (size_t i = 0; i < sizeof SETTINGS / sizeof *SETTINGS; i++) {
        if (strcmp(SETTINGS[i].name, name) == 0)
            return &SETTINGS[i];
    }
    return NULL;
}

/* Kept as the JSON that the API takes, for it is a list. */
#define REGISTRATIONS "registrations"

static enum err registrations_apply(struct context *cx, const char *value, struct seller *seller)
{
    struct json_reader r;
    TRY(json_open(cx, &r, value, strlen(value)));
    TRY(tax_registrations_decode(&r, &seller->registrations));
    return json_done(&r);
}

enum err seller_load(struct context *cx, const struct seller **ret_seller)
{
    struct seller *seller = ARENA_NEW(cx->arena, struct seller);
    *seller = DEFAULTS;
    struct db_rows rows;
    TRY(db_select(cx, &rows, "SELECT name, value FROM setting", DB_NO_ARGS));
    while (db_next(&rows)) {
        const char *name = db_get_text(&rows, 0);
        const struct setting *setting = setting_find(name);
        if (strcmp(name, REGISTRATIONS) == 0)
            TRY(registrations_apply(cx, db_get_text(&rows, 1), seller));
        if (setting != NULL && !setting_apply(setting, db_get_text(&rows, 1), seller))
            return setting_fault(cx, name);
    }
    TRY(db_done(&rows));
    *ret_seller = seller;
    return OK;
}

enum err seller_lock(struct context *cx, const struct seller **ret_seller)
{
    TRY(db_run(cx,
               "INSERT INTO setting (name, value) VALUES ('version', '0')"
               " ON CONFLICT (name) DO UPDATE SET value = setting.value",
               DB_NO_ARGS));
    return seller_load(cx, ret_seller);
}

static enum err setting_write(struct context *cx, const char *name, const char *value)
{
    return db_run(cx,
                  "INSERT INTO setting (name, value) VALUES ($1, $2)"
                  " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                  DB_ARGS(db_text(name), db_text(value)));
}

static const char *registrations_text(struct context *cx, const struct seller *seller)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    tax_registrations_encode(&w, &seller->registrations);
    json_close_object(&w);
    return json_end(&w);
}

enum err seller_save(struct context *cx, const struct seller *seller)
{
    for (size_t i = 0; i < sizeof SETTINGS / sizeof *SETTINGS; i++) {
        const struct setting *setting = &SETTINGS[i];
        const char *place = (const char *)seller + setting->offset;
        const char *value = setting->is_number ? arena_print(cx->arena, "%" PRId64,
                                                             *(const int64_t *)(const void *)place)
                                               : *(const char *const *)(const void *)place;
        struct seller scratch = DEFAULTS;
        if (!setting_apply(setting, value, &scratch))
            return setting_fault(cx, arena_print(cx->arena, "/%s", setting->name));
        TRY(setting_write(cx, setting->name, value));
    }
    return setting_write(cx, REGISTRATIONS, registrations_text(cx, seller));
}

enum err seller_refresh(struct context *cx)
{
    const char *text = "0";
    int64_t version;
    enum err err =
        db_one_text(cx, &text, "SELECT value FROM setting WHERE name = 'version'", DB_NO_ARGS);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    if (!decimal_parse(text, 0, &version))
        return setting_fault(cx, "version");
    return version == cx->seller->version ? OK : seller_load(cx, &cx->seller);
}

enum err setting_save(struct context *cx, const char *name, const char *value)
{
    struct seller scratch = DEFAULTS;
    const struct setting *setting = setting_find(name);
    if (setting == NULL || !setting_apply(setting, value, &scratch))
        return setting_fault(cx, name);
    return setting_write(cx, name, value);
}
