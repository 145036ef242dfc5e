// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.hpp"
#include "base/result.hpp"

// Lists by cursor (L42+, A07): {"data": [...], "pagination": {"cursor", "hasMore"}}. A cursor is opaque to callers: it
// holds the id of the last entry that they have seen.
namespace quell::api {

struct Page {
    std::string after;        // the id that the page begins behind; empty: the first page
    std::int64_t limit = 50;  // 1 to 100
};

// `cursor` and `limit`, for Route::query.
std::vector<QueryParameter> page_parameters();
// invalid_arguments for a cursor that is not ours.
Result<Page> read_page(const Call& call);

// The answer's text. `documents` are JSON texts: ask for one more than `page.limit`, so that it shows whether there are
// more. `id_of` gives the id of one of them.
std::string page_document(std::span<const std::string_view> documents, const Page& page,
                          const std::function<std::string(std::string_view document)>& id_of);

}  // namespace quell::api
