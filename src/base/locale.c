#include "base/locale.h"

#include <unicode/ucol.h>
#include <unicode/udat.h>
#include <unicode/uloc.h>
#include <unicode/unorm2.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

#include "base/buf.h"

enum { LANGUAGES = 2, SIGN_SIZE = 24, MONTH_SIZE = 24, CURRENCIES_MAX = 64 };

/* What stands before and behind the digits of an amount. */
struct affixes {
    char currency[CURRENCY_SIZE];
    char before[SIGN_SIZE];
    char behind[SIGN_SIZE];
    char negative_before[SIGN_SIZE];
    char negative_behind[SIGN_SIZE];
};

struct locale {
    const char *language;
    const char *icu;
    char decimal[SIGN_SIZE];
    char grouping[SIGN_SIZE];
    char minus[SIGN_SIZE];
    char months[12][MONTH_SIZE];
    struct affixes currencies[CURRENCIES_MAX];
    size_t currency_count;
    UCollator *collator;
};

/* Written once at start and only read afterwards. English comes first: others fall back to it. */
static struct locale locales[LANGUAGES] = {
    {.language = "en", .icu = "en_GB"},
    {.language = "fr", .icu = "fr_FR"},
};
static bool started;

/* Those that a page names; others are written with their code. */
static const char *const CURRENCIES[] = {"EUR", "USD", "GBP", "CHF", "CAD", "AUD", "JPY", "SEK",
                                         "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "BRL",
                                         "INR", "CNY", "MXN", "NZD", "ZAR", "SGD", "HKD", "KRW",
                                         "TND", "MAD", "KWD", "BHD", "JOD", "ISK"};

static void narrow(const UChar *text, char *ret_text, int32_t size)
{
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8(ret_text, size, NULL, text, -1, &status);
    assert(U_SUCCESS(status));
}

static void read_symbol(const UNumberFormat *format, UNumberFormatSymbol symbol,
                        char ret_text[SIGN_SIZE])
{
    UChar text[SIGN_SIZE];
    UErrorCode status = U_ZERO_ERROR;
    unum_getSymbol(format, symbol, text, SIGN_SIZE, &status);
    assert(U_SUCCESS(status));
    narrow(text, ret_text, SIGN_SIZE);
}

/* A minus as it is set; that of the locales is the hyphen of a keyboard. */
#define MINUS "\u2212"

/* Splits "-1,00 €" around its digits. */
static void split(const char *text, char before[SIGN_SIZE], char behind[SIGN_SIZE])
{
    static const char DIGITS[] = "0123456789";
    size_t first = strcspn(text, DIGITS);
    size_t last = strlen(text);
    while (last > 0 && strchr(DIGITS, text[last - 1]) == NULL)
        last--;
    assert(first < last);
    snprintf(before, SIGN_SIZE, "%.*s", (int)first, text);
    snprintf(behind, SIGN_SIZE, "%s", text + last);
}

static void read_affixes(UNumberFormat *format, const char *currency, struct affixes *affixes)
{
    enum { TEXT_SIZE = 64 };
    UChar code[CURRENCY_SIZE], wide[TEXT_SIZE];
    char text[TEXT_SIZE * 3];
    u_uastrcpy(code, currency);
    snprintf(affixes->currency, CURRENCY_SIZE, "%s", currency);
    for (int sign = 1; sign >= -1; sign -= 2) {
        UErrorCode status = U_ZERO_ERROR;
        unum_setTextAttribute(format, UNUM_CURRENCY_CODE, code, -1, &status);
        unum_formatInt64(format, sign, wide, TEXT_SIZE, NULL, &status);
        assert(U_SUCCESS(status));
        for (UChar *sign_at = wide; *sign_at != 0; sign_at++)
            if (*sign_at == '-')
                *sign_at = 0x2212;
        narrow(wide, text, sizeof text);
        split(text, sign > 0 ? affixes->before : affixes->negative_before,
              sign > 0 ? affixes->behind : affixes->negative_behind);
    }
}

