/* annex serve: the API on a store, and what falls due. */
#pragma once

#include "base/context.h"

struct http_stats;

/* Serves until SIGTERM or SIGINT. The counters are the caller's, or NULL. */
enum err serve_run(struct context *cx, const char *store, const char *listen,
                   struct http_stats *stats);

enum err serve_cli(struct context *cx, int argc, char **argv);
