#include "base/json.h"

#include "base/text.h"

enum { INTEGER_SIZE = 24 };

struct json_writer json_begin(struct arena *arena)
{
    return (struct json_writer){.buf = buf_create(arena)};
}

/* How many bytes from the start need no escape. */
static size_t plain_run(const char *text, size_t size)
{
    size_t run = 0;
    while (run < size && text[run] >= ' ' && text[run] < 0x7f && text[run] != '"' &&
           text[run] != '\\')
        run++;
    return run;
}

/* Adds what may need escapes, up to the closing quote. */
static void add_escaped(struct buf *buf, const char *text, size_t left)
{
    while (left > 0) {
        char escaped[JSON_ESCAPE_MAX];
        size_t size;
        size_t taken = text_escape(text, left, escaped, &size);
        buf_add(buf, escaped, size);
        text += taken;
        left -= taken;
        size_t run = plain_run(text, left);
        buf_add(buf, text, run);
        text += run;
        left -= run;
    }
    buf_add(buf, "\"", 1);
}

/* Adds a text in quotes. Most need no escape, and are one copy. */
static void add_quoted(struct buf *buf, const char *text)
{
    size_t size = strlen(text);
    size_t run = plain_run(text, size);
    char *room = buf_room(buf, size + 2);
    room[0] = '"';
    memcpy(room + 1, text, run);
    if (run < size) {
        buf_took(buf, run + 1);
        add_escaped(buf, text + run, size - run);
        return;
    }
    room[size + 1] = '"';
    buf_took(buf, size + 2);
}

/* Writes what stands before a value: a comma after another, and its name. */
static void value_begin(struct json_writer *w, const char *name)
{
    if (w->has_items[w->depth])
        buf_add(&w->buf, ",", 1);
    w->has_items[w->depth] = true;
    if (!name)
        return;
    add_quoted(&w->buf, name);
    buf_add(&w->buf, ":", 1);
}

static void group_open(struct json_writer *w, const char *name, const char *bracket)
{
    value_begin(w, name);
    buf_add(&w->buf, bracket, 1);
    w->depth++;
    assert(w->depth < JSON_WRITE_DEPTH_MAX);
    w->has_items[w->depth] = false;
}

static void group_close(struct json_writer *w, const char *bracket)
{
    assert(w->depth > 0);
    w->depth--;
    buf_add(&w->buf, bracket, 1);
}

void json_open_object(struct json_writer *w, const char *name)
{
    group_open(w, name, "{");
}

void json_close_object(struct json_writer *w)
{
    group_close(w, "}");
}

void json_open_array(struct json_writer *w, const char *name)
{
    group_open(w, name, "[");
}

void json_close_array(struct json_writer *w)
{
    group_close(w, "]");
}

void json_put_text(struct json_writer *w, const char *name, const char *text)
{
    if (!text) {
        json_put_null(w, name);
        return;
    }
    value_begin(w, name);
    add_quoted(&w->buf, text);
}

void json_put_integer(struct json_writer *w, const char *name, int64_t value)
{
    value_begin(w, name);
    char digits[INTEGER_SIZE];
    size_t start = sizeof(digits);
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do {
        digits[--start] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        digits[--start] = '-';
    buf_add(&w->buf, digits + start, sizeof(digits) - start);
}

void json_put_bool(struct json_writer *w, const char *name, bool value)
{
    json_put_raw(w, name, value ? "true" : "false");
}

void json_put_null(struct json_writer *w, const char *name)
{
    json_put_raw(w, name, "null");
}

void json_put_day(struct json_writer *w, const char *name, civil_day day)
{
    if (day == DAY_NONE) {
        json_put_null(w, name);
        return;
    }
    char text[DAY_TEXT_SIZE];
    day_format(day, text);
    json_put_text(w, name, text);
}

void json_put_instant(struct json_writer *w, const char *name, instant at)
{
    if (at == INSTANT_NONE) {
        json_put_null(w, name);
        return;
    }
    char text[INSTANT_TEXT_SIZE];
    instant_format(at, text);
    json_put_text(w, name, text);
}

void json_put_unit_price(struct json_writer *w, const char *name, struct unit_price price)
{
    enum { DECIMALS = 6, MICROS_PER_UNIT = 1000000 };
    if (price.micros % MICROS_PER_UNIT == 0) {
        json_put_integer(w, name, price.micros / MICROS_PER_UNIT);
        return;
    }
    char text[DECIMAL_SIZE];
    decimal_format(price.micros, DECIMALS, text);
    json_put_text(w, name, text);
}

void json_put_money(struct json_writer *w, const char *name, struct money amount)
{
    json_open_object(w, name);
    json_put_integer(w, "amount", amount.minor);
    json_put_text(w, "currency", amount.currency);
    json_close_object(w);
}

void json_put_raw(struct json_writer *w, const char *name, const char *json)
{
    value_begin(w, name);
    buf_add_text(&w->buf, json != NULL ? json : "null");
}

const char *json_end(struct json_writer *w)
{
    assert(w->depth == 0);
    return buf_text(&w->buf);
}