static void read_numbers(struct locale *locale)
{
    UErrorCode status = U_ZERO_ERROR;
    UNumberFormat *format = unum_open(UNUM_CURRENCY, NULL, 0, locale->icu, NULL, &status);
    assert(U_SUCCESS(status));
    read_symbol(format, UNUM_DECIMAL_SEPARATOR_SYMBOL, locale->decimal);
    read_symbol(format, UNUM_GROUPING_SEPARATOR_SYMBOL, locale->grouping);
    snprintf(locale->minus, SIGN_SIZE, "%s", MINUS);
    static_assert(sizeof CURRENCIES / sizeof *CURRENCIES <= CURRENCIES_MAX, "room for all");
    for (size_t i = 0; i < sizeof CURRENCIES / sizeof *CURRENCIES; i++)
        read_affixes(format, CURRENCIES[i], &locale->currencies[locale->currency_count++]);
    unum_close(format);
}

static void read_months(struct locale *locale)
{
    UErrorCode status = U_ZERO_ERROR;
    UDateFormat *format = udat_open(UDAT_NONE, UDAT_MEDIUM, locale->icu, NULL, 0, NULL, 0, &status);
    assert(U_SUCCESS(status));
    for (int month = 0; month < 12; month++) {
        UChar text[MONTH_SIZE];
        udat_getSymbols(format, UDAT_SHORT_MONTHS, month, text, MONTH_SIZE, &status);
        assert(U_SUCCESS(status));
        narrow(text, locale->months[month], MONTH_SIZE);
    }
    udat_close(format);
}

void locale_start(void)
{
    for (size_t i = 0; i < LANGUAGES && !started; i++) {
        UErrorCode status = U_ZERO_ERROR;
        read_numbers(&locales[i]);
        read_months(&locales[i]);
        locales[i].collator = ucol_open(locales[i].icu, &status);
        assert(U_SUCCESS(status));
    }
    started = true;
}

static const struct locale *locale_of(const char *language)
{
    assert(started);
    return strcmp(language, locales[1].language) == 0 ? &locales[1] : &locales[0];
}

/* Adds digits in groups of three. */
static void add_grouped(struct buf *buf, const struct locale *locale, const char *digits,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            buf_add_text(buf, locale->grouping);
        buf_add(buf, digits + i, 1);
    }
}

const char *locale_integer(struct arena *arena, const char *language, int64_t number)
{
    const struct locale *locale = locale_of(language);
    char text[DECIMAL_SIZE];
    decimal_format(number, 0, text);
    bool negative = text[0] == '-';
    struct buf buf = buf_create(arena);
    if (negative)
        buf_add_text(&buf, locale->minus);
    add_grouped(&buf, locale, text + negative, strlen(text) - negative);
    return buf_text(&buf);
}

static const struct affixes *affixes_of(const struct locale *locale, const char *currency)
{
    for (size_t i = 0; i < locale->currency_count; i++)
        if (strcmp(locale->currencies[i].currency, currency) == 0)
            return &locale->currencies[i];
    return NULL;
}

/* Says a plain decimal ("-1234.5") of a currency with at least `decimals` decimals. */
static const char *say_amount(struct arena *arena, const char *language, const char *plain,
                              int decimals, const char *currency)
{
    const struct locale *locale = locale_of(language);
    const struct affixes *affixes = affixes_of(locale, currency);
    bool negative = plain[0] == '-';
    const char *digits = plain + negative;
    size_t whole = strcspn(digits, ".");
    const char *rest = digits[whole] == '.' ? digits + whole + 1 : "";
    struct buf buf = buf_create(arena);
    if (affixes != NULL)
        buf_add_text(&buf, negative ? affixes->negative_before : affixes->before);
    else
        buf_print(&buf, "%s%s ", negative ? locale->minus : "", currency);
    add_grouped(&buf, locale, digits, whole);
    if (decimals > 0 || rest[0] != '\0')
        buf_print(&buf, "%s%s", locale->decimal, rest);
    for (int i = (int)strlen(rest); i < decimals; i++)
        buf_add_text(&buf, "0");
    if (affixes != NULL)
        buf_add_text(&buf, negative ? affixes->negative_behind : affixes->behind);
    return buf_text(&buf);
}

