// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secrets/access.hpp"

namespace quell::secrets {

std::string service_of(const ResourceUri& uri) {
    const auto& segments = uri.segments();
    return uri.kind() == "secrets" && segments.size() > 3 ? segments[segments.size() - 2] : std::string();
}

Error approval_required(const approvals::Approval& approval, std::string_view public_url) {
    constexpr std::int64_t kAskAgainSeconds = 10;
    return Error(Code::permission_denied, "approval_required", "Approval required")
        .candidates({{{"approvalId", approval.id},
                      {"status", approval.status},
                      {"resource", approval.resource},
                      {"operation", approval.operation},
                      {"expiresAt", to_rfc3339(approval.expires_at)},
                      {"approvalUrl", approvals::approval_url(public_url, approval.id)}}})
        .next_step("People were asked. Make the same call again once the approval " + approval.id +
                   " is decided; get_approval_status tells how it stands. Do not ask anew.")
        .retryable(kAskAgainSeconds);
}

}  // namespace quell::secrets
