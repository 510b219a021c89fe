/* SPDX-License-Identifier: Apache-2.0 */
/* worlds_rows.h: the rows of worlds.c: day, answers with the claims they rest on, and why. */
    {"end_user=bytedance",
     {
         {"2025-12-01",
          "law undetermined | prevailing undetermined | strict undetermined | open undetermined",
          "nothing was reported of the H200 yet"},
         {"2025-12-12",
          "law undetermined | prevailing licence | strict undetermined | open licence C066"
          " | item.cn_stance=under-review C069",
          "demand is sized and rules are drafted (C066, C069): state review"},
         {"2026-01-08",
          "law undetermined | prevailing closed | strict closed C081 | open licence C066"
          " | application.stage=reported C086 | item.cn_stance=paused C081",
          "orders are to wait (C081); classes are barred (C085)"},
         {"2026-01-15",
          "law undetermined | prevailing closed | strict closed C081 | open licence C066"
          " | application.stage=reported C086 | item.cn_customs=refuses C091"
          " | item.cn_stance=necessity-only C089+C090",
          "only what is necessary (C089, C090), and customs refuses (C091)"},
         {"2026-01-25",
          "law undetermined | prevailing undetermined | strict closed C081 | open licence C066"
          " | application.stage=reported C086+C103 | buyer.access=admitted C103"
          " | item.cn_customs=refuses C091"
          " | item.cn_stance=in-principle C103",
          "named firms prepare orders (C103); whether the stop was lifted is asked"},
         {"2026-02-01",
          "law undetermined | prevailing undetermined | strict closed C081 | open conditional C105"
          " | application.stage=approved; reported C086+C103+C105 | buyer.access=admitted C105"
          " | item.cn_customs=refuses C091"
          " | item.cn_stance=conditional-rounds C111",
          "first round on terms (C105, C111), state firms under tight control (C108); the stop is not ended by it"},
         {"2026-03-01",
          "law undetermined | prevailing undetermined | strict closed C081 | open conditional C105"
          " | application.stage=approved; reported C086+C103+C105 | buyer.access=admitted C105"
          " | item.cn_customs=refuses C091"
          " | item.cn_stance=conditional-rounds C111",
          "nothing new on the Chinese side since the round"},
         {"2026-04-01",
          "law undetermined | prevailing undetermined | strict closed C081 | open conditional C105"
          " | application.stage=approved; reported C086+C103+C105 | buyer.access=admitted C105"
          " | item.cn_customs=refuses C091"
          " | item.cn_stance=orders-accepted C176",
          "the maker has orders and restarts (C127, C176)"},
         {"2026-05-20",
          "law undetermined | prevailing closed | strict closed C081 | open conditional C105"
          " | application.stage=approved; reported C086+C103+C105 | buyer.access=admitted C105"
          " | item.cn_customs=refuses C091"
          " | item.cn_stance=withheld C142",
          "China chose not to approve (C142)"},
         {"2026-06-15",
          "law undetermined | prevailing closed | strict closed C081 | open conditional C105"
          " | application.stage=approved; reported C086+C103+C105 | buyer.access=admitted C105"
          " | item.cn_customs=refuses C091"
          " | item.cn_stance=withheld C150",
          "licensed buyers are told to hold (C150)"},
         {"2026-08-15",
          "law undetermined | prevailing closed | strict closed C142 | open conditional C126"
          " | application.stage=? C086+C103+C105 | buyer.access=? C105"
          " | item.cn_customs=? C091"
          " | item.cn_stance=withheld C150",
          "the stop was last heard of more than 180 days ago, the withholding was not"},
         {"2026-09-30",
          "law undetermined | prevailing closed | strict closed C142 | open undetermined"
          " | application.stage=? C086+C103+C105 | buyer.access=? C105"
          " | item.cn_customs=? C091"
          " | item.cn_stance=withheld C150",
          "the withholding of June still holds: 121 days"},
     }},
    {"end_user=china-telecom",
     {
         {"2025-12-01",
          "law undetermined | prevailing undetermined | strict undetermined | open undetermined",
          "nothing was reported of the H200 yet"},
         {"2025-12-12",
          "law undetermined | prevailing licence | strict undetermined | open licence C066"
          " | item.cn_stance=under-review C069",
          "demand is sized and rules are drafted (C066, C069): state review"},
         {"2026-01-08",
          "law undetermined | prevailing closed | strict closed C081 | open licence C066"
          " | buyer.access=barred C085 | item.cn_stance=paused C081",
          "orders are to wait (C081); classes are barred (C085)"},
         {"2026-01-15",
          "law undetermined | prevailing closed | strict closed C081 | open licence C066"
          " | buyer.access=barred C085 | item.cn_customs=refuses C091"
          " | item.cn_stance=necessity-only C089+C090",
          "only what is necessary (C089, C090), and customs refuses (C091)"},
         {"2026-01-25",
          "law undetermined | prevailing undetermined | strict closed C081 | open licence C066"
          " | buyer.access=barred C085 | item.cn_customs=refuses C091"
          " | item.cn_stance=in-principle C103",
          "named firms prepare orders (C103); whether the stop was lifted is asked"},
         {"2026-02-01",
          "law undetermined | prevailing undetermined | strict closed C081 | open licence C066"
          " | buyer.access=restricted C108 | item.cn_customs=refuses C091"
          " | item.cn_stance=conditional-rounds C111",
          "first round on terms (C105, C111), state firms under tight control (C108); the stop is not ended by it"},
         {"2026-03-01",
          "law undetermined | prevailing undetermined | strict closed C081 | open licence C066"
          " | buyer.access=restricted C108 | item.cn_customs=refuses C091"
          " | item.cn_stance=conditional-rounds C111",
          "nothing new on the Chinese side since the round"},
         {"2026-04-01",
          "law undetermined | prevailing undetermined | strict closed C081 | open licence C066"
          " | buyer.access=restricted C108 | item.cn_customs=refuses C091"
          " | item.cn_stance=orders-accepted C176",
          "the maker has orders and restarts (C127, C176)"},
         {"2026-05-20",
          "law undetermined | prevailing closed | strict closed C081 | open licence C066"
          " | buyer.access=restricted C108 | item.cn_customs=refuses C091"
          " | item.cn_stance=withheld C142",
          "China chose not to approve (C142)"},
         {"2026-06-15",
          "law undetermined | prevailing closed | strict closed C081 | open licence C085"
          " | buyer.access=restricted C108 | item.cn_customs=refuses C091"
          " | item.cn_stance=withheld C150",
          "licensed buyers are told to hold (C150)"},
         {"2026-08-15",
          "law undetermined | prevailing closed | strict closed C142 | open licence C126"
          " | buyer.access=? C108 | item.cn_customs=? C091 | item.cn_stance=withheld C150",
          "the stop was last heard of more than 180 days ago, the withholding was not"},
         {"2026-09-30",
          "law undetermined | prevailing closed | strict closed C142 | open undetermined"
          " | buyer.access=? C108 | item.cn_customs=? C091 | item.cn_stance=withheld C150",
          "the withholding of June still holds: 121 days"},
     }},
    {"end_user_class=university end_user_hq=CN",
     {
         {"2025-12-01",
          "law undetermined | prevailing undetermined | strict undetermined | open undetermined",
          "nothing was reported of the H200 yet"},
         {"2025-12-12",
          "law undetermined | prevailing licence | strict undetermined | open licence C066"
          " | item.cn_stance=under-review C069",
          "demand is sized and rules are drafted (C066, C069): state review"},
         {"2026-01-08",
          "law undetermined | prevailing closed | strict closed C081 | open licence C066"
          " | item.cn_stance=paused C081",
          "orders are to wait (C081); classes are barred (C085)"},
         {"2026-01-15",
          "law undetermined | prevailing closed | strict closed C081 | open licence C066"
          " | item.cn_customs=refuses C091 | item.cn_stance=necessity-only C089+C090",
          "only what is necessary (C089, C090), and customs refuses (C091)"},
         {"2026-01-25",
          "law undetermined | prevailing undetermined | strict closed C081 | open licence C066"
          " | item.cn_customs=refuses C091 | item.cn_stance=in-principle C103",
          "named firms prepare orders (C103); whether the stop was lifted is asked"},
         {"2026-02-01",
          "law undetermined | prevailing undetermined | strict closed C081 | open licence C066"
          " | item.cn_customs=refuses C091 | item.cn_stance=conditional-rounds C111",
          "first round on terms (C105, C111), state firms under tight control (C108); the stop is not ended by it"},
         {"2026-03-01",
          "law undetermined | prevailing undetermined | strict closed C081 | open licence C066"
          " | item.cn_customs=refuses C091 | item.cn_stance=conditional-rounds C111",
          "nothing new on the Chinese side since the round"},
         {"2026-04-01",
          "law undetermined | prevailing undetermined | strict closed C081 | open licence C066"
          " | item.cn_customs=refuses C091 | item.cn_stance=orders-accepted C176",
          "the maker has orders and restarts (C127, C176)"},
         {"2026-05-20",
          "law undetermined | prevailing closed | strict closed C081 | open licence C066"
          " | item.cn_customs=refuses C091 | item.cn_stance=withheld C142",
          "China chose not to approve (C142)"},
         {"2026-06-15",
          "law undetermined | prevailing closed | strict closed C081 | open licence C089"
          " | item.cn_customs=refuses C091 | item.cn_stance=withheld C150",
          "licensed buyers are told to hold (C150)"},
         {"2026-08-15",
          "law undetermined | prevailing closed | strict closed C142 | open licence C126"
          " | item.cn_customs=? C091 | item.cn_stance=withheld C150",
          "the stop was last heard of more than 180 days ago, the withholding was not"},
         {"2026-09-30",
          "law undetermined | prevailing closed | strict closed C142 | open undetermined"
          " | item.cn_customs=? C091 | item.cn_stance=withheld C150",
          "the withholding of June still holds: 121 days"},
     }},
