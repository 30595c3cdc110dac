/* Delta debugging: leave out half of the steps, then quarters, and so on, as long as what is left
 * still fails in the same way. Steps throw their own dice, so those that stay do what they did as
 * far as the world allows. */
#include "engine/sim_shrink_do.h"

#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "engine/sim_timeline.h"
#include "engine/simulate_do.h"
#include "engine/simulate_file.h"

#define DOCTOR "doctor "
enum { STEPS_MAX = 100000 }; /* of all tries together */

struct shrinker {
    struct context *cx;
    const struct sim_options *options;
    const char *check; /* what failed */
    struct sim_options brief;
    bool *included;
    int64_t *steps; /* that are still there */
    size_t count;
    int64_t ran;       /* steps */
    const char *where; /* of the last failure */
};

/* Runs the steps but those from `from` to `to`, and says whether it fails as before. */
static enum err still_fails(struct shrinker *s, size_t from, size_t to, bool *ret_fails)
{
    struct context own = *s->cx;
    struct sim_result result;
    memset(s->included, 0, (size_t)s->options->steps);
    for (size_t i = 0; i < s->count; i++)
        s->included[s->steps[i]] = i < from || i >= to;
    s->ran += (int64_t)(s->count - (to - from));
    own.arena = arena_create(SIMULATION_ARENA_MAX);
    enum err err = sim_run(&own, &s->brief, &result);
    *ret_fails = err == OK && result.violation_count > 0 &&
                 strcmp(result.violations.items[0]->check, s->check) == 0;
    if (*ret_fails)
        s->where = arena_copy(s->cx->arena, result.violations.items[0]->where);
    arena_free(own.arena);
    return err;
}

static void leave_out(struct shrinker *s, size_t from, size_t to)
{
    memmove(s->steps + from, s->steps + to, (s->count - to) * sizeof *s->steps);
    s->count -= to - from;
}

static enum err leave_out_pieces(struct shrinker *s, size_t size, bool *ret_some)
{
    *ret_some = false;
    for (size_t from = 0; from < s->count && s->ran < STEPS_MAX;) {
        size_t to = from + size < s->count ? from + size : s->count;
        bool fails;
        TRY(still_fails(s, from, to, &fails));
        if (fails)
            leave_out(s, from, to);
        else
            from = to;
        *ret_some = *ret_some || fails;
    }
    return OK;
}

static enum err shrink(struct shrinker *s)
{
    for (size_t size = (s->count + 1) / 2; size > 0 && s->ran < STEPS_MAX;) {
        bool some;
        TRY(leave_out_pieces(s, size, &some));
        if (size == 1 && !some)
            break;
        size = size > 1 ? (size + 1) / 2 : 1;
    }
    return OK;
}

/* Leaves out all but the steps of the slot, of all in real time, and of everybody; says nothing
 * when that does not fail. */
static enum err leave_out_others(struct shrinker *s, const signed char *slots, int64_t slot,
                                 bool with_real_time)
{
    int64_t *all = s->steps;
    size_t count = s->count, kept = 0;
    bool fails;
    s->steps = ARENA_ARRAY(s->cx->arena, int64_t, count);
    for (size_t i = 0; i < count; i++) {
        signed char whose = slots[all[i]];
        if (whose == slot || whose < (with_real_time ? SIM_REAL_TIME : 0))
            s->steps[kept++] = all[i];
    }
    s->count = kept;
    TRY(still_fails(s, kept, kept, &fails));
    if (fails)
        return OK;
    s->steps = all;
    s->count = count;
    return OK;
}

/* What others did rarely matters: two tries are worth a hundred halvings. */
static enum err keep_one_customer(struct shrinker *s, int64_t slot)
{
    bool fails;
    signed char *slots = ARENA_ARRAY(s->cx->arena, signed char, (size_t)s->options->steps);
    s->brief.ret_slots = slots;
    TRY(still_fails(s, s->count, s->count, &fails));
    s->brief.ret_slots = NULL;
    TRY(leave_out_others(s, slots, slot, true));
    return leave_out_others(s, slots, slot, false);
}

/* The timeline ------------------------------------------------------------------------------- */

