/* Invoices and credit notes (screens, Bills & payments). The whole state of the list is in its
 * address: filters, order and place; so it can be shared, and goes without JavaScript. */
#include "invoice/bills_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "base/period.h"
#include "customer/customer_store.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "html/csv.h"
#include "http/http_list.h"
#include "invoice/bill_store.h"

enum { ROWS_A_PAGE = 25, CSV_PIECE = 500, CSV_ROWS_MAX = 20000 };

static const char *const SORTS[] = {[BILLS_BY_DAY] = "date", [BILLS_BY_TOTAL] = "total"};
enum { SORT_COUNT = sizeof SORTS / sizeof *SORTS };

/* How far back one looks, in months; 0: to the beginning. The first is the usual. */
static const struct period {
    const char *name;
    int months;
} PERIODS[] = {{"3", 3}, {"6", 6}, {"12", 12}, {"all", 0}};
enum { PERIOD_COUNT = sizeof PERIODS / sizeof *PERIODS };

/* What the address asks for. */
struct wish {
    const struct http_request *request;
    const char *q;
    const char *account; /* "" for all */
    const char *from;    /* as typed */
    const char *to;
    size_t period;
    bool has_dates;  /* they go before the period */
    bool has_number; /* a number is looked for at all times */
    bool is_number;
    struct bill_query query;
    struct account_list accounts;
    civil_day today; /* of the oldest account */
};

/* ── The wish ─────────────────────────────────────────────────────────────────────────── */

static const char *text_of(const struct http_request *request, const char *name)
{
    const char *text = http_query(request, name);
    return text != NULL ? text : "";
}

static void read_days(struct wish *wish)
{
    struct bill_query *query = &wish->query;
    query->from_on = query->until_on = DAY_NONE;
    bool has_from = day_parse(wish->from, &query->from_on);
    bool has_to = day_parse(wish->to, &query->until_on);
    wish->has_dates = has_from || has_to;
    int months = PERIODS[wish->period].months;
    if (!wish->has_dates && !wish->has_number && months > 0)
        query->from_on = period_add_months(wish->today, -months);
}

static enum err read_wish(struct context *cx, const struct http_request *request,
                          struct wish *ret_wish)
{
    struct wish wish = {
        .request = request,
        .q = text_of(request, "q"),
        .account = text_of(request, "account"),
        .from = text_of(request, "from"),
        .to = text_of(request, "to"),
    };
    TRY(account_load_all(cx, &wish.accounts));
    if (wish.accounts.count > 0)
        wish.today = zone_day(wish.accounts.items[0]->time_zone, cx->now);
    for (size_t i = 0; i < PERIOD_COUNT; i++)
        if (http_query_is(request, "period", PERIODS[i].name))
            wish.period = i;
    for (size_t i = 0; i < SORT_COUNT; i++)
        if (http_query_is(request, "sort", SORTS[i]))
            wish.query.order = (enum bill_order)i;
    wish.has_number = wish.q[0] != '\0';
    wish.is_number = invoice_number_parse(wish.q, &wish.query.number);
    wish.query.ascending = http_query_is(request, "order", "ascending");
    wish.query.unpaid = http_query_is(request, "unpaid", "yes");
    wish.query.account = wish.account[0] != '\0' ? wish.account : NULL;
    wish.query.after = http_query(request, "after");
    wish.query.before = wish.query.after == NULL ? http_query(request, "before") : NULL;
    read_days(&wish);
    *ret_wish = wish;
    return OK;
}

static void add_parameter(struct context *cx, struct buf *buf, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0')
        buf_print(buf, "%s%s=%s", strchr(buf_text(buf), '?') != NULL ? "&" : "?", name,
                  http_encode(cx->arena, value));
}

/* The address of this list, to which its place or another order may be added. */
static struct buf address_of(struct context *cx, const struct wish *wish, enum bill_order order,
                             bool ascending)
{
    struct buf buf = buf_create(cx->arena);
    buf_add_text(&buf, "/billing/invoices");
    add_parameter(cx, &buf, "q", wish->q);
    add_parameter(cx, &buf, "from", wish->from);
    add_parameter(cx, &buf, "to", wish->to);
    add_parameter(cx, &buf, "unpaid", wish->query.unpaid ? "yes" : NULL);
    add_parameter(cx, &buf, "account", wish->account);
    add_parameter(cx, &buf, "period", wish->period > 0 ? PERIODS[wish->period].name : NULL);
    add_parameter(cx, &buf, "sort", order != BILLS_BY_DAY ? SORTS[order] : NULL);
    add_parameter(cx, &buf, "order", ascending ? "ascending" : NULL);
    return buf;
}

static const char *address_with(struct context *cx, const struct wish *wish, const char *name,
                                const char *value)
{
    struct buf buf = address_of(cx, wish, wish->query.order, wish->query.ascending);
    add_parameter(cx, &buf, name, value);
    return buf_text(&buf);
}

