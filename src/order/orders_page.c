#include "order/orders_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "customer/person_store.h"
#include "engine/show_page.h"
#include "http/http_list.h"
#include "order/order_store.h"

enum { ROWS_A_PAGE = 25 };

/* What the list is made of, besides the orders. */
struct history {
    const struct http_request *request;
    struct account_list accounts;
    struct person_list people;
    const char *account; /* asked for; "" for all */
    const char *after;
    const char *before;
};

static const char *text_of(const struct http_request *request, const char *name)
{
    const char *text = http_query(request, name);
    return text != NULL ? text : "";
}

static const struct account *account_of(const struct history *history, const char *id)
{
    for (size_t i = 0; i < history->accounts.count; i++)
        if (strcmp(history->accounts.items[i]->id, id) == 0)
            return history->accounts.items[i];
    return NULL;
}

/* Who placed it: somebody of the organisation, or the seller in its name; a key has no name. */
static const char *say_who(struct context *cx, const struct history *history, const char *actor)
{
    if (actor == NULL || actor[0] == '\0')
        return "–";
    for (size_t i = 0; i < history->people.count; i++)
        if (strcmp(history->people.items[i]->id, actor) == 0)
            return history->people.items[i]->name;
    return message_say(cx, "orders.by_others", NULL);
}

/* "Suite, Extra storage": each offer once for each line. */
static enum err say_what(struct context *cx, const struct order *order, const char **ret_text)
{
    const char **names = ARENA_ARRAY(cx->arena, const char *, order->lines.count + 1);
    for (size_t i = 0; i < order->lines.count; i++) {
        const struct catalog *catalog;
        const struct order_line *line = order->lines.items[i];
        TRY(catalog_load(cx, line->catalog, &catalog));
        names[i] = show_text(cx, catalog_find_offer(catalog, line->offer)->name);
    }
    *ret_text = show_join(cx, names, order->lines.count, "pane.and");
    return OK;
}

/* Where it stands, and of a failed one why. */
static void put_state(struct context *cx, struct view *row, const struct order *order)
{
    static const struct {
        const char *key, *word;
    } STATES[] = {
        [ORDER_AWAITING_PAYMENT] = {"awaiting_payment", "state.awaiting_payment"},
        [ORDER_ACTION_REQUIRED] = {"awaiting_payment", "order.heading_bank"},
        [ORDER_COMPLETED] = {"completed", "state.completed"},
        [ORDER_FAILED] = {"failed", "state.failed"},
    };
    struct view *status = view_child(row, "status");
    view_text(status, "key", STATES[order->state].key);
    view_text(status, "word", message_say(cx, STATES[order->state].word, NULL));
    if (order->state != ORDER_FAILED)
        return;
    enum err why = order->failure ? err_parse(order->failure) : OK;
    const struct fault fault = {.code = why != OK ? why : ERR_PAYMENT_FAILED};
    view_text(row, "reason", message_fault(cx->arena, cx->language, &fault));
}

static enum err put_row(struct context *cx, struct view *rows, const struct history *history,
                        struct order *order)
{
    const struct account *account = account_of(history, order->account);
    const char *what;
    TRY(order_load_lines(cx, order));
    TRY(say_what(cx, order, &what));
    struct view *row = view_item(rows);
    view_print(row, "href", "/billing/orders/%s", order->id);
    view_text(row, "what", what);
    view_text(
        row, "kind",
        message_say(cx, arena_print(cx->arena, "orders.%s", order_kind_format(order->kind)), NULL));
    show_date(cx, row, order->placed_on,
              account != NULL ? zone_day(account->time_zone, cx->now) : order->placed_on);
    view_text(row, "who", say_who(cx, history, order->actor));
    view_text(row, "total", locale_money(cx->arena, cx->language, order->total));
    view_text(row, "account", account != NULL ? account->name : "");
    view_text(row, "reason", NULL);
    put_state(cx, row, order);
    return OK;
}

static const char *address_with(struct context *cx, const struct history *history, const char *name,
                                const char *id)
{
    const char *account = http_encode(cx->arena, history->account);
    return arena_print(cx->arena, "/billing/orders?%s=%s%s%s", name, id,
                       account[0] != '\0' ? "&account=" : "", account);
}

static void put_pages(struct context *cx, struct view *view, const struct history *history,
                      const struct order_list *list, bool has_more)
{
    bool walks_back = history->before[0] != '\0';
    bool has_previous = walks_back ? has_more : history->after[0] != '\0';
    if (list->count == 0 || (!has_previous && !walks_back && !has_more))
        return;
    struct view *pages = view_child(view, "pages");
    if (has_previous)
        view_text(view_child(pages, "previous"), "href",
                  address_with(cx, history, "before", list->items[0]->id));
    if (walks_back || has_more)
        view_text(view_child(pages, "next"), "href",
                  address_with(cx, history, "after", list->items[list->count - 1]->id));
}

static void put_accounts(struct context *cx, struct view *view, const struct history *history)
{
    struct view *options = view_list(view, "accounts");
    view_bool(view, "has_accounts", history->accounts.count > 1);
    for (size_t i = 0; i <= history->accounts.count; i++) {
        const struct account *account = i > 0 ? history->accounts.items[i - 1] : NULL;
        struct view *option = view_item(options);
        view_text(option, "value", account != NULL ? account->id : "");
        view_text(option, "label",
                  account != NULL ? account->name : message_say(cx, "products.all", NULL));
        view_bool(option, "selected",
                  account != NULL && strcmp(account->id, history->account) == 0);
    }
}

static void put_empty(struct context *cx, struct view *view, const struct history *history)
{
    struct view *empty = view_child(view, "empty");
    view_text(empty, "title", message_say(cx, "orders.empty_title", NULL));
    view_text(empty, "text", message_say(cx, "orders.empty_text", NULL));
    show_action(cx, history->request, view_child(empty, "action"),
                message_say(cx, "products.purchase", NULL), "/billing/purchase", false, NULL);
}

enum err orders_page_list(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct history history = {
        .request = request,
        .account = text_of(request, "account"),
        .after = text_of(request, "after"),
        .before = text_of(request, "before"),
    };
    struct order_list list = {0};
    struct view *view = view_object(cx->arena);
    if (history.after[0] != '\0')
        history.before = "";
    const struct order_query query = {
        .after = history.after,
        .before = history.before,
        .account = history.account[0] != '\0' ? history.account : NULL,
        .limit = ROWS_A_PAGE + 1,
    };
    const struct http_page page = {.limit = ROWS_A_PAGE, .before = history.before};
    TRY(account_load_all(cx, &history.accounts));
    TRY(person_load_all(cx, &history.people));
    TRY(order_list_page(cx, &query, &list));
    bool has_more = http_list_trim(&page, list.items, &list.count);
    struct view *rows = view_list(view, "rows");
    for (size_t i = 0; i < list.count; i++)
        TRY(put_row(cx, rows, &history, list.items[i]));
    view_bool(view, "has_rows", list.count > 0);
    view_bool(view, "shows_account", history.accounts.count > 1);
    put_accounts(cx, view, &history);
    put_pages(cx, view, &history, &list, has_more);
    if (list.count == 0)
        put_empty(cx, view, &history);
    http_reply_page(reply, 200, "orders", view);
    return OK;
}
