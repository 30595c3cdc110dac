/* Your products (screens, page 1). Its whole state is in its address: filters, order, page and
 * columns; so it can be shared, and goes without JavaScript. */
#include "subscription/subscription_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "customer/permissions.h"
#include "engine/show_page.h"
#include "html/csv.h"
#include "subscription/subscription_store.h"

enum { ROWS_A_PAGE = 25, COLUMN_COUNT = 5, COUNT_COLUMNS = 2 };

/* Whose role lets them see counts only (rules §8) has the first COUNT_COLUMNS. */
static const char *const COLUMNS[COLUMN_COUNT] = {"licenses", "status", "date", "price", "account"};
static const char *const STATES[] = {"active",  "past_due", "trial",  "scheduled",
                                     "expired", "disabled", "deleted"};
static const char *const SORTS[] = {"name", "status", "date"};
enum { STATE_COUNT = sizeof STATES / sizeof *STATES, SORT_COUNT = sizeof SORTS / sizeof *SORTS };

/* What the address asks for. */
struct wish {
    const char *q;
    const char *status;  /* "" for all that are not deleted */
    const char *account; /* "" for all */
    size_t sort;
    bool descending;
    size_t column_count; /* that the person may see */
    bool columns[COLUMN_COUNT];
    bool has_columns; /* chosen, not the usual ones */
    int64_t page;
};

/* A row, with what it is sorted and found by. */
struct product {
    const struct subscription *sub;
    const struct account *account;
    const char *name;
    bool is_for_people;
    civil_day today;
};
LIST_TYPE(product_list, struct product);

/* ── The wish ─────────────────────────────────────────────────────────────────────────── */

static const char *text_of(const struct http_request *request, const char *name)
{
    const char *text = http_query(request, name);
    return text != NULL ? text : "";
}

static void read_columns(struct context *cx, const struct http_request *request, struct wish *wish)
{
    wish->column_count = actor_may(cx, PERM_PRODUCTS_VIEW) ? COLUMN_COUNT : COUNT_COLUMNS;
    for (size_t i = 0; i < request->query_count; i++) {
        if (strcmp(request->query[i].name, "columns") != 0)
            continue;
        wish->has_columns = true;
        for (size_t j = 0; j < wish->column_count; j++)
            wish->columns[j] |= strcmp(request->query[i].value, COLUMNS[j]) == 0;
    }
    for (size_t j = 0; j < wish->column_count && !wish->has_columns; j++)
        wish->columns[j] = true;
}

static struct wish read_wish(struct context *cx, const struct http_request *request)
{
    struct wish wish = {
        .q = text_of(request, "q"),
        .status = text_of(request, "status"),
        .account = text_of(request, "account"),
        .descending = http_query_is(request, "order", "descending"),
        .page = 1,
    };
    for (size_t i = 0; i < SORT_COUNT; i++)
        if (http_query_is(request, "sort", SORTS[i]))
            wish.sort = i;
    if (http_query_integer(cx, request, "page", 1, 1000000, &wish.page) != OK)
        fault_clear(cx); /* a page that does not exist is the first */
    read_columns(cx, request, &wish);
    return wish;
}

/* The address with another order, page or form. */
static const char *address_of(struct context *cx, const struct wish *wish, size_t sort,
                              bool descending, int64_t page, const char *format)
{
    struct buf buf = buf_create(cx->arena);
    buf_print(&buf, "/billing/products?sort=%s&order=%s", SORTS[sort],
              descending ? "descending" : "ascending");
    if (wish->q[0] != '\0')
        buf_print(&buf, "&q=%s", http_encode(cx->arena, wish->q));
    if (wish->status[0] != '\0')
        buf_print(&buf, "&status=%s", http_encode(cx->arena, wish->status));
    if (wish->account[0] != '\0')
        buf_print(&buf, "&account=%s", http_encode(cx->arena, wish->account));
    if (wish->has_columns)
        buf_add_text(&buf, "&columns=");
    for (size_t i = 0; i < wish->column_count && wish->has_columns; i++)
        if (wish->columns[i])
            buf_print(&buf, "&columns=%s", COLUMNS[i]);
    if (page > 1)
        buf_print(&buf, "&page=%" PRId64, page);
    if (format != NULL)
        buf_print(&buf, "&format=%s", format);
    return buf_text(&buf);
}

