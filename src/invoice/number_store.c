/* The numbering step: numbers without gaps, given apart from the transactions that issue, so
 * that nothing waits for a counter (rules §6, Documents). */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/limits.h"
#include "customer/customer_store.h"
#include "customer/seller_json.h"
#include "customer/seller_store.h"
#include "db/db.h"
#include "invoice/invoice_store.h"
#include "tax/exemption_store.h"

struct number_work {
    int64_t limit;
    int64_t count;
};

/* A document that waits for its number. */
struct unnumbered {
    const char *customer;
    const char *id;
    const char *type;
    const char *series;
    int64_t year;
    const char *content; /* JSON of all that never changes */
};

LIST_TYPE(unnumbered_list, struct unnumbered);

static void number_put_lines(struct json_writer *w, const struct document *document)
{
    json_open_array(w, "lines");
    for (size_t i = 0; i < document->lines.count; i++) {
        const struct line *line = document->lines.items[i];
        json_open_object(w, NULL);
        json_put_text(w, "id", line->id);
        json_put_text(w, "subscription", line->subscription);
        json_put_text(w, "offer", line->offer);
        json_put_text(w, "reason", line_reason_format(line->reason));
        json_put_day(w, "from", line->from_on);
        json_put_day(w, "to", line->to_on);
        json_put_integer(w, "quantity", line->quantity);
        json_put_unit_price(w, "unit_amount", line->unit);
        json_put_integer(w, "days", line->days);
        json_put_integer(w, "of_days", line->of_days);
        json_put_money(w, "amount", line->amount);
        json_put_text(w, "tax_treatment", tax_treatment_format(line->tax.treatment));
        json_put_text(w, "tax_proof", line->tax.proof);
        json_put_text(w, "undoes", line->undoes);
        json_close_object(w);
    }
    json_close_array(w);
}

static void number_put_taxes(struct json_writer *w, const struct document *document)
{
    json_open_array(w, "taxes");
    for (size_t i = 0; i < document->tax_count; i++) {
        const struct document_tax *tax = &document->taxes[i];
        char percent[DECIMAL_SIZE];
        decimal_format(tax->rule.percent_micros, 6, percent);
        json_open_object(w, NULL);
        json_put_text(w, "treatment", tax_treatment_format(tax->rule.treatment));
        json_put_text(w, "category", tax->rule.category);
        json_put_text(w, "percent", percent);
        json_put_money(w, "net", tax->net);
        json_put_money(w, "tax", tax->tax);
        json_close_object(w);
    }
    json_close_array(w);
}

static bool names_certificate(const struct document *document, const char *number)
{
    for (size_t i = 0; i < document->lines.count; i++) {
        const struct tax_rule *rule = &document->lines.items[i]->tax;
        if (rule->treatment == TAX_EXEMPT && (number == NULL || strcmp(rule->proof, number) == 0))
            return true;
    }
    return false;
}

/* The certificates that its lines name, with the mention that the law asks for. */
static enum err number_put_exemptions(struct context *cx, struct json_writer *w,
                                      const struct document *document)
{
    struct tax_exemption_list list = {0};
    if (!names_certificate(document, NULL))
        return OK;
    TRY(exemption_load_all(cx, document->account, &list));
    json_open_array(w, "exemptions");
    for (size_t i = 0; i < list.count; i++) {
        if (!names_certificate(document, list.items[i]->number))
            continue;
        json_open_object(w, NULL);
        json_put_text(w, "number", list.items[i]->number);
        json_put_text(w, "reason", list.items[i]->reason);
        json_close_object(w);
    }
    json_close_array(w);
    return OK;
}

static const char *number_sold_to(struct context *cx, const struct account *account)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "name", account->name);
    json_put_text(&w, "line1", account->sold_to.line1);
    json_put_text(&w, "line2", account->sold_to.line2);
    json_put_text(&w, "postal_code", account->sold_to.postal_code);
    json_put_text(&w, "city", account->sold_to.city);
    json_put_text(&w, "country", account->sold_to.country);
    json_put_text(&w, "vat_id", account->vat_id);
    json_close_object(&w);
    return json_end(&w);
}

enum err invoice_keep_sold_to(struct context *cx, const struct account *account)
{
    return db_run(
        cx,
        "UPDATE document SET sold_to = $1 WHERE customer = $2 AND account = $3"
        " AND number IS NULL AND state = 'issued' AND sold_to IS NULL",
        DB_ARGS(db_text(number_sold_to(cx, account)), db_text(cx->customer), db_text(account->id)));
}

static enum err number_put_parties(struct context *cx, struct json_writer *w,
                                   const struct document *document)
{
    struct account *account;
    TRY(account_load(cx, document->account, &account));
    seller_encode_open(w, "seller", cx->seller);
    json_close_object(w);
    /* Read after the account: whoever changes it has kept there what it was. */
    const char *kept = NULL;
    TRY(db_one_text(cx, &kept, "SELECT sold_to FROM document WHERE customer = $1 AND id = $2",
                    DB_ARGS(db_text(cx->customer), db_text(document->id))));
    json_put_raw(w, "sold_to", kept != NULL ? kept : number_sold_to(cx, account));
    return OK;
}

