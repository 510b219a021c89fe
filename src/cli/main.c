/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: the verbs of the program, in one table: dispatch, help, man pages' examples and completion use it. */
#include <signal.h>
#include <string.h>

#include "cli/cli_int.h"

#define FLAGS_OUT (CLI_BIT(OUT) | CLI_BIT(FORCE))

const cli_verb cli_verbs[] = {
    {
        .name = "check",
        .summary = "may it move? decide one order or a file of them",
        .usage = "check FILE [flags]\ncheck - [flags]\n"
                 "check --item ID --from PLACE --to PLACE --activity WORD [flags]",
        .details = "FILE holds orders as CSV (comma, semicolon or tab) or one JSON object a line.\n"
                   "Columns, keys and order flags have the same names (flags with dashes). A cell is\n"
                   "a value, empty (not said), ? (unknown), none (known to be absent) or bounds\n"
                   "(3610 .. 6080). Evidence is a list: name;name@DATE;-refused.\n"
                   "As of: --as-of, else the order's as_of, else its ship_date, else today. Known\n"
                   "at: --known-at, else the newest publication in use; never the clock.\n"
                   "World: which reports count as true. law none; prevailing those that win by a\n"
                   "published method; strict and open the sets with the worst and the best verdict;\n"
                   "a FILE the claims whose ids it lists. Reports are never law: an answer better\n"
                   "than law alone gives waits for the written approval.\n"
                   "\n"
                   "Exit: 0 may move; 3 conditions open or authorisation needed; 4 may not move;\n"
                   "5 undetermined or conflict; 2 wrong input; 1 failure. Of a file the highest;\n"
                   "2 when a row was rejected.",
        .examples = "twokey check orders.csv\n"
                    "twokey check orders.csv --format json > decisions.ndjson\n"
                    "twokey check --item h200-sxm --from US --to CN --activity export \\\n"
                    "    --end-user-hq CN --as-of 2026-02-10\n"
                    "twokey check --fact item.tpp=4800 --fact item.datacenter=no \\\n"
                    "    --from US --to CN --activity export\n"
                    "twokey check orders.csv --known-at 2026-01-01 --law text\n"
                    "twokey check orders.csv --world strict",
        .formats = "text|json|csv",
        .flags = CLI_BITS_ALWAYS | CLI_BITS_DATA | CLI_BITS_DECIDE | FLAGS_OUT | CLI_BIT(FORMAT) | CLI_BIT(WOULD_CHANGE)
                 | CLI_BIT(IGNORE_UNKNOWN) | CLI_BIT(RANGE),
        .order_flags = true,
        .run = cli_check,
    },
    {
        .name = "explain",
        .summary = "the whole derivation of one decision",
        .usage = "explain --item ID --from PLACE --to PLACE --activity WORD [flags]\n"
                 "explain FILE --id ID [flags]",
        .details = "Every rule that stands, may stand, was defeated or does not apply, each\n"
                   "comparison with its value, threshold and margin, and the citations; then what\n"
                   "the believed reports say, the range of all worlds, and what would change the\n"
                   "answer. Worlds and exit codes are those of check.",
        .examples = "twokey explain --item h200-sxm --from US --to CN --activity export \\\n"
                    "    --end-user-hq CN --as-of 2026-02-10\n"
                    "twokey explain orders.csv --id o-17",
        .flags = CLI_BITS_ALWAYS | CLI_BITS_DATA | CLI_BITS_DECIDE | FLAGS_OUT | CLI_BIT(IGNORE_UNKNOWN),
        .order_flags = true,
        .run = cli_explain,
    },
    {
        .name = "rules",
        .summary = "the rulebook: list, show, lint, test, format, coverage",
        .usage = "rules list [--regime ID] [--format text|csv]\nrules show NAME\nrules lint [--regime ID]\n"
                 "rules test\nrules format FILE... [--check | --write]\nrules coverage [--format text|markdown]",
        .details = "show takes any name the rulebook declares, whole (us.item-a) or short when only\n"
                   "one regime has it. lint prints the checker's warnings and names rules without an\n"
                   "example where they apply and one just outside. test runs the examples. format\n"
                   "shows a file in house layout; with --check it only names files that would\n"
                   "change, with --write it changes them. coverage lists every provision with what\n"
                   "encodes it, or why nothing does.\n"
                   "\n"
                   "Exit: 0; 1 when an example fails, a rule lacks one or a provision stands\n"
                   "nowhere; 6 when --check finds a file to change; 2 wrong input.",
        .examples = "twokey rules show us.item-a\n"
                    "twokey rules test --rulebook my-rules\n"
                    "twokey rules format my-rules/us/items.rules --write",
        .subs = "list show lint test format coverage",
        .formats = "text|csv|markdown",
        .flags = CLI_BITS_ALWAYS | CLI_BITS_DATA | CLI_BIT(FORMAT) | CLI_BIT(REGIME) | CLI_BIT(CHECK) | CLI_BIT(WRITE)
                 | FLAGS_OUT,
        .run = cli_rules,
    },
    {
        .name = "items",
        .summary = "accelerators and their figures: list, show, classify",
        .usage = "items list [--as-of DATE] [--format text|csv]\nitems show ID [--as-of DATE]\n"
                 "items classify [--as-of DATE] [--format text|csv]",
        .details = "An id may be shortened to any tail that names one entry only (h200-sxm). show\n"
                   "gives the working of each figure; classify asks the rulebook what each item is\n"
                   "on a day. Without --as-of that is the newest day up to which the law was read.",
        .examples = "twokey items show h200-sxm\n"
                    "twokey items list --format csv\n"
                    "twokey items classify --as-of 2022-12-01",
        .subs = "list show classify",
        .formats = "text|csv",
        .flags = CLI_BITS_ALWAYS | CLI_BITS_DATA | CLI_BIT(FORMAT) | CLI_BIT(AS_OF) | CLI_BIT(KNOWN_AT) | CLI_BIT(LAW)
                 | FLAGS_OUT,
        .run = cli_items,
    },
    {
        .name = "places",
        .summary = "places and their country groups, dated",
        .usage = "places [list] [--as-of DATE] [--format text|csv]\nplaces show CODE [--as-of DATE]",
        .details = "show gives the country groups and the rulebook's sets that hold the place on a\n"
                   "day, and the dated rows. Without --as-of the day is the newest one up to which\n"
                   "any regime's law was read.",
        .examples = "twokey places\n"
                    "twokey places show AE --as-of 2026-07-01",
        .subs = "list show",
        .formats = "text|csv",
        .flags = CLI_BITS_ALWAYS | CLI_BITS_DATA | CLI_BIT(FORMAT) | CLI_BIT(AS_OF) | CLI_BIT(KNOWN_AT) | FLAGS_OUT,
        .run = cli_places,
    },
    {
        .name = "parties",
        .summary = "parties on record, and who holds how much of whom",
        .usage = "parties list [--format text|csv]\nparties show ID\nparties import FILE|- [--ignore-unknown]\n"
                 "parties add COLUMN=VALUE...\nparties export [parties|holdings] [--out FILE]",
        .details = "Parties of the catalogue, of your book, and of --parties FILE; of one id the\n"
                   "last of them counts, with all of its cells.\n"
                   "import keeps a file in the book as one batch and says what is wrong with each\n"
                   "row it rejects. A file with the columns holder and held is one of holdings:\n"
                   "holder, held, share (50, 45-55 or ?), control, from, to, source, note. A holder\n"
                   "may be an entry of a list (EL:KEY). add takes one row as arguments. A later\n"
                   "record takes the place of an earlier one of the same party, or the same holder,\n"
                   "held and first day; nothing is lost. export writes what import reads.\n"
                   "\n"
                   "Exit: 0; 2 when a row was rejected or nothing has this id; 1 failure.",
        .examples = "twokey parties show bytedance\n"
                    "twokey parties list --parties ours.csv\n"
                    "twokey parties import customers.csv\n"
                    "twokey parties add id=acme name=Acme country=DE hq=DE\n"
                    "twokey parties add holder=EL:huawei held=acme share=45-55 from=2024\n"
                    "twokey parties export holdings --out holdings.csv",
        .subs = "list show import add export",
        .formats = "text|csv",
        .flags = CLI_BITS_ALWAYS | CLI_BITS_DATA | CLI_BITS_BOOK | CLI_BIT(FORMAT) | CLI_BIT(IGNORE_UNKNOWN)
                 | FLAGS_OUT,
        .run = cli_parties,
    },
    {
        .name = "screen",
        .summary = "parties against restricted-party lists, with reasons",
        .usage = "screen NAME... [flags]\nscreen FILE|- [flags]\n"
                 "screen --all-parties [--full] [flags]\n"
                 "screen compare LEFT RIGHT [--format text|json|csv]\n"
                 "screen compare --pairs FILE|- [--format text|json|csv]\n"
                 "screen clear HIT --party ID --reason TEXT [--by NAME]\n"
                 "screen confirm HIT --party ID [--reason TEXT] [--by NAME]",
        .details = "NAME is one party; country, address, identifiers (--id 'A 1; B 2') and date of\n"
                   "birth may be said of it. FILE (.csv, .tsv, .txt, or a path with a slash) has the\n"
                   "columns name, country, address, birth, ids, kind, id; or no header, and one name\n"
                   "a line. A hit says which entry, how alike (1.000 is the same name), how words\n"
                   "were aligned, and what the fields added or took away. A list that is too old,\n"
                   "or was not published by --known-at, is not known: no hit then proves nothing.\n"
                   "\n"
                   "--all-parties screens the parties of the book, and keeps what it finds. The next\n"
                   "time only new and changed parties, and new and changed entries, are run. It\n"
                   "shows the hits that are new, gone or changed since the last time, then those\n"
                   "that nobody has decided. One that was stopped goes on where it was.\n"
                   "\n"
                   "compare needs no list: it scores two names and shows how their words were\n"
                   "aligned and what each added or took away. Its FILE has the columns left and\n"
                   "right, and kind (person, company, organization, vessel) when that is known; CSV\n"
                   "gives one row for each of its rows. docs/screening.md explains the method.\n"
                   "\n"
                   "clear keeps in the book that a party is not the entry of a hit (LIST:KEY),\n"
                   "confirm that it is. What is cleared stays so until a field that was compared\n"
                   "changes on either side (docs/parties.md).\n"
                   "\n"
                   "Exit: 0 no hit, or compared; 3 hits to be looked at; 5 a list is not known; 2\n"
                   "wrong input, or a row was rejected; 1 failure.",
        .examples = "twokey screen 'Hua Wei Technologies' --country CN\n"
                    "twokey screen customers.csv --format csv > hits.csv\n"
                    "twokey screen 'Blue Heron' --kind vessel --id 'IMO 9187629' --list SDN\n"
                    "twokey screen --all-parties --format csv --out changes.csv\n"
                    "twokey screen compare 'Hua Wei Tech.' 'Huawei Technologies Co., Ltd.'\n"
                    "twokey screen compare --pairs pairs.csv --format csv > scores.csv",
        .formats = "text|json|csv",
        .flags = CLI_BITS_ALWAYS | CLI_BITS_BOOK | FLAGS_OUT | CLI_BIT(FORMAT) | CLI_BIT(IGNORE_UNKNOWN)
                 | CLI_BIT(AS_OF) | CLI_BIT(KNOWN_AT) | CLI_BIT(ID) | CLI_BIT(COUNTRY) | CLI_BIT(ADDRESS)
                 | CLI_BIT(BIRTH) | CLI_BIT(KIND) | CLI_BIT(LIST) | CLI_BIT(LISTS) | CLI_BIT(TOP) | CLI_BIT(THREADS)
                 | CLI_BIT(PAIRS) | CLI_BIT(PARTY) | CLI_BIT(REASON) | CLI_BIT(BY) | CLI_BIT(ALL_PARTIES)
                 | CLI_BIT(FULL),
        .run = cli_screen,
    },
    {
        .name = "owners",
        .summary = "do listed parties own half or more of a party?",
        .usage = "owners PARTY [--as-of DATE] [--format text|json]",
        .details = "Adds up the holdings on record on a day (today, without --as-of) by the rule of\n"
                   "each list: a covered owner counts in full, shares are not multiplied along the\n"
                   "chain, stakes of several owners are added where the list's rule adds them.\n"
                   "Prints the chain with source and date of each holding, the sums against the\n"
                   "percentage, and which change of one share would change the answer. A share that\n"
                   "is not known, or a range that straddles the percentage, is a red flag: neither\n"
                   "covered nor clear. On a list is whoever's record says so, who was confirmed to\n"
                   "be a hit, and, as a red flag, who hits and nobody has decided.\n"
                   "\n"
                   "Exit: 0 clear; 4 covered; 5 a red flag, or nobody is on record as an owner; 2\n"
                   "wrong input; 1 failure.",
        .examples = "twokey owners acme\n"
                    "twokey owners acme --as-of 2025-10-15 --format json",
        .formats = "text|json",
        .flags = CLI_BITS_ALWAYS | CLI_BITS_DATA | CLI_BITS_BOOK | CLI_BIT(AS_OF) | CLI_BIT(FORMAT) | CLI_BIT(LISTS)
                 | FLAGS_OUT,
        .run = cli_owners,
    },
    {
        .name = "claims",
        .summary = "dated reports: look up, conflicts, timeline, stage",
        .usage = "claims import FILE|- [--ignore-unknown] [--allow-future]\n"
                 "claims add --id ID --date-reported DATE ... [--says TEXT]\n"
                 "claims list [filters] [--format text|csv|json]\nclaims show ID [--format text|json]\n"
                 "claims search WORDS [--limit N]\nclaims conflicts [--format text|json]\n"
                 "claims timeline [filters] [--format text|json|svg]\n"
                 "claims stage --buyer PARTY --item ID [--known-at DATE]\nclaims export [--out FILE]",
        .details = "A claim is a dated, sourced statement by somebody; claims may contradict each\n"
                   "other, and are never changed: a correction supersedes. import takes a file of\n"
                   "claims as one batch and says all that is wrong with each row it rejects, and\n"
                   "what no table knows. What is published after today is rejected without\n"
                   "--allow-future. add takes the columns of one claim as flags. Three dates: the\n"
                   "event, the publication (--known-at), and the number given at import\n"
                   "(--claims-at). The claims that come with the program are loaded into a book\n"
                   "when it is first used.\n"
                   "Grades (C3): A to F by the kind of source, 1 to 6 by how many independent\n"
                   "sources say the same and how many deny it. stage shows, for each stage from\n"
                   "reported to verified, the best evidence for and against.\n"
                   "\n"
                   "Exit: 0; 2 when a row was rejected or nothing has this id; 1 failure.",
        .examples = "twokey claims list --subject H200 --known-at 2026-01-28\n"
                    "twokey claims show C105\n"
                    "twokey claims search customs H200\n"
                    "twokey claims stage --buyer bytedance --item h200-sxm\n"
                    "twokey claims timeline --since 2025-12 --format svg --out h200.svg\n"
                    "twokey claims export --out claims-copy.csv",
        .subs = "import add list show search conflicts timeline stage export",
        .formats = "text|csv|json|svg",
        .flags = CLI_BITS_ALWAYS | CLI_BITS_BOOK | CLI_BITS_CLAIMS | CLI_BIT(KNOWN_AT) | CLI_BIT(FORMAT)
                 | CLI_BIT(IGNORE_UNKNOWN) | FLAGS_OUT,
        .run = cli_claims,
    },
    {
        .name = "watch",
        .summary = "saved orders: decide them again, say what changed",
        .usage = "watch add NAME FILE|- [flags of the question] [--force]\n"
                 "watch run [NAME...] [--check [--as-of DATE]]\n"
                 "watch list\nwatch show NAME\nwatch remove NAME",
        .details = "add keeps the orders of a file (as check reads it) in the book, with the\n"
                   "question: --as-of, --law, --world, --believe, --fact. Nothing is kept unless\n"
                   "every order is good; other orders under the same name need --force.\n"
                   "run decides them against the rulebook, the catalogue and the claims of today\n"
                   "and prints what changed since the last run: orders with their verdicts before\n"
                   "and now, then the rules and claims that came, went or changed, claims by\n"
                   "topic. The first run is the baseline. Where nothing else moved, the date did.\n"
                   "run --check says the same and keeps nothing; --as-of then gives its day.\n"
                   "show gives the last answers, and the last change of each order.\n"
                   "\n"
                   "Exit: 0; 6 when run found a change; 2 wrong input, or an order could not be\n"
                   "decided; 1 failure.",
        .examples = "twokey watch add desk orders.csv\n"
                    "twokey watch run\n"
                    "twokey watch run desk --format json\n"
                    "twokey watch run --check --as-of 2026-12-01\n"
                    "twokey watch list\n"
                    "twokey watch show desk\n"
                    "twokey watch remove desk",
        .subs = "add run list show remove",
        .formats = "text|json|csv",
        .flags = CLI_BITS_ALWAYS | CLI_BITS_DATA | CLI_BITS_BOOK | CLI_BIT(AS_OF) | CLI_BIT(LAW) | CLI_BIT(WORLD)
                 | CLI_BIT(ALLOW_CONTRADICTION) | CLI_BIT(BELIEVE) | CLI_BIT(FACT) | CLI_BIT(IGNORE_UNKNOWN)
                 | CLI_BIT(FORMAT) | CLI_BIT(CHECK) | FLAGS_OUT,
        .run = cli_watch,
    },
    {
        .name = "lists",
        .summary = "restricted-party lists: import, status, diff, show",
        .usage = "lists import FILE...|DIR [--published DATE] [--check]\n"
                 "lists status [--as-of DATE] [--known-at DATE]\n"
                 "lists diff OLD NEW\nlists show SOURCE|LIST:KEY|LIST",
        .details = "import reads the US Consolidated Screening List, OFAC's files together, BIS,\n"
                   "DoD, UN and EU lists as published, also as .gz, and any table by --map. What a\n"
                   "file is, is seen from what it holds. A gate refuses an edition that is broken,\n"
                   "shrank, lost a column or is older than the one in force, with every reason; the\n"
                   "old one stays. --accept REASON takes it all the same and keeps the reason.\n"
                   "--check reads and judges, and keeps nothing. Every import is a version of its\n"
                   "own; old ones stay. diff compares files, folders or versions. show gives a\n"
                   "source with its versions, an entry, or a list with its ownership rule.\n"
                   "\n"
                   "Exit: 0; 6 when diff found a difference; 2 wrong input, or the gate refused;\n"
                   "1 failure.",
        .examples = "twokey lists import csl.csv.gz --published 2026-07-31\n"
                    "twokey lists import ofac/ --accept \"the notice of 30 July\"\n"
                    "twokey lists import own-2026-01-01.csv --source house \\\n"
                    "    --map name=Firm,country=Land,list==EL\n"
                    "twokey lists status\n"
                    "twokey lists diff csl-old-2026-07.csv csl-new-2026-08.csv --format csv\n"
                    "twokey lists show us-csl",
        .subs = "import status diff show",
        .formats = "text|json|csv",
        .flags = CLI_BITS_ALWAYS | CLI_BITS_BOOK | FLAGS_OUT | CLI_BIT(FORMAT) | CLI_BIT(LISTS) | CLI_BIT(PUBLISHED)
                 | CLI_BIT(SOURCE) | CLI_BIT(MAP) | CLI_BIT(OLDER) | CLI_BIT(ACCEPT) | CLI_BIT(CHECK)
                 | CLI_BIT(AS_OF) | CLI_BIT(KNOWN_AT),
        .run = cli_lists,
    },
    {
        .name = "book",
        .summary = "the desk's one file: path, check, backup, restore",
        .usage = "book path\nbook check\nbook backup FILE [--force]\nbook restore FILE [--force]",
        .details = "The book is the file named by --book, else by TWOKEY_BOOK, else\n"
                   "twokey/book.db in XDG_DATA_HOME (usually ~/.local/share). Only its owner can\n"
                   "read it (mode 0600 in a folder of mode 0700); with --shared the group can too.\n"
                   "backup copies it as it is at one moment, also while others write. restore\n"
                   "checks the copy first; a book that is there is replaced only with --force, as\n"
                   "a whole and for everybody at once.\n"
                   "\n"
                   "Exit: 0; 1 when the book is damaged or something failed; 2 wrong input.",
        .examples = "twokey book path\n"
                    "twokey book backup 2026-10-05.db\n"
                    "twokey book restore 2026-10-05.db --book second/book.db",
        .subs = "path check backup restore",
        .flags = CLI_BITS_ALWAYS | CLI_BITS_BOOK | CLI_BIT(FORCE),
        .run = cli_book,
    },
    {
        .name = "doctor",
        .summary = "versions, data and their ages, optional parts",
        .usage = "doctor",
        .details = "How old the law is that was read, what the data and the book hold, and where the\n"
                   "manual and the completions are. Ages count to today.\n"
                   "\n"
                   "Exit: 0; 1 when something is wrong with the book.",
        .examples = "twokey doctor",
        .flags = CLI_BITS_ALWAYS | CLI_BITS_DATA | CLI_BITS_BOOK,
        .run = cli_doctor,
    },
    {
        .name = "completion",
        .summary = "completion for bash, zsh or fish",
        .usage = "completion bash|zsh|fish",
        .examples = "twokey completion bash > ~/.local/share/bash-completion/completions/twokey\n"
                    "twokey completion fish | source",
        .subs = "bash zsh fish",
        .flags = CLI_BITS_ALWAYS,
        .run = cli_completion,
    },
};
const size_t cli_verbs_count = TK_COUNT(cli_verbs);