/* ── The filters ──────────────────────────────────────────────────────────────────────── */

static void put_periods(struct context *cx, struct view *view, const struct wish *wish)
{
    struct view *periods = view_list(view, "periods");
    struct wish other = *wish;
    other.from = other.to = "";
    for (size_t i = 0; i < PERIOD_COUNT; i++) {
        struct view *item = view_item(periods);
        const char *key = arena_print(cx->arena, "bills.period_%s", PERIODS[i].name);
        other.period = i;
        view_text(item, "name", message_say(cx, key, NULL));
        view_text(item, "address", address_with(cx, &other, "", NULL));
        view_bool(item, "current", i == wish->period && !wish->has_dates && !wish->has_number);
    }
}

static void put_filters(struct context *cx, struct view *view, const struct wish *wish)
{
    struct view *filters = view_child(view, "filters");
    view_text(filters, "q", wish->q);
    view_text(filters, "from", wish->from);
    view_text(filters, "to", wish->to);
    view_bool(filters, "unpaid", wish->query.unpaid);
    view_text(filters, "period", wish->period > 0 ? PERIODS[wish->period].name : NULL);
    view_bool(filters, "has_accounts", wish->accounts.count > 1);
    struct view *options = view_list(filters, "accounts");
    for (size_t i = 0; i <= wish->accounts.count; i++) {
        const struct account *account = i > 0 ? wish->accounts.items[i - 1] : NULL;
        struct view *option = view_item(options);
        view_text(option, "value", account != NULL ? account->id : "");
        view_text(option, "label",
                  account != NULL ? account->name : message_say(cx, "products.all", NULL));
        view_bool(option, "selected", account != NULL && strcmp(account->id, wish->account) == 0);
    }
    put_periods(cx, view, wish);
}

static void put_sort(struct context *cx, struct view *view, const struct wish *wish)
{
    struct view *sort = view_child(view, "sort");
    for (size_t i = 0; i < SORT_COUNT; i++) {
        struct view *column = view_child(sort, SORTS[i]);
        bool is_this = wish->query.order == (enum bill_order)i;
        bool ascending = is_this && !wish->query.ascending;
        struct buf buf = address_of(cx, wish, (enum bill_order)i, ascending);
        view_text(column, "href", buf_text(&buf));
        view_text(column, "order",
                  !is_this                ? ""
                  : wish->query.ascending ? "ascending"
                                          : "descending");
    }
}

/* ── The rows ─────────────────────────────────────────────────────────────────────────── */

static const struct account *account_of(const struct wish *wish, const char *id)
{
    for (size_t i = 0; i < wish->accounts.count; i++)
        if (strcmp(wish->accounts.items[i]->id, id) == 0)
            return wish->accounts.items[i];
    return NULL;
}

static const char *type_word(struct context *cx, const struct document *document)
{
    return message_say(cx, arena_print(cx->arena, "bills.%s", document_type_format(document->type)),
                       NULL);
}

static void put_row(struct context *cx, struct view *rows, const struct wish *wish,
                    const struct document *document)
{
    const struct account *account = account_of(wish, document->account);
    civil_day today = account != NULL ? zone_day(account->time_zone, cx->now) : wish->today;
    struct view *row = view_item(rows);
    view_print(row, "href", "/billing/invoices/%s", document->id);
    view_text(row, "name", show_number(cx, document));
    view_text(row, "type", type_word(cx, document));
    show_date(cx, row, document->issued_on, today);
    view_text(row, "total", locale_money(cx->arena, cx->language, document->total));
    view_text(row, "unpaid",
              money_sign(document->unpaid) > 0
                  ? locale_money(cx->arena, cx->language, document->unpaid)
                  : "–");
    show_standing(cx, row, document, today);
    view_text(row, "account", account != NULL ? account->name : "");
}

static enum err load_page(struct context *cx, const struct wish *wish, struct document_list *list,
                          bool *ret_has_more)
{
    struct bill_query query = wish->query;
    const struct http_page page = {.limit = ROWS_A_PAGE,
                                   .before = query.before != NULL ? query.before : ""};
    *ret_has_more = false;
    if (wish->has_number && !wish->is_number)
        return OK;
    query.limit = page.limit + 1;
    TRY(bill_list(cx, &query, list));
    *ret_has_more = http_list_trim(&page, list->items, &list->count);
    return OK;
}

static void put_pages(struct context *cx, struct view *view, const struct wish *wish,
                      const struct document_list *list, bool has_more)
{
    bool walks_back = wish->query.before != NULL;
    bool has_previous = walks_back ? has_more : wish->query.after != NULL;
    bool has_next = walks_back || has_more;
    if (list->count == 0 || (!has_previous && !has_next))
        return;
    struct view *pages = view_child(view, "pages");
    if (has_previous)
        view_text(view_child(pages, "previous"), "href",
                  address_with(cx, wish, "before", list->items[0]->id));
    if (has_next)
        view_text(view_child(pages, "next"), "href",
                  address_with(cx, wish, "after", list->items[list->count - 1]->id));
}

