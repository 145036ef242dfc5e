// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/connector_http.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "egress/login_endpoint.hpp"
#include "egress/region_discovery.hpp"
#include "egress/retry_after.hpp"

namespace quell::egress {
namespace {

constexpr std::uint64_t kMostResponseBytes = std::uint64_t{8} << 20;
constexpr std::size_t kMostTokenBytes = 64 * 1024;
constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return text;
}

// Without a profile a plugin may bring a credential of its own.
std::string reserved_header(const CredentialProfile* profile) {
    if (profile == nullptr) {
        return {};
    }
    if (const auto* const login = std::get_if<TokenLogin>(profile)) {
        return lower(login->header);
    }
    const auto* const fixed = std::get_if<FixedHeader>(profile);
    return fixed != nullptr ? lower(fixed->name) : "authorization";
}

HttpResult not_sent(Error error) {
    return {.response = std::move(error), .sent_to_provider = false};
}

// CASES.md: a read-only call lets nothing through that may change something, whatever the plugin
// says (PF-08).
Error acting_refused(std::string_view method, std::string_view path) {
    return Error(Code::permission_denied, "plugin_error",
                 fmt::format(
                     "{} {} may change something at the provider, and this call is read-only.",
                     method, path))
        .next_step(
            "A POST that only reads must be listed in read_only_posts of the plugin's manifest.");
}

// A provider that answers is up, whatever it answers short of a 5xx.
void tell(CircuitBreaker& breaker, const HttpResult& result) {
    if (result.response) {
        return result.response->status < 500 ? breaker.succeeded() : breaker.failed();
    }
    switch (result.response.error()->code) {
        case Code::unavailable:
        case Code::deadline_exceeded:
        case Code::data_loss:
            return breaker.failed();
        default:
            return breaker.undecided();
    }
}

void describe(RequestLine& line, const HttpResult& result) {
    line.sent_to_provider = result.sent_to_provider;
    if (result.response) {
        line.status = result.response->status;
        line.bytes_in = result.response->body.size();
    } else {
        line.code = result.response.error()->code;
    }
}

// Where a refused request wanted to go. The method is unchecked text of the plugin's, so the line
// leaves it out.
RequestLine refusal_line(const PluginHttpRequest& request, const Error::Members& error) {
    RequestLine line{.code = error.code};
    if (const auto url = Url::parse(request.url)) {
        line.host = url->host_and_port();
        line.path = url->path();
    }
    return line;
}

}  // namespace

struct ConnectorHttp::Call {
    Mode mode;
    SteadyTime deadline;
    const std::stop_token& cancel;
    Observer& observer;
};

struct ConnectorHttp::Prepared {
    HttpRequest request;
    RequestPolicy policy;
    RequestKind kind;
    const CredentialProfile* profile;
};

ConnectorHttp::ConnectorHttp(HttpClient& client, Options options, Destinations destinations,
                             ReadOnlyPosts read_only_posts, CredentialProfiles profiles)
    : client_(client),
      connector_(std::move(options.connector)),
      destinations_(std::move(destinations)),
      read_only_posts_(std::move(read_only_posts)),
      profiles_(std::move(profiles)),
      retries_(options.timing),
      breaker_(std::make_unique<CircuitBreaker>(options.timing.now)) {
    for (const auto& [name, profile] : profiles_) {
        if (const auto* const grant = std::get_if<TokenGrant>(&profile)) {
            tokens_.emplace(grant, std::make_unique<Tokens>(options.timing.now));
        } else if (const auto* const login = std::get_if<TokenLogin>(&profile)) {
            sessions_.emplace(login, std::make_unique<Session>(options.timing.now));
        }
    }
}

