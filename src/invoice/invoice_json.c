#include "invoice/invoice_json.h"

static struct money shown(const struct document *document, struct money amount)
{
    return document->type == DOCUMENT_CREDIT_NOTE ? money_negate(amount) : amount;
}

static void put_line(struct json_writer *w, const struct document *document,
                     const struct line *line)
{
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
    json_put_money(w, "amount", shown(document, line->amount));
    json_put_text(w, "tax_treatment", tax_treatment_format(line->tax.treatment));
    char percent[DECIMAL_SIZE];
    decimal_format(line->tax.percent_micros, 6, percent);
    json_put_text(w, "tax_percent", percent);
    json_put_text(w, "tax_proof", line->tax.proof);
    json_put_text(w, "undoes", line->undoes);
    json_close_object(w);
}

static void put_tax(struct json_writer *w, const struct document *document,
                    const struct document_tax *tax)
{
    char percent[DECIMAL_SIZE];
    decimal_format(tax->rule.percent_micros, 6, percent);
    json_open_object(w, NULL);
    json_put_text(w, "treatment", tax_treatment_format(tax->rule.treatment));
    json_put_text(w, "category", tax->rule.category);
    json_put_text(w, "percent", percent);
    json_put_money(w, "net", shown(document, tax->net));
    json_put_money(w, "tax", shown(document, tax->tax));
    json_close_object(w);
}

void document_encode(struct json_writer *w, const struct document *document, struct arena *arena)
{
    json_open_object(w, NULL);
    json_put_text(w, "id", document->id);
    json_put_text(w, "object", document_type_format(document->type));
    json_put_instant(w, "created_at", document->issued_at);
    json_put_integer(w, "version", document->version);
    json_put_text(w, "number", invoice_number_format(arena, document));
    json_put_text(w, "account", document->account);
    json_put_text(w, "order", document->order);
    json_put_text(w, "purchase_order", document->purchase_order);
    json_put_text(w, "payment_method", document->payment_method);
    json_put_day(w, "issued_on", document->issued_on);
    json_put_day(w, "due_on", document->due_on);
    json_put_day(w, "paid_on", document->paid_on);
    json_put_money(w, "net", shown(document, document->net));
    json_put_money(w, "tax", shown(document, document->tax));
    json_put_money(w, "total", shown(document, document->total));
    json_put_money(w, "unpaid", document->unpaid);
    json_put_money(w, "credit_used", document->credit_used);
    json_put_money(w, "written_off", document->written_off);
    if (document->lines.count > 0) {
        json_open_array(w, "lines");
        for (size_t i = 0; i < document->lines.count; i++)
            put_line(w, document, document->lines.items[i]);
        json_close_array(w);
        json_open_array(w, "taxes");
        for (size_t i = 0; i < document->tax_count; i++)
            put_tax(w, document, &document->taxes[i]);
        json_close_array(w);
    }
    json_close_object(w);
}
