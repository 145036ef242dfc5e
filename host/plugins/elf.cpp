// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/elf.hpp"

#include <elf.h>

#include <cstring>
#include <optional>
#include <string>

#include "plugins/refusal.hpp"

namespace quell::plugins {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#else
#error "name this machine's ELF number"
#endif

// A copy, since nothing in the file need be aligned. The caller has checked the bounds.
template <class Record>
Record read_at(std::string_view file, std::size_t offset) {
    Record record;
    std::memcpy(&record, file.data() + offset, sizeof record);
    return record;
}

std::optional<std::string_view> slice(std::string_view file, std::uint64_t offset, std::uint64_t size) {
    if (offset > file.size() || size > file.size() - offset) {
        return std::nullopt;
    }
    return file.substr(offset, size);
}

Result<Elf64_Ehdr> read_header(std::string_view file) {
    if (file.size() < sizeof(Elf64_Ehdr) || std::memcmp(file.data(), ELFMAG, SELFMAG) != 0) {
        return refused("the file is not a shared library (no ELF header)");
    }
    const auto header = read_at<Elf64_Ehdr>(file, 0);
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_machine != kMachine) {
        return refused("the file is built for another machine");
    }
    if (header.e_type != ET_DYN) {
        return refused("the file is an ELF file, but not a shared library");
    }
    return header;
}

Result<std::string_view> section_table(std::string_view file, const Elf64_Ehdr& header) {
    const auto table = slice(file, header.e_shoff, std::uint64_t{header.e_shnum} * sizeof(Elf64_Shdr));
    if (!table || header.e_shnum == 0 || header.e_shentsize != sizeof(Elf64_Shdr) ||
        header.e_shstrndx >= header.e_shnum) {
        return refused("the file is truncated or its section table is damaged");
    }
    return *table;
}

Elf64_Shdr section(std::string_view table, std::size_t index) {
    return read_at<Elf64_Shdr>(table, index * sizeof(Elf64_Shdr));
}

// The NUL-terminated name at `offset`; empty if it runs out of the string table.
std::string_view name_at(std::string_view names, std::size_t offset) {
    if (offset >= names.size()) {
        return {};
    }
    const std::string_view rest = names.substr(offset);
    const auto end = rest.find('\0');
    return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

}  // namespace

Result<std::string_view> find_section(std::string_view file, std::string_view name) {
    TRY(const Elf64_Ehdr header, read_header(file));
    TRY(const std::string_view table, section_table(file, header));
    const Elf64_Shdr strings = section(table, header.e_shstrndx);
    const auto names = slice(file, strings.sh_offset, strings.sh_size);
    if (!names || strings.sh_type != SHT_STRTAB) {
        return refused("the file is truncated or its section names are damaged");
    }
    std::optional<std::string_view> found;
    for (std::size_t i = 0; i < header.e_shnum; ++i) {
        const Elf64_Shdr candidate = section(table, i);
        if (name_at(*names, candidate.sh_name) != name) {
            continue;
        }
        const auto bytes = slice(file, candidate.sh_offset, candidate.sh_size);
        if (found || !bytes || candidate.sh_type != SHT_PROGBITS) {
            return refused("the section " + std::string(name) + " is damaged or stands there twice");
        }
        found = bytes;
    }
    if (!found) {
        return refused("the file has no section " + std::string(name) + ": it is not a Quell plugin");
    }
    return *found;
}

}  // namespace quell::plugins
