/* Amounts of money: integers of minor units with their currency, never floating point
 * (rules §0). Members are touched only in money.c, in stores and in codecs.
 *
 * Quantities and prices are bounded at the door (limits.h), so that no sum can overflow;
 * the functions assert it all the same.
 */
#pragma once

#include <stdint.h>

/* For products of prices, quantities and days, which 64 bits do not hold. */
__extension__ typedef __int128 int128;

enum { CURRENCY_SIZE = 4 }; /* three letters and the end */

struct money {
    int64_t minor;
    char currency[CURRENCY_SIZE];
};

/* A price of one unit: millionths of a minor unit (formats: up to six decimals). */
struct unit_price {
    int64_t micros;
};

/* The price of a unit that costs whole minor units. */
struct unit_price unit_price_of_minor(int64_t minor);

struct money money_of(int64_t minor, const char *currency);
struct money money_zero(const char *currency);

/* Sums and differences; both sides have the same currency (asserted). */
struct money money_add(struct money a, struct money b);
struct money money_subtract(struct money a, struct money b);
struct money money_negate(struct money a);
struct money money_least(struct money a, struct money b);

/* -1, 0 or 1. */
int money_compare(struct money a, struct money b);
int money_sign(struct money a);
bool money_is_zero(struct money a);

/* numerator / denominator rounded to the nearest integer, halves away from zero (rules §6).
 * The denominator is positive. */
int64_t round_half_away(int128 numerator, int128 denominator);

/* unit × quantity × part ÷ whole, one exact fraction, rounded once, halves away from zero. */
struct money money_fraction(struct unit_price unit, int64_t quantity, int64_t part, int64_t whole,
                            const char *currency);

/* amount × part ÷ whole, rounded half away; whole is positive. */
struct money money_share(struct money amount, int64_t part, int64_t whole);

/* How many of `parts` equal parts of `whole` an amount is, rounded down; 0 of nothing. For
 * pictures. */
int64_t money_parts(struct money amount, struct money whole, int64_t parts);

/* amount × percent, where percent is in millionths of a percent (20 % = 20 000 000). */
struct money money_percent(struct money amount, int64_t percent_micros);

/* Parses a decimal such as "12.5" with at most `decimals` decimals into an integer of its
 * smallest step; false when it is not one or does not fit. Used for unit prices and rates. */
bool decimal_parse(const char *text, int decimals, int64_t *ret_value);

/* Prints the shortest decimal of an integer with `decimals` decimals ("0.125", "1250"). */
enum { DECIMAL_SIZE = 32 };
void decimal_format(int64_t value, int decimals, char ret_text[DECIMAL_SIZE]);

/* Prints an amount for people who read English files and consoles: "12.50 EUR". */
enum { MONEY_TEXT_SIZE = 40 };
void money_format(struct money amount, char ret_text[MONEY_TEXT_SIZE]);

/* Decimals of a currency's minor unit by ISO 4217 (EUR 2, JPY 0); -1 when it is not known. */
int currency_decimals(const char *currency);
