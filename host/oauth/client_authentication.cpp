// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/client_authentication.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include "base/encoding.hpp"
#include "oauth/attempt_source.hpp"

namespace quell::oauth {
namespace {

constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

// What a request brings to prove who sent it.
struct Credentials {
    std::string id;
    std::string secret;  // empty: none was sent
    std::optional<identity::ClientAssertion> assertion{};
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

Result<Credentials> read_basic(std::string_view authorization, const Form& form) {
    auto basic = from_basic(authorization);
    if (!basic) {
        return invalid_client("The Authorization header is malformed.");
    }
    if (form.has("client_id") && form.value("client_id") != basic->id) {
        return bad_request("client_id differs from the Authorization header.");
    }
    return *std::move(basic);
}

// RFC 7521 4.2: client_id may be left out, since the assertion names the client.
Result<Credentials> read_assertion(const Form& form) {
    if (form.value("client_assertion_type") != kJwtBearer || !form.has("client_assertion")) {
        return bad_request("client_assertion goes with client_assertion_type " + std::string(kJwtBearer) + ".");
    }
    TRY(auto assertion, identity::ClientAssertion::parse(form.value("client_assertion")));
    if (form.has("client_id") && form.value("client_id") != assertion.client()) {
        return bad_request("client_id differs from the client assertion.");
    }
    std::string id = assertion.client();
    return Credentials{std::move(id), {}, std::move(assertion)};
}

Result<Credentials> read_credentials(const http::Request& request, const Form& form) {
    const std::string_view authorization = request.find("authorization");
    const bool has_header = boost::algorithm::istarts_with(authorization, "basic ");
    const bool has_assertion = form.has("client_assertion") || form.has("client_assertion_type");
    // OA-16
    if (int{has_header} + int{has_assertion} + int{form.has("client_secret")} > 1 ||
        (has_header && request.count("authorization") > 1)) {
        return bad_request("Use one method of client authentication.");
    }
    if (has_header) {
        return read_basic(authorization, form);
    }
    if (has_assertion) {
        return read_assertion(form);
    }
    if (!form.has("client_id")) {
        return invalid_client("The client has to authenticate.");
    }
    return Credentials{std::string(form.value("client_id")), std::string(form.value("client_secret"))};
}

base::Task<std::optional<identity::Client>> prove(const Services& services, Credentials credentials) {
    if (credentials.assertion) {
        co_return co_await services.assertions.authenticate(*std::move(credentials.assertion));
    }
    co_return services.clients.authenticate(credentials.id, credentials.secret);
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
    CO_TRY(Credentials credentials, read_credentials(request, form));
    const std::string key = credentials.id + "\n" + attempt_source(request.peer);
    if (const auto wait = services.secret_throttle.blocked(key)) {
        co_return Error(Code::resource_exhausted, "rate_limited", "Too many wrong attempts; wait.")
            .retryable(wait->count());
    }
    CO_TRY(auto client, co_await prove(services, std::move(credentials)));
    if (!client) {
        static_cast<void>(services.secret_throttle.attempt(key));
        co_return invalid_client("The client is unknown or its authentication is wrong.");
    }
    co_return *std::move(client);
}

}  // namespace quell::oauth
