#include "base/message.h"
#include "customer/customer_store.h"
#include "customer/person_store.h"
#include "customer/seller.h"
#include "customer/session_store.h"
#include "customer/sign_in_do.h"
#include "customer/sign_in_page.h"
#include "engine/show_page.h"
#include "html/view.h"

/* One person that the address is: of which organisation, and with which roles. */
static enum err put_choice(struct context *cx, struct view *choices, const struct person *person)
{
    struct context there = *cx;
    struct organization organization = {.name = cx->seller->name, .live = true};
    uint32_t roles = 0;
    there.customer = person->customer;
    if (person->customer[0] != '\0')
        TRY(organization_load(&there, &organization));
    TRY(role_load_all(&there, person->id, &roles));
    struct view *choice = view_item(choices);
    view_text(choice, "value", person->id);
    view_text(choice, "name", organization.name);
    view_text(choice, "detail", show_roles(cx, roles));
    return OK;
}

enum err choose_page_show(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    struct person_list people = {0};
    struct view *view = view_object(cx->arena);
    TRY(person_list_by_email(cx, request->session->login, &people));
    view_text(view, "post", http_address(cx->arena, request));
    struct view *choices = view_list(view, "choices");
    for (size_t i = 0; i < people.count; i++)
        TRY(put_choice(cx, choices, people.items[i]));
    view_bool(view, "has_choices", people.count > 0);
    http_reply_page(reply, 200, "choose_organization", view);
    return OK;
}

enum err choose_page_choose(struct context *cx, const struct http_request *request,
                            struct http_reply *reply)
{
    const struct http_session *session = request->session;
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    struct person_list people = {0};
    const struct person *chosen = NULL;
    TRY(http_form_read(cx, request, form));
    TRY(person_list_by_email(cx, session->login, &people));
    const char *id = http_form_value(form, "organization");
    for (size_t i = 0; i < people.count && id != NULL; i++)
        if (strcmp(people.items[i]->id, id) == 0)
            chosen = people.items[i];
    if (chosen == NULL)
        return fault(cx, ERR_NOT_FOUND, NULL);
    if (strcmp(chosen->id, session->person) != 0) {
        const char *token;
        TRY(session_end(cx, session->hash));
        TRY(session_begin(cx, chosen, &token));
        http_session_cookie(cx, request, reply, token);
    }
    http_reply_redirect(reply, request, sign_in_page_path(http_query(request, "next")));
    return OK;
}
