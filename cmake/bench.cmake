# SPDX-License-Identifier: Apache-2.0
# The measuring programs of bench/: built only when asked for. What they link counts its allocations.
set(bench_wraps -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=aligned_alloc)
foreach(source bench/inprocess.c bench/process.c bench/make_orders.c bench/subset.c
        bench/claims.c bench/store_queue.c bench/screen.c bench/owners.c)
    get_filename_component(name ${source} NAME_WE)
    add_executable(bench_${name} ${source} bench/bench.c)
    target_include_directories(bench_${name} PRIVATE bench)
    target_compile_options(bench_${name} PRIVATE ${warnings} ${common})
    target_link_options(bench_${name} PRIVATE ${links} ${bench_wraps})
endforeach()
target_link_libraries(bench_inprocess PRIVATE twokey_static)
target_link_libraries(bench_subset PRIVATE twokey_static)
target_link_libraries(bench_claims PRIVATE twokey_static)
target_link_libraries(bench_store_queue PRIVATE twokey_static)
target_link_libraries(bench_screen PRIVATE twokey_static)
target_link_libraries(bench_owners PRIVATE twokey_static)

# How often the scorer of names is right; reads the shared lists.
add_executable(bench_screen_accuracy bench/screen_accuracy.c)
target_compile_options(bench_screen_accuracy PRIVATE ${warnings} ${common})
target_link_libraries(bench_screen_accuracy PRIVATE twokey_static)
add_executable(bench_screen_list bench/screen_list.c bench/bench.c)
target_include_directories(bench_screen_list PRIVATE bench)
target_compile_options(bench_screen_list PRIVATE ${warnings} ${common})
target_link_options(bench_screen_list PRIVATE ${links} ${bench_wraps})
target_link_libraries(bench_screen_list PRIVATE twokey_static)
