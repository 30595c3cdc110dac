/* What a catalogue file is refused for: each row is a file and all its faults. The files are
 * written with ' for ", so that a row stays readable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "catalog/catalog_file.h"
#include "support/pure.h"

#define OFFER(id, kind, rest)                                                                      \
    "{'id':'" id "','kind':'" kind "','name':{'en':'N','fr':'N'},'unit':'user'" rest "}"
#define PRICE(term, billing)                                                                       \
    "{'currency':'EUR','term':'" term "','billing':'" billing "','unit_amount':100}"
#define MONTHLY ",'prices':[" PRICE("P1M", "monthly") "]"
#define FILE_OF(offers) "{'version':'1','offers':[" offers "]}"
#define SUITE OFFER("suite", "base", MONTHLY)

#define ADDON(id, members) OFFER(id, "standalone_addon", members MONTHLY)

/* Beside the base `suite` at 0, offer 1 has these members more. */
#define BASE(members) FILE_OF(SUITE "," OFFER("plus", "base", members MONTHLY))
#define CALLS(members) FILE_OF(SUITE "," OFFER("calls", "standalone_addon", members MONTHLY))
#define STORE(members) FILE_OF(SUITE "," OFFER("store", "traditional_addon", members MONTHLY))
/* The only offer has these prices. */
#define PRICES(prices) FILE_OF(OFFER("suite", "base", ",'prices':[" prices "]"))
#define TIERS(steps)                                                                               \
    PRICES("{'currency':'EUR','term':'P1M','billing':'monthly',"                                   \
           "'tiers':{'mode':'volume','steps':[" steps "]}}")
#define RATES(rates) "{'version':'1','offers':[],'tax_rates':[" rates "]}"

struct row {
    const char *file;
    const char *faults; /* a line each */
};

static const struct row HEADS[] = {
    {"", "line 1 column 0: '[' or '{' expected near end of file"},
    {"[]", "line 1 column 1: must be an object"},
    {"{'version':'1','offers':[],'offers':[]}",
     "line 1 column 35: duplicate object key near '\"offers\"'"},
    {"{'offers':[]}", "version: is required"},
    {"{'version':'','offers':[]}", "version: must not be empty"},
    {"{'version':7,'offers':[]}", "version: must be a text"},
    {"{'version':'1'}", "offers: is required"},
    {"{'version':'1','offers':{}}", "offers: must be an array of at most 2000 items"},
    {"{'version':'1','offers':[7]}", "offers/0: must be an object"},
    {"{'version':'1','offers':[],'offer':[]}", "offer: unknown member"},
    {"{'offer':1,'offers':[],'tax':2}",
     "version: is required\noffer: unknown member\ntax: unknown member"},
    {FILE_OF("{}"), "offers/0/id: is required\n"
                    "offers/0/kind: is required\n"
                    "offers/0/name: is required\n"
                    "offers/0/unit: is required\n"
                    "offers/0/prices: is required"},
};

