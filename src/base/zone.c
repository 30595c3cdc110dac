/* Time zones by ICU. A calendar is opened for each question: with ICU's own cache of zones it
 * takes a few microseconds, and nothing is kept between calls or shared by threads. UTC, the
 * zone of most simulations, does not need ICU. */
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "base/day.h"

enum { ZONE_SIZE = 64 };

static bool zone_is_utc(const char *zone)
{
    return strcmp(zone, "UTC") == 0;
}

/* Zones have names of plain ASCII; false when this can't be one. */
static bool zone_widen(const char *zone, UChar ret_name[ZONE_SIZE])
{
    size_t size = strlen(zone);
    if (size == 0 || size >= ZONE_SIZE)
        return false;
    for (size_t i = 0; i <= size; i++) {
        unsigned char c = (unsigned char)zone[i];
        if (c > 0x7e)
            return false;
        ret_name[i] = c;
    }
    return true;
}

bool zone_is_known(const char *zone)
{
    if (zone_is_utc(zone))
        return true;
    UChar name[ZONE_SIZE];
    if (!zone_widen(zone, name))
        return false;
    UChar canonical[ZONE_SIZE];
    UBool is_system = false;
    UErrorCode status = U_ZERO_ERROR;
    ucal_getCanonicalTimeZoneID(name, -1, canonical, ZONE_SIZE, &is_system, &status);
    /* What ICU makes up itself ("GMT+3:30") or says of nothing ("Etc/Unknown") is no zone. */
    return U_SUCCESS(status) && is_system && strcmp(zone, "Etc/Unknown") != 0;
}

static UCalendar *calendar_open(const char *zone)
{
    UChar name[ZONE_SIZE];
    bool fits = zone_widen(zone, name);
    assert(fits);
    UErrorCode status = U_ZERO_ERROR;
    UCalendar *calendar = ucal_open(name, -1, "en_US", UCAL_GREGORIAN, &status);
    assert(U_SUCCESS(status));
    return calendar;
}

/* An instant as the clocks of the zone show it. ICU counts milliseconds in a type of its own that
 * is exact for whole ones below 2^53. */
static instant zone_shift(const char *zone, instant at)
{
    if (zone_is_utc(zone))
        return at;
    UCalendar *calendar = calendar_open(zone);
    UErrorCode status = U_ZERO_ERROR;
    ucal_setMillis(calendar, (UDate)at, &status);
    instant local = at + ucal_get(calendar, UCAL_ZONE_OFFSET, &status);
    local += ucal_get(calendar, UCAL_DST_OFFSET, &status);
    ucal_close(calendar);
    assert(U_SUCCESS(status));
    return local;
}

civil_day zone_day(const char *zone, instant at)
{
    instant local = zone_shift(zone, at);
    instant rest = local % MS_PER_DAY;
    return (civil_day)(local / MS_PER_DAY - (rest < 0));
}

int zone_minute(const char *zone, instant at)
{
    enum { MS_PER_MINUTE = 60000 };
    instant rest = zone_shift(zone, at) % MS_PER_DAY;
    return (int)((rest < 0 ? rest + MS_PER_DAY : rest) / MS_PER_MINUTE);
}

instant zone_start_of_day(const char *zone, civil_day day)
{
    if (zone_is_utc(zone))
        return day * MS_PER_DAY;
    int year;
    int month;
    int day_of_month;
    day_split(day, &year, &month, &day_of_month);
    UCalendar *calendar = calendar_open(zone);
    ucal_setAttribute(calendar, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
    ucal_setAttribute(calendar, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_NEXT_VALID);
    UErrorCode status = U_ZERO_ERROR;
    ucal_clear(calendar);
    ucal_setDateTime(calendar, year, month - 1, day_of_month, 0, 0, 0, &status);
    instant at = (instant)ucal_getMillis(calendar, &status);
    ucal_close(calendar);
    assert(U_SUCCESS(status));
    return at;
}
