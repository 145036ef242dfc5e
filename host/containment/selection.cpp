// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "containment/selection.hpp"

#include <set>

#include "policy/integration_targets.hpp"

namespace quell::containment {
namespace {

std::vector<std::string> keys_of(std::span<const Profile> profiles) {
    std::vector<std::string> keys;
    for (const Profile& profile : profiles) {
        keys.push_back(profile.key.str());
    }
    return keys;
}

Result<void> check_names(std::span<const Profile> enabled, const config::TenantSettings& tenant,
                         const ContainArguments& arguments) {
    if (!arguments.integration_targets && !enabled.empty()) {
        return {};  // nothing is named
    }
    const std::vector<std::string> keys = keys_of(enabled);
    return policy::check_integration_targets(arguments.integration_targets,
                                             {.tenant = tenant,
                                              .reserved = kReservedKeys,
                                              .enabled = keys,
                                              .capability = "device containment"});
}

bool is_named(const ContainArguments& arguments, const Profile& profile) {
    const auto& names = arguments.integration_targets;
    return !names || std::ranges::find(*names, profile.key.str()) != names->end();
}

std::vector<std::string> actions_of(std::span<const Profile> profiles) {
    std::set<std::string> actions;
    for (const Profile& profile : profiles) {
        for (const Action action : profile.actions) {
            actions.emplace(to_string(action));
        }
    }
    return {actions.begin(), actions.end()};
}

Error action_not_supported(std::span<const Profile> enabled, Action action, const Profile* named) {
    const std::string who = named == nullptr ? "No enabled connector" : "`" + named->key.str() + "`";
    Error error(Code::unimplemented, "action_not_supported",
                who + (named == nullptr ? " can " : " cannot ") + std::string(to_string(action)) + ".");
    return std::move(error)
        .allowed(named == nullptr ? actions_of(enabled) : actions_of({named, 1}))
        .next_step("lock_device needs an MDM connector; network_contain and release_containment need an EDR "
                   "connector. list_device_containment_capabilities names what each can do.");
}

Error lookup_type_not_supported(const std::vector<const Profile*>& able, LookupType type, const Profile* named) {
    std::set<std::string> types;
    for (const Profile* profile : able) {
        for (const LookupType other : profile->lookup_types) {
            types.emplace(to_string(other));
        }
    }
    Error error(Code::unimplemented, "lookup_type_not_supported",
                (named == nullptr ? "No enabled connector finds" : "`" + named->key.str() + "` does not find") +
                    std::string(" devices by ") + std::string(to_string(type)) + ".");
    return std::move(error).allowed({types.begin(), types.end()}).next_step("Use one of the allowed look-up types.");
}

// V57, PF-10.
Error mdm_required(LookupType type) {
    Error error(Code::failed_precondition, "mdm_required_for_email_lookup",
                "An EDR does not know people's e-mail addresses, and no MDM connector is enabled that could turn this " +
                    std::string(to_string(type)) + " into devices.");
    return std::move(error)
        .allowed({"hostname", "serial_number"})
        .next_step("Use lookup_type hostname or serial_number, or have an MDM connector (such as jamf) enabled so that "
                   "the user's devices can be resolved.");
}

// The connectors that do the action, all named ones or all that can.
Result<std::vector<const Profile*>> able_to(std::span<const Profile> enabled, const ContainArguments& arguments) {
    std::vector<const Profile*> able;
    for (const Profile& profile : enabled) {
        if (!is_named(arguments, profile)) {
            continue;
        }
        if (profile.does(arguments.action)) {
            able.push_back(&profile);
        } else if (arguments.integration_targets) {
            return action_not_supported(enabled, arguments.action, &profile);
        }
    }
    if (able.empty()) {
        return action_not_supported(enabled, arguments.action, nullptr);
    }
    return able;
}

std::vector<const Profile*> mdms_that_find_people(std::span<const Profile> enabled) {
    std::vector<const Profile*> mdms;
    for (const Profile& profile : enabled) {
        if (profile.kind == ConnectorKind::mdm && profile.finds_by(LookupType::user_email)) {
            mdms.push_back(&profile);
        }
    }
    return mdms;
}

bool needs_mdm(const Profile& profile, LookupType type) {
    return type == LookupType::user_email && profile.kind == ConnectorKind::edr && !profile.finds_by(type);
}

}  // namespace

Result<Selection> select(std::span<const Profile> enabled, const config::TenantSettings& tenant,
                         const ContainArguments& arguments) {
    TRY_VOID(check_names(enabled, tenant, arguments));
    TRY(const auto able, able_to(enabled, arguments));
    const LookupType type = arguments.lookup.type;
    Selection selection;
    for (const Profile* profile : able) {
        if (profile->finds_by(type)) {
            selection.direct.push_back(profile);
        } else if (needs_mdm(*profile, type)) {
            selection.via_mdm.push_back(profile);
        } else if (arguments.integration_targets) {
            return lookup_type_not_supported(able, type, profile);
        }
    }
    if (!selection.via_mdm.empty()) {
        selection.mdms = mdms_that_find_people(enabled);
        if (selection.mdms.empty() && (selection.direct.empty() || arguments.integration_targets)) {
            return mdm_required(type);
        }
        if (selection.mdms.empty()) {
            selection.via_mdm.clear();
        }
    }
    if (selection.direct.empty() && selection.via_mdm.empty()) {
        return lookup_type_not_supported(able, type, nullptr);
    }
    return selection;
}

}  // namespace quell::containment
