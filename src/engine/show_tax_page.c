#include "engine/show_tax_page.h"

#include "base/message.h"

/* The reason of a certificate with this number, or NULL. */
static const char *find_reason(const struct tax_exemption_list *exemptions, const char *number)
{
    for (size_t i = 0; exemptions != NULL && number != NULL && i < exemptions->count; i++) {
        if (strcmp(exemptions->items[i]->number, number) == 0)
            return exemptions->items[i]->reason;
    }
    return NULL;
}

/* NULL for the seller's rate, and where nobody is taxed. */
static const char *say_mention(struct context *cx, const struct tax_rule *rule,
                               const struct tax_exemption_list *exemptions)
{
    const char *proof = rule->proof;
    const char *reason;
    switch (rule->treatment) {
    case TAX_NONE:
    case TAX_DOMESTIC:
        return NULL;
    case TAX_REVERSE_CHARGE:
        if (proof != NULL)
            return message_say(cx, "bill.reverse_charge_proof", "proof", proof, NULL);
        return message_say(cx, "bill.reverse_charge", NULL);
    case TAX_OUT_OF_SCOPE:
        return message_say(cx, "bill.out_of_scope", NULL);
    case TAX_EXEMPT:
        reason = find_reason(exemptions, proof);
        if (reason == NULL)
            return message_say(cx, "bill.exempt", "number", proof ? proof : "", NULL);
        return message_say(cx, "bill.exempt_reason", "reason", reason, "number", proof, NULL);
    }
    return NULL;
}

void show_mentions(struct context *cx, struct view *view, const struct document *document,
                   const struct tax_exemption_list *exemptions)
{
    struct view *mentions = view_list(view, "mention");
    for (size_t i = 0; i < document->lines.count; i++) {
        const char *text = say_mention(cx, &document->lines.items[i]->tax, exemptions);
        bool is_said = text == NULL;
        for (size_t k = 0; k < i && !is_said; k++) {
            const char *other = say_mention(cx, &document->lines.items[k]->tax, exemptions);
            is_said = other != NULL && strcmp(other, text) == 0;
        }
        if (!is_said)
            view_text(view_item(mentions), "text", text);
    }
}
