#include "invoice/invoice.h"

#include <string.h>
#include <strings.h>

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

/* Reads digits; false when there are none, or more than a number has. */
static bool read_digits(const char **text, int64_t *ret_value)
{
    enum { DIGITS_MAX = 12 };
    int64_t value = 0;
    size_t count = strspn(*text, "0123456789");
    if (count == 0 || count > DIGITS_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + ((*text)[i] - '0');
    *text += count;
    *ret_value = value;
    return true;
}

bool invoice_number_parse(const char *text, struct document_number *ret_number)
{
    struct document_number found = {.series = "", .type = ""};
    text += strspn(text, " ");
    bool is_test = strncasecmp(text, "T", 1) == 0;
    const char *letters = text + is_test;
    bool is_invoice = strncasecmp(letters, "FA-", 3) == 0;
    bool has_letters = is_invoice || strncasecmp(letters, "AV-", 3) == 0;
    if (has_letters) {
        found.series = is_test ? "test" : "live";
        found.type = TYPES[is_invoice ? DOCUMENT_INVOICE : DOCUMENT_CREDIT_NOTE];
        text = letters + 3;
        if (!read_digits(&text, &found.year) || *text++ != '-')
            return false;
    }
    if (!read_digits(&text, &found.number) || text[strspn(text, " ")] != '\0')
        return false;
    *ret_number = found;
    return found.number > 0;
}

enum document_standing invoice_standing(const struct document *document, civil_day today)
{
    if (document->type != DOCUMENT_INVOICE)
        return STANDING_CREDITED;
    if (money_sign(document->unpaid) <= 0)
        return money_sign(document->written_off) > 0 ? STANDING_WRITTEN_OFF : STANDING_PAID;
    bool was_due = document->due_on != DAY_NONE && document->due_on < today;
    return document->first_failed_at != INSTANT_NONE || was_due ? STANDING_OVERDUE : STANDING_OPEN;
}
