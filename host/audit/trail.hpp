// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "crypto/seal.hpp"
#include "json/value.hpp"
#include "store/store.hpp"

namespace quell::audit {

// What happened. Strings may come from anywhere but hold no secret; they are kept as they are and escaped when shown.
struct Record {
    TenantId tenant{};         // whose chain; empty: the host's own
    std::string event{};       // "containment_ordered"
    std::string actor{};       // a principal's id
    std::string request_id{};  // empty if there is none
    std::string outcome{};     // "ok", or an error key
    json::Object detail{};
};

// The same with the detail as JSON text, for records that are made often. Borrows everything.
struct RecordText {
    std::string_view tenant;
    std::string_view event;
    std::string_view actor;
    std::string_view request_id;
    std::string_view outcome;
    std::string_view detail;
};

// A record as the trail holds it.
struct Entry {
    TenantId tenant;
    std::int64_t seq = 0;
    WallTime at{};
    std::string event;
    std::string actor;
    std::string request_id;
    std::string outcome;
    std::string detail;  // JSON text
    crypto::Digest prev_hash{};
    crypto::Digest hash{};
};

// "host", or the tenant's id.
std::string chain_name(const TenantId& tenant);
// An entry as it is shown; text of a damaged row that is not UTF-8 as "base64:...".
json::Object to_document(const Entry& entry);

// Which entries tail() wants; empty members match all.
struct Filter {
    std::string event{};
    std::string actor{};
    std::string request_id{};
    std::optional<WallTime> since{};
};

// What verify() found in one chain.
struct ChainReport {
    struct Flaw {
        std::int64_t seq = 0;
        std::string why;
    };
    TenantId tenant{};
    std::int64_t sound = 0;      // records that hold, from the first on
    std::optional<Flaw> flaw{};  // the first one
};

class Heads;

// The hash-chained trail (DU-08): one chain for each tenant and one for the host. Each record carries the digest of
// the one before; the newest digest of each chain stands in a head anchored by a key that is not in the store.
// It cannot show that the whole file was put back to an older state: keep copies of the heads elsewhere for that.
// One Trail for a store, any thread. The key outlives the store. No audit, no action: a failed append fails its job.
class Trail {
  public:
    Trail(store::Store& store, const crypto::SealingKey& key);

    // Part of the caller's transaction: kept or undone with it. audit_unavailable if it cannot be written; the record
    // itself is written before the commit, so that a row that is refused there fails the whole group.
    Result<void> append(store::Transaction& transaction, const Record& record);
    Result<void> append(store::Transaction& transaction, const RecordText& record);
    // Queued, not durable on return; refused when the queue is full.
    Result<void> append_later(Record record);

    // The newest `count` of a chain that match, oldest first.
    Result<std::vector<Entry>> tail(const TenantId& tenant, std::size_t count, const Filter& filter = {}) const;
    // Since the start: records that are durable, and records that were wanted and could not be kept.
    struct Counters {
        std::uint64_t written = 0;
        std::uint64_t refused = 0;
    };
    Counters counters() const;

    // Reads every chain in constant memory, beside new records. The error is a store that cannot be read.
    Result<std::vector<ChainReport>> verify() const;

  private:
    store::Store& store_;
    const crypto::SealingKey& key_;
    std::shared_ptr<Heads> heads_;  // the writer thread's own
};

}  // namespace quell::audit
