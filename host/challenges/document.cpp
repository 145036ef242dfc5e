// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/document.hpp"

#include "json/writer.hpp"

namespace quell::challenges {
namespace {

std::string_view next_step(const store::ChallengeRow& row, State state, const Shown& shown) {
    if (is_final(state)) {
        return "The challenge has ended; nothing changes any more.";
    }
    if (!shown.verification_url.empty()) {
        return "Give verification_url to the person who is challenged, and to nobody else; then ask get_challenge_status "
               "until `status` is final.";
    }
    if (!shown.match_number.empty()) {
        return "Tell the person match_number by another way, for example on the phone; then ask get_challenge_status "
               "until `status` is final.";
    }
    return row.delivery == "unknown" ? "Nobody can tell whether the person was reached. Ask get_challenge_status until "
                                       "`status` is final."
                                     : "Ask get_challenge_status until `status` is final.";
}

void write_people(json::Writer& out, const store::ChallengeRow& row) {
    out.member("target_user_id", row.target_user_id);
    out.member("target_user_email", row.target_user_email);
    out.member("requester_id", row.requester_id);
    out.member("requester_email", row.requester_email);
    out.member("slack_user_id", row.slack_user_id);
}

void write_end(json::Writer& out, const store::ChallengeRow& row) {
    out.member("ended_at", row.ended_at ? std::optional(to_rfc3339(*row.ended_at)) : std::nullopt);
    out.key("outcome");
    row.outcome ? out.raw(*row.outcome) : out.value(nullptr);
}

void write(json::Writer& out, const store::ChallengeRow& row, WallTime now, const Shown& shown) {
    const State state = state_of(row, now);
    out.begin_object();
    out.member("challenge_id", row.id.str());
    out.member("status", to_string(state));
    out.member("integration_type", row.integration_type);
    write_people(out, row);
    out.member("context", row.context);
    out.member("callback_url", row.callback_url);
    out.member("created_at", to_rfc3339(row.created_at));
    out.member("expires_at", to_rfc3339(row.expires_at));
    write_end(out, row);
    out.member("delivery", row.delivery);
    if (!shown.verification_url.empty()) {
        out.member("verification_url", shown.verification_url);
    }
    if (!shown.match_number.empty()) {
        out.member("match_number", shown.match_number);
    }
    out.member("next_step", next_step(row, state, shown));
    out.end_object();
}

}  // namespace

State state_of(const store::ChallengeRow& row, WallTime now) {
    const State state = parse_state(row.state).value_or(State::expired);
    return !is_final(state) && now >= row.expires_at ? State::expired : state;
}

std::string to_document(const store::ChallengeRow& row, WallTime now, const Shown& shown) {
    std::string text;
    json::Writer out(text);
    write(out, row, now, shown);
    return text;
}

std::string list_document(const std::vector<store::ChallengeRow>& rows, WallTime now) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("challenges");
    out.begin_array();
    for (const store::ChallengeRow& row : rows) {
        write(out, row, now, {});
    }
    out.end_array();
    out.end_object();
    return text;
}

}  // namespace quell::challenges
