// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

#include "config/settings.hpp"
#include "config/table_reader.hpp"

// One function for each kind of table. Each reads what it knows, refuses unknown keys, and leaves
// mistakes as diagnostics. Relative paths start at `directory`.
namespace quell::config {

void read_server(TableReader& root, const std::filesystem::path& directory, ServerSettings& out);
void read_admin(TableReader& root, const std::filesystem::path& directory, AdminSettings& out);
void read_store(TableReader& root, bool require_key, StoreSettings& out);
void read_plugin_trust(TableReader& root, const std::filesystem::path& directory, PluginTrust& out);
void read_api_keys(TableReader& root, ApiKeySettings& out);
void read_api(TableReader& root, ApiSettings& out);
// `is_loopback_only`: whether the server's listener is bound to loopback.
void read_oauth(TableReader& root, bool is_loopback_only, OAuthSettings& out);
void read_smtp(TableReader& root, SmtpSettings& out);
void read_webhooks(TableReader& root, bool is_loopback_only, WebhookSettings& out);
// [notifications] of a tenant.
void read_notifications(TableReader& root, NotificationSettings& out);
// [secret_store]
void read_secret_store(TableReader& root, SecretStoreSettings& out);
void read_plugins(TableReader& root, bool is_loopback_only,
                  std::map<PluginId, PluginSettings>& out);

// [challenges] and [support] of a tenant.
void read_challenges(TableReader& root, ChallengeSettings& out);
void read_support(TableReader& root, SupportSettings& out);

// Those of quell.toml; null if it could not be read.
using KnownPlugins = const std::map<PluginId, PluginSettings>*;

// [approvals] and [secrets] of a tenant, in this order: rules name the roles.
void read_approvals(TableReader& root, ApprovalSettings& out);
void read_secrets(TableReader& root, const ApprovalSettings& approvals, SecretSettings& out);

// [openid] of a tenant, if there is one.
void read_openid(TableReader& root, std::optional<OpenIdSettings>& out);
// The tables of tenants/ID.toml.
void read_tenant(TableReader& root, KnownPlugins plugins, TenantSettings& out);

}  // namespace quell::config