static const struct row MEMBERS[] = {
    {BASE(",'colour':'red'"), "offers/1/colour: offer plus: unknown member"},
    {FILE_OF(OFFER("Suite", "base", MONTHLY)),
     "offers/0/id: must be a-z, 0-9, - and _, begin with a letter or digit, and have at most 64 "
     "characters"},
    {FILE_OF(OFFER("-a", "base", MONTHLY)),
     "offers/0/id: must be a-z, 0-9, - and _, begin with a letter or digit, and have at most 64 "
     "characters"},
    {FILE_OF(SUITE "," SUITE), "offers/1/id: offer suite: offers/0 has this id already"},
    {FILE_OF(OFFER("suite", "addon", MONTHLY)),
     "offers/0/kind: offer suite: must be base, traditional_addon or standalone_addon"},
    {FILE_OF("{'id':'a','kind':'base','name':{'en':'A'},'unit':'user'" MONTHLY "}"),
     "offers/0/name/fr: offer a: is required"},
    {FILE_OF("{'id':'a','kind':'base','name':{'en':'A','fr':'A','de':'A'},'unit':'user'" MONTHLY
             "}"),
     "offers/0/name/de: offer a: unknown member"},
    {BASE(",'description':{'fr':'x'}"), "offers/1/description/en: offer plus: is required"},
    {BASE(",'scope':'group'"), "offers/1/scope: offer plus: must be user or tenant"},
    {BASE(",'per_base':0"), "offers/1/per_base: offer plus: must be an integer from 1 to 10000000"},
    {BASE(",'limit_per_customer':0"),
     "offers/1/limit_per_customer: offer plus: must be an integer from 1 to 10000000"},
    {BASE(",'quantity':{'min':0}"),
     "offers/1/quantity/min: offer plus: must be an integer from 1 to 10000000"},
    {BASE(",'quantity':{'min':5,'max':4}"),
     "offers/1/quantity/min: offer plus: is more than max 4"},
    {BASE(",'quantity':{'min':11,'max':19,'step':10}"),
     "offers/1/quantity/step: offer plus: no multiple of 10 lies between min and max"},
    {BASE(",'quantity':{'step':0}"),
     "offers/1/quantity/step: offer plus: must be an integer from 1 to 10000000"},
    {BASE(",'quantity':{'least':1}"), "offers/1/quantity/least: offer plus: unknown member"},
    {CALLS(",'requires':{'any_of':['suite']},'quantity':{'max_percent_of_base':1001}"),
     "offers/1/quantity/max_percent_of_base: offer calls: must be an integer from 1 to 1000"},
    {CALLS(",'requires':{'any_of':['suite']},"
           "'quantity':{'min_percent_of_base':60,'max_percent_of_base':50}"),
     "offers/1/quantity/min_percent_of_base: offer calls: is more than max_percent_of_base"},
    {CALLS(",'quantity':{'min_percent_of_base':5}"),
     "offers/1/quantity: offer calls: a percentage of the base needs connects_to or requires to "
     "say which base"},
    {BASE(",'countries':['fr']"),
     "offers/1/countries: offer plus: \"fr\" is not a country of ISO 3166 (such as FR)"},
    {BASE(",'countries':[]"),
     "offers/1/countries: offer plus: must name a country; left out, it means everywhere"},
    {BASE(",'countries':['FR','FR']"), "offers/1/countries/1: offer plus: \"FR\" is named twice"},
    {BASE(",'on_sale':{'from':'2026-02-30'}"),
     "offers/1/on_sale/from: offer plus: must be a date (YYYY-MM-DD) from 1970 to 2199"},
    {BASE(",'on_sale':{'from':'2026-02-02','until':'2026-02-01'}"),
     "offers/1/on_sale/until: offer plus: is before from"},
    {BASE(",'end_of_sale':1"), "offers/1/end_of_sale: offer plus: must be true or false"},
    {BASE(",'trial':{'days':30}"), "offers/1/trial/quantity: offer plus: is required"},
    {BASE(",'trial':{'days':0,'quantity':1}"),
     "offers/1/trial/days: offer plus: must be an integer from 1 to 3650"},
    {BASE(",'quantity':{'max':9},'trial':{'days':30,'quantity':10}"),
     "offers/1/trial/quantity: offer plus: is more than may be bought (9)"},
    {BASE(",'proration':'week'"), "offers/1/proration: offer plus: must be day, none or full"},
    {BASE(",'grace_days':-1"),
     "offers/1/grace_days: offer plus: must be an integer from 0 to 3650"},
    {BASE(",'disabled_days':1.5"),
     "offers/1/disabled_days: offer plus: must be an integer from 0 to 3650"},
    {BASE(",'features':[{'name':'mail','type':'flag'}]"),
     "offers/1/features/0/type: offer plus: must be switch, limit or quota"},
    {BASE(",'features':[{'name':'gb','type':'quota'}]"),
     "offers/1/features/0/value: offer plus: is required"},
    {BASE(",'features':[{'name':'mail','type':'switch','value':1}]"),
     "offers/1/features/0/value: offer plus: is for limits and quotas; a switch has none"},
    {BASE(",'features':[{'name':'a','type':'switch'},{'name':'a','type':'switch'}]"),
     "offers/1/features/1/name: offer plus: \"a\" is named twice"},
    {BASE(",'features':[{'name':'a','type':'quota','value':1,'per':'unit'},"
          "{'name':'a','type':'quota','value':2,'per':'unit'}]"),
     "offers/1/features/1/name: offer plus: \"a\" is named twice"},
    {BASE(",'features':[{'name':'a','type':'quota','value':1},{'name':'a','type':'limit',"
          "'value':2,'per':'subscription'}]"),
     "offers/1/features/1/name: offer plus: \"a\" is named twice"},
    {BASE(",'requires_base_license':true"),
     "offers/1/requires_base_license: offer plus: is for offers of user scope that connect to or "
     "require another"},
    {BASE(",'setup':[{'currency':'EUR','amount':1},{'currency':'EUR','amount':2}]"),
     "offers/1/setup/1: offer plus: a second setup amount in EUR"},
    {BASE(",'setup':[{'currency':'EUR','amount':-1}]"),
     "offers/1/setup/0/amount: offer plus: must be an integer from 0 to 1000000000"},
};

