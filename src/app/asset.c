/* Style sheet, script and icons. A name carries a hash of the content, so it is kept for ever. */
#include "app/page.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"

static const struct asset_type {
    const char *ending;
    const char *type;
} TYPES[] = {
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
};

static const char *type_of(const char *name)
{
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending != NULL && i < sizeof TYPES / sizeof *TYPES; i++)
        if (strcmp(ending, TYPES[i].ending) == 0)
            return TYPES[i].type;
    return NULL;
}

const char *asset_path(struct context *cx, const char *name)
{
    const struct embed *manifest = embed_find("assets/manifest");
    const char *rest = manifest != NULL ? (const char *)manifest->data : "";
    size_t length = strlen(name);
    while (*rest != '\0') {
        size_t size = strcspn(rest, "\n");
        if (size > length && rest[length] == ' ' && memcmp(rest, name, length) == 0)
            return arena_print(cx->arena, "/assets/%.*s", (int)(size - length - 1),
                               rest + length + 1);
        rest += size;
        rest += *rest == '\n';
    }
    return "";
}

enum err asset_load(struct context *cx, const struct http_request *request,
                    struct http_reply *reply)
{
    const char *name = request->path_values[0];
    const char *type = type_of(name);
    const struct embed *file = embed_find(arena_print(cx->arena, "assets/%s", name));
    const struct embed *packed = embed_find(arena_print(cx->arena, "assets/%s.gz", name));
    if (type == NULL || file == NULL)
        return fault(cx, ERR_NOT_FOUND, NULL);
    const char *tag = arena_print(cx->arena, "\"%s\"", name);
    http_reply_header(reply, "Cache-Control", "public, max-age=31536000, immutable");
    http_reply_header(reply, "ETag", tag);
    http_reply_header(reply, "Vary", "Accept-Encoding");
    if (request->if_none_match != NULL && strstr(request->if_none_match, tag) != NULL) {
        reply->status = 304;
        return OK;
    }
    bool packs = packed != NULL && request->accept_encoding != NULL &&
                 strstr(request->accept_encoding, "gzip") != NULL;
    if (packs) {
        http_reply_header(reply, "Content-Encoding", "gzip");
        file = packed;
    }
    reply->status = 200;
    reply->content_type = type;
    reply->body = (const char *)file->data;
    reply->body_size = file->size;
    return OK;
}
