// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/network.hpp"
#include "config/notification_settings.hpp"
#include "config/secret_settings.hpp"
#include "config/source_position.hpp"
#include "json/value.hpp"

// The typed settings of INTERFACES.md 3: plain values, read once, shared as an immutable snapshot.
// A secret is always a reference here ({"env": ..} or {"file": ..}, config/secret_ref.hpp), never
// its value.
namespace quell::config {

struct Endpoint {
    std::string host;  // a name or address, without brackets
    std::uint16_t port = 0;
};

// 127.0.0.0/8, ::1 and localhost (E23).
bool is_loopback(const Endpoint& endpoint);
std::string to_string(const Endpoint& endpoint);  // "127.0.0.1:8443", "[::1]:8443"

struct ServerSettings {
    Endpoint listen;
    std::string public_url;  // no trailing slash; the issuer, and the base of /mcp
    std::filesystem::path tls_cert;
    std::filesystem::path tls_key;
    SourcePosition listen_position;
    SourcePosition tls_position;  // of the certificate
    std::size_t max_connections = 10'000;  // open at once; HT-11
    std::vector<std::string> allowed_origins;  // of web pages that may call, besides public_url's
    std::vector<Network> trusted_proxies;      // whose word counts about a client's address

    bool has_tls() const { return !tls_cert.empty(); }
};

struct AdminSettings {
    std::filesystem::path socket;
    std::optional<Endpoint> listen;  // health and metrics, loopback only
    SourcePosition socket_position;
    SourcePosition listen_position;
};

struct StoreSettings {
    std::string url;                    // "sqlite:/path"
    std::filesystem::path sqlite_path;  // the path in it
    std::optional<json::Value> key;  // secret reference; load() reports its absence (LoadOptions)
    SourcePosition url_position;
    SourcePosition key_position;
};

// Static keys of users.
struct ApiKeySettings {
    std::vector<std::string> headers;  // that carry one, besides X-API-Key and Authorization
};

// The REST door.
struct ApiSettings {
    std::int64_t calls_per_minute = 600;  // of one principal (L42+)
};

// Where clients that nobody made by hand may have people sent, besides the person's own machine.
struct RedirectHosts {
    bool any = true;                 // every https host; else only the following
    bool known_clients = false;      // the vendors of identity/redirect_hosts.cpp
    std::vector<std::string> hosts;  // "soar.example", "*.corp.example"
};

// RFC 7591.
struct RegistrationSettings {
    bool enabled = true;
    bool require_initial_token = false;
};

// Client ID Metadata Documents.
struct MetadataDocumentSettings {
    bool enabled = true;
    std::vector<std::string> trusted_hosts;  // none: all
    bool allow_insecure_loopback = false;
};

// How clients come to be, besides `quell client create`.
struct OAuthSettings {
    RedirectHosts redirect_hosts;
    bool dynamic_clients = true;    // made at the authorize endpoint by an administrator's consent
    std::chrono::hours unused{24};  // a client that got no token for so long is removed
    std::string shared_client;      // the id of the one public client for everybody; empty: none
    RegistrationSettings registration;
    MetadataDocumentSettings metadata_documents;
};

// What vouches for a plugin's file. load() refuses all but sha256: no signature is checked in this
// version.
enum class TrustRequirement { sha256, signature, both };
std::string_view to_string(TrustRequirement requirement);

struct PluginTrust {
    std::filesystem::path directory;  // empty: that of the installation
    TrustRequirement require = TrustRequirement::sha256;
    std::vector<std::string> keys;  // of signers
};

enum class Isolation { process, in_process };
std::string_view to_string(Isolation isolation);

enum class Sandbox { required, best, off };
std::string_view to_string(Sandbox sandbox);

struct PluginLimits {
    std::int64_t memory_mb = 128;
    std::optional<std::int64_t> concurrency;  // none: the manifest's
    Millis call_timeout{30'000};
};

struct PluginSettings {
    std::filesystem::path library;  // a file name inside plugin_trust.directory
    std::string sha256;             // 64 lower-case hex digits; empty: not pinned
    Isolation isolation = Isolation::process;
    Sandbox sandbox = Sandbox::required;
    std::vector<std::string> egress;  // "host:port", "*.host:port"
    std::vector<std::string> raw_secrets;  // secret settings that the plugin may see itself
    PluginLimits limits;
    bool allow_insecure_loopback = false;
    SourcePosition position;
};

struct SessionRevocationSettings {
    bool enabled = false;
    bool allow_via_mcp = false;
    std::chrono::seconds wait{20};
    std::chrono::hours poll{24};
};

struct DeviceContainmentSettings {
    bool enabled = false;
    bool allow_via_mcp = false;
    bool pin_in_result = false;
    std::chrono::seconds wait{20};
    std::chrono::hours poll{24};
};

// Asking people whether it was them.
struct ChallengeSettings {
    bool enabled = true;
    std::chrono::minutes expiry{15};  // of a challenge that names none (V86+)
    bool number_match = false;        // in a channel: the person must give the number that the requester sees
    std::int64_t max_open_per_target = 3;
    std::int64_t max_hourly_per_target = 10;
};

// Whom people of the tenant can turn to; shown on pages (V68, V91+).
struct SupportSettings {
    std::string email;
    std::string phone;
    std::string slack;
    std::string portal_url;
};

struct ConnectorSettings {
    ConnectorKey key;
    PluginId plugin;
    bool enabled = true;
    std::optional<std::vector<std::string>> actions;  // none: all of the manifest's
    json::Object settings;
    std::map<std::string, SourcePosition>
        positions;  // JSON pointer into settings -> where it is written
    SourcePosition position;
};

// The tenant's own OpenID provider: its people sign in there, and prove there who they are.
struct OpenIdSettings {
    std::string name;    // of the sign-in, for people; empty: the tenant's
    std::string issuer;  // byte for byte as the provider writes it
    std::string client_id;
    std::optional<json::Value> client_secret;  // secret reference, or
    std::optional<json::Value> private_key;    // one to a PEM key for private_key_jwt
    std::string key_id;                        // of the private key at the provider
    std::vector<std::string> scopes{"openid", "email", "profile"};
    std::vector<std::string> email_domains;    // lower case; none: all
    bool trust_email = false;                  // take an e-mail that the provider does not call verified
    std::string prompt;                        // login, select_account, consent, or empty
    std::string role_claim = "groups";         // a claim's name, or a JSON pointer to it
    std::map<std::string, std::string> roles;  // a value of that claim -> admin, analyst, viewer
    std::string default_role;                  // of whoever has none of those; empty: refused
    bool allow_insecure_loopback = false;
    SourcePosition position;
    SourcePosition secret_position;
};

struct TenantSettings {
    TenantId id;
    std::string name;
    std::optional<OpenIdSettings> openid;
    SessionRevocationSettings session_revocation;
    DeviceContainmentSettings device_containment;
    NotificationSettings notifications;
    ChallengeSettings challenges;
    SupportSettings support;
    ApprovalSettings approvals;
    SecretSettings secrets;
    std::map<ConnectorKey, ConnectorSettings> connectors;
};

struct Settings {
    ServerSettings server;
    AdminSettings admin;
    StoreSettings store;
    PluginTrust plugin_trust;
    ApiKeySettings api_keys;
    ApiSettings api;
    OAuthSettings oauth;
    SmtpSettings smtp;
    WebhookSettings webhooks;
    SecretStoreSettings secret_store;
    std::map<PluginId, PluginSettings> plugins;
    std::map<TenantId, TenantSettings> tenants;
    std::filesystem::path file;       // quell.toml itself
    std::filesystem::path directory;  // where quell.toml lies; relative paths in it start here
};

}  // namespace quell::config
