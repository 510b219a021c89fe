# SPDX-License-Identifier: Apache-2.0
# Tests are found by folder: tests/<kind>/<module>/<name>.c is a cmocka program, tests/cli/<name>.sh a script.
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)

file(GLOB reference CONFIGURE_DEPENDS tests/reference/*.c)
if(reference)
    add_library(twokey_reference STATIC ${reference})
    target_compile_options(twokey_reference PRIVATE ${warnings})
    target_include_directories(twokey_reference PUBLIC tests)
    target_link_libraries(twokey_reference PUBLIC twokey_static)
endif()

# What tests put under the program: folders of their own, disks and allocations that fail on request.
file(GLOB seams CONFIGURE_DEPENDS tests/seams/*.c)
add_library(twokey_seams STATIC ${seams})
target_compile_options(twokey_seams PRIVATE ${warnings})
target_include_directories(twokey_seams PUBLIC tests)
target_compile_definitions(twokey_seams PRIVATE TEST_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
target_link_libraries(twokey_seams PUBLIC twokey_static PkgConfig::CMOCKA)

file(GLOB programs CONFIGURE_DEPENDS tests/unit/*/*.c tests/table/*/*.c tests/property/*/*.c tests/golden/*/*.c
    tests/fault/*/*.c tests/crash/*/*.c)
foreach(source ${programs})
    file(RELATIVE_PATH name ${CMAKE_SOURCE_DIR}/tests ${source})
    string(REGEX REPLACE "\\.c$" "" name ${name})
    string(REPLACE "/" "_" target "test_${name}")
    add_executable(${target} ${source})
    target_compile_options(${target} PRIVATE ${warnings})
    target_include_directories(${target} PRIVATE tests)
    target_compile_definitions(${target} PRIVATE TEST_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    if(TARGET twokey_reference)
        target_link_libraries(${target} PRIVATE twokey_reference)
    endif()
    target_link_libraries(${target} PRIVATE twokey_cli twokey_seams PkgConfig::CMOCKA)
    if(name MATCHES "^fault/|/power$") # tests/seams/vfs.c plays the disk
        target_link_options(${target} PRIVATE -Wl,--wrap=fsync,--wrap=rename,--wrap=renameat2)
    endif()
    if(name MATCHES "faults$") # it makes allocations fail
        target_link_options(${target} PRIVATE -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc)
    endif()
    if(name STREQUAL "unit/names/scripts") # it has ICU missing
        target_link_options(${target} PRIVATE -Wl,--wrap=dlopen)
    endif()
    add_test(NAME ${name} COMMAND ${target} WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
    set_tests_properties(${name} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77)
endforeach()

# Corpora replayed by a plain driver, so that every fuzz find stays found under any compiler.
file(GLOB fuzzers CONFIGURE_DEPENDS tests/fuzz/*.c)
list(FILTER fuzzers EXCLUDE REGEX "driver\\.c$")
foreach(source ${fuzzers})
    get_filename_component(name ${source} NAME_WE)
    add_executable(test_fuzz_${name} ${source} tests/fuzz/driver.c)
    target_link_libraries(test_fuzz_${name} PRIVATE twokey_cli)
    add_test(NAME fuzz/${name} COMMAND test_fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
endforeach()

file(GLOB scripts CONFIGURE_DEPENDS tests/cli/*.sh)
set(script_environment "TWOKEY=$<TARGET_FILE:twokey>" "TWOKEY_SOURCE=${CMAKE_SOURCE_DIR}"
    "TWOKEY_BUILD=${CMAKE_BINARY_DIR}")
foreach(source ${scripts})
    get_filename_component(name ${source} NAME_WE)
    if(TARGET twokey)
        add_test(NAME cli/${name} COMMAND sh ${CMAKE_SOURCE_DIR}/cmake/run_script.sh ${source} ${CMAKE_BINARY_DIR})
        set_tests_properties(cli/${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300
            ENVIRONMENT "${script_environment}")
    endif()
endforeach()

# Every public header compiles alone, as C17.
file(GLOB headers CONFIGURE_DEPENDS include/twokey/*.h)
foreach(header ${headers})
    get_filename_component(name ${header} NAME_WE)
    file(WRITE ${gen}/header_${name}.c "#include <twokey/${name}.h>\nextern int header_${name};\nint header_${name};\n")
    add_library(header_${name} OBJECT ${gen}/header_${name}.c)
    target_include_directories(header_${name} PRIVATE include)
    target_compile_options(header_${name} PRIVATE ${warnings} -Werror)
endforeach()

add_test(NAME house/tidy COMMAND sh ${CMAKE_SOURCE_DIR}/tools/tidy ${CMAKE_SOURCE_DIR})
set(says_decide "us: licence")
set(says_claims "did you mean 'bytedance'.*X1: accepts_import.*C105 is in [1-9].*approved: C105.*customs: prevails")
foreach(example examples/decide.c examples/claims.c)
    get_filename_component(name ${example} NAME_WE)
    add_executable(example_${name} ${example})
    target_link_libraries(example_${name} PRIVATE twokey_shared)
    target_include_directories(example_${name} PRIVATE include)
    target_compile_options(example_${name} PRIVATE ${warnings} ${common})
    target_link_options(example_${name} PRIVATE ${links})
    add_test(NAME house/example_${name} COMMAND example_${name})
    set_tests_properties(house/example_${name} PROPERTIES PASS_REGULAR_EXPRESSION "${says_${name}}")
endforeach()
