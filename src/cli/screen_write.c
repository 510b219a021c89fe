/* SPDX-License-Identifier: Apache-2.0 */
/* screen_write.c: what `twokey screen` prints: for people, as JSON (one party a line), as CSV (one hit a row).
 *
 * Answers are written by several threads, each into its own buffer; nothing here is shared but the counts.
 */
#include <string.h>

#include "cli/screen.h"

enum { COLUMN_SCORE = 7, COLUMN_ID = 16, COLUMN_TOKEN = 22 };

tk_str screen_score(tk_arena *arena, unsigned score)
{
    return tk_arena_printf(arena, "%u.%03u", score / TK_SCORE_ONE, score % TK_SCORE_ONE);
}

static tk_str points_text(tk_arena *arena, int points)
{
    unsigned size = points < 0 ? 0U - (unsigned)points : (unsigned)points;
    return tk_arena_printf(arena, "%c%u.%03u", points < 0 ? '-' : '+', size / TK_SCORE_ONE, size % TK_SCORE_ONE);
}

static tk_str day_text(tk_arena *arena, tk_date day)
{
    char text[TK_DATE_TEXT_MAX];
    if (day == TK_DATE_MIN || day == TK_DATE_MAX)
        return TK_STR("");
    return tk_arena_copy(arena, (tk_str){text, tk_date_format(day, text)});
}

static const char *score_key(const tk_aligned *token)
{
    return token->right.len == 0 ? "-" : (token->left.len == 0 ? "+" : "=");
}

tk_str screen_why(tk_arena *arena, const tk_comparison *why)
{
    tk_str text = TK_STR("");
    for (size_t i = 0; i < why->tokens_count; i++) {
        const tk_aligned *token = &why->tokens[i];
        const char *key = score_key(token);
        bool both = key[0] == '=';
        text = tk_arena_printf(arena, TK_FMT "%s%s" TK_FMT "%s" TK_FMT " (" TK_FMT ")", TK_ARG_STR(text),
                               i == 0 ? "" : "; ", both ? "" : key, TK_ARG_STR(token->left), both ? "=" : "",
                               TK_ARG_STR(token->right), TK_ARG_STR(tk_alignment_name(token->how)));
    }
    if (why->decided.len != 0)
        text = tk_arena_printf(arena, TK_FMT "%sdecided by " TK_FMT, TK_ARG_STR(text), text.len == 0 ? "" : "; ",
                               TK_ARG_STR(why->decided));
    return text;
}

static tk_str fields_text(tk_arena *arena, const tk_hit *hit)
{
    tk_str text = TK_STR("");
    for (size_t i = 0; i < hit->fields_count; i++) {
        const tk_field_note *note = &hit->fields[i];
        tk_str points = points_text(arena, note->points);
        text = tk_arena_printf(arena, TK_FMT "%s" TK_FMT " " TK_FMT "%s" TK_FMT " " TK_FMT, TK_ARG_STR(text),
                               i == 0 ? "" : "; ", TK_ARG_STR(note->field), TK_ARG_STR(note->left),
                               note->points < 0 ? " <> " : " = ", TK_ARG_STR(note->right), TK_ARG_STR(points));
    }
    return text;
}

/* --- text --- */

void screen_text_line(cli_page *page, const char *label, tk_str text)
{
    if (text.len == 0)
        return;
    tk_out_text(page->out, "         ");
    cli_put_column(page, CLI_DIM, tk_str_from(label), SCREEN_LABEL_COLUMNS);
    cli_put_wrapped(page, CLI_PLAIN, text, 2 * SCREEN_LABEL_COLUMNS, 2 * SCREEN_LABEL_COLUMNS);
}