static void help_short(FILE *stream)
{
    (void)fputs("twokey: may an accelerator move, why, under which authorisation, what is missing\n\n"
                "usage: twokey VERB [arguments] [flags]\n\n",
                stream);
    for (size_t i = 0; i < cli_verbs_count; i++)
        (void)fprintf(stream, "  %-12s%s\n", cli_verbs[i].name, cli_verbs[i].summary);
    (void)fputs("\n  twokey VERB --help   arguments, flags and examples of a verb\n"
                "  twokey --version     the version\n\n"
                "try: twokey check --item h200-sxm --from US --to CN --activity export \\\n"
                "         --end-user bytedance\n",
                stream);
}

static void help_lines(const char *text, const char *indent, const char *first)
{
    tk_str rest = tk_str_from(text), line;
    bool begun = false;
    while (tk_str_split(&rest, '\n', &line)) {
        (void)printf("%s" TK_FMT "\n", begun ? indent : first, TK_ARG_STR(line));
        begun = true;
    }
}

void cli_help_verb(const cli_verb *verb)
{
    (void)printf("twokey %s: %s\n\n", verb->name, verb->summary);
    help_lines(verb->usage, "       twokey ", "usage: twokey ");
    if (verb->details != NULL) {
        (void)printf("\n");
        help_lines(verb->details, "", "");
    }
    (void)printf("\nflags\n");
    for (size_t i = 0; i < CLI_FLAG_COUNT; i++) {
        if ((verb->flags & cli_bit(i)) == 0)
            continue;
        char name[64];
        const cli_flag_info *info = &cli_flag_infos[i];
        const char *value = i == CLI_FLAG_FORMAT && verb->formats != NULL ? verb->formats : info->value;
        (void)snprintf(name, sizeof(name), "--%s%s%s", info->name, value == NULL ? "" : " ",
                       value == NULL ? "" : value);
        (void)printf("  %-28s %s\n", name, info->help);
    }
    if (verb->order_flags) {
        (void)printf("\norder flags (each takes a value)\n ");
        size_t at = 1;
        for (size_t i = 0; i < TK_COLUMN_COUNT; i++) {
            if (i == TK_COLUMN_AS_OF)
                continue;
            const char *name = cli_order_flag((tk_column)i);
            size_t width = strlen(name) + 3;
            if (CLI_COLUMNS < at + width) {
                (void)printf("\n ");
                at = 1;
            }
            (void)printf(" --%s", name);
            at += width;
        }
        (void)printf("\n");
    }
    (void)printf("\nexamples\n");
    help_lines(verb->examples, "  ", "  ");
}

