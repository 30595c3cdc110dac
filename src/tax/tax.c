#include "tax/tax.h"

/* The member states and the forms of their VAT numbers, as the European Commission's service
 * VIES publishes them. '#' is a digit, '@' a letter, '&' a letter or digit, '?' the same without
 * I and O; [ ] may be missing, from the right; anything else is itself. Several rows of one
 * country are alternatives. Monaco has no row, its businesses have French numbers; Northern Ireland
 * (XI) has none: it belongs to the EU for goods only, and a subscription is a service. */
static const struct vat_form {
    char country[3];
    char prefix[3];
    const char *form;
} VAT_FORMS[] = {
    {"AT", "AT", "U########"},    {"BE", "BE", "0#########"},   {"BE", "BE", "1#########"},
    {"BG", "BG", "#########[#]"}, {"CY", "CY", "########@"},    {"CZ", "CZ", "########[##]"},
    {"DE", "DE", "#########"},    {"DK", "DK", "########"},     {"EE", "EE", "#########"},
    {"ES", "ES", "@#######&"},    {"ES", "ES", "########@"},    {"FI", "FI", "########"},
    {"FR", "FR", "??#########"},  {"GR", "EL", "#########"},    {"HR", "HR", "###########"},
    {"HU", "HU", "########"},     {"IE", "IE", "#######@[@]"},  {"IE", "IE", "#@#####@"},
    {"IE", "IE", "#+#####@"},     {"IE", "IE", "#*#####@"},     {"IT", "IT", "###########"},
    {"LT", "LT", "#########"},    {"LT", "LT", "############"}, {"LU", "LU", "########"},
    {"LV", "LV", "###########"},  {"MT", "MT", "########"},     {"NL", "NL", "#########B##"},
    {"PL", "PL", "##########"},   {"PT", "PT", "#########"},    {"RO", "RO", "##[########]"},
    {"SE", "SE", "############"}, {"SI", "SI", "########"},     {"SK", "SK", "##########"},
};

enum { VAT_FORM_COUNT = sizeof VAT_FORMS / sizeof *VAT_FORMS };

/* Parts of member states that are outside of the EU for VAT (Directive 2006/112/EC, article 6), by
 * how their postal codes begin. Those with a country code of their own (AX, GP, MQ, RE…) are not in
 * the table above anyway. */
static const struct outside {
    char country[3];
    const char *postal_code;
} OUTSIDE[] = {
    {"ES", "35"},    {"ES", "38"},                                  /* the Canary Islands */
    {"ES", "51"},    {"ES", "52"},                                  /* Ceuta, Melilla */
    {"FI", "22"},                                                   /* the Åland Islands */
    {"FR", "97"},                                                   /* overseas */
    {"FR", "984"},   {"FR", "986"},   {"FR", "987"}, {"FR", "988"}, /* in the Pacific */
    {"DE", "27498"}, {"DE", "78266"},                               /* Heligoland, Büsingen */
    {"IT", "23041"}, {"IT", "22061"},                               /* Livigno, Campione d'Italia */
    {"GR", "63086"},                                                /* Mount Athos */
};

static const char *const TREATMENTS[] = {
    [TAX_NONE] = "none",
    [TAX_DOMESTIC] = "domestic",
    [TAX_REVERSE_CHARGE] = "reverse_charge",
    [TAX_OUT_OF_SCOPE] = "out_of_scope",
    [TAX_EXEMPT] = "exempt",
};

bool tax_country_in_eu(const char *country)
{
    for (size_t i = 0; i < VAT_FORM_COUNT; i++)
        if (strcmp(VAT_FORMS[i].country, country) == 0)
            return true;
    return false;
}

/* Monaco counts as France (article 7 of the directive). */
static const char *vat_country(const char *country)
{
    return strcmp(country, "MC") == 0 ? "FR" : country;
}

static bool is_outside(const struct tax_party *party)
{
    for (size_t i = 0; party->postal_code && i < sizeof OUTSIDE / sizeof *OUTSIDE; i++) {
        const char *start = OUTSIDE[i].postal_code;
        if (strcmp(OUTSIDE[i].country, party->country) == 0 &&
            strncmp(start, party->postal_code, strlen(start)) == 0)
            return true;
    }
    return !tax_country_in_eu(vat_country(party->country));
}

/* Only ASCII counts: the program has no locale (isdigit and isalpha would ask it). */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool matches_sign(char sign, char c)
{
    switch (sign) {
    case '#':
        return is_digit(c);
    case '@':
        return is_letter(c);
    case '&':
        return is_digit(c) || is_letter(c);
    case '?':
        return is_digit(c) || (is_letter(c) && c != 'I' && c != 'O');
    default:
        return sign == c;
    }
}

static bool matches_form(const char *form, const char *text)
{
    bool may_end = false;
    for (; *form; form++) {
        if (*form == '[') {
            may_end = true;
        } else if (*form != ']') {
            if (*text == '\0')
                return may_end;
            if (!matches_sign(*form, *text))
                return false;
            text++;
        }
    }
    return *text == '\0';
}