Result<std::unique_ptr<ConnectorHttp>> ConnectorHttp::make(HttpClient& client, Options options) {
    TRY(const auto patterns, expand_egress(options.manifest_egress, options.values));
    TRY(Destinations destinations,
        Destinations::make(patterns, options.admin_egress, options.allow_insecure_loopback));
    TRY(ReadOnlyPosts posts, ReadOnlyPosts::make(options.read_only_posts, options.values));
    TRY(CredentialProfiles profiles, read_profiles(options.auth, options.values));
    return std::unique_ptr<ConnectorHttp>(new ConnectorHttp(client, std::move(options),
                                                            std::move(destinations),
                                                            std::move(posts), std::move(profiles)));
}

HttpResult ConnectorHttp::request(const PluginHttpRequest& request, Mode mode, SteadyTime deadline,
                                  const std::stop_token& cancel, Observer& observer) const {
    const Call call{.mode = mode, .deadline = deadline, .cancel = cancel, .observer = observer};
    auto prepared = prepare(request, call);
    if (!prepared) {
        observer.finished(refusal_line(request, *prepared.error()));
        return not_sent(std::move(prepared).error());
    }
    HttpResult result = send_until_final(*prepared, call);
    if (result.response) {
        if (const auto wait = retry_after(*result.response, retries_.wall_now())) {
            set_retry_after(*result.response, *wait);
        }
    }
    return result;
}

HttpResult ConnectorHttp::send_until_final(const Prepared& prepared, const Call& call) const {
    for (int tries = 1;; ++tries) {
        HttpResult result = send_authorized(prepared, call);
        const auto wait = retries_.wait_after(result, prepared.request.may_repeat, tries, prepared.policy.deadline);
        const bool is_final = !wait || breaker_->state() == CircuitBreaker::State::open;
        if (is_final || !retries_.sleep(*wait, call.cancel)) {
            return result;
        }
        call.observer.repeating();
    }
}

Result<const CredentialProfile*> ConnectorHttp::profile(const std::string& name) const {
    if (name.empty()) {
        return nullptr;
    }
    const auto found = profiles_.find(name);
    if (found == profiles_.end()) {
        return Error(
            Code::invalid_argument, "plugin_error",
            fmt::format("The manifest has no credential profile \"{}\".", name.substr(0, 64)));
    }
    return &found->second;
}

Result<ConnectorHttp::Prepared> ConnectorHttp::prepare(const PluginHttpRequest& request,
                                                       const Call& call) const {
    TRY(Url url, Url::parse(request.url));
    TRY(const CredentialProfile* const used, profile(request.auth));
    TRY_VOID(check_message(request.method, request.headers, request.body, reserved_header(used)));
    TRY(const Reach reach, destinations_.check(url));
    const bool acting = is_acting(request.method, url, read_only_posts_);
    if (acting && call.mode == Mode::read_only) {
        return acting_refused(request.method, url.path());
    }
    RequestPolicy policy{.deadline = call.deadline, .reach = reach};
    if (request.timeout > Millis(0)) {
        // Compared in milliseconds: a huge timeout overflows every finer unit.
        const auto now = std::chrono::steady_clock::now();
        const auto left = std::chrono::floor<Millis>(call.deadline - now);
        policy.deadline = request.timeout < left ? now + request.timeout : call.deadline;
    }
    const std::uint64_t cap =
        request.max_response_bytes == 0 ? kMostResponseBytes : request.max_response_bytes;
    policy.max_response_bytes = static_cast<std::size_t>(std::min(cap, kMostResponseBytes));
    return Prepared{.request = {.method = request.method,
                                .url = std::move(url),
                                .headers = request.headers,
                                .body = request.body,
                                .may_repeat = !acting || request.idempotent},
                    .policy = policy,
                    .kind = acting ? RequestKind::acting : RequestKind::reading,
                    .profile = used};
}

HttpResult ConnectorHttp::send_authorized(const Prepared& prepared, const Call& call) const {
    if (prepared.profile == nullptr) {
        return send(prepared, nullptr, call);
    }
    if (const auto* const fixed = std::get_if<FixedHeader>(prepared.profile)) {
        const Header header{.name = fixed->name, .value = std::string(fixed->value.reveal())};
        return send(prepared, &header, call);
    }
    if (const auto* const login = std::get_if<TokenLogin>(prepared.profile)) {
        return send_logged_in(prepared, *login, call);
    }
    return send_granted(prepared, std::get<TokenGrant>(*prepared.profile), call);
}

