#include "engine/sim.h"

#include <assert.h>

static uint64_t scramble(uint64_t z)
{
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static const uint64_t STRIDE = 0x9e3779b97f4a7c15u;

struct sim_dice sim_dice_of(int64_t seed, enum sim_stream stream, int64_t number)
{
    uint64_t state = scramble((uint64_t)seed + STRIDE);
    state = scramble(state + STRIDE * ((uint64_t)stream + 1));
    return (struct sim_dice){.state = scramble(state + STRIDE * ((uint64_t)number + 1))};
}

uint64_t sim_throw(struct sim_dice *dice)
{
    dice->state += STRIDE;
    return scramble(dice->state);
}

int64_t sim_below(struct sim_dice *dice, int64_t below)
{
    assert(below > 0);
    return (int64_t)(sim_throw(dice) % (uint64_t)below);
}

int64_t sim_between(struct sim_dice *dice, int64_t min, int64_t max)
{
    return min + sim_below(dice, max - min + 1);
}

bool sim_chance(struct sim_dice *dice, int64_t part, int64_t whole)
{
    return sim_below(dice, whole) < part;
}

uint64_t sim_mix(uint64_t digest, uint64_t value)
{
    return scramble(digest * 3 + STRIDE + value);
}

uint64_t sim_mix_text(uint64_t digest, const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++)
        hash = (hash ^ *p) * 0x100000001b3u;
    return sim_mix(digest, hash);
}

/* Customers ------------------------------------------------------------------------------------ */

/* Zones whose days begin at odd instants; St_Johns changed its clocks a minute after midnight, and
 * Santiago and Beirut skip midnight itself. */
static const char *const ZONES[] = {
    "UTC",           "Europe/Paris",     "Europe/London",    "America/New_York",
    "Asia/Tokyo",    "Pacific/Auckland", "America/St_Johns", "America/Santiago",
    "Asia/Kathmandu"};

static const struct home {
    const char *country;
    const char *vat_id;
} HOMES[] = {{"FR", NULL},          {"FR", "FR40303265045"},
             {"DE", "DE123456789"}, {"DE", NULL},
             {"BE", NULL},          {"US", NULL},
             {"JP", NULL}};

#define PICK(dice, array) ((array)[sim_below((dice), sizeof(array) / sizeof *(array))])

struct account_request sim_account(struct sim_dice *dice, int64_t seed)
{
    const struct home *home = &PICK(dice, HOMES);
    return (struct account_request){
        .name = "Account",
        .type = sim_chance(dice, 2, 3) ? ACCOUNT_CLASSIC : ACCOUNT_AGREEMENT,
        .country = home->country,
        .vat_id = home->vat_id,
        .currency = sim_currency(dice, seed),
        .time_zone = PICK(dice, ZONES),
    };
}

struct organization_request sim_organization(struct sim_dice *dice, struct arena *arena,
                                             int64_t seed)
{
    struct account_request account = sim_account(dice, seed);
    return (struct organization_request){
        .name = "Customer",
        .country = account.country,
        .clock_at = INSTANT_NONE,
        .account = account,
        .person = {.name = "Admin",
                   .email = arena_print(arena, "admin%d@example.com", (int)sim_below(dice, 1000))},
    };
}

int64_t sim_jump_ms(struct sim_dice *dice)
{
    switch (sim_below(dice, 10)) {
    case 0:
    case 1:
        return sim_between(dice, 1, 60) * MS_PER_HOUR / 60;
    case 2:
    case 3:
        return sim_between(dice, 1, 72) * MS_PER_HOUR;
    case 4:
    case 5:
    case 6:
        return sim_between(dice, 1, 14 * 24) * MS_PER_HOUR + sim_below(dice, 3600000);
    case 7:
    case 8:
        return sim_between(dice, 15, 35) * MS_PER_DAY;
    default:
        return sim_between(dice, 35, 150) * MS_PER_DAY + sim_below(dice, MS_PER_DAY);
    }
}
