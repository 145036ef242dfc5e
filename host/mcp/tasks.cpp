// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/tasks.hpp"

#include <algorithm>
#include <utility>

#include "base/random.hpp"
#include "json/parse.hpp"
#include "json/serialize.hpp"
#include "json/slice.hpp"
#include "mcp/content_results.hpp"
#include "mcp/owner.hpp"

namespace quell::mcp {
namespace {

constexpr std::size_t kMostOfOne = 1'000;
constexpr std::size_t kMost = 20'000;
constexpr Millis kShortestPoll{100};

std::string json_text(std::string_view text) { return json::serialize(json::Value(text)); }

bool is_over(Tasks::Status status) {
    return status == Tasks::Status::completed || status == Tasks::Status::failed || status == Tasks::Status::cancelled;
}

// The questions of a reply by key, each as it was written.
std::map<std::string, std::string> read_requests(const std::string& text) {
    std::map<std::string, std::string> requests;
    const auto document = json::parse(text);
    if (document && document->is_object()) {
        for (const auto& [key, value] : document->get_object()) {
            const auto written = json::member_text(text, key);
            requests.emplace(key, written ? std::string(*written) : json::serialize(value));
        }
    }
    return requests;
}

}  // namespace

std::string_view to_string(Tasks::Status status) {
    switch (status) {
        case Tasks::Status::working:
            return "working";
        case Tasks::Status::input_required:
            return "input_required";
        case Tasks::Status::completed:
            return "completed";
        case Tasks::Status::failed:
            return "failed";
        default:
            return "cancelled";
    }
}

// Looking at all is for a full table, and now and then.
void Tasks::make_room(WallTime now) {
    if (tasks_.size() >= kMost || tasks_.size() % 64 == 63) {
        std::erase_if(tasks_, [now](const auto& entry) { return entry.second.ends_at <= now; });
    }
}

// The caller's oldest task that is over goes where the caller has too many. False: none is over.
bool Tasks::make_room_for(const identity::Principal& caller) {
    std::size_t own = 0;
    auto oldest = tasks_.end();
    for (auto task = tasks_.begin(); task != tasks_.end(); ++task) {
        if (owner_of(task->second.begun.caller) != owner_of(caller)) {
            continue;
        }
        ++own;
        if (is_over(task->second.status) && (oldest == tasks_.end() || task->second.updated_at < oldest->second.updated_at)) {
            oldest = task;
        }
    }
    if (own < kMostOfOne) {
        return true;
    }
    if (oldest == tasks_.end()) {
        return false;
    }
    tasks_.erase(oldest);
    return true;
}

std::optional<std::string> Tasks::begin(Begun begun, const plugins::ContentReply& reply, WallTime now) {
    const std::lock_guard lock(mutex_);
    make_room(now);
    if (!make_room_for(begun.caller) || tasks_.size() >= kMost) {
        return std::nullopt;
    }
    Task task;
    task.begun = std::move(begun);
    task.created_at = now;
    task.ttl = reply.ttl;
    task.ends_at = now + reply.ttl;
    apply(task, reply, now);
    const std::string id = random_token();
    return members(id, tasks_.emplace(id, std::move(task)).first->second);
}

bool Tasks::knows(const identity::Principal& caller, const std::string& id, WallTime now) {
    const std::lock_guard lock(mutex_);
    const auto found = tasks_.find(id);
    return found != tasks_.end() && owner_of(found->second.begun.caller) == owner_of(caller) && found->second.ends_at > now;
}

std::optional<Tasks::Question> Tasks::to_ask(const std::string& id, WallTime now) {
    const std::lock_guard lock(mutex_);
    const auto found = tasks_.find(id);
    if (found == tasks_.end()) {
        return std::nullopt;
    }
    Task& task = found->second;
    if (task.status != Status::working || task.asking || now < task.ask_at) {
        return std::nullopt;
    }
    task.asking = true;
    json::Object request = {{"continuation", task.continuation}, {"client_capabilities", task.begun.capabilities}};
    if (!task.responses.empty()) {
        request["input_responses"] = std::exchange(task.responses, {});
    }
    return Question{task.begun.connector, task.begun.read_only, std::move(request)};
}

void Tasks::settle(Task& task, Status status, std::string outcome, WallTime now) {
    task.status = status;
    task.outcome = std::move(outcome);
    task.status_message.clear();
    task.requests.clear();
    task.updated_at = now;
}

void Tasks::apply(Task& task, const plugins::ContentReply& reply, WallTime now) {
    using Kind = plugins::ContentReply::Kind;
    switch (reply.kind) {
        case Kind::result:
            return settle(task, Status::completed, R"("result":)" + reply.text, now);
        case Kind::error:
            return settle(task, Status::failed, R"("error":)" + error_object(reply), now);
        case Kind::input_required:
            task.status = Status::input_required;
            task.requests = read_requests(reply.text);
            task.continuation = reply.state.value_or(task.continuation);
            break;
        case Kind::task:
            task.status = Status::working;
            task.continuation = reply.continuation;
            task.status_message = reply.status_message;
            task.poll_after = std::max(reply.poll_after, kShortestPoll);
            task.ask_at = now + reply.poll_after;
            break;
    }
    task.updated_at = now;
}

void Tasks::answered(const std::string& id, const Result<plugins::ContentReply>& reply, WallTime now) {
    const std::lock_guard lock(mutex_);
    const auto found = tasks_.find(id);
    if (found == tasks_.end()) {
        return;
    }
    Task& task = found->second;
    task.asking = false;
    if (is_over(task.status)) {
        return;  // cancelled meanwhile
    }
    if (reply) {
        apply(task, *reply, now);
    } else if (reply.error()->retryable) {
        task.ask_at = now + std::max(task.poll_after, Millis(1000));
    } else {
        settle(task, Status::completed, R"("result":)" + error_tool_result(reply.error()), now);
    }
}

std::string Tasks::members(const std::string& id, const Task& task) {
    std::string out = R"("taskId":")" + id + R"(","status":")";
    out += to_string(task.status);
    out += R"(","createdAt":")" + to_rfc3339(task.created_at) + R"(","lastUpdatedAt":")" + to_rfc3339(task.updated_at) +
           R"(","ttlMs":)" + std::to_string(task.ttl.count()) + R"(,"pollIntervalMs":)" +
           std::to_string(std::max(task.poll_after, kShortestPoll).count());
    if (!task.status_message.empty()) {
        out += R"(,"statusMessage":)" + json_text(task.status_message);
    }
    return out;
}

