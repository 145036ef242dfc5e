// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// How a record is hashed. Every field is preceded by its length, so that no two records have the same encoding:
//
//   record  = "quell.audit.record.1"
//             text(chain) number(seq) number(at) text(event) text(actor) text(request_id) text(outcome) text(detail)
//             prev_hash (32 bytes; zeros for seq 1)
//   text    = number(length in bytes) bytes
//   number  = 64 bits, most significant byte first
//   hash    = SHA-256(record)
//   anchor  = HMAC-SHA-256(key for "audit-head", "quell.audit.head.1" text(chain) number(seq) hash)
//
// `chain` is the tenant's id, empty for the host; `at` is Unix milliseconds; `detail` is JSON text, hashed as stored.

#include "audit/record_hash.hpp"

#include <endian.h>

namespace quell::audit {
namespace {

void add_number(std::string& out, std::uint64_t number) {
    const std::uint64_t big_endian = ::htobe64(number);
    out.append(reinterpret_cast<const char*>(&big_endian), sizeof big_endian);
}

void add_text(std::string& out, std::string_view text) {
    add_number(out, text.size());
    out += text;
}

}  // namespace

crypto::Digest hash_of(const HashedFields& fields, std::string& scratch) {
    scratch = "quell.audit.record.1";
    add_text(scratch, fields.chain);
    add_number(scratch, static_cast<std::uint64_t>(fields.seq));
    add_number(scratch, static_cast<std::uint64_t>(fields.at));
    for (const std::string_view text :
         {fields.event, fields.actor, fields.request_id, fields.outcome, fields.detail}) {
        add_text(scratch, text);
    }
    scratch += crypto::as_text(fields.prev_hash);
    return crypto::sha256(scratch);
}

crypto::Digest anchor_of(const crypto::SealingKey& key, std::string_view chain, std::int64_t seq,
                         const crypto::Digest& hash) {
    std::string text = "quell.audit.head.1";
    add_text(text, chain);
    add_number(text, static_cast<std::uint64_t>(seq));
    text += crypto::as_text(hash);
    return key.hmac("audit-head", text);
}

}  // namespace quell::audit
