#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Holds docs/screening.md to its word: its commands are run, and say what the page says.
. "$TWOKEY_SOURCE/tests/cli/common/page"
follow "$TWOKEY_SOURCE/docs/screening.md"
[ -e steps/003.run ] || { echo "FAILED: fewer than three commands on the page" >&2; exit 1; }
[ "$failed" -eq 0 ] || exit 1
