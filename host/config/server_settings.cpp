// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// [server], [admin], [store], [plugin_trust].

#include "config/network_names.hpp"
#include "config/read_settings.hpp"
#include "config/secret_ref.hpp"
#include "config/toml_to_json.hpp"

namespace quell::config {
namespace {

constexpr std::string_view kListen = "127.0.0.1:8443";
constexpr std::string_view kSqlite = "sqlite:";

void read_path(TableReader& table, std::string_view key, const std::filesystem::path& directory,
               std::string_view example, std::filesystem::path& out) {
    std::string text;
    if (table.read(key, text, example))
        out = directory / text;
}

bool read_endpoint(TableReader& table, std::string_view key, Endpoint& out) {
    std::string text;
    if (!table.read(key, text, kListen))
        return false;
    auto endpoint = parse_endpoint(text);
    if (endpoint)
        out = *std::move(endpoint);
    else
        table.refuse(key, endpoint.error()->message);
    return endpoint.has_value();
}

void read_tls(TableReader& server, const std::filesystem::path& directory, ServerSettings& out) {
    read_path(server, "tls_cert", directory, "tls/cert.pem", out.tls_cert);
    read_path(server, "tls_key", directory, "tls/key.pem", out.tls_key);
    if (server.has("tls_cert") != server.has("tls_key"))
        server.refuse(server.has("tls_cert") ? "tls_cert" : "tls_key",
                      "is of no use alone: `tls_cert` and `tls_key` belong together");
    else if (!server.has("tls_cert") && !is_loopback(out.listen))
        // E23
        server.refuse(
            "listen",
            "must be a loopback address such as \"127.0.0.1:8443\" as long as there is no "
            "`tls_cert` and `tls_key`: plain http is for loopback only");
}

void read_public_url(TableReader& server, ServerSettings& out) {
    std::string text;
    if (!server.has("public_url") && is_loopback(out.listen)) {
        out.public_url = (out.has_tls() ? "https://" : "http://") + to_string(out.listen);
        server.take("public_url");
        return;
    }
    if (!server.has("public_url"))
        server.refuse("public_url", "is missing: callers must know how to reach this host");
    if (!server.read("public_url", text, "https://quell.example"))
        return;
    auto url = parse_public_url(text);
    if (!url)
        return server.refuse("public_url", url.error()->message);
    // E23
    if (out.has_tls() && !url->is_https)
        return server.refuse("public_url", "must be https, since the listener has a certificate");
    out.public_url = std::move(url->text);
}

// As a browser writes it, since it is compared byte for byte.
void read_origins(TableReader& server, ServerSettings& out) {
    server.read("allowed_origins", out.allowed_origins);
    for (const std::string& origin : out.allowed_origins) {
        const auto url = parse_public_url(origin);
        if (!url || url->text != origin)
            server.refuse("allowed_origins",
                          "must be origins such as \"https://app.example\" (http for loopback hosts only), without "
                          "a path, not `" + origin + "`");
    }
}

void read_proxies(TableReader& server, ServerSettings& out) {
    std::vector<std::string> texts;
    server.read("trusted_proxies", texts);
    for (const std::string& text : texts) {
        auto network = Network::parse(text);
        if (network)
            out.trusted_proxies.push_back(*std::move(network));
        else
            server.refuse("trusted_proxies", "must be addresses or ranges: " + network.error()->message);
    }
}

void read_key(TableReader& store, bool require_key, StoreSettings& out) {
    const toml::node* node = store.take("key");
    if (node == nullptr) {
        if (require_key)
            store.refuse("key",
                         "is missing: it seals PINs and anchors the audit trail; write "
                         "key = { file = \"/etc/quell/secrets/store.key\" }");
        return;
    }
    const toml::table* table = node->as_table();
    if (table == nullptr)
        return store.refuse(
            "key",
            "must be a secret reference such as { file = \"/etc/quell/secrets/store.key\" }; "
            "a secret is never written into the settings");
    json::Value reference =
        to_json(*table, store.name("key"), store.position("key"), store.errors()).object;
    if (auto parsed = parse_secret_reference(reference); !parsed)
        return store.refuse("key", parsed.error()->message);
    out.key = std::move(reference);
}

void read_store_url(TableReader& store, StoreSettings& out) {
    store.read("url", out.url, "sqlite:/var/lib/quell/quell.db");
    const std::string_view url = out.url;
    if (url.starts_with(kSqlite) && url.substr(kSqlite.size()).starts_with('/'))
        out.sqlite_path = url.substr(kSqlite.size());
    else
        store.refuse("url",
                     "must be \"sqlite:\" and an absolute path; this version has no other engine");
}

// A table that is not written is an empty one at the place of the file.
const toml::table kNoTable;

TableReader table_or_empty(TableReader& root, std::string_view key) {
    if (auto table = root.table(key))
        return *std::move(table);
    return root.empty_table(key, kNoTable);
}

}  // namespace

void read_server(TableReader& root, const std::filesystem::path& directory, ServerSettings& out) {
    TableReader server = table_or_empty(root, "server");
    out.listen = parse_endpoint(kListen).value();
    read_endpoint(server, "listen", out.listen);
    out.listen_position = server.position("listen");
    out.tls_position = server.position("tls_cert");
    read_tls(server, directory, out);
    read_public_url(server, out);
    std::int64_t most = static_cast<std::int64_t>(out.max_connections);
    if (server.read("max_connections", most, 16, 1'000'000))
        out.max_connections = static_cast<std::size_t>(most);
    read_origins(server, out);
    read_proxies(server, out);
    server.refuse_unknown_keys();
}

void read_admin(TableReader& root, const std::filesystem::path& directory, AdminSettings& out) {
    TableReader admin = table_or_empty(root, "admin");
    out.socket = "/run/quell/admin.sock";
    read_path(admin, "socket", directory, "/run/quell/admin.sock", out.socket);
    out.socket_position = admin.position("socket");
    out.listen_position = admin.position("listen");
    Endpoint listen;
    if (read_endpoint(admin, "listen", listen)) {
        if (is_loopback(listen))
            out.listen = std::move(listen);
        else
            admin.refuse("listen", "must be a loopback address: it answers without any sign-in");
    }
    admin.refuse_unknown_keys();
}

void read_store(TableReader& root, bool require_key, StoreSettings& out) {
    TableReader store = table_or_empty(root, "store");
    out.url = "sqlite:/var/lib/quell/quell.db";
    read_store_url(store, out);
    out.url_position = store.position("url");
    out.key_position = store.position("key");
    read_key(store, require_key, out);
    store.refuse_unknown_keys();
}

void read_plugin_trust(TableReader& root, const std::filesystem::path& directory,
                       PluginTrust& out) {
    TableReader trust = table_or_empty(root, "plugin_trust");
    read_path(trust, "directory", directory, "/usr/lib/quell/plugins", out.directory);
    trust.read_choice(
        "require", out.require,
        {TrustRequirement::sha256, TrustRequirement::signature, TrustRequirement::both});
    if (out.require != TrustRequirement::sha256)
        trust.refuse("require", "must be `sha256`: this version checks no signatures");
    trust.read("keys", out.keys);
    if (!out.keys.empty())
        trust.refuse("keys", "must be empty: this version checks no signatures");
    trust.refuse_unknown_keys();
}

}  // namespace quell::config
