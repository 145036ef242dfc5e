// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/runner_process.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <csignal>

#include "json/serialize.hpp"
#include "plugins/http_service.hpp"
#include "plugins/instance.hpp"

namespace quell::plugins {
namespace {

constexpr std::chrono::milliseconds kPoliteStop{500};

Failure read_failure(const json::Object& head) {
    const auto text = [&](std::string_view name) {
        const json::Value* value = head.if_contains(name);
        return value == nullptr ? std::string() : std::string(json::text(*value));
    };
    const auto number = [&](std::string_view name, std::int64_t otherwise) {
        const json::Value* value = head.if_contains(name);
        return value != nullptr && value->is_int64() ? value->get_int64() : otherwise;
    };
    return {.status = read_status(static_cast<std::int32_t>(number("status", 0))),
            .message = text("message"),
            .provider_code = text("provider_code"),
            .retry_after_ms = number("retry_after_ms", -1),
            .http_status = static_cast<int>(number("http_status", 0))};
}

}  // namespace

RunnerProcess::RunnerProcess(SpawnedRunner spawned, Setup setup, PluginLog& log)
    : pid_(spawned.pid),
      setup_(std::move(setup)),
      socket_(std::move(spawned.socket)),
      output_(std::move(spawned.output)),
      log_(log),
      writer_(socket_.get()),
      reader_(socket_.get()) {
    ::fcntl(output_.get(), F_SETFL, O_NONBLOCK);
    thread_ = std::thread([this] { read_until_end(); });
}

RunnerProcess::~RunnerProcess() {
    kill("the host has no more use for it");
    thread_.join();
}

RunnerProcess::State RunnerProcess::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

std::string RunnerProcess::reason() const {
    const std::lock_guard lock(mutex_);
    return reason_;
}

json::Object RunnerProcess::sandbox() const {
    const std::lock_guard lock(mutex_);
    return sandbox_;
}

std::chrono::steady_clock::time_point RunnerProcess::ended_at() const {
    const std::lock_guard lock(mutex_);
    return ended_at_;
}

bool RunnerProcess::wait_until_ready(Deadline until) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, until, [this] { return state_ != State::starting; });
    if (state_ == State::starting) {
        lock.unlock();
        kill("it did not say hello in time");
        return false;
    }
    return state_ == State::ready;
}

Outcome RunnerProcess::create(Call& call) {
    Conversation conversation;
    conversation.call = &call;
    conversation.creating = true;
    json::Object head;
    head["instance"] = call.instance.id;
    return converse(conversation, FrameType::create, std::move(head), call.instance.config);
}

Outcome RunnerProcess::run(Call& call) {
    Conversation conversation;
    conversation.call = &call;
    json::Object head;
    head["instance"] = call.instance.id;
    head["capability"] = call.capability;
    head["method"] = call.method;
    head["read_only"] = call.options.read_only;
    return converse(conversation, FrameType::call, std::move(head), call.request.reveal());
}

Outcome RunnerProcess::converse(Conversation& conversation, FrameType type, json::Object head, std::string_view body) {
    std::uint64_t id = 0;
    {
        const std::lock_guard lock(mutex_);
        id = next_id_++;
        conversations_[id] = &conversation;
    }
    head["call"] = id;
    head["deadline"] = conversation.call->deadline_unix_ms;
    head["request_id"] = conversation.call->options.request_id;
    // A runner that is gone is seen by listen(), too.
    const bool fits = body.size() <= kMaxBody && (writer_.send(type, json::serialize(head), body) || true);
    Outcome outcome = fits ? listen(conversation, id)
                           : Outcome{.kind = Outcome::Kind::bad_result, .text = "the request is larger than 8 MiB"};
    const std::lock_guard lock(mutex_);
    conversations_.erase(id);
    return outcome;
}

std::optional<RunnerProcess::Message> RunnerProcess::next_message(Conversation& conversation, std::uint64_t id,
                                                                  bool& cancel_sent) {
    const Call& call = *conversation.call;
    const auto arrived = [&] { return conversation.message || reaped_; };
    std::unique_lock lock(mutex_);
    while (!arrived()) {
        if (cancel_sent) {
            conversation.changed.wait(lock, arrived);
        } else if (!conversation.changed.wait(lock, call.token(), arrived)) {
            cancel_sent = true;
            lock.unlock();
            writer_.send(FrameType::cancel, json::serialize(json::Object{{"call", id}}));
            lock.lock();
        }
    }
    return std::exchange(conversation.message, std::nullopt);
}

Outcome RunnerProcess::listen(Conversation& conversation, std::uint64_t id) {
    bool cancel_sent = false;
    for (;;) {
        auto message = next_message(conversation, id, cancel_sent);
        if (!message) {
            return Outcome::lost("The plugin's process ended during the call.");
        }
        if (message->type == FrameType::http_request) {
            if (!answer_http(conversation, id, std::move(*message))) {
                kill("it sent a malformed HTTP request");
            }
            continue;
        }
        Outcome outcome;
        outcome.second = message->head.contains("second");
        if (message->type == FrameType::fail) {
            outcome.kind = conversation.creating ? Outcome::Kind::not_created : Outcome::Kind::failure;
            outcome.failure = read_failure(message->head);
        } else if (message->head.contains("too_large")) {
            outcome.kind = Outcome::Kind::bad_result;
            outcome.text = "the reply is larger than 8 MiB";
        } else {
            outcome.kind =
                message->type == FrameType::reply_secret ? Outcome::Kind::secret : Outcome::Kind::reply;
            outcome.text = std::move(message->body);
        }
        return outcome;
    }
}

bool RunnerProcess::answer_http(Conversation& conversation, std::uint64_t id, Message message) {
    auto request = read_http_request(message.head, std::move(message.body));
    if (!request) {
        return false;
    }
    Call& call = *conversation.call;
    const auto response = perform_http(call, std::move(*request), conversation.creating || call.options.read_only);
    json::Object head = response ? response_head(*response) : error_head(response.error());
    head["call"] = id;
    if (writer_.send(FrameType::http_response, json::serialize(head), response ? response->body : "")) {
        return true;
    }
    // Either the runner is gone, or the answer's headers fill more than a head may hold.
    json::Object refusal = error_head(Error(Code::data_loss, "plugin_error", "The headers of the answer are larger than allowed."));
    refusal["call"] = id;
    writer_.send(FrameType::http_response, json::serialize(refusal));
    return true;
}

void RunnerProcess::kill(std::string why) {
    const std::lock_guard lock(mutex_);
    if (!reaped_) {
        if (kill_reason_.empty()) {
            kill_reason_ = std::move(why);
        }
        ::kill(pid_, SIGKILL);
        ::shutdown(socket_.get(), SHUT_RDWR);  // wakes the reader whoever else may hold the other end
    }
}

void RunnerProcess::kill_if_running(const Call& call) {
    {
        const std::lock_guard lock(mutex_);
        const bool runs = std::any_of(conversations_.begin(), conversations_.end(),
                                      [&](const auto& entry) { return entry.second->call == &call; });
        if (!runs) {
            return;
        }
    }
    kill("a call did not end in time");
}

void RunnerProcess::stop(const std::vector<std::uint64_t>& instances) {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    for (const std::uint64_t instance : instances) {
        writer_.send(FrameType::destroy, json::serialize(json::Object{{"instance", instance}}));
    }
    ::shutdown(socket_.get(), SHUT_WR);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPoliteStop, [this] { return reaped_; });
}

}  // namespace quell::plugins
