#include "tax/registration.h"

#include <string.h>

#include "base/limits.h"

bool tax_is_registered(const struct tax_registrations *registrations, const char *country,
                       civil_day on)
{
    for (size_t i = 0; i < registrations->count; i++) {
        const struct tax_registration *one = &registrations->items[i];
        if (strcmp(one->country, country) == 0 && on >= one->from_on &&
            (one->until_on == DAY_NONE || on <= one->until_on))
            return true;
    }
    return false;
}

void tax_registrations_encode(struct json_writer *w, const struct tax_registrations *registrations)
{
    json_open_array(w, "registrations");
    for (size_t i = 0; i < registrations->count; i++) {
        const struct tax_registration *one = &registrations->items[i];
        json_open_object(w, NULL);
        json_put_text(w, "country", one->country);
        json_put_text(w, "vat_id", one->vat_id);
        json_put_day(w, "from", one->from_on);
        json_put_day(w, "until", one->until_on);
        json_close_object(w);
    }
    json_close_array(w);
}

static bool is_country(const char *text)
{
    return strlen(text) == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' &&
           text[1] <= 'Z';
}

static enum err read_one(struct json_reader *r, struct tax_registration *ret_one)
{
    struct tax_registration one = {.vat_id = "", .until_on = DAY_NONE};
    TRY(json_text(r, "country", REQUIRED, &one.country));
    TRY(json_text(r, "vat_id", OPTIONAL, &one.vat_id));
    TRY(json_day(r, "from", REQUIRED, &one.from_on));
    TRY(json_day(r, "until", OPTIONAL, &one.until_on));
    if (!is_country(one.country))
        return json_fault(r, "country", "must be a country of two capital letters, such as FR");
    if (one.until_on != DAY_NONE && one.until_on < one.from_on)
        return json_fault(r, "until", "must not be before from");
    *ret_one = one;
    return json_done(r);
}

enum err tax_registrations_decode(struct json_reader *r, struct tax_registrations *registrations)
{
    size_t count = 0;
    if (!json_has(r, "registrations"))
        return OK;
    TRY(json_array(r, "registrations", OPTIONAL, TAX_REGISTRATIONS_MAX, &count));
    struct tax_registration *items =
        ARENA_ARRAY(r->cx->arena, struct tax_registration, count > 0 ? count : 1);
    for (size_t i = 0; i < count; i++) {
        struct json_reader one;
        TRY(json_array_object(r, "registrations", i, &one));
        TRY(read_one(&one, &items[i]));
    }
    *registrations = (struct tax_registrations){items, count};
    return OK;
}
