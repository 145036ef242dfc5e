// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/questions.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>

#include "base/random.hpp"
#include "json/parse.hpp"
#include "json/serialize.hpp"
#include "mcp/client_capabilities.hpp"

namespace quell::mcp {
namespace {

namespace asio = boost::asio;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, PendingAnswer::Executor>;

constexpr std::chrono::minutes kAnswerWithin{10};

// The questions of one round that are still open. Shared with the session; answers come on any thread and are put in on the
// call's own.
struct Round {
    explicit Round(const PendingAnswer::Executor& executor) : timer(executor, kAnswerWithin) {}

    Timer timer;  // cancelled when nothing is open any more
    std::size_t open = 0;
    bool refused = false;
    json::Object responses;

    void put_in(const std::string& key, std::optional<std::string> result) {
        const auto document = result ? json::parse(*result) : Result<json::Value>(internal_error("no answer"));
        if (document) {
            responses[key] = *document;
        } else {
            refused = true;
        }
        if (--open == 0 || refused) {
            timer.cancel();
        }
    }
};

Error cannot_ask(std::string message) {
    return Error(Code::failed_precondition, "action_not_supported", std::move(message))
        .next_step("Use a client that can answer the server's questions in a session (initialize, and Accept: text/event-stream).");
}

Result<void> check_askable(const ContentCall& call, const json::Object& requests) {
    if (!call.session || !call.answer->can_tell()) {
        return cannot_ask("The tool has a question, and this client cannot be asked.");
    }
    for (const auto& [key, value] : requests) {
        const json::Object& request = value.get_object();
        const json::Value* params = request.if_contains("params");
        const auto missing = missing_for(json::text(request.at("method")), params == nullptr ? nullptr : params->if_object(),
                                         call.session->capabilities());
        if (missing) {
            return cannot_ask("The tool has a question that needs a client with these capabilities: " + json::serialize(*missing) + ".");
        }
    }
    return {};
}

// As 2025-11-25 has it: a question by URL has an id of its own there.
std::string request_message(const std::string& id, const json::Object& request) {
    json::Object message = {{"jsonrpc", "2.0"}, {"id", json::parse(id).value()}, {"method", request.at("method")}};
    json::Object params;
    if (const json::Value* given = request.if_contains("params"); given != nullptr && given->is_object()) {
        params = given->get_object();
    }
    const json::Value* mode = params.if_contains("mode");
    if (mode != nullptr && json::text(*mode) == "url" && !params.contains("elicitationId")) {
        params["elicitationId"] = uuid_v4();
    }
    message["params"] = std::move(params);
    return json::serialize(message);
}

std::string send(ContentCall& call, const std::shared_ptr<Round>& round, const std::string& key, const json::Object& request) {
    ++round->open;
    const auto executor = call.answer->executor();
    std::string id = call.session->note_question([round, executor, key](std::optional<std::string> result) {
        asio::post(executor, [round, key, result = std::move(result)]() mutable { round->put_in(key, std::move(result)); });
    });
    call.answer->tell(request_message(id, request));
    return id;
}

}  // namespace

base::Task<json::Object> ask_session(std::shared_ptr<ContentCall> call, std::string requests) {
    const auto document = json::parse(requests);
    if (!document) {
        co_return Error(document.error());
    }
    CO_TRY_VOID(check_askable(*call, document->get_object()));
    const auto round = std::make_shared<Round>(call->answer->executor());
    std::vector<std::string> ids;
    for (const auto& [key, value] : document->get_object()) {
        ids.push_back(send(*call, round, std::string(key), value.get_object()));
    }
    const std::stop_callback cancelled(call->answer->stop_token(), [round, executor = call->answer->executor()] {
        asio::post(executor, [round] { round->timer.cancel(); });
    });
    constexpr asio::as_tuple_t<asio::use_awaitable_t<PendingAnswer::Executor>> tuple{};
    co_await round->timer.async_wait(tuple);
    for (const std::string& id : ids) {
        call->session->forget_question(id);
    }
    if (call->answer->stop_token().stop_requested()) {
        co_return plugins::call_cancelled();
    }
    if (round->refused) {
        co_return Error(Code::failed_precondition, "action_not_supported", "The client did not answer the tool's question.");
    }
    if (round->open > 0) {
        co_return plugins::deadline_exceeded();
    }
    co_return std::move(round->responses);
}

}  // namespace quell::mcp
