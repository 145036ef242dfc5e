// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/subscriptions.hpp"

#include "json/serialize.hpp"
#include "mcp/sse.hpp"

namespace quell::mcp {
namespace {

constexpr std::size_t kMostUris = 1'000;
constexpr std::size_t kMostUriBytes = 64 * 1024;
constexpr std::string_view kSubscriptionId = R"("io.modelcontextprotocol/subscriptionId":)";

std::string quoted(std::string_view text) { return json::serialize(json::Value(text)); }

bool wanted(const json::Object& filter, std::string_view name) {
    const json::Value* value = filter.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

// False: not a list of at most kMostUris strings of kMostUriBytes together.
bool read_uris(const json::Object& filter, std::set<std::string>& uris) {
    const json::Value* value = filter.if_contains("resourceSubscriptions");
    if (value == nullptr) {
        return true;
    }
    const json::Array* list = value->if_array();
    if (list == nullptr || list->size() > kMostUris) {
        return false;
    }
    std::size_t bytes = 0;
    for (const json::Value& uri : *list) {
        bytes += uri.is_string() ? json::text(uri).size() : kMostUriBytes + 1;
        if (bytes > kMostUriBytes) {
            return false;
        }
        uris.emplace(json::text(uri));
    }
    return true;
}

std::string_view method_of(Change change) {
    switch (change) {
        case Change::tools:
            return "notifications/tools/list_changed";
        case Change::prompts:
            return "notifications/prompts/list_changed";
        case Change::resources:
            return "notifications/resources/list_changed";
        default:
            return "notifications/resources/updated";
    }
}

// `members` of params: none, `_meta`, `uri`.
std::string notification(std::string_view method, const std::string& members) {
    return R"({"jsonrpc":"2.0","method":")" + std::string(method) + R"(","params":{)" + members + "}}";
}

std::string tag(const std::string& id) { return R"("_meta":{)" + std::string(kSubscriptionId) + id + "}"; }

}  // namespace

bool Subscriptions::Listener::wants(Change change, const std::string& uri) const {
    switch (change) {
        case Change::tools:
            return tools;
        case Change::prompts:
            return prompts;
        case Change::resources:
            return resources;
        default:
            return uris.contains(uri);
    }
}

std::string Subscriptions::last_message(const std::string& id) const {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{"resultType":"complete","_meta":{)" + std::string(kSubscriptionId) + id +
           R"(,"io.modelcontextprotocol/serverInfo":)" + server_info_ + "}}}";
}

std::optional<std::shared_ptr<http::Stream>> Subscriptions::listen(const identity::Principal& caller, std::string id,
                                                                   const json::Object& filter) {
    Listener listener{.tenant = caller.tenant,
                      .scopes = caller.scopes,
                      .id = id,
                      .tools = wanted(filter, "toolsListChanged"),
                      .prompts = wanted(filter, "promptsListChanged"),
                      .resources = wanted(filter, "resourcesListChanged"),
                      .uris = {},
                      .stream = std::make_shared<http::Stream>()};
    if (!read_uris(filter, listener.uris)) {
        return std::nullopt;
    }
    json::Object honoured;
    for (const auto& [name, value] : {std::pair("toolsListChanged", listener.tools), std::pair("promptsListChanged", listener.prompts),
                                      std::pair("resourcesListChanged", listener.resources)}) {
        if (value) {
            honoured[name] = true;
        }
    }
    if (!listener.uris.empty()) {
        honoured["resourceSubscriptions"] = json::Array(listener.uris.begin(), listener.uris.end());
    }
    const auto stream = listener.stream;
    stream->send(sse_event(notification("notifications/subscriptions/acknowledged",
                                        tag(id) + R"(,"notifications":)" + json::serialize(honoured))));
    std::list<Listener> made;
    made.push_back(std::move(listener));
    const auto place = made.begin();
    stream->on_gone([this, place] {
        const std::lock_guard lock(mutex_);
        listeners_.erase(place);
    });
    // The host is about to stop: a whole result ends the subscription in good order.
    stream->on_drain([this, weak = std::weak_ptr(stream), id] {
        if (const auto held = weak.lock()) {
            held->send(sse_event(last_message(id)));
            held->end();
        }
    });
    const std::lock_guard lock(mutex_);
    listeners_.splice(listeners_.end(), made);
    return stream;
}

void Subscriptions::changed(const TenantId& tenant, std::optional<identity::Scope> scope, Change change, const std::string& uri) {
    const auto may_know = [&](const identity::ScopeSet& scopes) { return !scope || scopes.has(*scope); };
    const std::string method(method_of(change));
    const std::string more = change == Change::resource ? R"("uri":)" + quoted(uri) : "";
    std::vector<std::pair<std::shared_ptr<http::Stream>, std::string>> told;
    {
        const std::lock_guard lock(mutex_);
        for (const Listener& listener : listeners_) {
            if (listener.tenant == tenant && may_know(listener.scopes) && listener.wants(change, uri)) {
                told.emplace_back(listener.stream, listener.id);
            }
        }
    }
    for (const auto& [stream, id] : told) {
        stream->send(sse_event(notification(method, tag(id) + (more.empty() ? "" : "," + more))));
    }
    for (const auto& session : sessions_.of_tenant(tenant)) {
        if (may_know(session->scopes()) && (change != Change::resource || session->is_subscribed(uri))) {
            session->standalone().add(notification(method, more));
        }
    }
}

std::size_t Subscriptions::listeners() const {
    const std::lock_guard lock(mutex_);
    return listeners_.size();
}

}  // namespace quell::mcp
