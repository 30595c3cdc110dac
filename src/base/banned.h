/* Read before the first line of every file (the Makefile gives it with -include).
 *
 * It supplies `bool` and `static_assert`, which both compilers will know by themselves in
 * later versions, and turns calls that are unsafe, depend on the locale, or hide state into
 * errors of the compiler. What only some folders may call (malloc, time, pthread_*, …) is
 * judged by tools/check/words.
 */
#pragma once

/* The declarations come first: a poisoned name may not even be declared afterwards. */
#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

/* glibc may define these two as macros, which cannot be poisoned. */
#undef sprintf
#undef vsprintf

/* Unbounded or silently cutting copies: use buf_print, arena_print, snprintf. */
#pragma GCC poison strcpy strcat stpcpy strncpy strncat sprintf vsprintf gets
/* Numbers without a check of overflow or of what follows them: use strtoll, day_parse, …. */
#pragma GCC poison atoi atol atoll atof sscanf fscanf scanf
/* State kept between calls, shared by all threads. */
#pragma GCC poison strtok asctime ctime gmtime localtime strerror
/* A shell, and names of temporary files that another can take first. */
#pragma GCC poison system popen mktemp tmpnam tempnam
