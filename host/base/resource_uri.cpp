// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/resource_uri.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/encoding.hpp"

namespace quell {
namespace {

constexpr std::string_view kScheme = "vsecure://";
constexpr std::size_t kLongest = 512;
constexpr std::size_t kMostSegments = 9;  // the kind and eight more
constexpr std::string_view kAnything = "*";

struct Kind {
    std::string_view name;
    std::size_t least;  // segments after the kind
    std::size_t most;
};
constexpr std::array kKinds = {Kind{"secrets", 1, 8}, Kind{"api-keys", 1, 1}, Kind{"custom", 2, 2}};

Error malformed(const std::string& why) {
    return invalid_arguments("A resource is named like vsecure://secrets/production/DATABASE_URL: " + why + ".")
        .allowed({"vsecure://secrets/{environment}/{name}", "vsecure://api-keys/{id}", "vsecure://custom/{type}/{id}"});
}

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
               c == '_' || c == '~';
    });
}

// Decoded once; what is not plain then, an encoded slash or percent sign among it, is refused.
Result<std::string> read_segment(std::string_view text) {
    auto decoded = percent_decode(text, false);
    if (!decoded || decoded->empty() || !is_plain(*decoded)) {
        return malformed("its parts are letters, digits and - . _ ~");
    }
    if (*decoded == "." || *decoded == "..") {
        return malformed("`.` and `..` are no parts of a name");
    }
    return *std::move(decoded);
}

Result<std::vector<std::string_view>> split(std::string_view text) {
    if (text.size() > kLongest || !text.starts_with(kScheme)) {
        return malformed("it begins with vsecure:// and has at most 512 characters");
    }
    text.remove_prefix(kScheme.size());
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t slash = text.find('/');
        parts.push_back(text.substr(0, slash));
        if (slash == std::string_view::npos || parts.size() > kMostSegments) {
            return parts;
        }
        text.remove_prefix(slash + 1);
    }
}

Result<const Kind*> kind_of(std::string_view name) {
    const auto* const kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& one) { return one.name == name; });
    if (kind == kKinds.end()) {
        return malformed("what it is comes first, secrets, api-keys or custom");
    }
    return kind;
}

std::string joined(const std::vector<std::string>& segments) {
    std::string text(kScheme);
    for (std::size_t i = 0; i < segments.size(); ++i) {
        text += (i == 0 ? "" : "/") + segments[i];
    }
    return text;
}

// "{environment}"
bool is_variable(std::string_view part) {
    return part.size() > 2 && part.front() == '{' && part.back() == '}' && is_plain(part.substr(1, part.size() - 2));
}

}  // namespace

std::string ResourceUri::environment() const {
    return kind() == "secrets" && segments_.size() > 2 ? segments_[1] : std::string();
}

Result<ResourceUri> ResourceUri::parse(std::string_view text) {
    TRY(const auto parts, split(text));
    TRY(const Kind* const kind, kind_of(parts.front()));
    if (parts.size() - 1 < kind->least || parts.size() - 1 > kind->most) {
        return malformed("it has too few or too many parts");
    }
    std::vector<std::string> segments{std::string(parts.front())};
    for (std::size_t i = 1; i < parts.size(); ++i) {
        TRY(std::string segment, read_segment(parts[i]));
        segments.push_back(std::move(segment));
    }
    std::string normal = joined(segments);
    return ResourceUri(std::move(normal), std::move(segments));
}

Result<ResourcePattern> ResourcePattern::parse(std::string_view text) {
    TRY(const auto parts, split(text));
    TRY(const Kind* const kind, kind_of(parts.front()));
    const bool has_star = parts.back() == kAnything;
    const std::size_t count = parts.size() - 1;
    if (count < 1 || count > kind->most || (!has_star && count < kind->least)) {
        return malformed("it has too few or too many parts");
    }
    ResourcePattern pattern;
    pattern.segments_.emplace_back(parts.front());
    std::vector<std::string> shape = pattern.segments_;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const bool is_star = has_star && i == count;
        const bool is_open = is_variable(parts[i]);
        std::string segment(parts[i]);
        if (!is_star && !is_open) {
            TRY(segment, read_segment(parts[i]));
        }
        pattern.rank_ += is_star ? '0' : is_open ? '1' : '2';
        pattern.is_single_ = pattern.is_single_ && !is_star && !is_open;
        shape.push_back(is_open ? "{}" : segment);
        pattern.segments_.push_back(std::move(segment));
    }
    pattern.text_ = joined(pattern.segments_);
    pattern.shape_ = joined(shape);
    return pattern;
}

bool ResourcePattern::matches(const ResourceUri& uri) const {
    const auto& names = uri.segments();
    for (std::size_t i = 0; i < segments_.size(); ++i) {
        if (i >= names.size()) {
            return false;
        }
        const char rank = i == 0 ? '2' : rank_[i - 1];
        if (rank == '0') {
            return true;
        }
        if (rank == '2' && segments_[i] != names[i]) {
            return false;
        }
    }
    return segments_.size() == names.size();
}

std::string full_resource_text(std::string_view text) {
    return text.find("://") == std::string_view::npos ? "vsecure://secrets/" + std::string(text) : std::string(text);
}

}  // namespace quell
