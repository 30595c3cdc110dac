#include "base/po.h"

#include "base/buf.h"

/* The field that the strings on the next lines continue. */
enum field { FIELD_NONE, FIELD_ID, FIELD_TEXT, FIELD_OTHER };

struct po_parser {
    struct arena *arena;
    struct po *po;
    size_t capacity;
    enum field field;
    struct buf id;
    struct buf text;
    bool has_other; /* a context: not for us */
    char form;      /* digit of the plural form that is being read; 0: none */
    bool fuzzy;     /* marked as not yet checked: gettext does not use it either */
};

static void entry_begin(struct po_parser *p)
{
    p->field = FIELD_NONE;
    p->id = buf_create(p->arena);
    p->text = buf_create(p->arena);
    p->has_other = false;
    p->form = 0;
    p->fuzzy = false;
}

/* Keeps what was read: the translation, or one plural form of it as "id[0]". */
static void entry_keep(struct po_parser *p)
{
    bool wanted = p->id.size > 0 && p->text.size > 0 && !p->has_other && !p->fuzzy;
    if (wanted && p->po->count == p->capacity) {
        p->capacity = p->capacity ? p->capacity * 2 : 64;
        struct po_entry *grown = ARENA_ARRAY(p->arena, struct po_entry, p->capacity);
        if (p->po->count > 0)
            memcpy(grown, p->po->entries, p->po->count * sizeof(*grown));
        p->po->entries = grown;
    }
    const char *id = buf_text(&p->id);
    if (p->form != 0)
        id = arena_print(p->arena, "%s[%c]", id, p->form);
    if (wanted)
        p->po->entries[p->po->count++] = (struct po_entry){id, buf_text(&p->text)};
}

static void entry_end(struct po_parser *p)
{
    entry_keep(p);
    entry_begin(p);
}

static bool escape_add(struct buf *to, char c)
{
    static const char NAMES[] = "ntr\"\\";
    static const char MEANS[] = "\n\t\r\"\\";
    const char *name = c ? strchr(NAMES, c) : NULL;
    if (!name)
        return false;
    buf_add(to, &MEANS[name - NAMES], 1);
    return true;
}

/* Adds a string in quotes, which ends the line, to the field it belongs to. */
static bool string_add(struct po_parser *p, const char *line)
{
    struct buf other = buf_create(p->arena);
    struct buf *to = p->field == FIELD_ID ? &p->id : p->field == FIELD_TEXT ? &p->text : &other;
    if (*line++ != '"' || p->field == FIELD_NONE)
        return false;
    for (; *line != '"'; line++) {
        if (*line == '\0')
            return false;
        if (*line != '\\')
            buf_add(to, line, 1);
        else if (!escape_add(to, *++line))
            return false;
    }
    line++;
    return line[strspn(line, " \t\r")] == '\0';
}

/* `rest` follows "msgstr[". */
static bool plural_begin(struct po_parser *p, const char *rest)
{
    if (rest[0] < '0' || rest[0] > '9' || rest[1] != ']')
        return false;
    if (p->form != 0)
        entry_keep(p);
    p->form = rest[0];
    p->text = buf_create(p->arena);
    p->field = FIELD_TEXT;
    rest += 2;
    return string_add(p, rest + strspn(rest, " \t"));
}

/* Returns what follows the keyword and its spaces, or NULL when the line has another. */
static const char *keyword_skip(const char *line, const char *keyword)
{
    size_t size = strlen(keyword);
    if (strncmp(line, keyword, size) != 0)
        return NULL;
    return line + size + strspn(line + size, " \t");
}

static bool keyword_parse(struct po_parser *p, const char *line)
{
    const char *rest;
    if ((rest = keyword_skip(line, "msgid_plural"))) {
        p->field = FIELD_OTHER;
        return string_add(p, rest);
    }
    if ((rest = keyword_skip(line, "msgstr[")))
        return plural_begin(p, rest);
    if ((rest = keyword_skip(line, "msgctxt"))) {
        entry_end(p);
        p->field = FIELD_OTHER;
        p->has_other = true;
        return string_add(p, rest);
    }
    if ((rest = keyword_skip(line, "msgid"))) {
        /* After a context or a comment the entry has begun already. */
        if (p->field == FIELD_TEXT || p->field == FIELD_ID)
            entry_end(p);
        p->field = FIELD_ID;
        return string_add(p, rest);
    }
    if ((rest = keyword_skip(line, "msgstr"))) {
        p->field = FIELD_TEXT;
        return string_add(p, rest);
    }
    return false;
}

static bool line_parse(struct po_parser *p, const char *line)
{
    line += strspn(line, " \t\r");
    if (*line == '\0')
        return true;
    if (*line == '"')
        return string_add(p, line);
    if (*line != '#')
        return keyword_parse(p, line);
    /* Comments stand before the entry they are about. */
    if (p->field != FIELD_NONE)
        entry_end(p);
    if (line[1] == ',' && strstr(line, "fuzzy"))
        p->fuzzy = true;
    return true;
}

static int entry_compare(const void *a, const void *b)
{
    return strcmp(((const struct po_entry *)a)->id, ((const struct po_entry *)b)->id);
}

bool po_parse(struct arena *arena, const char *text, size_t size, struct po *ret_po,
              size_t *ret_line)
{
    struct po po = {0};
    struct po_parser p = {.arena = arena, .po = &po};
    entry_begin(&p);
    const char *end = text + size;
    for (size_t number = 1; text < end; number++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *line_end = newline ? newline : end;
        if (!line_parse(&p, arena_copy_bytes(arena, text, (size_t)(line_end - text)))) {
            *ret_line = number;
            return false;
        }
        text = newline ? newline + 1 : end;
    }
    entry_end(&p);
    if (po.count > 0)
        qsort(po.entries, po.count, sizeof(po.entries[0]), entry_compare);
    *ret_po = po;
    return true;
}

const char *po_find(const struct po *po, const char *id)
{
    if (po->count == 0)
        return NULL;
    struct po_entry wanted = {.id = id};
    const struct po_entry *found =
        bsearch(&wanted, po->entries, po->count, sizeof(wanted), entry_compare);
    return found ? found->text : NULL;
}
