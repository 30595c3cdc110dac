#include "catalog/catalog_reader.h"

#include "base/limits.h"
#include "base/text.h"

static void fault_add(struct catalog_reader *in, const char *place, const char *reason)
{
    if (in->is_faulty != NULL && in->section >= SECTION_FIRST_OFFER &&
        in->section != SECTION_TAX_RATES)
        in->is_faulty[in->section - SECTION_FIRST_OFFER] = true;
    if (in->faults.count == CATALOG_FAULTS_MAX)
        return;
    struct catalog_fault *fault = ARENA_NEW(in->arena, struct catalog_fault);
    fault->section = in->section;
    fault->place = arena_copy(in->arena, place);
    fault->reason =
        text_make_printable(in->offer ? arena_print(in->arena, "offer %s: %s", in->offer, reason)
                                      : arena_copy(in->arena, reason));
    list_push(in->arena, &in->faults, fault);
}

void catalog_refuse(struct catalog_reader *in, const char *place, const char *format, ...)
{
    char reason[TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof(reason), format, args);
    va_end(args);
    fault_add(in, place, reason);
}

/* A JSON pointer is the place with a slash in front. */
static const char *place_of_pointer(const char *pointer)
{
    if (pointer == NULL)
        return "";
    return pointer[0] == '/' ? pointer + 1 : pointer;
}

static const char *member_place(struct catalog_reader *in, const struct json_reader *r,
                                const char *member)
{
    return place_of_pointer(arena_print(in->cx->arena, "%s/%s", r->path, member));
}

void catalog_refuse_member(struct catalog_reader *in, const struct json_reader *r,
                           const char *member, const char *format, ...)
{
    char reason[TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof(reason), format, args);
    va_end(args);
    fault_add(in, member_place(in, r, member), reason);
}

bool catalog_read_ok(struct catalog_reader *in, enum err err)
{
    if (err == OK)
        return true;
    const struct fault *fault = &in->cx->fault;
    const char *reason = fault_arg(fault, "value");
    fault_add(in, place_of_pointer(fault->param), reason ? reason : err_code(err));
    fault_clear(in->cx);
    return false;
}

bool catalog_read_text(struct catalog_reader *in, struct json_reader *r, const char *member,
                       enum json_presence presence, const char **ret_text)
{
    const char *text = NULL;
    if (!catalog_read_ok(in, json_text(r, member, presence, &text)) || text == NULL)
        return false;
    if (text[0] == '\0') {
        catalog_refuse_member(in, r, member, "must not be empty");
        return false;
    }
    *ret_text = arena_copy(in->arena, text);
    return true;
}

static bool word_is_short(struct catalog_reader *in, const char *place, const char *word)
{
    if (strlen(word) <= ID_MAX)
        return true;
    catalog_refuse(in, place, "must have at most %d bytes", ID_MAX);
    return false;
}

bool catalog_read_word(struct catalog_reader *in, struct json_reader *r, const char *member,
                       enum json_presence presence, const char **ret_word)
{
    const char *word = NULL;
    if (!catalog_read_text(in, r, member, presence, &word))
        return false;
    if (!word_is_short(in, member_place(in, r, member), word))
        return false;
    *ret_word = word;
    return true;
}

bool catalog_read_choice(struct catalog_reader *in, struct json_reader *r, const char *member,
                         enum json_presence presence, const char *const *words, int *ret_index)
{
    int index = -1;
    if (!catalog_read_ok(in, json_choice(r, member, presence, words, &index)) || index < 0)
        return false;
    *ret_index = index;
    return true;
}

bool catalog_read_integer(struct catalog_reader *in, struct json_reader *r, const char *member,
                          int64_t min, int64_t max, int64_t *ret_value)
{
    bool given = json_has(r, member);
    int64_t value = *ret_value;
    if (!catalog_read_ok(in, json_integer(r, member, OPTIONAL, min, max, &value)))
        return false;
    *ret_value = value;
    return given;
}

bool catalog_read_currency(struct catalog_reader *in, struct json_reader *r,
                           char ret_currency[CURRENCY_SIZE])
{
    const char *currency = NULL;
    if (!catalog_read_text(in, r, "currency", REQUIRED, &currency))
        return false;
    if (strlen(currency) + 1 != CURRENCY_SIZE || currency_decimals(currency) < 0) {
        catalog_refuse_member(in, r, "currency", "is not a currency of ISO 4217 (such as EUR)");
        return false;
    }
    memcpy(ret_currency, currency, CURRENCY_SIZE);
    return true;
}

static bool words_have(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

void catalog_read_words(struct catalog_reader *in, struct json_reader *r, const char *member,
                        size_t max_count, struct catalog_words *ret_words)
{
    size_t size = 0;
    if (!catalog_read_ok(in, json_array(r, member, OPTIONAL, max_count, &size)) || size == 0)
        return;
    const char **items = ARENA_ARRAY(in->arena, const char *, size);
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        const char *word = NULL;
        if (!catalog_read_ok(in, json_array_text(r, member, i, &word)))
            continue;
        const char *place = arena_print(in->cx->arena, "%s/%zu", member_place(in, r, member), i);
        if (!word_is_short(in, place, word))
            continue;
        if (words_have(items, count, word))
            catalog_refuse(in, place, "\"%s\" is named twice", word);
        else
            items[count++] = arena_copy(in->arena, word);
    }
    *ret_words = (struct catalog_words){items, count};
}

void catalog_read_rest(struct catalog_reader *in, const struct json_reader *r)
{
    for (size_t i = 0; i < json_member_count(r); i++) {
        const char *name = json_member_name(r, i);
        if (words_have(r->seen, r->seen_count, name))
            continue;
        /* The place is printed: it stays one short line, whatever the file calls a member. */
        if (strlen(name) > ID_MAX || text_has_controls(name))
            catalog_refuse(in, place_of_pointer(r->path), "unknown member, whose name is no word");
        else
            catalog_refuse_member(in, r, name, "unknown member");
    }
}

bool offer_id_is_good(const char *id)
{
    size_t size = strlen(id);
    if (size == 0 || size > ID_MAX || id[0] == '-' || id[0] == '_')
        return false;
    return strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_-") == size;
}

bool country_is_good(const char *country)
{
    return strlen(country) == 2 && strspn(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2;
}
