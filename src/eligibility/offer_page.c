/* The page of an offer. Its form becomes a line of a cart; what stands against it is told beside
 * the field concerned, by the rules of eligibility. */
#include "base/limits.h"
#include "base/locale.h"
#include "base/message.h"
#include "eligibility/eligibility_page.h"
#include "eligibility/shop_page.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "html/field.h"
#include "order/cart_do.h"

/* What was chosen so far, and what is the matter with it. */
struct choice {
    const char *quantity;
    const char *plan;       /* of what is not connected: "P1Y/monthly" */
    const char *connect_to; /* of what is */
    bool trial;
    const struct http_form *kept; /* that it was read from, of a session that ended; or NULL */
    const char *quantity_error;
    const char *plan_error; /* of `plan` or `connect_to` */
};

/* ── Words ────────────────────────────────────────────────────────────────────────────── */

static const char *plan_value(struct context *cx, const struct price *price)
{
    return arena_print(cx->arena, "%s/%s", term_format(price->term),
                       billing_format(price->billing));
}

static const char *plan_label(struct context *cx, const struct price *price)
{
    const char *key = arena_print(cx->arena, "plan.%s_%s", term_format(price->term),
                                  billing_format(price->billing));
    return message_say(cx, key, NULL);
}

/* "From 5 to 300. In steps of 5."; of what is no bound at all only when the `whole` is wanted. */
static const char *bounds_text(struct context *cx, const struct availability *item, bool whole)
{
    const struct quantity_bounds *bounds = &item->quantity;
    const char *max = locale_integer(cx->arena, cx->language, bounds->max);
    const char *min = locale_integer(cx->arena, cx->language, bounds->min);
    const char *text = "";
    if (bounds->max < QUANTITY_MAX || whole)
        text = message_say(cx, "product.between", "min", min, "max", max, NULL);
    else if (bounds->min > 1)
        text = message_say(cx, "product.at_least", "min", min, NULL);
    if (bounds->step == 1)
        return text;
    const char *step = locale_integer(cx->arena, cx->language, bounds->step);
    return arena_print(cx->arena, "%s%s%s", text, text[0] != '\0' ? " " : "",
                       message_say(cx, "product.steps_of", "step", step, NULL));
}

/* ── Prices ───────────────────────────────────────────────────────────────────────────── */

static void put_steps(struct context *cx, struct view *row, const struct offer *offer,
                      const struct price *price)
{
    struct view *steps = view_list(row, "steps");
    for (size_t i = 1; i < price->tier_count; i++) {
        const char *key =
            price->tier_mode == TIER_VOLUME ? "product.step_volume" : "product.step_graduated";
        const char *from = locale_integer(cx->arena, cx->language, price->tiers[i - 1].up_to + 1);
        const char *amount =
            locale_unit_price(cx->arena, cx->language, price->tiers[i].unit, price->currency);
        view_text(view_item(steps), "text",
                  message_say(cx, key, "from", from, "amount", amount, NULL));
    }
    int64_t setup = offer_setup_minor(offer, price->currency);
    if (setup == 0)
        return;
    const char *amount = locale_money(cx->arena, cx->language, money_of(setup, price->currency));
    view_text(view_item(steps), "text", message_say(cx, "product.setup", "amount", amount, NULL));
}

/* Those that can be had; when it is not available, all in the account's currency. */
static void put_prices(struct context *cx, const struct shop *shop, struct view *view,
                       const struct availability *item)
{
    const struct offer *offer = item->offer;
    struct view *rows = view_list(view, "prices");
    size_t count = item->available ? item->price_count : offer->price_count;
    for (size_t i = 0; i < count; i++) {
        const struct price *price = item->available ? item->prices[i] : &offer->prices[i];
        if (strcmp(price->currency, shop->account->currency) != 0)
            continue;
        struct view *row = view_item(rows);
        view_text(row, "term", plan_label(cx, price));
        shop_show_unit_price(cx, row, offer, price);
        put_steps(cx, row, offer, price);
    }
    view_bool(view, "has_prices", view_is_true(rows));
}

