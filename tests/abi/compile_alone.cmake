# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
#
# cmake -DCOMPILER=gcc -DHEADERS=a.h;b.h -DINCLUDE=dir -DFLAGS=-std=c11;... -DLANGUAGE=c -DWORK=dir -P compile_alone.cmake
# Compiles each header by itself, twice in one unit, with nothing before it.

file(REAL_PATH ${INCLUDE} include)
list(REMOVE_ITEM COMPILER "")
file(MAKE_DIRECTORY ${WORK})
foreach(header IN LISTS HEADERS)
    string(MAKE_C_IDENTIFIER ${header} name)
    file(WRITE ${WORK}/${name}.${LANGUAGE} "#include <${header}>\n#include <${header}>\nint main(void) { return 0; }\n")
    execute_process(
        COMMAND ${COMPILER} ${FLAGS} -I${include} -c ${WORK}/${name}.${LANGUAGE} -o ${WORK}/${name}.o
        RESULT_VARIABLE failed ERROR_VARIABLE errors)
    if(failed)
        message(SEND_ERROR "${header} with ${COMPILER} ${FLAGS}:\n${errors}")
    endif()
endforeach()
