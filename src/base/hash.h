/* Digests and random bytes, by libsodium. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { HASH_TEXT_SIZE = 65 }; /* 64 hexadecimal digits and the end */

/* Must be called once at start; ends the process when libsodium cannot start. */
void hash_start(void);

/* BLAKE2b-256 of the bytes, as lower-case hexadecimal. */
void hash_bytes(const void *data, size_t size, char ret_text[HASH_TEXT_SIZE]);

/* Compares in constant time. */
bool hash_equal(const char *a, const char *b);

/* A digest under a pad that is good for once: the pad, and the digest XORed with it. No two texts
 * of a digest are alike, so that the length of a page that is compressed with one in it tells
 * nothing of the digest (the attack named BREACH). */
enum { HASH_MASKED_SIZE = 129 };
void hash_mask(const char hash[HASH_TEXT_SIZE], char ret_text[HASH_MASKED_SIZE]);
/* Is that the digest under some pad? In constant time for what looks like one. */
bool hash_masked_equal(const char *masked, const char hash[HASH_TEXT_SIZE]);

/* `size` bytes of the operating system's randomness as lower-case base32 (Crockford), which
 * has no look-alikes; ret_text holds 8 × size / 5 rounded up, and the end. */
enum { SECRET_BYTES = 20, SECRET_TEXT_SIZE = 33 };
void secret_create(char ret_text[SECRET_TEXT_SIZE]);

/* Passwords by Argon2id, in libsodium's own text form: 19 MiB and two passes, some 30 ms. False
 * when the system has no such memory left. */
enum { PASSWORD_HASH_SIZE = 128 };
bool password_hash(const char *password, char ret_text[PASSWORD_HASH_SIZE]);
/* `hash` NULL: takes as long as with one, and says no. */
bool password_verify(const char *password, const char *hash);