const char *locale_money(struct arena *arena, const char *language, struct money amount)
{
    char text[MONEY_TEXT_SIZE];
    money_format(amount, text);
    text[strcspn(text, " ")] = '\0';
    return say_amount(arena, language, text, currency_decimals(amount.currency), amount.currency);
}

const char *locale_unit_price(struct arena *arena, const char *language, struct unit_price price,
                              const char *currency)
{
    char text[DECIMAL_SIZE];
    int decimals = currency_decimals(currency);
    decimal_format(price.micros, 6 + decimals, text);
    return say_amount(arena, language, text, decimals, currency);
}

const char *locale_decimal(struct arena *arena, const char *language, struct money amount)
{
    char text[MONEY_TEXT_SIZE];
    money_format(amount, text);
    text[strcspn(text, " ")] = '\0';
    size_t whole = strcspn(text, ".");
    if (text[whole] == '\0')
        return arena_copy(arena, text);
    return arena_print(arena, "%.*s%s%s", (int)whole, text, locale_of(language)->decimal,
                       text + whole + 1);
}

const char *locale_day(struct arena *arena, const char *language, civil_day day)
{
    int year, month, day_of_month;
    day_split(day, &year, &month, &day_of_month);
    return arena_print(arena, "%d\u00a0%s\u00a0%d", day_of_month,
                       locale_of(language)->months[month - 1], year);
}

const char *locale_moment(struct arena *arena, const char *language, const char *zone, instant at)
{
    int minute = zone_minute(zone, at);
    return arena_print(arena, "%s, %02d:%02d", locale_day(arena, language, zone_day(zone, at)),
                       minute / 60, minute % 60);
}

const char *locale_country(struct arena *arena, const char *language, const char *code)
{
    enum { NAME_UNITS = 128, NAME_BYTES = NAME_UNITS * 3 + 1 };
    UErrorCode status = U_ZERO_ERROR;
    UChar name[NAME_UNITS];
    char text[NAME_BYTES];
    int32_t size;
    uloc_getDisplayCountry(arena_print(arena, "und_%s", code), locale_of(language)->icu, name,
                           NAME_UNITS, &status);
    u_strToUTF8(text, NAME_BYTES, &size, name, -1, &status);
    return U_SUCCESS(status) ? arena_copy(arena, text) : arena_copy(arena, code);
}

enum { FOLDED_MAX = 2048 };

/* Letters alone, without case; false for what is longer than any name. */
static bool fold(const char *text, UChar ret_folded[FOLDED_MAX])
{
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[FOLDED_MAX], apart[FOLDED_MAX];
    int32_t size, kept = 0;
    u_strFromUTF8(wide, FOLDED_MAX, &size, text, -1, &status);
    size = unorm2_normalize(unorm2_getNFDInstance(&status), wide, size, apart, FOLDED_MAX, &status);
    for (int32_t i = 0; U_SUCCESS(status) && i < size; i++) {
        if (u_charType(apart[i]) != U_NON_SPACING_MARK)
            apart[kept++] = apart[i];
    }
    u_strFoldCase(ret_folded, FOLDED_MAX, apart, kept, U_FOLD_CASE_DEFAULT, &status);
    return U_SUCCESS(status) && status != U_STRING_NOT_TERMINATED_WARNING;
}

bool locale_finds(const char *text, const char *wanted)
{
    UChar in[FOLDED_MAX], what[FOLDED_MAX];
    return wanted[0] == '\0' ||
           (fold(text, in) && fold(wanted, what) && u_strstr(in, what) != NULL);
}

int locale_compare(const char *language, const char *a, const char *b)
{
    UErrorCode status = U_ZERO_ERROR;
    return ucol_strcollUTF8(locale_of(language)->collator, a, -1, b, -1, &status);
}

const char *locale_month(struct arena *arena, const char *language, civil_day day)
{
    int year, month, day_of_month;
    day_split(day, &year, &month, &day_of_month);
    return arena_print(arena, "%s\u00a0%d", locale_of(language)->months[month - 1], year);
}
