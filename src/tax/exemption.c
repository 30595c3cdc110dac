#include "tax/exemption.h"

#include <string.h>

/* Whether a word is among words that are separated by spaces. */
static bool has_word(const char *words, const char *word)
{
    size_t size = strlen(word);
    const char *at = words;
    for (const char *end = at + strcspn(at, " "); *at != '\0'; end = at + strcspn(at, " ")) {
        if ((size_t)(end - at) == size && memcmp(at, word, size) == 0)
            return true;
        at = end + strspn(end, " ");
    }
    return false;
}

bool tax_exemption_covers(const struct tax_exemption *exemption, const char *category, civil_day on)
{
    if (on < exemption->valid_from ||
        (exemption->valid_until != DAY_NONE && on > exemption->valid_until) ||
        (exemption->revoked_on != DAY_NONE && on >= exemption->revoked_on))
        return false;
    return exemption->categories == NULL || has_word(exemption->categories, category);
}
