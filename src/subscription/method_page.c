#include "subscription/method_page.h"

#include "base/message.h"
#include "engine/method_form_page.h"
#include "engine/pane_page.h"
#include "engine/show_bill_page.h"
#include "engine/show_page.h"
#include "html/field.h"

static bool is_paid_by(const struct subscription *sub, const char *method)
{
    return sub->payment_method != NULL && method != NULL &&
           strcmp(sub->payment_method, method) == 0;
}

/* The bases that a method pays for, by name; `but` is left out. */
static const char *say_paid(struct context *cx, const struct state *state, const char *method,
                            const struct subscription *but)
{
    const char **names = ARENA_ARRAY(cx->arena, const char *, state->subscriptions.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        const struct subscription *sub = state->subscriptions.items[i];
        bool counts = sub->parent == NULL && sub->status != SUBSCRIPTION_PLANNED &&
                      sub->status != SUBSCRIPTION_DELETED && is_paid_by(sub, method) &&
                      strcmp(sub->account, state->account->id) == 0;
        if (counts && (but == NULL || strcmp(sub->id, but->id) != 0))
            names[count++] = show_text(cx, state_offer(state, sub)->name);
    }
    return count > 0 ? show_join(cx, names, count, "pane.and") : NULL;
}

static void put_methods(struct context *cx, struct pane *pane, const struct state *state)
{
    const char *said = pane_value(pane, "payment_method");
    const char *chosen = said != NULL ? said : pane->sub->payment_method;
    pane->asked = field_radio(pane->fields, "payment_method");
    view_text(pane->asked, "label", message_say(cx, "pane.method", NULL));
    view_bool(pane->asked, "live", true);
    for (size_t i = 0; i < state->methods.count; i++) {
        const struct payment_method *method = state->methods.items[i];
        if (method->removed || strcmp(method->account, state->account->id) != 0)
            continue;
        struct view *option = field_option(pane->asked, method->id, show_method(cx, method),
                                           chosen != NULL && strcmp(chosen, method->id) == 0);
        const char *paid = say_paid(cx, state, method->id, NULL);
        view_text(option, "detail",
                  paid != NULL ? message_say(cx, "pane.pays_for", "names", paid, NULL) : NULL);
    }
    pane->command = (struct command){
        .kind = COMMAND_PAYMENT_METHOD,
        .subscription = pane->sub->id,
        .payment_method = chosen,
    };
    pane->has_command = chosen != NULL && !is_paid_by(pane->sub, chosen);
}

/* For this one, or for everything; asked only where the present one pays for more. */
static void put_scope(struct context *cx, struct pane *pane, const struct state *state)
{
    const char *others = say_paid(cx, state, pane->sub->payment_method, pane->sub);
    if (others == NULL)
        return;
    pane->command.on = pane_says(pane, "for", "all");
    struct view *radio = field_radio(pane->fields, "for");
    view_text(radio, "label", message_say(cx, "pane.method_for", NULL));
    view_bool(radio, "live", true);
    field_option(radio, "this", message_say(cx, "pane.method_this", NULL), !pane->command.on);
    struct view *all =
        field_option(radio, "all", message_say(cx, "pane.method_all", NULL), pane->command.on);
    view_text(all, "detail", message_say(cx, "pane.method_too", "names", others, NULL));
}

enum err method_page_replace(struct context *cx, const struct http_request *request,
                             struct http_reply *reply)
{
    struct pane pane;
    struct state *state;
    TRY(pane_begin(cx, request, "pane.method_title", &pane));
    if (pane_is_refused(cx, reply, &pane, ACTION_REPLACE_METHOD))
        return OK;
    TRY(pane_load_state(cx, &pane, &state));
    put_methods(cx, &pane, state);
    put_scope(cx, &pane, state);
    const char *add = arena_print(cx->arena, "/billing/products/%s/method/new", pane.sub->id);
    struct view *note = view_child(pane.view, "note");
    view_text(note, "text", message_say(cx, "pane.method_note", NULL));
    struct view *way = view_child(note, "way");
    view_text(way, "href", add);
    view_text(way, "label", message_say(cx, "method.title", NULL));
    return pane_answer(cx, reply, &pane);
}

enum err method_page_add(struct context *cx, const struct http_request *request,
                         struct http_reply *reply)
{
    struct pane pane;
    TRY(pane_begin(cx, request, "method.title", &pane));
    const char *address = arena_print(cx->arena, "/billing/products/%s/method", pane.sub->id);
    return method_form_answer(cx, request, reply, &pane, pane.sub->account, address);
}