/* What a document says for ever: the hash covers it together with its number. */
static enum err number_content(struct context *cx, const char *id, const char **ret_content)
{
    struct document *document;
    TRY(invoice_load(cx, id, &document));
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "id", document->id);
    json_put_text(&w, "account", document->account);
    TRY(number_put_parties(cx, &w, document));
    json_put_text(&w, "type", document_type_format(document->type));
    json_put_day(&w, "issued_on", document->issued_on);
    json_put_day(&w, "due_on", document->due_on);
    json_put_text(&w, "purchase_order", document->purchase_order);
    number_put_lines(&w, document);
    number_put_taxes(&w, document);
    TRY(number_put_exemptions(cx, &w, document));
    json_put_money(&w, "net", document->net);
    json_put_money(&w, "tax", document->tax);
    json_put_money(&w, "total", document->total);
    json_close_object(&w);
    *ret_content = json_end(&w);
    return OK;
}

/* In the order of commitment: what was issued earlier comes first; of one instant, by id. */
static enum err number_load_due(struct context *cx, int64_t limit, struct unnumbered_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT customer, id, type, series, year FROM document"
                  " WHERE number IS NULL AND state = 'issued' AND type <> 'record'"
                  " ORDER BY issued_at, id LIMIT $1",
                  DB_ARGS(db_integer(limit))));
    while (db_next(&rows)) {
        struct unnumbered *item = ARENA_NEW(cx->arena, struct unnumbered);
        item->customer = db_get_text(&rows, 0);
        item->id = db_get_text(&rows, 1);
        item->type = db_get_text(&rows, 2);
        item->series = db_get_text(&rows, 3);
        item->year = db_get_integer(&rows, 4);
        list_push(cx->arena, list, item);
    }
    return db_done(&rows);
}

/* Takes the next number; the row is locked until the step's commit. */
static enum err number_take(struct context *cx, const struct unnumbered *item, int64_t *ret_number)
{
    return db_one_integer(
        cx, ret_number,
        "INSERT INTO number_series (series, type, year, last_number)"
        " VALUES ($1, $2, $3, 1) ON CONFLICT (series, type, year)"
        " DO UPDATE SET last_number = number_series.last_number + 1"
        " RETURNING last_number",
        DB_ARGS(db_text(item->series), db_text(item->type), db_integer(item->year)));
}

static enum err number_one(struct context *cx, const struct unnumbered *item)
{
    cx->customer = item->customer;
    const char *content;
    TRY(number_content(cx, item->id, &content));
    int64_t number;
    TRY(number_take(cx, item, &number));
    const char *hashed = arena_print(cx->arena, "%s %" PRId64 " %" PRId64 " %s", item->series,
                                     item->year, number, content);
    char hash[HASH_TEXT_SIZE];
    hash_bytes(hashed, strlen(hashed), hash);
    int64_t touched;
    TRY(db_run_count(cx,
                     "UPDATE document SET number = $1, frozen = $2, hash = $3"
                     " WHERE customer = $4 AND id = $5 AND number IS NULL",
                     DB_ARGS(db_integer(number), db_text(content), db_text(hash),
                             db_text(item->customer), db_text(item->id)),
                     &touched));
    return touched == 1 ? OK : fault(cx, ERR_STORE_CONFLICT, "param", "/document", NULL);
}

static enum err number_work(struct context *cx, void *arg)
{
    struct number_work *work = arg;
    const char *customer = cx->customer;
    struct unnumbered_list list = {0};
    /* One step at a time: on PostgreSQL the series' rows are taken in this row's lock. */
    TRY(db_run(cx,
               "INSERT INTO number_series (series, type, year, last_number)"
               " VALUES ('step', 'lock', 0, 0) ON CONFLICT (series, type, year)"
               " DO UPDATE SET last_number = number_series.last_number + 1",
               DB_NO_ARGS));
    TRY(seller_refresh(cx));
    TRY(number_load_due(cx, work->limit, &list));
    for (size_t i = 0; i < list.count; i++)
        TRY(number_one(cx, list.items[i]));
    cx->customer = customer;
    work->count = (int64_t)list.count;
    return OK;
}

/* Looks before it locks: most of the time nothing waits. */
static enum err number_is_due(struct context *cx, int64_t *ret_waiting)
{
    return db_one_integer(cx, ret_waiting,
                          "SELECT COUNT(*) FROM (SELECT id FROM document WHERE number IS NULL"
                          " AND state = 'issued' AND type <> 'record' LIMIT 1) waiting",
                          DB_NO_ARGS);
}

static enum err number_step(struct context *cx, int64_t *ret_count)
{
    struct number_work work = {.limit = NUMBER_BATCH_MAX};
    int64_t waiting;
    TRY(number_is_due(cx, &waiting));
    if (waiting > 0)
        TRY(db_transact(cx, number_work, &work));
    *ret_count = work.count;
    return OK;
}

enum err invoice_number_due(struct context *cx, int64_t steps_max)
{
    struct context own = *cx;
    int64_t count = NUMBER_BATCH_MAX;
    enum err err = OK;
    own.arena = arena_create(REQUEST_ARENA_MAX);
    for (; err == OK && steps_max > 0 && count == NUMBER_BATCH_MAX; steps_max--) {
        arena_reset(own.arena);
        err = number_step(&own, &count);
    }
    arena_free(own.arena);
    return err == OK ? OK : fault(cx, err, NULL); /* its own fault goes with the arena */
}

enum err invoice_count_unnumbered(struct context *cx, int64_t *ret_count)
{
    return db_one_integer(cx, ret_count,
                          "SELECT COUNT(*) FROM document"
                          " WHERE number IS NULL AND state = 'issued' AND type <> 'record'",
                          DB_NO_ARGS);
}
