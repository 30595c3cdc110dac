#include "base/text.h"

/* Crockford's: without i, l, o and u, which are mistaken for others. */
static const char BASE32_DIGITS[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* Smallest character that needs so many bytes: a longer form of a smaller one is not UTF-8. */
static const uint32_t UTF8_LEAST[] = {0, 0, 0x80, 0x800, 0x10000};

size_t utf8_length(const char *text, size_t size)
{
    if (size == 0)
        return 0;
    unsigned char lead = (unsigned char)text[0];
    if (lead < 0x80)
        return 1;
    size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || length > size)
        return 0;
    uint32_t character = lead & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xc0) != 0x80)
            return 0;
        character = character << 6 | (byte & 0x3fu);
    }
    bool surrogate = character >= 0xd800 && character <= 0xdfff;
    return character < UTF8_LEAST[length] || character > 0x10ffff || surrogate ? 0 : length;
}

static bool is_control(const unsigned char *c)
{
    bool is_c1 = *c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0; /* U+0080 to U+009F */
    return *c < 0x20 || *c == 0x7f || is_c1;
}

bool text_has_controls(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (is_control(c))
            return true;
    }
    return false;
}

bool text_is_prose(const char *text, size_t most)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (is_control(c) && *c != '\n' && *c != '\r')
            return false;
    }
    return strlen(text) <= most;
}

char *text_make_printable(char *text)
{
    size_t size = strlen(text);
    for (size_t i = 0; i < size;) {
        size_t length = utf8_length(text + i, size - i);
        char character[5] = {0};
        memcpy(character, text + i, length);
        bool is_good = length > 0 && !text_has_controls(character);
        size_t step = length > 0 ? length : 1;
        if (!is_good)
            memset(text + i, '?', step);
        i += step;
    }
    return text;
}

static size_t escape_put(char ret_escaped[JSON_ESCAPE_MAX], size_t *ret_size, const char *text,
                         size_t size)
{
    memcpy(ret_escaped, text, size);
    *ret_size = size;
    return 1;
}

size_t text_escape(const char *text, size_t size, char ret_escaped[JSON_ESCAPE_MAX],
                   size_t *ret_size)
{
    static const char HEX[] = "0123456789abcdef";
    unsigned char c = (unsigned char)text[0];
    switch (c) {
    case '"':
        return escape_put(ret_escaped, ret_size, "\\\"", 2);
    case '\\':
        return escape_put(ret_escaped, ret_size, "\\\\", 2);
    case '\n':
        return escape_put(ret_escaped, ret_size, "\\n", 2);
    case '\r':
        return escape_put(ret_escaped, ret_size, "\\r", 2);
    case '\t':
        return escape_put(ret_escaped, ret_size, "\\t", 2);
    default:
        break;
    }
    if (c < 0x20 || c == 0x7f) {
        char code[] = {'\\', 'u', '0', '0', HEX[c >> 4], HEX[c & 15]};
        return escape_put(ret_escaped, ret_size, code, sizeof(code));
    }
    size_t length = utf8_length(text, size);
    if (length == 0)
        return escape_put(ret_escaped, ret_size, "\xef\xbf\xbd", 3);
    escape_put(ret_escaped, ret_size, text, length);
    return length;
}

void base32_write(uint64_t bits, int digits, char *ret_digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        ret_digits[i] = BASE32_DIGITS[bits & 31];
        bits >>= 5;
    }
}

bool base32_is_digit(char c)
{
    return c != '\0' && strchr(BASE32_DIGITS, c) != NULL;
}