/* ── The rows ─────────────────────────────────────────────────────────────────────────── */

static const struct account *account_of(const struct account_list *accounts, const char *id)
{
    for (size_t i = 0; i < accounts->count; i++)
        if (strcmp(accounts->items[i]->id, id) == 0)
            return accounts->items[i];
    return NULL;
}

/* Letters count without their case; the text may stand anywhere. */
static bool has_text(const char *text, const char *wanted)
{
    return wanted[0] == '\0' || strcasestr(text, wanted) != NULL;
}

/* Connected add-ons stand on the page of their base. */
static bool is_wanted(const struct wish *wish, const struct product *row)
{
    const struct subscription *sub = row->sub;
    if (sub->parent != NULL || sub->status == SUBSCRIPTION_PLANNED || row->account == NULL)
        return false;
    bool in_state = wish->status[0] == '\0' ? sub->status != SUBSCRIPTION_DELETED
                                            : strcmp(show_status_key(sub), wish->status) == 0;
    bool in_account = wish->account[0] == '\0' || strcmp(wish->account, sub->account) == 0;
    return in_state && in_account && has_text(row->name, wish->q);
}

struct sorting {
    const char *language;
    const struct wish *wish;
    struct product *row;
};

static civil_day next_day(const struct subscription *sub)
{
    if (sub->status == SUBSCRIPTION_TRIAL)
        return sub->trial_end;
    return sub->status == SUBSCRIPTION_SCHEDULED ? sub->start_on : sub->term_end;
}

static int compare_rows(const void *a, const void *b)
{
    const struct sorting *x = a, *y = b;
    const char *column = SORTS[x->wish->sort];
    int by = 0;
    if (strcmp(column, "status") == 0)
        by = (int)x->row->sub->status - (int)y->row->sub->status;
    else if (strcmp(column, "date") == 0)
        by = next_day(x->row->sub) < next_day(y->row->sub)   ? -1
             : next_day(x->row->sub) > next_day(y->row->sub) ? 1
                                                             : 0;
    if (by == 0)
        by = locale_compare(x->language, x->row->name, y->row->name);
    return x->wish->descending ? -by : by;
}

static void sort_rows(struct context *cx, const struct wish *wish, struct product_list *rows)
{
    LIST(struct sorting) sorted = {0};
    for (size_t i = 0; i < rows->count; i++) {
        struct sorting *item = ARENA_NEW(cx->arena, struct sorting);
        *item = (struct sorting){cx->language, wish, rows->items[i]};
        list_push(cx->arena, &sorted, item);
    }
    list_sort(sorted.items, sorted.count, compare_rows);
    for (size_t i = 0; i < rows->count; i++)
        rows->items[i] = sorted.items[i]->row;
}

static enum err describe(struct context *cx, struct product *row)
{
    const struct catalog *catalog;
    TRY(catalog_load(cx, row->sub->catalog, &catalog));
    const struct offer *offer = catalog_find_offer(catalog, row->sub->offer);
    if (offer == NULL)
        return fault(cx, ERR_INTERNAL, "value", "an offer not known", NULL);
    row->name = show_text(cx, offer->name);
    row->is_for_people = offer->scope == SCOPE_USER;
    return OK;
}

