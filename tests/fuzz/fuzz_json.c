/* The JSON reader and writer with any bytes: nothing crashes, a fault names its place in text that
 * a console may print, and a text that was read, written again, reads the same. */
#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct context *cx, const char *text)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "text", text);
    json_close_object(&w);
    const char *written = json_end(&w);
    struct json_reader again;
    const char *read = NULL;
    assert(json_open(cx, &again, written, strlen(written)) == OK);
    assert(json_text(&again, "text", REQUIRED, &read) == OK && strcmp(read, text) == 0);
    assert(json_done(&again) == OK);
}

static void check_fault(const struct context *cx)
{
    const char *why = fault_arg(&cx->fault, "value");
    assert(cx->fault.code == ERR_INVALID && cx->fault.param != NULL && why != NULL);
    assert(!text_has_controls(cx->fault.param) && !text_has_controls(why));
}

static void check_members(struct context *cx, struct json_reader *r)
{
    for (size_t i = 0; i < json_member_count(r) && i < JSON_MEMBERS_MAX; i++) {
        const char *name = json_member_name(r, i);
        const char *text = NULL;
        if (json_type(r, name) != 's') {
            (void)json_raw(r, name);
        } else if (json_text(r, name, OPTIONAL, &text) == OK) {
            check_text(cx, text);
        } else {
            check_fault(cx);
            fault_clear(cx);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct context cx = {.arena = arena_create(REQUEST_ARENA_MAX), .language = "en"};
    /* A copy of exact size: reading past the end is seen. */
    char *text = arena_copy_bytes(cx.arena, data, size);
    struct json_reader reader;
    if (json_open(&cx, &reader, text, size) == OK)
        check_members(&cx, &reader);
    else
        check_fault(&cx);
    arena_free(cx.arena);
    return 0;
}