/* The country whose number this is, or NULL when it has no known form. */
static const char *find_vat_country(const char *vat_id)
{
    for (size_t i = 0; i < VAT_FORM_COUNT; i++) {
        const struct vat_form *row = &VAT_FORMS[i];
        if (strncmp(row->prefix, vat_id, 2) == 0 && matches_form(row->form, vat_id + 2))
            return row->country;
    }
    return NULL;
}

bool tax_vat_id_is_well_formed(const char *vat_id)
{
    return find_vat_country(vat_id) != NULL;
}

const char *tax_vat_id_clean(struct arena *arena, const char *country, const char *text)
{
    if (!tax_country_in_eu(vat_country(country)))
        return text;
    char *clean = arena_copy(arena, text);
    size_t size = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (strchr(" .-", *c) == NULL)
            clean[size++] = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    }
    clean[size] = '\0';
    return clean;
}

/* The rate of a country that began last; none counts as 0 %. */
static int64_t find_rate(const struct catalog *catalog, const char *country, const char *category,
                         civil_day on)
{
    const struct tax_rate *best = NULL;
    for (size_t i = 0; i < catalog->tax_rate_count; i++) {
        const struct tax_rate *rate = &catalog->tax_rates[i];
        if (strcmp(vat_country(rate->country), country) != 0 ||
            strcmp(rate->category, category) != 0)
            continue;
        if (rate->from_on <= on && (!best || rate->from_on > best->from_on))
            best = rate;
    }
    return best ? best->percent_micros : 0;
}

/* A number counts where the account is: one of another country does not show that the business
 * that buys is established at the sold-to address. What a check calls invalid counts no more from
 * that day on; as long as no check has answered, a well-formed one counts. */
static bool has_vat_number_of(const struct tax_party *party, const char *country, civil_day on)
{
    const char *owner = party->vat_id ? find_vat_country(party->vat_id) : NULL;
    if (party->vat_state == VAT_INVALID && on >= party->vat_state_on)
        return false;
    return owner && strcmp(owner, country) == 0;
}

/* Whose rates count: the buyer's country where the seller is registered, else the seller's. */
static const char *tax_country(const struct tax_party *party, civil_day on)
{
    const char *buyer = vat_country(party->country);
    return tax_is_registered(&party->registrations, buyer, on) ? buyer
                                                               : vat_country(party->seller_country);
}

/* "in the seller's country, or elsewhere in the EU without a valid number: the seller's rate
 * …; EU business with a valid VAT number elsewhere → reverse charge …; outside the EU → out of
 * scope" (rules §6). For a seller outside of the EU every other country is out of its scope. The
 * articles are named in docs/tax.md. */
static enum tax_treatment decide_treatment(const struct tax_party *party, civil_day on)
{
    const char *seller = vat_country(party->seller_country);
    const char *buyer = vat_country(party->country);
    if (!party->taxed)
        return TAX_NONE;
    if (strcmp(buyer, tax_country(party, on)) == 0)
        return TAX_DOMESTIC;
    if (!tax_country_in_eu(seller) || is_outside(party))
        return TAX_OUT_OF_SCOPE;
    return has_vat_number_of(party, buyer, on) ? TAX_REVERSE_CHARGE : TAX_DOMESTIC;
}

static const struct tax_exemption *find_exemption(const struct tax_party *party,
                                                  const char *category, civil_day on)
{
    for (size_t i = 0; party->exemptions && i < party->exemptions->count; i++) {
        const struct tax_exemption *exemption = party->exemptions->items[i];
        if (strcmp(exemption->account, party->account) == 0 &&
            tax_exemption_covers(exemption, category, on))
            return exemption;
    }
    return NULL;
}

struct tax_rule tax_decide(const struct catalog *catalog, const struct tax_party *party,
                           const char *category, civil_day on)
{
    struct tax_rule rule = {.treatment = decide_treatment(party, on), .category = category};
    if (rule.treatment == TAX_REVERSE_CHARGE && party->vat_state == VAT_VALID)
        rule.proof = party->vat_proof;
    if (rule.treatment != TAX_DOMESTIC)
        return rule;
    const struct tax_exemption *exemption = find_exemption(party, category, on);
    if (exemption != NULL) {
        rule.treatment = TAX_EXEMPT;
        rule.proof = exemption->number;
    } else {
        rule.percent_micros = find_rate(catalog, tax_country(party, on), category, on);
    }
    return rule;
}

const char *tax_treatment_format(enum tax_treatment treatment)
{
    return TREATMENTS[treatment];
}

enum tax_treatment tax_treatment_parse(const char *text)
{
    for (size_t i = 0; i < sizeof TREATMENTS / sizeof *TREATMENTS; i++)
        if (strcmp(TREATMENTS[i], text) == 0)
            return (enum tax_treatment)i;
    return TAX_NONE;
}
