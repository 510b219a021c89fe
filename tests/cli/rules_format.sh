# SPDX-License-Identifier: Apache-2.0
# `twokey rules format`: shown, checked, written in place; what it refuses.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
. "$TWOKEY_SOURCE/tests/cli/common/rulebook"

refused "rules format: which file?" rules format
refused "--check changes nothing and --write does" rules format a.rules --check --write
refused "rules format shows one file" rules format rules/common.rules rules/xx/regime.rules
refused "--rulebook does not go with 'rules format'" rules format a.rules --rulebook rules

# A file in house layout stays, byte for byte.
run 0 rules format rules/xx/regime.rules
quiet
same rules/xx/regime.rules <out
run 0 rules format rules/common.rules rules/xx/regime.rules --check
silent

# One that is not is named, shown, and written.
sed 's/^  *when  */when /' rules/xx/regime.rules >wild.rules
printf '\r\n' >>wild.rules
cp wild.rules kept.rules
run 6 rules format rules/common.rules wild.rules --check
same out <<'END'
wild.rules
END
same kept.rules <wild.rules
run 0 rules format wild.rules
same out <rules/xx/regime.rules
run 0 rules format wild.rules --write
same out <<'END'
wild.rules
END
same rules/xx/regime.rules <wild.rules
run 0 rules format wild.rules --write
silent
run 0 rules format wild.rules --out shown.rules
same rules/xx/regime.rules <shown.rules
refused "the file exists; --force replaces it" rules format wild.rules --out shown.rules
run 0 rules format wild.rules --out shown.rules --force

# A file with a mistake is left alone; the others are written all the same.
printf 'rule a\n  cites "x\n' >bad.rules
cp bad.rules bad.kept
cp kept.rules wild.rules
run 2 rules format bad.rules wild.rules --write
says "bad.rules:2:9: error:"
same bad.kept <bad.rules
same rules/xx/regime.rules <wild.rules
refused "nowhere.rules: cannot be opened: No such file or directory" rules format nowhere.rules
printf 'common\n' | iconv -t UTF-16 >wide.rules 2>/dev/null && {
    run 2 rules format wide.rules
    says "UTF-16"
}

# The program's own rulebook is in house layout.
run 0 rules format --check "$TWOKEY_SOURCE"/rulebooks/*.rules "$TWOKEY_SOURCE"/rulebooks/*/*.rules

done_testing
