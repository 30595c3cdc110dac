#include "engine/show_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "customer/permissions.h"
#include "customer/session_store.h"
#include "customer/sign_in_do.h"
#include "engine/decide_parts.h"
#include "engine/engine_store.h"
#include "subscription/subscription_store.h"

const char *show_text(const struct context *cx, struct text_pair text)
{
    return strcmp(cx->language, "fr") == 0 ? text.fr : text.en;
}

enum err show_bounds(struct context *cx, const char *account, const struct offer *offer,
                     struct quantity_bounds *ret_bounds)
{
    struct eligibility_input held = {0};
    bool follows_seats = offer->min_percent_of_base > 0 || offer->max_percent_of_base > 0;
    struct state *state;
    if (follows_seats) {
        TRY(state_load_read(cx, &state));
        state_use_account(state, state_find_account(state, account), cx->now);
        held = decide_holdings(cx, state, NULL);
    }
    *ret_bounds = eligibility_quantity(&held, offer);
    return OK;
}

static enum err find_offer(struct context *cx, const struct subscription *sub,
                           const struct offer **ret_offer)
{
    const struct catalog *catalog;
    TRY(catalog_load(cx, sub->catalog, &catalog));
    *ret_offer = catalog_find_offer(catalog, sub->offer);
    return *ret_offer != NULL ? OK : fault(cx, ERR_INTERNAL, "value", "an offer not known", NULL);
}

enum err show_name(struct context *cx, const struct subscription *sub, const char **ret_name)
{
    const struct offer *offer;
    TRY(find_offer(cx, sub, &offer));
    *ret_name = show_text(cx, offer->name);
    return OK;
}

enum err show_base(struct context *cx, struct view *view, const struct subscription *sub,
                   const char *address)
{
    struct subscription *parent;
    const char *name;
    if (sub->parent == NULL)
        return OK;
    TRY(subscription_load(cx, sub->parent, &parent));
    TRY(show_name(cx, parent, &name));
    struct view *base = view_child(view, "base");
    view_text(base, "name", name);
    view_print(base, "href", "%s/%s", address, parent->id);
    return OK;
}

void show_date(struct context *cx, struct view *view, civil_day day, civil_day today)
{
    if (day == DAY_NONE)
        return;
    char iso[DAY_TEXT_SIZE];
    day_format(day, iso);
    struct view *date = view_child(view, "date");
    view_text(date, "iso", arena_copy(cx->arena, iso));
    view_text(date, "text", locale_day(cx->arena, cx->language, day));
    enum { NEAR_DAYS = 60 };
    int64_t days = today == DAY_NONE ? INT64_MAX : (int64_t)day - today;
    if (days == 0)
        view_text(date, "near", message_say(cx, "show.today", NULL));
    else if (days > 0 && days <= NEAR_DAYS)
        view_text(date, "near", message_count(cx, "show.in_days", days, NULL));
    else if (days < 0 && days >= -NEAR_DAYS)
        view_text(date, "near", message_count(cx, "show.days_ago", -days, NULL));
    else
        view_text(date, "near", "");
}

const char *show_period(struct context *cx, enum term term, enum billing billing)
{
    int months = billing_months(term, billing);
    if (months == 1)
        return message_say(cx, "show.per_month", NULL);
    if (months == 12)
        return message_say(cx, "show.per_year", NULL);
    return message_count(cx, "show.per_term", months / 12, NULL);
}

void show_price(struct context *cx, struct view *view, struct money amount, enum term term,
                enum billing billing)
{
    struct view *price = view_child(view, "price");
    view_text(price, "amount", locale_money(cx->arena, cx->language, amount));
    view_text(price, "per", show_period(cx, term, billing));
}

enum err show_subscription_price(struct context *cx, struct view *view,
                                 const struct subscription *sub)
{
    const struct offer *offer;
    TRY(find_offer(cx, sub, &offer));
    const struct price *price = offer_find_price(offer, sub->currency, sub->term, sub->billing);
    if (price != NULL)
        show_price(cx, view, price_whole_period(price, sub->quantity), sub->term, sub->billing);
    return OK;
}

const char *show_status_key(const struct subscription *sub)
{
    return subscription_is_past_due(sub) ? "past_due" : subscription_status_format(sub->status);
}

void show_status(struct context *cx, struct view *view, const struct subscription *sub)
{
    const char *key = show_status_key(sub);
    struct view *status = view_child(view, "status");
    view_text(status, "key", key);
    view_text(status, "word", message_say(cx, arena_print(cx->arena, "state.%s", key), NULL));
}

void show_next_date(struct context *cx, struct view *view, const struct subscription *sub,
                    civil_day today)
{
    const char *word = "show.ended";
    civil_day day = sub->status_on;
    switch (sub->status) {
    case SUBSCRIPTION_SCHEDULED:
        word = "show.starts";
        day = sub->start_on;
        break;
    case SUBSCRIPTION_TRIAL:
        word = "show.trial_ends";
        day = sub->trial_end;
        break;
    case SUBSCRIPTION_ACTIVE:
        word = sub->recurring_billing ? "show.renews" : "show.expires";
        day = sub->term_end;
        break;
    case SUBSCRIPTION_EXPIRED:
        word = "show.expired";
        break;
    default:
        break;
    }
    view_text(view, "date_word", message_say(cx, word, NULL));
    show_date(cx, view, day, today);
}

struct view *show_fact(struct context *cx, struct view *facts, const char *key, const char *value)
{
    if (value == NULL)
        return NULL;
    struct view *fact = view_item(facts);
    view_text(fact, "label", message_say(cx, key, NULL));
    view_text(fact, "value", value);
    return fact;
}

