#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tools/tidy: a clean little tree passes; each rule fires on a tree that breaks it once, at its line, and alone.
set -u
tidy=$TWOKEY_SOURCE/tools/tidy
failed=0
fail() {
    echo "FAILED: $*" >&2
    failed=1
}
# A tree that is in order: three modules, the build file, a test, a page, a table. Texts below go through printf, so
# that %%0115d stands for 115 digits.
plant() {
    rm -rf tree
    mkdir -p tree/src/base tree/src/desk tree/src/cli tree/include/twokey tree/tests/cli tree/docs
    spdx='SPDX-License-Identifier: Apache-2.0'
    printf '/* %s */\nint a;\n' "$spdx" >tree/src/base/a.c
    printf '/* %s */\n#include "base/a.h"\n' "$spdx" >tree/src/desk/b.c
    printf '/* %s */\n' "$spdx" >tree/src/base/a.h
    printf '/* %s */\n' "$spdx" >tree/include/twokey/desk.h
    printf '/* %s */\n#include "desk/b.h"\n' "$spdx" >tree/src/cli/c.c
    printf '# %s\nfile(GLOB all src/base/*.c src/desk/*.c src/cli/*.c tests/cli/*.sh tests/table/*/*.c)\n' "$spdx" \
        >tree/CMakeLists.txt
    printf '#!/bin/sh\n# %s\n' "$spdx" >tree/tests/cli/x.sh
    printf '# A page\n' >tree/docs/page.md
    printf 'id,note\na,"b  "\n' >tree/docs/data.csv
}
# breaks FILE TEXT WHAT [LINE]: TEXT added to FILE gives exactly one message, WHAT, at the last line or at LINE.
breaks() {
    plant
    printf "$2\n" >>"tree/$1"
    line=${4:-$(wc -l <"tree/$1" | tr -d ' ')}
    sh "$tidy" tree >said && fail "passes: $1 with '$2'"
    [ "$(wc -l <said)" -eq 1 ] || fail "not one message: $1 with '$2': $(cat said)"
    case $(cat said) in
    "$1:$line: $3"*"; "*) ;;
    *) fail "$1 with '$2': said '$(cat said)', not '$1:$line: $3...'" ;;
    esac
}
# keeps FILE TEXT: TEXT is no offence.
keeps() {
    plant
    printf "$2\n" >>"tree/$1"
    sh "$tidy" tree >said || fail "does not pass: $1 with '$2': $(cat said)"
}

plant
sh "$tidy" tree >said || fail "a clean tree: $(cat said)"
[ ! -s said ] || fail "a clean tree is not passed in silence"
sh "$tidy" nowhere 2>said
[ $? -eq 2 ] || fail "a folder that is not there: not 2"

# Licence lines, on each kind of source.
for file in src/base/a.h tests/cli/x.sh; do
    plant
    printf 'x\n' >"tree/$file"
    sh "$tidy" tree >said
    grep -q "^$file:1: no licence line; " said || fail "$file without licence: $(cat said)"
done

# Calls.
for name in strcpy strcat sprintf vsprintf atoi atol atof strtok gets; do
    breaks src/base/a.c "int x = $name(a, b);" "$name()"
    breaks src/cli/c.c "  if ($name (a))" "$name()"
done
breaks src/desk/b.c 'long n = strtol(a, 0, 10);' 'strtol() outside base'
keeps src/base/a.c 'long n = strtol(a, 0, 10);'
for name in malloc calloc realloc strdup; do
    breaks src/desk/b.c "void *p = $name(1);" "$name() outside base"
    keeps src/base/a.c "void *p = $name(1);"
done
for name in time rand localtime clock_gettime; do
    breaks src/base/a.c "x = $name(0);" "$name() outside src/base/num.c"
