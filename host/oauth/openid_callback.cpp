// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// GET /oauth/openid/callback/{tenant}: back from the provider (OpenID Connect Core 3.1.2.5).

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "http/router.hpp"
#include "identity/form_guard.hpp"
#include "oauth/attempt_source.hpp"
#include "oauth/handlers.hpp"
#include "oauth/login_form.hpp"
#include "oauth/openid_tenants.hpp"
#include "oauth/pages.hpp"
#include "oauth/redirect.hpp"

namespace quell::oauth {
namespace {

// OA-17 holds here as well: of a parameter that came twice nobody knows which one counts.
std::optional<identity::OpenIdAnswer> read_answer(const http::Request& request) {
    const auto path = http::match_path(kOpenIdCallback, request.path);
    const auto tenant = path ? percent_decode(path->front(), false) : std::nullopt;
    const Result<Form> form = Form::parse(request.query);
    if (!tenant || !form || !form->first_repeated().empty()) {
        return std::nullopt;
    }
    return identity::OpenIdAnswer{.tenant = TenantId(*tenant),
                                  .state = std::string(form->value("state")),
                                  .code = std::string(form->value("code")),
                                  .issuer = std::string(form->value("iss")),
                                  .error = std::string(form->value("error"))};
}

// What is known of who came back, for the record.
struct Known {
    TenantId tenant{};  // empty until the state has shown it
    std::string issuer{};
    std::string email{};
    std::string subject{};
};

void record(const Services& services, const http::Request& request, const Known& known, const Error& error) {
    const auto queued = services.trail.append_later(
        {.tenant = known.tenant,
         .event = "openid_login_refused",
         .actor = "anonymous",
         .request_id = {},
         .outcome = error->key,
         .detail = {{"issuer", known.issuer},
                    {"email", known.email},
                    {"subject", known.subject},
                    {"why", error->message},
                    {"peer", request.peer}}});
    if (!queued) {
        log::warn("openid_refusal_not_recorded", {{"reason", queued.error()->detail}});
    }
}

unsigned status_of(const Error& error) {
    switch (error->code) {
        case Code::unavailable:
        case Code::resource_exhausted:
            return 503;
        case Code::failed_precondition:
            return error->key == "openid_state_invalid" ? 400 : 502;
        default:
            return 403;
    }
}

http::Response refuse(const Services& services, const http::Request& request, const Known& known, const Error& error) {
    log::info("openid_login_refused", {{"tenant", known.tenant.str()},
                                       {"key", error->key},
                                       {"reason", error->message},
                                       {"detail", error->detail}});
    record(services, request, known, error);
    const std::string step = error->next_step.empty() ? "Open the sign-in page again." : error->next_step;
    return message_page(status_of(error), "You are not signed in", error->message + " " + step + " (" + error->key + ")");
}

http::Answer sign_in(const Services& services, const http::Request& request, OpenIdTenant tenant,
                     identity::OpenIdAttempt attempt, identity::OpenIdPerson person) {
    const Known known{tenant.id, person.issuer, person.email, person.subject};
    auto user = co_await services.members.admit(tenant.id, tenant.client, std::move(person));
    if (!user) {
        co_return refuse(services, request, known, user.error());
    }
    const std::string previous(services.cookies.find(request, kSessionCookie));
    const Result<std::string> id = co_await services.logins.start(*std::move(user), previous, tenant.id);
    if (!id) {
        co_return refuse(services, request, known, id.error());
    }
    const std::string next = local_or_empty(attempt.subject);
    http::Response response = redirect(303, next.empty() ? "/oauth/login" : next);
    response.headers.emplace_back("Set-Cookie", services.cookies.set(kSessionCookie, *id, identity::kLoginLife));
    response.headers.emplace_back("Set-Cookie", identity::end_form_guard(services.cookies));
    co_return response;
}

http::Answer go_on(const Services& services, const http::Request& request, identity::OpenIdAttempt attempt,
                   identity::OpenIdAnswer answer) {
    const auto tenant = openid_tenant(services, attempt.tenant);
    if (!tenant) {
        const Error gone{Code::failed_precondition, "openid_state_invalid", "The tenant has no identity provider any more."};
        co_return refuse(services, request, {attempt.tenant}, gone);
    }
    auto person = co_await services.openid.identify(tenant->client, attempt, std::move(answer));
    if (attempt.purpose == identity::OpenIdPurpose::proof && services.proven) {
        co_return co_await services.proven(request, std::move(attempt), std::move(person));
    }
    if (!person) {
        co_return refuse(services, request, {attempt.tenant, attempt.issuer}, person.error());
    }
    co_return co_await sign_in(services, request, *tenant, std::move(attempt), *std::move(person));
}

}  // namespace

http::Answer openid_callback(const Services& services, const http::Request& request) {
    const std::string source = attempt_source(request.peer);
    if (const auto wait = services.address_throttle.blocked(source)) {
        http::Response response = message_page(429, "Too many attempts", "Wait and try again.");
        response.headers.emplace_back("Retry-After", std::to_string(wait->count()));
        co_return response;
    }
    auto answer = read_answer(request);
    if (!answer) {
        co_return message_page(400, "You are not signed in", "The answer of the identity provider is malformed.");
    }
    const std::string secret(services.cookies.find(request, kOpenIdCookie));
    auto attempt = co_await services.openid.take(*answer, secret);
    if (!attempt) {
        static_cast<void>(services.address_throttle.attempt(source));
        co_return refuse(services, request, {}, attempt.error());
    }
    co_return co_await go_on(services, request, *std::move(attempt), *std::move(answer));
}

}  // namespace quell::oauth
