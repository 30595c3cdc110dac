/* The canonical file: the same catalogue always gives the same bytes, laid out for people. */
#include "catalog/catalog_file.h"

#include "catalog/catalog_members.h"

/* Layout -------------------------------------------------------------------------------------- */

enum { LINE_COLUMNS = 100, INDENT = 2 };

/* Takes JSON without any space, and writes each array or object on one line where it fits. */
struct layout {
    const char *at;
    struct buf out;
    size_t column;
};

/* Columns that the bytes take: characters, not bytes. */
static size_t columns_of(const char *text, size_t size)
{
    size_t columns = 0;
    for (size_t i = 0; i < size; i++)
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    return columns;
}

static void put(struct layout *layout, const char *text, size_t size)
{
    buf_add(&layout->out, text, size);
    layout->column += columns_of(text, size);
}

static void put_line(struct layout *layout, size_t indent)
{
    buf_add(&layout->out, "\n", 1);
    for (size_t i = 0; i < indent; i++)
        buf_add(&layout->out, " ", 1);
    layout->column = indent;
}

/* Bytes of the text or word (number, true, …) that begins here. */
static size_t scalar_size(const char *at)
{
    if (at[0] != '"')
        return strcspn(at, ",:]}");
    size_t size = 1;
    while (at[size] != '"')
        size += at[size] == '\\' ? 2 : 1;
    return size + 1;
}

static bool is_open(char c)
{
    return c == '[' || c == '{';
}

static bool is_close(char c)
{
    return c == ']' || c == '}';
}

/* Bytes of the bracket, comma, colon, text or word that begins here. */
static size_t token_size(const char *at)
{
    return strchr("[]{},:", at[0]) ? 1 : scalar_size(at);
}

static bool has_space_after(char c)
{
    return c == ',' || c == ':';
}

/* Copies the value that begins here on one line, with a space after each comma and colon. */
static void put_flat(struct layout *layout)
{
    size_t depth = 0;
    do {
        char c = *layout->at;
        size_t size = token_size(layout->at);
        put(layout, layout->at, size);
        if (has_space_after(c))
            put(layout, " ", 1);
        depth += is_open(c);
        depth -= is_close(c);
        layout->at += size;
    } while (depth > 0);
}

/* Whether put_flat would stay on the present line, with a comma after it. */
static bool fits(const struct layout *layout)
{
    const char *at = layout->at;
    size_t column = layout->column;
    size_t depth = 0;
    do {
        size_t size = token_size(at);
        column += columns_of(at, size) + has_space_after(*at);
        depth += is_open(*at);
        depth -= is_close(*at);
        at += size;
    } while (depth > 0 && column < LINE_COLUMNS);
    return column < LINE_COLUMNS;
}

static void put_value(struct layout *layout, size_t indent);

static void put_broken(struct layout *layout, size_t indent)
{
    put(layout, layout->at++, 1);
    while (!is_close(*layout->at)) {
        put_line(layout, indent + INDENT);
        if (layout->at[0] == '"' && layout->at[scalar_size(layout->at)] == ':') {
            put(layout, layout->at, scalar_size(layout->at));
            put(layout, ": ", 2);
            layout->at += scalar_size(layout->at) + 1;
        }
        put_value(layout, indent + INDENT);
        if (*layout->at == ',')
            put(layout, layout->at++, 1);
    }
    put_line(layout, indent);
    put(layout, layout->at++, 1);
}

static void put_value(struct layout *layout, size_t indent)
{
    if (is_open(layout->at[0]) && !is_close(layout->at[1]) && !fits(layout))
        put_broken(layout, indent);
    else
        put_flat(layout);
}

static const char *lay_out(struct arena *arena, const char *json)
{
    struct layout layout = {.at = json, .out = buf_create(arena)};
    put_broken(&layout, 0);
    put(&layout, "\n", 1);
    return buf_text(&layout.out);
}

/* Members ------------------------------------------------------------------------------------- */

static void write_offer(struct json_writer *w, const struct offer *offer)
{
    json_open_object(w, NULL);
    for (const struct offer_member *member = OFFER_MEMBERS; member->name; member++)
        member->write(w, offer);
    json_close_object(w);
}

const char *catalog_format(struct arena *arena, const struct catalog *catalog)
{
    struct json_writer w = json_begin(arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "version", catalog->version);
    json_open_array(&w, "offers");
    for (size_t i = 0; i < catalog->offer_count; i++)
        write_offer(&w, &catalog->offers[i]);
    json_close_array(&w);
    if (catalog->tax_rate_count > 0)
        json_open_array(&w, "tax_rates");
    for (size_t i = 0; i < catalog->tax_rate_count; i++)
        tax_rate_write(&w, &catalog->tax_rates[i]);
    if (catalog->tax_rate_count > 0)
        json_close_array(&w);
    json_close_object(&w);
    return lay_out(arena, json_end(&w));
}
