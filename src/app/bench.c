#include "app/bench.h"

#include <signal.h>

#include "base/log.h"

enum { ROUNDS = 5, WARM_UP_PARTS = 5, US_PER_SECOND = 1000000 };

enum err bench_fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fprintf(stderr, "annex: bench: ");
    vfprintf(stderr, format, values);
    fprintf(stderr, "\n");
    va_end(values);
    return ERR_INTERNAL;
}

void bench_begin(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    log_set_level(LOG_WARNING); /* each store that is made tells of itself */
}

/* A blocked signal stays pending, which is all the state there is to keep. */
enum err bench_check_interrupted(struct context *cx)
{
    sigset_t signals;
    if (sigpending(&signals) != 0)
        return OK;
    if (!sigismember(&signals, SIGINT) && !sigismember(&signals, SIGTERM))
        return OK;
    return fault(cx, ERR_USAGE, "value", "interrupted", NULL);
}

static int compare_integers(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static int64_t median(int64_t values[ROUNDS])
{
    qsort(values, ROUNDS, sizeof *values, compare_integers);
    return values[ROUNDS / 2];
}

static int64_t rate_of(const struct bench_round *round)
{
    return round->count * US_PER_SECOND / (round->elapsed_us > 0 ? round->elapsed_us : 1);
}

static enum err run_side(struct context *cx, const struct bench_side *side, int64_t duration_us,
                         struct bench_round *ret_round)
{
    TRY(bench_check_interrupted(cx));
    return side->run(cx, side->arg, duration_us, ret_round);
}

enum err bench_compare(struct context *cx, const struct bench_options *options,
                       const struct bench_side *figure, const struct bench_side *baseline,
                       struct bench_result *result)
{
    int64_t figures[ROUNDS], baselines[ROUNDS], p50s[ROUNDS], p99s[ROUNDS];
    int64_t duration_us = options->seconds * US_PER_SECOND / ROUNDS;
    struct bench_round own, other;
    TRY(run_side(cx, figure, duration_us / WARM_UP_PARTS, &own));
    TRY(run_side(cx, baseline, duration_us / WARM_UP_PARTS, &other));
    for (size_t i = 0; i < ROUNDS; i++) {
        TRY(run_side(cx, figure, duration_us, &own));
        TRY(run_side(cx, baseline, duration_us, &other));
        figures[i] = rate_of(&own);
        baselines[i] = rate_of(&other);
        p50s[i] = own.p50_us;
        p99s[i] = own.p99_us;
    }
    result->figure = median(figures);
    result->baseline = median(baselines);
    result->p50_us = median(p50s);
    result->p99_us = median(p99s);
    return OK;
}

void bench_note(struct context *cx, struct bench_result *result, const char *format, ...)
{
    char text[512];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    list_push(cx->arena, &result->notes, arena_copy(cx->arena, text));
}

void bench_note_processor(struct context *cx, struct bench_result *result, const char *who,
                          int64_t processor_us, int64_t count)
{
    int64_t tenths = processor_us * 10 / (count > 0 ? count : 1);
    bench_note(cx, result, "%s: %" PRId64 ".%" PRId64 " us of processor time each", who,
               tenths / 10, tenths % 10);
}
