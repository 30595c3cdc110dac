#include "app/demo_file.h"

#include "base/embed.h"
#include "base/json.h"
#include "base/limits.h"

static enum err read_address(struct json_reader *r, struct address *ret_address)
{
    struct json_reader address;
    bool present;
    TRY(json_object(r, "address", REQUIRED, &address, &present));
    ret_address->line2 = "";
    TRY(json_text(&address, "line1", REQUIRED, &ret_address->line1));
    TRY(json_text(&address, "postal_code", REQUIRED, &ret_address->postal_code));
    TRY(json_text(&address, "city", REQUIRED, &ret_address->city));
    TRY(json_text(&address, "country", REQUIRED, &ret_address->country));
    return json_done(&address);
}

static enum err read_seller(struct json_reader *r, struct seller *seller)
{
    struct json_reader s;
    bool present;
    const char *ignored; /* what documents do not bear */
    struct address address;
    TRY(json_object(r, "seller", REQUIRED, &s, &present));
    TRY(json_text(&s, "name", REQUIRED, &seller->name));
    TRY(json_text(&s, "country", REQUIRED, &seller->country));
    TRY(json_text(&s, "time_zone", REQUIRED, &seller->time_zone));
    TRY(json_text(&s, "currency", REQUIRED, &ignored));
    TRY(json_text(&s, "vat_id", REQUIRED, &seller->vat_id));
    TRY(json_text(&s, "email", REQUIRED, &ignored));
    TRY(read_address(&s, &address));
    seller->line1 = address.line1;
    seller->postal_code = address.postal_code;
    seller->city = address.city;
    return json_done(&s);
}

static enum err read_people(struct json_reader *r, const char *member, const char *language,
                            struct demo_person *people, size_t *ret_count)
{
    TRY(json_array(r, member, REQUIRED, DEMO_ITEMS_MAX, ret_count));
    for (size_t i = 0; i < *ret_count; i++) {
        struct json_reader p;
        const char *role;
        struct person_request *request = &people[i].request;
        TRY(json_array_object(r, member, i, &p));
        TRY(json_text(&p, "name", REQUIRED, &request->name));
        TRY(json_text(&p, "email", REQUIRED, &request->email));
        TRY(json_text(&p, "role", REQUIRED, &role));
        if (!role_parse(role, &people[i].role))
            return json_fault(&p, "role", "is not a role");
        request->language = language;
        request->roles = &people[i].role;
        request->role_count = 1;
        TRY(json_done(&p));
    }
    return OK;
}

static enum err read_account(struct json_reader *r, struct account_request *account)
{
    static const char *const TYPES[] = {"classic", "agreement", NULL};
    struct json_reader a;
    size_t count;
    int type = 0;
    TRY(json_array(r, "accounts", REQUIRED, 1, &count));
    TRY(json_array_object(r, "accounts", 0, &a));
    TRY(json_text(&a, "name", REQUIRED, &account->name));
    TRY(json_choice(&a, "type", REQUIRED, TYPES, &type));
    account->type = type == 0 ? ACCOUNT_CLASSIC : ACCOUNT_AGREEMENT;
    TRY(json_text(&a, "currency", REQUIRED, &account->currency));
    TRY(json_text(&a, "country", REQUIRED, &account->country));
    TRY(json_text(&a, "time_zone", REQUIRED, &account->time_zone));
    TRY(json_text(&a, "vat_id", OPTIONAL, &account->vat_id));
    TRY(read_address(&a, &account->sold_to));
    return json_done(&a);
}

static enum err read_methods(struct json_reader *r, struct demo_organization *organization)
{
    TRY(json_array(r, "methods", REQUIRED, DEMO_ITEMS_MAX, &organization->method_count));
    for (size_t i = 0; i < organization->method_count; i++) {
        struct json_reader m;
        struct demo_method *method = &organization->methods[i];
        const char *kind;
        TRY(json_array_object(r, "methods", i, &m));
        TRY(json_text(&m, "name", REQUIRED, &method->name));
        TRY(json_text(&m, "kind", REQUIRED, &kind));
        if (!method_kind_parse(kind, &method->request.kind))
            return json_fault(&m, "kind", "is not a kind of payment method");
        TRY(json_text(&m, "test", REQUIRED, &method->request.test));
        TRY(json_text(&m, "label", REQUIRED, &method->request.label));
        if (method->request.kind == METHOD_TRANSFER)
            method->request.test = NULL;
        TRY(json_done(&m));
    }
    return OK;
}

