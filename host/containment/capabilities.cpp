// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "containment/capabilities.hpp"

#include <set>

#include "containment/selection.hpp"
#include "orders/document.hpp"
#include "policy/switches.hpp"

namespace quell::containment {
namespace {

template <class Values>
json::Array words(const Values& values) {
    json::Array array;
    for (const auto value : values) {
        array.emplace_back(to_string(value));
    }
    return array;
}

json::Array keys(std::span<const Profile> profiles) {
    json::Array array;
    for (const Profile& profile : profiles) {
        array.emplace_back(std::string_view(profile.key.str()));
    }
    return array;
}

// The product's keys and the tenant's own connectors for devices.
json::Array supported(std::span<const Profile> enabled) {
    std::set<std::string_view> keys(kReservedKeys.begin(), kReservedKeys.end());
    for (const Profile& profile : enabled) {
        keys.insert(profile.key.str());
    }
    json::Array array;
    for (const std::string_view key : keys) {
        array.emplace_back(key);
    }
    return array;
}

bool gets_people_from_an_mdm(const Profile& profile, std::span<const Profile> enabled) {
    return profile.kind == ConnectorKind::edr && !profile.finds_by(LookupType::user_email) &&
           std::ranges::any_of(enabled, [](const Profile& other) {
               return other.kind == ConnectorKind::mdm && other.finds_by(LookupType::user_email);
           });
}

json::Object describe(const Profile& profile, std::span<const Profile> enabled) {
    json::Object out;
    out.emplace("integration", std::string_view(profile.key.str()));
    out.emplace("kind", to_string(profile.kind));
    out.emplace("actions", words(profile.actions));
    out.emplace("lookup_types", words(profile.lookup_types));
    const bool via_mdm = gets_people_from_an_mdm(profile, enabled);
    out.emplace("lookup_types_via_mdm",
                via_mdm ? words(std::array{LookupType::user_email}) : json::Array());
    return out;
}

// The union of what the connectors can do, in the order of the enum.
template <class Values, class Has>
json::Array any_of_them(const Values& values, std::span<const Profile> enabled, Has has) {
    json::Array array;
    for (const auto value : values) {
        if (std::ranges::any_of(enabled, [&](const Profile& profile) { return has(profile, value); })) {
            array.emplace_back(to_string(value));
        }
    }
    return array;
}

json::Object switches(const config::DeviceContainmentSettings& settings, policy::Entry entry) {
    const auto allowed = policy::check_switches(settings, entry);
    json::Object out;
    out.emplace("enabled", settings.enabled);
    out.emplace("allow_via_mcp", settings.allow_via_mcp);
    out.emplace("usable", allowed.has_value());
    out.emplace("error", allowed ? json::Value(nullptr) : orders::error_value(allowed.error()));
    return out;
}

}  // namespace

json::Object capabilities_document(std::span<const Profile> enabled, const config::TenantSettings& tenant,
                                   policy::Entry entry) {
    json::Array integrations;
    for (const Profile& profile : enabled) {
        integrations.emplace_back(describe(profile, enabled));
    }
    json::Object out;
    out.emplace("supported", supported(enabled));
    out.emplace("enabled", keys(enabled));
    out.emplace("actions", any_of_them(kActions, enabled, [](const Profile& profile, Action action) {
                    return profile.does(action);
                }));
    out.emplace("lookup_types", any_of_them(kLookupTypes, enabled, [](const Profile& profile, LookupType type) {
                    return profile.finds_by(type);
                }));
    out.emplace("integrations", std::move(integrations));
    out.emplace("default_targets", keys(enabled));
    out.emplace("switches", switches(tenant.device_containment, entry));
    return out;
}

}  // namespace quell::containment
