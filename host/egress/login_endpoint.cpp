// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/login_endpoint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "json/parse.hpp"
#include "json/pointer.hpp"
#include "json/writer.hpp"

namespace quell::egress {
namespace {

constexpr std::int64_t kLongestLifetime = 24 * 3600;

std::vector<Header> headers_of(const TokenLogin& login) {
    std::vector<Header> headers = {{"Accept", "application/json"}};
    for (const auto& [name, value] : login.headers) {
        headers.push_back({name, value});
    }
    return headers;
}

HttpRequest with_token(const TokenLogin& login, const Url& url, const SecretString& token) {
    HttpRequest request{.method = "GET", .url = url, .headers = headers_of(login), .may_repeat = true};
    request.headers.push_back({login.header, std::string(token.reveal())});
    return request;
}

bool is_token_text(std::string_view text) {
    return !text.empty() && text.size() <= 8192 && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

std::optional<std::chrono::seconds> lifetime_in(const json::Value& document, const TokenLogin& login) {
    const auto found = json::resolve(document, login.lifetime_pointer);
    const std::int64_t* const seconds = found ? (*found)->if_int64() : nullptr;
    if (seconds == nullptr || *seconds < 0) {
        return std::nullopt;
    }
    return std::chrono::seconds(*seconds == 0 ? kLongestLifetime : std::min(*seconds, kLongestLifetime));
}

std::string where_to_look(const TokenLogin& login, std::string_view connector) {
    return fmt::format("Check the settings {} of connector \"{}\" against the provider.", fmt::join(login.setting_names, ", "),
                       connector);
}

Error refusal(int status, const TokenLogin& login, std::string_view connector) {
    const std::string message =
        fmt::format("The login at {} refused connector \"{}\" with status {}.", login.url.host(), connector, status);
    if (status == 400 || status == 401 || status == 403) {
        return Error(Code::unauthenticated, "connector_misconfigured", message).next_step(where_to_look(login, connector));
    }
    if (status == 429) {
        return Error(Code::resource_exhausted, "rate_limited", message).retryable();
    }
    if (status >= 500) {
        return Error(Code::unavailable, "connector_unavailable", message).retryable();
    }
    return Error(Code::failed_precondition, "connector_misconfigured", message).next_step(where_to_look(login, connector));
}

Error unusable(const TokenLogin& login, std::string_view connector) {
    return Error(Code::data_loss, "connector_unavailable",
                 fmt::format("The login at {} gave connector \"{}\" no usable token.", login.url.host(), connector))
        .next_step(where_to_look(login, connector));
}

}  // namespace

Result<HttpRequest> login_request(const TokenLogin& login) {
    std::string body;
    json::Writer out(body);
    out.begin_object();
    for (const TokenLogin::Member& member : login.body) {
        SecretString anew;
        if (member.source) {
            TRY(anew, member.source());
        }
        out.member(member.name, member.source ? anew.reveal() : member.value.reveal());
    }
    out.end_object();
    HttpRequest request{.method = "POST", .url = login.url, .headers = headers_of(login), .body = std::move(body), .may_repeat = true};
    request.headers.push_back({"Content-Type", "application/json"});
    return request;
}

HttpRequest renewal_request(const TokenLogin& login, const SecretString& token) {
    HttpRequest request = with_token(login, *login.renew_url, token);
    request.method = "POST";
    request.body = "{}";
    request.headers.push_back({"Content-Type", "application/json"});
    return request;
}

HttpRequest check_request(const TokenLogin& login, const SecretString& token) {
    return with_token(login, *login.check_url, token);
}

Result<TokenAnswer> read_login_answer(HttpResponse response, const TokenLogin& login, std::string_view connector) {
    if (response.status != 200 && response.status != 201) {
        return refusal(response.status, login, connector);
    }
    const SecretString body(std::move(response.body));
    const auto document = json::parse(body.reveal());
    const auto token = document ? json::resolve(*document, login.token_pointer) : Result<const json::Value*>(unusable(login, connector));
    const auto lifetime = document ? lifetime_in(*document, login) : std::nullopt;
    if (!token || !lifetime || !is_token_text(json::text(**token))) {
        return unusable(login, connector);
    }
    return TokenAnswer{.access_token = SecretString(std::string(json::text(**token))), .lifetime = *lifetime};
}

std::optional<std::chrono::seconds> read_renewed_lifetime(const HttpResponse& response, const TokenLogin& login) {
    const auto document = response.status == 200 ? json::parse(response.body) : Result<json::Value>(internal_error("not renewed"));
    return document ? lifetime_in(*document, login) : std::nullopt;
}

}  // namespace quell::egress
