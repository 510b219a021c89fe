/* SPDX-License-Identifier: Apache-2.0 */
/* import.c: a program that puts versions on a shelf is killed (SIGKILL) at a random moment, again and again. Afterwards
 * every version on the shelf is whole, what was acknowledged is there, and the next put takes away what was left half
 * written.
 *
 * CYCLES=n kills n times (40); SEED=n chooses the moments (1).
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/str.h"
#include "seams/shelf.h"

enum { LONGEST_US = 60000, ENTRIES = 60, DAYS = 28 };

static uint64_t number_of(const char *name, uint64_t usual)
{
    const char *text = getenv(name);
    tk_num value;
    if (text == NULL || tk_num_parse(tk_str_from(text), &value, NULL) != TK_OK)
        return usual;
    return (uint64_t)(value / TK_NUM_SCALE);
}

/* --- the program that is killed --- */

static tk_list_edition edition_of(tk_arena *arena, unsigned number)
{
    const char *published = tk_arena_printf(arena, "2026-01-%02u", 1 + number % DAYS).ptr;
    return test_edition_random(arena, "us-csl", published, ENTRIES, number);
}

/* Puts the edition with this number, says so, and goes on with the next until it is killed. */
_Noreturn static void put_forever(const char *folder, unsigned number, int tell)
{
    tk_shelf *shelf = NULL;
    tk_names *names = NULL;
    tk_arena arena;
    tk_arena_init(&arena, 65536, 0);
    if (tk_shelf_open(folder, &(tk_shelf_options){.create = true}, &shelf, NULL) != TK_OK
        || tk_names_new(&names, NULL) != TK_OK)
        _exit(3);
    for (;; number++) {
        tk_shelf_version version;
        bool was_there;
        tk_arena_reset(&arena);
        tk_list_edition edition = edition_of(&arena, number);
        if (tk_shelf_put(shelf, names, &edition, 20000, &arena, &version, &was_there, NULL) != TK_OK)
            _exit(4);
        if (write(tell, &number, sizeof number) != (ssize_t)sizeof number)
            _exit(5);
    }
}

/* Runs it for so long, kills it; the number that was acknowledged last, or `before`. */
static unsigned run_and_kill(const char *folder, unsigned number, uint64_t for_us)
{
    int told[2];
    unsigned last = number - 1, said;
    assert_int_equal(pipe(told), 0);
    pid_t child = fork();
    assert_true(0 <= child);
    if (child == 0) {
        (void)close(told[0]);
        put_forever(folder, number, told[1]);
    }
    (void)close(told[1]);
    struct timespec wait = {.tv_nsec = (long)for_us * 1000};
    (void)nanosleep(&wait, NULL);
    assert_int_equal(kill(child, SIGKILL), 0);
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how));
    while (read(told[0], &said, sizeof said) == (ssize_t)sizeof said)
        last = said;
    (void)close(told[0]);
    return last;
}

/* --- what is left --- */

static void check_shelf(test_place *place, const tk_shelf *shelf, unsigned first, unsigned acknowledged)
{
    const tk_shelf_version *versions = NULL;
    size_t count;
    assert_int_equal(tk_shelf_versions(shelf, &place->arena, &versions, &count, NULL), TK_OK);
    for (size_t i = 0; i < count; i++) {
        assert_true(versions[i].usable);
        assert_int_equal(versions[i].entries, ENTRIES);
        assert_int_equal(tk_shelf_verify(shelf, &versions[i], NULL), TK_OK);
    }
    for (unsigned number = first; number <= acknowledged; number++) {
        tk_list_edition edition = edition_of(&place->arena, number);
        bool found = false;
        for (size_t i = 0; i < count; i++)
            found = found || tk_str_eq(versions[i].hash, edition.hash);
        assert_true(found);
    }
}

static void test_killed_imports(void **state)
{
    test_place *place = *state;
    const char *folder = test_path(place, "lists");
    uint64_t cycles = number_of("CYCLES", 40), seed = number_of("SEED", 1);
    unsigned number = 1;
    for (uint64_t cycle = 0; cycle < cycles; cycle++) {
        unsigned last = run_and_kill(folder, number, 500 + test_random_below(&seed, LONGEST_US));
        if (access(folder, F_OK) != 0)
            continue; /* killed before it made the folder */
        tk_shelf *shelf = test_shelf(place, "lists");
        check_shelf(place, shelf, number, last);
        tk_shelf_close(shelf);
        number = last + 2; /* the one after may be there, though nobody heard of it */
    }
    tk_shelf *shelf = test_shelf(place, "lists");
    tk_list_edition edition = test_edition(&place->arena, "un", "2026-02-01", "UN|1|c|Orbital Foundry\n");
    (void)test_put(place, shelf, &edition);
    const tk_shelf_version *versions = NULL;
    size_t count;
    assert_int_equal(tk_shelf_versions(shelf, &place->arena, &versions, &count, NULL), TK_OK);
    assert_int_equal(test_entries(folder), count); /* nothing half-written is left */
    tk_shelf_close(shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_killed_imports, test_place_make, test_place_remove),
    };
    return cmocka_run_group_tests_name("screen/import", tests, NULL, NULL);
}