const char *show_join(struct context *cx, const char *const *names, size_t count, const char *last)
{
    struct buf buf = buf_create(cx->arena);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && i + 1 == count)
            buf_print(&buf, " %s ", message_say(cx, last, NULL));
        else if (i > 0)
            buf_add_text(&buf, ", ");
        buf_add_text(&buf, names[i]);
    }
    return buf_text(&buf);
}

/* ── A refusal, in words ──────────────────────────────────────────────────────────────── */

static const char *offer_name(struct context *cx, const struct catalog *catalog, const char *id)
{
    const struct offer *offer = catalog_find_offer(catalog, id);
    return offer != NULL ? show_text(cx, offer->name) : id;
}

/* Ids of offers joined by commas, by name. */
static const char *offer_names(struct context *cx, const struct catalog *catalog, const char *ids)
{
    struct buf buf = buf_create(cx->arena);
    for (const char *id = ids; *id != '\0';) {
        size_t size = strcspn(id, ",");
        if (id != ids)
            buf_add_text(&buf, ", ");
        buf_add_text(&buf, offer_name(cx, catalog, arena_copy_bytes(cx->arena, id, size)));
        id += size;
        id += strspn(id, ", ");
    }
    return buf_text(&buf);
}

static const char *say_reason(struct context *cx, const struct catalog *catalog,
                              const struct reason *reason)
{
    const char **names = ARENA_ARRAY(cx->arena, const char *, reason->offer_count);
    for (size_t i = 0; i < reason->offer_count; i++)
        names[i] = offer_name(cx, catalog, reason->offers[i]);
    const struct reason named = {
        .code = reason->code, .offers = names, .offer_count = reason->offer_count};
    return message_reason(cx->arena, cx->language, &named);
}

const char *show_fault(struct context *cx)
{
    struct fault refusal = cx->fault;
    const struct catalog *catalog;
    fault_clear(cx);
    bool has_names = catalog_load_current(cx, &catalog) == OK;
    fault_clear(cx);
    for (size_t i = 0; has_names && i < refusal.arg_count; i++) {
        struct fault_arg *arg = &refusal.args[i];
        if (strcmp(arg->key, "offer") == 0 || strcmp(arg->key, "offers") == 0)
            arg->value = offer_names(cx, catalog, arg->value);
    }
    const char *told = message_fault(cx->arena, cx->language, &refusal);
    for (size_t i = 0; has_names && i < refusal.reason_count; i++)
        told = arena_print(cx->arena, "%s %s", told, say_reason(cx, catalog, &refusal.reasons[i]));
    return told;
}

/* ── What one's role leaves out ───────────────────────────────────────────────────────── */

const char *show_roles(struct context *cx, uint32_t roles)
{
    struct buf words = buf_create(cx->arena);
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        const char *key = arena_print(cx->arena, "role.%s", role_format(role));
        if ((roles & 1U << role) != 0)
            buf_print(&words, "%s%s", words.size > 0 ? ", " : "", message_say(cx, key, NULL));
    }
    return buf_text(&words);
}

const char *show_who(struct context *cx, uint64_t missing)
{
    const char *names[ROLE_COUNT];
    size_t count = 0;
    bool of_seller = cx->actor.kind == ACTOR_STAFF;
    uint32_t roles = permissions_roles(missing, of_seller ? ROLE_OF_SELLER : ROLE_OF_ORGANIZATION);
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        const char *key = arena_print(cx->arena, "role.one_%s", role_format(role));
        if ((roles & 1U << role) != 0)
            names[count++] = message_say(cx, key, NULL);
    }
    return show_join(cx, names, count, "why.or");
}

const char *show_why_role(struct context *cx, const struct http_request *request,
                          enum http_method method, const char *address)
{
    uint64_t missing = http_missing(cx, request, method, address);
    return missing != 0 ? message_say(cx, "role.why", "who", show_who(cx, missing), NULL) : NULL;
}

void show_off_role(struct context *cx, struct view *action, const char *why)
{
    view_bool(action, "off", true);
    view_text(action, "why", why);
    struct view *way = view_child(action, "way");
    view_text(way, "label", message_say(cx, "roles.title", NULL));
    view_text(way, "href", "/roles");
    view_bool(way, "pane", false);
}

struct view *show_action(struct context *cx, const struct http_request *request, struct view *view,
                         const char *label, const char *href, bool pane, const char *why)
{
    const char *refused = show_why_role(cx, request, HTTP_GET, href);
    view_text(view, "label", label);
    view_text(view, "href", href);
    view_bool(view, "pane", pane);
    if (refused != NULL) {
        show_off_role(cx, view, refused);
        return view;
    }
    view_bool(view, "off", why != NULL);
    view_text(view, "why", why);
    return view;
}

void show_crumb(struct view *crumbs, const char *title, const char *href)
{
    struct view *crumb = view_item(crumbs);
    view_text(crumb, "title", title);
    view_text(crumb, "href", href);
}

enum err show_kept_form(struct context *cx, const struct http_request *request,
                        struct http_form *ret_form)
{
    const char *secret = http_query(request, "kept");
    const struct http_session *session = request->session;
    struct kept_form *kept = NULL;
    ret_form->count = 0;
    if (secret == NULL || session == NULL)
        return OK;
    TRY(kept_form_load(cx, session_hash(cx, secret), session->customer, session->person,
                       request->path, &kept));
    return kept != NULL ? http_form_parse(cx, kept->body, strlen(kept->body), ret_form) : OK;
}

void show_kept_notice(struct context *cx, struct view *view, const struct http_form *form)
{
    if (form->count == 0)
        return;
    struct view *notice = view_child(view, "notice");
    view_text(notice, "kind", "info");
    view_text(notice, "text", message_say(cx, "show.kept", NULL));
    view_bool(notice, "urgent", false);
}
