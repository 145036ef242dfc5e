// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <unistd.h>

#include "app/restore.hpp"
#include "cli/session.hpp"

namespace quell::cli {

void add_backup_commands(CLI::App& app, Session& session) {
    const auto file = std::make_shared<std::string>();
    CLI::App* backup = app.add_subcommand("backup", "Copy the store into a new file while the host works.");
    backup->add_option("FILE", *file, "Must not exist yet")->required()->check(refuse_empty);
    backup->callback([&session, file] {
        session.run_command("backup", json::Object{{"file", std::filesystem::absolute(*file).string()}});
    });
    CLI::App* restore = app.add_subcommand("restore", "Put a backup in the store's place, with the host stopped.");
    restore->add_option("FILE", *file, "Made by `quell backup`")->required()->check(refuse_empty);
    restore->callback([&session, file] {
        if (const auto settings = session.load_settings()) {
            const app::Actor actor{"uid:" + std::to_string(getuid())};
            session.finish(app::restore_store(*settings, std::filesystem::absolute(*file), actor));
        }
    });
}

}  // namespace quell::cli
