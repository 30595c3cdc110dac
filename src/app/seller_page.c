#include "app/seller_page.h"

#include "base/locale.h"
#include "base/message.h"
#include "engine/show_page.h"
#include "support/support_store.h"

enum err seller_page_show(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct view *view = view_object(cx->arena);
    int64_t open;
    struct view *tiles = view_list(view, "tiles");
    if (http_missing(cx, request, HTTP_GET, "/seller/support") == 0) {
        TRY(support_count_open(cx, &open));
        struct view *tile = view_item(tiles);
        view_text(tile, "href", "/seller/support");
        view_text(tile, "label", message_say(cx, "seller.open_requests", NULL));
        view_text(tile, "value", locale_integer(cx->arena, cx->language, open));
    }
    view_bool(view, "has_tiles", view_is_true(tiles));
    http_reply_page(reply, 200, "seller", view);
    return OK;
}