static void text_tokens(cli_page *page, const tk_comparison *why)
{
    for (size_t i = 0; i < why->tokens_count; i++) {
        const tk_aligned *token = &why->tokens[i];
        tk_out_text(page->out, "         ");
        cli_put_column(page, CLI_DIM, i == 0 ? TK_STR("why") : TK_STR(""), SCREEN_LABEL_COLUMNS);
        cli_put_column(page, CLI_PLAIN, token->left, COLUMN_TOKEN);
        tk_out_text(page->out, score_key(token));
        tk_out_char(page->out, ' ');
        cli_put_column(page, CLI_PLAIN, token->right, COLUMN_TOKEN);
        cli_put(page, token->points < 0 ? CLI_YELLOW : CLI_CYAN, tk_alignment_name(token->how));
        tk_out_char(page->out, '\n');
    }
}

static tk_str period_text(tk_arena *arena, const tk_hit *hit)
{
    tk_str start = day_text(arena, hit->start), end = day_text(arena, hit->end);
    if (start.len == 0 && end.len == 0)
        return TK_STR("");
    return tk_arena_printf(arena, TK_FMT " .. " TK_FMT, TK_ARG_STR(start), TK_ARG_STR(end));
}

static void text_hit(cli_page *page, const tk_hit *hit, bool outside)
{
    tk_arena *arena = &page->scratch;
    tk_out_text(page->out, "  ");
    cli_put(page, outside ? CLI_DIM : CLI_RED, screen_score(arena, hit->score));
    tk_out_text(page->out, "  ");
    cli_put(page, CLI_BOLD, hit->id);
    tk_out_text(page->out, "  ");
    cli_put_wrapped(page, CLI_PLAIN, hit->name, 2 + COLUMN_SCORE + 2 + hit->id.len, 2 * SCREEN_LABEL_COLUMNS);
    screen_text_line(page, "alias", hit->alias);
    screen_text_line(page, "list", tk_arena_printf(arena, TK_FMT ", of " TK_FMT "%s" TK_FMT, TK_ARG_STR(hit->list),
                                            TK_ARG_STR(hit->version), hit->citation.len == 0 ? "" : "; ",
                                            TK_ARG_STR(hit->citation)));
    screen_text_line(page, outside ? "not then" : "period", period_text(arena, hit));
    screen_text_line(page, "policy", hit->review.len == 0 ? hit->policy
                              : tk_arena_printf(arena, TK_FMT ": " TK_FMT, TK_ARG_STR(hit->review),
                                                TK_ARG_STR(hit->policy)));
    text_tokens(page, &hit->why);
    screen_text_line(page, "", hit->why.decided.len == 0 ? TK_STR("")
                        : tk_arena_printf(arena, "decided by: " TK_FMT, TK_ARG_STR(hit->why.decided)));
    screen_text_line(page, "fields", fields_text(arena, hit));
}

static void text_head(cli_page *page, const screen_answer *answer, const screen_tag *tag)
{
    const tk_screen_result *result = answer->result;
    if (tag->id.len != 0) {
        cli_put(page, CLI_DIM, tag->id);
        tk_out_text(page->out, "  ");
    }
    cli_put(page, CLI_BOLD, answer->party->name);
    if (result->hits_count == 0)
        tk_out_text(page->out, ": no hit\n");
    else
        tk_out_printf(page->out, ": %zu hit%s%s\n", result->hits_count + result->hits_more,
                      result->hits_count + result->hits_more == 1 ? "" : "s",
                      result->hits_more == 0 ? "" : ", the best of them");
}

static void write_text(const screen_run *run, const screen_answer *answer, const screen_tag *tag, cli_page *page)
{
    const tk_screen_result *result = answer->result;
    if (run->source.name != NULL && result->hits_count == 0)
        return; /* of a file, what needs a look; the rest is counted */
    text_head(page, answer, tag);
    for (size_t i = 0; i < result->hits_count; i++)
        text_hit(page, &result->hits[i], false);
    for (size_t i = 0; i < result->outside_count; i++)
        text_hit(page, &result->outside[i], true);
}

/* --- JSON --- */

static void json_member(tk_json *json, const char *key, tk_str text)
{
    tk_json_key(json, key);
    tk_json_str(json, text);
}

