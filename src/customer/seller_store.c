#include "customer/seller_store.h"

#include <stddef.h>

#include "base/limits.h"
#include "base/money.h"
#include "customer/customer.h"
#include "db/db.h"

enum { SETTING_NUMBER_MAX = 100000 };

static const struct seller DEFAULTS = {
    .name = "",
    .country = "FR",
    .time_zone = "Europe/Paris",
    .vat_id = "",
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
    {"vat_id", false, offsetof(struct seller, vat_id), NULL},
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

enum err seller_load(struct context *cx, const struct seller **ret_seller)
{
    struct seller *seller = ARENA_NEW(cx->arena, struct seller);
    *seller = DEFAULTS;
    struct db_rows rows;
    TRY(db_select(cx, &rows, "SELECT name, value FROM setting", DB_NO_ARGS));
    while (db_next(&rows)) {
        const char *name = db_get_text(&rows, 0);
        const struct setting *setting = setting_find(name);
        if (setting != NULL && !setting_apply(setting, db_get_text(&rows, 1), seller))
            return setting_fault(cx, name);
    }
    TRY(db_done(&rows));
    *ret_seller = seller;
    return OK;
}

enum err setting_save(struct context *cx, const char *name, const char *value)
{
    struct seller scratch = DEFAULTS;
    const struct setting *setting = setting_find(name);
    if (setting == NULL || !setting_apply(setting, value, &scratch))
        return setting_fault(cx, name);
    return db_run(cx,
                  "INSERT INTO setting (name, value) VALUES ($1, $2)"
                  " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                  DB_ARGS(db_text(name), db_text(value)));
}
