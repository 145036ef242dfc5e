// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// [oauth] and its tables.

#include <algorithm>

#include "config/network_names.hpp"
#include "config/read_settings.hpp"

namespace quell::config {
namespace {

constexpr std::string_view kAny = "any";
constexpr std::string_view kKnownClients = "known_clients";

void read_host(TableReader& table, std::string_view key, const std::string& host,
               std::vector<std::string>& out) {
    if (auto good = check_host_entry(host); !good)
        return table.refuse(key, "has \"" + host + "\", which " + good.error()->message);
    out.push_back(host);
}

void read_host_list(TableReader& oauth, RedirectHosts& out) {
    std::vector<std::string> entries;
    if (!oauth.read("redirect_hosts", entries))
        return;
    out.any = false;
    for (const std::string& entry : entries) {
        if (entry == kKnownClients)
            out.known_clients = true;
        else
            read_host(oauth, "redirect_hosts", entry, out.hosts);
    }
}

void read_redirect_hosts(TableReader& oauth, RedirectHosts& out) {
    const toml::node* value = oauth.take("redirect_hosts");
    if (value == nullptr)
        return;
    if (value->is_array())
        return read_host_list(oauth, out);
    std::string word;
    if (!oauth.read("redirect_hosts", word, kKnownClients))
        return;
    if (word != kAny && word != kKnownClients)
        return oauth.refuse("redirect_hosts",
                            "must be \"any\", \"known_clients\" or a list of hosts");
    out.any = word == kAny;
    out.known_clients = word == kKnownClients;
}

// "dynamic" asks for a new client, and a URL is the address of a document.
bool is_client_id(std::string_view text) {
    return text.size() <= 64 && text != "dynamic" && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    });
}

void read_shared_client(TableReader& oauth, std::string& out) {
    std::string id;
    if (!oauth.read("shared_client", id, "quell-public"))
        return;
    if (is_client_id(id))
        out = std::move(id);
    else
        oauth.refuse("shared_client",
                     "must be at most 64 letters, digits, `.`, `-` and `_`, and not `dynamic`");
}

void read_registration(TableReader& oauth, RegistrationSettings& out) {
    auto table = oauth.table("registration");
    if (!table)
        return;
    table->read("enabled", out.enabled);
    table->read("require_initial_token", out.require_initial_token);
    table->refuse_unknown_keys();
}

void read_metadata_documents(TableReader& oauth, bool is_loopback_only,
                             MetadataDocumentSettings& out) {
    auto table = oauth.table("metadata_documents");
    if (!table)
        return;
    table->read("enabled", out.enabled);
    std::vector<std::string> hosts;
    table->read("trusted_hosts", hosts);
    for (const std::string& host : hosts)
        read_host(*table, "trusted_hosts", host, out.trusted_hosts);
    table->read("allow_insecure_loopback", out.allow_insecure_loopback);
    if (out.allow_insecure_loopback && !is_loopback_only)
        table->refuse("allow_insecure_loopback",
                      "is for tests: it is refused unless `server.listen` is a loopback address");
    table->refuse_unknown_keys();
}

}  // namespace

void read_oauth(TableReader& root, bool is_loopback_only, OAuthSettings& out) {
    auto oauth = root.table("oauth");
    if (!oauth)
        return;
    read_redirect_hosts(*oauth, out.redirect_hosts);
    oauth->read("dynamic_clients", out.dynamic_clients);
    std::int64_t hours = out.unused.count();
    if (oauth->read("unused_hours", hours, 1, 24 * 365))
        out.unused = std::chrono::hours(hours);
    read_shared_client(*oauth, out.shared_client);
    read_registration(*oauth, out.registration);
    read_metadata_documents(*oauth, is_loopback_only, out.metadata_documents);
    oauth->refuse_unknown_keys();
}

}  // namespace quell::config
