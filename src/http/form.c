/* Forms as browsers send them. */
#include "http/http_private.h"

/* Decodes '+' and %XX; lines may end in it, other control characters may not. */
static const char *decode(struct arena *arena, const char *text, size_t size)
{
    char *spaced = arena_copy_bytes(arena, text, size);
    for (size_t i = 0; i < size; i++)
        if (spaced[i] == '+')
            spaced[i] = ' ';
    return request_decode_lines(arena, spaced, size);
}

static enum err take_pair(struct context *cx, const char *pair, size_t size, struct http_form *form)
{
    const char *equals = memchr(pair, '=', size);
    size_t name_size = equals != NULL ? (size_t)(equals - pair) : size;
    size_t value_size = equals != NULL ? size - name_size - 1 : 0;
    const char *name = decode(cx->arena, pair, name_size);
    const char *value = decode(cx->arena, pair + size - value_size, value_size);
    bool good = name != NULL && value != NULL && form->count < FORM_FIELDS_MAX &&
                strlen(value) <= FORM_VALUE_MAX;
    if (!good)
        return fault(cx, ERR_INVALID, "param", name != NULL ? name : "?", NULL);
    form->pairs[form->count++] = (struct http_pair){name, value};
    return OK;
}

enum err http_form_parse(struct context *cx, const char *body, size_t size,
                         struct http_form *ret_form)
{
    ret_form->count = 0;
    while (size > 0) {
        const char *and = memchr(body, '&', size);
        size_t length = and != NULL ? (size_t)(and-body) : size;
        if (length > 0)
            TRY(take_pair(cx, body, length, ret_form));
        body += length;
        size -= length;
        if (size > 0) {
            body++;
            size--;
        }
    }
    return OK;
}

enum err http_form_read(struct context *cx, const struct http_request *request,
                        struct http_form *ret_form)
{
    return http_form_parse(cx, request->body, request->body_size, ret_form);
}

const char *http_form_value(const struct http_form *form, const char *name)
{
    for (size_t i = form->count; i > 0; i--)
        if (strcmp(form->pairs[i - 1].name, name) == 0)
            return form->pairs[i - 1].value;
    return NULL;
}
