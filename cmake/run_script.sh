#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs one test script in a fresh folder below the build folder, and takes the folder away again.
set -u
script=$1
TMPDIR=$(mktemp -d "$2/cli-XXXXXX") || exit 1
export TMPDIR
HOME=$TMPDIR
export HOME
cd "$TMPDIR" || exit 1
sh "$script"
rc=$?
cd / && rm -rf "$TMPDIR"
exit $rc
