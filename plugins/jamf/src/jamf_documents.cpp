// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "jamf_documents.hpp"

#include <quell/json.hpp>
#include <utility>

#include "computer_lookup.hpp"

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

// A computer without a management id cannot be addressed by a command: it is no target.
std::optional<quell::Device> read_computer(const json& record) {
    auto id = text_at(record, {"general", "managementId"});
    if (!id || !is_uuid(*id))
        return std::nullopt;
    quell::Device computer{*std::move(id)};
    computer.hostname = text_at(record, {"general", "name"});
    computer.serial_number = text_at(record, {"hardware", "serialNumber"});
    computer.user_email = text_at(record, {"userAndLocation", "email"});
    computer.platform = text_at(record, {"general", "platform"});
    // Version 4 renamed the field.
    auto last_seen = text_at(record, {"general", "lastContact"});
    if (!last_seen)
        last_seen = text_at(record, {"general", "lastContactTime"});
    if (last_seen)
        computer.last_seen = quell::parse_time(*last_seen);
    return computer;
}

MdmCommand read_command(const json& record) {
    MdmCommand command{text_at(record, {"uuid"}).value_or(""),
                       text_at(record, {"client", "managementId"}).value_or(""),
                       text_at(record, {"commandType"}).value_or(""),
                       text_at(record, {"commandState"}).value_or("")};
    if (const json* error = quell::find_member(record, "commandError")) {
        if (const auto code = quell::integer_member(*error, "errorCode"))
            command.error_code = std::to_string(*code);
    }
    if (const auto sent = text_at(record, {"dateSent"}))
        command.sent = quell::parse_time(*sent);
    return command;
}

}  // namespace

std::optional<InventoryPage> read_inventory(std::string_view body) {
    const auto document = quell::parse_document(body);
    const json* results = document ? quell::array_member(*document, "results") : nullptr;
    const auto total = document ? quell::integer_member(*document, "totalCount") : std::nullopt;
    if (results == nullptr || !total)
        return std::nullopt;
    InventoryPage page{{}, results->size(), *total};
    for (const json& record : *results) {
        if (!record.is_object())
            return std::nullopt;
        if (auto computer = read_computer(record))
            page.computers.push_back(*std::move(computer));
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
