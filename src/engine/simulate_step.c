/* One step of a timeline: its members by its `do` (formats, Simulation). */
#include <string.h>

#include "base/limits.h"
#include "engine/simulate_reader.h"
#include "tax/exemption_json.h"

static const char *const TERMS[] = {"P1M", "P1Y", "P3Y", NULL};
static const char *const BILLINGS[] = {"monthly", "yearly", "upfront", NULL};

/* Members -------------------------------------------------------------------------------------- */

static enum term read_term(struct simulate_reader *in, struct json_reader *r,
                           enum json_presence presence)
{
    int index = -1;
    (void)simulate_read_ok(in, json_choice(r, "term", presence, TERMS, &index));
    return index < 0 ? TERM_NONE : term_parse(TERMS[index]);
}

static enum billing read_billing(struct simulate_reader *in, struct json_reader *r,
                                 enum json_presence presence)
{
    int index = -1;
    (void)simulate_read_ok(in, json_choice(r, "billing", presence, BILLINGS, &index));
    return index < 0 ? BILLING_NONE : billing_parse(BILLINGS[index]);
}

/* What an offer allows is a matter of the rules, not of the file. */
static void read_quantity(struct simulate_reader *in, struct json_reader *r,
                          enum json_presence presence, int64_t *quantity)
{
    (void)simulate_read_ok(in, json_integer(r, "quantity", presence, -QUANTITY_ASKED_MAX,
                                            QUANTITY_ASKED_MAX, quantity));
}

static void read_when(struct simulate_reader *in, struct json_reader *r, const char *later,
                      struct step *step)
{
    const char *const words[] = {"now", later, NULL};
    int index = 0;
    (void)simulate_read_ok(in, json_choice(r, "when", OPTIONAL, words, &index));
    step->is_later = index == 1;
}

/* Reads a name that an earlier step declares. */
static struct simulate_name *read_name(struct simulate_reader *in, struct json_reader *r,
                                       const char *member, enum json_presence presence)
{
    const char *word = simulate_read_word(in, r, member, presence);
    if (word == NULL)
        return NULL;
    struct simulate_name *name = simulate_find_name(&in->names, word);
    if (name == NULL)
        simulate_refuse_member(
            in, r, member, arena_print(in->cx->arena, "no step before has \"as\": \"%s\"", word));
    return name;
}

/* Reads an `as`. It counts as declared from the next step on. */
static struct simulate_name *read_as(struct simulate_reader *in, struct json_reader *r)
{
    const char *word = simulate_read_word(in, r, "as", REQUIRED);
    if (word == NULL)
        return NULL;
    if (simulate_find_name(&in->names, word) != NULL)
        simulate_refuse_member(in, r, "as",
                               arena_print(in->cx->arena, "\"%s\" was declared", word));
    struct simulate_name *name = ARENA_NEW(in->cx->arena, struct simulate_name);
    name->name = word;
    return name;
}

/* Kinds of steps ------------------------------------------------------------------------------- */

typedef void (*step_read)(struct simulate_reader *in, struct json_reader *r, struct step *step);

static void read_nothing(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    (void)in;
    (void)r;
    (void)step;
}

static void read_subscription(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    step->subscription = read_name(in, r, "subscription", REQUIRED);
}

static struct order_request_line read_order_line(struct simulate_reader *in, struct json_reader *r,
                                                 struct simulate_name **ret_name,
                                                 struct simulate_name **ret_end)
{
    struct order_request_line line = {.quantity = 1, .start_on = DAY_NONE};
    *ret_name = read_as(in, r);
    line.name = *ret_name ? (*ret_name)->name : NULL;
    line.offer = simulate_read_word(in, r, "offer", REQUIRED);
    read_quantity(in, r, OPTIONAL, &line.quantity);
    line.term = read_term(in, r, OPTIONAL);
    line.billing = read_billing(in, r, OPTIONAL);
    line.connect_to = simulate_read_word(in, r, "connect_to", OPTIONAL);
    (void)simulate_read_ok(in, json_day(r, "start_on", OPTIONAL, &line.start_on));
    *ret_end = read_name(in, r, "ends_with", OPTIONAL);
    simulate_read_rest(in, r);
    return line;
}

/* Names of one order: each once, and what they connect to. */
static void check_order_names(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    const struct order_request *order = &step->order;
    for (size_t i = 0; i < order->line_count; i++) {
        const char *base = order->lines[i].connect_to;
        bool is_twice = false, is_known = base == NULL;
        for (size_t k = 0; k < order->line_count; k++) {
            const char *other = order->lines[k].name;
            is_twice = is_twice || (k < i && other != NULL && order->lines[i].name != NULL &&
                                    strcmp(other, order->lines[i].name) == 0);
            is_known = is_known || (other != NULL && strcmp(other, base) == 0);
        }
        if (is_twice)
            (void)simulate_read_ok(
                in, json_array_fault(r, "lines", i,
                                     arena_print(in->cx->arena, "\"as\": \"%s\" was declared",
                                                 order->lines[i].name)));
        if (is_known)
            continue;
        step->bases[i] = simulate_find_name(&in->names, base);
        if (step->bases[i] == NULL)
            (void)simulate_read_ok(
                in,
                json_array_fault(
                    r, "lines", i,
                    arena_print(in->cx->arena, "connect_to: nothing is declared as \"%s\"", base)));
    }
}

