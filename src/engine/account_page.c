#include "engine/account_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "customer/customer_store.h"
#include "customer/vat_store.h"
#include "engine/account_do.h"
#include "engine/show_page.h"
#include "html/field.h"
#include "tax/exemption_store.h"
#include "tax/tax.h"

static const char *address_of(struct context *cx, const struct account *account)
{
    return arena_print(cx->arena, "/billing/accounts/%s", account->id);
}

static const char *say_type(struct context *cx, const struct account *account)
{
    const char *type = account_type_format(account->type);
    return message_say(cx, arena_print(cx->arena, "accounts.type_%s", type), NULL);
}

/* ── What is known of the number ──────────────────────────────────────────────────────── */

/* One sentence: valid since when and by which proof, invalid since when, or not checked; NULL of
 * numbers that are not the EU's. */
static const char *say_number_state(struct context *cx, const struct account *account)
{
    if (account->vat_id == NULL && tax_country_in_eu(account->country))
        return message_say(cx, "accounts.vat_none_text", NULL);
    if (account->vat_id == NULL || !tax_vat_id_is_well_formed(account->vat_id))
        return NULL;
    const char *day = account->vat_state == VAT_UNKNOWN
                          ? ""
                          : locale_day(cx->arena, cx->language, account->vat_state_on);
    switch (account->vat_state) {
    case VAT_VALID:
        return message_say(cx, "accounts.vat_valid", "date", day, "proof",
                           account->vat_proof ? account->vat_proof : "", NULL);
    case VAT_INVALID:
        return message_say(cx, "accounts.vat_invalid", "date", day, NULL);
    case VAT_UNKNOWN:
        break;
    }
    return message_say(cx, "accounts.vat_unknown", NULL);
}

static void put_number(struct context *cx, struct view *view, const struct account *account)
{
    struct view *facts = view_list(view, "facts");
    const char *number = account->vat_id;
    if (number == NULL)
        number = message_say(cx, "accounts.vat_none", NULL);
    struct view *fact = show_fact(cx, facts, "accounts.vat_id", number);
    view_text(fact, "detail", say_number_state(cx, account));
}

static void put_alerts(struct context *cx, struct view *view, const struct account *account)
{
    struct view *alerts = view_list(view, "alerts");
    if (account->vat_id == NULL || account->vat_state != VAT_INVALID)
        return;
    struct view *alert = view_item(alerts);
    view_text(alert, "kind", "warning");
    view_bool(alert, "heading", false);
    view_bool(alert, "urgent", false);
    view_text(alert, "text",
              message_say(cx, "accounts.vat_invalid_alert", "number", account->vat_id, "date",
                          locale_day(cx->arena, cx->language, account->vat_state_on), NULL));
}

/* ── Certificates ─────────────────────────────────────────────────────────────────────── */

static const char *say_validity(struct context *cx, const struct tax_exemption *exemption)
{
    const char *from = locale_day(cx->arena, cx->language, exemption->valid_from);
    if (exemption->revoked_on != DAY_NONE)
        return message_say(cx, "accounts.revoked", "date",
                           locale_day(cx->arena, cx->language, exemption->revoked_on), NULL);
    if (exemption->valid_until == DAY_NONE)
        return message_say(cx, "accounts.valid_from", "from", from, NULL);
    return message_say(cx, "accounts.valid_between", "from", from, "to",
                       locale_day(cx->arena, cx->language, exemption->valid_until), NULL);
}

static enum err put_certificates(struct context *cx, struct view *view,
                                 const struct account *account)
{
    struct tax_exemption_list list = {0};
    TRY(exemption_load_all(cx, account->id, &list));
    struct view *rows = view_list(view, "certificates");
    for (size_t i = 0; i < list.count; i++) {
        const struct tax_exemption *exemption = list.items[i];
        struct view *row = view_item(rows);
        view_text(row, "number", exemption->number);
        view_text(row, "reason", exemption->reason);
        view_text(row, "validity", say_validity(cx, exemption));
    }
    view_bool(view, "has_certificates", list.count > 0);
    return OK;
}

/* ── One account, and all ─────────────────────────────────────────────────────────────── */

static void put_details(struct context *cx, struct view *view, const struct account *account)
{
    const struct address *sold_to = &account->sold_to;
    struct view *facts = view_list(view, "facts");
    show_fact(cx, facts, "accounts.type", say_type(cx, account));
    show_fact(cx, facts, "accounts.line1", sold_to->line1[0] ? sold_to->line1 : NULL);
    show_fact(cx, facts, "accounts.line2", sold_to->line2[0] ? sold_to->line2 : NULL);
    show_fact(cx, facts, "accounts.postal_code",
              sold_to->postal_code[0] ? sold_to->postal_code : NULL);
    show_fact(cx, facts, "accounts.city", sold_to->city[0] ? sold_to->city : NULL);
    show_fact(cx, facts, "accounts.country",
              locale_country(cx->arena, cx->language, account->country));
    show_fact(cx, facts, "accounts.currency", account->currency);
    show_fact(cx, facts, "accounts.time_zone", account->time_zone);
}

