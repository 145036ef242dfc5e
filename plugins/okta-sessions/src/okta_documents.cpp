// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "okta_documents.hpp"

#include <algorithm>
#include <quell/json.hpp>
#include <utility>

#include "user_search.hpp"

namespace okta_sessions {
namespace {

using nlohmann::json;

std::optional<quell::Account> to_account(const json& record) {
    auto id = quell::string_member(record, "id");
    const json* profile = quell::find_member(record, "profile");
    auto login = profile == nullptr ? std::nullopt : quell::string_member(*profile, "login");
    if (!id || !is_user_id(*id) || !login)
        return std::nullopt;
    return quell::Account{*std::move(id), *std::move(login),
                          quell::string_member(*profile, "email"),
                          quell::string_member(record, "status")};
}

// The body of a refusal is the provider's: only what looks like an identifier is passed on.
std::string identifier(const json& body, std::string_view name) {
    constexpr std::size_t kLongest = 64;
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    auto text = quell::string_member(body, name).value_or("");
    if (text.size() > kLongest || text.find_first_not_of(kAllowed) != std::string::npos)
        return "";
    return text;
}

}  // namespace

std::optional<quell::Account> read_user(std::string_view body) {
    const auto document = quell::parse_document(body);
    return document ? to_account(*document) : std::nullopt;
}

std::optional<std::vector<quell::Account>> read_users(std::string_view body) {
    const auto document = quell::parse_document(body);
    if (!document || !document->is_array())
        return std::nullopt;
    std::vector<quell::Account> accounts;
    for (const json& record : *document) {
        auto account = to_account(record);
        if (!account)
            return std::nullopt;
        accounts.push_back(*std::move(account));
    }
    return accounts;
}

std::optional<std::vector<std::string>> read_client_ids(std::string_view body) {
    const auto document = quell::parse_document(body);
    if (!document || !document->is_array())
        return std::nullopt;
    std::vector<std::string> ids;
    for (const json& record : *document) {
        auto id = quell::string_member(record, "client_id");
        if (!id || id->empty())
            return std::nullopt;
        ids.push_back(*std::move(id));
    }
    return ids;
}

OktaError read_error(std::string_view body) {
    const auto document = quell::parse_document(body);
    if (!document)
        return {};
    return {identifier(*document, "errorCode"), identifier(*document, "errorId")};
}

bool is_deprovisioned(const quell::Account& account) {
    return account.status == "DEPROVISIONED";
}

bool is_suspended(const quell::Account& account) {
    return account.status == "SUSPENDED";
}

}  // namespace okta_sessions
