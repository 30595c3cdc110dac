/* Reading a simulation file without stopping at the first fault. Shared by the files that parse
 * one (simulate_file.c, simulate_step.c); nobody else includes it. */
#pragma once

#include "base/json.h"
#include "engine/simulate_file.h"

/* A term that starts on this day ends within the years that days can be written in. */
#define SIMULATION_DAY_LAST day_of(2189, 12, 31)

/* The names declared so far, found by their hash. */
struct simulate_names {
    struct simulate_name **slots;
    size_t slot_count; /* a power of two */
    size_t count;
};

struct simulate_reader {
    struct context *cx;
    struct simulate_faults *faults;
    struct simulate_names names;
    const char *time_zone;
    instant last_at; /* of the step before; INSTANT_NONE: none */
};

/* Notes what is wrong at a place ("timeline/2/at"). */
void simulate_refuse(struct simulate_reader *in, const char *place, const char *reason);
/* The same for a member of the object that is being read. */
void simulate_refuse_member(struct simulate_reader *in, const struct json_reader *r,
                            const char *member, const char *reason);
/* Notes the fault that a json_ function gave, if it gave one; says whether there was none. */
bool simulate_read_ok(struct simulate_reader *in, enum err err);
/* Reads a text that is not empty and has at most ID_MAX bytes; NULL when there is none. */
const char *simulate_read_word(struct simulate_reader *in, struct json_reader *r,
                               const char *member, enum json_presence presence);
/* Refuses the members that were never asked for. */
void simulate_read_rest(struct simulate_reader *in, struct json_reader *r);
/* Parses a catalogue that is a member; gives NULL when it is wrong. */
const struct catalog *simulate_read_catalog(struct simulate_reader *in, struct json_reader *r,
                                            const char *member, const char **ret_text);

/* The name declared by an earlier step, or NULL. */
struct simulate_name *simulate_find_name(const struct simulate_names *names, const char *name);
void simulate_add_name(struct simulate_reader *in, struct simulate_name *name);

/* simulate_step.c: reads one step of the timeline. */
void simulate_read_step(struct simulate_reader *in, struct json_reader *r, int64_t number,
                        struct step *ret_step);