static void read_order(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    size_t count = 0;
    if (!simulate_read_ok(in, json_array(r, "lines", REQUIRED, CART_LINES_MAX, &count)))
        return;
    struct order_request_line *lines = ARENA_ARRAY(in->cx->arena, struct order_request_line, count);
    step->names = ARENA_ARRAY(in->cx->arena, struct simulate_name *, count);
    step->bases = ARENA_ARRAY(in->cx->arena, struct simulate_name *, count);
    step->ends = ARENA_ARRAY(in->cx->arena, struct simulate_name *, count);
    for (size_t i = 0; i < count; i++) {
        struct json_reader line;
        if (simulate_read_ok(in, json_array_object(r, "lines", i, &line)))
            lines[i] = read_order_line(in, &line, &step->names[i], &step->ends[i]);
    }
    struct simulate_name *end = read_name(in, r, "ends_with", OPTIONAL);
    for (size_t i = 0; i < count && end != NULL; i++)
        step->ends[i] = step->ends[i] ? step->ends[i] : end;
    step->order = (struct order_request){.lines = lines, .line_count = count};
    check_order_names(in, r, step);
}

static void read_set_quantity(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    read_subscription(in, r, step);
    read_quantity(in, r, REQUIRED, &step->quantity);
    read_when(in, r, "renewal", step);
}

static void read_recurring_billing(struct simulate_reader *in, struct json_reader *r,
                                   struct step *step)
{
    read_subscription(in, r, step);
    (void)simulate_read_ok(in, json_bool(r, "on", REQUIRED, &step->turns_on));
}

static void read_billing_change(struct simulate_reader *in, struct json_reader *r,
                                struct step *step)
{
    read_subscription(in, r, step);
    step->billing = read_billing(in, r, REQUIRED);
    step->term = read_term(in, r, OPTIONAL);
    read_when(in, r, "renewal", step);
}

static void read_change_plan(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    read_subscription(in, r, step);
    step->offer = simulate_read_word(in, r, "offer", REQUIRED);
    read_when(in, r, "renewal", step);
}

static void read_cancel(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    read_subscription(in, r, step);
    read_when(in, r, "end_of_term", step);
}

static void read_start_trial(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    struct order_request_line *line = ARENA_NEW(in->cx->arena, struct order_request_line);
    step->names = ARENA_ARRAY(in->cx->arena, struct simulate_name *, 1);
    step->bases = ARENA_ARRAY(in->cx->arena, struct simulate_name *, 1);
    step->ends = ARENA_ARRAY(in->cx->arena, struct simulate_name *, 1);
    step->names[0] = read_as(in, r);
    line->name = step->names[0] ? step->names[0]->name : NULL;
    line->offer = simulate_read_word(in, r, "offer", REQUIRED);
    line->term = read_term(in, r, OPTIONAL);
    line->billing = read_billing(in, r, OPTIONAL);
    line->start_on = DAY_NONE;
    line->quantity = 1;
    line->trial = true;
    step->order = (struct order_request){.lines = line, .line_count = 1};
}

static void read_buy_trial(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    read_subscription(in, r, step);
    read_quantity(in, r, REQUIRED, &step->quantity);
}

