// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/crash_history.hpp"

#include "base/encoding.hpp"

namespace quell::plugins {
namespace {

constexpr std::size_t kKeptOutput = 4 * 1024;

}  // namespace

void CrashHistory::note(Crash crash) {
    crash.quarantines = add(crash);
    if (report_) {
        report_(crash);
    }
}

bool CrashHistory::add(Crash& crash) {
    const auto now = now_();
    const std::lock_guard lock(mutex_);
    recent_.push_back(now);
    while (now - recent_.front() > kWindow) {
        recent_.pop_front();
    }
    const bool quarantines = recent_.size() >= kMost && !summary_.quarantined_since;
    if (quarantines) {
        summary_.quarantined_since = crash.at;
    }
    ++summary_.crashes;
    summary_.last = crash;
    return quarantines;
}

bool CrashHistory::is_quarantined() const {
    const std::lock_guard lock(mutex_);
    return summary_.quarantined_since.has_value();
}

bool CrashHistory::lift() {
    const std::lock_guard lock(mutex_);
    recent_.clear();
    return std::exchange(summary_.quarantined_since, std::nullopt).has_value();
}

CrashHistory::Summary CrashHistory::summary() const {
    const std::lock_guard lock(mutex_);
    return summary_;
}

std::string readable_end(std::string_view output) {
    const std::size_t begin = output.size() > kKeptOutput ? output.size() - kKeptOutput : 0;
    std::string text(output.substr(begin));
    // The cut may have gone through a character.
    for (int cut = 0; cut < 4 && begin > 0 && !is_utf8(text); ++cut) {
        text.erase(0, 1);
    }
    const bool is_text = is_utf8(text);
    for (char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_control = (byte < 0x20 && c != '\n') || byte == 0x7F;
        c = is_control || (byte >= 0x80 && !is_text) ? '?' : c;
    }
    return text;
}

}  // namespace quell::plugins
