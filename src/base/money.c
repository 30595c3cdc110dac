#include "base/money.h"

static const int64_t MICROS_PER_UNIT = 1000000;
/* A percentage is in millionths of a hundredth. */
static const int64_t PERCENT_MICROS_PER_WHOLE = 100 * 1000000;

struct unit_price unit_price_of_minor(int64_t minor)
{
    return (struct unit_price){.micros = minor * MICROS_PER_UNIT};
}

struct money money_of(int64_t minor, const char *currency)
{
    assert(strlen(currency) == CURRENCY_SIZE - 1);
    struct money amount = {.minor = minor};
    memcpy(amount.currency, currency, CURRENCY_SIZE);
    return amount;
}

struct money money_zero(const char *currency)
{
    return money_of(0, currency);
}

static void assert_same_currency(const struct money *a, const struct money *b)
{
    assert(memcmp(a->currency, b->currency, CURRENCY_SIZE) == 0);
}

struct money money_add(struct money a, struct money b)
{
    assert_same_currency(&a, &b);
    bool overflow = __builtin_add_overflow(a.minor, b.minor, &a.minor);
    assert(!overflow);
    return a;
}

struct money money_subtract(struct money a, struct money b)
{
    assert_same_currency(&a, &b);
    bool overflow = __builtin_sub_overflow(a.minor, b.minor, &a.minor);
    assert(!overflow);
    return a;
}

struct money money_negate(struct money a)
{
    return money_subtract(money_zero(a.currency), a);
}

struct money money_least(struct money a, struct money b)
{
    return money_compare(a, b) <= 0 ? a : b;
}

int money_compare(struct money a, struct money b)
{
    assert_same_currency(&a, &b);
    return (a.minor > b.minor) - (a.minor < b.minor);
}

int money_sign(struct money a)
{
    return (a.minor > 0) - (a.minor < 0);
}

bool money_is_zero(struct money a)
{
    return a.minor == 0;
}

int64_t round_half_away(int128 numerator, int128 denominator)
{
    assert(denominator > 0);
    int128 quotient = numerator / denominator;
    int128 rest = numerator % denominator;
    int128 distance = rest < 0 ? -rest : rest;
    /* 2 × distance ≥ denominator, without the product */
    if (distance >= denominator - distance)
        quotient += distance == 0 ? 0 : numerator < 0 ? -1 : 1;
    assert(quotient >= INT64_MIN && quotient <= INT64_MAX);
    return (int64_t)quotient;
}

struct money money_fraction(struct unit_price unit, int64_t quantity, int64_t part, int64_t whole,
                            const char *currency)
{
    assert(whole > 0);
    int128 numerator = (int128)unit.micros * quantity;
    bool overflow = __builtin_mul_overflow(numerator, part, &numerator);
    assert(!overflow);
    return money_of(round_half_away(numerator, (int128)whole * MICROS_PER_UNIT), currency);
}

struct money money_share(struct money amount, int64_t part, int64_t whole)
{
    return money_of(round_half_away((int128)amount.minor * part, whole), amount.currency);
}

int64_t money_parts(struct money amount, struct money whole, int64_t parts)
{
    return whole.minor > 0 ? (int64_t)((int128)amount.minor * parts / whole.minor) : 0;
}

struct money money_percent(struct money amount, int64_t percent_micros)
{
    int128 numerator = (int128)amount.minor * percent_micros;
    return money_of(round_half_away(numerator, PERCENT_MICROS_PER_WHOLE), amount.currency);
}

/* Appends a digit to a number of one sign; false when it does not fit. */
static bool digit_append(int64_t *value, char c, bool negative)
{
    int digit = negative ? '0' - c : c - '0';
    return !__builtin_mul_overflow(*value, 10, value) &&
           !__builtin_add_overflow(*value, digit, value);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool decimal_parse(const char *text, int decimals, int64_t *ret_value)
{
    bool negative = *text == '-';
    text += negative;
    if (!is_digit(text[0]) || (text[0] == '0' && is_digit(text[1])))
        return false;
    int64_t value = 0;
    for (; is_digit(*text); text++) {
        if (!digit_append(&value, *text, negative))
            return false;
    }
    bool has_point = *text == '.';
    text += has_point;
    if (has_point && !is_digit(*text))
        return false;
    int left = decimals;
    for (; is_digit(*text) && left > 0; text++, left--) {
        if (!digit_append(&value, *text, negative))
            return false;
    }
    if (*text != '\0')
        return false;
    for (; left > 0; left--) {
        if (!digit_append(&value, '0', negative))
            return false;
    }
    *ret_value = value;
    return true;
}

/* Writes the number with all its decimals; returns the place of its end. */
static char *decimal_write(int64_t value, int decimals, char *ret_text)
{
    char reversed[DECIMAL_SIZE];
    int size = 0;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    for (int i = 0; i <= decimals || rest > 0; i++) {
        if (i == decimals && decimals > 0)
            reversed[size++] = '.';
        reversed[size++] = (char)('0' + rest % 10);
        rest /= 10;
    }
    char *end = ret_text;
    if (value < 0)
        *end++ = '-';
    while (size > 0)
        *end++ = reversed[--size];
    *end = '\0';
    return end;
}

void decimal_format(int64_t value, int decimals, char ret_text[DECIMAL_SIZE])
{
    assert(decimals >= 0 && decimals <= 18);
    char *end = decimal_write(value, decimals, ret_text);
    if (decimals == 0)
        return;
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        *--end = '\0';
}

void money_format(struct money amount, char ret_text[MONEY_TEXT_SIZE])
{
    int decimals = currency_decimals(amount.currency);
    char *end = decimal_write(amount.minor, decimals < 0 ? 2 : decimals, ret_text);
    *end++ = ' ';
    memcpy(end, amount.currency, CURRENCY_SIZE);
}

/* Active currencies of ISO 4217 by the decimals of their minor unit; funds and metals, which
 * nobody pays with, are left out. */
static const char DECIMALS_0[] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
static const char DECIMALS_2[] =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ "
    "GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL "
    "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR "
    "PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT "
    "TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";
static const char DECIMALS_3[] = "BHD IQD JOD KWD LYD OMR TND";

static bool is_in_list(const char *currency, const char *list)
{
    const char *found = strstr(list, currency);
    return found && (found - list) % CURRENCY_SIZE == 0;
}

int currency_decimals(const char *currency)
{
    if (strlen(currency) != CURRENCY_SIZE - 1)
        return -1;
    if (is_in_list(currency, DECIMALS_2))
        return 2;
    if (is_in_list(currency, DECIMALS_0))
        return 0;
    return is_in_list(currency, DECIMALS_3) ? 3 : -1;
}
