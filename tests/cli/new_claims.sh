# SPDX-License-Identifier: Apache-2.0
# New claims change answers with no edit to a rulebook: what a buyer is told holds for that buyer, the last word counts,
# and a product nobody wrote a rule for is decided by what is reported of it.
. "$TWOKEY_SOURCE/tests/cli/common/expect"
TWOKEY_BOOK=$PWD/book.db
export TWOKEY_BOOK

cat >new.csv <<'CSV'
id,date_event,date_reported,source,source_kind,actor,subject,predicate,object,quantity,unit
N1,2026-02-05,2026-02-05,Daily,anonymous_press,Chinese officials,Baidu,instructs_pause,H200 purchases,,
N2,2026-02-15,2026-02-15,Daily,anonymous_press,Chinese officials,Baidu,approves_import,H200,5000,chips
N3,2026-02-10,2026-02-10,Daily,anonymous_press,Chinese government,China Telecom,approves_import,H200,10000,chips
N4,2026-02-01,2026-02-01,Daily,anonymous_press,Chinese officials,Tencent,approves_import,B30A,5000,chips
N5,2026-02-20,2026-02-20,GACC,official,GACC,H200,accepts_import,,,
N6,2026-03-01,2026-03-01,Daily,anonymous_press,Chinese officials,Tencent,refuses_application,H200,,
N7,2026-03-05,2026-03-05,Daily,anonymous_press,Beijing,B30A,withholds,approvals,,
N8,2026-03-06,2026-03-06,Daily,anonymous_press,Beijing,DeepSeek,withholds,H200,,
CSV

# asked VERDICT ITEM BUYER DATE: the Chinese key as known on that day, under what prevails.
asked() {
    "$TWOKEY" check --from US --to CN --activity export --item "$2" --end-user "$3" --as-of "$4" --known-at "$4" \
        >out 2>err
    code=$?
    ran="check $2 $3 $4"
    shows "cn  $1"
}

# As the book stood before.
asked undetermined nvidia-b30a tencent 2026-02-06
asked undetermined h200-sxm tencent 2026-03-02

run 0 claims import new.csv

# A pause of one buyer stops that buyer, and an approval after it ends it.
asked closed h200-sxm baidu 2026-02-06
shows "told-to-pause"
asked undetermined h200-sxm jd 2026-02-06
hides "told-to-pause"
asked undetermined h200-sxm baidu 2026-02-16
shows "because        approved"

# A buyer of a class under tight control, admitted by name; the others of the class are not.
asked undetermined h200-sxm china-telecom 2026-02-12
hides "access-restricted"
shows "buyer.access = admitted"
asked undetermined h200-sxm china-unicom 2026-02-12
shows "access-restricted"

# A stop ends when customs is reported to take the product in, and by nothing else.
asked conditional h200-sxm bytedance 2026-02-21
shows "item.cn_customs = accepts"
asked licence h200-sxm jd 2026-02-21
asked closed h200-sxm tencent 2026-03-02
shows "application-ended"

# What is withheld from one is withheld from that one.
asked closed h200-sxm deepseek 2026-03-07
asked conditional h200-sxm bytedance 2026-03-07

# A product of which no rule speaks.
asked conditional nvidia-b30a tencent 2026-02-06
asked licence nvidia-b30a jd 2026-02-06
asked closed nvidia-b30a tencent 2026-03-06

done_testing
