// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/pin.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <vector>

#include "config/load.hpp"
#include "plugins/refusal.hpp"
#include "plugins/unique_fd.hpp"

namespace quell::plugins {
namespace {

constexpr std::string_view kBlank = " \t\r";

std::string_view trimmed(std::string_view line) {
    const auto first = line.find_first_not_of(kBlank);
    if (first == std::string_view::npos) {
        return {};
    }
    return line.substr(first, line.find_last_not_of(kBlank) - first + 1);
}

std::string without_blanks_and_quotes(std::string_view text) {
    std::string kept;
    for (const char c : text) {
        if (kBlank.find(c) == std::string_view::npos && c != '"' && c != '\'') {
            kept += c;
        }
    }
    return kept;
}

bool is_header(std::string_view line) { return trimmed(line).starts_with('['); }

bool is_header_of(std::string_view line, const PluginId& plugin) {
    const std::string_view text = trimmed(line);
    const auto end = text.find(']');
    return is_header(line) && end != std::string_view::npos &&
           without_blanks_and_quotes(text.substr(1, end - 1)) == "plugins." + plugin.str();
}

// `name = ...`, with or without blanks.
bool sets(std::string_view line, std::string_view name) {
    const std::string_view text = trimmed(line);
    return text.starts_with(name) && trimmed(text.substr(name.size())).starts_with('=');
}

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size() - 1);
        lines.emplace_back(text.substr(0, end + 1));
        text.remove_prefix(end + 1);
    }
    return lines;
}

// The old line with another value; its indentation and its comment stay.
std::string replaced_value(const std::string& line, const std::string& sha256) {
    const auto equals = line.find('=');
    auto start = line.find_first_not_of(kBlank, equals + 1);
    auto end = start;
    if (start != std::string::npos && (line[start] == '"' || line[start] == '\'')) {
        end = line.find(line[start], start + 1);
        end = end == std::string::npos ? line.find_last_not_of("\r\n") + 1 : end + 1;
    } else {
        start = end = equals + 1;
    }
    const std::string quoted = (start == equals + 1 ? " \"" : "\"") + sha256 + "\"";
    return line.substr(0, start) + quoted + line.substr(end);
}

Result<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf())) {
        return refused(path.string() + " cannot be read");
    }
    return text.str();
}

// A file beside the old one, removed again unless it was renamed.
class Replacement {
  public:
    explicit Replacement(std::filesystem::path target)
        : target_(std::move(target)), name_((target_.parent_path() / ".quell.toml.XXXXXX").string()) {
        fd_ = UniqueFd(::mkostemp(name_.data(), O_CLOEXEC));
    }
    ~Replacement() {
        if (!kept_ && fd_.valid()) {
            ::unlink(name_.c_str());
        }
    }
    Replacement(const Replacement&) = delete;
    Replacement& operator=(const Replacement&) = delete;

    const std::string& name() const { return name_; }

    bool write(std::string_view text) {
        struct stat old{};
        if (!fd_.valid() || ::stat(target_.c_str(), &old) != 0 || ::fchmod(fd_.get(), old.st_mode & 07777U) != 0) {
            return false;
        }
        if (::fchown(fd_.get(), old.st_uid, old.st_gid) != 0 && ::geteuid() == 0) {
            return false;
        }
        while (!text.empty()) {
            const ssize_t count = ::write(fd_.get(), text.data(), text.size());
            if (count < 0) {
                return false;
            }
            text.remove_prefix(static_cast<std::size_t>(count));
        }
        return ::fsync(fd_.get()) == 0;
    }

    bool take_place() {
        kept_ = ::rename(name_.c_str(), target_.c_str()) == 0;
        return kept_;
    }

  private:
    const std::filesystem::path target_;
    std::string name_;
    UniqueFd fd_;
    bool kept_ = false;
};

}  // namespace

Result<std::string> with_pin(std::string_view toml, const PluginId& plugin, const std::string& sha256) {
    std::vector<std::string> lines = split_lines(toml);
    const auto header = std::find_if(lines.begin(), lines.end(),
                                     [&](const std::string& line) { return is_header_of(line, plugin); });
    if (header == lines.end()) {
        return refused("there is no table [plugins." + plugin.str() + "]; add it with `library`, or write there: " +
                       "sha256 = \"" + sha256 + "\"");
    }
    const auto end = std::find_if(header + 1, lines.end(), [](const std::string& line) { return is_header(line); });
    const auto in_table = [&](std::string_view name) {
        return std::find_if(header + 1, end, [&](const std::string& line) { return sets(line, name); });
    };
    if (const auto old = in_table("sha256"); old != end) {
        *old = replaced_value(*old, sha256);
    } else {
        const auto library = in_table("library");
        const auto after = library != end ? library : header;
        if (!after->ends_with('\n')) {
            *after += '\n';
        }
        lines.insert(after + 1, "sha256 = \"" + sha256 + "\"\n");
    }
    std::string text;
    for (const std::string& line : lines) {
        text += line;
    }
    return text;
}

Result<void> write_pin(const std::filesystem::path& quell_toml, const PluginId& plugin, const std::string& sha256) {
    std::error_code failure;
    const std::filesystem::path target = std::filesystem::canonical(quell_toml, failure);
    if (failure) {
        return refused(quell_toml.string() + " cannot be read");
    }
    TRY(const std::string old, read_file(target));
    TRY(const std::string text, with_pin(old, plugin, sha256));
    Replacement replacement(target);
    if (!replacement.write(text)) {
        return refused(target.string() + " cannot be replaced: " + std::strerror(errno));
    }
    // The edit is by lines; the real reader has the last word.
    const config::Loaded loaded = config::load(replacement.name(), {.require_store_key = false});
    const auto read_back = loaded.settings.plugins.find(plugin);
    if (read_back == loaded.settings.plugins.end() || read_back->second.sha256 != sha256) {
        return refused("the pin cannot be put into " + target.string() + "; write it into [plugins." + plugin.str() +
                       "] yourself: sha256 = \"" + sha256 + "\"");
    }
    if (!replacement.take_place()) {
        return refused(target.string() + " cannot be replaced: " + std::strerror(errno));
    }
    return {};
}

}  // namespace quell::plugins
