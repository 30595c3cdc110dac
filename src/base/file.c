#include "base/file.h"

#include <errno.h>

enum { CHUNK_FIRST = 64 * 1024 };

static bool is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

static enum err refuse(struct context *cx, const char *path, const char *what)
{
    return fault(cx, ERR_USAGE, "value", arena_print(cx->arena, "%s: %s", path, what), NULL);
}

static enum err refuse_by_system(struct context *cx, const char *path)
{
    char reason[128];
    return refuse(cx, path, strerror_r(errno, reason, sizeof(reason)));
}

static enum err read_all(struct context *cx, const char *path, FILE *file, size_t max_bytes,
                         char **ret_data, size_t *ret_size)
{
    size_t capacity = CHUNK_FIRST;
    char *data = arena_alloc(cx->arena, capacity + 1);
    size_t size = 0;
    for (;;) {
        size += fread(data + size, 1, capacity - size, file);
        if (size > max_bytes)
            return refuse(cx, path, arena_print(cx->arena, "more than %zu bytes", max_bytes));
        if (size < capacity)
            break;
        char *grown = arena_alloc(cx->arena, capacity * 2 + 1);
        memcpy(grown, data, size);
        data = grown;
        capacity *= 2;
    }
    if (ferror(file))
        return refuse_by_system(cx, path);
    data[size] = '\0';
    *ret_data = data;
    *ret_size = size;
    return OK;
}

enum err file_read(struct context *cx, const char *path, size_t max_bytes, char **ret_data,
                   size_t *ret_size)
{
    if (is_standard(path))
        return read_all(cx, "standard input", stdin, max_bytes, ret_data, ret_size);
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return refuse_by_system(cx, path);
    enum err err = read_all(cx, path, file, max_bytes, ret_data, ret_size);
    (void)fclose(file);
    return err;
}

enum err file_write(struct context *cx, const char *path, const char *data, size_t size)
{
    if (is_standard(path)) {
        bool written = fwrite(data, 1, size, stdout) == size && fflush(stdout) == 0;
        return written ? OK : refuse_by_system(cx, "standard output");
    }
    FILE *file = fopen(path, "wbe");
    if (file == NULL)
        return refuse_by_system(cx, path);
    bool written = fwrite(data, 1, size, file) == size;
    written = fclose(file) == 0 && written;
    return written ? OK : refuse_by_system(cx, path);
}
