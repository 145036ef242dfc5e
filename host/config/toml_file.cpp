// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/toml_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "config/file_descriptor.hpp"
#include "config/toml_limits.hpp"

namespace quell::config {
namespace {

bool is_regular(int descriptor) {
    struct stat status{};
    return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

// One byte more than the limit at most, so that the limit is seen to be passed.
bool read_all(int descriptor, std::string& text) {
    char chunk[16 * 1024];
    while (text.size() <= kMostTomlBytes) {
        const ssize_t count = ::read(descriptor, chunk, sizeof chunk);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count == 0;
        text.append(chunk, static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace

std::optional<toml::table> parse_toml(std::string_view text, const std::string& file,
                                      std::vector<Diagnostic>& errors) {
    if (auto found = exceeded_toml_limit(text, file)) {
        errors.push_back(*std::move(found));
        return std::nullopt;
    }
    try {
        return toml::parse(text, std::string_view(file));
    } catch (const toml::parse_error& error) {
        const auto& begin = error.source().begin;
        errors.push_back({file, static_cast<int>(begin.line), static_cast<int>(begin.column),
                          std::string(error.description())});
        return std::nullopt;
    }
}

std::optional<toml::table> read_toml(const std::filesystem::path& path,
                                     std::vector<Diagnostic>& errors) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) {
        errors.push_back({path.string(), 0, 0,
                          std::string("The file cannot be read: ") + std::strerror(errno) + "."});
        return std::nullopt;
    }
    std::string text;
    if (!is_regular(file.get()) || !read_all(file.get(), text)) {
        errors.push_back(
            {path.string(), 0, 0, "The file cannot be read: it is not a regular file."});
        return std::nullopt;
    }
    return parse_toml(text, path.string(), errors);
}

}  // namespace quell::config
