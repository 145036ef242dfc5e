// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "console/verification.hpp"

#include <gmock/gmock.h>

#include <map>

#include "challenges/challenge_rig.hpp"
#include "identity/fake_provider.hpp"
#include "identity/password_pool.hpp"
#include "identity/revocation.hpp"

namespace quell::console {
namespace {

using challenges::for_alice;
using ::testing::HasSubstr;
using ::testing::Not;

// The page over the real use case, a provider of the tenant acme, and one browser.
class VerificationDoor : public ::testing::Test {
  protected:
    VerificationDoor() {
        ::setenv("QUELL_TEST_OPENID_SECRET", "secret", 1);
        config::TenantSettings& acme = tenants_[TenantId("acme")];
        acme.id = TenantId("acme");
        acme.name = "Acme";
        acme.support.email = "help@acme.example";
        acme.openid.emplace();
        acme.openid->issuer = identity::kProviderIssuer;
        acme.openid->client_id = "quell";
        acme.openid->client_secret = json::Object{{"env", "QUELL_TEST_OPENID_SECRET"}};
        provider.change = [this](json::Object& claims) {
            claims["auth_time"] = unix_millis(rig.rig().clock().now()) / 1000;
            change(claims);
        };
        door.add_routes(router);
    }

    json::Value challenge(const json::Object& arguments = for_alice()) { return rig.created(arguments); }
    static std::string path_of(const json::Value& challenge) {
        const std::string url(json::text(challenge.at("verification_url")));
        return url.substr(url.find("/challenges/"));
    }
    http::Response send(std::string_view method, std::string_view path, std::string_view body = {}) {
        std::string cookie;
        for (const auto& [name, value] : cookies) {
            cookie += (cookie.empty() ? "" : "; ") + name + "=" + value;
        }
        http::Request request;
        request.method = method;
        request.path = path;
        request.body = body;
        request.peer = "192.0.2.1";
        request.headers = {{"Cookie", cookie}};
        return keep(run(router.route(request)));
    }
    http::Response press(const json::Value& made, const std::string& button) {
        const http::Response page = send("GET", path_of(made));
        return send("POST", path_of(made) + "/" + button, "csrf=" + csrf_of(page));
    }
    static std::string csrf_of(const http::Response& page) {
        const std::string start = "name=\"csrf\" value=\"";
        const std::size_t begin = page.body.find(start);
        return begin == std::string::npos ? "" : page.body.substr(begin + start.size(), 43);
    }
    // Back from the provider, as the door of sign-ins brings it.
    http::Response come_back(const http::Response& leaving) {
        std::string address = leaving.body.substr(leaving.body.find("<a href=\"") + 9);
        address.resize(address.find('"'));
        for (std::size_t at = address.find("&amp;"); at != std::string::npos; at = address.find("&amp;", at + 1)) {
            address.replace(at, 5, "&");
        }
        const auto form = http::Form::parse(provider.sign_in(address));
        return run(finish({.tenant = TenantId("acme"),
                           .state = std::string(form->value("state")),
                           .code = std::string(form->value("code")),
                           .issuer = std::string(form->value("iss")),
                           .error = {}}));
    }
    http::Answer finish(identity::OpenIdAnswer answer) {
        const identity::OpenIdClient client(std::shared_ptr<void>(), &*tenants_.at(TenantId("acme")).openid);
        auto attempt = co_await openid.take(answer, cookies["__Host-quell-openid"]);
        auto person = co_await openid.identify(client, *attempt, answer);
        http::Request request;
        request.peer = "192.0.2.1";
        co_return co_await door.proven(request, *std::move(attempt), std::move(person));
    }
    std::string status(const json::Value& made) { return challenges::status_of(rig.look_up(made)); }

    http::Response run(http::Answer answer) {
        http::Response out;
        boost::asio::io_context context;
        boost::asio::co_spawn(context, std::move(answer), [&](std::exception_ptr failure, http::Response response) {
            ASSERT_FALSE(failure);
            out = std::move(response);
        });
        context.run();
        return out;
    }
    http::Response keep(http::Response response) {
        for (const auto& [name, value] : response.headers) {
            if (name == "Set-Cookie") {
                const std::size_t equals = value.find('=');
                cookies[value.substr(0, equals)] = value.substr(equals + 1, value.find(';') - equals - 1);
            }
        }
        return response;
    }

    challenges::ChallengeRig rig;
    identity::FakeProvider provider{[this] { return rig.rig().clock().now(); }};
    std::function<void(json::Object&)> change = [](json::Object&) {};
    identity::OpenIdProviders providers{
        [this](egress::HttpRequest request, bool) { return answer(std::move(request)); },
        [this] { return rig.rig().clock().now(); }};
    identity::OpenIdSignIn openid{rig.rig().store(), providers, "https://quell.example",
                                  [this] { return rig.rig().clock().now(); }};
    identity::RevocationClock revocations;
    identity::PasswordPool passwords;
    identity::Users users{rig.rig().store(), rig.rig().trail(), revocations, passwords};
    Verification::TenantMap tenants_;
    Verification door{{.challenges = [this] { return std::shared_ptr<challenges::Challenges>(std::shared_ptr<void>(), &rig.challenges()); },
                       .tenants = [this] { return std::shared_ptr<const Verification::TenantMap>(std::shared_ptr<void>(), &tenants_); },
                       .openid = openid,
                       .users = users,
                       .trail = rig.rig().trail(),
                       .public_url = "https://quell.example"}};
    http::Router router;
    std::map<std::string, std::string> cookies;