/* Runs the timeline through the simulator, and says whether it fails as the world did. */
static enum err timeline_fails(struct shrinker *s, const char *text, bool *ret_fails)
{
    struct context own = *s->cx;
    const struct simulation *simulation;
    struct simulate_faults faults = {0};
    const char *json, *wrong = NULL;
    bool is_doctor = strncmp(s->check, DOCTOR, strlen(DOCTOR)) == 0;
    own.arena = arena_create(SIMULATION_ARENA_MAX);
    enum err err = simulate_parse(&own, text, strlen(text), &simulation, &faults);
    bool is_readable = err == OK; /* else an order is gone that others name */
    if (is_readable)
        err = simulate_run_checked(&own, simulation, &json, &wrong);
    *ret_fails = is_readable && err == OK && wrong != NULL && is_doctor &&
                 strncmp(wrong, s->check + strlen(DOCTOR), strcspn(wrong, ":")) == 0;
    arena_free(own.arena);
    return is_readable ? err : OK;
}

/* Leaves out one step after another, as long as it still fails. */
static enum err shrink_timeline(struct shrinker *s, const struct sim_timeline *timeline,
                                const struct account *account, const char **ret_text)
{
    struct arena *arena = s->cx->arena;
    bool *kept = ARENA_ARRAY(arena, bool, timeline->steps.count + 1);
    bool fails, is_smaller = true;
    memset(kept, true, timeline->steps.count);
    while (is_smaller) {
        is_smaller = false;
        for (size_t i = 0; i < timeline->steps.count; i++) {
            if (!kept[i])
                continue;
            kept[i] = false;
            TRY(timeline_fails(s, sim_timeline_print(arena, timeline, account, kept), &fails));
            kept[i] = !fails;
            is_smaller = is_smaller || fails;
        }
    }
    *ret_text = sim_timeline_print(arena, timeline, account, kept);
    return OK;
}

/* Writes down what the customer did in the steps that are left. */
static enum err record_timeline(struct shrinker *s, int64_t slot, struct sim_timeline *timeline)
{
    bool fails;
    *timeline = (struct sim_timeline){.slot = slot, .arena = s->cx->arena};
    s->brief.ret_timeline = timeline;
    enum err err = still_fails(s, s->count, s->count, &fails);
    s->brief.ret_timeline = NULL;
    return err;
}

/* The account on which it fails, else the first one. */
static enum err write_timeline(struct shrinker *s, int64_t slot, const char *path,
                               bool *ret_replays)
{
    struct sim_timeline timeline;
    const char *text = NULL;
    *ret_replays = false;
    TRY(record_timeline(s, slot, &timeline));
    for (size_t i = 0; i < timeline.accounts.count && !*ret_replays; i++) {
        const struct account *account = timeline.accounts.items[i];
        const char *tried = sim_timeline_print(s->cx->arena, &timeline, account, NULL);
        TRY(timeline_fails(s, tried, ret_replays));
        if (*ret_replays)
            TRY(shrink_timeline(s, &timeline, account, &tried));
        text = *ret_replays || text == NULL ? tried : text;
    }
    return text != NULL ? file_write(s->cx, path, text, strlen(text)) : OK;
}

/* How to do it again, on standard error: the file is for the simulator alone. */
static void tell_steps(const struct shrinker *s, const char *path, bool replays)
{
    fprintf(stderr, "annex sim --seed %" PRId64 " --steps %" PRId64 " --only ", s->options->seed,
            s->brief.steps);
    for (size_t i = 0; i < s->count; i++)
        fprintf(stderr, "%s%" PRId64, i > 0 ? "," : "", s->steps[i]);
    fprintf(stderr, "\n%s%s\n",
            replays ? "annex simulate --check " : "not by its timeline alone: ", path);
}

enum err sim_shrink(struct context *cx, const struct sim_options *options,
                    const struct sim_result *failed, const char *path)
{
    const struct sim_violation *first = failed->violations.items[0];
    int64_t steps = first->step < options->steps ? first->step + 1 : options->steps;
    struct shrinker s = {
        .cx = cx,
        .options = options,
        .check = first->check,
        .where = first->where,
        .included = ARENA_ARRAY(cx->arena, bool, (size_t)options->steps),
        .steps = ARENA_ARRAY(cx->arena, int64_t, (size_t)steps),
    };
    s.brief = (struct sim_options){
        .seed = options->seed, .steps = steps, .included = s.included, .is_brief = true};
    /* Sellers know nothing of each other. */
    for (int64_t i = (steps - 1) / SIM_SELLER_STEPS * SIM_SELLER_STEPS; i < steps; i++) {
        if (options->included == NULL || options->included[i])
            s.steps[s.count++] = i;
    }
    TRY(keep_one_customer(&s, first->slot));
    TRY(shrink(&s));
    bool replays = false;
    if (first->slot >= 0)
        TRY(write_timeline(&s, first->slot, path, &replays));
    tell_steps(&s, path, replays);
    return OK;
}
