#include "engine/sim_cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "engine/sim_do.h"
#include "engine/sim_shrink_do.h"

static const char HELP[] =
    "annex sim --seed N --steps N [--store WHERE] [--shrink FILE] [--only N,N,…] [--json]\n"
    "\n"
    "Plays a random world that follows from the seed: customers, orders, changes, failing\n"
    "payments, stops of the process between any two writes, jumps of the clock. Looks at every\n"
    "invariant of what a step touched, and at the whole every 1000 steps. Exit status 0 only when\n"
    "all held; the same seed gives the same digest everywhere.\n"
    "\n"
    "--store   an empty store; else one in memory\n"
    "--shrink  of a seed that fails, finds the fewest steps that fail in the same way, tells\n"
    "          them, and writes them to FILE as a timeline for annex simulate --check\n"
    "--only    does only these steps\n";

static enum err refuse_usage(struct context *cx, const char *what)
{
    return fault(cx, ERR_USAGE, "value", arena_print(cx->arena, "annex sim: %s", what), NULL);
}

struct sim_arguments {
    struct sim_options options;
    const char *shrink;
    const char *only;
    bool has_seed;
};

static bool read_number(const char *text, int64_t max, int64_t *ret_number)
{
    char *end;
    long long number = strtoll(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || number > max)
        return false;
    *ret_number = number;
    return true;
}

static enum err read_argument(struct context *cx, const char *name, const char *value,
                              struct sim_arguments *arguments)
{
    bool is_good = true;
    if (strcmp(name, "--seed") == 0)
        is_good = arguments->has_seed = read_number(value, INT64_MAX, &arguments->options.seed);
    else if (strcmp(name, "--steps") == 0)
        is_good = read_number(value, SIM_STEPS_MAX, &arguments->options.steps);
    else if (strcmp(name, "--store") == 0)
        arguments->options.store = value;
    else if (strcmp(name, "--shrink") == 0)
        arguments->shrink = value;
    else if (strcmp(name, "--only") == 0)
        arguments->only = value;
    else
        return refuse_usage(cx, arena_print(cx->arena, "%s is not known", name));
    if (!is_good)
        return refuse_usage(cx, arena_print(cx->arena, "%s needs a number, not %s", name, value));
    return OK;
}

/* Numbers of steps with commas between. */
static enum err read_only(struct context *cx, struct sim_arguments *arguments)
{
    bool *included = ARENA_ARRAY(cx->arena, bool, (size_t)arguments->options.steps);
    for (const char *p = arguments->only; *p != '\0';) {
        char *end;
        long long step = strtoll(p, &end, 10);
        bool is_good = *p >= '0' && *p <= '9' && step < arguments->options.steps;
        if (!is_good || (*end != ',' && *end != '\0'))
            return refuse_usage(cx, "--only needs numbers below --steps, with commas between");
        included[step] = true;
        p = *end == ',' ? end + 1 : end;
    }
    arguments->options.included = included;
    return OK;
}

static enum err read_arguments(struct context *cx, int argc, char **argv,
                               struct sim_arguments *arguments)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            continue; /* it is JSON anyway */
        if (i + 1 == argc)
            return refuse_usage(cx, arena_print(cx->arena, "%s lacks its value", argv[i]));
        TRY(read_argument(cx, argv[i], argv[i + 1], arguments));
        i++;
    }
    if (!arguments->has_seed || arguments->options.steps == 0)
        return refuse_usage(cx, "say --seed N --steps N");
    return arguments->only != NULL ? read_only(cx, arguments) : OK;
}

static enum err print_result(struct context *cx, const struct sim_arguments *arguments,
                             const struct sim_result *result)
{
    for (size_t i = 0; i < result->violations.count; i++) {
        const struct sim_violation *violation = result->violations.items[i];
        fprintf(stderr, "step %" PRId64 ": %s: %s\n", violation->step, violation->check,
                violation->where);
    }
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_integer(&w, "seed", arguments->options.seed);
    json_put_integer(&w, "steps", result->steps);
    json_put_integer(&w, "commands", result->commands);
    json_put_integer(&w, "faults", result->faults);
    json_put_integer(&w, "violations", result->violation_count);
    json_put_text(&w, "digest", arena_print(cx->arena, "%016" PRIx64, result->digest));
    json_close_object(&w);
    printf("%s\n", json_end(&w));
    return result->violation_count == 0 ? OK : ERR_INTERNAL;
}

static void release_arena(void *arena)
{
    arena_free(arena);
}

enum err sim_cli(struct context *cx, int argc, char **argv)
{
    struct sim_arguments arguments = {0};
    struct sim_result result;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(HELP, stdout);
        return OK;
    }
    TRY(read_arguments(cx, argc, argv, &arguments));
    log_set_level(LOG_NOTHING); /* standard error is for what does not hold */
    struct context own = *cx;
    own.arena = arena_create(SIMULATION_ARENA_MAX);
    arena_on_release(cx->arena, release_arena, own.arena);
    enum err err = sim_run(&own, &arguments.options, &result);
    if (err == OK && arguments.shrink != NULL && result.violation_count > 0)
        err = sim_shrink(&own, &arguments.options, &result, arguments.shrink);
    cx->fault = own.fault;
    TRY(err);
    return print_result(&own, &arguments, &result);
}
