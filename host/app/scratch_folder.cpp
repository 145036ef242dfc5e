// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/scratch_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

namespace quell::app {

Result<ScratchFolder> ScratchFolder::make() {
    std::error_code failure;
    std::string name = std::filesystem::temp_directory_path(failure) / "quell-dev-XXXXXX";
    if (failure || !::mkdtemp(name.data())) {
        return Error(Code::failed_precondition, "internal_error", "No temporary folder could be made.")
            .next_step("Point TMPDIR at a folder that this user may write.");
    }
    return ScratchFolder(name);
}

ScratchFolder::~ScratchFolder() {
    if (!path_.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
}

Result<void> write_private_file(const std::filesystem::path& path, std::string_view text) {
    ::unlink(path.c_str());  // one that is there may be open to others
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool written = descriptor >= 0 && ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    if (!written) {
        return Error(Code::failed_precondition, "internal_error", "A file could not be written.").detail(path.string());
    }
    return {};
}

}  // namespace quell::app
