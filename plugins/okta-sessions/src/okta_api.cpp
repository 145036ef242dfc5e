// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "okta_api.hpp"

#include <charconv>
#include <quell/rate_limit.hpp>
#include <utility>

#include "okta_documents.hpp"
#include "user_search.hpp"

namespace okta_sessions {
namespace {

using quell::HttpRequest;
using quell::HttpResponse;
using quell::Result;

constexpr int kMostUsers = 200;
constexpr std::string_view kUsersPath = "/api/v1/users";

std::optional<std::int64_t> number_in(const std::string* header) {
    std::int64_t number = 0;
    if (header == nullptr)
        return std::nullopt;
    const char* end = header->data() + header->size();
    if (std::from_chars(header->data(), end, number).ptr != end)
        return std::nullopt;
    return number;
}

// X-Rate-Limit-Reset is an epoch in seconds. On the limit of concurrent requests, told by a Limit
// of 0, it is only a guess: a short wait is the better one.
std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response,
                                                     quell::Time now) {
    constexpr std::chrono::milliseconds kConcurrencyWait{1000};
    if (number_in(response.header("x-rate-limit-limit")) == 0)
        return kConcurrencyWait;
    const auto reset = number_in(response.header("x-rate-limit-reset"));
    if (!reset)
        return std::nullopt;
    return quell::wait_until_epoch(*reset, now);
}

std::string explanation(int status) {
    switch (status) {
        case 401:
            return "Okta refuses the service app: check client_id, private_key and key_id.";
        case 403:
            return "Okta refuses: the service app lacks a scope (okta.users.read, "
                   "okta.users.manage) or an admin role that covers the user.";
        case 404:
            return "Okta does not know the user.";
        case 429:
            return "Okta's rate limit is reached.";
        default:
            return "Okta answered with HTTP status " + std::to_string(status) + ".";
    }
}

quell::Error unreadable() {
    return quell::unavailable("Okta gave an answer that cannot be read.");
}

bool has_next_page(const HttpResponse& response) {
    for (const quell::HttpHeader& header : response.headers) {
        if (quell::equal_ignoring_case(header.name, "link") &&
            header.value.find("rel=\"next\"") != std::string::npos)
            return true;
    }
    return false;
}

std::string_view as_text(bool value) {
    return value ? "true" : "false";
}

}  // namespace

quell::Error OktaApi::refusal(const HttpResponse& response, quell::Time now) {
    quell::Error error = quell::http_error(response.status, explanation(response.status));
    error.provider_code = read_error(response.body).code;
    if (response.status == 429)
        error.retry_after = retry_after(response, now);
    return error;
}

Result<HttpResponse> OktaApi::get(quell::Call& call, const std::string& path,
                                  const quell::QueryParameters& query) const {
    HttpRequest request;
    request.url = quell::make_url(base_url_, path, query);
    request.headers = {{"Accept", "application/json"}};
    request.idempotent = true;
    return quell::send_within_limits(call, request, retry_after);
}

Result<std::optional<quell::Account>> OktaApi::fetch(quell::Call& call,
                                                     std::string_view username) const {
    QUELL_TRY(const HttpResponse response,
              get(call, std::string(kUsersPath) + "/" + quell::percent_encoded(username), {}));
    if (response.status == 404)
        return std::optional<quell::Account>{};
    if (response.status != 200)
        return refusal(response, call.clock().now());
    auto account = read_user(response.body);
    if (!account)
        return unreadable();
    return account;
}

Result<std::vector<quell::Account>> OktaApi::search(quell::Call& call,
                                                    const std::string& expression) const {
    QUELL_TRY(const HttpResponse response,
              get(call, std::string(kUsersPath),
                  {{"search", expression}, {"limit", std::to_string(kMostUsers)}}));
    if (response.status != 200)
        return refusal(response, call.clock().now());
    auto accounts = read_users(response.body);
    if (!accounts)
        return unreadable();
    if (has_next_page(response))
        return quell::invalid_argument("More than 200 users match. Use the login.");
    return *std::move(accounts);
}

Result<HttpResponse> OktaApi::revoke(quell::Call& call, const std::string& user_id,
                                     const RevocationScope& scope) const {
    HttpRequest request;
    request.method = "DELETE";
    // Both flags always: the defaults differ between Okta's engines.
    request.url =
        quell::make_url(base_url_, std::string(kUsersPath) + "/" + user_id + "/sessions",
                        {{"oauthTokens", std::string(as_text(scope.oauth_tokens))},
                         {"forgetDevices", std::string(as_text(scope.remembered_devices))}});
    request.headers = {{"Accept", "application/json"}};
    return quell::send_within_limits(call, request, retry_after);
}

Result<HttpResponse> OktaApi::probe(quell::Call& call) const {
    return get(call, std::string(kUsersPath), {{"limit", "1"}});
}

}  // namespace okta_sessions
