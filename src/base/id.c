#include "base/id.h"

#include <sodium.h>

#include "base/arena.h"
#include "base/context.h"
#include "base/text.h"

/* 48 bits of time in ten digits (two bits to spare), 80 bits in sixteen. */
enum { TIME_DIGITS = 10, RANDOM_DIGITS = 16, ULID_DIGITS = TIME_DIGITS + RANDOM_DIGITS };

/* The highest bit begins at 0, so that counting up never wraps within one unit of work. */
static const uint64_t HIGH_MASK = 0x7fff;

void id_seed_random(struct id_source *ids)
{
    randombytes_buf(&ids->high, sizeof ids->high);
    randombytes_buf(&ids->low, sizeof ids->low);
    ids->high &= HIGH_MASK;
    ids->at_ms = 0;
}

/* SplitMix64: spreads neighbouring seeds over the whole range. */
static uint64_t seed_mix(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

void id_seed_number(struct id_source *ids, uint64_t seed)
{
    ids->high = seed_mix(&seed) & HIGH_MASK;
    ids->low = seed_mix(&seed);
    ids->at_ms = 0;
}

const char *id_next(struct context *cx, const char *prefix)
{
    assert(cx->wall >= 0 && cx->wall < (int64_t)1 << 48);
    struct id_source *ids = &cx->ids;
    int64_t at_ms = ids->at_ms != 0 ? ids->at_ms : cx->wall;
    if (++ids->low == 0)
        ids->high++;

    size_t prefix_size = strlen(prefix);
    char *id = arena_alloc(cx->arena, prefix_size + 1 + ULID_DIGITS + 1);
    memcpy(id, prefix, prefix_size);
    id[prefix_size] = '_';
    char *digits = id + prefix_size + 1;
    base32_write((uint64_t)at_ms, TIME_DIGITS, digits);
    /* The upper forty bits, then the lower forty. */
    base32_write(ids->high << 24 | ids->low >> 40, RANDOM_DIGITS / 2, digits + TIME_DIGITS);
    base32_write(ids->low, RANDOM_DIGITS / 2, digits + TIME_DIGITS + RANDOM_DIGITS / 2);
    return id;
}

bool id_is(const char *id, const char *prefix)
{
    size_t prefix_size = strlen(prefix);
    if (strncmp(id, prefix, prefix_size) != 0 || id[prefix_size] != '_')
        return false;
    const char *digits = id + prefix_size + 1;
    if (strlen(digits) != ULID_DIGITS || digits[0] > '7')
        return false;
    for (const char *c = digits; *c; c++) {
        if (!base32_is_digit(*c))
            return false;
    }
    return true;
}
