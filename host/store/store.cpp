// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/store.hpp"

#include "store/connection.hpp"
#include "store/migrations.hpp"
#include "store/reader_pool.hpp"
#include "store/sqlite_error.hpp"
#include "store/store_file.hpp"
#include "store/writer.hpp"

namespace quell::store {
namespace {

// DU-05: says so before anything is served from a damaged file.
Result<void> quick_check(Connection& connection) {
    TRY(const std::string verdict, connection.value_of("PRAGMA quick_check(1)"));
    if (verdict != "ok") {
        return store_damaged(verdict);
    }
    return {};
}

Result<std::unique_ptr<Connection>> open_writer(const std::filesystem::path& path) {
    TRY(auto connection, Connection::open(path, Connection::Mode::read_write));
    TRY(const std::string journal, connection->value_of("PRAGMA journal_mode"));
    if (journal != "wal") {
        return store_unavailable("The store's directory does not allow a write-ahead log.", journal);
    }
    TRY_VOID(quick_check(*connection));
    TRY_VOID(migrate(*connection));
    return connection;
}

Result<void> ignore_rows(const Row&) { return {}; }

}  // namespace

Result<std::filesystem::path> path_of_url(std::string_view url) {
    constexpr std::string_view kScheme = "sqlite:";
    if (!url.starts_with(kScheme) || url.size() == kScheme.size()) {
        return invalid_arguments("A store's url is written sqlite:/path/to/file.");
    }
    return std::filesystem::path(url.substr(kScheme.size()));
}

Result<std::unique_ptr<Store>> Store::open(Options options) {
    TRY(auto file, StoreFile::acquire(options.path));
    TRY_VOID(file->make_if_missing());
    TRY(auto connection, open_writer(file->path()));
    auto writer = std::make_unique<Writer>(std::move(connection), options.queue_limit);
    auto readers = std::make_shared<ReaderPool>(file->path());
    return std::unique_ptr<Store>(new Store(std::move(file), std::move(writer), std::move(readers)));
}

Store::Store(std::unique_ptr<StoreFile> file, std::unique_ptr<Writer> writer, std::shared_ptr<ReaderPool> readers)
    : file_(std::move(file)), writer_(std::move(writer)), readers_(std::move(readers)) {}

// Readers go first: the writer's connection has to be the last, which empties the log into the file.
Store::~Store() { readers_->close(); }

void Store::submit(std::unique_ptr<Job> job) { writer_->submit(std::move(job)); }

Result<void> Store::submit_bounded(std::unique_ptr<Job> job) { return writer_->submit_bounded(std::move(job)); }

bool Store::on_writer_thread() const { return writer_->on_writer_thread(); }

bool Store::healthy() const { return writer_->healthy(); }

Store::Counters Store::counters() const { return writer_->counters(); }

Result<Reader*> Store::this_threads_reader() { return readers_->for_this_thread(); }

void Store::add_participant(std::shared_ptr<Participant> participant) {
    writer_->add_participant(std::move(participant));
}

Result<Store::Snapshot> Store::Snapshot::begin(Reader& reader) {
    TRY_VOID(reader.each("BEGIN", ignore_rows));
    return Snapshot(reader);
}

Store::Snapshot::~Snapshot() {
    if (reader_ != nullptr) {
        // A read-only transaction has nothing to lose; if this fails, the next BEGIN says so.
        static_cast<void>(reader_->each("ROLLBACK", ignore_rows));
    }
}

}  // namespace quell::store
