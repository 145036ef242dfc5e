// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secrets/plugin_backends.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "audit/scratch_trail.hpp"
#include "plugins/plugin_host.hpp"

namespace quell::secrets {
namespace {

using namespace std::chrono_literals;

template <class T>
Result<T> run(base::Task<T> task) {
    boost::asio::io_context context;
    std::optional<Result<T>> result;
    boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr, Result<T> given) { result = std::move(given); });
    context.run();
    return *std::move(result);
}

class PluginSecrets : public ::testing::Test {
  protected:
    PluginSecrets() {
        host_.add_plugin("people", config::Isolation::process);
        host_.add_connector("people", "people", {});
        host_.start();
    }
    std::shared_ptr<Backend> backend(std::string_view connector = "main") { return backends_.find(TenantId("acme"), connector); }
    Result<Value> read(const std::string& path, const std::string& field, std::optional<WallTime> until = {}) {
        return run(backend()->read({.tenant = TenantId("acme"), .path = path, .field = field, .actor = "client:a", .until = until}));
    }
    PresentRegistry registry() {
        return [this] { return std::shared_ptr<plugins::Registry>(std::shared_ptr<void>(), &host_.registry()); };
    }

    plugins::test::PluginHost host_{"keeper", config::Isolation::process};
    audit::ScratchTrail trail_;
    LeaseEnder leases_{*trail_.store(), *trail_, registry()};
    PluginBackends backends_{registry(), leases_};
};

TEST_F(PluginSecrets, AreThoseOfTheTenantsConnectorsThatKeepSecrets) {
    EXPECT_NE(backend(), nullptr);
    EXPECT_EQ(backend("people"), nullptr);
    EXPECT_EQ(backend("other"), nullptr);
    EXPECT_EQ(backends_.find(TenantId("beta"), "main"), nullptr);
}

TEST_F(PluginSecrets, AreReadByFieldOrAsAWhole) {
    const auto all = read("good", "*");
    ASSERT_TRUE(all) << all.error()->detail;
    EXPECT_EQ(all->text.reveal(), R"({"user":"alice","password":"p\nw!"})");
    EXPECT_EQ(all->version, "7");
    EXPECT_EQ(read("good", "password")->text.reveal(), "p\nw!");
    EXPECT_EQ(read("good", "other").error()->key, "plugin_bad_result");
    EXPECT_EQ(read("nothing", "*").error()->key, "secret_not_found");
}

// The row is there before the value is.
TEST_F(PluginSecrets, WithALeaseAreEndedWithTheGrant) {
    const WallTime until = wall_now() + 30s;

    const auto made = read("dynamic", "*", until);

    ASSERT_TRUE(made) << made.error()->detail;
    EXPECT_EQ(made->lease_id, "lease-1");
    const auto rows = store::must(trail_.store()->read([&](store::Reader& reader) {
        return store::list_due_secret_leases(reader, until, 10);
    }));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows.front().lease_id, "lease-1");
    EXPECT_EQ(rows.front().actor, "client:a");
}

}  // namespace
}  // namespace quell::secrets
