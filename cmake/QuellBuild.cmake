# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
#
# Flags, libraries and the one function that turns a folder of host/ into a static library.

set(QUELL_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")
option(QUELL_FUZZ "Build the libFuzzer targets (clang)" OFF)

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
endif()
find_program(MOLD mold)
if(MOLD AND NOT QUELL_SANITIZE)
    add_link_options(-fuse-ld=mold)
endif()

add_compile_options(
    -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion
    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>
    -fstack-protector-strong -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 warns inside its own and Boost's headers, and ccache wants the precompiled header's includes kept.
    add_compile_options(
        $<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>
        $<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized>
        $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>
        $<$<COMPILE_LANGUAGE:CXX>:-Wno-array-bounds>
        $<$<COMPILE_LANGUAGE:CXX>:-Wno-stringop-overflow>)
endif()
if(QUELL_SANITIZE)
    add_compile_options(-fsanitize=${QUELL_SANITIZE} -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${QUELL_SANITIZE})
    if(QUELL_FUZZ)
        add_compile_options(-fsanitize=fuzzer-no-link)
    endif()
else()
    add_compile_definitions($<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
    add_link_options(-Wl,-z,relro,-z,now)
endif()

# Programs and the static libraries in them share one kind of code (-fPIE), so that one precompiled header serves all.
# Plugins are built by the SDK's own function.
set(QUELL_HOST_FLAGS -fPIE)
set(QUELL_HOST_LINK_FLAGS -pie)

# The install layout inside the build tree, so that build/<preset>/bin/quell runs as it is (INTERFACES.md 4).
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(QUELL_PLUGIN_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib/quell/plugins)

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3.0 REQUIRED)
find_package(CURL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tl-expected REQUIRED)
find_package(spdlog REQUIRED)
find_package(date REQUIRED)
find_package(CLI11 REQUIRED)
find_package(GTest REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(ARGON2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)

# quell_folder(NAME DEPS ...): host/NAME/*.cpp becomes the static library quell_NAME.
function(quell_folder name)
    cmake_parse_arguments(arg "" "" "DEPS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    add_library(quell_${name} STATIC ${sources})
    target_compile_options(quell_${name} PRIVATE ${QUELL_HOST_FLAGS})
    target_include_directories(quell_${name} PUBLIC ${PROJECT_SOURCE_DIR}/host)
    target_link_libraries(quell_${name} PUBLIC ${arg_DEPS})
    if(name STREQUAL "base")
        target_precompile_headers(quell_base PRIVATE ${PROJECT_SOURCE_DIR}/host/base/precompiled.hpp)
    else()
        target_precompile_headers(quell_${name} REUSE_FROM quell_base)
    endif()
endfunction()

# quell_program(TARGET SOURCES ... DEPS ...): a program that shares the precompiled header.
function(quell_program target)
    cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
    add_executable(${target} ${arg_SOURCES})
    target_compile_options(${target} PRIVATE ${QUELL_HOST_FLAGS})
    target_link_options(${target} PRIVATE ${QUELL_HOST_LINK_FLAGS})
    target_link_libraries(${target} PRIVATE ${arg_DEPS})
    target_precompile_headers(${target} REUSE_FROM quell_base)
endfunction()

# quell_embed(TARGET SYMBOL FILE): the file's text as `extern const std::string_view quell::embedded::SYMBOL`.
function(quell_embed target symbol file)
    file(READ ${file} text)
    set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cpp)
    file(GENERATE OUTPUT ${output} CONTENT
        "#include <string_view>\nnamespace quell::embedded {\nextern const std::string_view ${symbol};\nconst std::string_view ${symbol} = R\"embedded(${text})embedded\";\n}\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    target_sources(${target} PRIVATE ${output})
    set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()
