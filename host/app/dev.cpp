// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/dev.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include "app/dev_config.hpp"
#include "app/host.hpp"
#include "app/install_layout.hpp"
#include "app/scratch_folder.hpp"
#include "app/signals.hpp"
#include "base/random.hpp"
#include "config/load.hpp"
#include "crypto/jose.hpp"
#include "json/serialize.hpp"

namespace quell::app {
namespace {

constexpr std::string_view kActor = "quell dev";
constexpr std::string_view kRedirect = "http://127.0.0.1/callback";  // any port (RFC 8252 7.3)

// A port that is free now: the issuer's name must be known before the host listens.
std::uint16_t free_port() {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(descriptor);
    return ntohs(address.sin_port);
}

Result<json::Array> add_users(Services& services) {
    json::Array users;
    for (const identity::Role role : identity::kAllRoles) {
        const std::string email = fmt::format("{}@acme.example", identity::to_string(role));
        const std::string password = random_token().substr(0, 16);
        TRY_VOID(services.users.add_and_wait(
            {.email = email, .password = SecretString(password), .tenant = TenantId(std::string(kDevTenant)), .role = role},
            kActor));
        users.push_back(json::Object{{"email", email}, {"password", password}, {"role", identity::to_string(role)}});
    }
    return users;
}

json::Object to_json(const identity::CreatedClient& created) {
    json::Array grants, redirects;
    for (const identity::GrantType grant : created.client.grants) {
        grants.emplace_back(identity::to_string(grant));
    }
    for (const identity::RedirectUri& uri : created.client.redirect_uris) {
        redirects.emplace_back(uri.text());
    }
    return {{"client_id", created.client.id.str()},
            {"client_secret", created.secret.empty() ? json::Value(nullptr) : json::Value(created.secret.reveal())},
            {"grant_types", std::move(grants)},
            {"redirect_uris", std::move(redirects)},
            {"scopes", created.client.scopes.to_string()}};
}

Result<json::Array> add_clients(Services& services) {
    const TenantId tenant{std::string(kDevTenant)};
    TRY(const auto automation, services.clients.create_and_wait({.tenant = tenant,
                                                                 .name = "Automation",
                                                                 .redirect_uris = {},
                                                                 .scopes = identity::ScopeSet::all()},
                                                                kActor));
    TRY(const auto desktop, services.clients.create_and_wait({.tenant = tenant,
                                                              .name = "Desktop client",
                                                              .redirect_uris = {std::string(kRedirect)},
                                                              .scopes = identity::ScopeSet::all(),
                                                              .confidential = false},
                                                             kActor));
    return json::Array{to_json(automation), to_json(desktop)};
}

Result<json::Object> describe(Services& services, const Host& host, const json::Object& simulators) {
    TRY(json::Array users, add_users(services));
    TRY(json::Array clients, add_clients(services));
    const auto deployment = services.deployment();
    const config::Settings& settings = deployment->settings;
    const std::string& base = settings.server.public_url;
    return json::Object{{"mcp_url", base + "/mcp"},
                        {"admin_url", "http://" + config::to_string(*settings.admin.listen)},
                        {"issuer", base},
                        {"tenant", kDevTenant},
                        {"users", std::move(users)},
                        {"clients", std::move(clients)},
                        {"simulators", simulators},
                        {"config", (settings.file).string()},
                        {"plugins", host.plugin_status()}};
}

// There while the host is there, so that whoever waits for it never reads of one that has ended.
class ReadyFile {
  public:
    explicit ReadyFile(std::filesystem::path path) : path_(std::move(path)) { remove(); }
    ReadyFile(const ReadyFile&) = delete;
    ReadyFile& operator=(const ReadyFile&) = delete;
    ~ReadyFile() { remove(); }

    // By rename, so that nobody reads half of it.
    Result<void> write(const json::Object& document) const {
        if (path_.empty()) {
            return {};
        }
        const std::filesystem::path draft = path_.string() + ".part";
        const auto written = write_private_file(draft, json::serialize(document));
        std::error_code failure;
        std::filesystem::rename(draft, path_, failure);
        if (written && !failure) {
            return {};
        }
        ::unlink(draft.c_str());
        return invalid_arguments("--ready-file " + path_.string() + " cannot be written.")
            .next_step("Name a file in a folder that exists and that this user may write.");
    }

  private:
    void remove() const { ::unlink(path_.c_str()); }

    std::filesystem::path path_;
};

std::string hints(const json::Object& ready) {
    const json::Object& user = ready.at("users").as_array().at(2).as_object();
    const json::Object& client = ready.at("clients").as_array().at(1).as_object();
    return fmt::format(
        "Quell runs with temporary state and provider simulators.\n"
        "  MCP URL    {}\n"
        "  client id  {}  (public, PKCE, redirect http://127.0.0.1:PORT/callback)\n"
        "  login      {}  password {}\n"
        "  config     {}\n"
        "Try: with an MCP client, contain alice-mac.corp.example, as a dry run first; then\n"
        "     quell -c {} request list    (also: audit tail, plugin list, doctor)\n"
        "Ctrl-C ends it and removes everything.\n",
        json::text(ready.at("mcp_url")), json::text(client.at("client_id")), json::text(user.at("email")),
        json::text(user.at("password")), json::text(ready.at("config")), json::text(ready.at("config")));
}

}  // namespace

Result<void> run_dev(const DevOptions& options, const std::function<void(std::string_view)>& print) {
    const ReadyFile ready_file(options.ready_file);
    TRY(const ScratchFolder scratch, ScratchFolder::make());
    const crypto::PrivateKey okta_key = crypto::PrivateKey::generate_p256();
    const auto directory = options.simulators.empty() ? install_layout().simulators : options.simulators;
    const DevPorts ports{.server = options.port != 0 ? options.port : free_port(), .admin = free_port()};
    const std::string inbound = fmt::format("http://127.0.0.1:{}/v1/inbound/{}/slack", ports.server, kDevTenant);
    TRY(const Simulators simulators, Simulators::start(directory, scratch.path(), okta_key.public_jwk("dev"), inbound));
    TRY(const auto config_path,
        write_dev_config(scratch.path(), simulators, okta_key.to_pem(), ports, options.isolation));
    const config::Loaded loaded = config::load(config_path);
    if (!loaded.ok()) {
        return internal_error("quell dev wrote a wrong config: " + config::to_string(loaded.errors.front()));
    }
    TRY(const auto host, Host::start(loaded.settings));
    TRY(const json::Object ready, describe(host->services(), *host, simulators.ready()));
    TRY_VOID(ready_file.write(ready));
    print(hints(ready));
    host->run_until_stopped();
    return {};
}

}  // namespace quell::app