static const struct row PRICE_ROWS[] = {
    {PRICES(""), "offers/0/prices: offer suite: needs at least one price: nobody could buy it"},
    {PRICES("{'term':'P1M','billing':'monthly','unit_amount':1}"),
     "offers/0/prices/0/currency: offer suite: is required"},
    {PRICES("{'currency':'eur','term':'P1M','billing':'monthly','unit_amount':1}"),
     "offers/0/prices/0/currency: offer suite: is not a currency of ISO 4217 (such as EUR)"},
    {PRICES("{'currency':'EURO','term':'P1M','billing':'monthly','unit_amount':1}"),
     "offers/0/prices/0/currency: offer suite: is not a currency of ISO 4217 (such as EUR)"},
    {PRICES(PRICE("P2M", "monthly")),
     "offers/0/prices/0/term: offer suite: must be P1M, P1Y or P3Y"},
    {PRICES(PRICE("P1M", "weekly")),
     "offers/0/prices/0/billing: offer suite: must be monthly, yearly or upfront"},
    {PRICES(PRICE("P1M", "yearly")),
     "offers/0/prices/0/billing: offer suite: yearly is longer than the term P1M"},
    {PRICES(PRICE("P1Y", "upfront")),
     "offers/0/prices/0/billing: offer suite: upfront is for terms over a year"},
    {PRICES(PRICE("P1M", "monthly") "," PRICE("P1Y", "yearly") "," PRICE("P1M", "monthly")),
     "offers/0/prices/2: offer suite: a second price for EUR, P1M, monthly"},
    {PRICES("{'currency':'EUR','term':'P1M','billing':'monthly'}"),
     "offers/0/prices/0/unit_amount: offer suite: is required"},
    {PRICES("{'currency':'EUR','term':'P1M','billing':'monthly','unit_amount':-1}"),
     "offers/0/prices/0/unit_amount: offer suite: must be minor units from 0 to 1000000000, an "
     "integer or a text with at most six decimals"},
    {PRICES("{'currency':'EUR','term':'P1M','billing':'monthly','unit_amount':0.5}"),
     "offers/0/prices/0/unit_amount: offer suite: must be minor units from 0 to 1000000000, an "
     "integer or a text with at most six decimals"},
    {PRICES("{'currency':'EUR','term':'P1M','billing':'monthly','unit_amount':1,"
            "'tiers':{'mode':'volume','steps':[{'unit_amount':1}]}}"),
     "offers/0/prices/0/unit_amount: offer suite: must not stand beside tiers"},
    {TIERS(""), "offers/0/prices/0/tiers/steps: offer suite: needs at least one step"},
    {TIERS("{'up_to':10,'unit_amount':2},{'up_to':20,'unit_amount':1}"),
     "offers/0/prices/0/tiers/steps/1/up_to: offer suite: the last step has none: it takes all "
     "that is left"},
    {TIERS("{'unit_amount':2},{'unit_amount':1}"),
     "offers/0/prices/0/tiers/steps/0/up_to: offer suite: is missing: only the last step has none"},
    {TIERS("{'up_to':10,'unit_amount':3},{'up_to':10,'unit_amount':2},{'unit_amount':1}"),
     "offers/0/prices/0/tiers/steps/1/up_to: offer suite: must be more than the 10 before"},
    {TIERS("{'up_to':0,'unit_amount':3},{'unit_amount':1}"),
     "offers/0/prices/0/tiers/steps/0/up_to: offer suite: must be an integer from 1 to 10000000"},
    {RATES("{'country':'FRA','category':'standard','percent':'20','from':'2014-01-01'}"),
     "tax_rates/0/country: is not a country of ISO 3166 (such as FR)"},
    {RATES("{'country':'FR','category':'standard','percent':'101','from':'2014-01-01'}"),
     "tax_rates/0/percent: must be from 0 to 100, with at most six decimals"},
    {RATES("{'country':'FR','category':'standard','percent':'1,5','from':'2014-01-01'}"),
     "tax_rates/0/percent: must be from 0 to 100, with at most six decimals"},
    {RATES("{'country':'FR','category':'standard','percent':'20'}"),
     "tax_rates/0/from: is required"},
    {RATES("{'country':'FR','category':'a','percent':'20','from':'2014-01-01'},"
           "{'country':'FR','category':'a','percent':'21','from':'2014-01-01'}"),
     "tax_rates/1: a second rate for the same country, category and day"},
};

