// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/read_password.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace quell::cli {
namespace {

// Keeps a terminal from showing what is typed; does nothing where standard input is none.
class HiddenTyping {
  public:
    HiddenTyping() : is_terminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (is_terminal_) {
            termios hidden = before_;
            hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
            std::cerr << "Password: " << std::flush;
        }
    }
    HiddenTyping(const HiddenTyping&) = delete;
    HiddenTyping& operator=(const HiddenTyping&) = delete;
    ~HiddenTyping() {
        if (is_terminal_) {
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
            std::cerr << "\n";
        }
    }

  private:
    termios before_{};
    bool is_terminal_;
};

}  // namespace

std::string read_password() {
    const HiddenTyping hidden;
    std::string line;
    std::getline(std::cin, line);
    return line;
}

}  // namespace quell::cli
