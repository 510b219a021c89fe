# SPDX-License-Identifier: Apache-2.0
# Fuzzers: each tests/fuzz/<name>.c with libFuzzer behind it (clang only). tools/fuzz builds and runs them; the same
# sources replay the kept corpus under any compiler (cmake/tests.cmake).
if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "fuzzing needs clang: cmake --preset fuzz")
endif()
file(GLOB fuzz_sources CONFIGURE_DEPENDS tests/fuzz/*.c)
list(FILTER fuzz_sources EXCLUDE REGEX "/driver\\.c$")
foreach(source ${fuzz_sources})
    get_filename_component(name ${source} NAME_WE)
    add_executable(fuzz_${name} ${source})
    target_compile_options(fuzz_${name} PRIVATE ${warnings})
    target_compile_definitions(fuzz_${name} PRIVATE FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(fuzz_${name} PRIVATE twokey_cli)
endforeach()
