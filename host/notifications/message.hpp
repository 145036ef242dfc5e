// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "json/value.hpp"

namespace quell::notifications {

// Something that a tenant's people and machines may want to know. No secret is in it: it leaves the host. Everything is
// text and none of it markup.
struct Message {
    TenantId tenant;
    std::string event;    // one of config::notification_events()
    std::string subject;  // the id of what it is about: "appr_..."
    std::string title;    // one line
    std::string text{};
    std::vector<std::pair<std::string, std::string>> fields{};  // for people, such as {"Requested by", "..."}
    std::string link{};         // where to read on; may be empty
    std::string approval_id{};  // not empty: a channel with buttons offers to decide about it
    json::Object data{};        // for machines: `data` of a webhook's body
};

// One signed POST to an address that came with a call (V34). The caller has checked the URL; where its name leads is
// judged again at each connect (SS-03).
struct Callback {
    TenantId tenant;
    std::string event;    // "challenge.verified"
    std::string subject;  // the challenge's id
    std::string url;
    std::string body;  // JSON text, sent byte for byte
};

}  // namespace quell::notifications
