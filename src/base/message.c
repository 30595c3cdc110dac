#include "base/message.h"

#include "base/buf.h"
#include "base/embed.h"
#include "base/locale.h"
#include "base/log.h"
#include "base/po.h"

enum { LANGUAGE_COUNT = 2, MESSAGES_BYTES_MAX = 16 * 1024 * 1024 };

struct language {
    const char *name;
    const char *file;
    struct po po;
};

/* Written once at start and only read afterwards. English comes first: it is what the others
 * fall back to. */
static struct language languages[LANGUAGE_COUNT] = {
    {.name = "en", .file = "messages/en.po"},
    {.name = "fr", .file = "messages/fr.po"},
};

/* Lives as long as the process. */
static struct arena *messages_arena;

static void language_start(struct language *language)
{
    const struct embed *file = embed_find(language->file);
    size_t line = 0;
    if (file &&
        po_parse(messages_arena, (const char *)file->data, file->size, &language->po, &line))
        return;
    char *place = arena_print(messages_arena, "%zu", line);
    log_line(LOG_ERROR, "messages_unreadable", "file", language->file, "line", place, NULL);
    abort();
}

void message_start(void)
{
    if (messages_arena)
        return;
    messages_arena = arena_create(MESSAGES_BYTES_MAX);
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        language_start(&languages[i]);
}

static const char *sentence_find(const char *language, const char *key)
{
    const char *found = NULL;
    for (size_t i = 0; i < LANGUAGE_COUNT && !found; i++) {
        if (strcmp(languages[i].name, language) == 0)
            found = po_find(&languages[i].po, key);
    }
    if (!found)
        found = po_find(&languages[0].po, key);
    return found ? found : key;
}

const char *message_template(const char *language, const char *key)
{
    return sentence_find(language, key);
}

static const char *plural_id(struct arena *arena, const char *language, const char *key,
                             int64_t count)
{
    bool is_french = strcmp(language, "fr") == 0;
    bool is_more = is_french ? count > 1 || count < -1 : count != 1;
    return arena_print(arena, "%s[%d]", key, is_more ? 1 : 0);
}

const char *message_plural(struct arena *arena, const char *language, const char *key,
                           int64_t count)
{
    const char *id = plural_id(arena, language, key, count);
    const char *found = sentence_find(language, id);
    return found != id ? found : NULL;
}

static struct fault pairs_read(va_list values)
{
    struct fault pairs = {0};
    for (const char *key; (key = va_arg(values, const char *)) != NULL;) {
        assert(pairs.arg_count < FAULT_ARGS_MAX);
        pairs.args[pairs.arg_count++] = (struct fault_arg){key, va_arg(values, const char *)};
    }
    return pairs;
}

const char *message_say(const struct context *cx, const char *key, ...)
{
    va_list values;
    va_start(values, key);
    struct fault pairs = pairs_read(values);
    va_end(values);
    return message_render(cx->arena, cx->language, key, &pairs);
}

const char *message_count(const struct context *cx, const char *key, int64_t count, ...)
{
    va_list values;
    va_start(values, count);
    struct fault pairs = pairs_read(values);
    va_end(values);
    assert(pairs.arg_count < FAULT_ARGS_MAX);
    pairs.args[pairs.arg_count++] =
        (struct fault_arg){"count", locale_integer(cx->arena, cx->language, count)};
    const char *id = plural_id(cx->arena, cx->language, key, count);
    return message_render(cx->arena, cx->language, id, &pairs);
}

/* Returns the value of a placeholder, "" when the fault does not carry it. */
static const char *argument_find(const struct fault *fault, const char *name, size_t size)
{
    for (size_t i = 0; fault && i < fault->arg_count; i++) {
        const struct fault_arg *arg = &fault->args[i];
        if (strlen(arg->key) == size && memcmp(arg->key, name, size) == 0)
            return arg->value ? arg->value : "";
    }
    return "";
}

const char *message_render(struct arena *arena, const char *language, const char *key,
                           const struct fault *fault)
{
    static const char NAME[] = "abcdefghijklmnopqrstuvwxyz_";
    const char *sentence = sentence_find(language, key);
    struct buf text = buf_create(arena);
    while (*sentence) {
        size_t plain = strcspn(sentence, "{");
        buf_add(&text, sentence, plain);
        sentence += plain;
        if (*sentence == '\0')
            break;
        size_t name = strspn(sentence + 1, NAME);
        bool is_placeholder = name > 0 && sentence[1 + name] == '}';
        if (is_placeholder)
            buf_add_text(&text, argument_find(fault, sentence + 1, name));
        else
            buf_add(&text, sentence, 1);
        sentence += is_placeholder ? name + 2 : 1;
    }
    return buf_text(&text);
}

const char *message_fault(struct arena *arena, const char *language, const struct fault *fault)
{
    const char *key = arena_print(arena, "error.%s", err_code(fault->code));
    return message_render(arena, language, key, fault);
}

/* The reason's sentence of that kind; a sentence may name its offers. */
static const char *reason_sentence(struct arena *arena, const char *language, const char *kind,
                                   const struct reason *reason)
{
    struct buf offers = buf_create(arena);
    for (size_t i = 0; i < reason->offer_count; i++) {
        if (i > 0)
            buf_add_text(&offers, ", ");
        buf_add_text(&offers, reason->offers[i]);
    }
    struct fault fault = {.args = {{"offers", buf_text(&offers)}}, .arg_count = 1};
    return message_render(arena, language, arena_print(arena, "%s.%s", kind, reason->code), &fault);
}

const char *message_reason(struct arena *arena, const char *language, const struct reason *reason)
{
    return reason_sentence(arena, language, "reason", reason);
}

const char *message_remedy(struct arena *arena, const char *language, const struct reason *reason)
{
    const char *remedy = reason_sentence(arena, language, "remedy", reason);
    return strncmp(remedy, "remedy.", 7) == 0 ? NULL : remedy;
}
