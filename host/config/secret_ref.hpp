// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "json/value.hpp"

namespace quell::config {

// Where a secret lies. As JSON and TOML it is an object with exactly one member of these names.
struct SecretRef {
    enum class Source { env, file, secret };
    Source source = Source::env;
    std::string name;  // of the variable, the file's absolute path, or "CONNECTOR:path#field"
};

std::string_view to_string(SecretRef::Source source);

// { secret = "CONNECTOR:path#field" }: a field of a secret that a connector of the same tenant keeps, or with the
// connector `builtin` the host's own store.
struct BackendSecret {
    std::string connector;
    std::string path;
    std::string field;
};
inline constexpr std::string_view kBuiltInStore = "builtin";
// invalid_arguments, with the form that is wanted.
Result<BackendSecret> parse_backend_secret(std::string_view text);

// Looks only at the form.
bool is_secret_reference(const json::Value& value);
// invalid_arguments if the form is wrong: another type, no or two members, an empty or relative
// name.
Result<SecretRef> parse_secret_reference(const json::Value& value);

// The secret's bytes; one line feed at a file's end is dropped. Errors are connector_misconfigured
// (failed_precondition): a variable that is not set; a file that is missing, empty, a symbolic
// link, larger than 64 KiB, readable by others than its owner, or owned by neither root nor this
// process (OP-06); { secret = ... }, which only a connector's settings may say and plugins resolve. No
// message holds the secret. A file may be a symbolic link to `..data/NAME` beside it: a token that
// Kubernetes projects and renews.
Result<SecretString> read_secret(const SecretRef& reference);
Result<SecretString> read_secret(const json::Value& reference);

}  // namespace quell::config