static const cli_verb *find_verb(tk_str name)
{
    for (size_t i = 0; i < cli_verbs_count; i++)
        if (tk_str_is(name, cli_verbs[i].name))
            return &cli_verbs[i];
    return NULL;
}

static int complain_verb(const char *name)
{
    tk_nearest near = tk_nearest_make(tk_str_from(name));
    for (size_t i = 0; i < cli_verbs_count; i++)
        tk_nearest_offer(&near, tk_str_from(cli_verbs[i].name));
    char hint[CLI_HINT_MAX];
    if (name[0] == '-')
        cli_complain("unknown flag '%s'; a verb comes first, 'twokey --help' lists them", name);
    else
        cli_complain("there is no verb '%s'%s", name,
                     near.best.ptr != NULL ? cli_hint(near.best, hint) : "; 'twokey --help' lists them");
    return CLI_EXIT_USAGE;
}

/* The sub-verb of a verb that has some; "" is left to the verb itself. */
static bool sub_is_known(const cli_verb *verb, const cli_args *args)
{
    if (verb->subs == NULL || args->positional_count == 0)
        return true;
    tk_str wanted = tk_str_from(args->positional[0]);
    tk_str rest = tk_str_from(verb->subs), sub;
    tk_nearest near = tk_nearest_make(wanted);
    while (tk_str_split(&rest, ' ', &sub)) {
        if (tk_str_eq(sub, wanted))
            return true;
        tk_nearest_offer(&near, sub);
    }
    char hint[CLI_HINT_MAX];
    cli_complain("twokey %s '%s': expected one of %s%s", verb->name, args->positional[0], verb->subs,
                 near.best.ptr != NULL ? cli_hint(near.best, hint) : "");
    return false;
}