/* ── The form ─────────────────────────────────────────────────────────────────────────── */

static void put_common(struct view *field, const char *label)
{
    view_text(field, "label", label);
    view_bool(field, "live", false);
    view_bool(field, "reload", false);
}

/* "Suite, 42 licences"; with the price when not all have the same. */
static enum err put_base(struct context *cx, const struct shop *shop, struct view *field,
                         const struct availability *item, const struct holding *base, bool chosen)
{
    const struct subscription *sub = shop_find_held(shop, base->subscription);
    const struct offer *offer = catalog_find_offer(shop->catalog, base->offer);
    const struct price *price =
        offer_find_price(item->offer, shop->account->currency, base->term, base->billing);
    if (sub == NULL || offer == NULL || price == NULL)
        return fault(cx, ERR_INTERNAL, "value", "a base that is not held", NULL);
    const char *name;
    TRY(show_name(cx, sub, &name));
    const char *quantity = locale_integer(cx->arena, cx->language, base->quantity);
    const char *label = message_say(cx, "product.base", "name", name, "quantity", quantity, "unit",
                                    show_unit(cx, offer, base->quantity), NULL);
    if (item->price_count > 1)
        label = message_say(cx, "product.base_price", "name", name, "quantity", quantity, "price",
                            shop_unit_price(cx, price), "period",
                            show_period(cx, price->term, price->billing), NULL);
    field_option(field, base->subscription, label, chosen);
    return OK;
}

static enum err put_bases(struct context *cx, const struct shop *shop, struct view *fields,
                          const struct availability *item, const struct choice *choice)
{
    struct view *field = field_select(fields, "connect_to");
    const char *chosen = choice->connect_to != NULL ? choice->connect_to
                         : shop->target != NULL     ? shop->target->id
                                                    : "";
    put_common(field, message_say(cx, "product.subscription", NULL));
    for (size_t i = 0; i < item->connects_to_count; i++)
        TRY(put_base(cx, shop, field, item, item->connects_to[i],
                     strcmp(item->connects_to[i]->subscription, chosen) == 0));
    view_text(field, "hint", message_say(cx, "product.subscription_hint", NULL));
    view_bool(field, "described", true);
    field_error(field, choice->plan_error);
    return OK;
}

static void put_plans(struct context *cx, struct view *fields, const struct availability *item,
                      const struct choice *choice)
{
    struct view *field = field_radio(fields, "plan");
    put_common(field, message_say(cx, "product.term", NULL));
    for (size_t i = 0; i < item->price_count; i++) {
        const struct price *price = item->prices[i];
        const char *value = plan_value(cx, price);
        bool chosen = choice->plan != NULL ? strcmp(choice->plan, value) == 0 : i == 0;
        struct view *option = field_option(field, value, plan_label(cx, price), chosen);
        view_print(option, "id", "plan-%zu", i);
        view_bool(option, "off", false);
        view_text(option, "detail", "");
        shop_show_unit_price(cx, option, item->offer, price);
    }
    field_error(field, choice->plan_error);
}

static void put_quantity(struct context *cx, struct view *fields, const struct availability *item,
                         const struct choice *choice)
{
    if (item->quantity.min == item->quantity.max)
        return;
    const char *least = arena_print(cx->arena, "%" PRId64, item->quantity.min);
    struct view *field =
        field_number(fields, "quantity", choice->quantity != NULL ? choice->quantity : least);
    put_common(field, message_say(cx, "product.quantity", NULL));
    view_text(field, "unit", show_units(cx, item->offer));
    const char *hint = bounds_text(cx, item, false);
    view_text(field, "hint", hint);
    view_bool(field, "described", hint[0] != '\0' || choice->quantity_error != NULL);
    view_text(field, "error", choice->quantity_error != NULL ? choice->quantity_error : "");
}

