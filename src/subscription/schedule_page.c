#include "subscription/schedule_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "engine/engine_do.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "subscription/schedule_store.h"
#include "subscription/subscription_store.h"

/* ── In words ─────────────────────────────────────────────────────────────────────────── */

/* "1 year, billed monthly"; the frequency alone when no term was asked for; NULL: neither was. */
static const char *say_billing(struct context *cx, const struct scheduled_change *change)
{
    const char *billing = billing_format(change->billing);
    if (billing == NULL)
        return NULL;
    const char *key = change->term != TERM_NONE
                          ? arena_print(cx->arena, "plan.%s_%s", term_format(change->term), billing)
                          : arena_print(cx->arena, "details.billing_%s", billing);
    return message_say(cx, key, NULL);
}

static enum err say_quantity(struct context *cx, const struct scheduled_change *change,
                             const struct subscription *sub, const char **ret_text)
{
    const struct catalog *catalog;
    TRY(catalog_load(cx, sub->catalog, &catalog));
    const struct offer *offer = catalog_find_offer(catalog, sub->offer);
    *ret_text = message_say(cx, "scheduled.quantity", "quantity",
                            show_quantity(cx, offer, change->quantity), NULL);
    return OK;
}

/* The plan has its name from the version on sale, by which it was judged. */
static enum err say_plan(struct context *cx, const struct scheduled_change *change,
                         const char **ret_text)
{
    const struct catalog *catalog;
    TRY(catalog_load_current(cx, &catalog));
    const struct offer *offer = catalog_find_offer(catalog, change->offer);
    const char *name = offer != NULL ? show_text(cx, offer->name) : change->offer;
    const char *billing = say_billing(cx, change);
    *ret_text = billing == NULL ? message_say(cx, "scheduled.plan", "plan", name, NULL)
                                : message_say(cx, "scheduled.plan_billing", "plan", name, "billing",
                                              billing, NULL);
    return OK;
}

/* With another subscription, or with a month: "2026-06". */
static enum err say_end(struct context *cx, const struct scheduled_change *change,
                        const char **ret_text)
{
    civil_day day;
    if (day_parse(arena_print(cx->arena, "%s-01", change->ends_with), &day)) {
        *ret_text = message_say(cx, "scheduled.end_of_month", "month",
                                locale_month(cx->arena, cx->language, day), NULL);
        return OK;
    }
    struct subscription *other;
    const char *name;
    TRY(subscription_load(cx, change->ends_with, &other));
    TRY(show_name(cx, other, &name));
    *ret_text = message_say(cx, "scheduled.end_with", "name", name, NULL);
    return OK;
}

static enum err say_change(struct context *cx, const struct scheduled_change *change,
                           const struct subscription *sub, const char **ret_text)
{
    switch (change->kind) {
    case SCHEDULE_QUANTITY:
        return say_quantity(cx, change, sub, ret_text);
    case SCHEDULE_PLAN:
        return say_plan(cx, change, ret_text);
    case SCHEDULE_END:
        return say_end(cx, change, ret_text);
    case SCHEDULE_BILLING:
        break;
    }
    *ret_text = message_say(cx, "scheduled.billing", "billing", say_billing(cx, change), NULL);
    return OK;
}

/* ── On the page ──────────────────────────────────────────────────────────────────────── */

static enum err put_change(struct context *cx, const struct http_request *request,
                           struct view *rows, const struct subscription *sub,
                           const struct scheduled_change *change, civil_day today)
{
    const char *text;
    TRY(say_change(cx, change, sub, &text));
    struct view *row = view_item(rows);
    view_text(row, "id", change->id);
    view_text(row, "text", text);
    show_date(cx, row, sub->term_end, today);
    const char *address =
        arena_print(cx->arena, "/billing/products/%s/scheduled/%s", sub->id, change->id);
    const char *why = show_why_role(cx, request, HTTP_POST, address);
    struct view *button = view_child(row, why == NULL ? "forget" : "action");
    view_text(button, "label", message_say(cx, "scheduled.forget", NULL));
    if (why == NULL)
        view_text(button, "post", address);
    else
        show_off_role(cx, button, why);
    return OK;
}

enum err schedule_page_put(struct context *cx, const struct http_request *request,
                           struct view *view, const struct subscription *sub, civil_day today)
{
    struct schedule_list list = {0};
    TRY(schedule_load(cx, sub->id, &list));
    if (list.count == 0)
        return OK;
    struct view *rows = view_list(view_child(view, "scheduled"), "rows");
    for (size_t i = 0; i < list.count; i++)
        TRY(put_change(cx, request, rows, sub, list.items[i], today));
    return OK;
}

enum err schedule_page_put_dropped(struct context *cx, struct view *view,
                                   const struct subscription *sub)
{
    struct schedule_list list = {0};
    TRY(schedule_load(cx, NULL, &list));
    struct view *items = view_of_list(cx->arena);
    for (size_t i = 0; i < list.count; i++) {
        const struct scheduled_change *change = list.items[i];
        struct subscription *own;
        const char *name, *text;
        TRY(subscription_load(cx, change->subscription, &own));
        if (strcmp(own->id, sub->id) != 0 &&
            (own->parent == NULL || strcmp(own->parent, sub->id) != 0))
            continue;
        TRY(show_name(cx, own, &name));
        TRY(say_change(cx, change, own, &text));
        struct view *item = view_item(items);
        view_text(item, "name", name);
        view_text(item, "detail", text);
    }
    if (!view_is_true(items))
        return OK;
    struct view *along = view_child(view, "along");
    view_text(along, "title", message_say(cx, "pane.dropped_changes", NULL));
    view_put(along, "items", items);
    return OK;
}

/* One that waits no longer, sent twice or made by now, is not told as forgotten: the page that
 * comes next shows how things are. */
enum err schedule_page_forget(struct context *cx, const struct http_request *request,
                              struct http_reply *reply)
{
    struct subscription *sub;
    TRY(subscription_load(cx, request->path_values[0], &sub));
    struct engine_run run = {0};
    const struct command command = {
        .kind = COMMAND_UNSCHEDULE,
        .subscription = sub->id,
        .scheduled_change = request->path_values[1],
    };
    enum err err = engine_command(cx, &command, &run);
    bool waits = err != ERR_NOT_FOUND || cx->fault.param == NULL ||
                 strcmp(cx->fault.param, "/scheduled_change") != 0;
    if (waits)
        TRY(err);
    fault_clear(cx);
    http_reply_redirect(
        reply, request,
        arena_print(cx->arena, "/billing/products/%s%s", sub->id, waits ? "?forgotten=" : ""));
    return OK;
}
