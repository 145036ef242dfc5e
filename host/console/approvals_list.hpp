// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace quell::console {

struct WaitingApproval {
    std::string id;
    std::string tenant;
    std::string resource;
    std::string operation;
    std::string requester;
    std::string requested_by;  // in the requester's own words; empty: nothing was said
    std::string reason;
    std::string requested_at;
    std::string expires_at;
    std::string status;
    std::string decided_by;
    std::string decision_reason;
    std::string csrf;  // empty: the reader may not decide it
};

// What /mcp/approvals shows.
struct ListPage {
    std::string user;
    std::vector<WaitingApproval> asked;  // the one that the address names, whatever became of it
    std::vector<WaitingApproval> waiting;
};

http::Response render(const ListPage& page);

}  // namespace quell::console