static int finish_stdout(int code)
{
    if (fflush(stdout) != 0 || ferror(stdout) != 0)
        return code == CLI_EXIT_OK ? CLI_EXIT_FAILURE : code;
    return code;
}

int main(int argc, char **argv)
{
    (void)signal(SIGPIPE, SIG_DFL); /* a reader that has seen enough ends us without a word */
    if (argc < 2) {
        help_short(stdout);
        return finish_stdout(CLI_EXIT_OK);
    }
    const char *first = argv[1];
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0 || strcmp(first, "help") == 0) {
        const cli_verb *named = argc < 3 ? NULL : find_verb(tk_str_from(argv[2]));
        if (named != NULL)
            cli_help_verb(named);
        else if (3 <= argc)
            return complain_verb(argv[2]);
        else
            help_short(stdout);
        return finish_stdout(CLI_EXIT_OK);
    }
    if (strcmp(first, "--version") == 0) {
        (void)printf("twokey %s\n", tk_version());
        return finish_stdout(CLI_EXIT_OK);
    }
    const cli_verb *verb = find_verb(tk_str_from(first));
    if (verb == NULL)
        return complain_verb(first);
    static cli_args args;
    if (!cli_args_read(verb, argc - 2, argv + 2, &args))
        return CLI_EXIT_USAGE;
    if (args.values[CLI_FLAG_HELP] != NULL) {
        cli_help_verb(verb);
        return finish_stdout(CLI_EXIT_OK);
    }
    if (!sub_is_known(verb, &args))
        return CLI_EXIT_USAGE;
    return finish_stdout(verb->run(verb, &args));
}
