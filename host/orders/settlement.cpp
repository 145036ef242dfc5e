// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// The states of a target (INTERFACES.md 1). Every arrow is one durable transaction with its audit record.
//
//            refused before anything left
//   intent ------------------------------------------------------------> failed
//     | before the first acting request leaves (SentMark)                  ^
//     v                                                                    | refused; or proven that it did
//    sent ---- the answer ----> accepted ---- polled ----> confirmed       | not act and may not be repeated
//     |                            |                          ^            |
//     | the answer was lost        +-- polled: refused -------|------------+
//     +-- read back: done, or under way (accepted) -----------+            |
//     +-- read back: no trace, idempotent, first time: sent again          |
//     +-- read back: no trace, otherwise ----------------------------------+
//     +-- no way to read back, or nothing learnt in poll_hours ---> unknown
//
// After a restart: intent is checked (same thing, same state, younger than 15 minutes) and sent, else failed;
// sent is read back; accepted is polled. A target already in the wanted state was confirmed when it was placed.

#include "orders/settlement.hpp"

#include <map>

#include "base/log.hpp"
#include "orders/document.hpp"
#include "orders/sent_mark.hpp"
#include "orders/verdict.hpp"

namespace quell::orders {
namespace {

constexpr std::int64_t kMostAttempts = 2;

Error not_confirmed() {
    Error error(Code::unknown, "not_confirmed", "The order was sent, but nothing could confirm what became of it.");
    return std::move(error).next_step("Look at the device or account at the provider before ordering again.");
}

Error interrupted() {
    Error error(Code::deadline_exceeded, "deadline_exceeded",
                "The host was restarted before this was sent and the order is too old now; nothing was done.");
    return std::move(error).next_step("Order again if it is still wanted.").retryable();
}

Error did_not_act(const Error& lost) {
    Error error(lost->code, lost->key, lost->message + " Reading back shows that nothing was done.");
    return std::move(error).retryable(lost->retry_after_seconds);
}

Error no_answer() { return {Code::unavailable, "connector_unavailable", "The provider's answer was lost."}; }

Error no_report() { return {Code::internal, "plugin_bad_result", "The connector said nothing about this target."}; }

class Settlement {
  public:
    Settlement(const Settling& settling, Batch batch)
        : in_(settling),
          batch_(std::move(batch)),
          schedule_(settling.timing),
          give_up_at_(settling.timing.steady() + (batch_.settle_until - settling.timing.now())),
          believed_from_(settling.timing.steady() + settling.timing.settle_after) {}

    base::Task<void> act() {
        Batch part = batch_.only(State::intent);
        if (part.targets.empty()) {
            co_return Result<void>();
        }
        co_return co_await send(std::move(part));
    }

    base::Task<void> follow() {
        CO_TRY_VOID(co_await give_up_unreadable());
        while (has_open()) {
            CO_TRY_VOID(co_await in_.tasks.pause(schedule_.next(std::exchange(hint_, std::nullopt))));
            if (in_.timing.steady() >= give_up_at_) {
                co_return co_await give_up();
            }
            CO_TRY_VOID(co_await poll());
        }
        co_return Result<void>();
    }

    // Each intent in turn, asking again while the connector cannot tell.
    base::Task<void> check_intents() {
        for (std::size_t i = 0; i < batch_.targets.size(); ++i) {
            while (batch_.targets[i].state == State::intent) {
                auto unchanged = co_await check_intent(batch_.targets[i]);
                if (unchanged) {
                    break;
                }
                if (in_.tasks.stopping()) {
                    co_return std::move(unchanged).error();
                }
                CO_TRY_VOID(co_await refuse_intent(batch_.targets[i], unchanged.error()));
            }
        }
        hint_ = Millis(0);  // what was sent or accepted is looked at without delay
        co_return Result<void>();
    }

  private:
    using Positions = std::vector<std::int64_t>;

    // Held through a step: a reload may replace it meanwhile.
    std::shared_ptr<Actor> present_actor() const { return in_.actors.of(batch_.kind); }

    bool has_open() const {
        return std::ranges::any_of(batch_.targets, [](const Target& target) { return is_open(target.state); });
    }

    Target& at(std::int64_t position) { return *std::ranges::find(batch_.targets, position, &Target::position); }

    bool is_too_old() const { return in_.timing.now() - batch_.created_at >= in_.timing.resume_within; }

    base::Task<void> check_intent(const Target& target) {
        if (is_too_old()) {
            co_return interrupted();
        }
        Batch one = batch_;
        one.targets = {target};
        const auto actor = present_actor();
        co_return co_await actor->check_unchanged(std::move(one), in_.tasks.token());
    }

