// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/deferred_rows.hpp"

namespace quell::store {
namespace {

std::string joined(std::string_view item, std::size_t count) {
    std::string text(item);
    for (std::size_t i = 1; i < count; ++i) {
        text += ", ";
        text += item;
    }
    return text;
}

std::string head_of(std::string_view table, std::initializer_list<std::string_view> columns) {
    std::string names;
    for (const std::string_view column : columns) {
        names += names.empty() ? "" : ", ";
        names += column;
    }
    return "INSERT INTO " + std::string(table) + " (" + names + ") VALUES ";
}

}  // namespace

DeferredRows::DeferredRows(std::string_view table, std::initializer_list<std::string_view> columns)
    : columns_(columns.size()) {
    const std::string row = "(" + joined("?", columns_) + ")";
    for (std::size_t i = 0; i < statements_.size(); ++i) {
        statements_[i] = head_of(table, columns) + joined(row, kRowsOfStatement[i]);
    }
}

void DeferredRows::add_row(std::span<const Parameter> values) {
    for (const Parameter& value : values) {
        values_.push_back({value.kind(), value.integer(), bytes_.size(), value.bytes().size()});
        bytes_ += value.bytes();
    }
}

void DeferredRows::job_undone() {
    values_.resize(kept_.values);
    bytes_.resize(kept_.bytes);
}

Result<void> DeferredRows::write(Transaction& transaction) {
    std::size_t written = 0;
    for (std::size_t i = 0; i < statements_.size(); ++i) {
        const std::size_t step = kRowsOfStatement[i] * columns_;
        for (; values_.size() - written >= step; written += step) {
            parameters_.clear();
            for (std::size_t value = written; value < written + step; ++value) {
                parameters_.push_back(parameter(values_[value]));
            }
            TRY([[maybe_unused]] const auto rows, transaction.run_with(statements_[i], parameters_));
        }
    }
    forget();
    return {};
}

void DeferredRows::forget() {
    values_.clear();
    bytes_.clear();
    kept_ = {};
}

Parameter DeferredRows::parameter(const Value& value) const {
    const std::string_view bytes = std::string_view(bytes_).substr(value.at, value.size);
    switch (value.kind) {
        case Parameter::Kind::integer:
            return value.integer;
        case Parameter::Kind::text:
            return bytes;
        case Parameter::Kind::blob:
            return Blob{bytes};
        default:
            return std::nullopt;
    }
}

}  // namespace quell::store
