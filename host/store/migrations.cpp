// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// kSteps[n] takes a file from version n to n + 1. A step that was released is never edited: a change is a new step.

#include "store/migrations.hpp"

#include <array>
#include <charconv>
#include <span>
#include <string>
#include <string_view>

#include "store/approvals_schema.hpp"
#include "store/audit_schema.hpp"
#include "store/challenges_schema.hpp"
#include "store/inbound_schema.hpp"
#include "store/notifications_schema.hpp"
#include "store/oauth_schema.hpp"
#include "store/openid_schema.hpp"
#include "store/orders_schema.hpp"
#include "store/secret_leases_schema.hpp"
#include "store/secrets_schema.hpp"
#include "store/sqlite_error.hpp"

namespace quell::store {
namespace {

using Step = std::span<const std::string_view>;

constexpr std::array kVersion1 = {kOAuthSchema, kOrdersSchema, kAuditSchema};
constexpr std::array kVersion2 = {kChallengesSchema,   kNotificationsSchema, kApprovalsSchema, kSecretsSchema,
                                  kSecretLeasesSchema, kInboundSchema,       kOpenIdSchema};
constexpr std::array<Step, 2> kSteps = {kVersion1, kVersion2};

// "Quel", in the file's header: tells a store from any other SQLite file.
constexpr int kApplicationId = 0x5175656C;

Result<int> pragma_number(Connection& connection, const char* name) {
    TRY(const std::string text, connection.value_of(std::string("PRAGMA ") + name));
    int number = -1;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Result<void> apply(Connection& connection, int from) {
    for (std::size_t at = static_cast<std::size_t>(from); at < kSteps.size(); ++at) {
        for (const std::string_view schema : kSteps[at]) {
            TRY_VOID(connection.execute(std::string(schema)));
        }
    }
    return connection.execute("PRAGMA application_id = " + std::to_string(kApplicationId) +
                              "; PRAGMA user_version = " + std::to_string(schema_version()));
}

Result<void> apply_in_transaction(Connection& connection, int from) {
    TRY_VOID(connection.execute("BEGIN IMMEDIATE"));
    Result<void> applied = apply(connection, from);
    if (applied) {
        applied = connection.execute("COMMIT");
    }
    if (!applied && connection.in_transaction()) {
        // The first failure is the one to report.
        static_cast<void>(connection.execute("ROLLBACK"));
    }
    return applied;
}

}  // namespace

int schema_version() { return static_cast<int>(kSteps.size()); }

Result<void> migrate(Connection& connection) {
    TRY(const int version, pragma_number(connection, "user_version"));
    TRY(const int application, pragma_number(connection, "application_id"));
    if (version > schema_version()) {
        return Error(Code::failed_precondition, "store_unavailable",
                     "The store was written by a newer version of Quell.")
            .next_step("Use that version again, or restore a backup from before the upgrade.")
            .detail("schema version " + std::to_string(version));
    }
    TRY(const std::string tables, connection.value_of("SELECT count(*) FROM sqlite_schema"));
    if (version < 0 || (application != kApplicationId && tables != "0")) {
        return store_damaged("the file is an SQLite database but no Quell store");
    }
    if (version == schema_version()) {
        return {};
    }
    return apply_in_transaction(connection, version);
}

}  // namespace quell::store