    // Fails the target, or waits until it is worth asking again.
    base::Task<void> refuse_intent(Target& target, const Error& error) {
        if (is_transient(error) && !is_too_old()) {
            co_return co_await in_.tasks.pause(schedule_.next(std::nullopt));
        }
        fail(target, error);
        Positions changed(1, target.position);
        co_return co_await record(std::move(changed));
    }

    // One acting call for `part`, whose targets are intent, or proven not to have been acted on.
    base::Task<void> send(Batch part) {
        const auto mark = std::make_shared<SentMark>(in_.ledger, in_.timing, part);
        const auto actor = present_actor();
        const auto began = in_.timing.steady();
        auto reports = co_await apply(*actor, part, mark);
        const auto sent = mark->close();
        believed_from_ = patience_after(began);
        if (!reports && in_.tasks.stopping()) {
            co_return std::move(reports).error();  // the next start settles what the store says
        }
        Positions changed;
        for (const Target& ordered : part.targets) {
            Target& target = at(ordered.position);
            if (sent) {
                target.state = State::sent;
                target.sent_at = sent->at;
                target.attempts += 1;
            }
            judge_applied(target, reports, sent, part.targets.size() == 1);
            if (target.state != State::sent) {
                changed.push_back(target.position);
            }
        }
        CO_TRY_VOID(co_await record(std::move(changed)));
        co_return co_await give_up_unreadable();
    }

    base::Task<std::vector<Report>> apply(Actor& actor, const Batch& part, const std::shared_ptr<SentMark>& mark) {
        return actor.apply(
            part, [mark] { return mark->before_acting(); },
            [mark](const egress::RequestLine& line) { mark->finished(line); }, in_.tasks.token());
    }

    void judge_applied(Target& target, const Result<std::vector<Report>>& reports,
                       const std::optional<SentMark::Sent>& sent, bool alone) {
        const Ending ending = sent ? sent->ending : Ending::refused;
        if (!reports) {
            const Error error = believed(reports.error(), ending == Ending::refused);
            const bool is_proof = !sent || (alone && is_refusal(error));
            return is_proof ? fail(target, error) : lose(target, error);
        }
        const auto report = std::ranges::find(*reports, target.provider_id, &Report::provider_id);
        if (report == reports->end()) {
            return sent ? lose(target, no_report()) : fail(target, no_report());
        }
        if (report->state != State::failed) {
            return succeed(target, *report);
        }
        const bool may_be_refused = ending != Ending::open;
        const Error error = believed(report->error.value_or(no_report()), may_be_refused);
        const bool is_gone = may_be_refused && report->outcome == Outcome::user_not_found;
        if (sent && !is_refusal(error) && !is_gone) {
            return lose(target, error);
        }
        fail(target, error, report->outcome);
        merge(target, report->result_metadata);
    }

    base::Task<void> poll() {
        Batch part = batch_;
        std::erase_if(part.targets, [](const Target& target) { return !is_open(target.state); });
        const auto actor = present_actor();
        const auto reports = co_await actor->poll(part, in_.tasks.token());
        if (!reports) {
            co_return Result<void>();  // nothing learnt: the pause before the next poll grows
        }
        Positions changed, again;
        for (const Target& polled : part.targets) {
            Target& target = at(polled.position);
            const auto report = std::ranges::find(*reports, target.provider_id, &Report::provider_id);
            if (report == reports->end()) {
                continue;
            }
            if (shall_repeat(target, *report)) {
                again.push_back(target.position);
            } else if (judge_polled(target, *report)) {
                changed.push_back(target.position);
            }
        }
        CO_TRY_VOID(co_await record(std::move(changed)));
        co_return co_await repeat(std::move(again));
    }

    // When a read-back without a trace is believed: a provider that let a call wait so long without an answer may act as
    // late again.
    std::chrono::steady_clock::time_point patience_after(std::chrono::steady_clock::time_point began) const {
        const auto now = in_.timing.steady();
        return now + std::max<std::chrono::steady_clock::duration>(in_.timing.settle_after, now - began);
    }

    bool may_still_act() const { return in_.timing.steady() < believed_from_; }

    // INTERFACES.md 1: only if the read-back proves that it did not act and the manifest says idempotent.
    bool shall_repeat(const Target& target, const Report& report) const {
        return target.state == State::sent && report.state == State::failed && report.error &&
               says_not_done(*report.error) && !may_still_act() && target.attempts < kMostAttempts &&
               !is_refusal(lost(target)) && present_actor()->may_repeat(batch_);
    }

    // Whether the target changed.
    bool judge_polled(Target& target, const Report& report) {
        if (report.state != State::failed) {
            const State before = target.state;
            const auto continuation = target.continuation;
            succeed(target, report);
            return target.state != before || target.continuation != continuation;
        }
        const Error error = report.error.value_or(not_confirmed());
        const bool no_trace = says_not_done(error);
        if ((no_trace && may_still_act()) || (!no_trace && is_transient(error))) {
            return false;
        }
        const bool was_lost = target.state == State::sent;
        fail(target, was_lost && no_trace ? did_not_act(lost(target)) : error, report.outcome);
        merge(target, report.result_metadata);
        return true;
    }