static enum err put_form(struct context *cx, const struct shop *shop, struct view *buy,
                         const struct availability *item, const struct choice *choice)
{
    struct view *form = view_child(buy, "form");
    bool connects = shop_connects(shop, item->offer);
    view_text(form, "post", shop_offer_address(cx, shop, item->offer->id));
    struct view *fields = view_list(form, "fields");
    if (connects)
        TRY(put_bases(cx, shop, fields, item, choice));
    else
        put_plans(cx, fields, item, choice);
    put_quantity(cx, fields, item, choice);
    view_text(form, "submit", message_say(cx, connects ? "product.connect" : "product.buy", NULL));
    view_text(form, "note", message_say(cx, "product.note", NULL));
    if (connects || !shop_has_trial(shop, item))
        return OK;
    struct view *trial = view_child(buy, "trial");
    const struct offer *offer = item->offer;
    view_text(trial, "label", message_say(cx, "product.trial", NULL));
    view_text(trial, "text",
              message_count(cx, "product.trial_text", offer->trial_days, "quantity",
                            locale_integer(cx->arena, cx->language, offer->trial_quantity), "unit",
                            show_unit(cx, offer, offer->trial_quantity), NULL));
    return OK;
}

static enum err put_buy(struct context *cx, const struct http_request *request,
                        const struct shop *shop, struct view *view, const struct availability *item,
                        const struct choice *choice)
{
    struct view *buy = view_child(view, "buy");
    bool connects = shop_connects(shop, item->offer);
    view_text(buy, "heading",
              message_say(cx, connects ? "product.heading_connect" : "product.heading_buy", NULL));
    if (!item->available)
        return shop_show_reasons(cx, shop, view_child(buy, "refused"), item);
    const char *why = show_why_role(cx, request, HTTP_POST, request->path);
    if (why == NULL)
        return put_form(cx, shop, buy, item, choice);
    struct view *action = view_child(buy, "action");
    view_text(action, "label", message_say(cx, connects ? "product.connect" : "product.buy", NULL));
    show_off_role(cx, action, why);
    return OK;
}

static enum err show_offer(struct context *cx, const struct http_request *request,
                           const struct shop *shop, struct http_reply *reply,
                           const struct availability *item, const struct choice *choice, int status)
{
    struct view *view = view_object(cx->arena);
    const char *name = show_text(cx, item->offer->name);
    view_text(view, "title", name);
    shop_show_offer(cx, shop, view, item->offer);
    shop_show_crumbs(cx, shop, view, name, true);
    view_bool(view, "has_features", false);
    shop_show_requirements(cx, shop, view, item);
    put_prices(cx, shop, view, item);
    TRY(put_buy(cx, request, shop, view, item, choice));
    if (choice->kept != NULL)
        show_kept_notice(cx, view, choice->kept);
    http_reply_page(reply, status, "product", view);
    return OK;
}

static struct choice choice_of(const struct http_form *form)
{
    const char *todo = http_form_value(form, "do");
    return (struct choice){
        .quantity = http_form_value(form, "quantity"),
        .plan = http_form_value(form, "plan"),
        .connect_to = http_form_value(form, "connect_to"),
        .trial = todo != NULL && strcmp(todo, "trial") == 0,
    };
}

enum err eligibility_page_offer(struct context *cx, const struct http_request *request,
                                struct http_reply *reply)
{
    struct shop shop;
    const struct availability *item;
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    TRY(shop_load(cx, request, &shop));
    TRY(shop_find(cx, &shop, request->path_values[0], &item));
    TRY(show_kept_form(cx, request, form));
    struct choice choice = choice_of(form);
    choice.kept = form;
    return show_offer(cx, request, &shop, reply, item, &choice, 200);
}

/* ── Buying ───────────────────────────────────────────────────────────────────────────── */

