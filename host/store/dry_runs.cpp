// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/dry_runs.hpp"

namespace quell::store {
namespace {

DryRunRow dry_run_row(const Row& row) {
    return {.tenant = row.id<TenantId>(0),
            .id = row.id<RequestId>(1),
            .kind = row.text(2),
            .created_at = row.time(3),
            .asked = row.text(4),
            .integrations = row.text(5)};
}

}  // namespace

DryRuns::DryRuns()
    : rows_("dry_runs", {"tenant", "request_id", "kind", "created_at", "asked", "integrations"}) {}

void DryRuns::add(const DryRunRow& row) {
    rows_.add(row.tenant, row.id, row.kind, row.created_at, row.asked, row.integrations);
}

Result<std::optional<DryRunRow>> find_dry_run(Reader& reader, const TenantId& tenant, const RequestId& id) {
    return reader.row<DryRunRow>(
        "SELECT tenant, request_id, kind, created_at, asked, integrations FROM dry_runs WHERE tenant = ? AND "
        "request_id = ?",
        dry_run_row, tenant, id);
}

Result<std::vector<DryRunRow>> list_dry_runs(Reader& reader, const TenantId& tenant, std::string_view kind,
                                             const RequestId& before, std::int64_t limit) {
    // '~' sorts behind every id.
    return reader.rows<DryRunRow>(
        "SELECT tenant, request_id, kind, created_at, asked, integrations FROM dry_runs WHERE tenant = ? AND "
        "request_id < ? AND kind = ? ORDER BY request_id DESC LIMIT ?",
        dry_run_row, tenant, before.empty() ? RequestId("~") : before, kind, limit);
}

}  // namespace quell::store
