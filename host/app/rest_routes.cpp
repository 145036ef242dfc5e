// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/rest_routes.hpp"

#include "api/challenge_routes.hpp"
#include "api/order_routes.hpp"
#include "api/secret_routes.hpp"

namespace quell::app {
namespace {

// One of the present deployment's use cases, which it keeps alive.
template <class Service>
auto present(Services& services, Service Deployment::* member) {
    return [&services, member] {
        auto deployment = services.deployment();
        Service* const service = &(deployment.get()->*member);
        return std::shared_ptr<Service>(std::move(deployment), service);
    };
}

}  // namespace

Result<api::RouteTable> rest_routes(Services& services) {
    std::vector<api::RouteGroup> groups;
    groups.push_back(api::order_routes({.containment = present(services, &Deployment::containment),
                                        .revocation = present(services, &Deployment::revocation)}));
    groups.push_back(api::challenge_routes(present(services, &Deployment::challenges)));
    groups.push_back(api::secret_routes({.approvals = services.guarded->approvals, .secrets = services.guarded->secrets}));
    return api::RouteTable::make(std::move(groups));
}

}  // namespace quell::app
