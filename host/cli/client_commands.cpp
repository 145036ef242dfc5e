// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <fstream>
#include <iterator>

#include "cli/session.hpp"

namespace quell::cli {
namespace {

struct ClientFlags {
    std::string tenant;
    std::string name;
    std::string id;
    std::vector<std::string> redirect_uris;
    std::vector<std::string> scopes;
    std::vector<std::string> grants;
    bool is_public = false;
    std::string jwks_file;
    std::int64_t days = 30;
};

json::Array to_array(const std::vector<std::string>& values) {
    json::Array array;
    for (const std::string& value : values) {
        array.emplace_back(value);
    }
    return array;
}

json::Object with_tenant(const ClientFlags& flags) {
    return flags.tenant.empty() ? json::Object() : json::Object{{"tenant", flags.tenant}};
}

void add_create(CLI::App& group, Session& session, const std::shared_ptr<ClientFlags>& flags) {
    CLI::App* create = group.add_subcommand("create", "Make a client; its secret is shown this once.");
    create->add_option("--name", flags->name, "Name that people see at consent")->required();
    create->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    create->add_option("--redirect-uri", flags->redirect_uris, "https, loopback http, or the exact cursor:// address");
    create->add_option("--scope", flags->scopes, "Most that it may get; all if absent");
    create->add_option("--grant", flags->grants, "authorization_code, refresh_token, client_credentials");
    create->add_flag("--public", flags->is_public, "No secret (desktop clients)");
    create->add_option("--jwks", flags->jwks_file, "Its public keys (a JWK Set): it signs with them and gets no secret")
        ->check(CLI::ExistingFile);
    create->callback([&session, flags] {
        json::Object arguments = with_tenant(*flags);
        arguments["name"] = flags->name;
        arguments["redirect_uris"] = to_array(flags->redirect_uris);
        arguments["scopes"] = to_array(flags->scopes);
        arguments["grants"] = to_array(flags->grants);
        arguments["public"] = flags->is_public;
        if (!flags->jwks_file.empty()) {
            std::ifstream file(flags->jwks_file, std::ios::binary);
            arguments["jwks"] = std::string(std::istreambuf_iterator<char>(file), {});
        }
        session.run_command("client.create", arguments);
    });
}

// delete and regenerate-secret: a client id and its tenant.
void add_by_id(CLI::App& group, Session& session, const std::shared_ptr<ClientFlags>& flags, const char* name,
               const char* about) {
    CLI::App* command = group.add_subcommand(name, about);
    command->add_option("CLIENT_ID", flags->id)->required();
    command->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    command->callback([&session, flags, name] {
        json::Object arguments = with_tenant(*flags);
        arguments["client_id"] = flags->id;
        session.run_command(std::string("client.") + name, arguments);
    });
}

// Of the host, not of a tenant: who may register clients (RFC 7591).
void add_initial_tokens(CLI::App& group, Session& session, const std::shared_ptr<ClientFlags>& flags) {
    CLI::App* tokens = group.add_subcommand("initial-token", "Tokens with which clients may register themselves");
    tokens->require_subcommand(1);
    CLI::App* create = tokens->add_subcommand("create", "Make one; it is shown this once.");
    create->add_option("--name", flags->name, "Whose it is")->required();
    create->add_option("--days", flags->days, "How long it works: 1 to 366 (30)");
    create->callback([&session, flags] {
        session.run_command("client.initial-token.create", {{"name", flags->name}, {"days", flags->days}});
    });
    CLI::App* list = tokens->add_subcommand("list", "All of them; never the token itself.");
    list->callback([&session] { session.run_command("client.initial-token.list", {}); });
    CLI::App* remove = tokens->add_subcommand("delete", "End one at once; clients registered with it stay.");
    remove->add_option("ID", flags->id)->required();
    remove->callback([&session, flags] { session.run_command("client.initial-token.delete", {{"id", flags->id}}); });
}

}  // namespace

void add_client_commands(CLI::App& app, Session& session) {
    const auto flags = std::make_shared<ClientFlags>();
    CLI::App* group = app.add_subcommand("client", "OAuth clients");
    group->require_subcommand(1);
    add_create(*group, session, flags);
    CLI::App* list = group->add_subcommand("list", "Clients with their last use; never a secret.");
    list->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    list->callback([&session, flags] { session.run_command("client.list", with_tenant(*flags)); });
    add_by_id(*group, session, flags, "delete", "End a client, its tokens and codes, at once.");
    add_by_id(*group, session, flags, "regenerate-secret", "New secret; the old one stops, issued tokens live on.");
    add_initial_tokens(*group, session, flags);
}

}  // namespace quell::cli
