// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/users.hpp"

#include <gtest/gtest.h>

#include "identity/temporary_host.hpp"

namespace quell::identity {
namespace {

const TenantId kAcme("acme");

TEST(Users, MayBelongToSeveralTenants) {
    TemporaryHost host;
    const User alice = host.add_user("alice@corp.example", Role::admin);
    host.add_user("alice@corp.example", Role::viewer, "globex");

    const auto memberships = host.users.memberships(alice.id);

    ASSERT_TRUE(memberships);
    ASSERT_EQ(memberships->size(), 2U);
    EXPECT_EQ((*memberships)[0].role, Role::admin);
    EXPECT_EQ((*memberships)[1].role, Role::viewer);
}

TEST(Users, AreNotAddedTwiceToATenant) {
    TemporaryHost host;
    host.add_user("alice@corp.example");

    const auto again = host.users.add_and_wait({"ALICE@corp.example", SecretString(), kAcme, Role::admin}, "uid:0");

    ASSERT_FALSE(again);
    EXPECT_EQ(again.error()->code, Code::already_exists);
}

TEST(Users, KeepTheirPasswordWhenTheyJoinAnotherTenant) {
    TemporaryHost host;
    host.add_user("alice@corp.example");

    const auto taken = host.users.add_and_wait(
        {"alice@corp.example", SecretString("another password"), TenantId("globex"), Role::admin}, "uid:0");

    EXPECT_FALSE(taken);
}

// V70
TEST(Users, NeverLoseTheirLastAdministrator) {
    TemporaryHost host;
    host.add_user("admin@corp.example", Role::admin);

    EXPECT_FALSE(host.users.set_role_and_wait(kAcme, "admin@corp.example", Role::viewer, "uid:0"));
    EXPECT_FALSE(host.users.remove_and_wait(kAcme, "admin@corp.example", "uid:0"));
    host.add_user("second@corp.example", Role::admin);
    EXPECT_TRUE(host.users.set_role_and_wait(kAcme, "admin@corp.example", Role::viewer, "uid:0"));
}

// V70
TEST(Users, CannotChangeAnOwnerOrThemselves) {
    TemporaryHost host;
    host.add_user("owner@corp.example", Role::owner);
    const User admin = host.add_user("admin@corp.example", Role::admin);

    EXPECT_FALSE(host.users.set_role_and_wait(kAcme, "owner@corp.example", Role::admin, "uid:0"));
    EXPECT_FALSE(host.users.remove_and_wait(kAcme, "owner@corp.example", "uid:0"));
    EXPECT_FALSE(host.users.set_role_and_wait(kAcme, "admin@corp.example", Role::owner, "user:" + admin.id.str()));
}

TEST(Users, OfAnotherTenantAreUnknown) {
    TemporaryHost host;
    host.add_user("bob@globex.example", Role::analyst, "globex");

    const auto changed = host.users.set_role_and_wait(kAcme, "bob@globex.example", Role::admin, "uid:0");

    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error()->key, "user_not_found");
    EXPECT_TRUE(host.users.list(kAcme)->empty());
}

TEST(Users, AreSignedOutByANewPassword) {
    TemporaryHost host;
    const User alice = host.add_user("alice@corp.example");
    const std::string id = host.run(host.logins.start(alice, "")).value();

    ASSERT_TRUE(host.users.set_password_and_wait("alice@corp.example", SecretString("another password"), "uid:0"));

    EXPECT_FALSE(host.logins.find(id).value().has_value());
    EXPECT_TRUE(host.run(host.users.authenticate("alice@corp.example", SecretString("another password"))).value());
}

TEST(LoginSessions, EndAtTheServer) {
    TemporaryHost host;
    const User alice = host.add_user("alice@corp.example");
    const std::string id = host.run(host.logins.start(alice, "")).value();
    ASSERT_TRUE(host.logins.find(id).value().has_value());

    ASSERT_TRUE(host.run(host.logins.end(id, alice)));

    EXPECT_FALSE(host.logins.find(id).value().has_value());
}

TEST(LoginSessions, LastEightHours) {
    TemporaryHost host;
    const std::string id = host.run(host.logins.start(host.add_user("alice@corp.example"), "")).value();

    host.now += std::chrono::hours(8) - std::chrono::seconds(1);
    EXPECT_TRUE(host.logins.find(id).value().has_value());
    host.now += std::chrono::seconds(1);
    EXPECT_FALSE(host.logins.find(id).value().has_value());
}

TEST(LoginSessions, GetANewIdEachTimeAndEndTheOldOne) {
    TemporaryHost host;
    const User alice = host.add_user("alice@corp.example");
    const std::string first = host.run(host.logins.start(alice, "")).value();

    const std::string second = host.run(host.logins.start(alice, first)).value();

    EXPECT_NE(first, second);
    EXPECT_FALSE(host.logins.find(first).value().has_value());
    EXPECT_TRUE(host.logins.find(second).value().has_value());
}

TEST(Login, BindsAFormToItsSubject) {
    const Login login{{UserId("u"), "alice@corp.example"}, "secret"};
    const Login other{{UserId("u"), "alice@corp.example"}, "other secret"};
    const std::string token = login.csrf_token("consent");

    EXPECT_TRUE(login.accepts_csrf_token(token, "consent"));
    EXPECT_FALSE(login.accepts_csrf_token(token, "logout"));
    EXPECT_FALSE(login.accepts_csrf_token("", "consent"));
    EXPECT_FALSE(other.accepts_csrf_token(token, "consent"));
}

}  // namespace
}  // namespace quell::identity
