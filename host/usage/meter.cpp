// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "usage/meter.hpp"

#include <map>

#include "store/orders.hpp"

namespace quell::usage {
namespace {

struct Units {
    std::int64_t containment = 0;
    std::int64_t revocation = 0;
};

json::Object month_document(const std::string& month, const Units& units) {
    json::Object out;
    out.emplace("month", std::string_view(month));
    out.emplace("containment", units.containment);
    out.emplace("revocation", units.revocation);
    return out;
}

}  // namespace

Result<json::Value> usage_document(store::Store& store, const TenantId& tenant) {
    TRY(const auto rows, store.read([&](store::Reader& reader) { return store::usage_of(reader, tenant); }));
    std::int64_t total = 0;
    std::map<std::string, Units> months;
    for (const store::UsageRow& row : rows) {
        total += row.units;
        Units& units = months[row.month];
        (row.kind == "containment" ? units.containment : units.revocation) += row.units;
    }
    json::Array list;
    for (const auto& [month, units] : months) {
        list.emplace_back(month_document(month, units));
    }
    json::Object out;
    out.emplace("tenant", std::string_view(tenant.str()));
    out.emplace("units", total);
    out.emplace("months", std::move(list));
    return json::Value(std::move(out));
}

}  // namespace quell::usage
