// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/statement.hpp"

// The rows of challenges_schema.hpp and the statements over them. What a state means is decided in challenges/; here an
// ended challenge never changes its state again, whatever is asked.
namespace quell {

using ChallengeId = StrongId<struct ChallengeTag>;

}  // namespace quell

namespace quell::store {

struct ChallengeRow {
    ChallengeId id;
    TenantId tenant;
    std::string principal;
    std::string principal_label;
    ClientId client;
    std::string entry;
    std::string integration_type;
    std::optional<std::string> target_user_id;
    std::optional<std::string> target_user_email;  // in the normal form
    std::optional<std::string> context;
    std::optional<std::string> callback_url;
    std::string requester_id;
    std::optional<std::string> requester_email;
    std::optional<std::string> slack_user_id;  // of the requester
    std::optional<std::string> idempotency_key;
    std::optional<std::string> arguments_digest;
    WallTime created_at{};
    WallTime expires_at{};
    std::string state;
    std::optional<WallTime> ended_at;
    std::optional<std::string> outcome;  // JSON object
    std::optional<Digest> token_hash;
    std::optional<std::string> match_number;
    std::optional<ConnectorKey> channel;
    std::optional<std::string> delivery;
    std::optional<std::string> message;
    std::optional<std::string> recipient;
    std::int64_t card_attempts = 0;
};

// already_exists if its idempotency key is taken.
Result<void> insert_challenge(Transaction& transaction, const ChallengeRow& row);
// Of any tenant: the caller compares it.
Result<std::optional<ChallengeRow>> find_challenge(Reader& reader, const ChallengeId& id);
Result<std::optional<ChallengeRow>> find_challenge_by_token(Reader& reader, const Digest& token_hash);
Result<std::optional<ChallengeRow>> find_challenge_by_key(Reader& reader, const TenantId& tenant,
                                                          std::string_view principal, std::string_view key);
// Newest first; `before` empty: from the newest.
Result<std::vector<ChallengeRow>> list_challenges(Reader& reader, const TenantId& tenant, const ChallengeId& before,
                                                  std::int64_t limit);

// How often a person is asked: by either of the two names that a challenge may give.
struct ChallengeLoad {
    std::int64_t open = 0;
    std::int64_t since = 0;  // made since that time, open or not
    std::optional<WallTime> next_end;    // of the open ones, the first that expires
    std::optional<WallTime> first_made;  // of those made since
};
Result<ChallengeLoad> challenge_load(Reader& reader, const ChallengeRow& row, WallTime since);

// initiated -> in_progress; false if it is past that.
Result<bool> begin_challenge(Transaction& transaction, const ChallengeId& id);
// The one final state; false if it has one. The message, if it is sent, is due for an update at once.
Result<bool> end_challenge(Transaction& transaction, const ChallengeId& id, std::string_view state, WallTime at,
                           std::string_view outcome);
// Open ones whose time is over, the longest overdue first.
Result<std::vector<ChallengeRow>> overdue_challenges(Reader& reader, WallTime now, std::int64_t limit);

// What became of the sending. A message that is sent after the challenge ended is due for an update at once.
struct ChallengeDelivery {
    std::string_view delivery;
    std::optional<std::string> message;
    std::optional<std::string> recipient;
    std::optional<std::string> slack_user_id;  // of the requester, where the channel names one
};
Result<void> note_delivery(Transaction& transaction, const ChallengeId& id, const ChallengeDelivery& delivery,
                           WallTime now);
// For the start of a process: what was being sent when the last one ended may have arrived or not.
Result<std::int64_t> give_up_deliveries(Transaction& transaction);

Result<std::vector<ChallengeRow>> cards_due(Reader& reader, WallTime now, std::int64_t limit);
// Nothing more is due; or, after a failed attempt, at that time.
Result<void> reschedule_card(Transaction& transaction, const ChallengeId& id, std::optional<WallTime> due_at);

}  // namespace quell::store
