// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/authorization.hpp"

#include <array>

#include "base/log.hpp"
#include "oauth/find_client.hpp"
#include "oauth/pages.hpp"
#include "oauth/redirect.hpp"

namespace quell::oauth {
namespace {

// A query this long still fits, encoded once more, behind /oauth/login?next=.
constexpr std::size_t kMaxQuery = 4096;

// The client and its redirect URI come first: what fails after them may be told to the client.
constexpr std::array<Check, 6> kChecks = {check_redirect_uri, check_repeated, check_response_type,
                                          check_pkce,         check_resource, check_scope};

Refusal check_rest(const Services& services, Authorization& authorization) {
    for (const Check check : kChecks) {
        if (Refusal refusal = check(services, authorization)) {
            return refusal;
        }
    }
    return std::nullopt;
}

unsigned redirect_status(const http::Request& request) {
    return request.method == "POST" ? 303 : 302;
}

void log_refusal(const http::Request& request, const Authorization& authorization, const OAuthError& error) {
    log::info("oauth_refused", {{"path", request.path},
                                {"error", properties(error.code).wire},
                                {"reason", error.description},
                                {"client", authorization.client ? authorization.client->id.str() : ""},
                                {"peer", request.peer}});
}

}  // namespace

Refusal read_request(std::string_view query, Authorization& authorization) {
    if (query.size() > kMaxQuery) {
        return OAuthError{ErrorCode::unverified_request, "The request is longer than 4 KiB."};
    }
    Result<Form> parameters = Form::parse(query);
    if (!parameters) {
        return OAuthError{ErrorCode::unverified_request, parameters.error()->message};
    }
    authorization.parameters = *std::move(parameters);
    authorization.state = authorization.parameters.value("state");
    return std::nullopt;
}

LaterRefusal check_authorization(const Services& services, std::string_view peer, Authorization& authorization) {
    Refusal refusal = co_await find_client(services, peer, authorization);
    co_return refusal ? std::move(refusal) : check_rest(services, authorization);
}

Refusal check_stored(const Services& services, Authorization& authorization) {
    Refusal refusal = find_stored_client(services, authorization);
    return refusal ? std::move(refusal) : check_rest(services, authorization);
}

http::Response refuse(const Services& services, const http::Request& request, const Authorization& authorization,
                      const OAuthError& error) {
    log_refusal(request, authorization, error);
    const ErrorProperties& known = properties(error.code);
    if (!known.may_redirect || !authorization.redirect_uri || authorization.is_new_client) {
        return message_page(known.status, "This request cannot go on",
                            error.description + " (" + std::string(known.wire) + ")");
    }
    return redirect(redirect_status(request), with_parameters(authorization.redirect_uri->text(),
                                                              {{"error", known.wire},
                                                               {"error_description", error.description},
                                                               {"state", authorization.state},
                                                               {"iss", services.public_url}}));
}

http::Response answer_with_code(const Services& services, const http::Request& request,
                                const Authorization& authorization, std::string_view code) {
    // A new client may keep its id for later; RFC 6749 4.1.2 lets the others pass over it.
    const std::string& id = authorization.client->id.str();
    return redirect(redirect_status(request),
                    with_parameters(authorization.redirect_uri->text(),
                                    {{"code", code},
                                     {"state", authorization.state},
                                     {"iss", services.public_url},
                                     {"client_id", authorization.is_new_client ? id : std::string_view()}}));
}

}  // namespace quell::oauth
