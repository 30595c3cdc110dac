#include "engine/doctor_do.h"

#include <inttypes.h>

#include "base/json.h"
#include "base/limits.h"
#include "catalog/catalog_store.h"
#include "customer/customer_store.h"
#include "customer/due_store.h"
#include "engine/doctor_store.h"
#include "engine/engine_store.h"

/* In the order that helps the reader most: what is told first often explains the rest. */
static const struct doctor_check *const STORE_TABLES[] = {
    DOCTOR_CATALOG_CHECKS,
    DOCTOR_OWNER_CHECKS,
    DOCTOR_NUMBER_CHECKS,
};
static const struct doctor_check *const CUSTOMER_TABLES[] = {
    DOCTOR_REFERENCE_CHECKS, DOCTOR_SUBSCRIPTION_CHECKS, DOCTOR_LINE_CHECKS,
    DOCTOR_DOCUMENT_CHECKS,  DOCTOR_LEDGER_CHECKS,       DOCTOR_REVENUE_CHECKS,
    DOCTOR_ORDER_CHECKS,
};
enum {
    STORE_TABLE_COUNT = sizeof STORE_TABLES / sizeof *STORE_TABLES,
    CUSTOMER_TABLE_COUNT = sizeof CUSTOMER_TABLES / sizeof *CUSTOMER_TABLES,
};
#define DUE_CHECK "due_at" /* the one that asks the engine, after all others */

const char *doctor_check_name(size_t index)
{
    for (size_t t = 0; t < STORE_TABLE_COUNT + CUSTOMER_TABLE_COUNT; t++) {
        const struct doctor_check *check =
            t < STORE_TABLE_COUNT ? STORE_TABLES[t] : CUSTOMER_TABLES[t - STORE_TABLE_COUNT];
        for (; check->name != NULL; check++) {
            if (index-- == 0)
                return check->name;
        }
    }
    return index == 0 ? DUE_CHECK : NULL;
}

/* The work on one customer, in an arena of its own. */
struct examination {
    struct context cx;
    struct doctor *doctor;
};

static enum err examine_table(struct examination *examination, const struct doctor_check *table,
                              bool of_store)
{
    for (size_t i = 0; table[i].name != NULL; i++)
        TRY(doctor_run_check(&examination->cx, examination->doctor, &table[i], of_store));
    return OK;
}

/* What the engine would say; before the first catalogue nobody can have anything. */
static enum err load_due_at(struct context *cx, instant *ret_at)
{
    const struct catalog *current;
    struct state *state;
    *ret_at = INSTANT_NONE;
    enum err err = catalog_load_current(cx, &current);
    if (err == ERR_NOT_FOUND) {
        fault_clear(cx);
        return OK;
    }
    TRY(err);
    TRY(state_load_read(cx, &state));
    *ret_at = state_due_at(cx, state);
    return OK;
}

enum { DUE_AT_ONCE = 0 }; /* written by migrations: the engine is to look */

/* When the engine next has something to do is what it would say now. Only rows that are sound can
 * be asked. */
static enum err examine_due(struct examination *examination)
{
    struct context *cx = &examination->cx;
    struct organization organization;
    instant due_at;
    examination->doctor->check = DUE_CHECK;
    TRY(organization_load(cx, &organization));
    TRY(load_due_at(cx, &due_at));
    if (due_at == organization.due_at || organization.due_at == DUE_AT_ONCE)
        return OK;
    char expected[INSTANT_TEXT_SIZE] = "never", found[INSTANT_TEXT_SIZE] = "never";
    if (due_at != INSTANT_NONE)
        instant_format(due_at, expected);
    if (organization.due_at != INSTANT_NONE)
        instant_format(organization.due_at, found);
    doctor_note(examination->doctor, cx->customer, expected, found);
    return OK;
}

static enum err examine_customer(struct examination *examination)
{
    struct doctor *doctor = examination->doctor;
    int64_t before = doctor->fault_count;
    for (size_t t = 0; t < CUSTOMER_TABLE_COUNT; t++)
        TRY(examine_table(examination, CUSTOMER_TABLES[t], false));
    if (doctor->fault_count == before)
        TRY(examine_due(examination));
    return doctor_count_rows(&examination->cx, doctor);
}

/* Whatever the engine does to a customer announces an event or moves what is due next. */
static bool is_unmoved(const struct organization *before, const struct organization *after)
{
    return before->version == after->version && before->event_seq == after->event_seq &&
           before->due_at == after->due_at;
}

/* A customer is many selects: when something seems wrong and its row has moved on meanwhile, what
 * was seen was of two moments. */
static enum err examine_settled(struct examination *examination)
{
    struct organization before, after;
    for (int tries = 1;; tries++) {
        struct doctor saved = *examination->doctor;
        arena_reset(examination->cx.arena);
        TRY(organization_load(&examination->cx, &before));
        TRY(examine_customer(examination));
        if (examination->doctor->fault_count == saved.fault_count)
            return OK;
        TRY(organization_load(&examination->cx, &after));
        if (is_unmoved(&before, &after) || tries == DOCTOR_TRIES_MAX)
            return OK;
        *examination->doctor = saved;
    }
}

