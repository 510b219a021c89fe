/* SPDX-License-Identifier: Apache-2.0 */
/* limits.h: every maximum of twokey, in one place. Each is tested at the limit and at limit + 1. */
#ifndef TK_BASE_LIMITS_H
#define TK_BASE_LIMITS_H

enum {
    TK_FIELD_BYTES_MAX = 64 * 1024,          /* one CSV cell or JSON string */
    TK_ROW_BYTES_MAX = 1024 * 1024,          /* one CSV record or JSON line */
    TK_CSV_COLUMNS_MAX = 512,                /* columns of one CSV file */
    TK_JSON_DEPTH_MAX = 32,                  /* nesting of one JSON value */
    TK_RULEBOOK_FILE_BYTES_MAX = 1024 * 1024, /* one .rules file */
    TK_RULES_MAX = 10000,                    /* rules of one rulebook, all regimes together */
    TK_REGIMES_MAX = 32,                     /* regimes of one rulebook */
    TK_FACTS_MAX = 512,                      /* fact slots of one rulebook, roles multiplied out */
    TK_ANSWERS_MAX = 64,                     /* answers of one question, values of one kind of fact */
    TK_QUESTIONS_MAX = 1024,                 /* questions of one rulebook, all regimes together */
    TK_EXPRESSION_DEPTH_MAX = 64,            /* nesting of one condition, and of terms and sets made of others */
    TK_WRITTEN_OUT_MAX = 10000,              /* parts of a condition, term or set with its terms and sets written out */
    TK_ROWS_COMPARED_MAX = 20 * 1000 * 1000, /* steps of comparing the rows of all sets with each other */
    TK_CHAIN_MAX = 64, /* questions that read each other, exceptions of exceptions, replacements */
    TK_MESSAGES_MAX = 100,                   /* messages kept of one compilation */
    TK_ID_BYTES_MAX = 64,                    /* an id: [A-Za-z0-9][A-Za-z0-9._:-]{0,63} */
    TK_EVIDENCE_MAX = 128,                   /* pieces of evidence of one transaction */
    TK_CLAIMS_FACTS_MAX = 16,                /* facts of one rulebook that come from claims */
    TK_CLAIMS_BELIEVED_MAX = 1024,           /* claims that a question names, by hand or in a file */
    TK_WORLD_CLAIMS_MAX = 101 * 1024,        /* claims of one world: those and these */
    TK_STORE_STATEMENTS_MAX = 256,           /* different statements kept for one open book */
    TK_STORE_QUEUE_MAX = 1024,               /* jobs that wait for the writer of one book */
    TK_STORE_GROUP_MAX = 256,                /* jobs that share one commit */
    TK_STORE_BUSY_MS = 10000,                /* longest wait for another program that writes */
    TK_STORE_PATH_MAX = 480,                 /* bytes of the whole path of a book; SQLite takes 512 with its endings */
    TK_CLAIM_LINKS_MAX = 64,                 /* ids in one cell of a claim */
    TK_CLAIMS_KINDS_MAX = 32,                /* kinds of sources in the table of grades */
    TK_CLAIMS_SORTED_MAX = 1000,             /* matches of a search that are put in order of publication */
    TK_CLAIMS_TIMELINE_MAX = 5000,           /* claims of one timeline */
    TK_CLAIMS_WORDS_MAX = 32,                /* words of one search */
    TK_OWNER_RULES_MAX = 64,                 /* lists with a rule of ownership */
    TK_OWNER_TRIES_MAX = 1000,               /* shares tried when asking which change would change the answer */
    TK_OWNER_WORK_MAX = 20 * 1000 * 1000,    /* the same, times the holdings above the party */
    TK_WATCHES_MAX = 1000,                   /* watches of one book */
    TK_WATCH_ORDERS_MAX = 100 * 1000,        /* orders of one watch */
    TK_WATCH_STATEMENTS_MAX = 12,            /* statements named where no reason reads one that changed */
    TK_SCREEN_KEYS_MAX = 8192,               /* keys of one name in the index of a list */
    TK_NAME_BYTES_MAX = 1024,                /* the name of a party */
    TK_NAME_TOKENS_MAX = 96,                 /* words of one reading of a name */
    TK_LIST_FILE_BYTES_MAX = 200 * 1024 * 1024, /* a list of parties, unpacked */
    TK_LIST_GZIP_RATIO_MAX = 200,            /* unpacked bytes for one packed, above TK_LIST_GZIP_FREE_BYTES */
    TK_LIST_GZIP_FREE_BYTES = 1024 * 1024,
    TK_LIST_NAME_BYTES_MAX = 1000,           /* a name or alias on a list */
    TK_LIST_ALIASES_MAX = 2000,              /* aliases of one listed party */
    TK_LIST_MESSAGES_MAX = 100,              /* messages kept of one list */
    TK_LIST_FILES_MAX = 16,                  /* files of one list */
    TK_DATA_FILE_BYTES_MAX = 64 * 1024 * 1024 /* a catalogue, party or claims file */
};

#endif