static void json_score(tk_json *json, tk_arena *arena, const char *key, int points)
{
    unsigned size = points < 0 ? 0U - (unsigned)points : (unsigned)points;
    tk_json_key(json, key);
    tk_json_raw(json, tk_arena_printf(arena, "%s%u.%03u", points < 0 ? "-" : "", size / TK_SCORE_ONE,
                                      size % TK_SCORE_ONE));
}

static void json_day(tk_json *json, tk_arena *arena, const char *key, tk_date day)
{
    tk_json_key(json, key);
    if (day == TK_DATE_MIN || day == TK_DATE_MAX)
        tk_json_null(json);
    else
        tk_json_str(json, day_text(arena, day));
}

static void json_why(tk_json *json, tk_arena *arena, const tk_comparison *why)
{
    tk_json_key(json, "why");
    tk_json_open(json, '{');
    json_member(json, "left", why->left);
    json_member(json, "right", why->right);
    json_score(json, arena, "score", (int)why->score);
    json_member(json, "decided", why->decided);
    tk_json_key(json, "tokens");
    tk_json_open(json, '[');
    for (size_t i = 0; i < why->tokens_count; i++) {
        tk_json_open(json, '{');
        json_member(json, "how", tk_alignment_name(why->tokens[i].how));
        json_member(json, "left", why->tokens[i].left);
        json_member(json, "right", why->tokens[i].right);
        json_score(json, arena, "points", why->tokens[i].points);
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
    tk_json_close(json, '}');
}

static void json_hit(tk_json *json, tk_arena *arena, const tk_hit *hit)
{
    tk_json_open(json, '{');
    json_member(json, "id", hit->id);
    json_score(json, arena, "score", (int)hit->score);
    json_member(json, "list", hit->list);
    json_member(json, "name", hit->name);
    json_member(json, "alias", hit->alias);
    json_member(json, "source", hit->source);
    json_member(json, "version", hit->version);
    json_member(json, "citation", hit->citation);
    json_member(json, "policy", hit->policy);
    json_member(json, "review", hit->review);
    json_member(json, "url", hit->url);
    json_day(json, arena, "start", hit->start);
    json_day(json, arena, "end", hit->end);
    json_why(json, arena, &hit->why);
    tk_json_key(json, "fields");
    tk_json_open(json, '[');
    for (size_t i = 0; i < hit->fields_count; i++) {
        tk_json_open(json, '{');
        json_member(json, "field", hit->fields[i].field);
        json_member(json, "left", hit->fields[i].left);
        json_member(json, "right", hit->fields[i].right);
        json_score(json, arena, "points", hit->fields[i].points);
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
    tk_json_close(json, '}');
}

static void json_hits(tk_json *json, tk_arena *arena, const char *key, const tk_hit *hits, size_t count)
{
    tk_json_key(json, key);
    tk_json_open(json, '[');
    for (size_t i = 0; i < count; i++)
        json_hit(json, arena, &hits[i]);
    tk_json_close(json, ']');
}

static void json_unscreened(tk_json *json, tk_arena *arena, const tk_screen_result *result)
{
    tk_json_key(json, "unscreened");
    tk_json_open(json, '[');
    for (size_t i = 0; i < result->unscreened_count; i++) {
        const tk_unscreened *list = &result->unscreened[i];
        tk_json_open(json, '{');
        json_member(json, "list", list->list);
        json_member(json, "source", list->source);
        json_day(json, arena, "published", list->published);
        tk_json_key(json, "age_days");
        tk_json_int(json, list->age_days);
        tk_json_close(json, '}');
    }
    tk_json_close(json, ']');
}

static void write_json(const screen_run *run, const screen_answer *answer, const screen_tag *tag, tk_arena *arena,
                       tk_out *out)
{
    tk_json json;
    const tk_screen_result *result = answer->result;
    tk_json_begin(&json, out);
    tk_json_open(&json, '{');
    json_member(&json, "id", tag->id);
    json_member(&json, "name", answer->party->name);
    json_member(&json, "method", TK_STR(TK_NAMES_METHOD));
    json_day(&json, arena, "as_of", run->options.as_of);
    json_hits(&json, arena, "hits", result->hits, result->hits_count);
    tk_json_key(&json, "hits_more");
    tk_json_int(&json, (int64_t)result->hits_more);
    json_hits(&json, arena, "outside", result->outside, result->outside_count);
    json_unscreened(&json, arena, result);
    tk_json_close(&json, '}');
    tk_out_char(out, '\n');
}

/* --- CSV --- */

static tk_str unscreened_codes(tk_arena *arena, const tk_screen_result *result)
{
    tk_str text = TK_STR("");
    for (size_t i = 0; i < result->unscreened_count; i++)
        text = tk_arena_printf(arena, TK_FMT "%s" TK_FMT, TK_ARG_STR(text), i == 0 ? "" : ";",
                               TK_ARG_STR(result->unscreened[i].list));
    return text;
}

static void csv_row(const screen_answer *answer, const screen_tag *tag, const tk_hit *hit, tk_arena *arena, tk_out *out)
{
    tk_csv_write_cell(out, tag->id, true, true);
    tk_csv_write_cell(out, answer->party->name, false, true);
    tk_str score = hit == NULL ? TK_STR("") : screen_score(arena, hit->score);
    static const tk_hit no_hit;
    const tk_hit *said = hit == NULL ? &no_hit : hit;
    const tk_str cells[] = {said->id,
                            score,
                            said->list,
                            said->name,
                            said->alias,
                            hit == NULL ? TK_STR("") : screen_why(arena, &hit->why),
                            hit == NULL ? TK_STR("") : fields_text(arena, hit),
                            said->source,
                            said->version,
                            said->review,
                            said->citation,
                            hit == NULL ? TK_STR("") : day_text(arena, hit->start),
                            hit == NULL ? TK_STR("") : day_text(arena, hit->end),
                            unscreened_codes(arena, answer->result),
                            TK_STR(TK_NAMES_METHOD)};
    for (size_t i = 0; i < TK_COUNT(cells); i++)
        tk_csv_write_cell(out, cells[i], false, true);
    tk_out_char(out, '\n');
}

static void write_csv(const screen_answer *answer, const screen_tag *tag, tk_arena *arena, tk_out *out)
{
    for (size_t i = 0; i < answer->result->hits_count; i++)
        csv_row(answer, tag, &answer->result->hits[i], arena, out);
    if (answer->result->hits_count == 0)
        csv_row(answer, tag, NULL, arena, out);
}

/* --- one answer --- */

static void write_rejected(screen_run *run, const screen_answer *answer, const screen_tag *tag, tk_arena *scratch,
                           tk_out *said)
{
    tk_str why = tag->wrong.len != 0 ? tag->wrong : tk_str_from(answer->err->message);
    if (tag->wrong.len == 0)
        why = tk_arena_printf(scratch, "'" TK_FMT "': " TK_FMT, TK_ARG_STR(answer->party->name), TK_ARG_STR(why));
    why = tk_text_visible(scratch, why);
    if (tag->line == 0)
        tk_out_printf(said, "twokey: " TK_FMT "\n", TK_ARG_STR(why));
    else
        tk_out_printf(said, "%s:%llu: rejected: " TK_FMT "\n", run->source.name, (unsigned long long)tag->line,
                      TK_ARG_STR(why));
    (void)__atomic_add_fetch(&run->rejected, 1, __ATOMIC_RELAXED);
}

void screen_write(void *context, const screen_answer *answer, tk_arena *scratch, tk_out *out, tk_out *said)
{
    screen_run *run = context;
    const screen_tag *tag = answer->tag;
    if (answer->status != TK_OK || tag->wrong.len != 0) {
        write_rejected(run, answer, tag, scratch, said);
        return;
    }
    if (answer->result->hits_count != 0)
        (void)__atomic_add_fetch(&run->with_hits, 1, __ATOMIC_RELAXED);
    if (run->format == SCREEN_JSON) {
        write_json(run, answer, tag, scratch, out);
    } else if (run->format == SCREEN_CSV) {
        write_csv(answer, tag, scratch, out);
    } else {
        cli_page page = {.out = out, .scratch = *scratch, .colour = run->colour};
        write_text(run, answer, tag, &page);
        *scratch = page.scratch;
    }
}

/* --- around the answers --- */

void screen_write_begin(screen_run *run)
{
    cli_page page;
    cli_page_init(&page, &run->sink, run->args);
    run->colour = page.colour;
    cli_page_fini(&page);
    if (run->format == SCREEN_CSV)
        tk_out_text(&run->sink.out, "id,name,hit,score,list,entry,alias,why,fields,source,version,review,citation,"
                                    "start,end,unscreened,method\n");
}

static tk_str unscreened_text(tk_arena *arena, const tk_unscreened *list)
{
    if (list->published == TK_DATE_MIN)
        return tk_arena_printf(arena, TK_FMT " (" TK_FMT ": nothing published by then)", TK_ARG_STR(list->list),
                               TK_ARG_STR(list->source));
    tk_str day = day_text(arena, list->published);
    return tk_arena_printf(arena, TK_FMT " (" TK_FMT " of " TK_FMT " is %d days old)", TK_ARG_STR(list->list),
                           TK_ARG_STR(list->source), TK_ARG_STR(day), list->age_days);
}

/* Those that are on the shelf and do not count, or those that no file on it ever had. */
static tk_str unscreened_list(tk_arena *arena, const tk_screen_result *none, bool on_shelf)
{
    tk_str text = TK_STR("");
    for (size_t i = 0; i < none->unscreened_count; i++) {
        const tk_unscreened *list = &none->unscreened[i];
        if ((list->source.len != 0) != on_shelf)
            continue;
        tk_str one = on_shelf ? unscreened_text(arena, list) : list->list;
        text = tk_arena_printf(arena, TK_FMT "%s" TK_FMT, TK_ARG_STR(text), text.len == 0 ? "" : ", ", TK_ARG_STR(one));
    }
    return text;
}

void screen_write_end(screen_run *run, const tk_screener *screener, const tk_screen_result *none)
{
    if (run->format != SCREEN_TEXT)
        return;
    cli_page page;
    size_t count;
    cli_page_init(&page, &run->sink, run->args);
    tk_arena *arena = &page.scratch;
    const tk_str *versions = tk_screener_versions(screener, &count);
    if (run->source.name != NULL)
        tk_out_printf(page.out, "%llu parties: %llu with hits, %llu rejected\n", (unsigned long long)run->parties,
                      (unsigned long long)run->with_hits, (unsigned long long)run->rejected);
    tk_str looked = count == 0 ? TK_STR("nothing ('twokey lists import' brings lists)")
                               : cli_joined(arena, versions, count, ", ");
    tk_str day = day_text(arena, run->options.as_of), blind = unscreened_list(arena, none, true);
    cli_put_wrapped(&page, CLI_DIM, tk_arena_printf(arena, "looked at " TK_FMT "; by %s, as of " TK_FMT,
                                                    TK_ARG_STR(looked), TK_NAMES_METHOD, TK_ARG_STR(day)), 0, 2);
    if (blind.len != 0)
        cli_put_wrapped(&page, CLI_MAGENTA, tk_arena_printf(arena, "not known: " TK_FMT, TK_ARG_STR(blind)), 0, 2);
    tk_str absent = unscreened_list(arena, none, false);
    if (absent.len != 0)
        cli_put_wrapped(&page, CLI_DIM, tk_arena_printf(arena, "never imported: " TK_FMT, TK_ARG_STR(absent)), 0, 2);
    cli_page_fini(&page);
}