/* Offers that have to do with each other. */
static const struct row RELATIONS[] = {
    {CALLS(",'requires':{'any_of':['suite','sweet']}"),
     "offers/1/requires/any_of/1: offer calls: no offer has the id \"sweet\""},
    {CALLS(",'excludes':['sweet']"),
     "offers/1/excludes/0: offer calls: no offer has the id \"sweet\""},
    {CALLS(",'excludes':['calls']"),
     "offers/1/excludes/0: offer calls: must not be the offer itself"},
    {CALLS(",'excludes':['suite','suite']"),
     "offers/1/excludes/1: offer calls: \"suite\" is named twice"},
    {CALLS(",'requires':{'any_of':[]}"),
     "offers/1/requires/any_of: offer calls: must name an offer, or be left out"},
    {CALLS(",'requires':{'one_of':['suite']}"),
     "offers/1/requires/one_of: offer calls: unknown member"},
    {CALLS(",'change_to':['suite']"),
     "offers/1/change_to/0: offer calls: suite is a base, not a standalone_addon"},
    {BASE(",'change_to':['plus']"),
     "offers/1/change_to/0: offer plus: must not be the offer itself"},
    {CALLS(",'connects_to':['suite']"),
     "offers/1/connects_to: offer calls: is for traditional add-ons only"},
    {STORE(""), "offers/1/connects_to: offer store: is required: a traditional add-on connects to "
                "bases"},
    {STORE(",'connects_to':['suite','store']"),
     "offers/1/connects_to/1: offer store: store is not a base"},
    {STORE(",'connects_to':['suite'],'trial':{'days':30,'quantity':1}"),
     "offers/1/trial: offer store: is not for traditional add-ons"},
    {STORE(",'connects_to':['suite'],'change_to':['suite']"),
     "offers/1/change_to: offer store: is not for traditional add-ons"},
    /* circles */
    {CALLS(",'requires':{'all_of':['calls']}"),
     "offers/1/requires/all_of/0: offer calls: goes round in a circle: calls requires calls"},
    {FILE_OF(SUITE "," ADDON("a", ",'requires':{'any_of':['suite','b']}") "," ADDON(
         "b", ",'requires':{'all_of':['c']}") "," ADDON("c", ",'requires':{'any_of':['a']}")),
     "offers/3/requires/any_of/0: offer c: goes round in a circle: a requires b requires c "
     "requires a"},
    {FILE_OF(ADDON("d", ",'requires':{'all_of':['e']}") "," ADDON(
         "e", ",'requires':{'all_of':['f']}") "," ADDON("f", ",'requires':{'all_of':['e']}")),
     "offers/2/requires/all_of/0: offer f: goes round in a circle: e requires f requires e"},
    /* never to be bought */
    {CALLS(",'requires':{'all_of':['suite']},'excludes':['suite']"),
     "offers/1/excludes: offer calls: it can never be bought: it requires suite, and calls "
     "excludes suite"},
    {FILE_OF(OFFER("suite", "base", ",'excludes':['calls']" MONTHLY) "," ADDON(
         "calls", ",'requires':{'any_of':['suite']}")),
     "offers/1/excludes: offer calls: it can never be bought: it requires suite, and suite "
     "excludes calls"},
    {FILE_OF(SUITE "," OFFER("plus", "base", MONTHLY) "," ADDON(
         "calls", ",'requires':{'any_of':['suite','plus']},'excludes':['plus','suite']")),
     "offers/2/requires/any_of: offer calls: it can never be bought: it excludes each of them"},
    {FILE_OF(SUITE "," OFFER("plus", "base", ",'excludes':['suite']" MONTHLY) "," ADDON(
         "calls", ",'requires':{'all_of':['suite','plus']}")),
     "offers/2/requires: offer calls: it can never be bought: it requires plus and suite, which "
     "exclude each other"},
    {FILE_OF(SUITE "," ADDON("phone", ",'requires':{'all_of':['suite']}") "," ADDON(
         "calls", ",'requires':{'all_of':['phone']},'excludes':['suite']")),
     "offers/2/excludes: offer calls: it can never be bought: it requires suite, and calls "
     "excludes suite"},
    {FILE_OF(SUITE "," OFFER("store", "traditional_addon",
                             ",'connects_to':['suite'],'prices':[" PRICE("P1Y", "yearly") "]")),
     "offers/1/prices: offer store: it can never be bought: no price has the currency, term and "
     "billing of a price of a base in connects_to"},
    /* What follows from another fault is not told. */
    {FILE_OF(OFFER("suite", "base", ",'prices':[" PRICE("P1M", "yearly") "]") "," OFFER(
         "store", "traditional_addon", ",'connects_to':['suite']" MONTHLY)),
     "offers/0/prices/0/billing: offer suite: yearly is longer than the term P1M"},
    /* All faults, in the order of the file. */
    {"{'version':'','offers':[" OFFER("a", "base", ",'excludes':['z']" MONTHLY) "," OFFER(
         "b", "base", ",'scope':1,'change_to':['y']" MONTHLY) "],'tax_rates':[{}],'x':1}",
     "version: must not be empty\n"
     "x: unknown member\n"
     "offers/0/excludes/0: offer a: no offer has the id \"z\"\n"
     "offers/1/scope: offer b: must be user or tenant\n"
     "offers/1/change_to/0: offer b: no offer has the id \"y\"\n"
     "tax_rates/0/country: is required\n"
     "tax_rates/0/category: is required\n"
     "tax_rates/0/percent: is required\n"
     "tax_rates/0/from: is required"},
};

