// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

// The words of contain_device, spelled as on the wire (V47, V49).
namespace quell::containment {

enum class ConnectorKind { edr, mdm };
std::string_view to_string(ConnectorKind kind);
std::optional<ConnectorKind> parse_kind(std::string_view text);

enum class Action { lock_device, network_contain, release_containment };
inline constexpr std::array kActions = {Action::lock_device, Action::network_contain, Action::release_containment};
std::string_view to_string(Action action);
std::optional<Action> parse_action(std::string_view text);
// Only connectors of this kind ever get the action.
constexpr ConnectorKind kind_for(Action action) {
    return action == Action::lock_device ? ConnectorKind::mdm : ConnectorKind::edr;
}
// The containment_state in which the action has nothing left to do.
std::string_view wanted_state(Action action);

enum class LookupType { user_email, hostname, serial_number, provider_device_id };
inline constexpr std::array kLookupTypes = {LookupType::user_email, LookupType::hostname, LookupType::serial_number,
                                            LookupType::provider_device_id};
std::string_view to_string(LookupType type);
std::optional<LookupType> parse_lookup_type(std::string_view text);

struct Lookup {
    LookupType type = LookupType::hostname;
    std::string value;
};

}  // namespace quell::containment
