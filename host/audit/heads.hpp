// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "audit/trail.hpp"
#include "store/deferred_rows.hpp"
#include "store/participant.hpp"

namespace quell::audit {

// The newest record of each chain, in memory, so that appending reads nothing. The writer thread's own.
// Correct after every kind of undoing: a job that is undone puts back the heads it moved; a group that is undone
// forgets all, and the next append reads them anew. Anchors are written once a group and chain, before the commit.
class Heads final : public store::Participant {
  public:
    // `is_gone`: the trail was removed (trail_is_gone); nothing is appended then.
    Heads(const crypto::SealingKey& key, bool is_gone);

    // A refusal is counted if the group comes to an end with it.
    Result<void> append(store::Transaction& transaction, const Record& record);
    Result<void> append(store::Transaction& transaction, const RecordText& record);

    void job_kept() override;
    void job_undone() override;
    Result<void> before_commit(store::Transaction& transaction) override;
    void committed() override;
    void spoilt() override;
    void rolled_back() override;

    // How many records are durable, and how many could not be written.
    std::uint64_t written() const { return written_; }
    std::uint64_t refused() const { return refused_; }
    void count_refused() { ++refused_; }

  private:
    struct Head {
        std::int64_t seq = 0;  // 0: no record yet
        crypto::Digest hash{};
        std::int64_t anchored_seq = 0;
        bool listed = false;  // in unanchored_
    };
    using Chain = std::map<std::string, Head, std::less<>>::value_type;

    Result<void> try_append(store::Transaction& transaction, const RecordText& record);
    Result<Chain*> chain_of(store::Transaction& transaction, std::string_view name);
    Result<Head> load(store::Transaction& transaction, std::string_view name) const;
    Result<void> announce(store::Transaction& transaction, const std::string& tenant);
    void append_to(Chain& chain, const RecordText& record);
    void move(Chain& chain, const crypto::Digest& hash);
    Result<void> write_anchors(store::Transaction& transaction);
    void forget();

    const crypto::SealingKey& key_;
    const bool is_gone_;
    std::map<std::string, Head, std::less<>> chains_;
    store::DeferredRows rows_;
    std::vector<std::pair<Head*, Head>> moved_;  // by the present job, with what was before
    std::vector<Chain*> unanchored_;             // by the present group
    std::uint64_t kept_ = 0;                     // records of the present group
    std::uint64_t failed_ = 0;                   // appends of the present group that were refused
    std::atomic<std::uint64_t> written_ = 0;     // any thread reads these two
    std::atomic<std::uint64_t> refused_ = 0;
    std::string detail_;                         // reused buffers
    std::string scratch_;
};

// Whether the store holds what only audited changes bring, and no record at all.
Result<bool> trail_is_gone(store::Reader& reader);

// `detail` is for the log.
Error audit_unavailable(std::string detail);

// The event in the host's chain that says that a tenant's chain began, and the member of its detail that names it:
// a chain that is gone altogether is missed by them.
inline constexpr std::string_view kChainStarted = "audit_chain_started";
inline constexpr std::string_view kChainStartedTenant = "tenant";

}  // namespace quell::audit
