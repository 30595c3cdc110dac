/* What nobody expects to be paid any more (rules §4: "what is unpaid is listed for write-off"). */
#include "base/json.h"
#include "engine/decide_parts.h"

static void write_off_event(struct context *cx, struct state *state, const char *type,
                            const struct document *document, struct money amount)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_money(&w, "unpaid", amount);
    json_close_object(&w);
    state_event(cx, state, type, document->id, json_end(&w), NULL);
}

void write_off_list(struct context *cx, struct state *state, struct document *document)
{
    document->listed_at = cx->now;
    row_touch(&document->row);
    write_off_event(cx, state, "invoice.write_off_listed", document, document->unpaid);
}

/* A charge that is under way becomes credit balance when it succeeds (rules §6, Credit). */
enum err decide_write_off(struct context *cx, struct state *state, const struct command *command,
                          struct decision *decision)
{
    struct document *document = state_find_document(state, command->document);
    if (document == NULL || document->listed_at == INSTANT_NONE ||
        money_sign(document->unpaid) <= 0)
        return fault(cx, ERR_WRITE_OFF_NOT_LISTED, "param", "/invoice", NULL);
    struct money amount = document->unpaid;
    cx->cause = document->id;
    struct entry *entry = ledger_begin(cx, &state->entries, document->account, "write_off",
                                       document->id, state->today);
    ledger_post(entry, LEDGER_WRITE_OFF, amount);
    ledger_post(entry, LEDGER_RECEIVABLE, money_negate(amount));
    ledger_end(&state->entries, entry);
    document->unpaid = money_zero(amount.currency);
    document->written_off = money_add(document->written_off, amount);
    document->next_attempt_at = INSTANT_NONE;
    row_touch(&document->row);
    write_off_event(cx, state, "invoice.written_off", document, amount);
    decision->written_off = document;
    return OK;
}
