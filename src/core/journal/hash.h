/* hash.h - SHA-256 and HMAC-SHA256 that cannot fail: nothing is allocated.
 *
 * Does      hash runs of bytes; RFC 6962 leaf and node hashes.
 * Layer     core; libcrypto only.
 * Fails     never.
 * Threads   any; no state.
 */
#ifndef CORE_JOURNAL_HASH_H
#define CORE_JOURNAL_HASH_H

#include "base/str.h"

enum { HASH_SIZE = 32 };

struct hash { uint8_t b[HASH_SIZE]; };

struct hash hash_bytes(struct str s);
struct hash hash_runs(const struct str *runs, size_t n);                 /* SHA-256 of their concatenation */
struct hash hash_leaf(struct str entry);                                 /* RFC 6962 §2.1: 0x00 ‖ entry */
struct hash hash_node(const struct hash *left, const struct hash *right);/* RFC 6962 §2.1: 0x01 ‖ left ‖ right */
struct hash hash_hmac(struct str key, struct str message);
struct hash hash_hmac_runs(struct str key, const struct str *runs, size_t n);   /* of their concatenation */
bool        hash_eq(const struct hash *a, const struct hash *b);         /* constant time */

#endif
