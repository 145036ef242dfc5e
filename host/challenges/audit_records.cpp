// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/audit_records.hpp"

namespace quell::challenges {
namespace {

json::Value to_value(const std::optional<std::string>& text) {
    return text ? json::Value(*text) : json::Value(nullptr);
}

audit::Record record(const store::ChallengeRow& row, std::string_view event, std::string actor, std::string_view outcome) {
    return {.tenant = row.tenant,
            .event = std::string(event),
            .actor = std::move(actor),
            .request_id = row.id.str(),
            .outcome = std::string(outcome),
            .detail = {}};
}

}  // namespace

audit::Record created_record(const store::ChallengeRow& row) {
    audit::Record made = record(row, "challenge_created", row.principal, "ok");
    made.detail = {{"entry", row.entry},
                   {"by", row.principal_label},
                   {"integration_type", row.integration_type},
                   {"target_user_id", to_value(row.target_user_id)},
                   {"target_user_email", to_value(row.target_user_email)},
                   {"requester_id", row.requester_id},
                   {"requester_email", to_value(row.requester_email)},
                   {"slack_user_id", to_value(row.slack_user_id)},
                   {"context", to_value(row.context)},
                   {"callback", row.callback_url.has_value()},
                   {"expires_at", to_rfc3339(row.expires_at)}};
    return made;
}

audit::Record delivery_record(const store::ChallengeRow& row, std::string_view delivery) {
    audit::Record made = record(row, "challenge_delivery", "host", delivery);
    made.detail = {{"connector", row.channel ? row.channel->str() : std::string()}};
    return made;
}

audit::Record opened_record(const store::ChallengeRow& row) { return record(row, "challenge_opened", "host", "ok"); }

audit::Record ended_record(const store::ChallengeRow& row, State state, const Outcome& outcome) {
    audit::Record made = record(row, "challenge_ended", outcome.by, to_string(state));
    made.detail = to_document(outcome);
    return made;
}

audit::Record answer_refused_record(const store::ChallengeRow& row, const std::string& actor, const Error& error) {
    return record(row, "challenge_answer_refused", actor, error->key);
}

audit::Record refusal_record(const identity::Principal& principal, const CreateArguments& arguments,
                             policy::Entry entry, const Error& error) {
    return {.tenant = principal.tenant,
            .event = "challenge_refused",
            .actor = principal.id,
            .request_id = {},
            .outcome = error->key,
            .detail = {{"entry", policy::to_string(entry)},
                       {"by", principal.label},
                       {"integration_type", to_string(arguments.integration_type)},
                       {"target_user_id", to_value(arguments.target_user_id)},
                       {"target_user_email", to_value(arguments.target_user_email)}}};
}

}  // namespace quell::challenges