static enum err examine_store(struct examination *examination, struct arena *arena)
{
    struct context *cx = &examination->cx;
    for (size_t t = 0; t < STORE_TABLE_COUNT; t++) {
        TRY(examine_table(examination, STORE_TABLES[t], true));
        if (t == 0 && examination->doctor->fault_count > 0)
            return OK; /* without its catalogues nothing of a store can be understood */
    }
    const char *after = "";
    for (;;) {
        struct context list = *cx; /* the ids outlive the work on each */
        list.arena = arena;
        const char **ids;
        size_t count;
        TRY(doctor_list_customers(&list, after, DOCTOR_BATCH_MAX, &ids, &count));
        for (size_t i = 0; i < count; i++) {
            cx->customer = after = ids[i];
            TRY(examine_settled(examination));
        }
        if (count < DOCTOR_BATCH_MAX)
            return OK;
    }
}

/* Begins an examination with a store's catalogues at hand. */
static struct examination examination_begin(const struct context *cx, struct doctor *doctor)
{
    *doctor = (struct doctor){.arena = cx->arena};
    struct examination examination = {.cx = *cx, .doctor = doctor};
    examination.cx.arena = arena_create(DOCTOR_ARENA_MAX);
    if (cx->catalogs == NULL)
        examination.cx.catalogs = catalog_cache_create();
    return examination;
}

static enum err examination_end(struct context *cx, struct examination *examination, enum err err)
{
    if (err != OK) {
        const char *value = fault_arg(&examination->cx.fault, "value");
        err = fault(cx, err, "value", value ? value : "", NULL);
    }
    if (cx->catalogs == NULL)
        catalog_cache_free(examination->cx.catalogs);
    arena_free(examination->cx.arena);
    return err;
}

enum err doctor_run(struct context *cx, struct doctor *ret_doctor)
{
    struct examination examination = examination_begin(cx, ret_doctor);
    return examination_end(cx, &examination, examine_store(&examination, cx->arena));
}

enum err doctor_run_customer(struct context *cx, struct doctor *ret_doctor)
{
    struct examination examination = examination_begin(cx, ret_doctor);
    return examination_end(cx, &examination, examine_settled(&examination));
}

enum err doctor_run_customer_rows(struct context *cx, struct doctor *ret_doctor)
{
    struct examination examination = examination_begin(cx, ret_doctor);
    ret_doctor->skips_frozen = true;
    return examination_end(cx, &examination, examine_settled(&examination));
}

/* The report ----------------------------------------------------------------------------------- */

/* Work that is parked is no fault of the books, but somebody has to look at it. */
static enum err print_parked(struct context *cx)
{
    struct parked_work_list list = {0};
    const struct parked_query query = {.mode = PARKED_ALL, .after = "", .limit = DOCTOR_FAULTS_MAX};
    TRY(due_list_parked(cx, &query, &list));
    for (size_t i = 0; i < list.count; i++)
        printf("parked: %s: %s at %s after %" PRId64 " attempts\n", list.items[i]->customer,
               list.items[i]->error[0] ? list.items[i]->error : "the program stopped",
               list.items[i]->subject[0] ? list.items[i]->subject : "a place not known",
               list.items[i]->attempts);
    return OK;
}

static void print_lines(const struct doctor *doctor)
{
    for (size_t i = 0; i < doctor->faults.count; i++) {
        const struct doctor_fault *fault = doctor->faults.items[i];
        printf("%s: %s: expected %s, found %s\n", fault->check, fault->where, fault->expected,
               fault->found);
    }
    int64_t untold = doctor->fault_count - (int64_t)doctor->faults.count;
    if (untold > 0)
        printf("and %" PRId64 " more\n", untold);
    if (doctor->fault_count == 0)
        printf("books are right\n");
    else
        printf("%" PRId64 " fault%s\n", doctor->fault_count, doctor->fault_count == 1 ? "" : "s");
}

static void print_json(struct context *cx, const struct doctor *doctor, int64_t parked)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_bool(&w, "right", doctor->fault_count == 0);
    json_open_array(&w, "faults");
    for (size_t i = 0; i < doctor->faults.count; i++) {
        const struct doctor_fault *fault = doctor->faults.items[i];
        json_open_object(&w, NULL);
        json_put_text(&w, "check", fault->check);
        json_put_text(&w, "where", fault->where);
        json_put_text(&w, "expected", fault->expected);
        json_put_text(&w, "found", fault->found);
        json_close_object(&w);
    }
    json_close_array(&w);
    json_put_integer(&w, "parked", parked);
    json_open_object(&w, "checked");
    for (int i = 0; i < DOCTOR_COUNT_COUNT; i++)
        json_put_integer(&w, doctor_count_name((enum doctor_count)i), doctor->checked[i]);
    json_close_object(&w);
    json_close_object(&w);
    printf("%s\n", json_end(&w));
}

enum err doctor_print(struct context *cx, bool as_json)
{
    struct doctor doctor;
    int64_t parked;
    TRY(doctor_run(cx, &doctor));
    TRY(due_count_parked(cx, &parked));
    if (as_json) {
        print_json(cx, &doctor, parked);
    } else {
        TRY(print_parked(cx));
        print_lines(&doctor);
    }
    return doctor.fault_count == 0 ? OK : ERR_INTERNAL;
}
