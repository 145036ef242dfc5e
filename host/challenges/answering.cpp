// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// How challenges move on: the page is opened, an answer comes, whoever asked withdraws.

#include "challenges/audit_records.hpp"
#include "challenges/service.hpp"

namespace quell::challenges {
namespace {

Error not_found() { return {Code::not_found, "challenge_not_found", "There is no such challenge."}; }

Result<store::ChallengeRow> find_in(store::Reader& reader, const TenantId& tenant, const ChallengeId& id) {
    TRY(auto row, store::find_challenge(reader, id));
    if (!row || row->tenant != tenant) {
        return not_found();
    }
    return *std::move(row);
}

}  // namespace

base::Task<void> Challenges::begin(TenantId tenant, ChallengeId id) {
    auto work = [tenant = std::move(tenant), id = std::move(id), now = in_.now(),
                 &trail = in_.trail](store::Transaction& transaction) -> Result<void> {
        TRY(const store::ChallengeRow row, find_in(transaction, tenant, id));
        if (state_of(row, now) != State::initiated) {
            return {};
        }
        TRY_VOID(store::begin_challenge(transaction, id));
        return trail.append(transaction, opened_record(row));
    };
    co_return co_await in_.store.write<void>(std::move(work));
}

base::Task<State> Challenges::answer(TenantId tenant, ChallengeId id, Answer answer) {
    CO_TRY(const store::ChallengeRow asked, find(tenant, id));
    auto work = [tenant, id, answer, now = in_.now(), &endings = in_.endings](store::Transaction& transaction) -> Result<State> {
        TRY(const store::ChallengeRow row, find_in(transaction, tenant, id));
        TRY(const Verdict verdict, judge(row, answer, now));
        TRY_VOID(endings.end(transaction, row, verdict.state, verdict.outcome, now));
        return verdict.state;
    };
    const auto ended = co_await in_.store.write<State>(std::move(work));
    if (ended) {
        in_.endings.count_ended(tenant, *ended);
    } else {
        note_later(answer_refused_record(asked, name_of(answer), ended.error()));
    }
    co_return ended;
}

base::Task<std::string> Challenges::cancel(const identity::Principal& principal, ChallengeId id) {
    const Outcome outcome{.reason = Reason::cancelled, .by = principal.id};
    const TenantId tenant = principal.tenant;
    auto work = [tenant, id, outcome, now = in_.now(), &endings = in_.endings](store::Transaction& transaction) -> Result<void> {
        TRY(const store::ChallengeRow row, find_in(transaction, tenant, id));
        if (is_final(state_of(row, now))) {
            return Error(Code::failed_precondition, "challenge_ended", "This challenge has ended already.");
        }
        TRY_VOID(endings.end(transaction, row, State::expired, outcome, now));
        return {};
    };
    CO_TRY_VOID(co_await in_.store.write<void>(std::move(work)));
    in_.endings.count_ended(tenant, State::expired);
    co_return get(principal, id);
}

}  // namespace quell::challenges
