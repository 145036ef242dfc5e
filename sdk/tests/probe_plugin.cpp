// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <quell/plugin.hpp>
#include <stdexcept>

#include "people_probe.hpp"

// A plugin that misbehaves in the way that its requests ask for; see trampoline_test.cpp.

namespace {

class Probe : public quell::DeviceContainment, public quell::SessionRevocation, public PeopleProbe {
  public:
    static quell::Result<std::unique_ptr<Probe>> create(const quell::Settings& settings) {
        if (settings.has("throw"))
            throw std::runtime_error("secret-of-the-plugin");
        QUELL_TRY(const std::string mood, settings.string("mood"));
        return std::make_unique<Probe>();
    }

    quell::Result<std::vector<quell::Device>> resolve(
        quell::Call& call, const quell::ResolveRequest& request) override {
        const std::string& wish = request.lookup.value;
        if (wish == "throw")
            throw std::runtime_error("secret-of-the-plugin");
        if (wish == "throw 7")
            throw 7;
        if (wish == "not utf8")
            return std::vector<quell::Device>{{"\xff"}};
        if (wish == "log")
            call.log().info("line", {{"request", call.request_id()}, {"quote", "\""}});
        if (wish == "sleep") {
            if (const auto slept = call.clock().sleep(std::chrono::hours{1}); !slept)
                return slept.error();
        }
        if (!call.is_read_only())
            return quell::internal_error("resolve must be read-only");
        quell::HttpRequest search;
        search.method = "POST";
        search.url = wish == "change" ? "https://x/change" : "https://x/search";
        search.headers = {{"X-A", "1"}};
        search.timeout = std::chrono::seconds{3};
        search.idempotent = true;
        QUELL_TRY(const quell::HttpResponse response, call.http().send(search));
        quell::Device device{"d-1"};
        device.hostname = *response.header("X-Host");
        return std::vector<quell::Device>{std::move(device)};
    }

    quell::Result<std::vector<quell::DeviceOutcome>> apply(
        quell::Call&, const quell::ApplyRequest& request) override {
        quell::DeviceOutcome first =
            quell::accepted(request.device_ids[0], "c", std::chrono::seconds{2});
        first.metadata = {
            {"flag", true}, {"n", std::int64_t{7}}, {"list", std::vector<std::string>{"a"}}};
        quell::Error refusal{quell::Status::resource_exhausted, "later", "E1", 429,
                             std::chrono::milliseconds{1500}};
        return std::vector<quell::DeviceOutcome>{first, quell::failed("d-2", refusal),
                                                 quell::confirmed("d-3", false)};
    }

    quell::Result<std::vector<quell::DeviceOutcome>> poll(
        quell::Call&, const quell::PollRequest& request) override {
        std::vector<quell::DeviceOutcome> outcomes;
        for (const quell::PollTarget& target : request.devices)
            outcomes.push_back(quell::accepted(
                target.provider_device_id,
                target.continuation.value_or("none") + " " + quell::format_time(target.since)));
        return outcomes;
    }

    quell::Result<std::vector<quell::Account>> resolve(
        quell::Call&, const quell::AccountLookup& lookup) override {
        return std::vector<quell::Account>{{"u-1", lookup.username}};
    }

    quell::Result<std::vector<quell::AccountOutcome>> revoke(
        quell::Call&, const quell::RevokeRequest& request) override {
        return std::vector<quell::AccountOutcome>{
            quell::revoked(request.user_ids[0]),
            quell::user_not_found("u-2", quell::not_found("gone"))};
    }
};

}  // namespace

// What quell_add_plugin would write.
extern "C" {
const unsigned char quell_plugin_manifest[] =
    R"({"id":"probe","version":"1.0.0","abi":1,"read_only_posts":["/search"]})";
const std::uint64_t quell_plugin_manifest_size = sizeof quell_plugin_manifest - 1;
}

QUELL_EXPORT_PLUGIN(Probe)