/* What looks like a fault and is none. */
static const char *const GOOD[] = {
    "{'version':'1','offers':[]}",
    CALLS(",'requires':null,'setup':null,'countries':null"),
    CALLS(",'requires':{'any_of':['suite']},'quantity':{'min_percent_of_base':0}"),
    CALLS(",'excludes':['suite']"),
    STORE(",'connects_to':['suite'],'requires_base_license':true"),
    STORE(",'connects_to':['suite'],'requires':{'all_of':['suite']}"),
    BASE(",'quantity':{'min':10,'max':19,'step':10}"),
    BASE(",'change_to':[],'excludes':[],'features':[],'setup':[]"),
    BASE(",'on_sale':{'from':'2026-02-01','until':'2026-02-01'}"),
    PRICES("{'currency':'JPY','term':'P3Y','billing':'upfront','unit_amount':'0.000001'}"),
    PRICES("{'currency':'EUR','term':'P1M','billing':'monthly','unit_amount':0}"),
    TIERS("{'unit_amount':1}"),
    RATES("{'country':'FR','category':'standard','percent':20,'from':'2014-01-01'},"
          "{'country':'FR','category':'standard','percent':'5.5','from':'2013-01-01'}"),
    /* Two need each other by way of a base that needs its own add-on: bought together. */
    FILE_OF(OFFER("suite", "base", ",'requires':{'all_of':['store']}" MONTHLY) "," OFFER(
        "store", "traditional_addon", ",'connects_to':['suite']" MONTHLY)),
};

