// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <string>
#include <utility>

#include "containment/fake_devices.hpp"
#include "containment/service.hpp"
#include "orders/order_rig.hpp"
#include "store/orders.hpp"

namespace quell::containment {

// One tenant with Alice's Mac at both connectors, and the use case over it.
class ContainmentRig {
  public:
    ContainmentRig() {
        config::TenantSettings& tenant = settings_.tenants[TenantId("acme")];
        tenant.id = TenantId("acme");
        tenant.device_containment.enabled = true;
        tenant.device_containment.allow_via_mcp = true;
        tenant.device_containment.wait = std::chrono::seconds(20);
        for (const char* key : {"crowdstrike", "jamf"}) {
            tenant.connectors[ConnectorKey(key)].key = ConnectorKey(key);
        }
        settings_.tenants[TenantId("globex")] = tenant;
        settings_.tenants[TenantId("globex")].id = TenantId("globex");
        devices_.add(crowdstrike_profile());
        devices_.add(jamf_profile());
        devices_.add_device("crowdstrike", a_device("A1", "alice-mac.corp.example", "C02ALICE0001"));
        devices_.add_device("jamf", a_device("M1", "alice-mac.corp.example", "C02ALICE0001", "alice@corp.example"));
        attach();
        start();
    }
    ~ContainmentRig() { rig_.close(); }

    // As after a crash; start() begins the recovery.
    void restart() {
        rig_.close();
        containment_.reset();
        rig_.open();
        attach();
    }
    void start() {
        rig_.orders().serve(orders::Kind::containment, {std::shared_ptr<void>(), &containment_->actor()});
        orders::OrderRig::must_do(rig_.orders().start());
    }

    config::DeviceContainmentSettings& settings() { return settings_.tenants[TenantId("acme")].device_containment; }
    const config::Settings& all_settings() const { return settings_; }
    FakeDevices& devices() { return devices_; }
    orders::OrderRig& rig() { return rig_; }
    Containment& containment() { return *containment_; }

    Result<json::Value> contain(ContainArguments arguments, Entry entry = Entry::mcp) {
        return rig_.run(containment_->contain(principal_, std::move(arguments), entry, {}));
    }
    std::future<Result<json::Value>> begin(ContainArguments arguments) {
        return rig_.start(containment_->contain(principal_, std::move(arguments), Entry::mcp, {}));
    }
    Result<json::Value> look_up(const identity::Principal& principal, const RequestId& id) {
        return rig_.run(containment_->get(principal, id));
    }
    // Waits until the request is final.
    json::Value settled(const json::Value& request) {
        const RequestId id{std::string(json::text(request.at("request_id")))};
        return orders::OrderRig::must(rig_.run(containment_->wait(principal_, id, std::chrono::seconds(30), {})));
    }
    // The ids of a page of the list.
    std::vector<std::string> listed(const std::string& before, std::int64_t limit) {
        const json::Value page =
            orders::OrderRig::must(orders::OrderRig::read(containment_->list(principal_, RequestId(before), limit)));
        std::vector<std::string> ids;
        for (const json::Value& request : page.at("requests").as_array()) {
            ids.emplace_back(json::text(request.at("request_id")));
        }
        return ids;
    }
    // Blocks until that many requests are in the store: each pass waits for a commit, not for time.
    void wait_for_requests(std::size_t count) {
        while (orders::OrderRig::must(orders::OrderRig::read(containment_->list(principal_, {}, 100))).at("requests").as_array().size() <
               count) {
            rig_.flush();
        }
    }
    std::int64_t units() {
        rig_.flush();
        std::int64_t units = 0;
        for (const store::UsageRow& row : orders::OrderRig::must(rig_.store().read(
                 [](store::Reader& reader) { return store::usage_of(reader, TenantId("acme")); }))) {
            units += row.units;
        }
        return units;
    }

    const identity::Principal& principal() const { return principal_; }
    static identity::Principal someone(std::string tenant, std::string id) {
        identity::Principal principal;
        principal.tenant = TenantId(std::move(tenant));
        principal.id = id;
        principal.label = std::move(id);
        return principal;
    }

  private:
    void attach() {
        containment_ = std::make_unique<Containment>(Containment::Services{.orders = rig_.orders(),
                                                                            .connectors = devices_,
                                                                            .settings = settings_,
                                                                            .key = rig_.key(),
                                                                            .store = rig_.store(),
                                                                            .trail = rig_.trail()});
    }

    config::Settings settings_;
    FakeDevices devices_;
    orders::OrderRig rig_;
    std::unique_ptr<Containment> containment_;
    const identity::Principal principal_ = someone("acme", "client:agent");
};

inline ContainArguments asked(Action action, LookupType type, std::string value) {
    ContainArguments arguments;
    arguments.action = action;
    arguments.lookup = {type, std::move(value)};
    return arguments;
}

inline ContainArguments contain_alices_mac() {
    return asked(Action::network_contain, LookupType::hostname, "alice-mac.corp.example");
}

inline const json::Value& first_device(const json::Value& request, std::size_t integration = 0) {
    return request.at("integrations").as_array().at(integration).at("devices").as_array().at(0);
}

inline std::string text_of(const json::Value& value) { return std::string(json::text(value)); }

}  // namespace quell::containment
