// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/bridge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "json/parse.hpp"

namespace quell::cli {
namespace {

using egress::Header;
using egress::HttpRequest;

constexpr std::size_t kMostCalls = 64;
constexpr std::size_t kMostBody = std::size_t{16} << 20;
constexpr int kMostResumptions = 10;
constexpr std::chrono::milliseconds kRetry{1'000};
// What stdin waits for: nothing else is read meanwhile.
constexpr std::chrono::seconds kOneWayWithin{5};
constexpr std::chrono::seconds kInitializeWithin{60};
constexpr std::chrono::seconds kListWithin{10};

std::string_view find(const std::vector<Header>& headers, std::string_view name) {
    const auto found = std::ranges::find(headers, name, &Header::name);
    return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

bool is_json(std::string_view text) {
    return json::parse(text, {.bytes = kMostBody, .depth = 64, .values = 1'000'000}).has_value();
}

bool is_success(int status) {
    return status >= 200 && status < 300;
}

std::chrono::seconds longest(const BridgeMessage& message) {
    if (!message.is_request()) {
        return kOneWayWithin;
    }
    return message.method == "initialize" ? kInitializeWithin : std::chrono::seconds(0);
}

std::string explain(int status) {
    switch (status) {
        case 401:
            return "The Quell host does not take this API key: it is unknown, expired, deleted, or not for this "
                   "address. Ask an administrator for a new one.";
        case 403:
            return "The Quell host refuses this request.";
        case 404:
            return "The Quell host knows no such session or address. Restart this server; if that does not help, "
                   "check --url.";
        case 429:
        case 503:
            return "The Quell host is busy or stopping. Try again.";
        default:
            return fmt::format("The Quell host answered with HTTP {}.", status);
    }
}

// An answer, and not one of the server's own requests, belongs to the call with that id.
bool answers(const BridgeMessage& message, const std::string& id) {
    return message.method.empty() && !id.empty() && message.id == id;
}

}  // namespace

void Bridge::take(std::string_view line) {
    reap();
    auto message = BridgeMessage::parse(line);
    if (!message) {
        say(error_answer({}, -32700, "This line is not a JSON object."));
        return;
    }
    // Over HTTP a stateless call is cancelled by closing its stream; there is nothing more to tell.
    if (!message->cancels.empty() && cancel(message->cancels)) {
        return;
    }
    if (message->is_request() && message->method != "initialize") {
        start(*std::move(message));
        return;
    }
    exchange(*message, std::stop_token());
    if (message->method == "notifications/initialized" && !session().empty()) {
        std::jthread next([this](const std::stop_token& stop) { listen(stop); });
        const std::jthread previous = std::exchange(listener_, std::move(next));
    }
}

void Bridge::start(BridgeMessage message) {
    std::unique_lock lock(mutex_);
    if (calls_.size() >= kMostCalls) {
        lock.unlock();
        fail(message, 429, "Too many calls are under way.");
        return;
    }
    Call& call = calls_.emplace_back();
    call.message = std::move(message);
    call.thread = std::jthread([this, &call](const std::stop_token& stop) {
        exchange(call.message, stop);
        const std::lock_guard done(mutex_);
        call.done = true;
        changed_.notify_all();
    });
}

// True if there was such a call of the stateless era.
bool Bridge::cancel(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto call = std::ranges::find_if(
        calls_, [&](const Call& one) { return one.message.id == id && one.message.is_stateless(); });
    return call != calls_.end() && call->thread.request_stop();
}

void Bridge::reap() {
    std::list<Call> ended;
    const std::lock_guard lock(mutex_);
    for (auto call = calls_.begin(); call != calls_.end();) {
        const auto next = std::next(call);
        if (call->done) {
            ended.splice(ended.end(), calls_, call);
        }
        call = next;
    }
}

void Bridge::finish(std::chrono::seconds patience) {
    const std::string session_id = session();
    {
        std::unique_lock lock(mutex_);
        listener_.request_stop();
        for (Call& call : calls_) {
            if (call.message.method == "subscriptions/listen") {
                call.thread.request_stop();
            }
        }
        changed_.wait_for(lock, patience, [this] { return std::ranges::all_of(calls_, &Call::done); });
        for (Call& call : calls_) {
            call.thread.request_stop();
        }
        changed_.wait(lock, [this] { return std::ranges::all_of(calls_, &Call::done); });
    }
    reap();
    listener_ = {};
    if (!session_id.empty()) {
        // MCP 2025-11-25, transports: a client that leaves ends its session; the host may answer as it likes.
        static_cast<void>(send(in_session("DELETE", {}), {}, std::stop_token(), kOneWayWithin));
        const std::lock_guard lock(mutex_);
        session_.clear();
    }
}

void Bridge::exchange(const BridgeMessage& message, const std::stop_token& stop) {
    if (message.is_stateless() && message.method == "tools/call" && !tools_.has_learned()) {
        learn_tools(message, stop);
    }
    auto outcome = send(post(message), message.is_request() ? message.id : std::string(), stop, longest(message));
    if (stop.stop_requested()) {
        return;  // nobody waits for an answer
    }
    if (!outcome) {
        fail(message, 503, "The Quell host cannot be reached: " + outcome.error()->message);
        return;
    }
    remember(message, *outcome);
    settle(message, *outcome);
    if (message.is_request() && outcome->is_stream && !outcome->was_answered &&
        !resume(message, *std::move(outcome), stop) && !stop.stop_requested()) {
        fail(message, 502, "The Quell host ended the stream without an answer.");
    }
}

// For a client that calls without having listed. What fails here is told by the call itself.
void Bridge::learn_tools(const BridgeMessage& call, const std::stop_token& stop) {
    const BridgeMessage list = list_request_for(call);
    if (const auto outcome = send(post(list), list.id, stop, kListWithin); outcome && !outcome->is_stream) {
        tools_.learn(outcome->answer.body);
    }
}

// MCP 2025-11-25, transports: a stream may end early, and goes on where the client asks for what follows the last
// event. False: there is no answer to be had.
bool Bridge::resume(const BridgeMessage& message, Outcome outcome, const std::stop_token& stop) {
    for (int tries = 0; tries < kMostResumptions && !message.is_stateless() && !outcome.last_id.empty(); ++tries) {
        if (wait(outcome.retry.value_or(kRetry), stop)) {
            return false;
        }
        auto next = send(in_session("GET", outcome.last_id), message.id, stop);
        if (!next) {
            continue;
        }
        if (next->was_answered) {
            return true;
        }
        if (!next->is_stream) {
            return false;
        }
        if (!next->last_id.empty()) {
            outcome.last_id = next->last_id;
        }
        outcome.retry = next->retry;
    }
    return false;
}

// What the host says by itself (MCP 2025-11-25, transports: the GET stream), until it offers no such stream.
void Bridge::listen(const std::stop_token& stop) {
    std::string last_id;
    std::chrono::milliseconds pause{0};
    while (!wait(pause, stop)) {
        auto outcome = send(in_session("GET", last_id), {}, stop);
        const bool is_offered = !outcome || outcome->is_stream || outcome->answer.status >= 500;
        if (!is_offered) {
            return;
        }
        pause = outcome ? outcome->retry.value_or(kRetry) : std::min(std::max(pause * 2, kRetry), kRetry * 60);
        if (outcome && !outcome->last_id.empty()) {
            last_id = outcome->last_id;
        }
    }
}

Result<Bridge::Outcome> Bridge::send(HttpRequest request, const std::string& id, const std::stop_token& stop,
                                     std::chrono::seconds within) {
    Outcome outcome;
    egress::EventStream events([&](std::string_view data) {
        const auto message = BridgeMessage::parse(data);
        if (!message) {
            note("The host sent an event that is no JSON object.");
            return;
        }
        outcome.was_answered = outcome.was_answered || answers(*message, id);
        say(data);
    });
    const egress::LiveRequest live(std::move(request), options_.ca_file, within);
    const auto on_head = [&](const egress::HttpResponse& head) {
        outcome.answer = head;
        outcome.is_stream =
            is_success(head.status) && find(head.headers, "content-type").starts_with("text/event-stream");
    };
    const auto on_bytes = [&](std::string_view bytes) {
        if (outcome.is_stream) {
            return events.feed(bytes);
        }
        outcome.answer.body += bytes;
        return outcome.answer.body.size() <= kMostBody;
    };
    const Result<void> performed = live.perform({on_head, on_bytes}, stop);
    outcome.last_id = events.last_id();
    outcome.retry = events.retry();
    // A stream that broke off counts as one that ended: what it brought has been forwarded.
    return performed || outcome.is_stream ? Result<Outcome>(std::move(outcome)) : Result<Outcome>(performed.error());
}

// The host's own words where it has some for the client, even if they are an error.
void Bridge::settle(const BridgeMessage& message, const Outcome& outcome) {
    if (outcome.is_stream) {
        return;
    }
    const int status = outcome.answer.status;
    const std::string& body = outcome.answer.body;
    const bool is_rpc = find(outcome.answer.headers, "content-type").starts_with("application/json") &&
                        body.find("\"jsonrpc\"") != std::string::npos && is_json(body);
    if (is_rpc && message.is_request()) {
        heed(message, body);
        say(body);
    } else if (message.is_request()) {
        fail(message, is_success(status) ? 502 : status, explain(status));
    } else if (!is_success(status)) {
        note(fmt::format("{}: {}", message.method.empty() ? "answer" : message.method, explain(status)));
    }
}

// What the host's answer says about the headers of calls to come.
void Bridge::heed(const BridgeMessage& message, std::string_view answer) {
    if (message.method == "tools/list") {
        tools_.learn(answer);
    } else if (answer.find(R"("code":-32020)") != std::string_view::npos) {  // MCP 2026-07-28: HeaderMismatch
        tools_.forget();
    }
}

void Bridge::remember(const BridgeMessage& message, const Outcome& outcome) {
    if (message.method != "initialize" || !is_success(outcome.answer.status)) {
        return;
    }
    const auto document = json::parse(outcome.answer.body);
    const json::Object* answer = document ? document->if_object() : nullptr;
    const json::Value* result = answer == nullptr ? nullptr : answer->if_contains("result");
    const json::Value* version =
        result == nullptr || !result->is_object() ? nullptr : result->get_object().if_contains("protocolVersion");
    const std::lock_guard lock(mutex_);
    session_ = find(outcome.answer.headers, "mcp-session-id");
    version_ = version == nullptr ? std::string_view() : json::text(*version);
}

void Bridge::fail(const BridgeMessage& message, int code, std::string_view why) {
    note(fmt::format("{}: {}", message.method, why));
    if (message.is_request()) {
        say(error_answer(message.id, code, why));
    }
}

void Bridge::say(std::string_view line) {
    const std::lock_guard lock(saying_);
    to_client_(on_one_line(line));
}

void Bridge::note(std::string_view text) {
    const std::lock_guard lock(saying_);
    log_(text);
}

HttpRequest Bridge::post(const BridgeMessage& message) {
    HttpRequest request = in_session("POST", {});
    request.headers.push_back({"Content-Type", "application/json"});
    if (message.is_stateless()) {
        std::erase_if(request.headers, [](const Header& header) { return header.name.starts_with("Mcp-"); });
        request.headers.push_back({"Mcp-Protocol-Version", message.version.empty() ? "2026-07-28" : message.version});
        request.headers.push_back({"Mcp-Method", header_value(message.method)});
        if (!message.name.empty()) {
            request.headers.push_back({"Mcp-Name", header_value(message.name)});
        }
        std::ranges::move(tools_.headers_for(message), std::back_inserter(request.headers));
    }
    request.body = message.text;
    return request;
}

HttpRequest Bridge::in_session(std::string method, const std::string& last_id) {
    const std::lock_guard lock(mutex_);
    HttpRequest request{.method = std::move(method), .url = options_.url};
    const bool asks_for_stream = request.method == "GET";
    request.headers = {
        {"Authorization", "Key " + options_.api_key},
        {"Accept", asks_for_stream ? "text/event-stream" : "application/json, text/event-stream"}};
    if (!version_.empty()) {
        request.headers.push_back({"Mcp-Protocol-Version", version_});
    }
    if (!session_.empty()) {
        request.headers.push_back({"Mcp-Session-Id", session_});
    }
    if (!last_id.empty()) {
        request.headers.push_back({"Last-Event-ID", last_id});
    }
    return request;
}

std::string Bridge::session() {
    const std::lock_guard lock(mutex_);
    return session_;
}

// True once there is no reason to go on.
bool Bridge::wait(std::chrono::milliseconds time, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, time, [] { return false; });
    return stop.stop_requested();
}

}  // namespace quell::cli
