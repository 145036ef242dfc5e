// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/content_door.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/log.hpp"
#include "http/accept.hpp"
#include "identity/challenge.hpp"
#include "json/error_document.hpp"
#include "json/parse.hpp"
#include "json/serialize.hpp"
#include "json/slice.hpp"
#include "mcp/client_capabilities.hpp"
#include "mcp/content_replies.hpp"
#include "mcp/content_results.hpp"

namespace quell::mcp {
namespace {

namespace asio = boost::asio;

constexpr int kListTtlMs = 60'000;
constexpr std::string_view kLogLevelKey = "io.modelcontextprotocol/logLevel";

constexpr std::array<std::string_view, 6> kBothEras = {"resources/list", "resources/templates/list", "resources/read",
                                                       "prompts/list",   "prompts/get",              "completion/complete"};
constexpr std::array<std::string_view, 4> kStateless = {"subscriptions/listen", "tasks/get", "tasks/update", "tasks/cancel"};
constexpr std::array<std::string_view, 3> kSessions = {"logging/setLevel", "resources/subscribe", "resources/unsubscribe"};

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

const json::Value* parameter(const Incoming& incoming, std::string_view name) {
    return incoming.message.params == nullptr ? nullptr : incoming.message.params->if_contains(name);
}

std::string text_parameter(const Incoming& incoming, std::string_view name) {
    const json::Value* value = parameter(incoming, name);
    return value == nullptr ? std::string() : std::string(json::text(*value));
}

// A copy that does not live in the request's arena.
json::Object own(const json::Object& object) { return json::Object(object, json::Storage{}); }

std::string id_of(const Incoming& incoming) { return json::serialize(*incoming.message.id); }

http::Response invalid(const Incoming& incoming, std::string message) {
    return error_answer(id_of(incoming), {.http_status = 200, .code = RpcCode::invalid_params, .message = std::move(message)});
}

json::Object capabilities_of(const Incoming& incoming) {
    if (incoming.era == Era::sessions) {
        return incoming.session ? incoming.session->capabilities() : json::Object();
    }
    return own(declared_capabilities(incoming.message));
}

const json::Object& no_members() {
    static const json::Object none;
    return none;
}

}  // namespace

ContentDoor::ContentDoor(ContentDoorOptions options)
    : options_(std::move(options)),
      states_(options_.key),
      subscriptions_(sessions_, options_.server_info),
      streams_(options_.revocation_mark),
      services_{.states = states_,
                .tasks = tasks_,
                .server_info = options_.server_info,
                .before_acting = options_.before_acting,
                .called = options_.called} {}

bool ContentDoor::serves(std::string_view method, Era era) {
    return is_one_of(kBothEras, method) || (era == Era::stateless ? is_one_of(kStateless, method) : is_one_of(kSessions, method));
}

http::Answer ContentDoor::answer(Incoming incoming) {
    const std::string_view method = incoming.message.method;
    if (method == "resources/list") {
        std::string own = options_.own ? options_.own->resources(incoming.caller) : std::string();
        co_return co_await list(incoming, "resources", &plugins::ContentOffer::resources, std::move(own));
    }
    if (method == "resources/templates/list") {
        std::string own = options_.own ? options_.own->templates(incoming.caller) : std::string();
        co_return co_await list(incoming, "resourceTemplates", &plugins::ContentOffer::templates, std::move(own));
    }
    if (method == "prompts/list") {
        std::string own;
        co_return co_await list(incoming, "prompts", &plugins::ContentOffer::prompts, std::move(own));
    }
    if (method == "resources/read") {
        co_return co_await read_resource(incoming);
    }
    if (method == "prompts/get") {
        co_return co_await get_prompt(incoming);
    }
    if (method == "completion/complete") {
        co_return co_await complete(incoming);
    }
    if (method == "subscriptions/listen") {
        co_return listen(incoming);
    }
    if (method == "logging/setLevel") {
        co_return set_log_level(incoming);
    }
    if (method == "resources/subscribe" || method == "resources/unsubscribe") {
        co_return subscribe(incoming, method == "resources/subscribe");
    }
    co_return co_await serve_task(incoming);
}

base::Task<std::shared_ptr<const ContentSet>> ContentDoor::content(TenantId tenant) {
    const auto catalog = options_.catalog();
    co_return co_await catalog->of(std::move(tenant));
}

http::Answer ContentDoor::list(Incoming incoming, std::string_view member, ContentSet::Items items, std::string own) {
    if (parameter(incoming, "cursor") != nullptr) {
        co_return invalid(incoming, "This cursor is not known.");  // all fit on one page
    }
    const auto set = co_await content(incoming.caller.tenant);
    const std::string theirs = set ? (*set)->items(incoming.caller, items) : "";
    own += own.empty() || theirs.empty() ? "" : ",";
    const std::string result = R"({")" + std::string(member) + R"(":[)" + own + theirs + "]}";
    // The list depends on the token's scopes and tenant, so no shared cache may keep it.
    const std::string more = R"(,"ttlMs":)" + std::to_string(kListTtlMs) + R"(,"cacheScope":"private")";
    co_return http::json(200, result_message(id_of(incoming), complete_result(incoming.era, result, options_.server_info, more)));
}

std::shared_ptr<ContentCall> ContentDoor::make_call(const Incoming& incoming, const ContentSource& source,
                                                    std::shared_ptr<const ContentSet> content) {
    auto call = std::make_shared<ContentCall>(ContentCall{.services = services_,
                                                          .era = incoming.era,
                                                          .id = id_of(incoming),
                                                          .caller = incoming.caller,
                                                          .session = incoming.session,
                                                          .catalog = options_.catalog(),
                                                          .content = std::move(content),
                                                          .connector = source.connector,
                                                          .rpc_method = std::string(incoming.message.method),
                                                          .method = {},
                                                          .name = {},
                                                          .request = {},
                                                          .arguments = {},
                                                          .capabilities = capabilities_of(incoming)});
    call->request["client_capabilities"] = call->capabilities;
    const json::Object* meta = incoming.message.meta();
    const json::Value* token = meta == nullptr ? nullptr : meta->if_contains("progressToken");
    if (token != nullptr && (token->is_string() || token->is_int64() || token->is_uint64())) {
        call->progress_token = json::serialize(*token);
    }
    const json::Value* level = meta == nullptr || incoming.era == Era::sessions ? nullptr : meta->if_contains(kLogLevelKey);
    call->log_level = level == nullptr ? std::nullopt : parse_log_level(json::text(*level));
    return call;
}

// Takes up an earlier round, if this is one; then runs the call beside the handler, which waits for the first thing to say.
http::Answer ContentDoor::run(Incoming incoming, std::shared_ptr<ContentCall> call) {
    if (incoming.era == Era::stateless) {
        const json::Value* responses = parameter(incoming, "inputResponses");
        const json::Value* state = parameter(incoming, "requestState");
        if ((responses != nullptr && !responses->is_object()) || (state != nullptr && !state->is_string())) {
            co_return invalid(incoming, "`inputResponses` must be an object, and `requestState` the string of the last answer.");
        }
        if (responses != nullptr) {
            call->request["input_responses"] = own(responses->get_object());
        }
        if (state != nullptr) {
            auto opened = states_.open(json::text(*state), call->binding(), wall_now());
            if (!opened) {
                co_return invalid(incoming, opened.error()->message);
            }
            call->request["state"] = *std::move(opened);
        }
    }
    const auto executor = co_await asio::this_coro::executor;
    PendingAnswer::Setup setup{.executor = executor,
                               .may_stream = http::accepts_event_stream(incoming.request.find("Accept")),
                               .leaving_cancels = incoming.era == Era::stateless,
                               .session = call->session,
                               .opened = [this, owner = owner_of(incoming.caller), allowed = incoming.still_allowed](
                                             const std::shared_ptr<http::Stream>& stream) { streams_.add(owner, stream, allowed); }};
    const auto answer = std::make_shared<PendingAnswer>(std::move(setup));
    call->answer = answer;
    asio::co_spawn(executor, run_content_call(std::move(call)), [answer, id = id_of(incoming)](std::exception_ptr failure) {
        if (failure) {
            log::error("content_call_threw");
            answer->finish(error_answer(id, {.http_status = 200, .code = RpcCode::internal_error, .message = "The host failed inside."}));
        }
    });
    co_return co_await answer->first(incoming.request.watch);
}

http::Answer ContentDoor::call_tool(Incoming incoming, std::shared_ptr<const ContentSet> set, const ContentSet::Tool& offered) {
    const plugins::ContentTool& tool = *offered.tool;
    if (!offered.source->is_open_to(incoming.caller)) {
        co_return refuse_scope(incoming, offered.source->scope);
    }
    const json::Value* given = parameter(incoming, "arguments");
    const json::Object& arguments = given == nullptr ? no_members() : given->get_object();
    if (incoming.era == Era::stateless) {
        if (const auto wrong = check_param_headers(*offered.headers, incoming.request, arguments)) {
            co_return error_answer(id_of(incoming), {.http_status = 400, .code = RpcCode::header_mismatch, .message = *wrong});
        }
    }
    auto call = make_call(incoming, *offered.source, std::move(set));
    call->tool = &tool;
    call->method = "call_tool";
    call->name = tool.name;
    if (auto missing = missing_of(tool.required_capabilities, call->capabilities)) {
        co_return missing_capabilities(incoming.era, call->id, tool.name, *std::move(missing));
    }
    // Older clients know no tasks of this kind: the host waits for them.
    call->task_allowed = tool.task_support != plugins::TaskSupport::forbidden &&
                         (incoming.era == Era::stateless ? declares_tasks(call->capabilities)
                                                         : tool.task_support == plugins::TaskSupport::required);
    if (tool.task_support == plugins::TaskSupport::required && !call->task_allowed) {
        co_return missing_capabilities(incoming.era, call->id, tool.name, {{"extensions", {{kTasksExtension, json::Object()}}}});
    }
    if (const Result<void> valid = tool.arguments.check(arguments); !valid) {
        services_.called(incoming.caller, offered.source->connector->key().str(), tool.name, valid.error()->key);
        co_return error_response(*call, valid.error());
    }
    call->arguments = json::canonical(arguments);
    call->request["name"] = tool.name;
    call->request["arguments"] = own(arguments);
    call->request["task_allowed"] = call->task_allowed;
    co_return co_await run(incoming, std::move(call));
}

http::Answer ContentDoor::read_resource(Incoming incoming) {
    const std::string uri = text_parameter(incoming, "uri");
    if (options_.own != nullptr && options_.own->owns(uri)) {
        co_return co_await read_own(incoming, uri);
    }
    const auto set = co_await content(incoming.caller.tenant);
    const ContentSource* source = set ? (*set)->find_resource(uri) : nullptr;
    if (source == nullptr || uri.empty()) {
        RpcError error{.http_status = 200, .code = RpcCode::invalid_params, .message = "There is no such resource."};
        error.code = incoming.era == Era::sessions ? RpcCode::resource_not_found : RpcCode::invalid_params;
        error.data["uri"] = uri;
        co_return error_answer(id_of(incoming), error);
    }
    if (!source->is_open_to(incoming.caller)) {
        co_return refuse_scope(incoming, source->scope);
    }
    auto call = make_call(incoming, *source, *set);
    call->method = "read_resource";
    call->name = uri;
    call->request["uri"] = uri;
    co_return co_await run(incoming, std::move(call));
}

// A refusal carries the error document as data, so that a client finds the approval that it has to wait for.
http::Answer ContentDoor::read_own(Incoming incoming, std::string uri) {
    if (!incoming.caller.scopes.has(options_.own->scope())) {
        co_return refuse_scope(incoming, options_.own->scope());
    }
    const Result<std::string> result = co_await options_.own->read(incoming.caller, uri);
    if (result) {
        constexpr std::string_view kNotKept = R"(,"ttlMs":0,"cacheScope":"private")";
        co_return http::json(200, result_message(id_of(incoming), complete_result(incoming.era, *result, options_.server_info, kNotKept)));
    }
    const bool unknown = result.error()->code == Code::not_found && incoming.era == Era::sessions;
    const bool is_callers = result.error()->code == Code::invalid_argument || result.error()->code == Code::not_found;
    co_return error_answer(id_of(incoming), {.http_status = 200,
                                             .code = unknown      ? RpcCode::resource_not_found
                                                     : is_callers ? RpcCode::invalid_params
                                                                  : RpcCode::forbidden,
                                             .message = result.error()->message,
                                             .data = json::error_document(result.error())});
}

http::Answer ContentDoor::get_prompt(Incoming incoming) {
    const std::string name = text_parameter(incoming, "name");
    const json::Value* arguments = parameter(incoming, "arguments");
    const auto set = co_await content(incoming.caller.tenant);
    const ContentSource* source = set ? (*set)->find_prompt(name) : nullptr;
    if (source == nullptr) {
        co_return invalid(incoming, "There is no prompt of that name; prompts/list names those that your token may use.");
    }
    if (!source->is_open_to(incoming.caller)) {
        co_return refuse_scope(incoming, source->scope);
    }
    const bool are_texts = arguments == nullptr ||
                           (arguments->is_object() && std::all_of(arguments->get_object().begin(), arguments->get_object().end(),
                                                                  [](const auto& entry) { return entry.value().is_string(); }));
    if (!are_texts) {
        co_return invalid(incoming, "`arguments` must be an object of strings.");
    }
    auto call = make_call(incoming, *source, *set);
    const json::Object& given = arguments == nullptr ? no_members() : arguments->get_object();
    call->method = "get_prompt";
    call->name = name;
    call->arguments = json::canonical(given);
    call->request["name"] = name;
    call->request["arguments"] = own(given);
    co_return co_await run(incoming, std::move(call));
}

http::Answer ContentDoor::complete(Incoming incoming) {
    const json::Value* ref = parameter(incoming, "ref");
    const json::Value* argument = parameter(incoming, "argument");
    if (ref == nullptr || !ref->is_object() || argument == nullptr || !argument->is_object()) {
        co_return invalid(incoming, "completion/complete needs `ref` and `argument`, both objects.");
    }
    const auto text_of = [](const json::Value& object, std::string_view name) {
        const json::Value* value = object.get_object().if_contains(name);
        return value == nullptr ? std::string_view() : json::text(*value);
    };
    const auto set = co_await content(incoming.caller.tenant);
    const std::string_view prompt = text_of(*ref, "name"), uri = text_of(*ref, "uri");
    const ContentSource* source = !set ? nullptr : !prompt.empty() ? (*set)->find_prompt(prompt) : (*set)->find_resource(uri);
    if (source == nullptr || !source->is_open_to(incoming.caller)) {
        co_return invalid(incoming, "There is no such prompt or resource template.");
    }
    json::Object request = {{"ref", own(ref->get_object())}, {"argument", own(argument->get_object())}};
    if (const json::Value* context = parameter(incoming, "context"); context != nullptr && context->is_object()) {
        request["context"] = own(context->get_object());
    }
    plugins::CallOptions options;
    options.trace = incoming.caller.trace;
    auto completion = co_await plugins::complete_content(*source->connector, json::serialize(request), std::move(options));
    if (!completion) {
        co_return error_answer(id_of(incoming), {.http_status = 200,
                                                 .code = RpcCode::internal_error,
                                                 .message = completion.error()->message,
                                                 .data = json::error_document(completion.error())});
    }
    const std::string result = R"({"completion":)" + *completion + "}";
    co_return http::json(200, result_message(id_of(incoming), complete_result(incoming.era, result, options_.server_info)));
}

http::Response ContentDoor::refuse_scope(const Incoming& incoming, identity::Scope scope) const {
    const std::string name(identity::to_string(scope));
    http::Response response = error_answer(
        id_of(incoming), {.http_status = 403, .code = RpcCode::forbidden, .message = "The token lacks the scope " + name + "."});
    response.headers.emplace_back("WWW-Authenticate", identity::insufficient_scope_challenge(options_.public_url, name));
    return response;
}

}  // namespace quell::mcp
