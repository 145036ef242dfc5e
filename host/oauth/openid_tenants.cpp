// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/openid_tenants.hpp"

#include <algorithm>

namespace quell::oauth {
namespace {

OpenIdTenant make_tenant(const std::shared_ptr<const TenantMap>& tenants, const config::TenantSettings& tenant) {
    const config::OpenIdSettings& openid = *tenant.openid;
    return {.id = tenant.id,
            .label = openid.name.empty() ? tenant.name : openid.name,
            .client = identity::OpenIdClient(tenants, &openid)};
}

bool is_meant(const OpenIdTenant& tenant, std::string_view company, const std::string& domain) {
    const auto& domains = tenant.client->email_domains;
    return tenant.id.str() == company || std::ranges::find(domains, domain) != domains.end();
}

}  // namespace

std::vector<OpenIdTenant> openid_tenants(const Services& services) {
    const std::shared_ptr<const TenantMap> tenants = services.tenants();
    std::vector<OpenIdTenant> found;
    for (const auto& [id, tenant] : *tenants) {
        if (tenant.openid) {
            found.push_back(make_tenant(tenants, tenant));
        }
    }
    return found;
}

std::optional<OpenIdTenant> openid_tenant(const Services& services, const TenantId& id) {
    const std::shared_ptr<const TenantMap> tenants = services.tenants();
    const auto found = tenants->find(id);
    const bool has_one = found != tenants->end() && found->second.openid;
    return has_one ? std::optional(make_tenant(tenants, found->second)) : std::nullopt;
}

std::vector<OpenIdTenant> openid_tenants_meant(const Services& services, std::string_view company) {
    std::vector<OpenIdTenant> all = openid_tenants(services);
    if (company.empty()) {
        return all.size() == 1 ? all : std::vector<OpenIdTenant>();
    }
    const auto email = identity::normal_email(company);
    const std::string domain = email ? email->substr(email->find('@') + 1) : std::string();
    std::erase_if(all, [&](const OpenIdTenant& tenant) { return !is_meant(tenant, company, domain); });
    return all;
}

}  // namespace quell::oauth
