/* Civil days, instants and time zones (rules §0: an instant is turned into its civil day once,
 * when it is written down).
 *
 * A civil day is the number of days since 1970-01-01; an instant is milliseconds since
 * 1970-01-01T00:00:00Z. Intervals are half-open.
 */
#pragma once

#include <stdint.h>

typedef int32_t civil_day;
typedef int64_t instant;

enum { DAY_NONE = INT32_MIN };   /* no day: NULL in SQL, null in JSON */
enum { DAY_TEXT_SIZE = 16 };     /* "2026-01-13" */
enum { INSTANT_TEXT_SIZE = 32 }; /* "2026-01-13T21:55:18.123Z" */
#define INSTANT_NONE INT64_MIN
#define MS_PER_HOUR ((instant)3600 * 1000)
#define MS_PER_DAY (24 * MS_PER_HOUR)

civil_day day_of(int year, int month, int day_of_month);
void day_split(civil_day day, int *ret_year, int *ret_month, int *ret_day);
int days_in_month(int year, int month);

/* Parses "YYYY-MM-DD"; false for a date that does not exist or lies outside 1970–2199. */
bool day_parse(const char *text, civil_day *ret_day);
void day_format(civil_day day, char ret_text[DAY_TEXT_SIZE]);

/* Parses RFC 3339 in UTC or with an offset; false when it is not an instant. */
bool instant_parse(const char *text, instant *ret_at);
/* Prints in UTC, with milliseconds only when there are some. */
void instant_format(instant at, char ret_text[INSTANT_TEXT_SIZE]);

/* Says whether ICU knows the zone ("Europe/Paris", "UTC"). */
bool zone_is_known(const char *zone);
/* The civil day of an instant in a zone. */
civil_day zone_day(const char *zone, instant at);
/* The minute of that day that its clocks show: 845 at 14:05. */
int zone_minute(const char *zone, instant at);
/* The first instant of a civil day in a zone (00:00, or the end of a gap that swallows it). */
instant zone_start_of_day(const char *zone, civil_day day);
