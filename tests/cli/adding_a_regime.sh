#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Follows docs/adding-a-regime.md word by word: each `$ ` line of a code block is run in a copy of the data, and the
# lines below it are what it must say. In those, `…` stands for any text within a line, or alone for any lines.
set -u
page=$TWOKEY_SOURCE/docs/adding-a-regime.md
cp -r "$TWOKEY_SOURCE/rulebooks" "$TWOKEY_SOURCE/catalogue" "$TWOKEY_SOURCE/examples" .
mkdir bin steps
ln -s "$TWOKEY" bin/twokey
PATH=$PWD/bin:$PATH
export PATH

# steps/NNN.run and steps/NNN.says, one pair a command.
awk '
    /^```/ { inside = !inside; next }
    !inside { next }
    /^\$ / {
        name = sprintf("steps/%03d", ++step)
        print substr($0, 3) > (name ".run")
        printf "" > (name ".says")
        next
    }
    { print > (name ".says") }
' "$page"
[ -e steps/010.run ] || { echo "FAILED: fewer than ten commands in $page" >&2; exit 1; }

# matches SAYS SAID: does what was said fit the page?
matches() {
    awk -v said="$2" '
        function fits(want, line,   parts, count, i, at) {
            count = split(want, parts, "…")
            if (count == 1)
                return line == want
            if (substr(line, 1, length(parts[1])) != parts[1])
                return 0
            line = substr(line, length(parts[1]) + 1)
            for (i = 2; i < count; i++) {
                at = index(line, parts[i])
                if (at == 0)
                    return 0
                line = substr(line, at + length(parts[i]))
            }
            at = length(line) - length(parts[count])
            return at >= 0 && substr(line, at + 1) == parts[count]
        }
        BEGIN { while ((getline line < said) > 0) lines[++total] = line }
        $0 == "…" { skip = 1; next }
        {
            at++
            while (skip && at <= total && !fits($0, lines[at]))
                at++
            if (at > total || !fits($0, lines[at])) {
                printf "expected: %s\n     got: %s\n", $0, (at > total ? "the end" : lines[at])
                wrong = 1
                exit 1
            }
            skip = 0
        }
        END { if (!wrong && !skip && at < total) { printf "not on the page: %s\n", lines[at + 1]; exit 1 } }
    ' "$1"
}

failed=0
for run in steps/*.run; do
    step=${run%.run}
    sh "$run" >"$step.said" 2>&1
    if ! matches "$step.says" "$step.said" >&2; then
        echo "FAILED: $(cat "$run")" >&2
        failed=1
    fi
done
exit $failed
