#include "engine/simulate_file.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "engine/simulate_reader.h"

/* The account ---------------------------------------------------------------------------------- */

static void read_currency(struct simulate_reader *in, struct json_reader *r,
                          struct simulation *simulation)
{
    simulation->currency = simulate_read_word(in, r, "currency", REQUIRED);
    if (simulation->currency != NULL && (strlen(simulation->currency) + 1 != CURRENCY_SIZE ||
                                         currency_decimals(simulation->currency) < 0))
        simulate_refuse_member(in, r, "currency", "must be a currency of ISO 4217, such as EUR");
}

static void read_time_zone(struct simulate_reader *in, struct json_reader *r,
                           struct simulation *simulation)
{
    const char *zone = simulate_read_word(in, r, "time_zone", OPTIONAL);
    if (zone == NULL)
        return;
    if (zone_is_known(zone))
        simulation->time_zone = zone;
    else
        simulate_refuse_member(in, r, "time_zone", "must be a time zone such as Europe/Paris");
}

static void read_account(struct simulate_reader *in, struct json_reader *r,
                         struct simulation *simulation)
{
    static const char *const TYPES[] = {"classic", "agreement", NULL};
    static const char *const TAXES[] = {"none", "auto", NULL};
    static const char *const PAYMENTS[] = {"card", "transfer", NULL};
    int type = 0, tax = 0, payment = 0;
    (void)simulate_read_ok(in, json_choice(r, "type", REQUIRED, TYPES, &type));
    simulation->type = type == 0 ? ACCOUNT_CLASSIC : ACCOUNT_AGREEMENT;
    simulation->country = simulate_read_word(in, r, "country", REQUIRED);
    if (simulation->country != NULL && !country_is_well_formed(simulation->country))
        simulate_refuse_member(in, r, "country", "must be a country of ISO 3166, such as FR");
    read_currency(in, r, simulation);
    read_time_zone(in, r, simulation);
    simulation->vat_id = simulate_read_word(in, r, "vat_id", OPTIONAL);
    (void)simulate_read_ok(in, json_choice(r, "tax", OPTIONAL, TAXES, &tax));
    simulation->taxed = tax == 1;
    (void)simulate_read_ok(in, json_choice(r, "payment", OPTIONAL, PAYMENTS, &payment));
    simulation->by_transfer = payment == 1;
    simulate_read_rest(in, r);
}

/* The file ------------------------------------------------------------------------------------- */

static void read_timeline(struct simulate_reader *in, struct json_reader *r,
                          struct simulation *simulation)
{
    size_t count = 0;
    if (!simulate_read_ok(in, json_array(r, "timeline", REQUIRED, TIMELINE_MAX, &count)))
        return;
    struct step *steps = ARENA_ARRAY(in->cx->arena, struct step, count);
    for (size_t i = 0; i < count; i++) {
        struct json_reader item;
        if (simulate_read_ok(in, json_array_object(r, "timeline", i, &item)))
            simulate_read_step(in, &item, (int64_t)i, &steps[i]);
    }
    simulation->steps = steps;
    simulation->step_count = count;
}

static void read_until(struct simulate_reader *in, struct json_reader *r,
                       struct simulation *simulation)
{
    if (!simulate_read_ok(in, json_day(r, "until", REQUIRED, &simulation->until_on)))
        return;
    if (simulation->until_on > SIMULATION_DAY_LAST)
        simulate_refuse_member(in, r, "until", "must be before 2190");
    else if (in->last_at != INSTANT_NONE &&
             zone_start_of_day(in->time_zone, simulation->until_on + 1) <= in->last_at)
        simulate_refuse_member(in, r, "until", "must not be before the last step");
}

/* The last member named before a line and column of a text that is not JSON; "" for none. */
static const char *find_member(struct context *cx, const char *text, size_t size, int64_t line,
                               int64_t column)
{
    const char *name = "";
    size_t start = 0, end = 0;
    bool in_text = false;
    for (size_t i = 0; i < size && (line > 1 || column > 0); i++) {
        if (text[i] == '\n')
            line--;
        else if (line <= 1)
            column--;
        if (text[i] == '"') {
            in_text = !in_text;
            *(in_text ? &start : &end) = i;
        } else if (in_text && text[i] == '\\') {
            i++;
        } else if (!in_text && text[i] == ':' && end > start) {
            name = arena_copy_bytes(cx->arena, text + start + 1, end - start - 1);
        }
    }
    return strlen(name) <= ID_MAX && !text_has_controls(name) ? name : "";
}

/* A text that is not JSON has one fault, at a line and column; the member makes it easier. */
static void refuse_text(struct simulate_reader *in, const char *text, size_t size)
{
    const struct fault *fault = &in->cx->fault;
    const char *place = fault->param ? fault->param : "";
    int64_t line = 0, column = 0;
    char *rest = NULL;
    if (strncmp(place, "line ", strlen("line ")) == 0) {
        line = strtoll(place + strlen("line "), &rest, 10);
        column = strtoll(rest + strlen(" column "), NULL, 10);
    }
    const char *member = line > 0 ? find_member(in->cx, text, size, line, column) : "";
    const char *what = fault_arg(fault, "value");
    const char *reason = what ? what : err_code(fault->code);
    if (member[0] != '\0')
        place = arena_print(in->cx->arena, "%s, after \"%s\"", place, member);
    simulate_refuse(in, place, reason);
    fault_clear(in->cx);
}

enum err simulate_parse(struct context *cx, const char *text, size_t size,
                        const struct simulation **ret_simulation,
                        struct simulate_faults *ret_faults)
{
    struct simulate_reader in = {.cx = cx, .faults = ret_faults, .last_at = INSTANT_NONE};
    struct simulation *simulation = ARENA_NEW(cx->arena, struct simulation);
    simulation->time_zone = "UTC";
    struct json_reader root, account;
    bool has_account = false;
    if (json_open(cx, &root, text, size) != OK) {
        refuse_text(&in, text, size);
        return ERR_INVALID;
    }
    simulation->catalog = simulate_read_catalog(&in, &root, "catalog", &simulation->catalog_text);
    if (simulate_read_ok(&in, json_object(&root, "account", REQUIRED, &account, &has_account)))
        read_account(&in, &account, simulation);
    in.time_zone = simulation->time_zone;
    read_timeline(&in, &root, simulation);
    read_until(&in, &root, simulation);
    simulate_read_rest(&in, &root);
    if (ret_faults->count > 0)
        return ERR_INVALID;
    *ret_simulation = simulation;
    return OK;
}
