#include "html/field.h"

static struct view *add(struct view *fields, const char *kind, const char *name, const char *value)
{
    struct view *field = view_child(view_item(fields), kind);
    view_text(field, "id", name);
    view_text(field, "name", name);
    view_text(field, "value", value != NULL ? value : "");
    return field;
}

struct view *field_text(struct view *fields, const char *name, const char *value)
{
    return add(fields, "text", name, value);
}

struct view *field_number(struct view *fields, const char *name, const char *value)
{
    return add(fields, "number", name, value);
}

struct view *field_area(struct view *fields, const char *name, const char *value)
{
    return add(fields, "area", name, value);
}

static struct view *add_choice(struct view *fields, const char *kind, const char *name)
{
    struct view *field = add(fields, kind, name, NULL);
    view_list(field, "options");
    return field;
}

struct view *field_select(struct view *fields, const char *name)
{
    return add_choice(fields, "select", name);
}

struct view *field_radio(struct view *fields, const char *name)
{
    return add_choice(fields, "radio", name);
}

struct view *field_option(struct view *field, const char *value, const char *label, bool selected)
{
    const struct view *options = view_find(field, "options", strlen("options"));
    const char *name = view_say(view_find(field, "name", strlen("name")), field->arena);
    struct view *option = view_item((struct view *)(uintptr_t)options);
    view_print(option, "id", "%s-%s", name, value);
    view_text(option, "name", name);
    view_text(option, "value", value);
    view_text(option, "label", label);
    view_bool(option, "selected", selected);
    return option;
}

void field_error(struct view *field, const char *error)
{
    if (error == NULL)
        return;
    view_text(field, "error", error);
    view_bool(field, "described", true);
}

enum { NUMBER_DIGITS_MAX = 12 };

int64_t field_parse_number(const char *text)
{
    int64_t number = 0;
    size_t digits = 0;
    bool grouped = false; /* after a comma or point come three digits, or it is no whole number */
    size_t in_group = 0;
    for (const char *c = text; *c != '\0'; c++) {
        bool is_digit = *c >= '0' && *c <= '9';
        bool groups = *c == ' ' || *c == ',' || *c == '.' || (unsigned char)*c >= 0x80;
        if (!is_digit && !groups)
            return -1;
        if (*c == ',' || *c == '.') {
            if (digits == 0 || (grouped && in_group != 3))
                return -1;
            grouped = true;
            in_group = 0;
        }
        in_group += is_digit;
        if (is_digit && ++digits <= NUMBER_DIGITS_MAX)
            number = number * 10 + (*c - '0');
    }
    return digits > 0 && (!grouped || in_group == 3) && digits <= NUMBER_DIGITS_MAX ? number : -1;
}

enum { AMOUNT_SIZE = 40 };

/* The last comma or point stands before the decimals, when no more follow than there can be. */
int64_t field_parse_amount(const char *text, int decimals)
{
    const char *mark = NULL;
    for (const char *c = text; *c != '\0'; c++)
        mark = *c == ',' || *c == '.' ? c : mark;
    size_t behind = mark != NULL ? strspn(mark + 1, "0123456789") : 0;
    bool has_decimals = mark != NULL && behind > 0 && behind <= (size_t)decimals;
    char whole[AMOUNT_SIZE] = "";
    size_t size = has_decimals ? (size_t)(mark - text) : strlen(text);
    if (size >= sizeof whole || (has_decimals && mark[1 + behind] != '\0'))
        return -1;
    memcpy(whole, text, size);
    int64_t amount = field_parse_number(whole);
    for (int i = 0; i < decimals && amount >= 0; i++) {
        bool is_said = has_decimals && i < (int)behind;
        amount = amount * 10 + (is_said ? mark[1 + i] - '0' : 0);
    }
    return amount;
}
