#include "base/day.h"

enum { YEAR_FIRST = 1970, YEAR_LAST = 2199 };

static const char *digits_parse(const char *text, int count, int *ret_value)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return NULL;
        value = value * 10 + (text[i] - '0');
    }
    *ret_value = value;
    return text + count;
}

/* Reads `count` digits and the character after them; NULL when they are not there. Passing
 * NULL on makes a row of calls readable. */
static const char *field_parse(const char *text, int count, char after, int *ret_value)
{
    if (!text)
        return NULL;
    text = digits_parse(text, count, ret_value);
    return text && *text == after ? text + 1 : NULL;
}

static char *digits_write(char *text, int value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        text[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return text + count;
}

static int64_t floor_divide(int64_t value, int64_t by)
{
    int64_t quotient = value / by;
    return value % by < 0 ? quotient - 1 : quotient;
}

/* Years are counted from March, so that the leap day is the last of its year, in eras of 400
 * years, which all have the same number of days. */
enum {
    DAYS_PER_YEAR = 365,
    DAYS_PER_4_YEARS = 4 * DAYS_PER_YEAR + 1,
    DAYS_PER_100_YEARS = 25 * DAYS_PER_4_YEARS - 1,
    YEARS_PER_ERA = 400,
    DAYS_PER_ERA = 4 * DAYS_PER_100_YEARS + 1,
    DAYS_TO_1970 = 719468, /* from 0000-03-01 */
};

civil_day day_of(int year, int month, int day_of_month)
{
    assert(day_of_month >= 1 && day_of_month <= days_in_month(year, month));
    int64_t march_year = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = floor_divide(march_year, YEARS_PER_ERA);
    int64_t year_of_era = march_year - era * YEARS_PER_ERA;
    int march_month = (month + 9) % 12;
    int64_t day_of_year = (153 * march_month + 2) / 5 + day_of_month - 1;
    int64_t day_of_era =
        year_of_era * DAYS_PER_YEAR + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (civil_day)(era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970);
}

void day_split(civil_day day, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t from_march = (int64_t)day + DAYS_TO_1970;
    int64_t era = floor_divide(from_march, DAYS_PER_ERA);
    int64_t day_of_era = from_march - era * DAYS_PER_ERA;
    int64_t leap_days = day_of_era / (DAYS_PER_4_YEARS - 1) - day_of_era / DAYS_PER_100_YEARS +
                        day_of_era / (DAYS_PER_ERA - 1);
    int64_t year_of_era = (day_of_era - leap_days) / DAYS_PER_YEAR;
    int64_t day_of_year =
        day_of_era - (year_of_era * DAYS_PER_YEAR + year_of_era / 4 - year_of_era / 100);
    int march_month = (int)((5 * day_of_year + 2) / 153);
    *ret_day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
    *ret_month = march_month < 10 ? march_month + 3 : march_month - 9;
    *ret_year = (int)(era * YEARS_PER_ERA + year_of_era + (*ret_month <= 2));
}

int days_in_month(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    assert(month >= 1 && month <= 12);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : DAYS[month - 1];
}

/* Reads a date that is followed by `after`; returns what comes behind it, or NULL. */
static const char *date_parse(const char *text, char after, civil_day *ret_day)
{
    int year = 0;
    int month = 0;
    int day_of_month = 0;
    text = field_parse(text, 4, '-', &year);
    text = field_parse(text, 2, '-', &month);
    text = field_parse(text, 2, after, &day_of_month);
    if (!text || year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12)
        return NULL;
    if (day_of_month < 1 || day_of_month > days_in_month(year, month))
        return NULL;
    *ret_day = day_of(year, month, day_of_month);
    return text;
}

bool day_parse(const char *text, civil_day *ret_day)
{
    return date_parse(text, '\0', ret_day) != NULL;
}

static char *date_write(char *text, civil_day day)
{
    int year;
    int month;
    int day_of_month;
    day_split(day, &year, &month, &day_of_month);
    assert(year >= 0 && year <= 9999);
    text = digits_write(text, year, 4);
    *text++ = '-';
    text = digits_write(text, month, 2);
    *text++ = '-';
    return digits_write(text, day_of_month, 2);
}

void day_format(civil_day day, char ret_text[DAY_TEXT_SIZE])
{
    *date_write(ret_text, day) = '\0';
}

/* Reads one to three digits after a point, as milliseconds. */
static const char *fraction_parse(const char *text, int *ret_ms)
{
    int ms = 0;
    int step = 100;
    for (; *text >= '0' && *text <= '9'; text++) {
        ms += (*text - '0') * step;
        if (step == 0)
            return NULL;
        step /= 10;
    }
    *ret_ms = ms;
    return step == 100 ? NULL : text;
}

/* Reads "Z" or "+01:00", which ends the text. */
static bool offset_parse(const char *text, int *ret_minutes)
{
    if (text[0] == 'Z' || text[0] == 'z') {
        *ret_minutes = 0;
        return text[1] == '\0';
    }
    if (text[0] != '+' && text[0] != '-')
        return false;
    int hours = 0;
    int minutes = 0;
    const char *end = field_parse(text + 1, 2, ':', &hours);
    end = field_parse(end, 2, '\0', &minutes);
    if (!end || hours > 23 || minutes > 59)
        return false;
    *ret_minutes = (hours * 60 + minutes) * (text[0] == '-' ? -1 : 1);
    return true;
}

bool instant_parse(const char *text, instant *ret_at)
{
    civil_day day;
    const char *time_of_day = date_parse(text, 'T', &day);
    if (!time_of_day)
        time_of_day = date_parse(text, 't', &day);
    int hour = 0;
    int minute = 0;
    int second = 0;
    time_of_day = field_parse(time_of_day, 2, ':', &hour);
    time_of_day = field_parse(time_of_day, 2, ':', &minute);
    const char *rest = time_of_day ? digits_parse(time_of_day, 2, &second) : NULL;
    if (!rest || hour > 23 || minute > 59 || second > 59)
        return false;
    int ms = 0;
    if (*rest == '.')
        rest = fraction_parse(rest + 1, &ms);
    int offset_minutes = 0;
    if (!rest || !offset_parse(rest, &offset_minutes))
        return false;
    int64_t seconds = ((int64_t)hour * 60 + minute - offset_minutes) * 60 + second;
    *ret_at = day * MS_PER_DAY + seconds * 1000 + ms;
    return true;
}

void instant_format(instant at, char ret_text[INSTANT_TEXT_SIZE])
{
    civil_day day = (civil_day)floor_divide(at, MS_PER_DAY);
    int ms_of_day = (int)(at - day * MS_PER_DAY);
    int seconds = ms_of_day / 1000;
    char *text = date_write(ret_text, day);
    *text++ = 'T';
    text = digits_write(text, seconds / 3600, 2);
    *text++ = ':';
    text = digits_write(text, seconds / 60 % 60, 2);
    *text++ = ':';
    text = digits_write(text, seconds % 60, 2);
    if (ms_of_day % 1000 != 0) {
        *text++ = '.';
        text = digits_write(text, ms_of_day % 1000, 3);
    }
    *text++ = 'Z';
    *text = '\0';
}