    base::Task<void> repeat(Positions positions) {
        if (positions.empty()) {
            co_return Result<void>();
        }
        Batch part = batch_;
        std::erase_if(part.targets, [&](const Target& target) {
            return std::ranges::find(positions, target.position) == positions.end();
        });
        co_return co_await send(std::move(part));
    }

    // A target that was sent and cannot be read back is unknown at once.
    base::Task<void> give_up_unreadable() {
        Positions changed;
        if (!present_actor()->can_read_back(batch_)) {
            for (Target& target : batch_.targets) {
                if (target.state == State::sent) {
                    set_unknown(target);
                    changed.push_back(target.position);
                }
            }
        }
        co_return co_await record(std::move(changed));
    }

    base::Task<void> give_up() {
        Positions changed;
        for (Target& target : batch_.targets) {
            if (is_open(target.state)) {
                set_unknown(target);
                changed.push_back(target.position);
            }
        }
        co_return co_await record(std::move(changed));
    }

    // Writes until the store takes it; the provider has acted, so the outcome must not be dropped.
    base::Task<void> record(Positions positions) {
        if (positions.empty()) {
            co_return Result<void>();
        }
        Batch part = batch_;
        std::erase_if(part.targets, [&](const Target& target) {
            return std::ranges::find(positions, target.position) == positions.end();
        });
        while (true) {
            auto final = co_await in_.ledger.record(part);
            if (final) {
                wake(*final);
                co_return Result<void>();
            }
            if (final.error()->key != "store_unavailable" && final.error()->key != "audit_unavailable") {
                co_return std::move(final).error();
            }
            CO_TRY_VOID(co_await in_.tasks.pause(in_.timing.store_retry));
        }
    }

    void wake(const std::vector<store::RequestName>& final) {
        for (const store::RequestName& request : final) {
            in_.waiters.wake(request.id);
        }
    }

    void succeed(Target& target, const Report& report) {
        target.state = report.state;
        target.outcome = report.outcome;
        target.error = nullptr;
        if (report.continuation) {
            target.continuation = report.continuation;
        }
        if (report.state == State::confirmed) {
            target.changed = report.changed.value_or(true);
        } else if (report.poll_after) {
            hint_ = std::min(hint_.value_or(*report.poll_after), *report.poll_after);
        }
        merge(target, report.result_metadata);
        lost_.erase(target.position);
    }

    void fail(Target& target, const Error& error, std::optional<Outcome> outcome = std::nullopt) {
        target.state = State::failed;
        target.error = error_value(error);
        if (batch_.kind == Kind::revocation) {
            target.outcome = error->key == "user_not_found" ? Outcome::user_not_found
                                                            : outcome.value_or(Outcome::failed);
        }
    }

    void lose(Target& target, const Error& error) {
        target.state = State::sent;
        target.continuation.reset();
        lost_.insert_or_assign(target.position, error);
        log::warn("order_answer_lost", {{"request_id", batch_.request.str()},
                                        {"connector", batch_.connector.str()},
                                        {"key", error->key},
                                        {"detail", error->detail}});
    }

    Error lost(const Target& target) const {
        const auto found = lost_.find(target.position);
        return found == lost_.end() ? no_answer() : found->second;
    }

    static void set_unknown(Target& target) {
        target.state = State::unknown;
        target.error = error_value(not_confirmed());
    }

    static void merge(Target& target, const json::Object& metadata) {
        for (const auto& member : metadata) {
            target.result_metadata.insert_or_assign(member.key(), member.value());
        }
    }

    const Settling in_;
    Batch batch_;
    PollSchedule schedule_;
    // DU-06: settle_until by the clock as it was when this process took the order up.
    const std::chrono::steady_clock::time_point give_up_at_;
    std::chrono::steady_clock::time_point believed_from_;  // "no trace of it"; moves with each call that acts
    std::optional<Millis> hint_;               // of the last answers
    std::map<std::int64_t, Error> lost_;  // position -> how the answer was lost
};

}  // namespace

base::Task<void> settle_new(Settling settling, Batch batch) {
    Settlement settlement(settling, std::move(batch));
    CO_TRY_VOID(co_await settlement.act());
    co_return co_await settlement.follow();
}

base::Task<void> settle_after_restart(Settling settling, Batch batch) {
    Settlement settlement(settling, std::move(batch));
    CO_TRY_VOID(co_await settlement.check_intents());
    CO_TRY_VOID(co_await settlement.act());
    co_return co_await settlement.follow();
}

}  // namespace quell::orders
