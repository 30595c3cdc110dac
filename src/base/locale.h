/* Amounts, numbers, dates and order of names, as a language has them; what ICU says of it is read
 * once at start (locale_start), so that formatting is quick and shared by all threads. English is
 * British: "€1,234.56", "13 Feb 2026"; French: "1 234,56 €", "13 févr. 2026". */
#pragma once

#include "base/arena.h"
#include "base/day.h"
#include "base/money.h"

/* Called once at start (idempotent, not thread-safe). */
void locale_start(void);

const char *locale_integer(struct arena *arena, const char *language, int64_t number);
const char *locale_money(struct arena *arena, const char *language, struct money amount);
/* A price of one unit, with as many decimals as it has, and at least those of its currency. */
const char *locale_unit_price(struct arena *arena, const char *language, struct unit_price price,
                              const char *currency);
/* An amount for spreadsheets: digits, and the language's mark before the decimals. */
const char *locale_decimal(struct arena *arena, const char *language, struct money amount);
const char *locale_day(struct arena *arena, const char *language, civil_day day);
/* An instant to the minute, in a time zone: "13 Feb 2026, 14:05". */
const char *locale_moment(struct arena *arena, const char *language, const char *zone, instant at);
/* The name of a country: "FR" is "France". What is no code of a country is given back. */
const char *locale_country(struct arena *arena, const char *language, const char *code);
/* The month of a day: "Feb 2026". */
const char *locale_month(struct arena *arena, const char *language, civil_day day);
/* Does the text have the wanted one in it? Case and accents do not count: "ines" finds "Inès". */
bool locale_finds(const char *text, const char *wanted);
/* As an int for sorting: names as the language sorts them. */
int locale_compare(const char *language, const char *a, const char *b);
