/* Sentences in a person's language, from the embedded messages/{en,fr}.po. */
#pragma once

#include "base/context.h"

/* Returns the sentence of `key` in the language with {placeholders} filled from the fault's
 * arguments; an absent argument leaves nothing. Falls back to English, then to the key. */
const char *message_render(struct arena *arena, const char *language, const char *key,
                           const struct fault *fault);

/* The sentence as the file has it, {placeholders} and all. */
const char *message_template(const char *language, const char *key);

/* The same of a sentence with plural forms, the one for `count` (English: one, or more; French:
 * up to one, or more); NULL when it has none. */
const char *message_plural(struct arena *arena, const char *language, const char *key,
                           int64_t count);

/* The sentence with placeholders filled from pairs of name and value, ended by NULL. */
[[gnu::sentinel]] const char *message_say(const struct context *cx, const char *key, ...);
/* The form for `count`, whose number {count} is, and the same pairs. */
[[gnu::sentinel]] const char *message_count(const struct context *cx, const char *key,
                                            int64_t count, ...);

/* The sentence of the fault itself ("error.<code>"). */
const char *message_fault(struct arena *arena, const char *language, const struct fault *fault);
/* What a reason says ("reason.<code>"). */
const char *message_reason(struct arena *arena, const char *language, const struct reason *reason);
/* What would remove it ("remedy.<code>"); NULL when nothing would. */
const char *message_remedy(struct arena *arena, const char *language, const struct reason *reason);

/* Parses the embedded files; called once at start (idempotent, not thread-safe). */
void message_start(void);
