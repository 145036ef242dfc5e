// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <cstdlib>

#include "cli/session.hpp"

namespace quell::cli {
namespace {

constexpr int kDefaultDays = 90;

struct KeyFlags {
    std::string tenant;
    std::string email;
    std::string name;
    std::string id;
    std::vector<std::string> scopes;
    std::vector<std::string> networks;
    int days = kDefaultDays;
    bool no_expiry = false;
};

json::Array to_array(const std::vector<std::string>& values) {
    json::Array array;
    for (const std::string& value : values) {
        array.emplace_back(value);
    }
    return array;
}

json::Object with_tenant(const KeyFlags& flags) {
    return flags.tenant.empty() ? json::Object() : json::Object{{"tenant", flags.tenant}};
}

void add_create(CLI::App& group, Session& session, const std::shared_ptr<KeyFlags>& flags) {
    CLI::App* create = group.add_subcommand("create", "Make an API key; it is shown this once.");
    create->add_option("--user", flags->email, "Whose key it is: it acts as this person")->required();
    create->add_option("--name", flags->name, "Where it will be used")->required();
    create->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    create->add_option("--scope", flags->scopes, "Most that it may do; all that its user may if absent");
    create->add_option("--from", flags->networks, "Address or range from which it works; anywhere if absent");
    CLI::Option* days = create->add_option("--days", flags->days, "Days until it expires (90)");
    create->add_flag("--no-expiry", flags->no_expiry, "It never expires")->excludes(days);
    create->callback([&session, flags] {
        json::Object arguments = with_tenant(*flags);
        arguments["email"] = flags->email;
        arguments["name"] = flags->name;
        arguments["scopes"] = to_array(flags->scopes);
        arguments["networks"] = to_array(flags->networks);
        if (!flags->no_expiry) {
            arguments["days"] = flags->days;
        }
        session.run_command("key.create", arguments);
    });
}

// delete and rotate: a key's id and its tenant.
void add_by_id(CLI::App& group, Session& session, const std::shared_ptr<KeyFlags>& flags, const char* name,
               const char* about) {
    CLI::App* command = group.add_subcommand(name, about);
    command->add_option("KEY_ID", flags->id)->required();
    command->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    command->callback([&session, flags, name] {
        json::Object arguments = with_tenant(*flags);
        arguments["key_id"] = flags->id;
        session.run_command(std::string("key.") + name, arguments);
    });
}

// The key that the bridge would use, so that its holder can ask about it.
json::Object with_own_key() {
    const char* key = std::getenv("QUELL_API_KEY");
    return key == nullptr ? json::Object() : json::Object{{"api_key", key}};
}

}  // namespace

void add_key_commands(CLI::App& app, Session& session) {
    const auto flags = std::make_shared<KeyFlags>();
    CLI::App* group = app.add_subcommand("key", "API keys of people");
    group->require_subcommand(1);
    add_create(*group, session, flags);
    CLI::App* list = group->add_subcommand("list", "Keys with their last use; never the key itself.");
    list->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    list->callback([&session, flags] { session.run_command("key.list", with_tenant(*flags)); });
    add_by_id(*group, session, flags, "delete", "End a key at once.");
    add_by_id(*group, session, flags, "rotate",
              "Panic button: a new key, and everything else that acts for its user ends at once.");
    app.add_subcommand("whoami", "Who QUELL_API_KEY makes you or, without it, this command line.")
        ->callback([&session] { session.run_command("whoami", with_own_key()); });
    app.add_subcommand("scopes", "The scopes there are, and which QUELL_API_KEY has.")->callback([&session] {
        session.run_command("scopes", with_own_key());
    });
}

}  // namespace quell::cli
