// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/endings.hpp"

#include "challenges/audit_records.hpp"
#include "challenges/document.hpp"
#include "json/serialize.hpp"
#include "json/writer.hpp"

namespace quell::challenges {
namespace {

constexpr metrics::Family kCreated{"quell_challenges_created_total", "Challenges made, by how the person is reached."};
constexpr metrics::Family kEnded{"quell_challenges_ended_total", "Challenges that have ended, by their final state."};

// The body of standard-webhooks: a type, a time, and the record that every door shows.
std::string callback_body(const std::string& event, const store::ChallengeRow& ended, WallTime at) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.member("type", event);
    out.member("timestamp", to_rfc3339(at));
    out.key("data");
    out.raw(to_document(ended, at));
    out.end_object();
    return text;
}

}  // namespace

Result<bool> Endings::end(store::Transaction& transaction, const store::ChallengeRow& row, State state,
                          const Outcome& outcome, WallTime at) {
    std::string document = json::serialize(to_document(outcome));
    TRY(const bool is_first, store::end_challenge(transaction, row.id, to_string(state), at, document));
    if (!is_first) {
        return false;
    }
    TRY_VOID(trail_.append(transaction, ended_record(row, state, outcome)));
    // Whoever asked was told in the answer to the call that nobody was reached.
    if (row.callback_url && outcome.reason != Reason::not_delivered) {
        store::ChallengeRow ended = row;
        ended.state = to_string(state);
        ended.ended_at = at;
        ended.outcome = std::move(document);
        TRY_VOID(tell(transaction, std::move(ended), at));
    }
    return true;
}

Result<void> Endings::tell(store::Transaction& transaction, store::ChallengeRow ended, WallTime at) {
    const std::string event = "challenge." + ended.state;
    return send_(transaction, {.tenant = ended.tenant,
                               .id = ended.id,
                               .event = event,
                               .url = *ended.callback_url,
                               .body = callback_body(event, ended, at)});
}

void Endings::count_ended(const TenantId& tenant, State state) {
    metrics_.counter(kEnded, {{"tenant", tenant.str()}, {"state", std::string(to_string(state))}}).add();
}

void Endings::count_created(const TenantId& tenant, std::string_view integration_type) {
    metrics_.counter(kCreated, {{"tenant", tenant.str()}, {"integration_type", std::string(integration_type)}}).add();
}

}  // namespace quell::challenges
