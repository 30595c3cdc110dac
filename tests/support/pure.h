/* Contexts for tests of pure functions: an arena, a day, ids from a number. */
#pragma once

#include "base/context.h"
#include "base/day.h"

/* A context whose ids are the same on every run. */
struct context pure_context(void);
/* Forgets all that was allocated and what went wrong. */
void pure_reset(struct context *cx);
void pure_end(struct context *cx);

/* "2026-01-13" → its day; the text must be one. */
civil_day pure_day(const char *text);
