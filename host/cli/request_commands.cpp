// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/session.hpp"

namespace quell::cli {
namespace {

struct RequestFlags {
    std::string tenant;
    std::string id;
    std::string device;
    std::string reason;
    std::string kind = "containment";
    int count = 20;
};

json::Object with_tenant(const RequestFlags& flags) {
    return flags.tenant.empty() ? json::Object() : json::Object{{"tenant", flags.tenant}};
}

void add_get(CLI::App& group, Session& session, const std::shared_ptr<RequestFlags>& flags) {
    CLI::App* get = group.add_subcommand("get", "One request with the outcome of each target.");
    get->add_option("REQUEST", flags->id)->required();
    get->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    get->callback([&session, flags] {
        json::Object arguments = with_tenant(*flags);
        arguments["request_id"] = flags->id;
        session.run_command("request.get", arguments);
    });
}

void add_list(CLI::App& group, Session& session, const std::shared_ptr<RequestFlags>& flags) {
    CLI::App* list = group.add_subcommand("list", "The newest requests.");
    list->add_option("--kind", flags->kind, "containment (default) or revocation")
        ->check(CLI::IsMember({"containment", "revocation"}));
    list->add_option("-n,--count", flags->count, "How many (20)")->check(CLI::Range(1, 1000));
    list->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    list->callback([&session, flags] {
        json::Object arguments = with_tenant(*flags);
        arguments["kind"] = flags->kind;
        arguments["count"] = flags->count;
        session.run_command("request.list", arguments);
    });
}

void add_pin(CLI::App& group, Session& session, const std::shared_ptr<RequestFlags>& flags) {
    CLI::App* pin = group.add_subcommand("pin", "Reveal the unlock PIN of a locked device; audited.");
    pin->add_option("REQUEST", flags->id)->required();
    pin->add_option("DEVICE", flags->device, "provider_device_id of the request's result")->required();
    pin->add_option("--reason", flags->reason, "Why; kept in the audit trail")->required();
    pin->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    pin->callback([&session, flags] {
        json::Object arguments = with_tenant(*flags);
        arguments["request_id"] = flags->id;
        arguments["provider_device_id"] = flags->device;
        arguments["reason"] = flags->reason;
        session.run_command("request.pin", arguments);
    });
}

}  // namespace

void add_request_commands(CLI::App& app, Session& session) {
    const auto flags = std::make_shared<RequestFlags>();
    CLI::App* group = app.add_subcommand("request", "Containment and revocation requests");
    group->require_subcommand(1);
    add_get(*group, session, flags);
    add_list(*group, session, flags);
    add_pin(*group, session, flags);
    CLI::App* usage = app.add_subcommand("usage", "Units used: one a request with at least one confirmed target.");
    usage->add_option("--tenant", flags->tenant, "Tenant; may be left out if there is one");
    usage->callback([&session, flags] { session.run_command("usage", with_tenant(*flags)); });
}

}  // namespace quell::cli
