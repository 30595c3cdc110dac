/* JSON: strict reading with the place of every fault, and direct writing.
 *
 * Reading: the tree is jansson's; the functions here say what is wrong, with a JSON pointer
 * in the fault's param ("/lines/0/quantity"). Unknown members are errors (formats): every
 * reader ends with json_done().
 *
 *     struct json_reader r;
 *     TRY(json_open(cx, &r, text, size));
 *     TRY(json_text(&r, "offer", REQUIRED, &offer));
 *     TRY(json_integer(&r, "quantity", OPTIONAL, 1, QUANTITY_MAX, &quantity));
 *     TRY(json_done(&r));
 *
 * Every fault is ERR_INVALID with the arguments "param" (the pointer, or the line and column of
 * a text that is not JSON) and "value" (what is wrong there, in English).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/context.h"
#include "base/day.h"
#include "base/money.h"

/* jansson has functions of these names too; at run time the library would call ours for its own.
 * So ours are linked under other names. */
#define json_object json_read_object
#define json_array json_read_array
#define json_integer json_read_integer
#define json_type json_read_type

struct json_t;

enum json_presence { OPTIONAL, REQUIRED };

enum { JSON_MEMBERS_MAX = 64 }; /* an object with more is refused */

/* One object being read. */
struct json_reader {
    struct context *cx;
    struct json_t *object;
    const char *path;                   /* JSON pointer of the object; "" for the root */
    const char *seen[JSON_MEMBERS_MAX]; /* names found so far of those asked for */
    size_t seen_count;
};

/* Parses the text and opens the root object. Errors: ERR_INVALID with the line and column or
 * (also of a duplicate member); deeper than JSON_DEPTH_MAX; not UTF-8; not an object. The tree
 * is released with the arena's unit of work (arena_on_release), and so are the texts read. */
enum err json_open(struct context *cx, struct json_reader *ret_reader, const char *text,
                   size_t size);

/* Each reads a member of the wanted type. OPTIONAL and absent: OK, and the output keeps the
 * value it had. `null` counts as absent for OPTIONAL. */
enum err json_text(struct json_reader *r, const char *name, enum json_presence presence,
                   const char **ret_text);
/* The same of what people write, in lines and paragraphs. */
enum err json_prose(struct json_reader *r, const char *name, enum json_presence presence,
                    const char **ret_text); /* at most TEXT_MAX bytes, no control characters */
enum err json_integer(struct json_reader *r, const char *name, enum json_presence presence,
                      int64_t min, int64_t max, int64_t *ret_value);
enum err json_bool(struct json_reader *r, const char *name, enum json_presence presence,
                   bool *ret_value);
enum err json_day(struct json_reader *r, const char *name, enum json_presence presence,
                  civil_day *ret_day);
/* One of the words of a list that ends with NULL; gives its index. */
enum err json_choice(struct json_reader *r, const char *name, enum json_presence presence,
                     const char *const *words, int *ret_index);
/* An integer or a string with at most six decimals. */
enum err json_unit_price(struct json_reader *r, const char *name, enum json_presence presence,
                         struct unit_price *ret_price);

/* Opens a member that is an object. *ret_present tells whether it is there. */
enum err json_object(struct json_reader *r, const char *name, enum json_presence presence,
                     struct json_reader *ret_reader, bool *ret_present);

/* An array of objects or texts: its size (0 when absent), then items by index, each below the
 * size and after json_array() was asked. */
enum err json_array(struct json_reader *r, const char *name, enum json_presence presence,
                    size_t max_count, size_t *ret_count);
enum err json_array_object(struct json_reader *r, const char *name, size_t index,
                           struct json_reader *ret_reader);
enum err json_array_text(struct json_reader *r, const char *name, size_t index,
                         const char **ret_text);

/* Records ERR_INVALID at an item of an array. */
enum err json_array_fault(struct json_reader *r, const char *name, size_t index, const char *what);

/* Says whether the member is there and not null, without counting it as read. */
bool json_has(const struct json_reader *r, const char *name);
/* The type of the member: 'o' object, 'a' array, 's' text, 'i' integer, 'r' real, 'b' bool,
 * 'n' null, 0 absent. */
char json_type(const struct json_reader *r, const char *name);
/* The member as compact JSON text (an embedded catalogue); NULL when absent. Counts as read. */
const char *json_raw(struct json_reader *r, const char *name);
/* Walks the names of an object with free names (name, metadata): the index-th name. */
size_t json_member_count(const struct json_reader *r);
const char *json_member_name(const struct json_reader *r, size_t index);

/* Refuses members that were never asked for. */
enum err json_done(struct json_reader *r);
/* Records ERR_INVALID at this member (NULL: at the object itself), with what is wrong in English
 * ("must be after from"). */
enum err json_fault(struct json_reader *r, const char *name, const char *what);

/* Writing. Commas and quotes are the writer's business; names are literals of the program.
 *
 *     struct json_writer w = json_begin(arena);
 *     json_open_object(&w, NULL);
 *     json_put_text(&w, "id", id);
 *     json_close_object(&w);
 *     const char *text = json_end(&w);
 */
enum { JSON_WRITE_DEPTH_MAX = 16 };
struct json_writer {
    struct buf buf;
    int depth;
    bool has_items[JSON_WRITE_DEPTH_MAX];
};

struct json_writer json_begin(struct arena *arena);
/* `name` is NULL inside an array and at the root. */
void json_open_object(struct json_writer *w, const char *name);
void json_close_object(struct json_writer *w);
void json_open_array(struct json_writer *w, const char *name);
void json_close_array(struct json_writer *w);
void json_put_text(struct json_writer *w, const char *name, const char *text); /* NULL: null */
void json_put_integer(struct json_writer *w, const char *name, int64_t value);
void json_put_bool(struct json_writer *w, const char *name, bool value);
void json_put_null(struct json_writer *w, const char *name);
void json_put_day(struct json_writer *w, const char *name, civil_day day);  /* none: null */
void json_put_instant(struct json_writer *w, const char *name, instant at); /* none: null */
/* An integer when it is one of minor units, else the shortest text (formats). */
void json_put_unit_price(struct json_writer *w, const char *name, struct unit_price price);
/* {"amount": 1250, "currency": "EUR"} (api). */
void json_put_money(struct json_writer *w, const char *name, struct money amount);
/* A value that is JSON already; NULL: null. */
void json_put_raw(struct json_writer *w, const char *name, const char *json);
const char *json_end(struct json_writer *w);
