// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/runner/call.hpp"

#include <cstring>

#include "plugins/runner/abi_tables.hpp"

using quell::plugins::FrameType;
using quell::plugins::view;
using quell::runner::HttpAnswer;
using quell::runner::Json;

namespace {

constexpr std::size_t kMaxMessage = 2048;

std::int64_t unix_now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

Json failure_head(std::int32_t status, std::string_view message, const quell_error* more) {
    Json head = {{"status", status}, {"message", message.substr(0, kMaxMessage)}};
    if (more != nullptr && QUELL_HAS(more, quell_error, http_status)) {
        head["provider_code"] = view(more->provider_code).substr(0, 128);
        head["retry_after_ms"] = more->retry_after_ms;
        head["http_status"] = more->http_status;
    }
    return head;
}

}  // namespace

quell_call::quell_call(quell::runner::Channel& to, const Json& head)
    : channel(to),
      id(head.at("call").get<std::uint64_t>()),
      deadline_unix_ms(head.at("deadline").get<std::int64_t>()),
      read_only(head.value("read_only", true)),
      request_id(head.value("request_id", "")),
      deadline_(Clock::now() + std::chrono::milliseconds(deadline_unix_ms - unix_now_ms())) {}

void quell_call::conclude(FrameType type, Json head, std::string_view body) {
    const std::lock_guard lock(mutex_);
    if (outcome_) {
        second_ = true;  // abi.h: a second one is ignored and recorded against the plugin
        return;
    }
    outcome_ = type;
    outcome_head_ = std::move(head);
    outcome_body_ = body;
}

void quell_call::reply(std::string_view json) {
    const bool too_large = json.size() > quell::plugins::kMaxBody;
    conclude(FrameType::reply, too_large ? Json{{"too_large", true}} : Json::object(), too_large ? "" : json);
}

void quell_call::reply_secret(std::string_view bytes) {
    const bool too_large = bytes.size() > quell::plugins::kMaxBody;
    conclude(FrameType::reply_secret, too_large ? Json{{"too_large", true}} : Json::object(), too_large ? "" : bytes);
}

void quell_call::fail(std::int32_t status, std::string_view message, const quell_error* more) {
    conclude(FrameType::fail, failure_head(status, message, more), {});
}

bool quell_call::is_over() {
    const std::lock_guard lock(mutex_);
    return cancelled_ || Clock::now() >= deadline_;
}

std::int32_t quell_call::sleep(std::chrono::milliseconds duration) {
    const auto now = Clock::now();
    // min first: a duration near the type's end must not overflow the time point.
    const auto until = duration < deadline_ - now ? now + duration : deadline_;
    std::unique_lock lock(mutex_);
    if (changed_.wait_until(lock, until, [this] { return cancelled_; })) {
        return QUELL_CANCELLED;
    }
    return Clock::now() >= deadline_ ? QUELL_DEADLINE_EXCEEDED : QUELL_OK;
}

std::optional<HttpAnswer> quell_call::http(const Json& head, std::string_view body) {
    if (!channel.send(FrameType::http_request, head, body)) {
        return std::nullopt;
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return answer_.has_value(); });
    std::optional<HttpAnswer> taken;
    taken.swap(answer_);
    return taken;
}

void quell_call::cancel() {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    changed_.notify_all();
}

void quell_call::answer(HttpAnswer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
    changed_.notify_all();
}

bool quell_call::has_outcome() {
    const std::lock_guard lock(mutex_);
    return outcome_.has_value();
}

void quell_call::finish() {
    if (!has_outcome()) {
        fail(QUELL_INTERNAL, "The plugin ended the call without a result.");
    }
    const std::lock_guard lock(mutex_);
    outcome_head_["call"] = id;
    if (second_) {
        outcome_head_["second"] = true;
    }
    channel.send(*outcome_, outcome_head_, outcome_body_);
    if (*outcome_ == FrameType::reply_secret) {
        explicit_bzero(outcome_body_.data(), outcome_body_.size());
    }
}

namespace quell::runner {

void Calls::add(quell_call& call) {
    const std::lock_guard lock(mutex_);
    calls_[call.id] = &call;
}

void Calls::remove(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    calls_.erase(id);
}

void Calls::cancel(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    if (const auto found = calls_.find(id); found != calls_.end()) {
        found->second->cancel();
    }
}

void Calls::answer(std::uint64_t id, HttpAnswer answer) {
    const std::lock_guard lock(mutex_);
    if (const auto found = calls_.find(id); found != calls_.end()) {
        found->second->answer(std::move(answer));
    }
}

}  // namespace quell::runner
