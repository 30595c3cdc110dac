#include "customer/roles_page.h"

#include "base/message.h"
#include "customer/customer_store.h"
#include "customer/permissions.h"
#include "customer/person_store.h"
#include "html/view.h"

static const struct permission_word {
    uint64_t permission;
    const char *word;
} WORDS[] = {
#define PERMISSION(name, bit, text, scope, place, organization, agreement, seller)                 \
    {PERM_##name, text},
#include "customer/permissions.def"
#undef PERMISSION
};
enum { WORD_COUNT = sizeof WORDS / sizeof *WORDS };

static const char *role_word(struct context *cx, enum role role)
{
    return message_say(cx, arena_print(cx->arena, "role.%s", role_format(role)), NULL);
}

/* One permission: a cell for each role, which has it or not. */
static void put_permission(struct context *cx, struct view *rows, enum role_place place,
                           const struct permission_word *word)
{
    uint32_t holders = permissions_roles(word->permission, place);
    if (holders == 0)
        return;
    struct view *row = view_item(rows);
    const char *key = arena_print(cx->arena, "permission.%s", word->word);
    view_text(row, "name", message_say(cx, key, NULL));
    struct view *cells = view_list(row, "cells");
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        if (role_place(role) != place)
            continue;
        struct view *cell = view_item(cells);
        bool holds = (holders & 1U << role) != 0;
        view_text(cell, "role", role_word(cx, role));
        view_bool(cell, "holds", holds);
        view_text(cell, "word", message_say(cx, holds ? "roles.yes" : "roles.no", NULL));
    }
}

/* The roles of one place, and what each may do there. */
static void put_table(struct context *cx, struct view *tables, enum role_place place,
                      const char *title)
{
    struct view *table = view_item(tables);
    view_text(table, "id", title);
    view_text(table, "title", message_say(cx, arena_print(cx->arena, "roles.%s", title), NULL));
    struct view *heads = view_list(table, "roles");
    for (enum role role = 0; role < ROLE_COUNT; role++)
        if (role_place(role) == place)
            view_text(view_item(heads), "role", role_word(cx, role));
    struct view *rows = view_list(table, "rows");
    for (size_t i = 0; i < WORD_COUNT; i++)
        put_permission(cx, rows, place, &WORDS[i]);
}

static enum err has_agreement(struct context *cx, bool *ret_has)
{
    struct account_list accounts = {0};
    *ret_has = false;
    TRY(account_load_all(cx, &accounts));
    for (size_t i = 0; i < accounts.count; i++)
        *ret_has = *ret_has || accounts.items[i]->type == ACCOUNT_AGREEMENT;
    return OK;
}

enum err roles_page_show(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    bool of_seller = request->session->customer[0] == '\0', with_agreement = false;
    struct view *view = view_object(cx->arena);
    uint32_t own = 0;
    TRY(role_load_all(cx, request->session->person, &own));
    if (!of_seller)
        TRY(has_agreement(cx, &with_agreement));
    struct view *mine = view_list(view, "own");
    for (enum role role = 0; role < ROLE_COUNT; role++)
        if ((own & 1U << role) != 0)
            view_text(view_item(mine), "role", role_word(cx, role));
    view_bool(view, "has_own", own != 0);
    struct view *tables = view_list(view, "tables");
    if (of_seller)
        put_table(cx, tables, ROLE_OF_SELLER, "seller");
    else
        put_table(cx, tables, ROLE_OF_ORGANIZATION, "organization");
    if (with_agreement)
        put_table(cx, tables, ROLE_OF_AGREEMENT, "agreement");
    http_reply_page(reply, 200, "roles", view);
    return OK;
}
