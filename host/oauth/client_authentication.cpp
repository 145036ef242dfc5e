// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/client_authentication.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include "base/encoding.hpp"
#include "oauth/attempt_source.hpp"

namespace quell::oauth {
namespace {

struct Credentials {
    std::string id;
    std::string secret;  // empty: none was sent
};

Error bad_request(std::string_view why) {
    return {Code::invalid_argument, "invalid_request", std::string(why)};
}

Error invalid_client(std::string_view why) {
    return {Code::unauthenticated, "invalid_client", std::string(why)};
}

// RFC 6749 2.3.1: base64 of the two, each URL-encoded, with a colon between.
std::optional<Credentials> from_basic(std::string_view authorization) {
    const auto decoded = from_base64(authorization.substr(authorization.find(' ') + 1));
    const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos) {
        return std::nullopt;
    }
    auto id = percent_decode(decoded->substr(0, colon), true);
    auto secret = percent_decode(decoded->substr(colon + 1), true);
    if (!id || !secret || id->empty()) {
        return std::nullopt;
    }
    return Credentials{*std::move(id), *std::move(secret)};
}

Result<Credentials> read_credentials(const http::Request& request, const Form& form) {
    const std::string_view authorization = request.find("authorization");
    if (!boost::algorithm::istarts_with(authorization, "basic ")) {
        if (!form.has("client_id")) {
            return invalid_client("The client has to authenticate.");
        }
        return Credentials{std::string(form.value("client_id")), std::string(form.value("client_secret"))};
    }
    if (form.has("client_secret") || request.count("authorization") > 1) {
        return bad_request("Use one method of client authentication.");
    }
    auto basic = from_basic(authorization);
    if (!basic) {
        return invalid_client("The Authorization header is malformed.");
    }
    if (form.has("client_id") && form.value("client_id") != basic->id) {
        return bad_request("client_id differs from the Authorization header.");
    }
    return *std::move(basic);
}

}  // namespace

Result<Form> read_form(const http::Request& request) {
    if (!request.has_content_type("application/x-www-form-urlencoded")) {
        return bad_request("The body must be a form.");
    }
    TRY(Form form, Form::parse(request.body));
    if (!form.first_repeated().empty()) {
        return bad_request("A parameter came more than once.");
    }
    return form;
}

base::Task<identity::Client> authenticate_client(const Services& services, const http::Request& request,
                                                 const Form& form) {
    CO_TRY(const Credentials credentials, read_credentials(request, form));
    const std::string key = credentials.id + "\n" + attempt_source(request.peer);
    if (const auto wait = services.secret_throttle.blocked(key)) {
        co_return Error(Code::resource_exhausted, "rate_limited", "Too many wrong secrets; wait.")
            .retryable(wait->count());
    }
    CO_TRY(auto client, services.clients.authenticate(credentials.id, credentials.secret));
    if (!client) {
        static_cast<void>(services.secret_throttle.attempt(key));
        co_return invalid_client("The client is unknown or its authentication is wrong.");
    }
    co_return *std::move(client);
}

}  // namespace quell::oauth
