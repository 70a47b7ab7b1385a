/* test_log.c - one line, one write, and nobody forges a second line. */
#include "sys/files.h"
#include "sys/log.h"

#include "unit.h"

/* What the function writes to stderr. */
static void catch(char *to, size_t room, void (*speak)(void))
{
        int fds[2], was = dup(STDERR_FILENO);
        ssize_t n;

        assert_int_equal(pipe(fds), 0);
        assert_true(was >= 0 && dup2(fds[1], STDERR_FILENO) >= 0);
        speak();
        assert_true(dup2(was, STDERR_FILENO) >= 0);
        close(was);
        close(fds[1]);
        n = read(fds[0], to, room - 1);
        close(fds[0]);
        to[n > 0 ? n : 0] = 0;
}

static void say_forged(void) { log_say(LOG_WARN, "login '%s'", "x\n2026-01-01T00:00:00Z office[1] notice all is well\x1b[2J"); }
static void say_err(void)    { struct err e = { 0 }; (void)err_set(&e, ERR_IO, "disk gone"); log_err(&e, "journal"); }

static void say_much(void)
{
        char much[8192];

        memset(much, 'm', sizeof(much));
        much[sizeof(much) - 1] = 0;
        log_say(LOG_INFO, "%s", much);
}

static void a_line_names_level_and_program(void **state)
{
        char line[4096];

        log_open("unit");
        catch(line, sizeof(line), say_err);
        assert_non_null(strstr(line, " unit["));
        assert_non_null(strstr(line, "] error journal: disk gone\n"));
        assert_int_equal(line[4], '-');
}

static void control_characters_cannot_forge_a_line(void **state)
{
        char line[4096];
        char *end;

        catch(line, sizeof(line), say_forged);
        end = strchr(line, '\n');
        assert_non_null(end);
        assert_int_equal(end[1], 0);
        assert_null(strchr(line, 0x1b));
        assert_non_null(strstr(line, "login 'x?2026"));
}

static void a_long_line_is_cut_and_ends(void **state)
{
        char line[16384];

        catch(line, sizeof(line), say_much);
        assert_true(strlen(line) <= 2048);
        assert_int_equal(line[strlen(line) - 1], '\n');
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_line_names_level_and_program),
                cmocka_unit_test(control_characters_cannot_forge_a_line),
                cmocka_unit_test(a_long_line_is_cut_and_ends),
        };

        return unit_run("log", tests);
}
