// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

// Pages for signed-in people: rendered here, no script, every value escaped by the template engine, and the headers of
// OA-24.
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

struct ListPage {
    std::string user;
    std::vector<WaitingApproval> asked;  // the one that the address names, whatever became of it
    std::vector<WaitingApproval> waiting;
};

http::Response render(const ListPage& page);
http::Response approvals_message(unsigned status, std::string_view title, std::string_view text);
http::Response style_sheet();

}  // namespace quell::console