static void read_users(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    size_t count = 0;
    read_subscription(in, r, step);
    const char *user = simulate_read_word(in, r, "user", OPTIONAL);
    if (!simulate_read_ok(in, json_array(r, "users", OPTIONAL, USERS_MAX, &count)))
        return;
    step->users = ARENA_ARRAY(in->cx->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        (void)simulate_read_ok(in, json_array_text(r, "users", i, &step->users[i]));
    step->user_count = count;
    if (user != NULL)
        step->users[step->user_count++] = user;
    if (json_has(r, "user") == json_has(r, "users"))
        simulate_refuse_member(in, r, "user",
                               user ? "say user or users, not both" : "is required, or users");
}

static void read_payments(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    (void)simulate_read_ok(in, json_bool(r, "fail", REQUIRED, &step->fail));
}

static void read_exempt(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    (void)simulate_read_ok(in, exemption_decode(r, OPTIONAL, &step->exemption));
}

static void read_revoke_exemption(struct simulate_reader *in, struct json_reader *r,
                                  struct step *step)
{
    step->exemption.number = simulate_read_word(in, r, "number", REQUIRED);
}

static void read_vat_check(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    (void)simulate_read_ok(in, json_bool(r, "valid", REQUIRED, &step->turns_on));
}

static void read_publish(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    (void)simulate_read_catalog(in, r, "catalog", &step->catalog_text);
}

static void read_preview(struct simulate_reader *in, struct json_reader *r, struct step *step);

static const struct step_form {
    const char *name;
    step_read read;
} FORMS[STEP_KIND_COUNT] = {
    [STEP_ORDER] = {"order", read_order},
    [STEP_SET_QUANTITY] = {"set_quantity", read_set_quantity},
    [STEP_RECURRING_BILLING] = {"recurring_billing", read_recurring_billing},
    [STEP_BILLING] = {"billing", read_billing_change},
    [STEP_CHANGE_PLAN] = {"change_plan", read_change_plan},
    [STEP_CANCEL] = {"cancel", read_cancel},
    [STEP_REACTIVATE] = {"reactivate", read_subscription},
    [STEP_DELETE] = {"delete", read_subscription},
    [STEP_SUPPORT_REMOVE] = {"support_remove", read_subscription},
    [STEP_START_TRIAL] = {"start_trial", read_start_trial},
    [STEP_EXTEND_TRIAL] = {"extend_trial", read_subscription},
    [STEP_BUY_TRIAL] = {"buy_trial", read_buy_trial},
    [STEP_ASSIGN] = {"assign", read_users},
    [STEP_UNASSIGN] = {"unassign", read_users},
    [STEP_PAYMENTS] = {"payments", read_payments},
    [STEP_PAY_BALANCE] = {"pay_balance", read_nothing},
    [STEP_EXEMPT] = {"exempt", read_exempt},
    [STEP_REVOKE_EXEMPTION] = {"revoke_exemption", read_revoke_exemption},
    [STEP_VAT_CHECK] = {"vat_check", read_vat_check},
    [STEP_PUBLISH] = {"publish", read_publish},
    [STEP_RUN] = {"run", read_nothing},
    [STEP_AVAILABLE] = {"available", read_nothing},
    [STEP_PREVIEW] = {"preview", read_preview},
};

/* `do` and the members that go with it; the first `kind_count` kinds are known here. */
static bool read_do(struct simulate_reader *in, struct json_reader *r, int kind_count,
                    struct step *step)
{
    const char *words[STEP_KIND_COUNT + 1] = {NULL};
    int kind = 0;
    for (int i = 0; i < kind_count; i++)
        words[i] = FORMS[i].name;
    if (!simulate_read_ok(in, json_choice(r, "do", REQUIRED, words, &kind)))
        return false;
    step->kind = (enum step_kind)kind;
    FORMS[kind].read(in, r, step);
    return true;
}

/* What a preview shows happens to nobody: its names are declared by no step. */
static void read_preview(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    struct json_reader inner;
    bool present = false;
    if (!simulate_read_ok(in, json_object(r, "step", REQUIRED, &inner, &present)))
        return;
    struct step *previewed = ARENA_NEW(in->cx->arena, struct step);
    if (read_do(in, &inner, STEP_PREVIEW, previewed))
        simulate_read_rest(in, &inner);
    step->previewed = previewed;
}

static void read_at(struct simulate_reader *in, struct json_reader *r, struct step *step)
{
    const char *text = NULL;
    civil_day day;
    if (!simulate_read_ok(in, json_text(r, "at", REQUIRED, &text)))
        return;
    if (day_parse(text, &day))
        step->at = zone_start_of_day(in->time_zone, day);
    else if (!instant_parse(text, &step->at)) {
        simulate_refuse_member(in, r, "at",
                               "must be a date, or an instant such as "
                               "2026-01-13T21:55:18Z");
        return;
    }
    step->on = zone_day(in->time_zone, step->at);
    if (step->at < 0 || step->on > SIMULATION_DAY_LAST)
        simulate_refuse_member(in, r, "at", "must be from 1970 to 2189");
    else if (in->last_at != INSTANT_NONE && step->at < in->last_at)
        simulate_refuse_member(in, r, "at", "must not be before the step before it");
    else
        in->last_at = step->at;
}

void simulate_read_step(struct simulate_reader *in, struct json_reader *r, int64_t number,
                        struct step *ret_step)
{
    struct step step = {.number = number};
    read_at(in, r, &step);
    if (read_do(in, r, STEP_KIND_COUNT, &step))
        simulate_read_rest(in, r);
    for (size_t i = 0; i < step.order.line_count; i++) {
        if (step.names[i] != NULL && simulate_find_name(&in->names, step.names[i]->name) == NULL)
            simulate_add_name(in, step.names[i]);
    }
    *ret_step = step;
}
