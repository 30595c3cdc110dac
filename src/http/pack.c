/* Pages go out gzipped to who takes that: on a phone the bytes are the wait. */
#include <string.h>

#include <zlib.h>

#include "base/limits.h"
#include "http/http_private.h"

enum { LEVEL = 1, WINDOW_GZIP = 15 + 16, MEMORY = 8, LEAST_BYTES = 1024 };

static bool is_worth(const struct http_request *request, const struct http_reply *reply)
{
    return reply->body_size >= LEAST_BYTES && reply->body_size <= HTTP_PACK_MAX &&
           reply->content_type != NULL && strncmp(reply->content_type, "text/html", 9) == 0 &&
           request->accept_encoding != NULL && strstr(request->accept_encoding, "gzip") != NULL;
}

/* The one secret of a page is the token in its forms, and that is another text each time
 * (hash_mask): what a page repeats of its address makes no length that tells of it. */
void http_pack(struct context *cx, const struct http_request *request, struct http_reply *reply)
{
    if (!is_worth(request, reply))
        return;
    z_stream stream = {0};
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW_GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    uLong room = deflateBound(&stream, (uLong)reply->body_size);
    char *packed = arena_alloc(cx->arena, room);
    stream.next_in = (z_const Bytef *)(uintptr_t)reply->body;
    stream.avail_in = (uInt)reply->body_size;
    stream.next_out = (Bytef *)packed;
    stream.avail_out = (uInt)room;
    int result = deflate(&stream, Z_FINISH);
    uLong size = stream.total_out;
    deflateEnd(&stream);
    if (result != Z_STREAM_END)
        return;
    reply->body = packed;
    reply->body_size = size;
    http_reply_header(reply, "Content-Encoding", "gzip");
}
