#include "tax/exemption_json.h"

#include <string.h>

#include "base/limits.h"

static void encode_categories(struct json_writer *w, const char *categories)
{
    json_open_array(w, "categories");
    for (const char *at = categories ? categories : ""; *at != '\0';) {
        size_t size = strcspn(at, " ");
        json_put_text(w, NULL, arena_copy_bytes(w->buf.arena, at, size));
        at += size + strspn(at + size, " ");
    }
    json_close_array(w);
}

void exemption_encode(struct json_writer *w, const struct tax_exemption *exemption)
{
    json_open_object(w, NULL);
    json_put_text(w, "id", exemption->id);
    json_put_text(w, "object", "tax_exemption");
    json_put_instant(w, "created_at", exemption->created_at);
    json_put_integer(w, "version", exemption->version);
    json_put_text(w, "account", exemption->account);
    json_put_text(w, "number", exemption->number);
    json_put_text(w, "reason", exemption->reason);
    encode_categories(w, exemption->categories);
    json_put_day(w, "valid_from", exemption->valid_from);
    json_put_day(w, "valid_until", exemption->valid_until);
    json_put_day(w, "revoked_on", exemption->revoked_on);
    json_close_object(w);
}

static enum err read_categories(struct json_reader *r, const char **ret_categories)
{
    size_t count = 0;
    struct buf buf = buf_create(r->cx->arena);
    TRY(json_array(r, "categories", OPTIONAL, TAX_CATEGORIES_MAX, &count));
    for (size_t i = 0; i < count; i++) {
        const char *category;
        TRY(json_array_text(r, "categories", i, &category));
        if (category[0] == '\0' || strlen(category) > ID_MAX || strchr(category, ' ') != NULL)
            return json_array_fault(r, "categories", i, "must be a tax category of offers");
        buf_print(&buf, "%s%s", i > 0 ? " " : "", category);
    }
    *ret_categories = count > 0 ? buf_text(&buf) : NULL;
    return OK;
}

enum err exemption_decode(struct json_reader *r, enum json_presence reason,
                          struct tax_exemption *ret_exemption)
{
    struct tax_exemption wanted = {
        .reason = "",
        .valid_from = DAY_NONE,
        .valid_until = DAY_NONE,
        .recorded_on = DAY_NONE,
        .revoked_on = DAY_NONE,
    };
    TRY(json_text(r, "number", REQUIRED, &wanted.number));
    TRY(json_text(r, "reason", reason, &wanted.reason));
    TRY(read_categories(r, &wanted.categories));
    TRY(json_day(r, "valid_from", OPTIONAL, &wanted.valid_from));
    TRY(json_day(r, "valid_until", OPTIONAL, &wanted.valid_until));
    *ret_exemption = wanted;
    return OK;
}
