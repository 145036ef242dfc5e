// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/challenges.hpp"

#include <algorithm>

namespace quell::store {
namespace {

#define QUELL_CHALLENGE_COLUMNS                                                                                    \
    "challenge_id, tenant, principal, principal_label, client, entry, integration_type, target_user_id, "         \
    "target_user_email, context, callback_url, requester_id, requester_email, slack_user_id, idempotency_key, "   \
    "arguments_digest, created_at, expires_at, state, ended_at, outcome, token_hash, match_number, channel, "     \
    "delivery, message, recipient, card_attempts"

std::optional<ConnectorKey> optional_connector(const Row& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.id<ConnectorKey>(column));
}

ChallengeRow challenge_row(const Row& row) {
    return {.id = row.id<ChallengeId>(0),
            .tenant = row.id<TenantId>(1),
            .principal = row.text(2),
            .principal_label = row.text(3),
            .client = row.id<ClientId>(4),
            .entry = row.text(5),
            .integration_type = row.text(6),
            .target_user_id = row.optional_text(7),
            .target_user_email = row.optional_text(8),
            .context = row.optional_text(9),
            .callback_url = row.optional_text(10),
            .requester_id = row.text(11),
            .requester_email = row.optional_text(12),
            .slack_user_id = row.optional_text(13),
            .idempotency_key = row.optional_text(14),
            .arguments_digest = row.optional_text(15),
            .created_at = row.time(16),
            .expires_at = row.time(17),
            .state = row.text(18),
            .ended_at = row.optional_time(19),
            .outcome = row.optional_text(20),
            .token_hash = row.optional_digest(21),
            .match_number = row.optional_text(22),
            .channel = optional_connector(row, 23),
            .delivery = row.optional_text(24),
            .message = row.optional_text(25),
            .recipient = row.optional_text(26),
            .card_attempts = row.integer(27)};
}

}  // namespace

Result<void> insert_challenge(Transaction& transaction, const ChallengeRow& row) {
    TRY_VOID(transaction.run("INSERT INTO challenges (" QUELL_CHALLENGE_COLUMNS
                             ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             row.id, row.tenant, row.principal, row.principal_label, row.client, row.entry,
                             row.integration_type, row.target_user_id, row.target_user_email, row.context,
                             row.callback_url, row.requester_id, row.requester_email, row.slack_user_id,
                             row.idempotency_key, row.arguments_digest, row.created_at, row.expires_at, row.state,
                             row.ended_at, row.outcome, row.token_hash, row.match_number, row.channel, row.delivery,
                             row.message, row.recipient, row.card_attempts));
    return {};
}

Result<std::optional<ChallengeRow>> find_challenge(Reader& reader, const ChallengeId& id) {
    return reader.row<ChallengeRow>("SELECT " QUELL_CHALLENGE_COLUMNS " FROM challenges WHERE challenge_id = ?",
                                    challenge_row, id);
}

Result<std::optional<ChallengeRow>> find_challenge_by_token(Reader& reader, const Digest& token_hash) {
    return reader.row<ChallengeRow>("SELECT " QUELL_CHALLENGE_COLUMNS " FROM challenges WHERE token_hash = ?",
                                    challenge_row, token_hash);
}

Result<std::optional<ChallengeRow>> find_challenge_by_key(Reader& reader, const TenantId& tenant,
                                                          std::string_view principal, std::string_view key) {
    return reader.row<ChallengeRow>("SELECT " QUELL_CHALLENGE_COLUMNS
                                    " FROM challenges WHERE tenant = ? AND principal = ? AND idempotency_key = ?",
                                    challenge_row, tenant, principal, key);
}

Result<std::vector<ChallengeRow>> list_challenges(Reader& reader, const TenantId& tenant, const ChallengeId& before,
                                                  std::int64_t limit) {
    // '~' sorts behind every id.
    return reader.rows<ChallengeRow>("SELECT " QUELL_CHALLENGE_COLUMNS
                                     " FROM challenges WHERE tenant = ? AND challenge_id < ?"
                                     " ORDER BY challenge_id DESC LIMIT ?",
                                     challenge_row, tenant, before.empty() ? ChallengeId("~") : before, limit);
}

