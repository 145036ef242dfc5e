// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// initiated -> in_progress -> verified | failed | expired | incident_reported (INTERFACES.md 7).

#include "challenges/answer.hpp"

#include "challenges/document.hpp"
#include "crypto/digest.hpp"
#include "identity/users.hpp"

namespace quell::challenges {
namespace {

constexpr std::size_t kLongestComment = 2000;

Error ended(const store::ChallengeRow& row) {
    return {Code::failed_precondition, "challenge_ended",
            "This challenge has ended already (" + row.state + "). Nothing was changed."};
}

Error expired() {
    return {Code::failed_precondition, "challenge_expired",
            "The time to answer this challenge is over. Nothing was changed."};
}

Error not_the_target() {
    return {Code::permission_denied, "not_the_target",
            "Only the person who is challenged can answer. Nothing was changed."};
}

Error proof_required() {
    return {Code::permission_denied, "proof_required", "This answer needs a proof of who gives it. Nothing was changed."};
}

bool is_same_email(const std::string& target, const std::optional<std::string>& given) {
    const auto normal = given ? identity::normal_email(*given) : Result<std::string>(invalid_arguments(""));
    return normal && *normal == target;
}

// Every name that the challenge gives must be the person's: one that cannot be compared is not.
bool is_target(const store::ChallengeRow& row, const Person& person) {
    const bool email_fits = !row.target_user_email || is_same_email(*row.target_user_email, person.email);
    const bool id_fits = !row.target_user_id || person.user_id == row.target_user_id;
    return email_fits && id_fits;
}

// SL-05: by the connector's word about who did it, and by that connector alone.
Result<void> check_channel_answer(const store::ChallengeRow& row, const Answer& answer) {
    if (answer.proof != Proof::channel_account || answer.channel != row.channel) {
        return proof_required();
    }
    const bool is_recipient = row.recipient && answer.person.user_id == row.recipient;
    return is_recipient ? Result<void>() : Result<void>(not_the_target());
}

Result<void> check_page_answer(const store::ChallengeRow& row, const Answer& answer) {
    // A hijacked account's owner may be unable to sign in, and a report only ever makes people more careful.
    if (answer.proof == Proof::none && answer.state == State::incident_reported) {
        return {};
    }
    if (answer.proof == Proof::none || answer.proof == Proof::channel_account) {
        return proof_required();
    }
    return is_target(row, answer.person) ? Result<void>() : Result<void>(not_the_target());
}

bool has_wrong_number(const store::ChallengeRow& row, const Answer& answer) {
    return row.match_number && answer.state == State::verified &&
           !crypto::equal_constant_time(*row.match_number, answer.number);
}

std::string cut(std::string text) {
    if (text.size() > kLongestComment) {
        std::size_t end = kLongestComment;
        while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        text.resize(end);
    }
    return text;
}

}  // namespace

std::string name_of(const Answer& answer) {
    if (answer.person.email) {
        return *answer.person.email;
    }
    return answer.person.user_id.value_or("holder of the verification URL");
}

Result<Verdict> judge(const store::ChallengeRow& row, const Answer& answer, WallTime now) {
    if (row.ended_at) {
        return ended(row);
    }
    if (is_final(state_of(row, now))) {
        return expired();
    }
    if (!is_final(answer.state) || answer.state == State::expired) {
        return internal_error("an answer that is no end");
    }
    TRY_VOID(row.channel ? check_channel_answer(row, answer) : check_page_answer(row, answer));
    const bool wrong = has_wrong_number(row, answer);
    return Verdict{.state = wrong ? State::failed : answer.state,
                   .outcome = {.reason = wrong ? Reason::wrong_number : Reason::answered,
                               .proof = answer.proof,
                               .by = name_of(answer),
                               .comment = cut(answer.comment),
                               .evidence = answer.evidence}};
}

}  // namespace quell::challenges
