/* Structured log lines on standard error: one JSON object a line, keys and values in pairs.
 * Secrets are never given to it: keys, tokens, passwords and card tokens have no logger. */
#pragma once

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR, LOG_NOTHING };

/* Pairs of key and text, ended by NULL. */
[[gnu::sentinel]] void log_line(enum log_level level, const char *event, ...);
void log_set_level(enum log_level level);
/* Would a line of the level be written? For lines that cost something to make. */
bool log_wants(enum log_level level);