/* Digits, with the spaces that people put between thousands; -1 for anything else. */
static int64_t read_quantity(const char *text)
{
    static const char *const SPACES[] = {" ", "\u00A0", "\u202F"};
    int64_t quantity = 0;
    bool has_digit = false;
    while (*text != '\0') {
        size_t space = 0;
        for (size_t i = 0; i < 3; i++)
            if (strncmp(text, SPACES[i], strlen(SPACES[i])) == 0)
                space = strlen(SPACES[i]);
        text += space;
        if (space > 0)
            continue;
        if (*text < '0' || *text > '9' || quantity > ORDER_QUANTITY_MAX)
            return -1;
        quantity = quantity * 10 + (*text++ - '0');
        has_digit = true;
    }
    return has_digit ? quantity : -1;
}

static enum err judge_quantity(struct context *cx, const struct availability *item,
                               struct choice *choice, struct order_request_line *line)
{
    line->quantity =
        choice->quantity != NULL ? read_quantity(choice->quantity) : item->quantity.min;
    if (line->quantity < 0) {
        choice->quantity_error = message_say(cx, "product.no_number", NULL);
        return OK;
    }
    enum err err = eligibility_check_quantity(cx, item->offer, item->quantity, line->quantity);
    if (err != ERR_QUANTITY_OUT_OF_RANGE)
        return err;
    choice->quantity_error =
        message_say(cx, "product.out_of_range", "bounds", bounds_text(cx, item, true), NULL);
    fault_clear(cx);
    return OK;
}

/* Only what the form offers can be chosen. */
static void judge_plan(struct context *cx, const struct shop *shop, const struct availability *item,
                       struct choice *choice, struct order_request_line *line)
{
    bool connects = shop_connects(shop, item->offer);
    const char *base = choice->connect_to != NULL ? choice->connect_to : "";
    const char *plan = choice->plan != NULL ? choice->plan : "";
    for (size_t i = 0; connects && i < item->connects_to_count; i++)
        if (strcmp(item->connects_to[i]->subscription, base) == 0)
            line->connect_to = base;
    for (size_t i = 0; !connects && i < item->price_count; i++) {
        if (strcmp(plan_value(cx, item->prices[i]), plan) == 0) {
            line->term = item->prices[i]->term;
            line->billing = item->prices[i]->billing;
        }
    }
    if (line->connect_to == NULL && line->term == TERM_NONE)
        choice->plan_error = message_say(cx, "product.choose", NULL);
}

enum err eligibility_page_buy(struct context *cx, const struct http_request *request,
                              struct http_reply *reply)
{
    struct shop shop;
    const struct availability *item;
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    TRY(http_form_read(cx, request, form));
    TRY(shop_load(cx, request, &shop));
    TRY(shop_find(cx, &shop, request->path_values[0], &item));
    struct choice choice = choice_of(form);
    if (!item->available)
        return show_offer(cx, request, &shop, reply, item, &choice, 422);
    if (choice.trial && !shop_has_trial(&shop, item))
        return fault(cx, ERR_TRIAL_NOT_AVAILABLE, "param", "/trial", "offer", item->offer->id,
                     NULL);
    struct order_request_line line = {
        .offer = item->offer->id, .start_on = DAY_NONE, .trial = choice.trial};
    judge_plan(cx, &shop, item, &choice, &line);
    if (line.trial)
        line.quantity = item->offer->trial_quantity;
    else
        TRY(judge_quantity(cx, item, &choice, &line));
    if (choice.plan_error != NULL || choice.quantity_error != NULL)
        return show_offer(cx, request, &shop, reply, item, &choice, 422);
    struct cart cart;
    const struct order_request lines = {.lines = &line, .line_count = 1};
    TRY(cart_begin(cx, shop.account->id, &lines, &cart));
    http_reply_redirect(reply, request, arena_print(cx->arena, "/billing/checkout/%s", cart.id));
    return OK;
}
