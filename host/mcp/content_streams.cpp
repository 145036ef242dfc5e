// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// The parts of ContentDoor that are about what outlives a request: sessions and their streams, subscriptions, changes, tasks.

#include "http/accept.hpp"
#include "json/parse.hpp"
#include "json/serialize.hpp"
#include "json/slice.hpp"
#include "mcp/challenge_tasks.hpp"
#include "mcp/client_capabilities.hpp"
#include "mcp/content_door.hpp"
#include "mcp/content_replies.hpp"
#include "mcp/content_results.hpp"

namespace quell::mcp {
namespace {

constexpr std::string_view kTooManyStreams = "You hold too many event streams; end some of them.";

std::string id_of(const Incoming& incoming) { return json::serialize(*incoming.message.id); }

http::Response invalid(const Incoming& incoming, std::string message) {
    return error_answer(id_of(incoming), {.http_status = 200, .code = RpcCode::invalid_params, .message = std::move(message)});
}

http::Response nothing_to_say(const Incoming& incoming) { return http::json(200, result_message(id_of(incoming), "{}")); }

std::string text_parameter(const Incoming& incoming, std::string_view name) {
    const json::Value* value = incoming.message.params == nullptr ? nullptr : incoming.message.params->if_contains(name);
    return value == nullptr ? std::string() : std::string(json::text(*value));
}

}  // namespace

// --- the older era

http::Response ContentDoor::open_stream(const Incoming& incoming) {
    const Owner owner = owner_of(incoming.caller);
    if (!streams_.has_room(owner)) {
        http::Response response = http::text(429, std::string(kTooManyStreams) + "\n");
        response.headers.emplace_back("Retry-After", "10");
        return response;
    }
    auto stream = std::make_shared<http::Stream>();
    const std::string_view last = incoming.request.find("Last-Event-ID");
    const auto id = parse_event_id(last);
    EventLog* log = &incoming.session->standalone();
    std::shared_ptr<EventLog> found;
    if (!last.empty()) {
        found = id && id->stream > 0 ? incoming.session->find_stream(id->stream) : nullptr;
        log = !id ? nullptr : id->stream > 0 ? found.get() : log;
    }
    if (log == nullptr || !log->attach(stream, id ? std::optional(id->number) : std::nullopt)) {
        return http::text(400, "The stream that Last-Event-ID names is not kept any more. Open a new one.\n");
    }
    stream->on_drain([weak = std::weak_ptr(stream)] {
        if (const auto held = weak.lock()) {
            held->end();
        }
    });
    streams_.add(owner, stream, incoming.still_allowed);
    return event_stream(std::move(stream));
}

void ContentDoor::take(const Incoming& incoming, const json::Object& message) {
    if (!incoming.session) {
        return;
    }
    if (incoming.message.is_response) {
        const json::Value* result = message.if_contains("result");
        if (incoming.message.id != nullptr) {
            incoming.session->take_answer(id_of(incoming), result == nullptr ? std::nullopt : std::optional(json::serialize(*result)));
        }
    } else if (incoming.message.method == "notifications/cancelled" && incoming.message.params != nullptr) {
        if (const json::Value* id = incoming.message.params->if_contains("requestId")) {
            incoming.session->cancel_call(json::serialize(*id));
        }
    }
}

http::Response ContentDoor::set_log_level(const Incoming& incoming) {
    const auto level = parse_log_level(text_parameter(incoming, "level"));
    if (!level) {
        return invalid(incoming, "`level` must be one of debug, info, notice, warning, error, critical, alert, emergency.");
    }
    if (incoming.session) {
        incoming.session->set_log_level(*level);
    }
    return nothing_to_say(incoming);
}

http::Response ContentDoor::subscribe(const Incoming& incoming, bool on) {
    const std::string uri = text_parameter(incoming, "uri");
    if (uri.empty() || uri.size() > 4096) {
        return invalid(incoming, "`uri` must be a string.");
    }
    if (!incoming.session) {
        return invalid(incoming, "Subscriptions need a session: send the Mcp-Session-Id that initialize gave.");
    }
    if (!on) {
        incoming.session->unsubscribe(uri);
    } else if (!incoming.session->subscribe(uri)) {
        return invalid(incoming, "This session has too many subscriptions.");
    }
    return nothing_to_say(incoming);
}

// --- the stateless era

http::Response ContentDoor::listen(const Incoming& incoming) {
    const json::Value* filter = incoming.message.params == nullptr ? nullptr : incoming.message.params->if_contains("notifications");
    if (!http::accepts_event_stream(incoming.request.find("Accept"))) {
        return http::text(406, "The answer is text/event-stream; Accept must allow it.\n");
    }
    const Owner owner = owner_of(incoming.caller);
    if (!streams_.has_room(owner)) {
        return error_answer(id_of(incoming), {.http_status = 429, .code = RpcCode::internal_error, .message = std::string(kTooManyStreams)});
    }
    const auto stream = filter != nullptr && filter->is_object()
                            ? subscriptions_.listen(incoming.caller, id_of(incoming), filter->get_object())
                            : std::nullopt;
    if (!stream) {
        return invalid(incoming, "`notifications` must be an object with at most 1000 resourceSubscriptions, together at most 64 KiB.");
    }
    streams_.add(owner, *stream, incoming.still_allowed);
    return event_stream(*stream);
}

http::Answer ContentDoor::serve_task(Incoming incoming) {
    if (!declares_tasks(declared_capabilities(incoming.message))) {
        json::Object missing = {{"extensions", {{kTasksExtension, json::Object()}}}};
        co_return missing_capabilities(incoming.era, id_of(incoming), std::string(incoming.message.method), std::move(missing));
    }
    const std::string id = text_parameter(incoming, "taskId");
    if (options_.challenges && is_challenge_task(id)) {
        co_return co_await serve_challenge_task(incoming, id);
    }
    if (!tasks_.knows(incoming.caller, id, wall_now())) {
        co_return invalid(incoming, "There is no such task.");  // nor does anybody learn of others'
    }
    if (incoming.message.method == "tasks/get") {
        co_return co_await get_task(incoming, id);
    }
    if (incoming.message.method == "tasks/cancel") {
        co_return co_await cancel_task(incoming, id);
    }
    const json::Value* responses = incoming.message.params->if_contains("inputResponses");
    if (responses == nullptr || !responses->is_object()) {
        co_return invalid(incoming, "`inputResponses` must be an object.");
    }
    tasks_.update(id, responses->get_object(), wall_now());
    co_return http::json(200, result_message(id_of(incoming), complete_result(incoming.era, "{}", options_.server_info)));
}

http::Answer ContentDoor::serve_challenge_task(Incoming incoming, std::string id) {
    const auto challenges = options_.challenges();
    const auto result = co_await challenge_task_result(*challenges, incoming.caller, incoming.message.method, id);
    if (!result) {
        co_return invalid(incoming, "There is no such task.");
    }
    co_return http::json(200, result_message(id_of(incoming), complete_result(incoming.era, *result, options_.server_info)));
}

// The plugin is asked here and nowhere else, so a task that nobody looks at costs nothing.
http::Answer ContentDoor::get_task(Incoming incoming, std::string id) {
    const auto catalog = options_.catalog();
    if (auto question = tasks_.to_ask(id, wall_now())) {
        const plugins::Connector* connector = catalog->find_connector(incoming.caller, question->connector);
        Result<plugins::ContentReply> reply = Error(Code::failed_precondition, "connector_not_enabled",
                                                    "The connector that does this work is not enabled any more.");
        if (connector != nullptr) {
            plugins::CallOptions options;
            options.read_only = question->read_only;
            options.trace = incoming.caller.trace;
            options.before_acting_request = [this, caller = incoming.caller, key = question->connector.str(), id] {
                return options_.before_acting(caller, key, "task " + id.substr(0, 8));
            };
            std::string request = json::serialize(question->request);
            reply = co_await plugins::call_content(*connector, "continue_task", std::move(request), std::move(options));
        }
        tasks_.answered(id, reply, wall_now());
    }
    const std::string result = "{" + tasks_.describe(id) + "}";
    co_return http::json(200, result_message(id_of(incoming), complete_result(incoming.era, result, options_.server_info)));
}

http::Answer ContentDoor::cancel_task(Incoming incoming, std::string id) {
    const auto catalog = options_.catalog();
    if (auto question = tasks_.cancel(id, wall_now())) {
        if (const plugins::Connector* connector = catalog->find_connector(incoming.caller, question->connector)) {
            plugins::CallOptions options;
            options.read_only = question->read_only;
            options.trace = incoming.caller.trace;
            const std::string continuation(json::text(question->request.at("continuation")));
            // Cooperative: what the plugin says to it changes nothing for the client.
            static_cast<void>(co_await plugins::cancel_content_task(*connector, continuation, std::move(options)));
        }
    }
    co_return http::json(200, result_message(id_of(incoming), complete_result(incoming.era, "{}", options_.server_info)));
}

// --- changes

void ContentDoor::changed(const TenantId& tenant, const ConnectorKey& connector, const plugins::McpEvent& event) {
    const auto catalog = options_.catalog();
    const auto scope = catalog->scope_of(tenant, connector);
    switch (event.kind) {
        case plugins::McpEvent::Kind::tools_changed:
            catalog->changed(tenant, connector);
            return subscriptions_.changed(tenant, scope, Change::tools);
        case plugins::McpEvent::Kind::prompts_changed:
            catalog->changed(tenant, connector);
            return subscriptions_.changed(tenant, scope, Change::prompts);
        case plugins::McpEvent::Kind::resources_changed:
            catalog->changed(tenant, connector);
            return subscriptions_.changed(tenant, scope, Change::resources);
        case plugins::McpEvent::Kind::resource_updated: {
            const auto document = json::parse(event.document);
            return subscriptions_.changed(tenant, scope, Change::resource, std::string(json::text(document->at("uri"))));
        }
        default:
            return;
    }
}

void ContentDoor::changed_all(const std::vector<TenantId>& tenants) {
    for (const TenantId& tenant : tenants) {
        for (const Change change : {Change::tools, Change::prompts, Change::resources}) {
            subscriptions_.changed(tenant, std::nullopt, change);
        }
    }
}

}  // namespace quell::mcp
