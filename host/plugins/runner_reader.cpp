// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// The reader thread of RunnerProcess: what arrives from the runner, until it ends.

#include <poll.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstring>

#include "json/parse.hpp"
#include "json/read.hpp"
#include "plugins/instance.hpp"
#include "plugins/mcp_event.hpp"
#include "plugins/runner_process.hpp"

namespace quell::plugins {
namespace {

constexpr std::size_t kMaxOutputLine = 8 * 1024;
constexpr std::size_t kKeptOutput = 8 * 1024;

std::string how_it_ended(const siginfo_t& info) {
    if (info.si_code == CLD_EXITED) {
        return "exit code " + std::to_string(info.si_status);
    }
    const char* name = ::sigabbrev_np(info.si_status);
    return name != nullptr ? std::string("signal SIG") + name : "signal " + std::to_string(info.si_status);
}

std::optional<std::uint64_t> read_id(const json::Object& head, std::string_view name) {
    const auto id = json::integer_member(head, name);
    return id && *id >= 0 ? std::optional(static_cast<std::uint64_t>(*id)) : std::nullopt;
}

std::string_view text_or_empty(const json::Object& head, std::string_view name) {
    const auto text = json::optional_string(head, name);
    return text && *text ? **text : std::string_view();
}

}  // namespace

void RunnerProcess::read_until_end() {
    if (const char* violation = read_frames()) {
        kill(std::string("it broke the protocol: ") + violation);
    }
    kill("it was killed from outside, or closed its connection");  // most often it has ended by itself
    reap();
}

const char* RunnerProcess::read_frames() {
    Frame frame;
    for (;;) {
        switch (reader_.next(frame)) {
            case FrameReader::Status::frame:
                if (const char* violation = take(frame)) {
                    return violation;
                }
                if (frame.type == FrameType::reply_secret) {
                    reader_.wipe_taken();
                }
                break;
            case FrameReader::Status::malformed:
                return "a frame's size or type is not allowed";
            default:
                if (!wait_for_input()) {
                    return nullptr;
                }
        }
    }
}

// Reads the log pipe as it comes; true when the socket has given more bytes, false at its end.
bool RunnerProcess::wait_for_input() {
    for (;;) {
        std::array<pollfd, 2> ends = {pollfd{socket_.get(), POLLIN, 0}, pollfd{output_.get(), POLLIN, 0}};
        if (::poll(ends.data(), ends.size(), -1) < 0 && errno != EINTR) {
            return false;
        }
        if (ends[1].revents != 0) {
            read_output();
        }
        if (ends[0].revents != 0) {
            return reader_.fill();
        }
    }
}

void RunnerProcess::read_output() {
    std::array<char, 4096> bytes;
    ssize_t count = 0;
    while ((count = ::read(output_.get(), bytes.data(), bytes.size())) > 0) {
        output_end_.append(bytes.data(), static_cast<std::size_t>(count));
        if (output_end_.size() > kKeptOutput) {
            output_end_.erase(0, output_end_.size() - kKeptOutput);
        }
        for (const char c : std::string_view(bytes.data(), static_cast<std::size_t>(count))) {
            if (c != '\n' && output_line_.size() < kMaxOutputLine) {
                output_line_ += c;
            } else if (!output_line_.empty()) {
                log_.output(output_line_);
                output_line_.clear();
            }
        }
    }
    if (count == 0) {
        output_.reset();  // poll ignores it from now on
    }
}

const char* RunnerProcess::take(const Frame& frame) {
    auto head = json::parse(frame.head, {.bytes = kMaxHead, .depth = 4, .values = 4000});
    if (!head || !head->is_object()) {
        return "a frame's head is not a JSON object";
    }
    if (frame.type == FrameType::hello) {
        return take_hello(frame, head->get_object());
    }
    if (state() != State::ready) {
        return "a frame came before the hello";
    }
    if (frame.type == FrameType::log) {
        return take_log(head->get_object());
    }
    if (frame.type == FrameType::notify) {
        return take_event(frame, head->get_object());
    }
    return deliver(frame, std::move(head->get_object()));
}

const char* RunnerProcess::take_hello(const Frame& frame, const json::Object& head) {
    const std::lock_guard lock(mutex_);
    if (state_ != State::starting) {
        return "a second hello";
    }
    if (const auto sandbox = json::optional_object(head, "sandbox"); sandbox && *sandbox != nullptr) {
        sandbox_ = **sandbox;
    }
    if (head.contains("error")) {
        reason_ = presentable(text_or_empty(head, "error"));
        state_ = State::refused;
    } else if (frame.body != setup_.manifest) {
        reason_ = "its table holds another manifest than its file";
        state_ = State::refused;
    } else {
        state_ = State::ready;
    }
    if (state_ == State::refused) {
        log::error("plugin_not_loaded", {{"plugin", setup_.plugin.str()}, {"reason", reason_}});
    }
    changed_.notify_all();
    return nullptr;
}

const char* RunnerProcess::take_log(const json::Object& head) {
    const auto level = json::integer_member(head, "level");
    const auto message = json::string_member(head, "message");
    if (!level || !message) {
        return "a log line without level or message";
    }
    PluginLog::Line line;
    line.level = static_cast<std::int32_t>(*level);
    line.message = *message;
    line.fields = text_or_empty(head, "fields");
    std::string request_id;
    const std::lock_guard lock(mutex_);
    // A line may come when its call has just ended; it then stands without tenant and request.
    const auto found = conversations_.find(read_id(head, "call").value_or(0));
    if (found != conversations_.end()) {
        line.instance = &found->second->call->instance;
        line.request_id = found->second->call->options.request_id;
        line.trace_id = found->second->call->options.trace.trace_id();
    }
    log_.write(line);
    return nullptr;
}

const char* RunnerProcess::take_event(const Frame& frame, const json::Object& head) {
    const auto instance = read_id(head, "instance");
    if (!instance || frame.body.size() > kMaxEvent) {
        return "an event without instance, or one that is too large";
    }
    {
        const std::lock_guard lock(mutex_);
        // Its call may just have ended; then it is the instance's alone.
        const auto found = conversations_.find(read_id(head, "call").value_or(0));
        if (found != conversations_.end()) {
            Call& call = *found->second->call;
            tell(call.instance, &call, frame.body);
            return nullptr;
        }
    }
    if (setup_.notified) {
        setup_.notified(*instance, frame.body);
    }
    return nullptr;
}

const char* RunnerProcess::deliver(const Frame& frame, json::Object head) {
    const auto id = read_id(head, "call");
    const std::lock_guard lock(mutex_);
    const auto found = id ? conversations_.find(*id) : conversations_.end();
    if (found == conversations_.end()) {
        return "a frame for a call that is not in progress";
    }
    Conversation& conversation = *found->second;
    const bool ends_create = frame.type == FrameType::created;
    const bool ends_call = frame.type == FrameType::reply || frame.type == FrameType::reply_secret;
    const bool either = frame.type == FrameType::fail || frame.type == FrameType::http_request;
    if (!either && !(conversation.creating ? ends_create : ends_call)) {
        return "a frame of a type that does not belong there";
    }
    if (conversation.message) {
        return "a second frame before the first was answered";
    }
    conversation.message = Message{frame.type, std::move(head), std::string(frame.body)};
    conversation.changed.notify_all();
    return nullptr;
}

// Nothing where the host wanted it, or where the plugin was never loaded.
std::optional<Crash> RunnerProcess::describe_end(const siginfo_t& info) {
    const std::lock_guard lock(mutex_);
    if (state_ == State::refused) {
        return std::nullopt;
    }
    const bool by_host = info.si_code != CLD_EXITED && info.si_status == SIGKILL && !kill_reason_.empty();
    reason_ = by_host ? kill_reason_ : how_it_ended(info);
    if (stopping_) {
        return std::nullopt;
    }
    log::warn("plugin_runner_ended", {{"plugin", setup_.plugin.str()},
                                      {"pid", pid_},
                                      {"reason", reason_},
                                      {"calls_in_flight", conversations_.size()}});
    return Crash{.at = wall_now(),
                 .pid = pid_,
                 .reason = reason_,
                 .output = readable_end(output_end_),
                 .calls_in_flight = conversations_.size()};
}

void RunnerProcess::reap() {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
    read_output();
    if (!output_line_.empty()) {
        log_.output(output_line_);
    }
    // Before anybody sees the end: who then wants another process must find the crash counted.
    if (auto crash = describe_end(info)) {
        setup_.crashes->note(std::move(*crash));
    }
    const std::lock_guard lock(mutex_);
    ::waitpid(pid_, nullptr, 0);  // under the lock, so that nobody signals the id's next owner
    reaped_ = true;
    state_ = state_ == State::refused ? State::refused : State::ended;
    ended_at_ = std::chrono::steady_clock::now();
    changed_.notify_all();
    for (const auto& [id, conversation] : conversations_) {
        conversation->changed.notify_all();
    }
}

}  // namespace quell::plugins
