#include "html/csv.h"

#include <string.h>

struct buf csv_begin(struct arena *arena)
{
    struct buf csv = buf_create(arena);
    buf_add_text(&csv, "\uFEFF");
    return csv;
}

static void csv_rest(struct buf *csv, const char *text, bool is_last)
{
    for (const char *c = text; *c != '\0'; c++)
        buf_print(csv, *c == '"' ? "\"%c" : "%c", *c);
    buf_add_text(csv, is_last ? "\"\r\n" : "\",");
}

void csv_field(struct buf *csv, const char *text, bool is_last)
{
    bool is_formula = text[0] != '\0' && strchr("=+-@\t", text[0]) != NULL;
    buf_add_text(csv, is_formula ? "\"'" : "\"");
    csv_rest(csv, text, is_last);
}

void csv_number(struct buf *csv, const char *text, bool is_last)
{
    buf_add_text(csv, "\"");
    csv_rest(csv, text, is_last);
}
