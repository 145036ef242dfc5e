// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace quell {

// The name of one guarded resource (A12): vsecure://secrets/ENVIRONMENT/NAME, vsecure://api-keys/ID,
// vsecure://custom/TYPE/ID. Hostile input: at most 512 bytes; segments of letters, digits and - . _ ~, percent-encoded or
// not, never "." or "..": nothing that another reader could take for another path (AP-04). In its one normal form.
class ResourceUri {
  public:
    static Result<ResourceUri> parse(std::string_view text);

    const std::string& text() const { return text_; }
    const std::string& kind() const { return segments_.front(); }       // "secrets"
    const std::vector<std::string>& segments() const { return segments_; }  // the kind first
    const std::string& name() const { return segments_.back(); }
    // The first segment of a secret with more than one; else empty.
    std::string environment() const;

  private:
    friend class ResourcePattern;
    ResourceUri(std::string text, std::vector<std::string> segments)
        : text_(std::move(text)), segments_(std::move(segments)) {}

    std::string text_;
    std::vector<std::string> segments_;
};

// Which resources a rule is for: a name with {variables}, each one segment, and with `*` as the last segment for everything
// below. Of several patterns that match, the one that is more specific counts: the first segment in which they differ
// decides, a name before a variable before `*` (AP-04, L07).
class ResourcePattern {
  public:
    static Result<ResourcePattern> parse(std::string_view text);

    bool matches(const ResourceUri& uri) const;
    bool is_more_specific_than(const ResourcePattern& other) const { return rank_ > other.rank_; }
    // Two patterns of the same shape match the same resources, whatever their variables are called.
    const std::string& shape() const { return shape_; }
    const std::string& text() const { return text_; }
    // Names exactly one resource.
    bool is_single() const { return is_single_; }

  private:
    ResourcePattern() = default;

    std::string text_;
    std::string shape_;
    std::string rank_;  // a character for each segment: 2 a name, 1 a variable, 0 the star
    bool is_single_ = true;
    std::vector<std::string> segments_;
};

// "production/*" for "vsecure://secrets/production/*"; what has a scheme stays as it is.
std::string full_resource_text(std::string_view text);

}  // namespace quell
