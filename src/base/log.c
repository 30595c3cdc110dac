#include "base/log.h"

#include "base/clock.h"
#include "base/day.h"
#include "base/text.h"

/* A line is written by one call, and no longer than what a pipe takes whole: lines of several
 * threads do not mix. What does not fit is left out. */
enum { LINE_MAX_BYTES = 4096, LINE_END_BYTES = 3 };

struct line {
    char data[LINE_MAX_BYTES];
    size_t size;
};

static const char *const LEVEL_NAMES[] = {"debug", "info", "warning", "error"};

/* Set at start, before there are threads. */
static enum log_level least_level = LOG_INFO;

void log_set_level(enum log_level level)
{
    least_level = level;
}

bool log_wants(enum log_level level)
{
    return level >= least_level;
}

static void line_add(struct line *line, const char *data, size_t size)
{
    if (size <= sizeof(line->data) - LINE_END_BYTES - line->size) {
        memcpy(line->data + line->size, data, size);
        line->size += size;
    }
}

static void line_add_escaped(struct line *line, const char *text)
{
    size_t left = strlen(text);
    while (left > 0 && line->size < sizeof(line->data) - LINE_END_BYTES - JSON_ESCAPE_MAX) {
        char escaped[JSON_ESCAPE_MAX];
        size_t escaped_size;
        size_t taken = text_escape(text, left, escaped, &escaped_size);
        line_add(line, escaped, escaped_size);
        text += taken;
        left -= taken;
    }
}

/* Adds `,"key":"value` whole or with its value cut; the quote that ends it always has room. */
static void line_add_pair(struct line *line, const char *key, const char *value)
{
    enum { QUOTES_BYTES = 6 };
    size_t key_most = strlen(key) * JSON_ESCAPE_MAX;
    if (line->size + key_most + QUOTES_BYTES + LINE_END_BYTES > sizeof(line->data))
        return;
    line_add(line, line->size == 1 ? "\"" : ",\"", line->size == 1 ? 1 : 2);
    line_add_escaped(line, key);
    line_add(line, "\":\"", 3);
    line_add_escaped(line, value ? value : "");
    line->data[line->size++] = '"';
}

void log_line(enum log_level level, const char *event, ...)
{
    if (!log_wants(level))
        return;
    char at[INSTANT_TEXT_SIZE];
    instant_format(clock_wall_ms(), at);
    struct line line = {.data = "{", .size = 1};
    line_add_pair(&line, "time", at);
    line_add_pair(&line, "level", LEVEL_NAMES[level]);
    line_add_pair(&line, "event", event);
    va_list args;
    va_start(args, event);
    for (const char *key = va_arg(args, const char *); key; key = va_arg(args, const char *))
        line_add_pair(&line, key, va_arg(args, const char *));
    va_end(args);
    line.data[line.size++] = '}';
    line.data[line.size++] = '\n';
    /* Where standard error is lost, there is nobody to tell. */
    ssize_t written = write(STDERR_FILENO, line.data, line.size);
    (void)written;
}
