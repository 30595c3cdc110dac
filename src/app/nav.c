/* The two navigations (screens, Two views). */
#include "app/page.h"
#include "app/routes.h"
#include "base/message.h"

enum { OF_CUSTOMER = 1, OF_SELLER = 2, IN_TABS = 4 };

static const struct nav_entry {
    const char *key; /* of its label in web/messages */
    const char *href;
    const char *icon;
    const char *group; /* the key of the entry it stands under, in the dashboard only; or NULL */
    unsigned flags;
} ENTRIES[] = {
    {"nav.home", "/", "home", NULL, OF_CUSTOMER | IN_TABS},
    {"nav.users", "/users", "users", NULL, OF_CUSTOMER | IN_TABS},
    {"nav.billing", "/billing/products", "billing", NULL, OF_CUSTOMER | IN_TABS},
    {"nav.products", "/billing/products", "billing", "nav.billing", OF_CUSTOMER},
    {"nav.licenses", "/billing/licenses", "billing", "nav.billing", OF_CUSTOMER},
    {"nav.purchase", "/billing/purchase", "billing", "nav.billing", OF_CUSTOMER},
    {"nav.bills", "/billing/invoices", "billing", "nav.billing", OF_CUSTOMER},
    {"nav.orders", "/billing/orders", "billing", "nav.billing", OF_CUSTOMER},
    {"nav.credit", "/billing/credit", "billing", "nav.billing", OF_CUSTOMER},
    {"nav.upcoming", "/billing/upcoming", "billing", "nav.billing", OF_CUSTOMER},
    {"nav.accounts", "/billing/accounts", "billing", "nav.billing", OF_CUSTOMER},
    {"nav.help", "/support", "support", NULL, OF_CUSTOMER | IN_TABS},
    {"nav.home", "/seller", "home", NULL, OF_SELLER | IN_TABS},
    {"nav.seller_support", "/seller/support", "support", NULL, OF_SELLER | IN_TABS},
};
enum { ENTRY_COUNT = sizeof ENTRIES / sizeof *ENTRIES };

static const struct http_route *find_page(const char *path)
{
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        if (ROUTES[i].method == HTTP_GET && strcmp(ROUTES[i].path, path) == 0)
            return &ROUTES[i];
    return NULL;
}

static bool is_shown(const struct context *cx, const struct http_session *session,
                     const struct nav_entry *entry)
{
    unsigned side = session->customer[0] == '\0' ? OF_SELLER : OF_CUSTOMER;
    const struct http_route *page = find_page(entry->href);
    return (entry->flags & side) != 0 && page != NULL && http_route_missing(cx, page) == 0;
}

/* Is the present page this one, or below it? */
static bool is_current(const struct http_request *request, const char *href)
{
    size_t size = strlen(href);
    if (size == 1 || strcmp(href, "/seller") == 0)
        return strcmp(request->path, href) == 0;
    return strncmp(request->path, href, size) == 0 && strchr("/", request->path[size]) != NULL;
}

static struct view *put_entry(struct context *cx, const struct http_request *request,
                              struct view *list, const struct nav_entry *entry)
{
    struct view *item = view_item(list);
    view_text(item, "href", entry->href);
    view_text(item, "label", message_template(cx->language, entry->key));
    view_text(item, "icon", entry->icon);
    bool in_billing =
        strcmp(entry->key, "nav.billing") == 0 && strncmp(request->path, "/billing/", 9) == 0;
    view_bool(item, "current", in_billing || is_current(request, entry->href));
    return item;
}

static void put_group(struct context *cx, const struct http_request *request, struct view *item,
                      const char *group)
{
    struct view *items = view_list(item, "items");
    for (size_t i = 0; i < ENTRY_COUNT; i++) {
        const struct nav_entry *entry = &ENTRIES[i];
        if (entry->group != NULL && strcmp(entry->group, group) == 0 &&
            is_shown(cx, request->session, entry))
            put_entry(cx, request, items, entry);
    }
    view_bool(item, "group", view_is_true(items));
}

void nav_put(struct context *cx, const struct http_request *request, struct view *root)
{
    bool tabs = strcmp(request->session->view, "simplified") == 0;
    struct view *list = view_list(root, "nav");
    for (size_t i = 0; i < ENTRY_COUNT; i++) {
        const struct nav_entry *entry = &ENTRIES[i];
        if (entry->group != NULL || !is_shown(cx, request->session, entry))
            continue;
        struct view *item = put_entry(cx, request, list, entry);
        if (tabs)
            view_bool(item, "group", false);
        else
            put_group(cx, request, item, entry->key);
    }
}
