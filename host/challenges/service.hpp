// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>

#include "audit/trail.hpp"
#include "challenges/answer.hpp"
#include "challenges/arguments.hpp"
#include "challenges/channels.hpp"
#include "challenges/document.hpp"
#include "challenges/endings.hpp"
#include "config/settings.hpp"
#include "crypto/seal.hpp"
#include "identity/lifetimes.hpp"
#include "identity/principal.hpp"
#include "policy/entry.hpp"
#include "store/store.hpp"

namespace quell::challenges {

using policy::Entry;

// What the page behind a verification URL shows: who asks, whom, and why.
struct Visit {
    TenantId tenant;
    ChallengeId id;
    State state{};
    std::optional<std::string> target_user_email;
    std::optional<std::string> target_user_id;
    std::string asked_by;  // the authenticated principal's label
    std::string requester_id;
    std::optional<std::string> requester_email;
    std::optional<std::string> context;
    WallTime expires_at{};
};

// The use case behind create_challenge and get_challenge_status, for every door, and behind every way to answer. The
// caller has checked the scope. Part of a deployment; all references outlive it; any thread, Tasks on any io_context.
// Documents are the record as JSON text.
class Challenges {
  public:
    struct Services {
        store::Store& store;
        audit::Trail& trail;
        Endings& endings;
        Channels& channels;
        const config::Settings& settings;
        const crypto::SealingKey& key;
        bool allow_loopback_callbacks = false;  // tests only
        identity::Now now = wall_now;
    };
    explicit Challenges(Services services) : in_(std::move(services)) {}

    // Makes a challenge, durable and audited before anybody is asked. `principal` outlives the task.
    // invalid_arguments, challenges_disabled, connector_not_enabled, no_verification, rate_limited,
    // idempotency_conflict, and what a channel says for certain.
    base::Task<std::string> create(const identity::Principal& principal, const json::Object& arguments, Entry entry);
    base::Task<std::string> create(const identity::Principal& principal, CreateArguments arguments, Entry entry);
    // Whether create_challenge is offered (tools/list).
    Result<void> check_usable(const TenantId& tenant) const;

    // challenge_not_found for an unknown id and another tenant's alike (V43, TN-01).
    Result<std::string> get(const identity::Principal& principal, const ChallengeId& id) const;
    // The same as create() has answered it, for the principal and client that made it and nobody else.
    Result<std::string> get_own(const identity::Principal& principal, const ChallengeId& id) const;
    Result<store::ChallengeRow> find(const TenantId& tenant, const ChallengeId& id) const;
    Result<std::string> list(const identity::Principal& principal, const ChallengeId& before, std::int64_t limit) const;
    // Withdraws it: expired, for the reason `cancelled`. challenge_ended if it has ended.
    base::Task<std::string> cancel(const identity::Principal& principal, ChallengeId id);

    // --- for those who let the target answer

    // The challenge of a verification URL; challenge_not_found for anything else.
    Result<Visit> visit(std::string_view token) const;
    // The target has opened the page: in_progress.
    base::Task<void> begin(TenantId tenant, ChallengeId id);
    // Ends the challenge by the answer, once; the state that it has now. Refusals are those of judge(), audited.
    base::Task<State> answer(TenantId tenant, ChallengeId id, Answer answer);

  private:
    struct Placed {
        store::ChallengeRow row;
        bool is_new = false;
    };
    Result<const config::TenantSettings*> tenant(const TenantId& id) const;
    Result<store::ChallengeRow> prepare(const identity::Principal& principal, const CreateArguments& arguments,
                                        Entry entry) const;
    Result<void> check(const config::TenantSettings& settings, const CreateArguments& arguments, Entry entry) const;
    Result<void> add_way(const config::TenantSettings& settings, const CreateArguments& arguments,
                         store::ChallengeRow& row) const;
    base::Task<Placed> place(const identity::Principal& principal, CreateArguments arguments, Entry entry);
    base::Task<store::ChallengeRow> deliver(store::ChallengeRow row, TraceContext trace);
    base::Task<void> note_sent(ChallengeId id, Sent sent);
    base::Task<void> note_unsent(store::ChallengeRow row, Error error);
    std::string answer_document(const store::ChallengeRow& row) const;
    void note_refusal(const identity::Principal& principal, const CreateArguments& arguments, Entry entry,
                      const Error& error) const;
    void note_later(audit::Record record) const;

    const Services in_;
};

// Whether anybody could answer a standard challenge of this target here: the tenant signs people in at an OpenID
// provider, or the target is a user of this host and a member of the tenant.
Result<bool> can_verify(store::Reader& reader, const config::TenantSettings& settings, const CreateArguments& arguments);

// How a question to a channel names who asks (V38).
Requester requester_of(const store::ChallengeRow& row);

}  // namespace quell::challenges
