// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "okta_api.hpp"

#include <charconv>
#include <iterator>
#include <quell/rate_limit.hpp>
#include <utility>

#include "okta_documents.hpp"
#include "user_pages.hpp"
#include "user_search.hpp"

namespace okta_sessions {
namespace {

using quell::HttpRequest;
using quell::HttpResponse;
using quell::Result;

constexpr std::size_t kMostUsers = 200;
constexpr std::string_view kUsersPath = "/api/v1/users";

// Okta allows so many requests at once; all of them share that limit, and its 429 shows a limit of 0.
bool is_concurrency_limit(const HttpResponse& response) {
    const std::string* limit = response.header("x-rate-limit-limit");
    return limit != nullptr && *limit == "0";
}

// Okta's codes say more than the status (PROVIDERS.md 5); an answer without one is read by status.
std::string explanation(int status, std::string_view code) {
    if (code == "E0000011" || status == 401)
        return "Okta refuses the credentials: the token is not valid. Check client_id, private_key "
               "and key_id, or api_token, which dies after 30 days without use.";
    if (code == "E0000006" || status == 403)
        return "Okta refuses: the service app (or the token's owner) lacks a scope "
               "(okta.users.read, okta.users.manage) "
               "or an admin role that covers the user.";
    if (code == "E0000007" || status == 404)
        return "Okta does not know the user.";
    if (code == "E0000047" || status == 429)
        return "Okta's rate limit is reached.";
    return "Okta answered with HTTP status " + std::to_string(status) + ".";
}

quell::Error unreadable() {
    return quell::unavailable("Okta gave an answer that cannot be read.");
}

quell::Error too_many() {
    return quell::invalid_argument("More than " + std::to_string(kMostUsers) +
                                   " users match. Use the login.");
}

std::string user_path(const std::string& user_id, std::string_view rest) {
    return std::string(kUsersPath) + "/" + user_id + std::string(rest);
}

std::string_view as_text(bool value) {
    return value ? "true" : "false";
}

}  // namespace

quell::Error OktaApi::refusal(const HttpResponse& response) {
    const std::string code = read_error(response.body).code;
    quell::Error error = quell::http_error(response.status, explanation(response.status, code));
    error.provider_code = code;
    error.retry_after = quell::retry_after(response);
    if (response.status == 429 && is_concurrency_limit(response))
        error.message = "Okta's limit of requests at one time is reached.";
    return error;
}

Result<HttpResponse> OktaApi::get(quell::Call& call, const std::string& path,
                                  const quell::QueryParameters& query) const {
    HttpRequest request;
    request.url = quell::make_url(base_url_, path, query);
    request.auth = auth_;
    request.headers = {{"Accept", "application/json"}};
    request.idempotent = true;
    return call.http().send(request);
}

Result<std::optional<quell::Account>> OktaApi::fetch(quell::Call& call,
                                                     std::string_view username) const {
    QUELL_TRY(const HttpResponse response,
              get(call, std::string(kUsersPath) + "/" + quell::percent_encoded(username), {}));
    if (response.status == 404)
        return std::optional<quell::Account>{};
    if (response.status != 200)
        return refusal(response);
    auto account = read_user(response.body);
    if (!account)
        return unreadable();
    return account;
}

Result<std::vector<quell::Account>> OktaApi::search(quell::Call& call,
                                                    const std::string& expression) const {
    std::vector<quell::Account> found;
    quell::QueryParameters query = {{"search", expression}, {"limit", std::to_string(kMostUsers)}};
    for (;;) {
        QUELL_TRY(const HttpResponse response, get(call, std::string(kUsersPath), query));
        if (response.status != 200)
            return refusal(response);
        auto page = read_users(response.body);
        if (!page)
            return unreadable();
        const bool empty = page->empty();
        std::move(page->begin(), page->end(), std::back_inserter(found));
        const auto cursor = next_cursor(response);
        if (found.size() > kMostUsers)
            return too_many();
        if (!cursor)
            return found;
        // A page without users that promises more, or one that does not say where, is no progress.
        if (empty || cursor->empty())
            return unreadable();
        query.resize(2);
        query.emplace_back("after", *cursor);
    }
}

Result<HttpResponse> OktaApi::change(quell::Call& call, std::string method, const std::string& path,
                                     const quell::QueryParameters& query) const {
    HttpRequest request;
    request.method = std::move(method);
    request.url = quell::make_url(base_url_, path, query);
    request.auth = auth_;
    request.headers = {{"Accept", "application/json"}};
    return call.http().send(request);
}

// Both flags always: the defaults differ between Okta's engines.
Result<HttpResponse> OktaApi::end_sessions(quell::Call& call, const std::string& user_id,
                                           const SessionFlags& flags) const {
    return change(call, "DELETE", user_path(user_id, "/sessions"),
                  {{"oauthTokens", std::string(as_text(flags.oauth_tokens))},
                   {"forgetDevices", std::string(as_text(flags.remembered_devices))}});
}

Result<HttpResponse> OktaApi::suspend(quell::Call& call, const std::string& user_id) const {
    return change(call, "POST", user_path(user_id, "/lifecycle/suspend"));
}

Result<HttpResponse> OktaApi::delete_grants(quell::Call& call, const std::string& user_id) const {
    return change(call, "DELETE", user_path(user_id, "/grants"));
}

Result<HttpResponse> OktaApi::list_clients(quell::Call& call, const std::string& user_id) const {
    return get(call, user_path(user_id, "/clients"), {});
}

Result<HttpResponse> OktaApi::delete_tokens(quell::Call& call, const std::string& user_id,
                                            const std::string& client_id) const {
    return change(call, "DELETE",
                  user_path(user_id, "/clients/" + quell::percent_encoded(client_id) + "/tokens"));
}

Result<HttpResponse> OktaApi::fetch_by_id(quell::Call& call, const std::string& user_id) const {
    return get(call, user_path(user_id, ""), {});
}

Result<HttpResponse> OktaApi::probe(quell::Call& call) const {
    return get(call, std::string(kUsersPath), {{"limit", "1"}});
}

}  // namespace okta_sessions
