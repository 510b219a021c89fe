# SPDX-License-Identifier: Apache-2.0
# Manual pages: one for the program and one a verb; flags and examples are those of the program's own help.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
pages=$TWOKEY_SOURCE/docs/man

# The text of a page without its macros: \- is a dash, \e a backslash, \& nothing.
plain_page() { sed -e 's/\\-/-/g' -e 's/\\e/\\/g' -e 's/\\&//g' "$1"; }

for verb in check explain rules items places parties screen owners claims watch lists book doctor completion; do
    page=$pages/twokey-$verb.1
    run 0 "$verb" --help
    [ -f "$page" ] || { complain "a page for '$verb'"; continue; }
    plain_page "$page" >text
    grep -q "^twokey-$verb - " text || complain "a name and a summary"
    sed -n 's/^twokey [a-z]*: //p' out >summary
    sed -n "s/^twokey-$verb - //p" text >said
    same said <summary

    # Usage, flags and examples, line by line. Behind a pipe `same` could fail unheard.
    sed -n '/^usage: /,/^$/p' out | sed -e 's/^usage: //' -e 's/^ *//' -e '/^$/d' >usage
    sed -n '/^\.SH SYNOPSIS/,/^\.SH DESCRIPTION/p' text | sed -n 's/^\.B //p' >said
    same said <usage
    sed -n '/^examples$/,$p' out | sed -e 1d -e 's/^  //' >examples
    sed -n '/^\.SH EXAMPLES/,/^\.fi/p' text | sed -e 1,2d -e '$d' >said
    same said <examples
    sed -n '/^flags$/,/^$/p' out | sed -n 's/^  --\([a-z-]*\).*/\1/p' >flags
    sed -n '/^\.SH OPTIONS/,/^\.SH [^O]/p' text | awk 'tag { print } { tag = $0 == ".TP" }' |
        sed -n 's/^\.BI* --\([a-z-]*\).*/\1/p' >said
    same said <flags
    sed -n '/^order flags/,/^$/p' out | tr ' ' '\n' | grep '^--' >order
    tr ' ' '\n' <text >words
    while read -r flag; do
        grep -qx -e "$flag" words || complain "the order flag $flag on the page"
    done <order

    # Every exit code that the help names has its paragraph.
    for number in $(sed -n '/^Exit:/,/^$/p' out | grep -oE '(^| )[0-6]( |;)' | tr -d ' ;' | sort -u); do
        sed -n '/^\.SH EXIT STATUS/,/^\.SH E[NX][VA]/p' text | grep -qx "\.B $number" || complain "exit code $number"
    done
    grep -q "twokey-$verb (1)" "$pages/twokey.1" || plain_page "$pages/twokey.1" | grep -q "twokey-$verb (1)" ||
        complain "twokey.1 names the page"
done

version=$(cat "$TWOKEY_SOURCE/VERSION")
for page in "$pages"/*.1; do
    grep -q "^\.TH .*\"twokey $version\"" "$page" || complain "$page: version $version"
    # Only macros of man(7).
    sed -n 's/^\.\([A-Za-z]*\).*/\1/p' "$page" | sort -u |
        grep -vxE '|TH|SH|PP|TP|B|BI|BR|I|br|nf|fi' >foreign && complain "$page: $(cat foreign)"
    if command -v groff >/dev/null 2>&1; then
        groff -man -Tutf8 -ww "$page" 2>warnings >/dev/null
        [ ! -s warnings ] || complain "$page: $(head -n 1 warnings)"
    fi
done

done_testing
