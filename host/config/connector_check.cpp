// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/connector_check.hpp"

#include "config/secret_ref.hpp"
#include "json/pointer.hpp"
#include "json/read.hpp"
#include "json/schema.hpp"

namespace quell::config {
namespace {

class ConnectorCheck {
  public:
    ConnectorCheck(const ConnectorSettings& connector, CheckedSettings& out)
        : connector_(connector), out_(out) {}

    void run(const json::Value& schema) {
        json::Value opened = schema;
        if (json::Object* root = opened.if_object())
            open_secrets(*root);
        const auto compiled = json::Schema::compile(opened);
        if (!compiled)
            return refuse("", "cannot be checked: " + compiled.error()->message);
        for (const auto& violation : compiled->violations(connector_.settings))
            refuse(violation.pointer, "does not fit: " + violation.message);
        check_secrets();
        if (out_.ok())
            fill(*compiled);
    }

  private:
    // Replaces the schema of each secret by `true`: it speaks of the secret's text, which is not
    // here.
    void open_secrets(json::Object& schema) {
        json::Value* properties = schema.if_contains("properties");
        if (properties == nullptr || !properties->is_object())
            return;
        for (auto& member : properties->get_object()) {
            const json::Object* property = member.value().if_object();
            const json::Value* mark =
                property == nullptr ? nullptr : json::find(*property, "x-secret");
            if (mark == nullptr || !mark->is_bool() || !mark->get_bool())
                continue;
            secrets_.emplace_back(member.key().data(), member.key().size());
            member.value() = true;
        }
    }

    void check_secrets() {
        for (const std::string& name : secrets_) {
            const json::Value* value = json::find(connector_.settings, name);
            if (value == nullptr)
                continue;
            std::string pointer;
            json::append_token(pointer, name);
            if (const auto parsed = parse_secret_reference(*value); parsed)
                out_.secrets.emplace(name, *value);
            else
                refuse(pointer, "is a secret: `" + name + "` " + parsed.error()->message +
                                    "; a secret is never written into the settings.");
        }
    }

    void fill(const json::Schema& schema) {
        auto filled = schema.with_defaults(connector_.settings);
        if (!filled)
            return refuse("", "does not fit: " + filled.error()->message);
        out_.plain = std::move(filled->as_object());
        for (const std::string& name : secrets_)
            out_.plain.erase(name);
    }

    void refuse(std::string_view pointer, const std::string& why) {
        out_.errors.push_back(
            make_diagnostic(position_of(connector_, pointer),
                            "`connectors." + connector_.key.str() + ".settings` " + why));
    }

    const ConnectorSettings& connector_;
    CheckedSettings& out_;
    std::vector<std::string> secrets_;
};

}  // namespace

CheckedSettings check_connector_settings(const ConnectorSettings& connector,
                                         const json::Value& schema) {
    CheckedSettings out;
    ConnectorCheck(connector, out).run(schema);
    return out;
}

SourcePosition position_of(const ConnectorSettings& connector, std::string_view pointer) {
    while (true) {
        const auto found = connector.positions.find(std::string(pointer));
        if (found != connector.positions.end())
            return found->second;
        if (pointer.empty())
            return connector.position;
        pointer = pointer.substr(0, pointer.rfind('/'));
    }
}

}  // namespace quell::config