std::string Tasks::describe(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = tasks_.find(id);
    if (found == tasks_.end()) {
        return {};
    }
    const Task& task = found->second;
    std::string out = members(id, task);
    if (task.status == Status::input_required) {
        std::string requests;
        for (const auto& [key, request] : task.requests) {
            requests += (requests.empty() ? "" : ",") + json_text(key) + ":" + request;
        }
        out += R"(,"inputRequests":{)" + requests + "}";
    }
    return task.outcome.empty() ? out : out + "," + task.outcome;
}

void Tasks::update(const std::string& id, const json::Object& responses, WallTime now) {
    const std::lock_guard lock(mutex_);
    const auto found = tasks_.find(id);
    if (found == tasks_.end() || found->second.status != Status::input_required) {
        return;
    }
    Task& task = found->second;
    for (const auto& [key, response] : responses) {
        if (task.requests.erase(std::string(key)) > 0) {
            task.responses[key] = json::Value(response, json::Storage{});
        }
    }
    if (task.requests.empty()) {
        task.status = Status::working;
        task.ask_at = now;
    }
    task.updated_at = now;
}

std::optional<Tasks::Question> Tasks::cancel(const std::string& id, WallTime now) {
    const std::lock_guard lock(mutex_);
    const auto found = tasks_.find(id);
    if (found == tasks_.end() || is_over(found->second.status)) {
        return std::nullopt;
    }
    Task& task = found->second;
    settle(task, Status::cancelled, {}, now);
    return Question{task.begun.connector, task.begun.read_only, {{"continuation", task.continuation}}};
}

}  // namespace quell::mcp