done
plant
printf '/* SPDX-License-Identifier: Apache-2.0 */\nx = time(0);\n' >tree/src/base/num.c
sh "$tidy" tree >said || fail "time() in num.c: $(cat said)"
keeps src/base/a.c '/* strcpy(a, b) */ // sprintf(a)'
keeps src/base/a.c '/* over two\n lines: strcpy(a, b) */'
keeps src/base/a.c 'x = "strcpy(a, \\"b\\") time(0)";'
keeps src/base/a.c "x = '\"'; y->time(0); my_sprintf(b); snprintf(b);"
breaks src/base/a.c "x = '\"'; strcpy(b, c);" 'strcpy()'

# Floors.
breaks src/base/a.c '#include "desk/b.h"' 'base (floor 0) includes desk (floor 5)'
breaks src/desk/b.c '#include "cli/c.h"' 'desk (floor 5) includes cli (floor 7)'
breaks src/base/a.c '#include "twokey/desk.h"' 'base (floor 0) includes desk (floor 5)'
breaks include/twokey/desk.h '#include "cli/c.h"' 'desk (floor 5) includes cli (floor 7)'
keeps src/cli/c.c '#include "twokey/desk.h"'
plant
mkdir tree/src/catalogue tree/src/rulebook
printf '/* SPDX-License-Identifier: Apache-2.0 */\n#include "catalogue/r.h"\n' >tree/src/rulebook/r.h
printf '/* SPDX-License-Identifier: Apache-2.0 */\n#include "rulebook/r.h"\n' >tree/src/catalogue/r.h
sh "$tidy" tree >said
[ "$(wc -l <said)" -eq 2 ] || fail "neighbours on one floor include each other: $(cat said)"

# Text.
for word in TO-DO FIX-ME XX-X HA-CK; do
    word=$(echo "$word" | tr -d -)
    breaks src/base/a.c "/* $word: later */" 'a left-over marker'
    breaks docs/page.md "$word" 'a left-over marker'
done
keeps src/base/a.c '/* mktemp XXXXXX, hacked */'
breaks src/base/a.c 'int\tb;' 'a tab'
breaks docs/page.md 'end ' 'blanks at the end of the line'
breaks src/base/a.c 'int b;\r' 'blanks at the end of the line'
breaks src/base/a.c "/* $(printf '%%0115d' 0) */" 'a line of 121 columns'
keeps src/base/a.c "/* $(printf '%%0114d' 0) */"
keeps src/base/a.c "/* $(printf '%%0100d' 0)$(printf '\303\251\303\251\303\251\303\251\303\251\303\251\303\251') */"
keeps docs/page.md "$(printf '%%0200d' 0)"
breaks docs/page.md "see /wo""rk/main" 'a path of one machine'
breaks tests/cli/x.sh "cat ../sha""red/lists" 'a path of one machine'
keeps tests/cli/x.sh "TWOKEY_LISTS=../sha""red/lists"

# Size, floating point, dead files.
breaks src/base/a.c "$(awk 'BEGIN { while (n++ < 1199) print ";" }')" 'a file of 1201 lines'
keeps src/base/a.c "$(awk 'BEGIN { while (n++ < 1198) print ";" }')"
breaks src/base/a.c 'static double x;' 'a floating-point type'
breaks src/desk/b.c 'static float x;' 'a floating-point type'
keeps src/cli/c.c 'static double x;'
keeps src/base/a.c '/* no double */ int doubled;'
plant
mkdir tree/src/desk/deep tree/tests/unit
for file in src/desk/deep/d.c tests/unit/d.c tests/d.sh; do
    printf '/* SPDX-License-Identifier: Apache-2.0 */\n' >"tree/$file"
done
printf '/* SPDX-License-Identifier: Apache-2.0 */\n' >tree/src/desk/dead.h
sh "$tidy" tree >said
for file in src/desk/deep/d.c tests/unit/d.c tests/d.sh; do
    grep -q "^$file:1: a file that nothing builds or runs; " said || fail "$file is dead: $(cat said)"
done
grep -q '^src/desk/dead.h:1: a header that nothing includes; ' said || fail "a dead header: $(cat said)"
[ "$(wc -l <said)" -eq 4 ] || fail "dead files: $(cat said)"
exit $failed
