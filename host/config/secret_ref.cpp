// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/secret_ref.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "config/file_descriptor.hpp"

namespace quell::config {
namespace {

constexpr std::size_t kMostSecretBytes = 64 * 1024;
constexpr std::array kSources = {SecretRef::Source::env, SecretRef::Source::file,
                                 SecretRef::Source::secret};

Error malformed() {
    return invalid_arguments(
        "must be a secret reference: { env = \"NAME\" }, { file = \"/absolute/path\" } or "
        "{ secret = \"CONNECTOR:path#field\" }");
}

Error unreadable(const SecretRef& reference, const std::string& why) {
    const std::string what(to_string(reference.source));
    return Error(Code::failed_precondition, "connector_misconfigured",
                 "A secret cannot be read: " + why + ".")
        .next_step(
            "Correct the secret reference in the settings or what it refers to, then run `quell "
            "check`.")
        .detail("secret reference { " + what + " = \"" + reference.name + "\" }");
}

// OP-06: why the file must not be trusted with a secret; empty if it may.
std::string objection(const struct stat& status) {
    if (!S_ISREG(status.st_mode))
        return "the file is not a regular file";
    if (status.st_uid != 0 && status.st_uid != ::geteuid())
        return "the file belongs to neither root nor the user of this process";
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return "the file is open to others than its owner; its mode must be 0600 or 0400";
    if (status.st_size > static_cast<off_t>(kMostSecretBytes))
        return "the file is longer than 64 KiB";
    return {};
}

// The buffer has its full size from the start: growing would leave copies of the secret in freed
// memory.
bool read_up_to(int descriptor, std::string& bytes) {
    bytes.resize(kMostSecretBytes);
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t count = ::read(descriptor, bytes.data() + size, bytes.size() - size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        if (count == 0)
            break;
        size += static_cast<std::size_t>(count);
    }
    bytes.resize(size);
    return true;
}

// Kubernetes swaps a whole directory of projected files at once: NAME is a link to ..data/NAME, and
// ..data one to the present directory. Whoever may write here could as well replace the file.
bool is_projected(const std::string& path) {
    std::array<char, 256> target;
    const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
    const std::string wanted = "..data" + path.substr(path.rfind('/'));
    return size > 0 && std::string_view(target.data(), static_cast<std::size_t>(size)) == wanted;
}

Result<SecretString> read_file(const SecretRef& reference) {
    const int follow = is_projected(reference.name) ? 0 : O_NOFOLLOW;
    const FileDescriptor file(
        ::open(reference.name.c_str(), O_RDONLY | O_CLOEXEC | follow | O_NONBLOCK));
    if (file.get() < 0)
        return unreadable(reference, errno == ELOOP ? "the file is a symbolic link"
                                                    : "the file cannot be opened");
    struct stat status{};
    if (::fstat(file.get(), &status) != 0)
        return unreadable(reference, "the file cannot be inspected");
    if (const std::string why = objection(status); !why.empty())
        return unreadable(reference, why);
    std::string bytes;
    if (!read_up_to(file.get(), bytes))
        return unreadable(reference, "the file cannot be read");
    if (bytes.ends_with('\n'))
        bytes.pop_back();
    if (bytes.empty())
        return unreadable(reference, "the file is empty");
    return SecretString(std::move(bytes));
}

Result<SecretString> read_environment(const SecretRef& reference) {
    const char* value = std::getenv(reference.name.c_str());
    if (value == nullptr || *value == '\0')
        return unreadable(reference, "the environment variable is not set");
    return SecretString(value);
}

bool is_name_of(SecretRef::Source source, std::string_view name) {
    if (name.empty() || name.find('\0') != std::string_view::npos)
        return false;
    if (source == SecretRef::Source::secret)
        return parse_backend_secret(name).has_value();
    return source != SecretRef::Source::file || name.starts_with('/');
}

bool is_connector_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

bool is_shown_text(std::string_view text, std::size_t longest) {
    return !text.empty() && text.size() <= longest && std::ranges::all_of(text, [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
    });
}

}  // namespace

std::string_view to_string(SecretRef::Source source) {
    switch (source) {
        case SecretRef::Source::env:
            return "env";
        case SecretRef::Source::file:
            return "file";
        case SecretRef::Source::secret:
            break;
    }
    return "secret";
}

Result<BackendSecret> parse_backend_secret(std::string_view text) {
    const auto colon = text.find(':');
    const auto hash = text.rfind('#');
    if (colon == std::string_view::npos || hash == std::string_view::npos || hash < colon)
        return malformed();
    const BackendSecret parsed{std::string(text.substr(0, colon)),
                               std::string(text.substr(colon + 1, hash - colon - 1)),
                               std::string(text.substr(hash + 1))};
    if (!is_connector_name(parsed.connector) || !is_shown_text(parsed.path, 512) || !is_shown_text(parsed.field, 128))
        return malformed();
    return parsed;
}

bool is_secret_reference(const json::Value& value) {
    return parse_secret_reference(value).has_value();
}

Result<SecretRef> parse_secret_reference(const json::Value& value) {
    const json::Object* object = value.if_object();
    if (object == nullptr || object->size() != 1)
        return malformed();
    const auto& member = *object->begin();
    const std::string_view name = json::text(member.value());
    for (const SecretRef::Source source : kSources) {
        if (member.key() == to_string(source) && is_name_of(source, name))
            return SecretRef{source, std::string(name)};
    }
    return malformed();
}

Result<SecretString> read_secret(const SecretRef& reference) {
    switch (reference.source) {
        case SecretRef::Source::env:
            return read_environment(reference);
        case SecretRef::Source::file:
            return read_file(reference);
        case SecretRef::Source::secret:
            break;
    }
    return unreadable(reference,
                      "a secret backend cannot be asked here; use { env } or { file }");
}

Result<SecretString> read_secret(const json::Value& reference) {
    TRY(const SecretRef parsed, parse_secret_reference(reference));
    return read_secret(parsed);
}

}  // namespace quell::config
