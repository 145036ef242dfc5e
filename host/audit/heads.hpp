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
#include "store/participant.hpp"

namespace quell::audit {

// The newest record of each chain, in memory, so that appending reads nothing. The writer thread's own.
// Correct after every kind of undoing: a job that is undone puts back the heads it moved; a group that is lost
// forgets all, and the next append reads them anew. Anchors are written once a group and chain, before the commit.
class Heads final : public store::Participant {
  public:
    // `is_gone`: the trail was removed (trail_is_gone); nothing is appended then.
    Heads(const crypto::SealingKey& key, bool is_gone) : key_(key), is_gone_(is_gone) {}

    Result<void> append(store::Transaction& transaction, const Record& record);

    void job_kept() override;
    void job_undone() override;
    Result<void> before_commit(store::Transaction& transaction) override;
    void committed() override;
    // How many records are durable, and how many could not be written.
    std::uint64_t written() const { return written_; }
    std::uint64_t refused() const { return refused_; }
    void count_refused() { ++refused_; }
    void rolled_back() override;

  private:
    struct Head {
        std::int64_t seq = 0;  // 0: no record yet
        crypto::Digest hash{};
        std::int64_t anchored_seq = 0;
        bool listed = false;  // in unanchored_
    };
    using Chain = std::map<std::string, Head, std::less<>>::value_type;

    Result<Chain*> chain_of(store::Transaction& transaction, const std::string& name);
    Result<Head> load(store::Transaction& transaction, const std::string& name) const;
    Result<void> announce(store::Transaction& transaction, const std::string& tenant);
    Result<void> append_to(store::Transaction& transaction, Chain& chain, const Record& record);
    void move(Chain& chain, const crypto::Digest& hash);

    const crypto::SealingKey& key_;
    const bool is_gone_;
    std::map<std::string, Head, std::less<>> chains_;
    std::vector<std::pair<Head*, Head>> moved_;  // by the present job, with what was before
    std::vector<Chain*> unanchored_;             // by the present group
    std::uint64_t kept_ = 0;                     // records of the present group
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
