/* test_files.c - whole reads with a cap, replacement that is all or nothing, and a full disk. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "sys/files.h"

#include "unit.h"

static char dir[64];

static const char *at(const char *name)
{
        static char path[4][128];
        static int next;
        char *p = path[next++ % 4];

        (void)snprintf(p, 128, "%s/%s", dir, name);
        return p;
}

static int dir_new(void **state)
{
        (void)snprintf(dir, sizeof(dir), "/tmp/sekisho-test-XXXXXX");
        return mkdtemp(dir) ? 0 : -1;
}

static int dir_end(void **state)
{
        static const char *const names[] = { "a", "a.new", "link", "sub" };

        for (size_t i = 0; i < countof(names); i++)
                if (unlink(at(names[i])) < 0)
                        (void)rmdir(at(names[i]));
        return rmdir(dir);
}

static void replace_then_read(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct err e = { 0 };
        struct stat st;

        assert_ok(file_replace(at("a"), STR("one"), 0600, &e), e);
        assert_ok(file_replace(at("a"), STR("two\0three"), 0640, &e), e);
        assert_ok(file_read(&b, at("a"), 100, &e), e);
        assert_int_equal(b.n, 9);
        assert_memory_equal(b.p, "two\0three", 10);
        assert_int_equal(stat(at("a"), &st), 0);
        assert_int_equal(st.st_mode & 07777, 0640);
        assert_false(file_exists(at("a.new")));
}

static void an_empty_file_is_an_empty_text(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct err e = { 0 };

        assert_ok(file_replace(at("a"), STR(""), 0600, &e), e);
        assert_ok(file_read(&b, at("a"), 0, &e), e);
        assert_text(b.p, "");
}

static void the_cap_is_exact(void **state)
{
        struct err e = { 0 };

        assert_ok(file_replace(at("a"), STR("12345"), 0600, &e), e);
        for (size_t max = 0; max < 8; max++) {
                scoped(buf_done) struct buf b = BUF_INIT;

                assert_int_equal(file_read(&b, at("a"), max, &e), max < 5 ? ERR_TOO_BIG : ERR_OK);
        }
}

static void links_are_not_followed(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct err e = { 0 };

        assert_int_equal(symlink("/etc/passwd", at("link")), 0);
        assert_int_equal(file_read(&b, at("link"), 1 << 20, &e), ERR_IO);
        assert_int_equal(file_create(at("link"), STR("x"), 0600, &e), ERR_CONFLICT);
}

static void create_never_overwrites(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct err e = { 0 };

        assert_ok(file_create(at("a"), STR("first"), 0600, &e), e);
        assert_int_equal(file_create(at("a"), STR("second"), 0600, &e), ERR_CONFLICT);
        assert_ok(file_read(&b, at("a"), 100, &e), e);
        assert_text(b.p, "first");
}

static void what_a_crash_left_is_swept(void **state)
{
        struct err e = { 0 };

        assert_ok(file_create(at("a.new"), STR("half"), 0600, &e), e);
        assert_ok(file_replace(at("a"), STR("whole"), 0600, &e), e);
        assert_false(file_exists(at("a.new")));
}

/* RLIMIT_FSIZE makes the write fail in the middle, as a full disk does (EFBIG in place of ENOSPC). */
static void a_failed_replacement_leaves_the_old_one(void **state)
{
        struct rlimit was, small;
        char big[8192];
        scoped(buf_done) struct buf b = BUF_INIT;
        struct err e = { 0 };
        int r;

        memset(big, 'x', sizeof(big));
        assert_ok(file_replace(at("a"), STR("old"), 0600, &e), e);
        assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
        small = (struct rlimit){ 4096, was.rlim_max };
        (void)signal(SIGXFSZ, SIG_IGN);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        r = file_replace(at("a"), (struct str){ big, sizeof(big) }, 0600, &e);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
        assert_int_equal(r, ERR_IO);
        assert_false(file_exists(at("a.new")));
        assert_ok(file_read(&b, at("a"), 100, &e), e);
        assert_text(b.p, "old");
}

static void a_full_disk_has_its_own_code(void **state)
{
        scoped(fd_close) int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
        struct err e = { 0 };

        assert_true(fd >= 0);
        assert_int_equal(fd_write_all(fd, STR("x"), &e), ERR_FULL);
        assert_int_equal(file_write_at(fd, 0, STR("x"), &e), ERR_FULL);
}

static void absent_has_its_own_code(void **state)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct err e = { 0 };

        assert_int_equal(file_read(&b, at("nothing"), 10, &e), ERR_ABSENT);
        assert_non_null(strstr(e.text, "nothing"));
        assert_int_equal(file_replace(at("no/such/dir"), STR("x"), 0600, &e), ERR_ABSENT);
}

static void directories_may_exist(void **state)
{
        struct err e = { 0 };

        assert_ok(dir_make(at("sub"), 0700, &e), e);
        assert_ok(dir_make(at("sub"), 0700, &e), e);
        assert_int_equal(dir_make(at("no/sub"), 0700, &e), ERR_ABSENT);
        assert_ok(dir_sync_of(at("sub"), &e), e);
        assert_ok(dir_sync_of("no-slash", &e), e);
        assert_ok(dir_sync_of("/at-root", &e), e);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(replace_then_read, dir_new, dir_end),
                cmocka_unit_test_setup_teardown(an_empty_file_is_an_empty_text, dir_new, dir_end),
                cmocka_unit_test_setup_teardown(the_cap_is_exact, dir_new, dir_end),
                cmocka_unit_test_setup_teardown(links_are_not_followed, dir_new, dir_end),
                cmocka_unit_test_setup_teardown(create_never_overwrites, dir_new, dir_end),
                cmocka_unit_test_setup_teardown(what_a_crash_left_is_swept, dir_new, dir_end),
                cmocka_unit_test_setup_teardown(a_failed_replacement_leaves_the_old_one, dir_new, dir_end),
                cmocka_unit_test_setup_teardown(a_full_disk_has_its_own_code, dir_new, dir_end),
                cmocka_unit_test_setup_teardown(absent_has_its_own_code, dir_new, dir_end),
                cmocka_unit_test_setup_teardown(directories_may_exist, dir_new, dir_end),
        };

        return unit_run("files", tests);
}
