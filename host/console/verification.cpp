// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "console/verification.hpp"

#include "base/log.hpp"
#include "base/random.hpp"
#include "challenges/verification.hpp"
#include "console/frame.hpp"
#include "console/verification_page.hpp"
#include "http/form.hpp"
#include "identity/form_guard.hpp"

namespace quell::console {
namespace {

using challenges::State;

constexpr std::string_view kPage = "/challenges/verify/{token}";
constexpr std::string_view kConfirm = "/challenges/verify/{token}/confirm";
constexpr std::string_view kReport = "/challenges/verify/{token}/report";
constexpr identity::Throttle::Limit kPasswordLimit{10, std::chrono::minutes(5)};
constexpr identity::Throttle::Limit kAddressLimit{60, std::chrono::minutes(1)};

Error unknown() {
    return {Code::not_found, "challenge_not_found", "There is no such challenge."};
}

std::string subject_of(const ChallengeId& id) {
    return "challenge\n" + id.str();
}

http::Response ended_page(State state) {
    if (state == State::verified) {
        return message_page(410, "Answered already", "It was verified before. You need do nothing.");
    }
    if (state == State::incident_reported) {
        return message_page(410, "Answered already", "It was reported as an incident before. You need do nothing.");
    }
    return message_page(410, "Too late", state == State::failed ? "This challenge has failed and cannot be answered."
                                                                : "The time to answer this challenge is over.");
}

http::Response done_page(State state) {
    if (state == State::verified) {
        return message_page(200, "You are verified", "Thank you. You may close this page.");
    }
    return message_page(200, "It is reported",
                        "Thank you. Whoever asked is told that it was not you. You may close this page.");
}

unsigned status_of(const Error& error) {
    switch (error->code) {
        case Code::not_found:
            return 404;
        case Code::failed_precondition:
            return error->key == "challenge_ended" || error->key == "challenge_expired" ? 410 : 502;
        case Code::unavailable:
        case Code::resource_exhausted:
            return 503;
        case Code::internal:
            return 500;
        default:
            return 403;
    }
}

http::Response failure_page(const Error& error, std::string_view more) {
    const std::string text = error->message + (more.empty() ? "" : " " + std::string(more));
    return message_page(status_of(error), "You are not verified", text + " (" + error->key + ")");
}

std::string target_of(const challenges::Visit& visit) {
    return visit.target_user_email ? *visit.target_user_email : visit.target_user_id.value_or("");
}

// The default "mcp" says nothing about anybody.
std::string requester_of(const challenges::Visit& visit) {
    const std::string id = visit.requester_id == "mcp" ? "" : visit.requester_id;
    const std::string email = visit.requester_email.value_or("");
    return id.empty() || email.empty() ? id + email : id + " (" + email + ")";
}

std::vector<std::string> support_of(const config::SupportSettings& support) {
    std::vector<std::string> lines;
    for (const std::string* line : {&support.email, &support.phone, &support.slack, &support.portal_url}) {
        if (!line->empty()) {
            lines.push_back(*line);
        }
    }
    return lines;
}

std::string provider_of(const config::TenantSettings& tenant) {
    if (!tenant.openid) {
        return {};
    }
    return tenant.openid->name.empty() ? tenant.name : tenant.openid->name;
}

// How sure anybody can be of it, in the provider's words.
json::Object evidence_of(const identity::OpenIdPerson& person) {
    json::Object evidence = {{"issuer", person.issuer},
                             {"subject", person.subject},
                             {"acr", person.acr},
                             {"amr", json::Array(person.amr.begin(), person.amr.end())}};
    if (person.signed_in_at) {
        evidence["auth_time"] = to_rfc3339(*person.signed_in_at);
    }
    return evidence;
}

}  // namespace

Verification::Verification(Services services)
    : in_(std::move(services)),
      cookies_(in_.public_url.starts_with("https://")),
      password_throttle_(kPasswordLimit),
      address_throttle_(kAddressLimit) {}

void Verification::add_routes(http::Router& router) const {
    router.add("GET", kPage, [this](const http::Request& request) { return show(request); });
    router.add("POST", kConfirm, [this](const http::Request& request) { return confirm(request); });
    router.add("POST", kReport, [this](const http::Request& request) { return report(request); });
}

Result<Verification::Open> Verification::open(const http::Request& request, std::string_view pattern) const {
    const auto segments = http::match_path(pattern, request.path);
    if (!segments) {
        return unknown();
    }
    const std::string_view token = segments->front();
    Open open{.challenges = in_.challenges(), .tenants = in_.tenants(), .tenant = nullptr, .visit = {}, .path = {}};
    TRY(open.visit, open.challenges->visit(token));
    const auto tenant = open.tenants->find(open.visit.tenant);
    if (tenant == open.tenants->end()) {
        return unknown();
    }
    open.tenant = &tenant->second;
    open.path = std::string(challenges::kVerificationPath) + std::string(token);
    return open;
}

http::Response Verification::page(const http::Request& request, const Open& open, unsigned status,
                                  std::string problem) const {
    const identity::GuardedForm form = identity::guard_form(cookies_, request, subject_of(open.visit.id));
    http::Response response = render(VerificationPage{.status = status,
                                                      .action = open.path,
                                                      .csrf = form.csrf,
                                                      .tenant = open.tenant->name,
                                                      .asked_by = open.visit.asked_by,
                                                      .target = target_of(open.visit),
                                                      .requester = requester_of(open.visit),
                                                      .context = open.visit.context.value_or(""),
                                                      .expires_at = to_rfc3339(open.visit.expires_at),
                                                      .provider = provider_of(*open.tenant),
                                                      .problem = std::move(problem),
                                                      .support = support_of(open.tenant->support)});
    if (!form.set_cookie.empty()) {
        response.headers.emplace_back("Set-Cookie", form.set_cookie);
    }
    return response;
}

bool Verification::is_genuine(const http::Request& request, const Open& open) const {
    const Result<http::Form> form = http::Form::parse(request.body);
    return form && identity::is_guarded(cookies_, request, form->value("csrf"), subject_of(open.visit.id));
}

http::Answer Verification::show(const http::Request& request) const {
    const auto open = this->open(request, kPage);
    if (!open) {
        co_return failure_page(open.error(), "Look whether the address is complete.");
    }
    co_return is_final(open->visit.state) ? ended_page(open->visit.state) : page(request, *open, 200, "");
}

http::Answer Verification::confirm(const http::Request& request) const {
    auto open = this->open(request, kConfirm);
    if (!open) {
        co_return failure_page(open.error(), "");
    }
    if (is_final(open->visit.state)) {
        co_return ended_page(open->visit.state);
    }
    if (!is_genuine(request, *open)) {
        co_return page(request, *open, 403, "This form is out of date. Try again.");
    }
    if (address_throttle_.attempt(request.peer)) {
        co_return page(request, *open, 429, "Too many attempts. Wait and try again.");
    }
    const TenantId tenant = open->visit.tenant;
    const ChallengeId id = open->visit.id;
    if (const auto begun = co_await open->challenges->begin(tenant, id); !begun) {
        co_return failure_page(begun.error(), "");
    }
    if (open->tenant->openid) {
        co_return co_await leave(request, *std::move(open));
    }
    co_return co_await check_password(request, *std::move(open));
}

http::Answer Verification::leave(const http::Request& request, Open open) const {
    std::string secret(cookies_.find(request, identity::kOpenIdCookie));
    if (secret.empty()) {
        secret = random_token();
    }
    const identity::OpenIdClient client(open.tenants, &*open.tenant->openid);
    identity::OpenIdWish wish{.tenant = open.visit.tenant,
                              .purpose = identity::OpenIdPurpose::proof,
                              .subject = open.visit.id.str(),
                              .login_hint = open.visit.target_user_email.value_or("")};
    const auto url = co_await in_.openid.start(client, std::move(wish), secret);
    if (!url) {
        co_return page(request, open, 503, url.error()->message);
    }
    http::Response response = leaving_page(provider_of(*open.tenant), *url);
    response.headers.emplace_back("Set-Cookie",
                                  cookies_.set(identity::kOpenIdCookie, secret, identity::kOpenIdAttemptLife));
    co_return response;
}

http::Answer Verification::check_password(const http::Request& request, Open open) const {
    const Result<http::Form> form = http::Form::parse(request.body);
    if (password_throttle_.attempt(std::string(request.peer) + "\n" + open.visit.id.str())) {
        co_return page(request, open, 429, "Too many attempts. Wait and try again.");
    }
    const std::string email(form->value("email"));
    SecretString password{std::string(form->value("password"))};
    const auto user = co_await in_.users.authenticate(email, std::move(password));
    if (!user) {
        co_return page(request, open, 503, "The host cannot check your password now. Try again.");
    }
    if (!*user) {
        const Error wrong{Code::permission_denied, "login_failed", "The e-mail or the password is wrong."};
        record_failed_proof(request, open.visit.tenant, open.visit.id, wrong, {});
        co_return page(request, open, 403, wrong->message);
    }
    challenges::Answer answer{.state = State::verified,
                              .proof = challenges::Proof::local_login,
                              .person = {.user_id = (*user)->id.str(), .email = (*user)->email},
                              .evidence = {{"peer", request.peer}}};
    co_return co_await this->answer(open.challenges, open.visit.tenant, open.visit.id, std::move(answer));
}

http::Answer Verification::report(const http::Request& request) const {
    auto open = this->open(request, kReport);
    if (!open) {
        co_return failure_page(open.error(), "");
    }
    if (is_final(open->visit.state)) {
        co_return ended_page(open->visit.state);
    }
    if (!is_genuine(request, *open)) {
        co_return page(request, *open, 403, "This form is out of date. Try again.");
    }
    challenges::Answer answer{.state = State::incident_reported,
                              .proof = challenges::Proof::none,
                              .evidence = {{"peer", request.peer}}};
    co_return co_await this->answer(open->challenges, open->visit.tenant, open->visit.id, std::move(answer));
}

http::Answer Verification::proven(const http::Request& request, identity::OpenIdAttempt attempt,
                                  Result<identity::OpenIdPerson> person) const {
    const auto challenges = in_.challenges();
    const auto tenants = in_.tenants();
    const auto tenant = tenants->find(attempt.tenant);
    const ChallengeId id(attempt.subject);
    const auto asked = challenges->find(attempt.tenant, id);
    if (!asked || tenant == tenants->end() || !tenant->second.openid) {
        co_return failure_page(asked ? unknown() : asked.error(), "");
    }
    constexpr std::string_view kAgain = "The challenge is still open: follow its link and try again.";
    if (!person) {
        record_failed_proof(request, attempt.tenant, id, person.error(), {{"issuer", attempt.issuer}});
        co_return failure_page(person.error(), kAgain);
    }
    json::Object evidence = evidence_of(*person);
    evidence["peer"] = request.peer;
    const auto email = identity::believed_email(*tenant->second.openid, *person);
    if (!email && asked->target_user_email) {
        record_failed_proof(request, attempt.tenant, id, email.error(), std::move(evidence));
        co_return failure_page(email.error(), kAgain);
    }
    challenges::Answer answer{.state = State::verified,
                              .proof = challenges::Proof::openid_login,
                              .person = {.user_id = person->subject, .email = {}},
                              .evidence = std::move(evidence)};
    if (email) {
        answer.person.email = *email;
    }
    co_return co_await this->answer(challenges, attempt.tenant, id, std::move(answer));
}

// Refusals are audited by the use case.
http::Answer Verification::answer(std::shared_ptr<challenges::Challenges> challenges, TenantId tenant, ChallengeId id,
                                  challenges::Answer answer) const {
    const std::string name = challenges::name_of(answer);
    const auto state = co_await challenges->answer(std::move(tenant), std::move(id), std::move(answer));
    if (state) {
        co_return done_page(*state);
    }
    const bool is_other = state.error()->key == "not_the_target";
    co_return failure_page(state.error(), is_other ? "You signed in as " + name + "." : "");
}

void Verification::record_failed_proof(const http::Request& request, const TenantId& tenant, const ChallengeId& id,
                                       const Error& error, json::Object detail) const {
    detail["why"] = error->message;
    detail["peer"] = request.peer;
    const auto queued = in_.trail.append_later({.tenant = tenant,
                                                .event = "challenge_proof_failed",
                                                .actor = "anonymous",
                                                .request_id = id.str(),
                                                .outcome = error->key,
                                                .detail = std::move(detail)});
    if (!queued) {
        log::warn("challenge_proof_failure_not_recorded", {{"reason", queued.error()->detail}});
    }
}

}  // namespace quell::console
