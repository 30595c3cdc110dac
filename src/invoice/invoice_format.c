#include "invoice/invoice.h"

static const char *const REASONS[LINE_REASON_COUNT] = {
    [LINE_PURCHASE] = "purchase",
    [LINE_RENEWAL] = "renewal",
    [LINE_INCREASE] = "increase",
    [LINE_DECREASE] = "decrease",
    [LINE_PLAN_CHANGE] = "plan_change",
    [LINE_BILLING_CHANGE] = "billing_change",
    [LINE_CANCEL] = "cancel",
    [LINE_REACTIVATE] = "reactivate",
    [LINE_SUPPORT_REMOVAL] = "support_removal",
    [LINE_SETUP] = "setup",
};

static const char *const TYPES[] = {
    [DOCUMENT_INVOICE] = "invoice",
    [DOCUMENT_CREDIT_NOTE] = "credit_note",
    [DOCUMENT_RECORD] = "record",
};

const char *line_reason_format(enum line_reason reason)
{
    return REASONS[reason];
}

bool line_reason_parse(const char *text, enum line_reason *ret_reason)
{
    for (size_t i = 0; i < LINE_REASON_COUNT; i++) {
        if (strcmp(REASONS[i], text) == 0) {
            *ret_reason = (enum line_reason)i;
            return true;
        }
    }
    return false;
}

const char *document_type_format(enum document_type type)
{
    return TYPES[type];
}

bool document_type_parse(const char *text, enum document_type *ret_type)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        if (strcmp(TYPES[i], text) == 0) {
            *ret_type = (enum document_type)i;
            return true;
        }
    }
    return false;
}

const char *invoice_number_format(struct arena *arena, const struct document *document)
{
    if (document->number == 0)
        return NULL;
    int year, month, day;
    day_split(document->issued_on, &year, &month, &day);
    return arena_print(
        arena, "%s%s-%d-%06" PRId64, strcmp(document->series, "test") == 0 ? "T" : "",
        document->type == DOCUMENT_CREDIT_NOTE ? "AV" : "FA", year, document->number);
}
