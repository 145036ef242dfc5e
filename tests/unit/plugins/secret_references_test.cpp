// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/secret_references.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quell::plugins {
namespace {

using ::testing::HasSubstr;

// Tenants of connectors that all have a secret setting `key`; the plugin `keeper` keeps secrets, `actor` does not.
class References : public ::testing::Test {
  protected:
    References() {
        for (Manifest* manifest : {&keeper_, &actor_}) {
            manifest->settings = *SettingsSchema::compile(
                json::Object{{"properties", {{"key", {{"type", "string"}, {"x-secret", true}}}}}});
        }
        keeper_.capabilities = {"secret_backend/1"};
        actor_.capabilities = {"session_revocation/1"};
    }

    config::ConnectorSettings& add(const std::string& key, const std::string& plugin, const std::string& reference = "") {
        config::ConnectorSettings& made = tenant_.connectors[ConnectorKey(key)];
        made.key = ConnectorKey(key);
        made.plugin = PluginId(plugin);
        if (!reference.empty()) {
            made.settings["key"] = json::Object{{"secret", reference}};
        }
        return made;
    }

    std::string objection(const std::string& key) {
        const config::ConnectorSettings& from = tenant_.connectors.at(ConnectorKey(key));
        const ManifestOf manifest_of = [this](const config::ConnectorSettings& of) {
            return of.plugin == PluginId("keeper") ? &keeper_ : &actor_;
        };
        const auto references = find_references(from, manifest_of(from) == &keeper_ ? keeper_ : actor_);
        return references.empty() ? "no reference" : find_objection(references.front(), from, tenant_, manifest_of).value_or("");
    }

    Manifest keeper_;
    Manifest actor_;
    config::TenantSettings tenant_;
};

TEST_F(References, LeadToAConnectorOfTheTenantThatKeepsSecrets) {
    add("vault", "keeper");
    add("okta", "actor", "vault:a/b#c");

    EXPECT_EQ(objection("okta"), "");
}

TEST_F(References, LeadNowhereElse) {
    add("vault", "keeper");
    add("jamf", "actor");
    add("off", "keeper").enabled = false;

    add("okta", "actor", "valt:a/b#c");
    EXPECT_THAT(objection("okta"), HasSubstr("no such connector; the nearest one is `vault`"));
    add("okta", "actor", "jamf:a/b#c");
    EXPECT_THAT(objection("okta"), HasSubstr("keeps no secrets"));
    add("okta", "actor", "off:a/b#c");
    EXPECT_THAT(objection("okta"), HasSubstr("not enabled"));
}

TEST_F(References, DoNotGoInACircle) {
    add("one", "keeper", "two:a#b");
    add("two", "keeper", "three:a#b");
    add("three", "keeper", "one:a#b");
    add("self", "keeper", "self:a#b");
    add("okta", "actor", "one:a#b");

    for (const std::string key : {"one", "two", "three"}) {
        EXPECT_THAT(objection(key), HasSubstr("itself needs a secret of `" + key + "`"));
    }
    EXPECT_THAT(objection("self"), HasSubstr("the same one"));
    EXPECT_EQ(objection("okta"), "");  // it is not part of the circle
}

}  // namespace
}  // namespace quell::plugins
