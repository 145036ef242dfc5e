// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "store/deferred_rows.hpp"
#include "store/participant.hpp"

namespace quell::store {

// A dry run without an idempotency key (one with a key is a row of `requests`).
struct DryRunRow {
    TenantId tenant;
    RequestId id;
    std::string kind;
    WallTime created_at{};
    std::string asked;         // JSON object
    std::string integrations;  // JSON array
};

// Writes dry runs, many with one statement. A participant of the store; add() inside a job of it.
class DryRuns final : public Participant {
  public:
    DryRuns();
    void add(const DryRunRow& row);

    void job_kept() override { rows_.job_kept(); }
    void job_undone() override { rows_.job_undone(); }
    Result<void> before_commit(Transaction& transaction) override { return rows_.write(transaction); }
    void committed() override {}
    void spoilt() override { rows_.forget(); }
    void rolled_back() override { rows_.forget(); }

  private:
    DeferredRows rows_;
};

Result<std::optional<DryRunRow>> find_dry_run(Reader& reader, const TenantId& tenant, const RequestId& id);
// Newest first; `before` empty: from the newest.
Result<std::vector<DryRunRow>> list_dry_runs(Reader& reader, const TenantId& tenant, std::string_view kind,
                                             const RequestId& before, std::int64_t limit);

}  // namespace quell::store
