/* Whole files, for commands. */
#pragma once

#include "base/context.h"

/* Reads a file into the arena; "-" is standard input. One NUL follows, which `ret_size` does not
 * count. ERR_USAGE when it cannot be read or has more than `max_bytes`. */
enum err file_read(struct context *cx, const char *path, size_t max_bytes, char **ret_data,
                   size_t *ret_size);

/* Writes a file, in place of one that was there; "-" is standard output. ERR_USAGE when it
 * cannot be written whole; what was there is then lost only if the disk gave way. */
enum err file_write(struct context *cx, const char *path, const char *data, size_t size);
