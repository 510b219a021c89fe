#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Follows docs/adding-a-regime.md word by word, in a copy of the data.
. "$TWOKEY_SOURCE/tests/cli/common/page"
cp -r "$TWOKEY_SOURCE/rulebooks" "$TWOKEY_SOURCE/catalogue" "$TWOKEY_SOURCE/examples" .
follow "$TWOKEY_SOURCE/docs/adding-a-regime.md"
[ -e steps/010.run ] || { echo "FAILED: fewer than ten commands on the page" >&2; exit 1; }
exit $failed
