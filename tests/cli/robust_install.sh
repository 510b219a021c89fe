# SPDX-License-Identifier: Apache-2.0
# What is installed works from where it was put: the program, the library through pkg-config, the headers in C and C++.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
ran=install code=0
: >out
: >err

# The library is linked by the compiler, and under the sanitizers, that it was built with.
setting() { sed -n "s/^$1:[A-Z]*=//p" "$TWOKEY_BUILD/CMakeCache.txt"; }
cc=$(setting CMAKE_C_COMPILER)
flags=$(setting TWOKEY_SANITIZE)
flags=${flags:+-fsanitize=$flags}
command -v pkg-config >/dev/null && command -v "$cc" >/dev/null || exit 77
[ "$(setting TWOKEY_COVERAGE)" != ON ] && [ "$(setting TWOKEY_FUZZ)" != ON ] || exit 77
cmake --install "$TWOKEY_BUILD" --prefix "$PWD/at" >out 2>err || complain "installed"
PKG_CONFIG_PATH=$(dirname "$(find at -name twokey.pc)")
export PKG_CONFIG_PATH
pkg-config --cflags --libs twokey >words 2>err || complain "pkg-config knows twokey"
grep -q "$PWD/at\|at/lib" words || complain "the flags lead to where it was put: $(cat words)"

# shellcheck disable=SC2046,SC2086
for example in decide claims; do
    "$cc" -std=c17 $flags "$TWOKEY_SOURCE/examples/$example.c" -o $example $(cat words) 2>err ||
        complain "the example $example compiles"
    LD_LIBRARY_PATH=$(pkg-config --variable=libdir twokey) ./$example >$example.out 2>err ||
        complain "the example $example runs"
done
cp decide.out out
shows "us: licence"
cp claims.out out
shows "approved: C105"

TWOKEY=$(find at -name twokey -path '*bin*')
run 0 --version
run 0 items show h200-sxm
quiet

if command -v g++ >/dev/null; then
    for header in at/include/twokey/*.h; do
        name=${header##*/}
        echo "#include <twokey/$name>" >"$name.cpp"
        g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -Iat/include "$name.cpp" 2>err ||
            complain "$name compiles as C++"
    done
fi

done_testing
