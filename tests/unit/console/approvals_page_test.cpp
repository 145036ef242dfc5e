// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "console/approvals_page.hpp"

#include <gmock/gmock.h>

#include "approvals/approvals_rig.hpp"
#include "base/encoding.hpp"

namespace quell::console {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// An owner of acme and beta who looks at the page; something waits for a decision in each of the two.
class ApprovalsDoor : public ::testing::Test {
  protected:
    ApprovalsDoor() {
        rig.host.add_user("owner@acme.example", identity::Role::owner, "acme");
        login.user = rig.host.add_user("owner@acme.example", identity::Role::owner, "beta");
        login.csrf_secret = "secret of the login";
        page.add_routes(router);
    }

    std::string asked_in(const std::string& tenant) {
        identity::Principal requester = approvals::ApprovalsRig::machine();
        requester.tenant = TenantId(tenant);
        return rig.ask(requester, approvals::ApprovalsRig::wish())->id;
    }
    http::Response send(std::string_view method, std::string_view body = {}) {
        http::Request request;
        request.method = method;
        request.path = "/mcp/approvals";
        request.body = body;
        request.peer = "192.0.2.1";
        boost::asio::io_context context;
        http::Response response;
        boost::asio::co_spawn(context, router.route(request), [&](std::exception_ptr failure, http::Response answer) {
            EXPECT_FALSE(failure);
            response = std::move(answer);
        });
        context.run();
        return response;
    }
    http::Response approve(const std::string& tenant, const std::string& id) {
        return send("POST", "action=approve&reason=Seen&tenant=" + tenant + "&id=" + percent_encode(id) +
                                "&csrf=" + percent_encode(login.csrf_token("approval\n" + id)));
    }
    std::string status(const std::string& tenant, const std::string& id) {
        identity::Principal requester = approvals::ApprovalsRig::machine();
        requester.tenant = TenantId(tenant);
        return rig.service.get(requester, id)->status;
    }

    approvals::ApprovalsRig rig;
    identity::Login login;
    ApprovalsPage page{{.approvals = rig.service,
                        .users = rig.host.users,
                        .login = [this](const http::Request&) { return std::optional(login); }}};
    http::Router router;
};

TEST_F(ApprovalsDoor, ShowsWhatWaitsInEveryTenantOfAPassword) {
    const std::string here = asked_in("acme");
    const std::string there = asked_in("beta");

    const std::string text = send("GET").body;

    EXPECT_THAT(text, HasSubstr(here));
    EXPECT_THAT(text, HasSubstr(there));
}

// A tenant's provider vouches for its own tenant alone.
TEST_F(ApprovalsDoor, ShowsOneTenantToTheSignInOfItsProvider) {
    const std::string here = asked_in("acme");
    const std::string there = asked_in("beta");
    login.tenant = TenantId("acme");

    const std::string text = send("GET").body;

    EXPECT_THAT(text, HasSubstr(here));
    EXPECT_THAT(text, Not(HasSubstr(there)));
}

TEST_F(ApprovalsDoor, LetsTheSignInOfAProviderDecideInItsTenantAlone) {
    const std::string here = asked_in("acme");
    const std::string there = asked_in("beta");
    login.tenant = TenantId("acme");

    EXPECT_EQ(approve("beta", there).status, 403U);
    EXPECT_EQ(status("beta", there), "pending");
    EXPECT_EQ(approve("acme", here).status, 303U);
    EXPECT_EQ(status("acme", here), "approved");
}

}  // namespace
}  // namespace quell::console
