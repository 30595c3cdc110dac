#include "engine/show_account_page.h"

#include <string.h>

#include "customer/customer_store.h"

enum err show_account(struct context *cx, const struct http_request *request, struct view *view,
                      const struct account **ret_account)
{
    const char *asked = http_query(request, "account");
    struct account_list list = {0};
    TRY(account_load_all(cx, &list));
    const struct account *chosen = list.count > 0 && asked == NULL ? list.items[0] : NULL;
    for (size_t i = 0; i < list.count && chosen == NULL; i++)
        chosen = strcmp(list.items[i]->id, asked) == 0 ? list.items[i] : NULL;
    if (chosen == NULL)
        return fault(cx, ERR_NOT_FOUND, NULL);
    struct view *accounts = view_list(view, "accounts");
    for (size_t i = 0; i < list.count && list.count > 1; i++) {
        struct view *item = view_item(accounts);
        view_text(item, "name", list.items[i]->name);
        view_print(item, "href", "%s?account=%s", request->path, list.items[i]->id);
        view_bool(item, "current", list.items[i] == chosen);
    }
    view_bool(view, "has_accounts", list.count > 1);
    *ret_account = chosen;
    return OK;
}
