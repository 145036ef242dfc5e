// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "approvals/service.hpp"

#include <algorithm>
#include <array>

#include "approvals/audit_records.hpp"
#include "approvals/auto_approval.hpp"
#include "approvals/cursor.hpp"
#include "approvals/reason.hpp"
#include "base/log.hpp"
#include "base/random.hpp"

namespace quell::approvals {
namespace {

constexpr std::int64_t kMostWaiting = 100;  // of one requester
constexpr std::string_view kTokenPrefix = "mcp_access_token_";
constexpr std::string_view kByRule = "rule:auto_approve";

Error approval_not_found() {
    return {Code::not_found, "approval_not_found", "There is no such request for approval."};
}

Error not_open(const Approval& approval, WallTime now) {
    const Status status = status_of(approval, now);
    if (status == Status::expired) {
        return Error(Code::failed_precondition, "approval_expired", "This request has expired; nobody can decide it any more.")
            .next_step("Let the requester ask again.");
    }
    return Error(Code::already_exists, "approval_already_decided",
                 "This request was decided before: it is " + std::string(to_string(status)) + ".")
        .next_step("Look it up; the first decision stays.");
}

// appr_ and a time-ordered id without dashes (L20).
std::string new_id() {
    std::string id = uuid_v7();
    std::erase(id, '-');
    return "appr_" + id;
}

store::ApprovalWish wish_of(const identity::Principal& requester, const Wish& wish) {
    return {requester.tenant, requester.id, wish.kind, wish.resource, wish.operation, wish.arguments_digest};
}

Approval new_approval(const identity::Principal& requester, const Wish& wish, WallTime now) {
    return {.id = new_id(),
            .tenant = requester.tenant,
            .kind = wish.kind,
            .resource = wish.resource,
            .operation = wish.operation,
            .arguments_digest = wish.arguments_digest,
            .requester = requester.id,
            .requester_label = requester.label,
            .requested_by = wish.requested_by,
            .reason = wish.reason,
            .approvers = wish.approvers,
            .single_use = wish.single_use,
            .status = std::string(to_string(Status::pending)),
            .requested_at = now,
            .expires_at = now + wish.ttl};
}

void grant_by_rule(Approval& approval) {
    approval.status = to_string(Status::approved);
    approval.decided_by = kByRule;
    approval.decided_label = kByRule;
    approval.decided_at = approval.requested_at;
    approval.decision_reason = "The rule for this resource approves it by itself.";
}

}  // namespace

std::string_view to_string(Event event) {
    static constexpr std::array<std::string_view, 4> kNames = {"approval_requested", "approval_granted", "approval_denied",
                                                               "approval_expired"};
    return kNames[static_cast<std::size_t>(event)];
}

// What a decision came to: decided, or refused. A refusal is no failure of the transaction.
struct Service::Outcome {
    std::optional<Approval> approval;
    std::optional<Error> refusal;
};

Result<Approval> Service::request(store::Transaction& transaction, const identity::Principal& requester, const Wish& wish) {
    TRY_VOID(check_reason(wish.reason, wish.reason_rule));
    const WallTime now = in_.now();
    TRY(auto open, store::find_open_approval(transaction, wish_of(requester, wish), now));
    if (open) {
        return *std::move(open);
    }
    const store::ApprovalQuery waiting{.status = "pending", .resource = {}, .requester = requester.id, .before_time = {},
                                       .before_id = {}, .limit = kMostWaiting};
    TRY(const auto others, store::list_approvals(transaction, requester.tenant, waiting, now));
    if (others.size() >= kMostWaiting) {
        return Error(Code::resource_exhausted, "rate_limited", "Too many of your requests wait for a decision.")
            .next_step("Wait until some are decided or expire.")
            .retryable(60);
    }
    // One of the same wish that expired and was not yet noted as such would stand in the way.
    TRY_VOID(expire(transaction, kMostWaiting));
    return insert(transaction, requester, wish);
}

Result<Approval> Service::insert(store::Transaction& transaction, const identity::Principal& requester, const Wish& wish) {
    Approval approval = new_approval(requester, wish, in_.now());
    TRY(const bool by_rule,
        approves_by_itself(transaction, wish.auto_approval, requester, wish.operation, approval.requested_at));
    Approval asked = approval;
    if (by_rule) {
        grant_by_rule(approval);
    }
    TRY_VOID(store::insert_approval(transaction, approval));
    TRY_VOID(tell(transaction, Event::requested, asked, requester.id));
    if (by_rule) {
        TRY_VOID(tell(transaction, Event::granted, approval, kByRule));
    }
    return approval;
}

base::Task<Approval> Service::request(identity::Principal requester, Wish wish) {
    auto work = [this, requester = std::move(requester), wish = std::move(wish)](store::Transaction& transaction) {
        return request(transaction, requester, wish);
    };
    co_return co_await in_.store.write<Approval>(std::move(work));
}

// L05, AP-07: one record a step, and whoever listens, in the step's own transaction.
Result<void> Service::tell(store::Transaction& transaction, Event event, const Approval& approval, std::string_view actor) {
    TRY_VOID(in_.trail.append(transaction, event_record(to_string(event), approval, actor)));
    for (const Listener& listener : listeners_) {
        TRY_VOID(listener(transaction, event, approval));
    }
    return {};
}

base::Task<Decided> Service::decide(identity::Principal decider, std::string id, Decision decision) {
    SecretString token = decision.approve ? SecretString(std::string(kTokenPrefix) + random_token()) : SecretString();
    const identity::Principal who = decider;
    const std::string which = id;
    auto work = [this, decider = std::move(decider), id = std::move(id), decision = std::move(decision),
                 token = token.copy()](store::Transaction& transaction) {
        return decide_in(transaction, decider, id, decision, token.reveal());
    };
    CO_TRY(Outcome outcome, co_await in_.store.write<Outcome>(std::move(work)));
    if (outcome.refusal) {
        note_refusal(who, which, *outcome.refusal);
        co_return *std::move(outcome.refusal);
    }
    co_return Decided{*std::move(outcome.approval), std::move(token)};
}

Result<Service::Outcome> Service::decide_in(store::Transaction& transaction, const identity::Principal& principal,
                                            std::string_view id, const Decision& decision, std::string_view token) {
    const WallTime now = in_.now();
    TRY(auto found, store::find_approval(transaction, principal.tenant, id));
    if (!found) {
        return Outcome{{}, approval_not_found()};
    }
    TRY(const Decider decider, decider_of(transaction, principal));
    if (const auto allowed = check_decider(decider, *found, in_.settings(principal.tenant)); !allowed) {
        return Outcome{{}, allowed.error()};
    }
    if (const auto said = check_reason(decision.reason, {}); !said) {
        return Outcome{{}, said.error()};
    }
    Approval approval = *found;
    approval.status = to_string(decision.approve ? Status::approved : Status::denied);
    approval.decided_by = principal.id;
    approval.decided_label = decider.email.empty() ? principal.label : decider.email;
    approval.decided_at = now;
    approval.decision_reason = decision.reason;
    if (decision.approve) {
        approval.token_hash = crypto::sha256(token);
        approval.expires_at = decision.duration ? std::min(approval.expires_at, WallTime(now + *decision.duration)) : approval.expires_at;
    }
    TRY(const bool decided, store::decide_approval(transaction, approval, now));
    if (!decided) {
        return Outcome{{}, not_open(*found, now)};
    }
    TRY_VOID(tell(transaction, decision.approve ? Event::granted : Event::denied, approval, principal.id));
    return Outcome{std::move(approval), {}};
}

void Service::note_refusal(const identity::Principal& decider, std::string_view id, const Error& error) {
    if (const auto noted = in_.trail.append_later(refusal_record(decider, id, error)); !noted) {
        log::warn("refused_decision_not_audited", {{"detail", noted.error()->detail}});
    }
}

Result<std::optional<Approval>> Service::live_grant(store::Reader& reader, const identity::Principal& requester,
                                                    const Wish& wish) const {
    return store::find_live_grant(reader, wish_of(requester, wish), in_.now());
}

Result<std::optional<Approval>> Service::live_denial(store::Reader& reader, const identity::Principal& requester,
                                                     const Wish& wish) const {
    return store::find_live_denial(reader, wish_of(requester, wish), in_.now());
}

Result<void> Service::use(store::Transaction& transaction, const Approval& grant) const {
    TRY(const bool used, store::use_approval(transaction, grant.id, in_.now()));
    if (!used) {
        return Error(Code::permission_denied, "grant_ended", "The grant " + grant.id + " has ended or was used.")
            .next_step("Ask for approval again.");
    }
    return {};
}

Result<std::optional<Approval>> Service::find_by_token(store::Reader& reader, std::string_view token) const {
    if (!token.starts_with(kTokenPrefix) || token.size() > 128) {
        return std::optional<Approval>();
    }
    TRY(auto found, store::find_approval_by_token(reader, crypto::sha256(token)));
    const bool lives = found && status_of(*found, in_.now()) == Status::approved && found->expires_at > in_.now() &&
                       (!found->single_use || !found->used_at);
    return lives ? std::move(found) : std::optional<Approval>();
}

bool Service::may_see(const Decider& caller, const Approval& approval) const {
    return caller.id == approval.requester || caller.is_administrator() ||
           is_approver(caller, approval.approvers, in_.settings(approval.tenant));
}

Result<Approval> Service::get(const identity::Principal& caller, std::string_view id) const {
    return in_.store.read([&](store::Reader& reader) -> Result<Approval> {
        TRY(auto found, store::find_approval(reader, caller.tenant, id));
        TRY(const Decider who, decider_of(reader, caller));
        if (!found || !may_see(who, *found)) {
            return approval_not_found();
        }
        return *std::move(found);
    });
}

Result<Page> Service::list(const identity::Principal& caller, const Query& query) const {
    if (!query.status.empty() && !parse_status(query.status)) {
        return invalid_arguments("`status` is one of four words.").allowed({"pending", "approved", "denied", "expired"});
    }
    store::ApprovalQuery wanted{.status = query.status, .resource = query.resource, .requester = {}, .before_time = {},
                                .before_id = {}, .limit = std::clamp<std::int64_t>(query.limit, 1, 200)};
    TRY_VOID(read_cursor(query.cursor, wanted));
    return in_.store.read([&](store::Reader& reader) -> Result<Page> {
        TRY(const Decider who, decider_of(reader, caller));
        TRY(const auto rows, store::list_approvals(reader, caller.tenant, wanted, in_.now()));
        Page page;
        // The last row looked at goes on the next page's way, seen or not, so that what is hidden ends no list.
        page.cursor = static_cast<std::int64_t>(rows.size()) == wanted.limit ? make_cursor(rows.back()) : std::string();
        std::copy_if(rows.begin(), rows.end(), std::back_inserter(page.approvals),
                     [&](const Approval& approval) { return may_see(who, approval); });
        return page;
    });
}

Result<bool> Service::may_decide(const identity::Principal& caller, const Approval& approval) const {
    return in_.store.read([&](store::Reader& reader) -> Result<bool> {
        TRY(const Decider who, decider_of(reader, caller));
        return check_decider(who, approval, in_.settings(approval.tenant)).has_value() &&
               status_of(approval, in_.now()) == Status::pending;
    });
}

Result<std::int64_t> Service::expire(store::Transaction& transaction, std::int64_t limit) {
    TRY(const auto ended, store::expire_approvals(transaction, in_.now(), limit));
    for (const Approval& approval : ended) {
        TRY_VOID(tell(transaction, Event::expired, approval, "host"));
    }
    return static_cast<std::int64_t>(ended.size());
}

}  // namespace quell::approvals
