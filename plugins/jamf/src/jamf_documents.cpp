// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "jamf_documents.hpp"

#include <quell/json.hpp>
#include <utility>

namespace jamf {
namespace {

using nlohmann::json;

std::optional<std::string> text_at(const json& record,
                                   std::initializer_list<std::string_view> path) {
    const json* value = quell::find_path(record, path);
    if (value == nullptr || !value->is_string())
        return std::nullopt;
    return value->get<std::string>();
}

std::string management_id(const json& record) {
    auto id = text_at(record, {"general", "managementId"});
    return id && is_uuid(*id) ? *std::move(id) : std::string();
}

bool is_denied(const json& record, std::initializer_list<std::string_view> path) {
    const json* value = quell::find_path(record, path);
    return value != nullptr && value->is_boolean() && !value->get<bool>();
}

std::optional<quell::Time> time_at(const json& record,
                                   std::initializer_list<std::string_view> path) {
    const auto text = text_at(record, path);
    return text ? quell::parse_time(*text) : std::nullopt;
}

ManagedDevice read_computer(const json& record) {
    ManagedDevice computer{quell::Device{management_id(record)}};
    quell::Device& device = computer.device;
    device.hostname = text_at(record, {"general", "name"});
    device.serial_number = text_at(record, {"hardware", "serialNumber"});
    device.user_email = text_at(record, {"userAndLocation", "email"});
    device.platform = text_at(record, {"general", "platform"});
    // Version 4 renamed the field.
    device.last_seen = time_at(record, {"general", "lastContact"});
    if (!device.last_seen)
        device.last_seen = time_at(record, {"general", "lastContactTime"});
    computer.managed = !is_denied(record, {"general", "remoteManagement", "managed"});
    computer.mdm_capable = !is_denied(record, {"general", "mdmCapable", "capable"});
    return computer;
}

ManagedDevice read_mobile_device(const json& record) {
    ManagedDevice mobile{quell::Device{management_id(record)}, DeviceKind::mobile_device,
                         text_at(record, {"deviceType"}).value_or("")};
    quell::Device& device = mobile.device;
    device.hostname = text_at(record, {"general", "displayName"});
    device.serial_number = text_at(record, {"hardware", "serialNumber"});
    device.user_email = text_at(record, {"userAndLocation", "emailAddress"});
    device.platform = mobile.type;
    device.last_seen = time_at(record, {"general", "lastContactDate"});
    mobile.managed = !is_denied(record, {"general", "managed"});
    return mobile;
}

MdmCommand read_command(const json& record) {
    MdmCommand command{text_at(record, {"uuid"}).value_or(""),
                       text_at(record, {"client", "managementId"}).value_or(""),
                       text_at(record, {"commandType"}).value_or(""),
                       text_at(record, {"commandState"}).value_or("")};
    // A command for a computer's user is of the type COMPUTER_USER.
    command.for_computer = text_at(record, {"client", "clientType"})
                               .value_or("COMPUTER")
                               .starts_with("COMPUTER");
    if (const json* error = quell::find_member(record, "commandError")) {
        if (const auto code = quell::integer_member(*error, "errorCode"))
            command.error_code = std::to_string(*code);
    }
    command.sent = time_at(record, {"dateSent"});
    return command;
}

}  // namespace

std::optional<InventoryPage> read_inventory(std::string_view body, DeviceKind kind) {
    const auto document = quell::parse_document(body);
    const json* results = document ? quell::array_member(*document, "results") : nullptr;
    const auto total = document ? quell::integer_member(*document, "totalCount") : std::nullopt;
    if (results == nullptr || !total)
        return std::nullopt;
    InventoryPage page{{}, *total};
    for (const json& record : *results) {
        if (!record.is_object())
            return std::nullopt;
        page.devices.push_back(kind == DeviceKind::computer ? read_computer(record)
                                                            : read_mobile_device(record));
    }
    return page;
}

std::optional<std::vector<MdmCommand>> read_commands(std::string_view body) {
    const auto document = quell::parse_document(body);
    const json* results = document ? quell::array_member(*document, "results") : nullptr;
    if (results == nullptr)
        return std::nullopt;
    std::vector<MdmCommand> commands;
    for (const json& record : *results) {
        if (!record.is_object())
            return std::nullopt;
        commands.push_back(read_command(record));
    }
    return commands;
}

std::optional<std::string> read_queued_command(std::string_view body) {
    const auto document = quell::parse_document(body);
    if (!document || !document->is_array() || document->size() != 1)
        return std::nullopt;
    return quell::string_member(document->front(), "id");
}

std::optional<Privileges> read_privileges(std::string_view body) {
    const auto document = quell::parse_document(body);
    const json* account = document ? quell::find_member(*document, "account") : nullptr;
    if (account == nullptr)
        return std::nullopt;
    Privileges privileges;
    privileges.administrator =
        quell::string_member(*account, "privilegeSet").value_or("") == "ADMINISTRATOR";
    const json* sites = quell::find_member(*account, "privilegesBySite");
    if (sites == nullptr || !sites->is_object())
        return privileges;
    for (const json& site : *sites) {
        for (const json& name : site) {
            if (name.is_string())
                privileges.names.insert(name.get<std::string>());
        }
    }
    return privileges;
}

}  // namespace jamf
