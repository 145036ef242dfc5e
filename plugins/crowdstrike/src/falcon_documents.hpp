// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <quell/device.hpp>
#include <quell/http_message.hpp>
#include <quell/result.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace crowdstrike {

// An entry of `errors`, which may also stand in an answer with status 2xx.
struct FalconError {
    std::int64_t code = 0;
    std::string id{};  // of the host that it is about, lower case; empty: not said
};

// The envelope of every answer: {meta: {trace_id, pagination}, errors, resources}.
struct HostIds {
    std::vector<std::string> ids;
    std::optional<std::int64_t> total;  // of all pages
};

struct ActionReply {
    std::vector<std::string> accepted;  // lower case
    std::vector<FalconError> errors;
};

// Nothing if the body is not what the contract says: then it is no success, whatever the status.
std::optional<HostIds> read_host_ids(std::string_view body);
std::optional<std::vector<quell::Device>> read_hosts(std::string_view body);
std::optional<ActionReply> read_action_reply(std::string_view body);
// The hosts that are said to be offline, lower case. One whose state is not known is not among
// them.
std::optional<std::set<std::string>> read_offline_hosts(std::string_view body);

// PROVIDERS.md 4: the words of a 403 to a caller whose address the API client's allow list lacks.
bool says_address_refused(std::string_view body);

// CrowdStrike's trace id of an answer; empty if there is none or it does not look like an id.
std::string trace_id(const quell::HttpResponse& response);

// An agent id (AID): 32 hex digits.
bool is_host_id(std::string_view text);

}  // namespace crowdstrike
