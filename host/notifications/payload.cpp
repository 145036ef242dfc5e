// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/payload.hpp"

#include "json/parse.hpp"
#include "json/read.hpp"
#include "json/serialize.hpp"

namespace quell::notifications {
namespace {

json::Array to_array(const std::vector<std::pair<std::string, std::string>>& fields) {
    json::Array array;
    for (const auto& [name, value] : fields) {
        array.push_back(json::Object{{"name", name}, {"value", value}});
    }
    return array;
}

Result<std::string> member(const json::Object& object, std::string_view name) {
    TRY(const std::string_view text, json::string_member(object, name));
    return std::string(text);
}

Result<std::vector<std::pair<std::string, std::string>>> read_fields(const json::Object& object) {
    std::vector<std::pair<std::string, std::string>> fields;
    TRY(const json::Array* const array, json::array_member(object, "fields"));
    for (const json::Value& entry : *array) {
        TRY(const json::Object* const field, json::as_object(entry, "a field"));
        TRY(std::string name, member(*field, "name"));
        TRY(std::string value, member(*field, "value"));
        fields.emplace_back(std::move(name), std::move(value));
    }
    return fields;
}

}  // namespace

std::string to_payload(const Message& message, WallTime at) {
    return json::serialize(json::Object{{"event", message.event},
                                        {"at", to_rfc3339(at)},
                                        {"subject", message.subject},
                                        {"title", message.title},
                                        {"text", message.text},
                                        {"fields", to_array(message.fields)},
                                        {"link", message.link},
                                        {"approval_id", message.approval_id},
                                        {"data", message.data}});
}

Result<Message> from_payload(const TenantId& tenant, std::string_view payload) {
    TRY(const json::Value document, json::parse(payload));
    TRY(const json::Object* const object, json::as_object(document, "a message"));
    Message message;
    message.tenant = tenant;
    TRY(message.event, member(*object, "event"));
    TRY(message.subject, member(*object, "subject"));
    TRY(message.title, member(*object, "title"));
    TRY(message.text, member(*object, "text"));
    TRY(message.fields, read_fields(*object));
    TRY(message.link, member(*object, "link"));
    TRY(message.approval_id, member(*object, "approval_id"));
    TRY(const json::Object* const data, json::object_member(*object, "data"));
    message.data = *data;
    return message;
}

Result<std::string> webhook_body(std::string_view payload) {
    TRY(const json::Value document, json::parse(payload));
    TRY(const json::Object* const object, json::as_object(document, "a message"));
    TRY(const json::Object* const given, json::object_member(*object, "data"));
    json::Object data{{"id", object->at("subject")}, {"title", object->at("title")}};
    for (const auto& [name, value] : *given) {
        data[name] = value;
    }
    return json::serialize(json::Object{{"type", object->at("event")}, {"timestamp", object->at("at")}, {"data", std::move(data)}});
}

}  // namespace quell::notifications
