#include "support/support_show_page.h"

#include "base/message.h"
#include "customer/person_store.h"
#include "customer/seller.h"
#include "engine/show_page.h"
#include "subscription/subscription_store.h"

enum err support_show_about(struct context *cx, const struct support_request *support,
                            const char **ret_about)
{
    struct subscription *sub;
    const char *name;
    if (support->subscription == NULL) {
        *ret_about = message_say(cx, "support.question", NULL);
        return OK;
    }
    TRY(subscription_load(cx, support->subscription, &sub));
    TRY(show_name(cx, sub, &name));
    bool is_removal = support->kind == SUPPORT_REMOVE_ADDON;
    *ret_about = message_say(cx, is_removal ? "support.removal_of" : "support.question_about",
                             "name", name, NULL);
    return OK;
}

const char *support_show_state(struct context *cx, const struct support_request *support)
{
    const char *state = support_state_format(support->state);
    return message_say(cx, arena_print(cx->arena, "support.state_%s", state), NULL);
}

void support_show_day(struct context *cx, struct view *view, instant at)
{
    const char *zone = cx->seller->time_zone;
    show_date(cx, view, zone_day(zone, at), zone_day(zone, cx->now));
}

/* The person whose key it is; NULL: there is no such key. */
static enum err load_key_person(struct context *cx, const char *id, const char **ret_person)
{
    struct api_key_list keys = {0};
    *ret_person = NULL;
    TRY(key_load_all(cx, &keys));
    for (size_t i = 0; i < keys.count; i++)
        if (strcmp(keys.items[i]->id, id) == 0)
            *ret_person = keys.items[i]->person;
    return OK;
}

enum err support_load_person(struct context *cx, const char *customer, const char *id,
                             struct person **ret_person)
{
    struct context there = *cx;
    there.customer = customer;
    enum err err = person_load(&there, id, ret_person);
    if (err == ERR_NOT_FOUND) {
        err = load_key_person(&there, id, &id);
        if (err == OK)
            err = id != NULL ? person_load(&there, id, ret_person) : ERR_NOT_FOUND;
    }
    if (err == ERR_NOT_FOUND) {
        *ret_person = NULL;
        return OK;
    }
    cx->fault = err != OK ? there.fault : cx->fault;
    return err;
}

enum err support_show_person(struct context *cx, const char *customer, const char *id,
                             const char **ret_name)
{
    struct person *person;
    TRY(support_load_person(cx, customer, id, &person));
    *ret_name = person != NULL ? person->name : message_say(cx, "support.by_nobody", NULL);
    return OK;
}

struct view *support_show_fact(struct context *cx, struct view *facts, const char *key,
                               const char *value)
{
    struct view *fact = view_item(facts);
    view_text(fact, "label", message_say(cx, key, NULL));
    view_text(fact, "value", value);
    return fact;
}

void support_show_answer(struct context *cx, struct view *view,
                         const struct support_request *support, const char *who)
{
    if (support->state == SUPPORT_OPEN)
        return;
    struct view *answer = view_child(view, "answer");
    view_text(answer, "text", support->answer);
    view_text(answer, "who", who);
    support_show_day(cx, answer, support->resolved_at);
}
