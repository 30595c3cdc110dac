#include "base/hash.h"

#include <sodium.h>

#include "base/log.h"
#include "base/text.h"

enum { DIGEST_BYTES = 32 };

void hash_start(void)
{
    if (sodium_init() >= 0)
        return;
    log_line(LOG_ERROR, "libsodium_cannot_start", NULL);
    abort();
}

void hash_bytes(const void *data, size_t size, char ret_text[HASH_TEXT_SIZE])
{
    unsigned char digest[DIGEST_BYTES];
    int failed = crypto_generichash(digest, sizeof(digest), data, size, NULL, 0);
    assert(!failed);
    sodium_bin2hex(ret_text, HASH_TEXT_SIZE, digest, sizeof(digest));
}

bool hash_equal(const char *a, const char *b)
{
    size_t size = strlen(a);
    return size == strlen(b) && sodium_memcmp(a, b, size) == 0;
}

static bool read_bytes(const char *text, size_t digits, unsigned char *ret_bytes)
{
    size_t size;
    return sodium_hex2bin(ret_bytes, digits / 2, text, digits, NULL, &size, NULL) == 0 &&
           size == digits / 2;
}

void hash_mask(const char hash[HASH_TEXT_SIZE], char ret_text[HASH_MASKED_SIZE])
{
    static_assert(HASH_MASKED_SIZE == 4 * DIGEST_BYTES + 1);
    unsigned char digest[DIGEST_BYTES], masked[2 * DIGEST_BYTES];
    bool is_hash = read_bytes(hash, HASH_TEXT_SIZE - 1, digest);
    assert(is_hash);
    randombytes_buf(masked, DIGEST_BYTES);
    for (size_t i = 0; i < DIGEST_BYTES; i++)
        masked[DIGEST_BYTES + i] = digest[i] ^ masked[i];
    sodium_bin2hex(ret_text, HASH_MASKED_SIZE, masked, sizeof masked);
}

bool hash_masked_equal(const char *masked, const char hash[HASH_TEXT_SIZE])
{
    unsigned char bytes[2 * DIGEST_BYTES], digest[DIGEST_BYTES];
    if (strlen(masked) != HASH_MASKED_SIZE - 1 ||
        !read_bytes(masked, HASH_MASKED_SIZE - 1, bytes) ||
        !read_bytes(hash, HASH_TEXT_SIZE - 1, digest))
        return false;
    for (size_t i = 0; i < DIGEST_BYTES; i++)
        bytes[i] ^= bytes[DIGEST_BYTES + i];
    return sodium_memcmp(bytes, digest, DIGEST_BYTES) == 0;
}

void secret_create(char ret_text[SECRET_TEXT_SIZE])
{
    enum { GROUP_BYTES = 5, GROUP_DIGITS = 8 };
    static_assert(SECRET_BYTES % GROUP_BYTES == 0);
    static_assert(SECRET_TEXT_SIZE == SECRET_BYTES / GROUP_BYTES * GROUP_DIGITS + 1);
    unsigned char bytes[SECRET_BYTES];
    randombytes_buf(bytes, sizeof(bytes));
    for (size_t group = 0; group < SECRET_BYTES / GROUP_BYTES; group++) {
        uint64_t bits = 0;
        for (size_t i = 0; i < GROUP_BYTES; i++)
            bits = bits << 8 | bytes[group * GROUP_BYTES + i];
        base32_write(bits, GROUP_DIGITS, ret_text + group * GROUP_DIGITS);
        sodium_memzero(&bits, sizeof(bits));
    }
    ret_text[SECRET_TEXT_SIZE - 1] = '\0';
    sodium_memzero(bytes, sizeof(bytes));
}

/* ── Passwords ────────────────────────────────────────────────────────────────────────── */

enum { ARGON_PASSES = 2, ARGON_BYTES = 19 * 1024 * 1024 };

bool password_hash(const char *password, char ret_text[PASSWORD_HASH_SIZE])
{
    static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_argon2id_STRBYTES, "room for the text");
    return crypto_pwhash_argon2id_str(ret_text, password, strlen(password), ARGON_PASSES,
                                      ARGON_BYTES) == 0;
}

bool password_verify(const char *password, const char *hash)
{
    /* Of no password: nobody can find one that gives these bytes. */
    static const char NONE[] = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5cyBwYXNzd29yZA"
                               "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    bool right = crypto_pwhash_argon2id_str_verify(hash != NULL ? hash : NONE, password,
                                                   strlen(password)) == 0;
    return right && hash != NULL;
}
