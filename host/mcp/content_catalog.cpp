// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/content_catalog.hpp"

#include <algorithm>
#include <set>

#include "base/log.hpp"
#include "json/parse.hpp"
#include "mcp/uri_template.hpp"

namespace quell::mcp {
namespace {

constexpr std::chrono::seconds kKeptFor{60};  // as long as a client may keep a list (ttlMs)
constexpr std::chrono::seconds kListWithin{5};
constexpr std::chrono::seconds kAskAgainAfter{10};  // where a plugin did not answer

std::shared_ptr<const ContentSource> make_source(const plugins::Connector& connector, identity::Scope scope,
                                                 plugins::ContentOffer offer) {
    auto source = std::make_shared<ContentSource>();
    source->connector = &connector;
    source->scope = scope;
    source->offer = std::move(offer);
    for (const plugins::ContentTool& tool : source->offer.tools) {
        const auto definition = json::parse(tool.definition);
        source->headers.push_back(definition ? param_headers(definition->at("inputSchema")) : std::vector<ParamHeader>());
    }
    for (const std::string& refused : source->offer.refused) {
        log::warn("mcp_tool_left_out", {{"tenant", connector.tenant().str()}, {"connector", connector.key().str()}, {"reason", refused}});
    }
    return source;
}

void note_clash(const ContentSource& source, const std::string& name) {
    log::warn("mcp_tool_left_out", {{"tenant", source.connector->tenant().str()},
                                    {"connector", source.connector->key().str()},
                                    {"reason", "there is another tool of the name " + name}});
}

const plugins::ContentItem* find(const std::vector<plugins::ContentItem>& items, std::string_view name) {
    const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
    return found == items.end() ? nullptr : &*found;
}

void append(std::string& list, const std::string& definition) {
    list += list.empty() ? "" : ",";
    list += definition;
}

}  // namespace

ContentSet::ContentSet(std::vector<std::shared_ptr<const ContentSource>> sources,
                       const std::function<bool(std::string_view)>& is_taken)
    : sources_(std::move(sources)) {
    std::set<std::string_view> names;
    for (const auto& source : sources_) {
        for (std::size_t i = 0; i < source->offer.tools.size(); ++i) {
            const plugins::ContentTool& tool = source->offer.tools[i];
            if (is_taken(tool.name) || !names.insert(tool.name).second) {
                note_clash(*source, tool.name);
            } else {
                tools_.push_back({source.get(), &tool, &source->headers[i]});
            }
        }
    }
}

const ContentSet::Tool* ContentSet::find_tool(std::string_view name) const {
    const auto found = std::find_if(tools_.begin(), tools_.end(), [&](const Tool& tool) { return tool.tool->name == name; });
    return found == tools_.end() ? nullptr : &*found;
}

const ContentSource* ContentSet::find_prompt(std::string_view name) const {
    const auto found = std::find_if(sources_.begin(), sources_.end(),
                                    [&](const auto& source) { return find(source->offer.prompts, name) != nullptr; });
    return found == sources_.end() ? nullptr : found->get();
}

const ContentSource* ContentSet::find_resource(std::string_view uri) const {
    const auto lists = [&](const auto& source) { return find(source->offer.resources, uri) != nullptr; };
    const auto fits = [&](const auto& source) {
        const auto& templates = source->offer.templates;
        return std::any_of(templates.begin(), templates.end(),
                           [&](const auto& item) { return item.name == uri || fits_template(uri, item.name); });
    };
    auto found = std::find_if(sources_.begin(), sources_.end(), lists);
    if (found == sources_.end()) {
        found = std::find_if(sources_.begin(), sources_.end(), fits);
    }
    return found == sources_.end() ? nullptr : found->get();
}

std::string ContentSet::tools(const identity::Principal& caller) const {
    std::string list;
    for (const Tool& tool : tools_) {
        if (tool.source->is_open_to(caller)) {
            append(list, tool.tool->definition);
        }
    }
    return list;
}

std::string ContentSet::items(const identity::Principal& caller, Items items) const {
    std::string list;
    std::set<std::string_view> names;
    for (const auto& source : sources_) {
        for (const plugins::ContentItem& item : source->offer.*items) {
            if (source->is_open_to(caller) && names.insert(item.name).second) {
                append(list, item.definition);
            }
        }
    }
    return list;
}

ContentCatalog::ContentCatalog(const plugins::Registry& registry, const std::vector<TenantId>& tenants,
                               std::function<bool(std::string_view)> is_taken)
    : is_taken_(std::move(is_taken)),
      none_(std::make_shared<ContentSet>(std::vector<std::shared_ptr<const ContentSource>>(), is_taken_)) {
    for (const TenantId& id : tenants) {
        auto tenant = std::make_unique<Tenant>();
        for (const plugins::Connector* connector : registry.enabled(id, plugins::kMcpContent)) {
            const auto& manifest = connector->manifest().mcp_content;
            const auto scope = manifest ? identity::parse_scope(manifest->scope) : std::nullopt;
            if (scope && connector->problem() == nullptr) {
                auto entry = std::make_unique<Entry>();
                entry->connector = connector;
                entry->scope = *scope;
                tenant->entries.push_back(std::move(entry));
            }
        }
        if (!tenant->entries.empty()) {
            tenants_.emplace(id, std::move(tenant));
        }
    }
}

std::shared_ptr<const ContentSource> ContentCatalog::known(Entry& entry) {
    const std::lock_guard lock(entry.mutex);
    const auto now = std::chrono::steady_clock::now();
    const bool is_fresh = entry.had == entry.wanted && now < entry.asked_at + kKeptFor;
    if (entry.source && (is_fresh || entry.is_asked || now < entry.failed_at + kAskAgainAfter)) {
        return entry.source;
    }
    entry.is_asked = true;
    return nullptr;
}

base::Task<std::shared_ptr<const ContentSource>> ContentCatalog::ask(Entry& entry) {
    struct Asking {
        Entry& entry;
        ~Asking() {
            const std::lock_guard lock(entry.mutex);
            entry.is_asked = false;
        }
    };
    const Asking asking{entry};
    const std::uint64_t wanted = entry.wanted;
    plugins::CallOptions options;
    options.deadline = std::chrono::steady_clock::now() + kListWithin;
    auto offer = co_await plugins::list_content(*entry.connector, std::move(options));
    if (!offer) {
        log::warn("mcp_content_not_listed", {{"tenant", entry.connector->tenant().str()},
                                             {"connector", entry.connector->key().str()},
                                             {"reason", offer.error()->message},
                                             {"detail", offer.error()->detail}});
    }
    auto source = offer ? make_source(*entry.connector, entry.scope, *std::move(offer)) : nullptr;
    const std::lock_guard lock(entry.mutex);
    entry.failed_at = source ? std::chrono::steady_clock::time_point() : std::chrono::steady_clock::now();
    if (source) {
        entry.source = std::move(source);
        entry.had = wanted;
        entry.asked_at = std::chrono::steady_clock::now();
    } else if (!entry.source) {
        entry.source = make_source(*entry.connector, entry.scope, {});
    }
    co_return entry.source;
}

base::Task<std::shared_ptr<const ContentSet>> ContentCatalog::of(TenantId id) {
    const auto found = tenants_.find(id);
    if (found == tenants_.end()) {
        co_return none_;
    }
    Tenant& tenant = *found->second;
    std::vector<std::shared_ptr<const ContentSource>> sources;
    for (const auto& entry : tenant.entries) {
        auto source = known(*entry);
        if (!source) {
            CO_TRY(source, co_await ask(*entry));
        }
        sources.push_back(std::move(source));
    }
    const std::lock_guard lock(tenant.mutex);
    if (!tenant.set || tenant.made_of != sources) {
        tenant.made_of = sources;
        tenant.set = std::make_shared<ContentSet>(std::move(sources), is_taken_);
    }
    co_return tenant.set;
}

ContentCatalog::Entry* ContentCatalog::find(const TenantId& tenant, const ConnectorKey& connector) const {
    const auto found = tenants_.find(tenant);
    if (found == tenants_.end()) {
        return nullptr;
    }
    const auto& entries = found->second->entries;
    const auto entry = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e->connector->key() == connector; });
    return entry == entries.end() ? nullptr : entry->get();
}

void ContentCatalog::changed(const TenantId& tenant, const ConnectorKey& connector) {
    if (Entry* entry = find(tenant, connector)) {
        ++entry->wanted;
    }
}

std::optional<identity::Scope> ContentCatalog::scope_of(const TenantId& tenant, const ConnectorKey& connector) const {
    const Entry* entry = find(tenant, connector);
    return entry == nullptr ? std::nullopt : std::optional(entry->scope);
}

const plugins::Connector* ContentCatalog::find_connector(const identity::Principal& caller, const ConnectorKey& key) const {
    const Entry* entry = find(caller.tenant, key);
    return entry != nullptr && caller.scopes.has(entry->scope) ? entry->connector : nullptr;
}

}  // namespace quell::mcp