enum err account_page_show(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct account *account;
    TRY(account_load(cx, request->path_values[0], &account));
    struct view *view = view_object(cx->arena);
    struct view *crumbs = view_list(view, "crumbs");
    show_crumb(crumbs, message_say(cx, "accounts.title", NULL), "/billing/accounts");
    show_crumb(crumbs, account->name, NULL);
    view_text(view, "title", account->name);
    put_alerts(cx, view, account);
    put_details(cx, view_child(view, "details"), account);
    put_number(cx, view_child(view, "tax"), account);
    TRY(put_certificates(cx, view, account));
    show_action(cx, request, view_child(view, "edit"), message_say(cx, "accounts.edit", NULL),
                arena_print(cx->arena, "%s/edit", address_of(cx, account)), true, NULL);
    http_reply_page(reply, 200, "account", view);
    return OK;
}

enum err account_page_list(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    (void)request;
    struct account_list list = {0};
    TRY(account_load_all(cx, &list));
    struct view *view = view_object(cx->arena);
    struct view *rows = view_list(view, "rows");
    for (size_t i = 0; i < list.count; i++) {
        const struct account *account = list.items[i];
        struct view *row = view_item(rows);
        view_text(row, "href", address_of(cx, account));
        view_text(row, "name", account->name);
        view_text(row, "type", say_type(cx, account));
        view_text(row, "country", locale_country(cx->arena, cx->language, account->country));
        view_text(row, "vat_id", account->vat_id);
    }
    http_reply_page(reply, 200, "accounts", view);
    return OK;
}

/* ── The form ─────────────────────────────────────────────────────────────────────────── */

/* A member of the details, and how it is typed. */
static const struct detail {
    const char *name;
    const char *place; /* where a fault of it points */
    const char *autocomplete;
    bool optional;
} DETAILS[] = {
    {"name", "/name", "organization", false},
    {"vat_id", "/vat_id", "off", true},
    {"line1", "/address/line1", "address-line1", true},
    {"line2", "/address/line2", "address-line2", true},
    {"postal_code", "/address/postal_code", "postal-code", true},
    {"city", "/address/city", "address-level2", true},
};
enum { DETAIL_COUNT = sizeof DETAILS / sizeof *DETAILS };

static const char *detail_of(const struct account *account, size_t index)
{
    const char *values[DETAIL_COUNT] = {
        account->name,          account->sold_to.line1,
        account->sold_to.line2, account->sold_to.postal_code,
        account->sold_to.city,  account->vat_id ? account->vat_id : "",
    };
    return values[index];
}

/* With what was typed, else what the account has; `problem` concerns the field at `place`. */
static enum err show_form(struct context *cx, struct http_reply *reply, int status,
                          const struct account *account, const struct http_form *typed,
                          const char *place, const char *problem)
{
    struct view *view = view_object(cx->arena);
    struct view *fields = view_list(view, "fields");
    const char *address = address_of(cx, account);
    view_text(view, "title", message_say(cx, "accounts.edit_title", NULL));
    view_text(view, "post", arena_print(cx->arena, "%s/edit", address));
    for (size_t i = 0; i < DETAIL_COUNT; i++) {
        const struct detail *detail = &DETAILS[i];
        const char *value = http_form_value(typed, detail->name);
        struct view *field =
            field_text(fields, detail->name, value ? value : detail_of(account, i));
        view_text(field, "label",
                  message_say(cx, arena_print(cx->arena, "accounts.%s", detail->name), NULL));
        view_text(field, "type", "text");
        view_text(field, "autocomplete", detail->autocomplete);
        view_bool(field, "optional", detail->optional);
        if (place != NULL && strcmp(place, detail->place) == 0)
            field_error(field, problem);
    }
    view_text(view_child(view, "note"), "text", message_say(cx, "accounts.edit_note", NULL));
    struct view *submit = view_child(view, "submit");
    view_text(submit, "label", message_say(cx, "pane.save", NULL));
    view_text(submit, "value", "save");
    struct view *back = view_child(view, "back");
    view_text(back, "href", address);
    view_text(back, "label", message_say(cx, "accounts.back", NULL));
    http_reply_page(reply, status, "pane_form", view);
    return OK;
}

static enum err save_form(struct context *cx, const struct http_request *request,
                          struct http_reply *reply, const struct account *account)
{
    struct account changed;
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    TRY(http_form_read(cx, request, form));
    const struct account_change change = {
        .name = http_form_value(form, "name"),
        .vat_id = http_form_value(form, "vat_id"),
        .line1 = http_form_value(form, "line1"),
        .line2 = http_form_value(form, "line2"),
        .postal_code = http_form_value(form, "postal_code"),
        .city = http_form_value(form, "city"),
    };
    enum err err = account_change(cx, account->id, &change, 0, &changed);
    if (err == ERR_INVALID) {
        const char *place = cx->fault.param;
        bool is_number = place != NULL && strcmp(place, "/vat_id") == 0;
        const char *told =
            message_say(cx, is_number ? "accounts.vat_malformed" : "accounts.name_missing", NULL);
        fault_clear(cx);
        return show_form(cx, reply, 422, account, form, place, told);
    }
    TRY(err);
    http_reply_redirect(reply, request, address_of(cx, account));
    return OK;
}

enum err account_page_edit(struct context *cx, const struct http_request *request,
                           struct http_reply *reply)
{
    struct account *account;
    TRY(account_load(cx, request->path_values[0], &account));
    if (request->method == HTTP_POST)
        return save_form(cx, request, reply, account);
    struct http_form *kept = ARENA_NEW(cx->arena, struct http_form);
    TRY(show_kept_form(cx, request, kept));
    TRY(show_form(cx, reply, 200, account, kept, NULL, NULL));
    show_kept_notice(cx, reply->view, kept);
    return OK;
}