HttpResult ConnectorHttp::send_granted(const Prepared& prepared, const TokenGrant& grant, const Call& call) const {
    for (int attempt = 1;; ++attempt) {
        const auto held = token(grant, call);
        if (!held) {
            return not_sent(held.error());
        }
        const Header header{.name = "Authorization",
                            .value = fmt::format("Bearer {}", held->access_token.reveal())};
        HttpResult result = held->home == nullptr ? send(prepared, &header, call)
                                                  : send_home(prepared, *held->home, header, call);
        if (attempt == 2 || !result.response || result.response->status != kUnauthorized) {
            return result;
        }
        tokens_.at(&grant)->cache.drop(held->generation);
    }
}

HttpResult ConnectorHttp::send_logged_in(const Prepared& prepared, const TokenLogin& login, const Call& call) const {
    TokenCache& cache = sessions_.at(&login)->cache;
    for (int attempt = 1;; ++attempt) {
        const auto held = cache.get([&] { return log_in(login, call); }, call.deadline, call.cancel);
        if (!held) {
            return not_sent(held.error());
        }
        const Header header{.name = login.header, .value = std::string(held->access_token.reveal())};
        HttpResult result = send(prepared, &header, call);
        const int status = result.response ? result.response->status : 0;
        const bool refused = status == kUnauthorized || status == kForbidden;
        if (attempt == 2 || !refused || (status == kForbidden && !is_dead(login, held->access_token, call))) {
            return result;
        }
        cache.drop(held->generation);
    }
}

// The plugin names the cloud where the client is looked for; the request goes to the one where it is.
HttpResult ConnectorHttp::send_home(const Prepared& prepared, const Url& home, const Header& credential,
                                    const Call& call) const {
    Prepared moved = prepared;
    auto url = prepared.request.url.at(home);
    if (!url) {
        return not_sent(std::move(url).error());
    }
    auto reach = destinations_.check(*url);
    if (!reach) {
        return not_sent(std::move(reach).error());
    }
    moved.request.url = *std::move(url);
    moved.policy.reach = *reach;
    return send(moved, &credential, call);
}

HttpResult ConnectorHttp::send(const Prepared& prepared, const Header* credential,
                               const Call& call) const {
    if (auto open = breaker_->check(); !open) {
        return not_sent(std::move(open).error());
    }
    if (prepared.kind == RequestKind::acting) {
        if (auto durable = call.observer.before_acting_request(); !durable) {
            return not_sent(std::move(durable).error());
        }
    }
    HttpRequest request = prepared.request;
    if (credential != nullptr) {
        request.headers.push_back(*credential);
    }
    return exchange(std::move(request), prepared.policy, prepared.kind, call);
}

HttpResult ConnectorHttp::exchange(HttpRequest request, const RequestPolicy& policy,
                                   RequestKind kind, const Call& call) const {
    RequestLine line{.kind = kind,
                     .method = request.method,
                     .host = request.url.host_and_port(),
                     .path = request.url.path(),
                     .bytes_out = request.body.size()};
    const auto begin = std::chrono::steady_clock::now();
    if (auto entered = breaker_->enter(); !entered) {
        return not_sent(std::move(entered).error());
    }
    HttpResult result = client_.perform(std::move(request), policy, call.cancel);
    tell(*breaker_, result);
    line.duration = std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - begin);
    describe(line, result);
    call.observer.finished(line);
    return result;
}

Result<CachedToken> ConnectorHttp::token(const TokenGrant& grant, const Call& call) const {
    return tokens_.at(&grant)->cache.get([&] { return fetch_token(grant, call); }, call.deadline,
                                         call.cancel);
}

