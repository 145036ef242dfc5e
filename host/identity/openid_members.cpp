// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/openid_members.hpp"

#include "base/random.hpp"
#include "identity/password.hpp"
#include "store/openid.hpp"
#include "store/users.hpp"

namespace quell::identity {
namespace {

Error no_role() {
    return Error(Code::permission_denied, "openid_no_role", "Your account at the identity provider has no role here.")
        .next_step("An administrator gives roles to the values of a claim in [openid.roles] of the tenant.");
}

Error conflict(std::string_view why) {
    return Error(Code::permission_denied, "openid_account_conflict", std::string(why))
        .next_step("An administrator looks at the user; after `quell user remove` the next sign-in makes it anew.");
}

// One sign-in inside the transaction that settles it.
class Admission {
  public:
    Admission(store::Transaction& transaction, audit::Trail& trail, WallTime now, const TenantId& tenant,
              const OpenIdPerson& person, const std::string& email)
        : transaction_(transaction), trail_(trail), now_(now), tenant_(tenant), person_(person), email_(email) {}

    Result<std::optional<store::OpenIdMemberRow>> find_member() {
        return store::find_openid_member(transaction_, tenant_, person_.issuer, person_.subject);
    }

    // A role that is no longer given is taken away, with everything that hung on it.
    Result<void> dismiss(const store::OpenIdMemberRow& member) {
        TRY_VOID(store::delete_membership(transaction_, member.user, tenant_, now_));
        TRY(const auto others, store::list_memberships(transaction_, member.user));
        if (others.empty()) {
            TRY_VOID(store::delete_user(transaction_, member.user));
        }
        return note("user_removed", {});
    }

    Result<User> welcome_back(const store::OpenIdMemberRow& member, Role role) {
        TRY(const auto user, store::find_user(transaction_, member.user));
        if (!user || user->email != email_) {
            return conflict("The identity provider tells another e-mail address for you than before.");
        }
        TRY_VOID(check_active(*user));
        TRY(const auto present, store::find_role(transaction_, user->id, tenant_));
        if (present != std::string(to_string(role))) {
            TRY_VOID(store::set_role(transaction_, user->id, tenant_, to_string(role)));
            TRY_VOID(note("user_role_changed", role));
        }
        TRY_VOID(note("openid_login", role));
        return User{user->id, user->email};
    }

    Result<User> make_member(Role role) {
        TRY(const User user, find_or_make_user());
        TRY_VOID(store::insert_membership(transaction_, {.user = user.id,
                                                         .tenant = tenant_,
                                                         .role = std::string(to_string(role)),
                                                         .created_at = now_}));
        TRY_VOID(store::insert_openid_member(transaction_, {.tenant = tenant_,
                                                            .issuer = person_.issuer,
                                                            .subject = person_.subject,
                                                            .user = user.id,
                                                            .created_at = now_}));
        TRY_VOID(note("user_added", role));
        TRY_VOID(note("openid_login", role));
        return user;
    }

  private:
    static Result<void> check_active(const store::UserRow& user) {
        return user.active ? Result<void>() : conflict("This user is suspended.");
    }

    // The same e-mail in another tenant is the same user of the host; the session will be good in this tenant alone.
    Result<User> find_or_make_user() {
        TRY(const auto known, store::find_user_by_email(transaction_, email_));
        if (!known) {
            store::UserRow made{.id = UserId(uuid_v4()),
                                .email = email_,
                                .password_hash = unmatchable_hash(),
                                .active = true,
                                .created_at = now_};
            TRY_VOID(store::insert_user(transaction_, made));
            return User{made.id, made.email};
        }
        TRY_VOID(check_active(*known));
        TRY_VOID(make_room(known->id));
        return User{known->id, known->email};
    }

    Result<void> make_room(const UserId& user) {
        TRY(const auto role, store::find_role(transaction_, user, tenant_));
        if (!role) {
            return {};
        }
        TRY(const auto other, store::find_openid_member(transaction_, tenant_, user));
        if (!other) {
            return conflict("This e-mail address is a user whom an administrator made, with a password.");
        }
        if (other->issuer == person_.issuer) {
            return conflict("This e-mail address belonged to another account of the identity provider.");
        }
        // The tenant has another provider now, so what the old one said no longer counts.
        TRY_VOID(store::delete_membership(transaction_, user, tenant_, now_));
        return {};
    }

    Result<void> note(std::string_view event, std::optional<Role> role) {
        audit::Record record{.tenant = tenant_,
                             .event = std::string(event),
                             .actor = "openid:" + person_.issuer,
                             .request_id = {},
                             .outcome = "ok",
                             .detail = {{"email", email_}, {"subject", person_.subject}}};
        if (role) {
            record.detail["role"] = to_string(*role);
        }
        if (event == "openid_login") {
            record.detail["acr"] = person_.acr;
            record.detail["amr"] = json::Array(person_.amr.begin(), person_.amr.end());
        }
        return trail_.append(transaction_, record);
    }

    store::Transaction& transaction_;
    audit::Trail& trail_;
    WallTime now_;
    const TenantId& tenant_;
    const OpenIdPerson& person_;
    const std::string& email_;
};

// nullopt: dismissed, which has to be kept, so it is no error of the transaction.
Result<std::optional<User>> settle(Admission admission, std::optional<Role> role) {
    TRY(const auto member, admission.find_member());
    if (!role) {
        if (member) {
            TRY_VOID(admission.dismiss(*member));
        }
        return std::optional<User>();
    }
    TRY(User user, member ? admission.welcome_back(*member, *role) : admission.make_member(*role));
    return std::optional<User>(std::move(user));
}

}  // namespace

base::Task<User> OpenIdMembers::admit(TenantId tenant, OpenIdClient client, OpenIdPerson person) {
    CO_TRY(const std::string email, believed_email(*client, person));
    const std::optional<Role> role = mapped_role(*client, person.claims);
    auto work = [&trail = trail_, now = now_(), guard = clock_.begin(), tenant = std::move(tenant),
                 person = std::move(person), email, role](store::Transaction& transaction) {
        return settle(Admission(transaction, trail, now, tenant, person, email), role);
    };
    CO_TRY(auto user, co_await store_.write<std::optional<User>>(std::move(work)));
    co_return user ? Result<User>(*std::move(user)) : Result<User>(no_role());
}

}  // namespace quell::identity
