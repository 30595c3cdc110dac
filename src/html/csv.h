/* Lists as files for spreadsheets (RFC 4180). */
#pragma once

#include "base/buf.h"

/* Begins a file with the mark by which spreadsheets know its letters. */
struct buf csv_begin(struct arena *arena);
/* Adds a field; the last one ends its row. A spreadsheet must not take a name for a formula. */
void csv_field(struct buf *csv, const char *text, bool is_last);
/* The same of a text that this program made: a number may begin with its sign. */
void csv_number(struct buf *csv, const char *text, bool is_last);
