/* Reading a catalogue file without stopping at the first fault. Shared by the files that parse
 * and check one (catalog_file.c, catalog_offer.c, catalog_price.c, catalog_check.c); nobody
 * else includes it.
 *
 * The JSON reader stops at a fault; here each member is read for itself, its fault is noted,
 * and the next is read. So the reading functions return nothing, or say whether all went well.
 */
#pragma once

#include "base/json.h"
#include "base/list.h"
#include "catalog/catalog.h"

struct catalog_fault {
    size_t section;     /* where its line stands among the others */
    const char *place;  /* "offers/4/prices/0/billing" */
    const char *reason; /* "offer calls: …" */
};

/* Faults are told in the order of the file: its head, each offer, the tax rates. */
enum { SECTION_HEAD = 0, SECTION_FIRST_OFFER = 1 };
#define SECTION_TAX_RATES SIZE_MAX

struct catalog_reader {
    struct context *cx;  /* of the file's JSON */
    struct arena *arena; /* of the catalogue and its faults */
    LIST(struct catalog_fault) faults;
    size_t section;
    const char *offer; /* id of the offer being looked at, NULL when not known */
    bool *is_faulty;   /* per offer: something about it was refused */
};

/* Notes what is wrong at a place ("offers/4/id", no slash in front). */
[[gnu::format(printf, 3, 4)]] void catalog_refuse(struct catalog_reader *in, const char *place,
                                                  const char *format, ...);
/* The same for a member of the object that is being read. */
[[gnu::format(printf, 4, 5)]] void catalog_refuse_member(struct catalog_reader *in,
                                                         const struct json_reader *r,
                                                         const char *member, const char *format,
                                                         ...);

/* Notes the fault that a json_ function gave, if it gave one; says whether there was none. */
bool catalog_read_ok(struct catalog_reader *in, enum err err);

/* Each reads a member as its json_ function does. Says whether it is there and good; if not,
 * the output keeps its value. Texts are copied to the catalogue's arena. */
bool catalog_read_text(struct catalog_reader *in, struct json_reader *r, const char *member,
                       enum json_presence presence, const char **ret_text);
/* A word of at most ID_MAX bytes. */
bool catalog_read_word(struct catalog_reader *in, struct json_reader *r, const char *member,
                       enum json_presence presence, const char **ret_word);
bool catalog_read_choice(struct catalog_reader *in, struct json_reader *r, const char *member,
                         enum json_presence presence, const char *const *words, int *ret_index);
bool catalog_read_integer(struct catalog_reader *in, struct json_reader *r, const char *member,
                          int64_t min, int64_t max, int64_t *ret_value);
bool catalog_read_currency(struct catalog_reader *in, struct json_reader *r,
                           char ret_currency[CURRENCY_SIZE]);
/* A list of words without repetition; `count` is 0 when it is absent. */
struct catalog_words {
    const char *const *items;
    size_t count;
};
void catalog_read_words(struct catalog_reader *in, struct json_reader *r, const char *member,
                        size_t max_count, struct catalog_words *ret_words);

/* Refuses the members that were never asked for. */
void catalog_read_rest(struct catalog_reader *in, const struct json_reader *r);

bool offer_id_is_good(const char *id);
bool country_is_good(const char *country);

/* catalog_offer.c, catalog_price.c: an offer and its prices, as the file has them. */
void catalog_read_offer(struct catalog_reader *in, struct json_reader *r, struct offer *offer);
void catalog_read_prices(struct catalog_reader *in, struct json_reader *r, struct offer *offer);

/* catalog_check.c: what can only be judged when all offers are known (rules §1). */
void catalog_check(struct catalog_reader *in, const struct catalog *catalog);
