#include "http/http_subject.h"

#include "base/hash.h"
#include "base/list.h"

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

enum err http_subject(struct context *cx, const struct http_request *request,
                      const char **ret_subject)
{
    struct json_reader body;
    TRY(http_body(cx, request, &body));
    LIST(const char) names = {0};
    for (size_t i = 0; i < json_member_count(&body); i++)
        list_push(cx->arena, &names, json_member_name(&body, i));
    list_sort(names.items, names.count, compare_names);
    struct buf text = buf_create(cx->arena);
    buf_print(&text, "%d %s", (int)request->method, request->path);
    for (size_t i = 0; i < names.count; i++) {
        if (strcmp(names.items[i], "token") != 0)
            buf_print(&text, "\n%s %s", names.items[i], json_raw(&body, names.items[i]));
    }
    char hash[HASH_TEXT_SIZE];
    hash_bytes(buf_text(&text), text.size, hash);
    *ret_subject = arena_copy(cx->arena, hash);
    return OK;
}

enum err http_review_read(struct context *cx, const struct http_request *request,
                          struct json_reader *body, struct http_review *ret_review)
{
    struct http_review review = {.preview = http_query_is(request, "preview", "true")};
    const char *said = http_query(request, "preview");
    if (said != NULL && !review.preview && strcmp(said, "false") != 0)
        return fault(cx, ERR_INVALID, "param", "preview", "value", "must be true or false", NULL);
    TRY(json_text(body, "token", OPTIONAL, &review.token));
    if (review.preview && review.token != NULL)
        return json_fault(body, "token", "commits a preview, so it is not part of one");
    if (review.preview || review.token != NULL)
        TRY(http_subject(cx, request, &review.subject));
    *ret_review = review;
    return OK;
}
