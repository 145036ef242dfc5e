// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/service.hpp"

#include "base/failed.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "challenges/audit_records.hpp"
#include "challenges/callback_url.hpp"
#include "challenges/limits.hpp"
#include "challenges/verification.hpp"
#include "store/users.hpp"

namespace quell::challenges {
namespace {

constexpr std::int64_t kLongestList = 200;

Error not_found() {
    return Error(Code::not_found, "challenge_not_found", "There is no such challenge.")
        .next_step("Give the challenge_id of create_challenge's answer.");
}

Error no_tenant() {
    return Error(Code::failed_precondition, "challenges_disabled", "This tenant has no settings on this host.")
        .next_step("Ask the administrator of this host.");
}

Error switched_off() {
    return Error(Code::permission_denied, "challenges_disabled", "Challenges are switched off for this tenant.")
        .next_step("Only the administrator of this host can turn them on: `enabled = true` in the table `[challenges]` "
                   "of the tenant's settings. Do not try again until that is done.");
}

Error no_channel() {
    return Error(Code::failed_precondition, "connector_not_enabled",
                 "integration_type `slack` needs a connector that delivers challenges, and this tenant has none enabled.")
        .allowed({"webhook"})
        .next_step("Use integration_type `webhook` and pass its verification_url on, or ask the administrator of this "
                   "host to enable a connector with the plugin `slack`.");
}

Error no_verification() {
    return Error(Code::failed_precondition, "no_verification",
                 "Nobody could answer a standard challenge of this person: the tenant signs nobody in at an OpenID "
                 "provider, and the person is no user of this host.")
        .next_step("Use integration_type `slack` if a connector for it is enabled, or ask the administrator of this host "
                   "to set up `[openid]` in the tenant's settings.");
}

Error nobody_asks() {
    return invalid_arguments("A challenge that is made in a channel needs `slack_user_id`: the person who asks.");
}

Error no_callback_in_channel() {
    return invalid_arguments("A challenge that is made in a channel is answered there; it takes no `callback_url`.");
}

Error idempotency_conflict(const ChallengeId& earlier) {
    return Error(Code::already_exists, "idempotency_conflict",
                 "This idempotency_key was used before, with other arguments.")
        .candidates({{{"challenge_id", earlier.str()}}})
        .next_step("Use a new key for a new challenge.");
}

bool is_made_in_channel(Entry entry) { return entry == Entry::channel; }

// Two digits, as the person is to say them: 10 to 99.
std::string make_number() {
    std::array<std::uint8_t, 4> bytes{};
    fill_random(bytes);
    const std::uint32_t drawn = bytes[0] | bytes[1] << 8U | bytes[2] << 16U | static_cast<std::uint32_t>(bytes[3]) << 24U;
    return std::to_string(10 + drawn % 90);
}

Question question_of(const store::ChallengeRow& row) {
    return {.id = row.id,
            .target = {.user_id = row.target_user_id, .email = row.target_user_email},
            .requester = requester_of(row),
            .context = row.context,
            .number_match = row.match_number.has_value(),
            .expires_at = row.expires_at};
}

// Whether a failed sending may have reached the person all the same.
bool may_have_arrived(const Error& error) {
    return error->code == Code::deadline_exceeded || error->code == Code::unavailable ||
           error->code == Code::cancelled || error->code == Code::unknown;
}

}  // namespace

Requester requester_of(const store::ChallengeRow& row) {
    return {.person = {.user_id = row.slack_user_id, .email = row.requester_email}, .label = row.principal_label};
}

Result<bool> can_verify(store::Reader& reader, const config::TenantSettings& settings,
                        const CreateArguments& arguments) {
    if (settings.openid) {
        return true;
    }
    std::optional<store::UserRow> user;
    if (arguments.target_user_email) {
        TRY(user, store::find_user_by_email(reader, *arguments.target_user_email));
    } else {
        TRY(user, store::find_user(reader, UserId(*arguments.target_user_id)));
    }
    const bool both_fit = !arguments.target_user_id || (user && user->id.str() == *arguments.target_user_id);
    if (!user || !user->active || !both_fit) {
        return false;
    }
    TRY(const auto role, store::find_role(reader, user->id, settings.id));
    return role.has_value();
}

Result<const config::TenantSettings*> Challenges::tenant(const TenantId& id) const {
    const auto found = in_.settings.tenants.find(id);
    if (found == in_.settings.tenants.end()) {
        return no_tenant();
    }
    return &found->second;
}

Result<void> Challenges::check_usable(const TenantId& id) const {
    TRY(const config::TenantSettings* const settings, tenant(id));
    return settings->challenges.enabled ? Result<void>() : Result<void>(switched_off());
}

void Challenges::note_later(audit::Record record) const {
    if (const auto noted = in_.trail.append_later(std::move(record)); !noted) {
        log::warn("challenge_not_audited", {{"detail", noted.error()->detail}});
    }
}

void Challenges::note_refusal(const identity::Principal& principal, const CreateArguments& arguments, Entry entry,
                              const Error& error) const {
    note_later(refusal_record(principal, arguments, entry, error));
}

base::Task<std::string> Challenges::create(const identity::Principal& principal, const json::Object& arguments,
                                           Entry entry) {
    auto read = read_arguments(arguments);
    if (!read) {
        note_refusal(principal, {}, entry, read.error());
        return base::failed<std::string>(std::move(read).error());
    }
    return create(principal, std::move(*read), entry);
}

base::Task<std::string> Challenges::create(const identity::Principal& principal, CreateArguments arguments,
                                           Entry entry) {
    CO_TRY(Placed placed, co_await place(principal, std::move(arguments), entry));
    if (!placed.is_new || !placed.row.channel) {
        co_return answer_document(placed.row);
    }
    CO_TRY(const store::ChallengeRow delivered, co_await deliver(std::move(placed.row), principal.trace));
    co_return answer_document(delivered);
}

base::Task<Challenges::Placed> Challenges::place(const identity::Principal& principal, CreateArguments arguments,
                                                 Entry entry) {
    auto prepared = prepare(principal, arguments, entry);
    if (!prepared) {
        note_refusal(principal, arguments, entry, prepared.error());
        co_return std::move(prepared).error();
    }
    auto work = [row = *std::move(prepared), settings = in_.settings.tenants.at(principal.tenant).challenges,
                 &trail = in_.trail](store::Transaction& transaction) -> Result<Placed> {
        if (row.idempotency_key) {
            TRY(auto earlier, store::find_challenge_by_key(transaction, row.tenant, row.principal, *row.idempotency_key));
            if (earlier && earlier->arguments_digest != row.arguments_digest) {
                return idempotency_conflict(earlier->id);
            }
            if (earlier) {
                return Placed{.row = *std::move(earlier), .is_new = false};
            }
        }
        TRY_VOID(check_limits(transaction, row, settings));
        TRY_VOID(store::insert_challenge(transaction, row));
        TRY_VOID(trail.append(transaction, created_record(row)));
        return Placed{.row = row, .is_new = true};
    };
    auto placed = co_await in_.store.write<Placed>(std::move(work));
    if (!placed) {
        note_refusal(principal, arguments, entry, placed.error());
    } else if (placed->is_new) {
        in_.endings.count_created(principal.tenant, placed->row.integration_type);
    }
    co_return placed;
}

Result<void> Challenges::check(const config::TenantSettings& settings, const CreateArguments& arguments,
                               Entry entry) const {
    if (!settings.challenges.enabled) {
        return switched_off();
    }
    if (is_made_in_channel(entry) && !arguments.slack_user_id) {
        return nobody_asks();  // V42
    }
    if (is_made_in_channel(entry) && arguments.callback_url) {
        return no_callback_in_channel();  // V88+
    }
    return arguments.callback_url ? check_callback_url(*arguments.callback_url, in_.allow_loopback_callbacks)
                                  : Result<void>();
}

// How the person will be able to answer.
Result<void> Challenges::add_way(const config::TenantSettings& settings, const CreateArguments& arguments,
                                 store::ChallengeRow& row) const {
    if (arguments.integration_type == IntegrationType::slack) {
        const auto channels = in_.channels.enabled(settings.id);
        if (channels.empty()) {
            return no_channel();
        }
        row.channel = channels.front();
        row.delivery = "pending";
        if (settings.challenges.number_match) {
            row.match_number = make_number();
        }
        return {};
    }
    TRY(const bool can, in_.store.read([&](store::Reader& reader) { return can_verify(reader, settings, arguments); }));
    if (!can) {
        return no_verification();
    }
    row.token_hash = token_hash(verification_token(in_.key, row.id));
    return {};
}

Result<store::ChallengeRow> Challenges::prepare(const identity::Principal& principal, const CreateArguments& arguments,
                                                Entry entry) const {
    TRY(const config::TenantSettings* const settings, tenant(principal.tenant));
    TRY_VOID(check(*settings, arguments, entry));
    const WallTime now = in_.now();
    store::ChallengeRow row;
    row.id = ChallengeId(uuid_v7());
    row.tenant = principal.tenant;
    row.principal = principal.id;
    row.principal_label = principal.label;
    row.client = principal.client;
    row.entry = policy::to_string(entry);
    row.integration_type = to_string(arguments.integration_type);
    row.target_user_id = arguments.target_user_id;
    row.target_user_email = arguments.target_user_email;
    row.context = arguments.context;
    row.callback_url = arguments.callback_url;
    row.requester_id = arguments.requester_id.value_or(std::string(policy::to_string(entry)));  // V35
    row.requester_email = arguments.requester_email;
    row.slack_user_id = arguments.slack_user_id;
    row.idempotency_key = arguments.idempotency_key;
    row.arguments_digest = arguments.idempotency_key ? std::optional(arguments_digest(arguments)) : std::nullopt;
    row.created_at = now;
    row.expires_at = now + arguments.expiry.value_or(settings->challenges.expiry);  // V39, V86+
    row.state = to_string(State::initiated);
    TRY_VOID(add_way(*settings, arguments, row));
    return row;
}

// The one answer that shows what only whoever asks may know.
std::string Challenges::answer_document(const store::ChallengeRow& row) const {
    Shown shown;
    const WallTime now = in_.now();
    if (!is_final(state_of(row, now))) {
        if (row.token_hash) {
            shown.verification_url =
                verification_url(in_.settings.server.public_url, verification_token(in_.key, row.id));
        }
        shown.match_number = row.match_number.value_or("");
    }
    return to_document(row, now, shown);
}

// --- sending

base::Task<store::ChallengeRow> Challenges::deliver(store::ChallengeRow row, TraceContext trace) {
    Question question = question_of(row);
    auto sent = co_await in_.channels.send(row.tenant, *row.channel, std::move(question), std::move(trace));
    if (sent) {
        CO_TRY_VOID(co_await note_sent(row.id, *std::move(sent)));
    } else {
        CO_TRY_VOID(co_await note_unsent(row, sent.error()));
        if (!may_have_arrived(sent.error())) {
            co_return std::move(sent).error();
        }
    }
    co_return find(row.tenant, row.id);
}

base::Task<void> Challenges::note_sent(ChallengeId id, Sent sent) {
    auto work = [id = std::move(id), sent = std::move(sent), now = in_.now(),
                 &trail = in_.trail](store::Transaction& transaction) -> Result<void> {
        TRY(const auto row, store::find_challenge(transaction, id));
        TRY_VOID(store::note_delivery(transaction, id,
                                      {.delivery = "sent",
                                       .message = sent.message,
                                       .recipient = sent.target_user_id,
                                       .slack_user_id = sent.requester_user_id},
                                      now));
        return row ? trail.append(transaction, delivery_record(*row, "sent")) : Result<void>();
    };
    co_return co_await in_.store.write<void>(std::move(work));
}

// A message that may have arrived is not sent again: the person would be asked twice. One that has surely not arrived
// ends the challenge, since nobody can answer it.
base::Task<void> Challenges::note_unsent(store::ChallengeRow row, Error error) {
    const bool is_over = !may_have_arrived(error);
    Outcome outcome{.reason = Reason::not_delivered, .by = "host", .evidence = {{"error", error->key}}};
    const TenantId tenant = row.tenant;
    auto work = [row = std::move(row), outcome = std::move(outcome), is_over, now = in_.now(), &trail = in_.trail,
                 &endings = in_.endings](store::Transaction& transaction) -> Result<bool> {
        const std::string_view delivery = is_over ? "failed" : "unknown";
        TRY_VOID(store::note_delivery(transaction, row.id,
                                      {.delivery = delivery, .message = {}, .recipient = {}, .slack_user_id = {}}, now));
        TRY_VOID(trail.append(transaction, delivery_record(row, delivery)));
        return is_over ? endings.end(transaction, row, State::expired, outcome, now) : Result<bool>(false);
    };
    CO_TRY(const bool ended, co_await in_.store.write<bool>(std::move(work)));
    if (ended) {
        in_.endings.count_ended(tenant, State::expired);
    }
    co_return Result<void>();
}

// --- looking

Result<store::ChallengeRow> Challenges::find(const TenantId& tenant, const ChallengeId& id) const {
    TRY(auto row, in_.store.read([&](store::Reader& reader) { return store::find_challenge(reader, id); }));
    if (!row || row->tenant != tenant) {
        return not_found();
    }
    return *std::move(row);
}

Result<std::string> Challenges::get(const identity::Principal& principal, const ChallengeId& id) const {
    if (!is_uuid(id.str())) {
        return invalid_arguments("`challenge_id` must be a UUID: the challenge_id of create_challenge's answer.");  // V43
    }
    TRY(const store::ChallengeRow row, find(principal.tenant, id));
    return to_document(row, in_.now());
}

Result<std::string> Challenges::get_own(const identity::Principal& principal, const ChallengeId& id) const {
    TRY(const store::ChallengeRow row, find(principal.tenant, id));
    if (row.principal != principal.id || row.client != principal.client) {
        return not_found();
    }
    return answer_document(row);
}

Result<std::string> Challenges::list(const identity::Principal& principal, const ChallengeId& before,
                                     std::int64_t limit) const {
    TRY(const auto rows, in_.store.read([&](store::Reader& reader) {
        return store::list_challenges(reader, principal.tenant, before, std::min(limit, kLongestList));
    }));
    return list_document(rows, in_.now());
}

Result<Visit> Challenges::visit(std::string_view token) const {
    TRY(const auto row, in_.store.read(
                            [&](store::Reader& reader) { return store::find_challenge_by_token(reader, token_hash(token)); }));
    if (!row) {
        return not_found();
    }
    return Visit{.tenant = row->tenant,
                 .id = row->id,
                 .state = state_of(*row, in_.now()),
                 .target_user_email = row->target_user_email,
                 .target_user_id = row->target_user_id,
                 .asked_by = row->principal_label,
                 .requester_id = row->requester_id,
                 .requester_email = row->requester_email,
                 .context = row->context,
                 .expires_at = row->expires_at};
}

}  // namespace quell::challenges