Result<ChallengeLoad> challenge_load(Reader& reader, const ChallengeRow& row, WallTime since) {
    ChallengeLoad load;
    const auto earliest = [](const std::optional<WallTime>& a, WallTime b) { return a ? std::min(*a, b) : b; };
    const auto add = [&](const Row& found) -> Result<void> {
        if (found.is_null(2)) {
            ++load.open;
            load.next_end = earliest(load.next_end, found.time(1));
        }
        if (found.time(0) >= since) {
            ++load.since;
            load.first_made = earliest(load.first_made, found.time(0));
        }
        return {};
    };
    // A missing name is NULL, which equals nothing.
    TRY_VOID(reader.each("SELECT created_at, expires_at, ended_at FROM challenges WHERE tenant = ?1"
                         " AND (target_user_email = ?2 OR target_user_id = ?3) AND (ended_at IS NULL OR created_at >= ?4)",
                         add, row.tenant, row.target_user_email, row.target_user_id, since));
    return load;
}

Result<bool> begin_challenge(Transaction& transaction, const ChallengeId& id) {
    TRY(const auto changed, transaction.run("UPDATE challenges SET state = 'in_progress' WHERE challenge_id = ?"
                                            " AND state = 'initiated'",
                                            id));
    return changed > 0;
}

Result<bool> end_challenge(Transaction& transaction, const ChallengeId& id, std::string_view state, WallTime at,
                           std::string_view outcome) {
    TRY(const auto changed,
        transaction.run("UPDATE challenges SET state = ?2, ended_at = ?3, outcome = ?4,"
                        " card_due_at = iif(message IS NULL, NULL, ?3) WHERE challenge_id = ?1 AND ended_at IS NULL",
                        id, state, at, outcome));
    return changed > 0;
}

Result<std::vector<ChallengeRow>> overdue_challenges(Reader& reader, WallTime now, std::int64_t limit) {
    return reader.rows<ChallengeRow>("SELECT " QUELL_CHALLENGE_COLUMNS
                                     " FROM challenges WHERE ended_at IS NULL AND expires_at <= ?"
                                     " ORDER BY expires_at LIMIT ?",
                                     challenge_row, now, limit);
}

Result<void> note_delivery(Transaction& transaction, const ChallengeId& id, const ChallengeDelivery& delivery,
                           WallTime now) {
    TRY_VOID(transaction.run("UPDATE challenges SET delivery = ?2, message = ?3, recipient = ?4,"
                             " slack_user_id = coalesce(slack_user_id, ?5),"
                             " card_due_at = iif(?3 IS NULL OR ended_at IS NULL, NULL, ?6) WHERE challenge_id = ?1",
                             id, delivery.delivery, delivery.message, delivery.recipient, delivery.slack_user_id, now));
    return {};
}

Result<std::int64_t> give_up_deliveries(Transaction& transaction) {
    return transaction.run("UPDATE challenges SET delivery = 'unknown' WHERE delivery = 'pending'");
}

Result<std::vector<ChallengeRow>> cards_due(Reader& reader, WallTime now, std::int64_t limit) {
    return reader.rows<ChallengeRow>("SELECT " QUELL_CHALLENGE_COLUMNS
                                     " FROM challenges WHERE card_due_at <= ? ORDER BY card_due_at LIMIT ?",
                                     challenge_row, now, limit);
}

Result<void> reschedule_card(Transaction& transaction, const ChallengeId& id, std::optional<WallTime> due_at) {
    TRY_VOID(transaction.run("UPDATE challenges SET card_due_at = ?2, card_attempts = card_attempts + 1"
                             " WHERE challenge_id = ?1",
                             id, due_at));
    return {};
}

}  // namespace quell::store