static enum err load_rows(struct context *cx, const struct wish *wish,
                          const struct account_list *accounts, struct product_list *rows)
{
    struct subscription_list list = {0};
    if (strcmp(wish->status, "deleted") == 0)
        TRY(subscription_load_all(cx, &list));
    else
        TRY(subscription_load_held(cx, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct product *row = ARENA_NEW(cx->arena, struct product);
        row->sub = list.items[i];
        row->account = account_of(accounts, row->sub->account);
        TRY(describe(cx, row));
        if (!is_wanted(wish, row))
            continue;
        row->today = zone_day(row->account->time_zone, cx->now);
        list_push(cx->arena, rows, row);
    }
    sort_rows(cx, wish, rows);
    return OK;
}

/* ── The page ─────────────────────────────────────────────────────────────────────────── */

static void put_option(struct view *list, const char *value, const char *label, bool selected)
{
    struct view *option = view_item(list);
    view_text(option, "value", value);
    view_text(option, "label", label);
    view_bool(option, "selected", selected);
}

static void put_filters(struct context *cx, struct view *view, const struct wish *wish,
                        const struct account_list *accounts)
{
    struct view *filters = view_child(view, "filters");
    const char *all = message_say(cx, "products.all", NULL);
    view_text(filters, "q", wish->q);
    struct view *states = view_list(filters, "status");
    put_option(states, "", all, wish->status[0] == '\0');
    for (size_t i = 0; i < STATE_COUNT; i++) {
        const char *key = arena_print(cx->arena, "state.%s", STATES[i]);
        put_option(states, STATES[i], message_say(cx, key, NULL),
                   strcmp(wish->status, STATES[i]) == 0);
    }
    bool sees_accounts = wish->column_count == COLUMN_COUNT;
    view_bool(filters, "has_accounts", sees_accounts && accounts->count > 1);
    struct view *choices = view_list(filters, "accounts");
    put_option(choices, "", all, wish->account[0] == '\0');
    for (size_t i = 0; i < accounts->count; i++)
        put_option(choices, accounts->items[i]->id, accounts->items[i]->name,
                   strcmp(wish->account, accounts->items[i]->id) == 0);
}

static void put_columns(struct context *cx, struct view *view, const struct wish *wish)
{
    struct view *columns = view_child(view, "columns");
    struct view *choices = view_list(view, "choices");
    for (size_t i = 0; i < wish->column_count; i++) {
        const char *key = arena_print(cx->arena, "products.%s", COLUMNS[i]);
        view_bool(columns, COLUMNS[i], wish->columns[i]);
        put_option(choices, COLUMNS[i], message_say(cx, key, NULL), wish->columns[i]);
    }
    struct view *sort = view_child(view, "sort");
    for (size_t i = 0; i < SORT_COUNT; i++) {
        struct view *column = view_child(sort, SORTS[i]);
        bool is_this = wish->sort == i;
        view_text(column, "href", address_of(cx, wish, i, is_this && !wish->descending, 1, NULL));
        view_text(column, "order", !is_this ? "" : wish->descending ? "descending" : "ascending");
    }
}

/* "40 / 42" of what is assigned to people, "100" of what is not. */
static const char *quantity_of(struct context *cx, const struct product *row)
{
    const char *total = locale_integer(cx->arena, cx->language, row->sub->quantity);
    if (!row->is_for_people)
        return total;
    const char *assigned = locale_integer(cx->arena, cx->language, row->sub->assigned);
    return arena_print(cx->arena, "%s / %s", assigned, total);
}

static enum err put_row(struct context *cx, struct view *list, const struct product *row)
{
    struct view *view = view_item(list);
    view_print(view, "href", "/billing/products/%s", row->sub->id);
    view_text(view, "name", row->name);
    view_text(view, "quantity", quantity_of(cx, row));
    show_status(cx, view, row->sub);
    show_next_date(cx, view, row->sub, row->today);
    view_text(view, "account", row->account->name);
    return show_subscription_price(cx, view, row->sub);
}

static void put_pages(struct context *cx, struct view *view, const struct wish *wish, int64_t last)
{
    if (last <= 1)
        return;
    struct view *pages = view_child(view, "pages");
    if (wish->page > 1)
        view_text(view_child(pages, "previous"), "href",
                  address_of(cx, wish, wish->sort, wish->descending, wish->page - 1, NULL));
    if (wish->page < last)
        view_text(view_child(pages, "next"), "href",
                  address_of(cx, wish, wish->sort, wish->descending, wish->page + 1, NULL));
    view_text(pages, "text",
              message_say(cx, "products.page", "page",
                          locale_integer(cx->arena, cx->language, wish->page), "pages",
                          locale_integer(cx->arena, cx->language, last), NULL));
}

static enum err put_rows(struct context *cx, struct view *view, struct wish *wish,
                         const struct product_list *rows)
{
    int64_t last = ((int64_t)rows->count + ROWS_A_PAGE - 1) / ROWS_A_PAGE;
    if (wish->page > last)
        wish->page = last > 0 ? last : 1;
    size_t first = (size_t)(wish->page - 1) * ROWS_A_PAGE;
    struct view *list = view_list(view, "rows");
    for (size_t i = first; i < rows->count && i < first + ROWS_A_PAGE; i++)
        TRY(put_row(cx, list, rows->items[i]));
    view_bool(view, "has_rows", rows->count > 0);
    view_text(view, "counted", message_count(cx, "products.counted", (int64_t)rows->count, NULL));
    view_text(view, "csv", address_of(cx, wish, wish->sort, wish->descending, 1, "csv"));
    put_pages(cx, view, wish, last);
    return OK;
}

static void put_empty(struct context *cx, struct view *view, const struct wish *wish)
{
    bool filtered = wish->q[0] != '\0' || wish->status[0] != '\0' || wish->account[0] != '\0';
    struct view *empty = view_child(view, "empty");
    view_text(empty, "title", message_say(cx, "products.empty_title", NULL));
    view_text(empty, "text",
              message_say(cx, filtered ? "products.empty_filtered" : "products.empty_text", NULL));
}

/* ── As a file ────────────────────────────────────────────────────────────────────────── */

static const char *said(const struct view *view, const char *name, const char *member)
{
    const struct view *child = view_find(view, name, strlen(name));
    return view_say(view_find(child, member, strlen(member)), view->arena);
}

/* What a column of COLUMNS says of a row whose view is made. */
static const char *csv_value(struct context *cx, const struct product *row, const struct view *view,
                             size_t column)
{
    switch (column) {
    case 0:
        return arena_print(cx->arena, "%" PRId64, row->sub->quantity);
    case 1:
        return said(view, "status", "word");
    case 2:
        return said(view, "date", "iso");
    case 3:
        return arena_print(cx->arena, "%s %s", said(view, "price", "amount"),
                           said(view, "price", "per"));
    default:
        return row->account->name;
    }
}

static enum err reply_csv(struct context *cx, struct http_reply *reply, const struct wish *wish,
                          const struct product_list *rows)
{
    size_t count = wish->column_count;
    struct buf csv = csv_begin(cx->arena);
    csv_field(&csv, message_say(cx, "products.name", NULL), false);
    for (size_t i = 0; i < count; i++) {
        const char *key = arena_print(cx->arena, "products.%s", COLUMNS[i]);
        csv_field(&csv, message_say(cx, key, NULL), i + 1 == count);
    }
    for (size_t i = 0; i < rows->count; i++) {
        struct view *list = view_of_list(cx->arena);
        TRY(put_row(cx, list, rows->items[i]));
        csv_field(&csv, rows->items[i]->name, false);
        for (size_t j = 0; j < count; j++)
            csv_field(&csv, csv_value(cx, rows->items[i], list->first->value, j), j + 1 == count);
    }
    http_reply_file(reply, "text/csv; charset=utf-8", "products.csv", &csv);
    return OK;
}

enum err subscription_page_list(struct context *cx, const struct http_request *request,
                                struct http_reply *reply)
{
    struct wish wish = read_wish(cx, request);
    struct account_list accounts = {0};
    struct product_list rows = {0};
    TRY(account_load_all(cx, &accounts));
    TRY(load_rows(cx, &wish, &accounts, &rows));
    if (http_query_is(request, "format", "csv"))
        return reply_csv(cx, reply, &wish, &rows);
    struct view *view = view_object(cx->arena);
    show_action(cx, request, view_child(view, "purchase"),
                message_say(cx, "products.purchase", NULL), "/billing/purchase", false, NULL);
    put_filters(cx, view, &wish, &accounts);
    put_columns(cx, view, &wish);
    TRY(put_rows(cx, view, &wish, &rows));
    if (rows.count == 0)
        put_empty(cx, view, &wish);
    http_reply_page(reply, 200, "products", view);
    return OK;
}
