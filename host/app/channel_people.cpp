// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/channel_people.hpp"

#include "identity/roles.hpp"
#include "identity/users.hpp"
#include "plugins/identity_lookup.hpp"
#include "store/users.hpp"

namespace quell::app {
namespace {

using Member = std::optional<identity::Principal>;

Result<Member> member_with_email(store::Reader& reader, const TenantId& tenant, const std::string& email) {
    TRY(const auto user, store::find_user_by_email(reader, email));
    if (!user || !user->active) {
        return Member();
    }
    TRY(const auto role_name, store::find_role(reader, user->id, tenant));
    const auto role = role_name ? identity::parse_role(*role_name) : std::nullopt;
    if (!role) {
        return Member();
    }
    return Member(identity::Principal{.tenant = tenant,
                                      .id = "user:" + user->id.str(),
                                      .label = user->email,
                                      .client = {},
                                      .scopes = identity::grantable_scopes(*role)});
}

}  // namespace

base::Task<Member> find_member(store::Store& store, const plugins::Connector& connector, std::string provider_user_id) {
    const plugins::Person asked{.provider_user_id = std::move(provider_user_id), .email = {}};
    CO_TRY(const auto found, co_await plugins::find_user(connector, asked, plugins::CallOptions()));
    if (found.size() != 1 || !found.front().active || !found.front().email) {
        co_return Member();
    }
    const auto email = identity::normal_email(*found.front().email);
    if (!email) {
        co_return Member();
    }
    co_return store.read([&](store::Reader& reader) { return member_with_email(reader, connector.tenant(), *email); });
}

}  // namespace quell::app
