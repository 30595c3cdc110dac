#include "engine/simulate_reader.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "catalog/catalog_file.h"

/* Faults --------------------------------------------------------------------------------------- */

/* A JSON pointer is the place with a slash in front. */
static const char *place_of_pointer(const char *pointer)
{
    if (pointer == NULL)
        return "";
    return pointer[0] == '/' ? pointer + 1 : pointer;
}

void simulate_refuse(struct simulate_reader *in, const char *place, const char *reason)
{
    if (in->faults->count == SIMULATION_FAULTS_MAX)
        return;
    char *line = place[0] ? arena_print(in->cx->arena, "%s: %s", place, reason)
                          : arena_copy(in->cx->arena, reason);
    list_push(in->cx->arena, in->faults, text_make_printable(line));
}

void simulate_refuse_member(struct simulate_reader *in, const struct json_reader *r,
                            const char *member, const char *reason)
{
    const char *pointer = arena_print(in->cx->arena, "%s/%s", r->path, member);
    simulate_refuse(in, place_of_pointer(pointer), reason);
}

bool simulate_read_ok(struct simulate_reader *in, enum err err)
{
    if (err == OK)
        return true;
    const char *reason = fault_arg(&in->cx->fault, "value");
    simulate_refuse(in, place_of_pointer(in->cx->fault.param), reason ? reason : err_code(err));
    fault_clear(in->cx);
    return false;
}

/* Members -------------------------------------------------------------------------------------- */

const char *simulate_read_word(struct simulate_reader *in, struct json_reader *r,
                               const char *member, enum json_presence presence)
{
    const char *word = NULL;
    if (!simulate_read_ok(in, json_text(r, member, presence, &word)) || word == NULL)
        return NULL;
    if (word[0] != '\0' && strlen(word) <= ID_MAX)
        return word;
    simulate_refuse_member(in, r, member,
                           arena_print(in->cx->arena, "must have 1 to %d bytes", ID_MAX));
    return NULL;
}

void simulate_read_rest(struct simulate_reader *in, struct json_reader *r)
{
    for (size_t i = 0; i < json_member_count(r); i++) {
        const char *name = json_member_name(r, i);
        bool is_seen = false;
        for (size_t s = 0; s < r->seen_count && !is_seen; s++)
            is_seen = strcmp(r->seen[s], name) == 0;
        if (is_seen)
            continue;
        /* The place is printed: it stays one short line, whatever the file calls a member. */
        if (strlen(name) > ID_MAX || text_has_controls(name))
            simulate_refuse(in, place_of_pointer(r->path), "unknown member, whose name is no word");
        else
            simulate_refuse_member(in, r, name, "unknown member");
    }
}

const struct catalog *simulate_read_catalog(struct simulate_reader *in, struct json_reader *r,
                                            const char *member, const char **ret_text)
{
    struct context *cx = in->cx;
    struct json_reader object;
    bool present = false;
    if (!simulate_read_ok(in, json_object(r, member, REQUIRED, &object, &present)))
        return NULL;
    const char *text = json_raw(r, member);
    struct catalog *catalog = NULL;
    struct catalog_faults faults = {0};
    enum err err = catalog_parse(cx, text, strlen(text), &catalog, &faults);
    fault_clear(cx);
    for (size_t i = 0; i < faults.count; i++) {
        const char *place = place_of_pointer(object.path);
        simulate_refuse(in, "", arena_print(cx->arena, "%s/%s", place, faults.lines[i]));
    }
    if (err != OK)
        return NULL;
    *ret_text = text;
    return catalog;
}

/* Names ---------------------------------------------------------------------------------------- */

/* FNV-1a. */
static size_t hash_name(const char *name)
{
    uint64_t hash = 14695981039346656037u;
    for (const char *c = name; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    return (size_t)hash;
}

/* The slot that holds the name, or the free one where it belongs. */
static size_t find_slot(const struct simulate_names *names, const char *name)
{
    size_t slot = hash_name(name) & (names->slot_count - 1);
    while (names->slots[slot] != NULL && strcmp(names->slots[slot]->name, name) != 0)
        slot = (slot + 1) & (names->slot_count - 1);
    return slot;
}

struct simulate_name *simulate_find_name(const struct simulate_names *names, const char *name)
{
    return names->slot_count > 0 ? names->slots[find_slot(names, name)] : NULL;
}

void simulate_add_name(struct simulate_reader *in, struct simulate_name *name)
{
    enum { SLOTS_FIRST = 64 };
    struct simulate_names *names = &in->names;
    if (2 * names->count >= names->slot_count) { /* at least half of the slots stay free */
        struct simulate_names grown = {
            .slot_count = names->slot_count > 0 ? 2 * names->slot_count : SLOTS_FIRST,
            .count = names->count,
        };
        grown.slots = ARENA_ARRAY(in->cx->arena, struct simulate_name *, grown.slot_count);
        for (size_t i = 0; i < names->slot_count; i++) {
            if (names->slots[i] != NULL)
                grown.slots[find_slot(&grown, names->slots[i]->name)] = names->slots[i];
        }
        *names = grown;
    }
    names->slots[find_slot(names, name->name)] = name;
    names->count++;
}