  private:
    base::Task<egress::HttpResponse> answer(egress::HttpRequest request) { co_return provider.respond(request); }
};

// V89+
TEST_F(VerificationDoor, LetsTheTargetVerifyByAFreshSignIn) {
    const json::Value made = challenge();

    const http::Response leaving = press(made, "confirm");
    EXPECT_EQ(status(made), "in_progress");
    const http::Response done = come_back(leaving);

    EXPECT_THAT(leaving.body, HasSubstr("prompt=login"));
    EXPECT_THAT(leaving.body, HasSubstr("max_age=0"));
    EXPECT_EQ(done.status, 200U) << done.body;
    EXPECT_EQ(status(made), "verified");
}

// V89+
TEST_F(VerificationDoor, WantsASignInThatWasMadeForIt) {
    const json::Value made = challenge();
    change = [this](json::Object& claims) { claims["auth_time"] = unix_millis(rig.rig().clock().now()) / 1000 - 300; };

    const http::Response refused = come_back(press(made, "confirm"));

    EXPECT_EQ(refused.status, 403U);
    EXPECT_THAT(refused.body, HasSubstr("(auth_time)"));
    EXPECT_EQ(status(made), "in_progress");
    EXPECT_THAT(rig.rig().audited(TenantId("acme")), ::testing::Contains("challenge_proof_failed openid_token_invalid"));
}

// V89+
TEST_F(VerificationDoor, TakesNobodyButTheTarget) {
    const json::Value made = challenge();
    change = [](json::Object& claims) { claims["email"] = "mallory@corp.example"; };

    const http::Response refused = come_back(press(made, "confirm"));

    EXPECT_EQ(refused.status, 403U);
    EXPECT_THAT(refused.body, HasSubstr("mallory@corp.example"));
    EXPECT_THAT(refused.body, HasSubstr("(not_the_target)"));
    EXPECT_EQ(status(made), "in_progress");
}

// V89+
TEST_F(VerificationDoor, BelievesAnAddressOnlyIfTheProviderHasVerifiedIt) {
    const json::Value made = challenge();
    change = [](json::Object& claims) { claims["email_verified"] = false; };

    EXPECT_THAT(come_back(press(made, "confirm")).body, HasSubstr("(openid_email_unverified)"));
    EXPECT_EQ(status(made), "in_progress");
}

// V89+
TEST_F(VerificationDoor, TakesAReportWithoutAProof) {
    const json::Value made = challenge();

    EXPECT_EQ(press(made, "report").status, 200U);

    EXPECT_EQ(status(made), "incident_reported");
    EXPECT_EQ(send("GET", path_of(made)).status, 410U);
}

// V89+
TEST_F(VerificationDoor, DecidesNothingByLooking) {
    const json::Value made = challenge();

    EXPECT_EQ(send("GET", path_of(made)).status, 200U);
    EXPECT_EQ(send("HEAD", path_of(made)).status, 200U);
    EXPECT_EQ(send("GET", path_of(made) + "/report").status, 405U);

    EXPECT_EQ(status(made), "initiated");
}

// OA-23
TEST_F(VerificationDoor, TakesItsOwnFormAlone) {
    const json::Value made = challenge();
    const json::Value other = challenge();
    const std::string foreign = csrf_of(send("GET", path_of(other)));

    for (const std::string& body : {std::string(), std::string("csrf=guess"), "csrf=" + foreign}) {
        EXPECT_EQ(send("POST", path_of(made) + "/report", body).status, 403U);
        EXPECT_EQ(send("POST", path_of(made) + "/confirm", body).status, 403U);
    }
    EXPECT_EQ(status(made), "initiated");
}

TEST_F(VerificationDoor, SaysThatItIsTooLate) {
    const json::Value made = challenge();
    const http::Response leaving = press(made, "confirm");
    rig.pass(std::chrono::minutes(15));

    EXPECT_EQ(send("GET", path_of(made)).status, 410U);
    EXPECT_EQ(send("POST", path_of(made) + "/report").status, 410U);
    EXPECT_EQ(status(made), "expired");
}

// UI-01
TEST_F(VerificationDoor, ShowsWhatTheAgentWroteAsText) {
    const json::Value made = challenge(for_alice("context", "<script>alert('x')</script>{{csrf}}"));

    const http::Response page = send("GET", path_of(made));

    EXPECT_THAT(page.body, Not(HasSubstr("<script")));
    EXPECT_THAT(page.body, HasSubstr("{{csrf}}"));
    EXPECT_THAT(page.body, HasSubstr("checked by nobody"));
    EXPECT_THAT(page.body, HasSubstr("help@acme.example"));
}

}  // namespace
}  // namespace quell::console
