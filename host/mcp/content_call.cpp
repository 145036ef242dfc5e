// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/content_call.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>

#include "json/parse.hpp"
#include "json/serialize.hpp"
#include "json/slice.hpp"
#include "mcp/client_capabilities.hpp"
#include "mcp/content_replies.hpp"
#include "mcp/questions.hpp"

namespace quell::mcp {
namespace {

namespace asio = boost::asio;
using plugins::ContentReply;
using plugins::McpEvent;
using CallPointer = std::shared_ptr<ContentCall>;

constexpr std::chrono::minutes kLongest{10};  // of an older client's call with its questions and waits
constexpr int kMostRounds = 16;

// --- what the plugin tells meanwhile

std::string member(const McpEvent& event, std::string_view name, std::string_view otherwise = {}) {
    return std::string(json::member_text(event.document, name).value_or(otherwise));
}

std::string optional_member(const McpEvent& event, std::string_view name) {
    const std::string value = member(event, name);
    return value.empty() ? "" : ",\"" + std::string(name) + "\":" + value;
}

void tell_progress(ContentCall& call, const McpEvent& event) {
    const auto value = json::parse(member(event, "progress", "0"));
    const double progress = value ? value->to_number<double>() : 0;
    if (call.progress_token.empty() || progress <= call.progress) {
        return;  // nobody asked, or it does not grow
    }
    call.progress = progress;
    call.answer->tell(R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)" + call.progress_token +
                      R"(,"progress":)" + member(event, "progress", "0") + optional_member(event, "total") +
                      optional_member(event, "message") + "}}");
}

void tell_log(ContentCall& call, const McpEvent& event) {
    const std::string level = member(event, "level");
    const auto severity = level.size() < 2 ? std::nullopt : parse_log_level(std::string_view(level).substr(1, level.size() - 2));
    const auto wanted = call.session ? call.session->log_level() : call.log_level;
    if (severity && wanted && *severity >= *wanted) {
        call.answer->tell(R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":)" + level +
                          optional_member(event, "logger") + optional_member(event, "data") + "}}");
    }
}

void hear(ContentCall& call, const McpEvent& event) {
    switch (event.kind) {
        case McpEvent::Kind::progress:
            return tell_progress(call, event);
        case McpEvent::Kind::log:
            return tell_log(call, event);
        case McpEvent::Kind::close_stream:
            return call.answer->let_go();
        default:
            return;
    }
}

// --- one round

plugins::CallOptions options_of(const CallPointer& call) {
    plugins::CallOptions options;
    options.read_only = call->is_read_only();
    options.trace = call->caller.trace;
    options.cancel = call->answer->stop_token();
    options.on_event = [weak = std::weak_ptr(call), executor = call->answer->executor()](McpEvent event) {
        asio::post(executor, [weak, event = std::move(event)] {
            if (const auto held = weak.lock()) {
                hear(*held, event);
            }
        });
    };
    if (!options.read_only) {
        // All by value: the plugin's call may outlive ours.
        options.before_acting_request = [&services = call->services, caller = call->caller, connector = call->connector->key().str(),
                                         tool = call->name] { return services.before_acting(caller, connector, tool); };
    }
    return options;
}

base::Task<ContentReply> ask_plugin(CallPointer call) {
    std::string request = json::serialize(call->request);
    plugins::CallOptions options = options_of(call);
    auto reply = co_await plugins::call_content(*call->connector, call->method, std::move(request), std::move(options));
    if (reply && reply->kind == ContentReply::Kind::result && call->tool != nullptr) {
        CO_TRY_VOID(check_output(*call->tool, reply->text));
    }
    co_return reply;
}

void finish(ContentCall& call, http::Response response, std::string_view outcome) {
    if (call.tool != nullptr) {
        call.services.called(call.caller, call.connector->key().str(), call.name, outcome);
    }
    call.answer->finish(std::move(response));
}

// --- the stateless era: every reply ends the request

void finish_stateless(ContentCall& call, const ContentReply& reply) {
    if (reply.kind == ContentReply::Kind::input_required) {
        return finish(call, questions_response(call, reply), "input_required");
    }
    if (reply.kind == ContentReply::Kind::task) {
        return finish(call, task_response(call, reply), "task");
    }
    finish(call, reply_response(call, reply), reply.kind == ContentReply::Kind::error ? "plugin_error" : "ok");
}

// --- the older era: questions and waits happen here

base::Task<void> wait(CallPointer call, Millis time) {
    using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, PendingAnswer::Executor>;
    const auto timer = std::make_shared<Timer>(call->answer->executor(), time);
    const std::stop_callback cancelled(call->answer->stop_token(), [timer, executor = call->answer->executor()] {
        asio::post(executor, [timer] { timer->cancel(); });
    });
    constexpr asio::as_tuple_t<asio::use_awaitable_t<PendingAnswer::Executor>> tuple{};
    co_await timer->async_wait(tuple);
    if (call->answer->stop_token().stop_requested()) {
        co_return plugins::call_cancelled();
    }
    co_return Result<void>();
}

// Prepares the next round after questions.
base::Task<void> ask_client(CallPointer call, const ContentReply& reply) {
    CO_TRY(json::Object responses, co_await ask_session(call, reply.text));
    call->request["input_responses"] = std::move(responses);
    if (call->method == "continue_task") {
        call->request["continuation"] = reply.state.value_or(std::string(json::text(call->request.at("continuation"))));
    } else if (reply.state) {
        call->request["state"] = *reply.state;
    }
    co_return Result<void>();
}

// Prepares the next look at work that goes on.
base::Task<void> wait_for_task(CallPointer call, const ContentReply& reply) {
    CO_TRY_VOID(co_await wait(call, std::max(reply.poll_after, Millis(100))));
    call->method = "continue_task";
    call->request = {{"continuation", reply.continuation}, {"client_capabilities", call->capabilities}};
    co_return Result<void>();
}

// The reply that ends an older client's call.
base::Task<ContentReply> run_in_session(CallPointer call) {
    const auto until = std::chrono::steady_clock::now() + kLongest;
    int questions = 0;
    while (std::chrono::steady_clock::now() < until) {
        CO_TRY(ContentReply reply, co_await ask_plugin(call));
        if (reply.kind == ContentReply::Kind::input_required && ++questions <= kMostRounds) {
            CO_TRY_VOID(co_await ask_client(call, reply));
        } else if (reply.kind == ContentReply::Kind::task) {
            CO_TRY_VOID(co_await wait_for_task(call, reply));
        } else if (reply.kind == ContentReply::Kind::input_required) {
            co_return plugins::bad_result("it asks without end");
        } else {
            co_return reply;
        }
    }
    co_return plugins::deadline_exceeded();
}

}  // namespace

asio::awaitable<void, PendingAnswer::Executor> run_content_call(CallPointer call) {
    if (call->session) {
        call->session->note_call(call->id, call->answer->stop_source());
    }
    Result<ContentReply> reply = plugins::call_cancelled();
    if (call->era == Era::stateless) {
        reply = co_await ask_plugin(call);
    } else {
        reply = co_await run_in_session(call);
    }
    if (!reply) {
        finish(*call, error_response(*call, reply.error()), reply.error()->key);
    } else if (call->era == Era::stateless) {
        finish_stateless(*call, *reply);
    } else {
        finish(*call, reply_response(*call, *reply), reply->kind == ContentReply::Kind::error ? "plugin_error" : "ok");
    }
    if (call->session) {
        call->session->forget_call(call->id);
    }
}

}  // namespace quell::mcp
