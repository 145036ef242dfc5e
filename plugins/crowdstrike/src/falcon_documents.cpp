// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "falcon_documents.hpp"

#include <algorithm>
#include <quell/json.hpp>
#include <quell/text.hpp>
#include <utility>

namespace crowdstrike {
namespace {

constexpr std::size_t kHostIdLength = 32;

std::vector<FalconError> read_errors(const nlohmann::json& body) {
    std::vector<FalconError> errors;
    const nlohmann::json* list = quell::array_member(body, "errors");
    if (list == nullptr)
        return errors;
    for (const nlohmann::json& entry : *list) {
        errors.push_back({quell::integer_member(entry, "code").value_or(0),
                          quell::lower_case(quell::string_member(entry, "id").value_or(""))});
    }
    return errors;
}

// A missing host is an error with code 404 beside an empty or a shorter list: that is an answer.
bool only_missing_hosts(const std::vector<FalconError>& errors) {
    return std::all_of(errors.begin(), errors.end(),
                       [](const FalconError& error) { return error.code == 404; });
}

// The text is the provider's: only what looks like an identifier is passed on.
std::string identifier(std::string text) {
    constexpr std::size_t kLongest = 64;
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    if (text.size() > kLongest || text.find_first_not_of(kAllowed) != std::string::npos)
        return "";
    return text;
}

quell::ContainmentState state_of(std::string_view status) {
    using quell::ContainmentState;
    if (status == "normal")
        return ContainmentState::normal;
    if (status == "containment_pending")
        return ContainmentState::containing;
    if (status == "contained")
        return ContainmentState::contained;
    if (status == "lift_containment_pending")
        return ContainmentState::releasing;
    return ContainmentState::unknown;
}

std::optional<quell::Device> read_host(const nlohmann::json& record) {
    const auto id = quell::string_member(record, "device_id");
    if (!id || !is_host_id(*id))
        return std::nullopt;
    quell::Device host{quell::lower_case(*id)};
    host.hostname = quell::string_member(record, "hostname");
    host.serial_number = quell::string_member(record, "serial_number");
    host.platform = quell::string_member(record, "platform_name");
    host.state = state_of(quell::string_member(record, "status").value_or(""));
    if (const auto last_seen = quell::string_member(record, "last_seen"))
        host.last_seen = quell::parse_time(*last_seen);
    return host;
}

}  // namespace

bool is_host_id(std::string_view text) {
    return text.size() == kHostIdLength && quell::is_hex(text);
}

std::optional<HostIds> read_host_ids(std::string_view body) {
    const auto document = quell::parse_document(body);
    const nlohmann::json* list = document ? quell::array_member(*document, "resources") : nullptr;
    if (list == nullptr || !read_errors(*document).empty())
        return std::nullopt;
    HostIds found;
    for (const nlohmann::json& id : *list) {
        if (!id.is_string() || !is_host_id(id.get_ref<const std::string&>()))
            return std::nullopt;
        found.ids.push_back(quell::lower_case(id.get_ref<const std::string&>()));
    }
    const nlohmann::json* pagination = quell::find_path(*document, {"meta", "pagination"});
    if (pagination != nullptr)
        found.total = quell::integer_member(*pagination, "total");
    return found;
}

std::optional<std::vector<quell::Device>> read_hosts(std::string_view body) {
    const auto document = quell::parse_document(body);
    const nlohmann::json* list = document ? quell::array_member(*document, "resources") : nullptr;
    if (list == nullptr || !only_missing_hosts(read_errors(*document)))
        return std::nullopt;
    std::vector<quell::Device> hosts;
    for (const nlohmann::json& record : *list) {
        auto host = read_host(record);
        if (!host)
            return std::nullopt;
        hosts.push_back(*std::move(host));
    }
    return hosts;
}

std::optional<ActionReply> read_action_reply(std::string_view body) {
    const auto document = quell::parse_document(body);
    if (!document || !document->is_object())
        return std::nullopt;
    ActionReply reply{{}, read_errors(*document)};
    if (const nlohmann::json* list = quell::array_member(*document, "resources")) {
        for (const nlohmann::json& entry : *list)
            reply.accepted.push_back(
                quell::lower_case(quell::string_member(entry, "id").value_or("")));
    }
    return reply;
}

std::optional<std::set<std::string>> read_offline_hosts(std::string_view body) {
    const auto document = quell::parse_document(body);
    const nlohmann::json* list = document ? quell::array_member(*document, "resources") : nullptr;
    if (list == nullptr)
        return std::nullopt;
    std::set<std::string> offline;
    for (const nlohmann::json& entry : *list) {
        if (quell::string_member(entry, "state") == "offline")
            offline.insert(quell::lower_case(quell::string_member(entry, "id").value_or("")));
    }
    return offline;
}

bool says_address_refused(std::string_view body) {
    const auto document = quell::parse_document(body);
    const nlohmann::json* list = document ? quell::array_member(*document, "errors") : nullptr;
    return list != nullptr && std::any_of(list->begin(), list->end(), [](const auto& entry) {
               return quell::string_member(entry, "message") ==
                      "access denied, authorization failed";
           });
}

std::string trace_id(const quell::HttpResponse& response) {
    if (const std::string* header = response.header("x-cs-traceid"))
        return identifier(*header);
    const auto document = quell::parse_document(response.body);
    const nlohmann::json* meta = document ? quell::find_member(*document, "meta") : nullptr;
    return meta == nullptr ? "" : identifier(quell::string_member(*meta, "trace_id").value_or(""));
}

}  // namespace crowdstrike
