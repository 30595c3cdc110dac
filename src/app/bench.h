/* Benchmarks: a figure beside a baseline that is measured in the same run (bench/README.md).
 *
 * A machine is never quiet, so figure and baseline take turns, in rounds, and what is told are
 * medians of the rounds. */
#pragma once

#include "base/context.h"
#include "base/list.h"

struct bench_options {
    bool json;
    int64_t seconds;    /* of measuring on each side, divided among the rounds */
    int64_t size;       /* subscriptions that renew */
    const char *server; /* postgresql://…, for a schema of its own; NULL: a file of SQLite */
};

/* What one round on one side measured. The latencies are 0 where there is none. */
struct bench_round {
    int64_t count;
    int64_t elapsed_us;
    int64_t p50_us;
    int64_t p99_us;
};

/* Measures for about this long. */
struct bench_side {
    enum err (*run)(struct context *cx, void *arg, int64_t duration_us,
                    struct bench_round *ret_round);
    void *arg;
};

LIST_TYPE(bench_note_list, const char);

struct bench_result {
    const char *name;
    const char *unit;
    int64_t figure;   /* a second */
    int64_t baseline; /* the same */
    int64_t p50_us;   /* of the figure's */
    int64_t p99_us;
    struct bench_note_list notes; /* sentences: what was checked, what else was measured */
};

LIST_TYPE(bench_result_list, struct bench_result);

/* Says on standard error what went wrong, and gives ERR_INTERNAL without a fault: nobody but the
 * person who measures has to know it. */
[[gnu::format(printf, 1, 2)]] enum err bench_fail(const char *format, ...);

/* From here on SIGINT and SIGTERM do not end the process: they make bench_check_interrupted
 * say ERR_USAGE, so that whoever is at work can put away what it made. */
void bench_begin(void);
enum err bench_check_interrupted(struct context *cx);

/* Lets both sides take turns, after a short round each that does not count, and sets figure,
 * baseline and latencies. */
enum err bench_compare(struct context *cx, const struct bench_options *options,
                       const struct bench_side *figure, const struct bench_side *baseline,
                       struct bench_result *result);

[[gnu::format(printf, 3, 4)]] void bench_note(struct context *cx, struct bench_result *result,
                                              const char *format, ...);

/* Notes the processor time that a process took for each of so many answers: it varies less than
 * any rate when others use the machine too. */
void bench_note_processor(struct context *cx, struct bench_result *result, const char *who,
                          int64_t processor_us, int64_t count);

/* The benchmarks. Each makes a store of its own and removes it, whatever happens. */
enum err bench_orders(struct context *cx, const struct bench_options *options,
                      struct bench_result *result);
enum err bench_check(struct context *cx, const struct bench_options *options,
                     struct bench_result *result);
enum err bench_renewals(struct context *cx, const struct bench_options *options,
                        struct bench_result *result);
enum err bench_availability(struct context *cx, const struct bench_options *options,
                            struct bench_result *result);
