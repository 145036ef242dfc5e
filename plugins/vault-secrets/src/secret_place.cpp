// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secret_place.hpp"

#include <algorithm>
#include <quell/text.hpp>
#include <quell/url.hpp>

namespace vault_secrets {
namespace {

using quell::Result;

bool lies_below(std::string_view path, std::string_view mount) {
    return path == mount || (path.starts_with(mount) && path[mount.size()] == '/');
}

// Vault resolves no dots, but proxies before it may, and it refuses a dot at the end.
bool is_segment(std::string_view segment) {
    return !segment.empty() && segment != "." && segment != ".." && !segment.ends_with('.') &&
           segment.find_first_of("\\?#%*") == std::string_view::npos &&
           !quell::has_control_characters(segment);
}

bool is_path(std::string_view path) {
    for (;;) {
        const auto slash = path.find('/');
        if (!is_segment(path.substr(0, slash)))
            return false;
        if (slash == std::string_view::npos)
            return true;
        path.remove_prefix(slash + 1);
    }
}

std::string encode_segments(std::string_view path) {
    std::string encoded;
    while (!path.empty()) {
        const auto slash = path.find('/');
        encoded += quell::percent_encoded(path.substr(0, slash));
        if (slash == std::string_view::npos)
            break;
        encoded += '/';
        path.remove_prefix(slash + 1);
    }
    return encoded;
}

// The longest mount that the path lies below; empty if none.
std::string_view mount_of(std::string_view path, const std::vector<std::string>& mounts) {
    std::string_view found;
    for (const std::string& mount : mounts) {
        if (mount.size() > found.size() && lies_below(path, mount))
            found = mount;
    }
    return found;
}

std::string joined(const std::vector<std::string>& first, const std::vector<std::string>& second) {
    std::string text;
    for (const auto* list : {&first, &second}) {
        for (const std::string& mount : *list)
            text += (text.empty() ? "" : ", ") + mount;
    }
    return text;
}

quell::Error outside() {
    return quell::Error{quell::Status::permission_denied,
                        "The path lies outside of the connector's path_prefixes: this tenant may not "
                        "have it."};
}

}  // namespace

std::string SecretPlace::url_path(std::string_view call) const {
    std::string path = "/v1/" + mount;
    if (!call.empty())
        path.append("/").append(call);
    return rest.empty() ? path : path + "/" + rest;
}

Result<SecretPlace> Places::find(std::string_view path) const {
    if (!is_path(path))
        return quell::invalid_argument(
            "The path is not usable: names separated by single slashes, none of them `.` or `..`, "
            "none ending in a dot, without % ? # * and \\.");
    const std::string_view kv = mount_of(path, kv_mounts_);
    const std::string_view database = mount_of(path, database_mounts_);
    const std::string_view mount = kv.size() >= database.size() ? kv : database;
    // A path that starts with a namespace (OpenBao takes it there) starts with no mount of ours.
    if (mount.empty())
        return quell::invalid_argument("The path starts with none of the connector's mounts: " +
                                       joined(kv_mounts_, database_mounts_) + ".");
    const std::string_view rest = path.substr(std::min(path.size(), mount.size() + 1));
    return SecretPlace{kv.size() >= database.size() ? SecretPlace::Engine::kv
                                                    : SecretPlace::Engine::database,
                       std::string(mount), encode_segments(rest)};
}

Result<SecretPlace> Places::secret(std::string_view path) const {
    QUELL_TRY(SecretPlace place, find(path));
    if (!within_prefixes(path))
        return outside();
    if (place.rest.empty())
        return quell::invalid_argument("The path names a mount, not a secret below it.");
    if (place.engine == SecretPlace::Engine::database && !place.rest.starts_with("creds/") &&
        !place.rest.starts_with("static-creds/"))
        return quell::invalid_argument(
            "Below a database mount there are creds/ROLE and static-creds/ROLE.");
    return place;
}

Result<SecretPlace> Places::folder(std::string_view path) const {
    while (path.ends_with('/'))
        path.remove_suffix(1);
    QUELL_TRY(SecretPlace place, find(path));
    if (!shows(std::string(path) + "/"))
        return outside();
    if (place.engine == SecretPlace::Engine::database)
        return quell::Error{quell::Status::unimplemented,
                            "The roles of a database mount are not listed."};
    return place;
}

bool Places::within_prefixes(std::string_view path) const {
    return prefixes_.empty() || std::any_of(prefixes_.begin(), prefixes_.end(), [&](const auto& prefix) {
               return path.starts_with(prefix);
           });
}

bool Places::shows(std::string_view path) const {
    return within_prefixes(path) ||
           (path.ends_with('/') && std::any_of(prefixes_.begin(), prefixes_.end(), [&](const auto& prefix) {
                return std::string_view(prefix).starts_with(path);
            }));
}

bool Places::owns_lease(std::string_view lease_id) const {
    return is_path(lease_id) && !mount_of(lease_id, database_mounts_).empty() &&
           within_prefixes(lease_id);
}

}  // namespace vault_secrets