static void put_empty(struct context *cx, struct view *view, const struct wish *wish)
{
    struct view *empty = view_child(view, "empty");
    bool is_filtered = wish->has_number || wish->has_dates || wish->query.unpaid ||
                       wish->account[0] != '\0' || PERIODS[wish->period].months > 0;
    const char *text = wish->has_number && !wish->is_number ? "bills.empty_no_number"
                       : is_filtered                        ? "bills.empty_filtered"
                                                            : "bills.empty_text";
    view_text(empty, "title", message_say(cx, "bills.empty_title", NULL));
    view_text(empty, "text", message_say(cx, text, NULL));
    struct view *action = view_child(empty, "action");
    if (is_filtered)
        show_action(cx, wish->request, action, message_say(cx, "bills.show_all", NULL),
                    "/billing/invoices?period=all", false, NULL);
    else
        show_action(cx, wish->request, action, message_say(cx, "products.purchase", NULL),
                    "/billing/purchase", false, NULL);
}

/* ── As a file ────────────────────────────────────────────────────────────────────────── */

static void put_csv_amount(struct context *cx, struct buf *csv, struct money amount)
{
    csv_number(csv, locale_decimal(cx->arena, cx->language, amount), false);
}

static void put_csv_row(struct context *cx, struct buf *csv, const struct wish *wish,
                        const struct document *document)
{
    const struct account *account = account_of(wish, document->account);
    struct view *row = view_object(cx->arena);
    char day[DAY_TEXT_SIZE];
    day_format(document->issued_on, day);
    show_standing(cx, row, document, wish->today);
    const struct view *status = view_find(row, "status", strlen("status"));
    csv_field(csv, show_number(cx, document), false);
    csv_field(csv, day, false);
    csv_field(csv, type_word(cx, document), false);
    put_csv_amount(cx, csv, document->net);
    put_csv_amount(cx, csv, document->tax);
    put_csv_amount(cx, csv, document->total);
    put_csv_amount(cx, csv, document->unpaid);
    csv_field(csv, document->total.currency, false);
    csv_field(csv, view_say(view_find(status, "word", strlen("word")), cx->arena), false);
    csv_field(csv, account != NULL ? account->name : "", true);
}

static enum err reply_csv(struct context *cx, struct http_reply *reply, const struct wish *wish)
{
    static const char *const HEADS[] = {"number", "date",   "what",     "net",    "tax",
                                        "total",  "unpaid", "currency", "status", "account"};
    enum { HEAD_COUNT = sizeof HEADS / sizeof *HEADS };
    struct buf csv = csv_begin(cx->arena);
    for (size_t i = 0; i < HEAD_COUNT; i++)
        csv_field(&csv, message_say(cx, arena_print(cx->arena, "bills.%s", HEADS[i]), NULL),
                  i + 1 == HEAD_COUNT);
    struct bill_query query = wish->query;
    query.after = query.before = NULL;
    query.limit = CSV_PIECE;
    bool has_more = !wish->has_number || wish->is_number;
    for (size_t count = 0; has_more && count < CSV_ROWS_MAX; count += CSV_PIECE) {
        struct document_list list = {0};
        TRY(bill_list(cx, &query, &list));
        for (size_t i = 0; i < list.count; i++)
            put_csv_row(cx, &csv, wish, list.items[i]);
        has_more = list.count == CSV_PIECE;
        query.after = has_more ? list.items[list.count - 1]->id : NULL;
    }
    http_reply_file(reply, "text/csv; charset=utf-8", "invoices.csv", &csv);
    return OK;
}

enum err bills_page_list(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct wish wish;
    struct document_list list = {0};
    bool has_more;
    TRY(read_wish(cx, request, &wish));
    if (http_query_is(request, "format", "csv"))
        return reply_csv(cx, reply, &wish);
    struct view *view = view_object(cx->arena);
    TRY(load_page(cx, &wish, &list, &has_more));
    put_filters(cx, view, &wish);
    put_sort(cx, view, &wish);
    struct view *rows = view_list(view, "rows");
    for (size_t i = 0; i < list.count; i++)
        put_row(cx, rows, &wish, list.items[i]);
    view_bool(view, "has_rows", list.count > 0);
    view_bool(view, "shows_account", wish.accounts.count > 1);
    view_text(view, "csv", address_with(cx, &wish, "format", "csv"));
    put_pages(cx, view, &wish, &list, has_more);
    if (list.count == 0)
        put_empty(cx, view, &wish);
    http_reply_page(reply, 200, "bills", view);
    return OK;
}
