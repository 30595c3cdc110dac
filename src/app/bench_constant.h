/* The baseline of what is read over HTTP: libmicrohttpd by itself, with the settings that
 * http/server.c gives it, answering the same to everyone. */
#pragma once

#include <stddef.h>

#include "base/context.h"

/* Serves on a free port of 127.0.0.1 until SIGTERM or SIGINT, which the caller has blocked.
 * Prints "listening on http://127.0.0.1:PORT" first. */
enum err bench_constant_serve(struct context *cx, size_t body_size);
