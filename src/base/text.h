/* Characters: UTF-8, the escapes of JSON, and base32. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Bytes of the UTF-8 character at the start of `text`; 0 when it is not one (or size is 0). */
size_t utf8_length(const char *text, size_t size);

/* Says whether the text holds a control character (C0, DEL or C1). */
bool text_has_controls(const char *text);

/* Says whether it has at most so many bytes, and no control characters but the ends of lines. */
bool text_is_prose(const char *text, size_t most);

/* Replaces what a console must not get, control characters and broken ones, by question marks.
 * What a library says of a file may hold pieces of the file. Returns `text`. */
char *text_make_printable(char *text);

/* Writes the next character of a text as it stands inside a JSON string, and returns the bytes
 * it took from `text` (size > 0). What is not UTF-8 becomes U+FFFD, byte by byte. */
enum { JSON_ESCAPE_MAX = 6 };
size_t text_escape(const char *text, size_t size, char ret_escaped[JSON_ESCAPE_MAX],
                   size_t *ret_size);

/* Writes the lowest 5 × `digits` bits as lower-case Crockford base32; no end is added. */
void base32_write(uint64_t bits, int digits, char *ret_digits);
bool base32_is_digit(char c);