static enum err read_line(struct json_reader *l, struct order_request_line *line)
{
    const char *term = NULL;
    const char *billing = NULL;
    line->quantity = 1;
    line->start_on = DAY_NONE;
    TRY(json_text(l, "as", REQUIRED, &line->name));
    TRY(json_text(l, "offer", REQUIRED, &line->offer));
    TRY(json_integer(l, "quantity", OPTIONAL, 1, QUANTITY_MAX, &line->quantity));
    TRY(json_text(l, "term", OPTIONAL, &term));
    TRY(json_text(l, "billing", OPTIONAL, &billing));
    TRY(json_text(l, "connect_to", OPTIONAL, &line->connect_to));
    TRY(json_bool(l, "trial", OPTIONAL, &line->trial));
    line->term = term ? term_parse(term) : TERM_NONE;
    line->billing = billing ? billing_parse(billing) : BILLING_NONE;
    return json_done(l);
}

static enum err read_order(struct json_reader *s, struct demo_step *step)
{
    size_t count;
    TRY(json_text(s, "method", REQUIRED, &step->method));
    TRY(json_array(s, "lines", REQUIRED, DEMO_LINES_MAX, &count));
    for (size_t i = 0; i < count; i++) {
        struct json_reader l;
        TRY(json_array_object(s, "lines", i, &l));
        TRY(read_line(&l, &step->lines[i]));
    }
    step->command.order.lines = step->lines;
    step->command.order.line_count = count;
    return OK;
}

static enum err read_step(struct json_reader *s, struct demo_step *step)
{
    static const char *const VERBS[] = {"order", "set_quantity", "recurring_billing", NULL};
    static const enum command_kind KINDS[] = {COMMAND_ORDER, COMMAND_SET_QUANTITY,
                                              COMMAND_RECURRING_BILLING};
    int verb = 0;
    TRY(json_integer(s, "days_ago", REQUIRED, 0, 10000, &step->days_ago));
    TRY(json_choice(s, "do", REQUIRED, VERBS, &verb));
    step->command.kind = KINDS[verb];
    if (step->command.kind == COMMAND_ORDER) {
        TRY(read_order(s, step));
    } else {
        TRY(json_text(s, "subscription", REQUIRED, &step->subscription));
        TRY(json_integer(s, "quantity", OPTIONAL, 1, QUANTITY_MAX, &step->command.quantity));
        TRY(json_bool(s, "on", OPTIONAL, &step->command.on));
        TRY(json_bool(s, "at_renewal", OPTIONAL, &step->command.at_renewal));
    }
    return json_done(s);
}

static enum err read_organization(struct json_reader *o, struct demo_organization *organization)
{
    struct organization_request *request = &organization->request;
    request->clock_at = INSTANT_NONE;
    TRY(json_text(o, "name", REQUIRED, &request->name));
    TRY(json_text(o, "country", REQUIRED, &request->country));
    const char *language = strcmp(request->country, "FR") == 0 ? "fr" : "en";
    TRY(read_people(o, "people", language, organization->people, &organization->person_count));
    if (organization->person_count == 0)
        return json_fault(o, "people", "must name who signed up");
    request->person = organization->people[0].request;
    TRY(read_account(o, &request->account));
    TRY(read_methods(o, organization));
    TRY(json_array(o, "steps", REQUIRED, DEMO_ITEMS_MAX, &organization->step_count));
    for (size_t i = 0; i < organization->step_count; i++) {
        struct json_reader s;
        TRY(json_array_object(o, "steps", i, &s));
        TRY(read_step(&s, &organization->steps[i]));
    }
    return json_done(o);
}

enum err demo_file_read(struct context *cx, struct demo_world **ret_world)
{
    const struct embed *file = embed_find("demo/world.json");
    assert(file != NULL);
    struct demo_world *world = ARENA_NEW(cx->arena, struct demo_world);
    struct json_reader r;
    TRY(json_open(cx, &r, (const char *)file->data, file->size));
    TRY(read_seller(&r, &world->seller));
    TRY(read_people(&r, "staff", "fr", world->staff, &world->staff_count));
    TRY(json_array(&r, "organizations", REQUIRED, DEMO_ITEMS_MAX, &world->organization_count));
    for (size_t i = 0; i < world->organization_count; i++) {
        struct json_reader o;
        TRY(json_array_object(&r, "organizations", i, &o));
        TRY(read_organization(&o, &world->organizations[i]));
    }
    TRY(json_done(&r));
    *ret_world = world;
    return OK;
}
