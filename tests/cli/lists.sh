# SPDX-License-Identifier: Apache-2.0
# `twokey lists`: a shelf from empty to several versions; the gate between; what is stale; differences; what is refused.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
TWOKEY_BOOK=$TMPDIR/book/book.db
export TWOKEY_BOOK
data=$TWOKEY_SOURCE/tests/data/lists
sample=$TWOKEY_SOURCE/lists/sample/csl-sample-2026-07-31.csv

refused "lists: what of them? Expected one of import status diff show" lists
refused "did you mean 'status'?" lists statsu
refused "lists import: which file or folder?" lists import
refused "lists diff: which two files, folders or versions?" lists diff x
refused "lists status: 'x' is one argument too many" lists status x
refused "--map does not go with 'lists status'" lists status --map name=x
refused "--published '2026': expected a day" lists import "$sample" --published 2026
refused "--source 'a b': expected an id" lists import "$sample" --source "a b"
refused "x: cannot be opened" lists import "$sample" --map x
refused "expected FIELD=COLUMN" lists import "$sample" --map name=Firm,list
refused "--accept: say why" lists import "$sample" --accept " "
refused "nowhere.csv" lists import nowhere.csv
refused "is no source, list or entry; did you mean 'us-csl'?" lists show us-cls
refused "no entry 'EL:nobody' in the lists in use" lists show EL:nobody
refused "is no file, and no version" lists diff "$sample" nowhere
mkdir empty
refused "there is no file in it" lists import empty

# Nothing yet, and nothing is made by looking.
run 0 lists status
quiet
plain
shows "us-csl       never imported"
[ ! -e "$TMPDIR/book" ] || complain "no folder made"
run 0 lists import "$sample" --check
shows "good; checked, not kept"
[ ! -e "$TMPDIR/book" ] || complain "no folder made by a check"

# A version, and the same again.
run 0 lists import "$sample"
quiet
plain
shows "published    2026-07-31, by the name of the file"
shows "records      50 read, 50 accepted (1 of them merged into others), 0 rejected"
run 0 lists import "$sample"
shows "was there already"
gzip -c "$sample" >copy-2026-07-31.gz
run 0 lists import copy-2026-07-31.gz
shows "was there already"

# Broken editions are refused with every reason; the one in force stays.
{ sed -n 1,2p "$sample"; sed -n 2,6p "$sample"; printf 'Entity List (EL) - Bureau,,,,"Broken'; } >broken-2026-06.csv
run 2 lists import broken-2026-06.csv
silent
says "broken-2026-06.csv:3: the header line again"
says "sample is refused: the header stands in it twice (line 3); it is cut off: the last record (line 8) is broken"
says "it has 4 entries; at least 10 are expected; it has 4 entries, the one in force 49: it shrank by 91 percent"
says "it was published on 2026-06-30, the one in force on 2026-07-31 (--older allows that)"
says "the version of 2026-07-31 stays in force"
run 2 lists import broken-2026-06.csv --check --format json
shows '"passed":false,"reasons":["the header stands in it twice (line 3)"'
run 0 lists status --as-of 2026-08-02
plain
shows "sample       2026-07-31  2 days     49 "
shows "stale after 3650 days"
run 0 lists import broken-2026-06.csv --accept "a test of the gate"
shows "accepted     the header stands in it twice"
grep -q '"*a test of the gate' "$TMPDIR/book/lists/accepted.csv" || complain "the reason is kept"
run 0 lists status --as-of 2026-08-02 --known-at 2026-07-01
plain
shows "  2 of its records could not be read: who they name is not screened against"
cp "$sample" older-2026-05-31.csv
run 2 lists import older-2026-05-31.csv
says "sample is refused: it was published on 2026-05-31, the one in force on 2026-07-31 (--older allows that)"
run 0 lists import older-2026-05-31.csv --older
shows "version      sample 2026-05-31 9e1d41f5"
run 0 lists status --format csv
shows "source,title,version,published,age_days,stale_days,state,entries,hash,imported"
shows ",2026-07-31,"
run 0 lists status --format csv --known-at 2026-07-01
shows ",2026-06-30,"
run 0 lists status --as-of 2036-08-02
shows "stale (after 3650 days)"

# OFAC's files as a folder; of one's own by a mapping, given in two ways.
mkdir ofac
cp "$data"/sdn*-2021-07.csv "$data/alt-2021-07.csv" "$data/add-2021-07.csv" ofac
run 2 lists import ofac
says "ofac-sdn is refused: it has 6 entries; at least 6000 are expected; nothing was imported"
run 0 lists import ofac --accept "a sample"
shows "ofac-sdn  Specially Designated Nationals"
printf 'Firm;Land\nMuster GmbH;DE\n' >own.csv
printf 'field,column,value\nname,Firm,\ncountry,Land,\nlist,,EL\n' >map.csv
run 0 lists import own.csv --source house --map name=Firm,country=Land,list==EL --published 2026-01-01
run 0 lists import own.csv --source house --map map.csv --published 2026-01-01
shows "was there already"
refused "nothing says when it was published" lists import own.csv --map map.csv
run 0 lists status --format json
shows '{"source":"house","title":"A list of one'

# What is there: sources, entries, lists.
run 0 lists show sample
plain
shows "version *    sample 2026-07-31 "
shows "version      sample 2026-06-30 "
run 0 lists show SDN:15036
plain
shows "identifiers  MMSI 572469210; Vessel Registration Identification IMO 9187629;"
run 0 lists show SDN:15036 --format json
shows '{"name":"ALPHA","weak":false,"original":false}'
run 0 lists show SDN
plain
shows "ownership    from 50 percent on, shares of several listed owners added up;"
run 0 lists show CMIC --format json
shows '"owned_percent":null'
run 0 lists show sample --format json
shows '"version":"sample 2026-06-30 '

# Differences: of files, and of a file and a version.
run 0 lists diff "$sample" "$sample"
shows "0 added, 0 removed, 0 changed"
sed -e 's/Presumption of denial/Policy of denial/' -e '/,Sugon,Dawning/d' "$sample" >new-2026-08-15.csv
run 6 lists diff "$sample" new-2026-08-15.csv
shows "sample of 2026-07-31 and of 2026-08-15: 0 added, 1 removed,"
shows "- EL:sugon-"
shows "  policy       Presumption of denial -> Policy of denial"
run 6 lists diff "$sample" new-2026-08-15.csv --format csv
shows "change,list,key,name,field,before,after"
shows "removed,EL,sugon-ba4baf,Sugon,,,"
run 6 lists diff "$sample" new-2026-08-15.csv --format json
shows '{"change":"removed","fields":[],"before":{"list":"EL","key":"sugon-ba4baf","name":"Sugon"'
version=$("$TWOKEY" lists show sample | sed -n 's/^  version \*    \(.*\),.*/\1/p')
run 0 lists diff "$version" "$sample"
run 2 lists diff "$sample" ofac
says "one is sample, the other ofac-sdn"

done_testing