Result<TokenAnswer> ConnectorHttp::fetch_token(const TokenGrant& grant, const Call& call) const {
    if (grant.regions) {
        return fetch_token_at_home(grant, call);
    }
    TRY(HttpResponse response, ask(token_request(grant, wall_now()), call));
    return read_token(std::move(response), grant);
}

Result<TokenAnswer> ConnectorHttp::fetch_token_at_home(const TokenGrant& grant, const Call& call) const {
    const Url*& home = tokens_.at(&grant)->home;
    if (home == nullptr) {
        TRY(home, find_home(grant, call));
    }
    HttpRequest request = token_request(grant, wall_now());
    TRY(request.url, grant.token_url.at(*home));
    TRY(HttpResponse response, ask(std::move(request), call));
    TRY(TokenAnswer answer, read_token(std::move(response), grant));
    answer.home = home;
    return answer;
}

// Asks for a token to learn where the client is at home, and ends that token there.
Result<const Url*> ConnectorHttp::find_home(const TokenGrant& grant, const Call& call) const {
    TRY(HttpResponse response, ask(token_request(grant, wall_now()), call));
    const HttpResponse head{.status = response.status, .headers = response.headers};
    TRY(const TokenAnswer answer, read_token(std::move(response), grant));
    TRY(const Url* const home, home_of(head, *grant.regions, connector_.str()));
    TRY(HttpRequest revocation, revocation_request(grant, *home, answer.access_token));
    [[maybe_unused]] const auto ended = ask(std::move(revocation), call);  // it ends by itself, too
    return home;
}

Result<TokenAnswer> ConnectorHttp::log_in(const TokenLogin& login, const Call& call) const {
    if (auto prolonged = prolong(login, call)) {
        return *std::move(prolonged);
    }
    TRY(HttpRequest request, login_request(login));
    TRY(HttpResponse response, ask(std::move(request), call));
    TRY(TokenAnswer answer, read_login_answer(std::move(response), login, connector_.str()));
    Session& session = *sessions_.at(&login);
    session.token = answer.access_token.copy();
    session.granted = answer.lifetime;
    return answer;
}

// PROVIDERS.md 6: what was made with a token ends with it, so the token is kept as long as the provider prolongs it. A
// life that shrinks nears its maximum: then a new one is due.
std::optional<TokenAnswer> ConnectorHttp::prolong(const TokenLogin& login, const Call& call) const {
    const Session& session = *sessions_.at(&login);
    if (!login.renew_url || session.token.empty()) {
        return std::nullopt;
    }
    const auto response = ask(renewal_request(login, session.token), call);
    const auto lifetime = response ? read_renewed_lifetime(*response, login) : std::nullopt;
    if (!lifetime || *lifetime < session.granted / 2) {
        return std::nullopt;
    }
    return TokenAnswer{.access_token = session.token.copy(), .lifetime = *lifetime};
}

bool ConnectorHttp::is_dead(const TokenLogin& login, const SecretString& token, const Call& call) const {
    if (!login.check_url) {
        return false;
    }
    const auto response = ask(check_request(login, token), call);
    return response && (response->status == kUnauthorized || response->status == kForbidden);
}

Result<HttpResponse> ConnectorHttp::ask(HttpRequest request, const Call& call) const {
    TRY(const Reach reach, destinations_.check(request.url));
    const RequestPolicy policy{
        .deadline = call.deadline, .max_response_bytes = kMostTokenBytes, .reach = reach};
    return exchange(std::move(request), policy, RequestKind::token, call).response;
}

// A refusal carries the time to come back that the provider gave (PF-01).
Result<TokenAnswer> ConnectorHttp::read_token(HttpResponse response, const TokenGrant& grant) const {
    const auto wait = retry_after(response, retries_.wall_now());
    auto answer = read_token_answer(std::move(response), grant, connector_.str());
    if (!answer && wait) {
        return std::move(answer).error().retryable(std::chrono::ceil<std::chrono::seconds>(*wait).count());
    }
    return answer;
}

}  // namespace quell::egress
