# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
#
# quell_add_plugin(NAME <id> SOURCES <file>... MANIFEST <manifest.json> [SETTINGS <config.schema.json>])
#
# Builds <id>.so, a plugin for the Quell host: one exported symbol, nothing left undefined, and the manifest in the ELF
# section .quell.manifest, where the host reads it without running code. SETTINGS is a JSON Schema that becomes the
# manifest's member `settings`. The id in the manifest must be NAME.
#
#   QUELL_PLUGIN_STATIC_RUNTIME      link libstdc++ and libgcc statically (default ON), so that the file runs on hosts
#                                    with another compiler's runtime
#   QUELL_PLUGIN_OUTPUT_DIRECTORY    where the file is built, if set
#   QUELL_PLUGIN_INSTALL_DIRECTORY   where it is installed, relative to the prefix (default lib/quell/plugins)
#
# quell_add_plugin_test(NAME <id> SOURCES <file>...) builds the program <id>_test from tests and the plugin's sources, for
# <quell/testing/fake_host.hpp>. Link the test framework of your choice to it.

include_guard(GLOBAL)

option(QUELL_PLUGIN_STATIC_RUNTIME "Link the C++ runtime into plugins" ON)
function(quell_sdk_read_manifest out id file settings)
    foreach(input IN ITEMS ${file} ${settings})
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${input})
    endforeach()
    file(READ ${file} manifest)
    string(JSON found ERROR_VARIABLE error GET "${manifest}" id)
    if(error)
        message(FATAL_ERROR "${file}: not a manifest: ${error}")
    endif()
    if(NOT found STREQUAL id)
        message(FATAL_ERROR "${file}: the id is `${found}`, the plugin's name `${id}`")
    endif()
    get_target_property(abi_major quell::sdk QUELL_ABI_MAJOR)
    string(JSON abi ERROR_VARIABLE error GET "${manifest}" abi)
    if(error OR NOT abi EQUAL abi_major)
        message(FATAL_ERROR "${file}: `abi` must be ${abi_major}")
    endif()
    string(JSON count ERROR_VARIABLE error LENGTH "${manifest}" capabilities)
    if(error OR count EQUAL 0)
        message(FATAL_ERROR "${file}: `capabilities` must name at least one")
    endif()
    if(settings)
        file(READ ${settings} schema)
        string(JSON manifest ERROR_VARIABLE error SET "${manifest}" settings "${schema}")
        if(error)
            message(FATAL_ERROR "${settings}: not a JSON Schema: ${error}")
        endif()
    endif()
    set(${out} "${manifest}" PARENT_SCOPE)
endfunction()

# Writes the manifest as a C++ array; not as text, since a manifest may hold any character.
function(quell_sdk_embed_manifest out id manifest)
    string(HEX "${manifest}" bytes)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
    string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
    set(directory ${CMAKE_CURRENT_BINARY_DIR}/quell/${id})
    set(QUELL_MANIFEST_BYTES "${bytes}")
    configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/manifest.cpp.in ${directory}/manifest.cpp @ONLY)
    file(WRITE ${directory}/manifest.json "${manifest}")
    set(${out} ${directory}/manifest.cpp PARENT_SCOPE)
endfunction()

function(quell_add_plugin)
    cmake_parse_arguments(arg "" "NAME;MANIFEST;SETTINGS" "SOURCES" ${ARGN})
    if(NOT arg_NAME OR NOT arg_MANIFEST OR NOT arg_SOURCES)
        message(FATAL_ERROR "quell_add_plugin needs NAME, SOURCES and MANIFEST")
    endif()
    cmake_path(ABSOLUTE_PATH arg_MANIFEST)
    if(arg_SETTINGS)
        cmake_path(ABSOLUTE_PATH arg_SETTINGS)
    endif()
    quell_sdk_read_manifest(manifest "${arg_NAME}" "${arg_MANIFEST}" "${arg_SETTINGS}")
    quell_sdk_embed_manifest(manifest_source ${arg_NAME} "${manifest}")

    add_library(${arg_NAME} MODULE ${arg_SOURCES} ${manifest_source})
    target_link_libraries(${arg_NAME} PRIVATE quell::sdk)
    set_target_properties(${arg_NAME} PROPERTIES
        PREFIX "" SUFFIX ".so" POSITION_INDEPENDENT_CODE ON
        C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
        QUELL_MANIFEST_SOURCE ${manifest_source}
        LINK_DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
    target_link_options(${arg_NAME} PRIVATE
        -Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
    # A sanitizer's runtime lives in the program that loads the plugin: its symbols stay undefined here.
    if(NOT QUELL_SANITIZE AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
        target_link_options(${arg_NAME} PRIVATE -Wl,-z,defs)
        if(QUELL_PLUGIN_STATIC_RUNTIME)
            target_link_options(${arg_NAME} PRIVATE -static-libstdc++ -static-libgcc)
        endif()
    endif()
    if(QUELL_PLUGIN_OUTPUT_DIRECTORY)
        set_target_properties(${arg_NAME} PROPERTIES
            LIBRARY_OUTPUT_DIRECTORY ${QUELL_PLUGIN_OUTPUT_DIRECTORY})
    endif()
    if(NOT DEFINED QUELL_PLUGIN_INSTALL_DIRECTORY)
        set(QUELL_PLUGIN_INSTALL_DIRECTORY lib/quell/plugins)
    endif()
    install(TARGETS ${arg_NAME} LIBRARY DESTINATION ${QUELL_PLUGIN_INSTALL_DIRECTORY} COMPONENT plugins)
endfunction()

function(quell_add_plugin_test)
    cmake_parse_arguments(arg "" "NAME" "SOURCES" ${ARGN})
    get_target_property(manifest_source ${arg_NAME} QUELL_MANIFEST_SOURCE)
    add_executable(${arg_NAME}_test ${arg_SOURCES} ${manifest_source})
    target_link_libraries(${arg_NAME}_test PRIVATE quell::sdk)
    set_target_properties(${arg_NAME}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
endfunction()
