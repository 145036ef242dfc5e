// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/users.hpp"

#include <algorithm>

#include "base/random.hpp"
#include "identity/password.hpp"
#include "store/login_sessions.hpp"
#include "store/users.hpp"

namespace quell::identity {
namespace {

Error unknown_user() {
    return {Code::not_found, "user_not_found", "This tenant has no such user."};
}

Error is_member_already(const TenantId& tenant, const std::string& email) {
    return Error(Code::already_exists, "invalid_arguments", email + " belongs to the tenant " + tenant.str() + " already.")
        .next_step("Change the role with `quell user set-role`.");
}

Error not_allowed(std::string_view why) {
    return {Code::failed_precondition, "invalid_arguments", std::string(why)};
}

audit::Record record(std::string_view event, const TenantId& tenant, std::string_view email, std::string_view actor) {
    return {.tenant = tenant,
            .event = std::string(event),
            .actor = std::string(actor),
            .request_id = {},
            .outcome = "ok",
            .detail = {{"email", email}}};
}

struct Member {
    User user;
    Role role;
};

Result<Member> find_member(store::Reader& reader, const TenantId& tenant, const std::string& email) {
    TRY(const auto user, store::find_user_by_email(reader, email));
    if (!user) {
        return unknown_user();
    }
    TRY(const auto word, store::find_role(reader, user->id, tenant));
    const auto role = word ? parse_role(*word) : std::nullopt;
    if (!role) {
        return unknown_user();
    }
    return Member{{user->id, user->email}, *role};
}

// V70. `stays` is whether the member will still be an administrator.
Result<void> check_change(store::Reader& reader, const TenantId& tenant, const Member& member, bool stays,
                          std::string_view actor) {
    if (actor == "user:" + member.user.id.str()) {
        return not_allowed("nobody changes their own role");
    }
    if (member.role == Role::owner) {
        return not_allowed("an owner cannot be changed or removed");
    }
    TRY(const std::int64_t administrators, store::count_administrators(reader, tenant));
    if (member.role == Role::admin && !stays && administrators <= 1) {
        return not_allowed("the tenant would have no administrator left");
    }
    return {};
}

// The user with this e-mail, made now if there was none.
Result<User> find_or_insert(store::Transaction& transaction, const std::string& email, const std::string& hash,
                            WallTime now) {
    TRY(const auto known, store::find_user_by_email(transaction, email));
    if (known && !hash.empty()) {
        return not_allowed("this e-mail is a user already and keeps its password: give none");
    }
    if (known) {
        return User{known->id, known->email};
    }
    if (hash.empty()) {
        return invalid_arguments("a new user needs a password").next_step("Give it with --password-stdin.");
    }
    User user{UserId(uuid_v4()), email};
    TRY_VOID(store::insert_user(transaction, {.id = user.id,
                                              .email = user.email,
                                              .password_hash = hash,
                                              .active = true,
                                              .created_at = now}));
    return user;
}

}  // namespace

Result<User> Users::add_and_wait(NewUser wanted, std::string_view actor) {
    TRY(const std::string email, normal_email(wanted.email));
    std::string hash;
    if (!wanted.password.empty()) {
        TRY_VOID(check_new_password(wanted.password));
        TRY(hash, hash_password(wanted.password));
    }
    return store_.write_and_wait<User>([&](store::Transaction& transaction) -> Result<User> {
        TRY(const User user, find_or_insert(transaction, email, hash, now_()));
        TRY(const auto present, store::find_role(transaction, user.id, wanted.tenant));
        if (present) {
            return is_member_already(wanted.tenant, email);
        }
        TRY_VOID(store::insert_membership(transaction, {.user = user.id,
                                                        .tenant = wanted.tenant,
                                                        .role = std::string(to_string(wanted.role)),
                                                        .created_at = now_()}));
        audit::Record added = record("user_added", wanted.tenant, email, actor);
        added.detail["role"] = to_string(wanted.role);
        TRY_VOID(trail_.append(transaction, added));
        return user;
    });
}

Result<std::vector<ListedUser>> Users::list(const TenantId& tenant) const {
    TRY(const std::vector<store::MemberRow> rows,
        store_.read([&](store::Reader& reader) { return store::list_members(reader, tenant); }));
    std::vector<ListedUser> listed;
    for (const store::MemberRow& row : rows) {
        listed.push_back({{row.user.id, row.user.email},
                          parse_role(row.role).value_or(Role::viewer),
                          row.user.created_at});
    }
    return listed;
}

Result<void> Users::set_role_and_wait(const TenantId& tenant, std::string_view email, Role role,
                                      std::string_view actor) {
    TRY(const std::string normal, normal_email(email));
    const RevocationClock::Guard guard = clock_.begin();
    return store_.write_and_wait<void>([&](store::Transaction& transaction) -> Result<void> {
        TRY(const Member member, find_member(transaction, tenant, normal));
        TRY_VOID(check_change(transaction, tenant, member, is_administrator(role), actor));
        TRY_VOID(store::set_role(transaction, member.user.id, tenant, to_string(role)));
        audit::Record changed = record("user_role_changed", tenant, normal, actor);
        changed.detail["role"] = to_string(role);
        return trail_.append(transaction, changed);
    });
}

Result<void> Users::remove_and_wait(const TenantId& tenant, std::string_view email, std::string_view actor) {
    TRY(const std::string normal, normal_email(email));
    const RevocationClock::Guard guard = clock_.begin();
    return store_.write_and_wait<void>([&](store::Transaction& transaction) -> Result<void> {
        TRY(const Member member, find_member(transaction, tenant, normal));
        TRY_VOID(check_change(transaction, tenant, member, false, actor));
        TRY_VOID(store::delete_membership(transaction, member.user.id, tenant, now_()));
        TRY(const auto others, store::list_memberships(transaction, member.user.id));
        if (others.empty()) {
            TRY_VOID(store::delete_user(transaction, member.user.id));
        }
        return trail_.append(transaction, record("user_removed", tenant, normal, actor));
    });
}

Result<void> Users::set_password_and_wait(std::string_view email, SecretString password, std::string_view actor) {
    TRY(const std::string normal, normal_email(email));
    TRY_VOID(check_new_password(password));
    TRY(const std::string hash, hash_password(password));
    return store_.write_and_wait<void>([&](store::Transaction& transaction) -> Result<void> {
        TRY(const auto user, store::find_user_by_email(transaction, normal));
        if (!user) {
            return unknown_user();
        }
        TRY_VOID(store::set_password_hash(transaction, user->id, hash));
        TRY_VOID(store::delete_login_sessions_of(transaction, user->id));
        return trail_.append(transaction, record("password_changed", TenantId(), normal, actor));
    });
}

base::Task<std::optional<User>> Users::authenticate(std::string email, SecretString password) {
    const auto normal = normal_email(email);
    std::optional<store::UserRow> user;
    if (normal) {
        CO_TRY(user, store_.read([&](store::Reader& reader) { return store::find_user_by_email(reader, *normal); }));
    }
    std::string hash = user ? user->password_hash : unmatchable_hash();
    CO_TRY(const bool matches, co_await passwords_.matches(std::move(hash), std::move(password)));
    if (!matches || !user || !user->active) {
        co_return std::optional<User>();
    }
    co_return User{user->id, user->email};
}

Result<std::vector<Membership>> Users::memberships(const UserId& id) const {
    TRY(const std::vector<store::MembershipRow> rows,
        store_.read([&](store::Reader& reader) { return store::list_memberships(reader, id); }));
    std::vector<Membership> memberships;
    for (const store::MembershipRow& row : rows) {
        if (const auto role = parse_role(row.role)) {
            memberships.push_back({row.tenant, *role});
        }
    }
    return memberships;
}

Result<std::string> normal_email(std::string_view text) {
    const std::size_t at = text.find('@');
    const bool shaped = text.size() <= 254 && at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
                        text.find('@', at + 1) == std::string_view::npos;
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7F && std::string_view("\"(),:;<>[\\]").find(c) == std::string_view::npos;
    });
    if (!shaped || !plain) {
        return invalid_arguments("an e-mail address must look like alice@corp.example");
    }
    std::string normal(text);
    std::transform(normal.begin(), normal.end(), normal.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return normal;
}

}  // namespace quell::identity
