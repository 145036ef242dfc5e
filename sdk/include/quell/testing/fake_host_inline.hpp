// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

// The bodies of fake_host.hpp; included by it.

#include <quell/detail/secret_documents.hpp>
#include <quell/testing/fake_host.hpp>

namespace quell::inline v1::testing {

inline FakeHost::FakeHost() {
    api_ = {sizeof api_, QUELL_ABI_MAJOR, QUELL_ABI_MINOR, 0, &find_service};
    call_api_ = {sizeof call_api_,
                 0,
                 &on_reply,
                 &on_reply_secret,
                 &on_fail,
                 [](quell_call* call) -> std::int32_t {
                     const CallState& state = state_of(call);
                     return state.host->cancelled_ || state.host->now_ >= state.deadline ? 1 : 0;
                 },
                 [](quell_call* call) -> std::int64_t {
                     return state_of(call).deadline.time_since_epoch().count();
                 },
                 [](quell_call*) { return detail::to_str("00000000-0000-4000-8000-000000000001"); },
                 [](quell_call* call) -> std::int32_t {
                     return state_of(call).read_only ? QUELL_MODE_READ_ONLY : QUELL_MODE_NORMAL;
                 }};
    http_api_ = {sizeof http_api_, 0, &on_request};
    log_api_ = {sizeof log_api_, 0, &on_log};
    clock_api_ = {
        sizeof clock_api_, 0,
        [](quell_host* host) -> std::int64_t { return self(host).now_.time_since_epoch().count(); },
        &on_sleep};
    mcp_api_ = {sizeof mcp_api_, 0, &on_mcp_event};
}

inline const void* FakeHost::find_service(quell_host* host, quell_str id) {
    FakeHost& fake = self(host);
    const std::string_view name = detail::to_view(id);
    if (name == "quell.call/1")
        return &fake.call_api_;
    if (name == "quell.http/1")
        return &fake.http_api_;
    if (name == "quell.log/1")
        return &fake.log_api_;
    if (name == "quell.clock/1")
        return &fake.clock_api_;
    if (name == "quell.mcp/1")
        return &fake.mcp_api_;
    return nullptr;
}

inline void FakeHost::on_reply(quell_call* call, quell_str json) {
    CallState& state = state_of(call);
    const std::string_view text = detail::to_view(json);
    state.host->look_for_canaries(text, "a reply");
    if (state.secret)
        state.host->problems_.push_back("a reply where reply_secret belongs");
    if (auto document = parse_document(text))
        state.answer.reply = *std::move(document);
    else
        state.host->problems_.push_back("a reply is not strict JSON");
    ++state.answers;
}

// Canaries are at home in the values, and nowhere in the head.
inline void FakeHost::on_reply_secret(quell_call* call, quell_str bytes) {
    CallState& state = state_of(call);
    FakeHost& host = *state.host;
    ++state.answers;
    if (!state.secret)
        return host.problems_.push_back("reply_secret: the method does not allow it");
    const auto document = detail::split_secret_document(detail::to_view(bytes));
    const auto fields = document ? detail::read_secret_fields(*document) : document.error();
    if (!fields)
        return host.problems_.push_back("a secret document cannot be read");
    state.answer.reply = document->head;
    host.look_for_canaries(document->head.dump(), "the head of a secret document");
    for (const SecretField& field : *fields)
        state.answer.values.emplace(field.name, field.value.reveal());
}

inline Error FakeHost::read_error(const quell_error& raw) {
    Error error{static_cast<Status>(raw.status), std::string(detail::to_view(raw.message)),
                std::string(detail::to_view(raw.provider_code)), raw.http_status};
    if (raw.retry_after_ms >= 0)
        error.retry_after = std::chrono::milliseconds{raw.retry_after_ms};
    return error;
}

inline void FakeHost::on_fail(quell_call* call, const quell_error* error) {
    CallState& state = state_of(call);
    state.answer.error = read_error(*error);
    state.host->look_for_canaries(state.answer.error->message, "an error");
    state.host->look_for_canaries(state.answer.error->provider_code, "an error");
    ++state.answers;
}

inline void FakeHost::on_log(quell_host* host, quell_call*, std::int32_t, quell_str message,
                             quell_str fields) {
    std::string line(detail::to_view(message));
    line += ' ';
    line += detail::to_view(fields);
    self(host).look_for_canaries(line, "the log");
    self(host).log_lines_.push_back(std::move(line));
}

inline std::int32_t FakeHost::on_mcp_event(quell_host* host, quell_call*, quell_str event) {
    FakeHost& fake = self(host);
    const std::string_view text = detail::to_view(event);
    fake.look_for_canaries(text, "an event for MCP clients");
    if (auto document = parse_document(text))
        fake.mcp_events_.push_back(*std::move(document));
    else
        fake.problems_.push_back("an event for MCP clients is not strict JSON");
    return QUELL_OK;
}

inline std::int32_t FakeHost::on_sleep(quell_call* call, std::uint64_t duration) {
    const CallState& state = state_of(call);
    FakeHost& host = *state.host;
    if (host.cancelled_)
        return QUELL_CANCELLED;
    const Time wake = host.now_ + std::chrono::milliseconds{static_cast<std::int64_t>(duration)};
    host.now_ = std::min(wake, std::max(state.deadline, host.now_));
    return wake >= state.deadline ? QUELL_DEADLINE_EXCEEDED : QUELL_OK;
}

inline void FakeHost::look_for_canaries(std::string_view text, std::string_view where) {
    for (const std::string& canary : canaries_) {
        if (text.find(canary) != std::string_view::npos)
            problems_.push_back("a canary leaked into " + std::string(where));
    }
}

inline bool FakeHost::is_read_only(const SentRequest& request) const {
    if (request.method == "GET" || request.method == "HEAD")
        return true;
    return request.method == "POST" && std::find(read_only_posts_.begin(), read_only_posts_.end(),
                                                 request.path) != read_only_posts_.end();
}

// An exchange that did not fit is still taken, so that one surprise gives one problem.
inline Exchange FakeHost::take_exchange(const SentRequest& request, const CallState& state) {
    Exchange refused(request.method, request.path);
    refused.fail(Error{Status::permission_denied, "This call may not change anything."});
    if (state.read_only && !is_read_only(request)) {
        problems_.push_back("a changing request in a read-only call: " + request.method + " " +
                            request.url);
        return refused;
    }
    if (exchanges_.empty()) {
        problems_.push_back("not expected: " + request.method + " " + request.url);
        refused.fail(unavailable("The request was not expected."));
        return refused;
    }
    Exchange exchange = std::move(exchanges_.front());
    exchanges_.pop_front();
    if (const std::string difference = exchange.difference(request); !difference.empty())
        problems_.push_back(difference);
    return exchange;
}

inline std::int32_t FakeHost::on_request(quell_call* call, const quell_http_request* raw_request,
                                         const quell_http_sink* sink) {
    CallState& state = state_of(call);
    FakeHost& host = *state.host;
    const SentRequest request = read_request(*raw_request);
    host.requests_.push_back(request);
    Exchange exchange = host.take_exchange(request, state);
    if (host.cancelled_)
        exchange.fail(Error{Status::cancelled, "The caller has gone."});
    else if (host.now_ >= state.deadline)
        exchange.fail(Error{Status::deadline_exceeded, "The deadline has passed."});
    if (const auto& error = exchange.error()) {
        quell_error raw_error{};
        raw_error.size = sizeof raw_error;
        raw_error.status = static_cast<std::int32_t>(error->status);
        raw_error.message = detail::to_str(error->message);
        raw_error.retry_after_ms = error->retry_after ? error->retry_after->count() : -1;
        raw_error.http_status = error->http_status;
        sink->error(sink->context, &raw_error);
        return raw_error.status;
    }
    const HttpResponse& response = exchange.response();
    std::vector<quell_header> headers;
    for (const HttpHeader& header : response.headers)
        headers.push_back({detail::to_str(header.name), detail::to_str(header.value)});
    const quell_http_response raw_response = {sizeof(quell_http_response), response.status,
                                              headers.data(), headers.size(),
                                              detail::to_str(response.body)};
    sink->response(sink->context, &raw_response);
    return QUELL_OK;
}

inline void FakeHost::read_manifest(const quell_plugin& plugin) {
    const auto manifest = parse_document(detail::to_view(plugin.manifest));
    if (!manifest) {
        problems_.push_back("the manifest is not strict JSON");
        return;
    }
    if (const nlohmann::json* posts = array_member(*manifest, "read_only_posts"))
        read_only_posts_ = posts->get<std::vector<std::string>>();
}

inline std::unique_ptr<PluginInstance> FakeHost::create(quell_plugin_entry_fn entry,
                                                        std::string_view settings) {
    const quell_plugin* plugin = entry(QUELL_ABI_MAJOR, QUELL_ABI_MINOR);
    if (plugin == nullptr) {
        problems_.push_back("the plugin does not serve this version of the host");
        return nullptr;
    }
    read_manifest(*plugin);
    CallState state = begin(true);
    quell_instance* instance = nullptr;
    const std::int32_t status = plugin->create(reinterpret_cast<quell_host*>(this), &api_,
                                               raw(state), detail::to_str(settings), &instance);
    create_error_ = state.answer.error;
    if (status != QUELL_OK)
        return nullptr;
    return std::make_unique<PluginInstance>(*this, *plugin, instance);
}

inline Answer FakeHost::end(CallState& state, std::string_view what) {
    if (state.answers != 1)
        problems_.push_back(std::string(what) + ": " + std::to_string(state.answers) +
                            " answers, expected one");
    return std::move(state.answer);
}

inline std::vector<std::string> FakeHost::problems() const {
    std::vector<std::string> all = problems_;
    for (const Exchange& exchange : exchanges_)
        all.push_back("did not come: " + exchange.describe());
    return all;
}

inline quell_method PluginInstance::find(std::string_view capability,
                                         std::string_view method) const {
    const void* table = plugin_.capability(detail::to_str(capability));
    if (table == nullptr)
        return nullptr;
    if (capability == "device_containment/1") {
        const auto& methods = *static_cast<const quell_device_containment_v1*>(table);
        return method == "resolve" ? methods.resolve
               : method == "apply" ? methods.apply
               : method == "poll"  ? methods.poll
                                   : nullptr;
    }
    if (capability == "session_revocation/1") {
        const auto& methods = *static_cast<const quell_session_revocation_v1*>(table);
        return method == "resolve"  ? methods.resolve
               : method == "revoke" ? methods.revoke
                                    : nullptr;
    }
    if (capability == "mcp_content/1") {
        const auto& methods = *static_cast<const quell_mcp_content_v1*>(table);
        return method == "list"            ? methods.list
               : method == "call_tool"     ? methods.call_tool
               : method == "read_resource" ? methods.read_resource
               : method == "get_prompt"    ? methods.get_prompt
               : method == "complete"      ? methods.complete
               : method == "continue_task" ? methods.continue_task
               : method == "cancel_task"   ? methods.cancel_task
                                           : nullptr;
    }
    if (capability == "secret_backend/1") {
        const auto& methods = *static_cast<const quell_secret_backend_v1*>(table);
        return method == "describe" ? methods.describe
               : method == "list"   ? methods.list
               : method == "read"   ? methods.read
               : method == "write"  ? methods.write
               : method == "rotate" ? methods.rotate
               : method == "renew"  ? methods.renew
               : method == "revoke" ? methods.revoke
               : method == "wrap"   ? methods.wrap
                                    : nullptr;
    }
    if (capability == "challenge_channel/1") {
        const auto& methods = *static_cast<const quell_challenge_channel_v1*>(table);
        return method == "send"     ? methods.send
               : method == "update" ? methods.update
               : method == "cancel" ? methods.cancel
                                    : nullptr;
    }
    if (capability == "inbound_event/1" && method == "handle")
        return static_cast<const quell_inbound_event_v1*>(table)->handle;
    if (capability == "notification_channel/1" && method == "notify")
        return static_cast<const quell_notification_channel_v1*>(table)->notify;
    if (capability == "identity_lookup/1" && method == "find_user")
        return static_cast<const quell_identity_lookup_v1*>(table)->find_user;
    return capability == "health/1" && method == "check"
               ? static_cast<const quell_health_v1*>(table)->check
               : nullptr;
}

inline Answer PluginInstance::call(std::string_view capability, std::string_view method,
                                   std::string_view request) {
    const quell_method function = find(capability, method);
    if (function == nullptr) {
        host_.problems_.push_back("no method " + std::string(method) + " in " +
                                  std::string(capability));
        return {};
    }
    const bool acts = method == "apply" || method == "revoke" || method == "call_tool" ||
                      method == "continue_task" || method == "cancel_task" || method == "write" ||
                      method == "rotate" || method == "renew" ||
                      capability == "challenge_channel/1" || capability == "notification_channel/1";
    FakeHost::CallState state = host_.begin(!acts);
    state.secret = capability == "secret_backend/1" && (method == "read" || method == "wrap");
    function(raw_, FakeHost::raw(state), detail::to_str(request));
    return host_.end(state, method);
}

}  // namespace quell::inline v1::testing