static char *quoted(struct arena *arena, const char *text)
{
    char *copy = arena_copy(arena, text);
    for (char *c = copy; *c; c++) {
        if (*c == '\'')
            *c = '"';
    }
    return copy;
}

static const char *faults_of(struct context *cx, const char *text, enum err *ret_err)
{
    struct catalog *catalog = NULL;
    struct catalog_faults faults;
    *ret_err = catalog_parse(cx, text, strlen(text), &catalog, &faults);
    assert_int_equal(*ret_err == OK, faults.count == 0);
    assert_int_equal(*ret_err == OK, catalog != NULL);
    struct buf lines = buf_create(cx->arena);
    for (size_t i = 0; i < faults.count; i++)
        buf_print(&lines, "%s%s", i > 0 ? "\n" : "", faults.lines[i]);
    return buf_text(&lines);
}

static void check_rows(const struct row *rows, size_t count)
{
    struct context cx = pure_context();
    for (size_t i = 0; i < count; i++) {
        enum err err;
        assert_string_equal(faults_of(&cx, quoted(cx.arena, rows[i].file), &err), rows[i].faults);
        assert_int_equal(err, ERR_INVALID);
        pure_reset(&cx);
    }
    pure_end(&cx);
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void test_heads(void **state)
{
    (void)state;
    CHECK_ROWS(HEADS);
}

static void test_members(void **state)
{
    (void)state;
    CHECK_ROWS(MEMBERS);
}

static void test_prices(void **state)
{
    (void)state;
    CHECK_ROWS(PRICE_ROWS);
}

static void test_relations(void **state)
{
    (void)state;
    CHECK_ROWS(RELATIONS);
}

static void test_good(void **state)
{
    (void)state;
    struct context cx = pure_context();
    for (size_t i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++) {
        enum err err;
        assert_string_equal(faults_of(&cx, quoted(cx.arena, GOOD[i]), &err), "");
        assert_int_equal(err, OK);
    }
    pure_end(&cx);
}

/* The first fault is the context's; of very many, the first ones are told. */
static void test_many(void **state)
{
    (void)state;
    struct context cx = pure_context();
    struct buf text = buf_create(cx.arena);
    struct catalog *catalog;
    struct catalog_faults faults;
    buf_add_text(&text, "{\"version\":\"1\",\"offers\":[");
    for (int i = 0; i < 300; i++)
        buf_print(&text, "%s%d", i > 0 ? "," : "", i);
    buf_add_text(&text, "]}");
    assert_int_equal(catalog_parse(&cx, buf_text(&text), text.size, &catalog, &faults),
                     ERR_INVALID);
    assert_int_equal(faults.count, 200);
    assert_string_equal(faults.lines[199], "offers/199: must be an object");
    assert_string_equal(cx.fault.param, "offers/0");
    assert_string_equal(fault_arg(&cx.fault, "value"), "must be an object");
    pure_end(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heads),  cmocka_unit_test(test_members),
        cmocka_unit_test(test_prices), cmocka_unit_test(test_relations),
        cmocka_unit_test(test_good),   cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests_name("catalog faults", tests, NULL, NULL);
}
