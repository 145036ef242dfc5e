// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "audit/trail.hpp"

namespace quell::audit {

// The columns chain, seq, at, event, actor, request_id, outcome, detail, prev_hash, hash.
Entry read_entry(const store::Row& row);

// Walks every chain from its first record to its head (DU-08), some records at a time, so that neither memory nor a
// long read stands in the way of a running host. The host's chain comes first: it announces the others.
class Verifier {
  public:
    Verifier(store::Store& store, const crypto::SealingKey& key) : store_(store), key_(key) {}
    Result<std::vector<ChainReport>> run();

  private:
    // Where the walk of one chain stands.
    struct Walk {
        ChainReport report;
        crypto::Digest last{};
        bool ended = false;
    };

    Result<std::set<std::string, std::less<>>> chains() const;
    Result<ChainReport> verify_chain(const std::string& chain);
    Result<void> next_part(store::Reader& reader, Walk& walk);
    void check_record(const Entry& entry, Walk& walk);
    Result<void> check_end(store::Reader& reader, Walk& walk) const;
    std::string flaw_of_announcement(const std::string& chain, bool empty) const;
    void note_announcement(const Entry& entry);

    store::Store& store_;
    const crypto::SealingKey& key_;
    std::set<std::string, std::less<>> announced_;  // tenants whose chains the host's chain tells of
    bool host_is_sound_ = true;
    std::string scratch_;
};

}  // namespace quell::audit
