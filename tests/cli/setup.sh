#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tools/setup with a package manager that is played: what it says and does when nothing or something is missing, as
# root, with sudo, and as somebody who may do nothing.
set -u
setup=$TWOKEY_SOURCE/tools/setup
failed=0
fail() {
    echo "FAILED: $*" >&2
    failed=1
}
mkdir bin
# Packages that are installed are listed in the file `installed`; what apt-get was asked is written to `asked`.
cat >bin/dpkg-query <<'SH'
#!/bin/sh
shift 3
for package; do
    if grep -qx "$package" "$PLAY/installed"; then echo "installed $package"; else echo "no package $package" >&2; fi
done
SH
cat >bin/apt-get <<'SH'
#!/bin/sh
echo "apt-get $*" >>"$PLAY/asked"
[ ! -e "$PLAY/no-network" ] || { echo "E: could not resolve" >&2; exit 100; }
SH
cat >bin/id <<'SH'
#!/bin/sh
cat "$PLAY/uid"
SH
cat >bin/sudo <<'SH'
#!/bin/sh
[ -e "$PLAY/sudo-works" ] || exit 1
[ "$1" = -n ] && shift
"$@"
SH
chmod +x bin/*
PLAY=$PWD
PATH=$PWD/bin:$PATH
export PLAY PATH

# run ARGS: runs the script; its exit code in rc, what it said in the files `out` and `err`.
run() {
    rm -f asked
    : >asked
    sh "$setup" "$@" >out 2>err
    rc=$?
}
everything="gcc libc6-dev make cmake ninja-build pkg-config re2c lemon libssl-dev libsqlite3-dev libcmocka-dev
zlib1g-dev libexpat1-dev libicu-dev
nodejs npm clips postgresql postgresql-contrib python3-jellyfish clang llvm libclang-rt-14-dev"

# All there: silent, for every set, and the package manager is not asked.
for package in $everything; do echo "$package"; done >installed
echo 1000 >uid
for set in "" base page bench fuzz all; do
    run $set
    [ $rc -eq 0 ] || fail "set '$set': exit $rc with everything installed"
    [ ! -s out ] && [ ! -s err ] || fail "set '$set': not silent: $(cat out err)"
    [ ! -s asked ] || fail "set '$set': asked the package manager"
done
# Something missing, and neither root nor sudo: one line with the missing packages only, exit 2, nothing tried.
grep -v -e lemon -e libssl-dev installed >less && mv less installed
run base
[ $rc -eq 2 ] || fail "without rights: exit $rc, not 2"
[ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] || fail "without rights: not one line: $(cat out err)"
grep -q 'apt-get install --no-install-recommends -y lemon libssl-dev$' err || fail "without rights: said $(cat err)"
[ ! -s asked ] || fail "without rights: asked the package manager"

# With sudo, and as root: update, then install what is missing, each package once.
touch sudo-works
for uid in 1000 0; do
    echo $uid >uid
    run all
    [ $rc -eq 0 ] || fail "uid $uid: exit $rc: $(cat err)"
    [ "$(wc -l <asked)" -eq 2 ] || fail "uid $uid: asked $(cat asked)"
    sed -n 1p asked | grep -q ' update$' || fail "uid $uid: no update first: $(cat asked)"
    sed -n 2p asked | grep -q ' install --no-install-recommends -y lemon libssl-dev$' || fail "uid $uid: $(cat asked)"
    grep -qx 'setup: installing lemon libssl-dev' out || fail "uid $uid: said $(cat out)"
done

# It cannot be fetched: what the package manager said, and exit 1.
touch no-network
run base
[ $rc -eq 1 ] || fail "no network: exit $rc, not 1"
grep -q 'could not resolve' err && grep -q 'could not be installed' err || fail "no network: said $(cat err)"

# A word that is no set.
run basis
[ $rc -eq 2 ] && grep -q "no set 'basis' (base, page, bench, fuzz, all)" err || fail "no set: exit $rc, $(cat err)"
exit $failed
