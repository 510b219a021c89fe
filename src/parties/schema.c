/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c: the tables of parties in a book.
 *
 *   parties_batches     one import each: name, the day that was given, counts
 *   parties             one row a record, as written; `number` is the order of recording, over both tables
 *   parties_holdings    likewise; `since` and `until` are the days of first_day and last_day
 *   parties_clearances  what somebody decided about a hit: who, when, why (clearances.c)
 *   parties_compared    what the two sides of that hit were then, field by field
 */
#include "parties/parties_int.h"

static const char *const migrations[] = {
    "CREATE TABLE parties_batches (id INTEGER PRIMARY KEY, name TEXT NOT NULL, day INTEGER NOT NULL,"
    " rows_read INTEGER NOT NULL, added INTEGER NOT NULL, replaced INTEGER NOT NULL, there INTEGER NOT NULL,"
    " rejected INTEGER NOT NULL) STRICT;"
    "CREATE TABLE parties (number INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES parties_batches,"
    " id TEXT NOT NULL, name TEXT NOT NULL, aliases TEXT NOT NULL, kind TEXT NOT NULL, country TEXT NOT NULL,"
    " hq TEXT NOT NULL, parent TEXT NOT NULL, parent_hq TEXT NOT NULL, class TEXT NOT NULL, lists TEXT NOT NULL,"
    " entry_review TEXT NOT NULL, address TEXT NOT NULL, identifiers TEXT NOT NULL, birth TEXT NOT NULL,"
    " source TEXT NOT NULL, note TEXT NOT NULL) STRICT;"
    "CREATE INDEX parties_id ON parties (id, number);"
    "CREATE TABLE parties_holdings (number INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES parties_batches,"
    " since INTEGER NOT NULL, until INTEGER NOT NULL, holder TEXT NOT NULL, held TEXT NOT NULL, share TEXT NOT NULL,"
    " control TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL, source TEXT NOT NULL,"
    " note TEXT NOT NULL) STRICT;"
    "CREATE INDEX parties_holdings_held ON parties_holdings (held, holder, since, number);"
    "CREATE INDEX parties_holdings_holder ON parties_holdings (holder);"
    "CREATE TABLE parties_clearances (number INTEGER PRIMARY KEY, day INTEGER NOT NULL, who TEXT NOT NULL,"
    " verdict TEXT NOT NULL, hit TEXT NOT NULL, party TEXT NOT NULL, reason TEXT NOT NULL) STRICT;"
    "CREATE INDEX parties_clearances_hit ON parties_clearances (party, hit, number);"
    "CREATE TABLE parties_compared (clearance INTEGER NOT NULL REFERENCES parties_clearances, side INTEGER NOT NULL,"
    " field INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (clearance, side, field)) STRICT, WITHOUT ROWID;",
};
const tk_store_module tk_parties_module = {"parties", migrations, TK_COUNT(migrations)};

static const char SCHEMA_RECORDED[] = "SELECT max(coalesce((SELECT max(number) FROM parties), 0),"
                                      " coalesce((SELECT max(number) FROM parties_holdings), 0))";

tk_status tk_parties_recorded(tk_store *store, int64_t *number, tk_err *err)
{
    tk_store_statement *statement;
    bool row = false;
    *number = 0;
    tk_status status = tk_store_prepare(store, SCHEMA_RECORDED, &statement, err);
    if (status == TK_OK)
        status = tk_store_step(statement, &row, err);
    if (status != TK_OK || !row)
        return status;
    *number = tk_store_int(statement, 0);
    tk_store_reset(statement);
    return TK_OK;
}
