/* fault.c - each act of the office and the signer, with the n-th allocation or the n-th change of a file refused, for every n.
 *
 * fault SEKISHOD [STRIDE | tries=N] [SCENE]     SCENE: part of a name; @small, @large: those that need no case of chapter 8.2, those that do
 *
 * For each scene below, for memory and disk, for "once" and "from then on": n = 1, 2, 3 … until the scene ends without the fault having
 * come up. Each time on a fresh copy of one data directory, through the real writer. Then, with the fault gone:
 *   - the store is as before the act or as after it, nothing between (counts of every table, and marks of rows that acts change);
 *   - an act that answered OK is there; one that answered an error is not;
 *   - the same writer, not restarted, does the act when asked again: refuse, don't freeze;
 *   - the journal checks, and the projections are what a replay makes of it.
 * The last scene is a control: an act that is done in two transactions, which the loop must find out.
 *
 * STRIDE k > 1 takes every k-th n only (for quick runs). tries=N: about N of them altogether, whatever scenes there are: each scene gets its
 * share, and a stride that takes it from its first call to its last. A scene more does not make the run longer, it makes all a little coarser.
 *
 * Acts that issue.c and session.c keep to themselves are reached by including those files here instead of linking them.
 */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "server/office/grants/issue.c"
#include "server/office/session/session.c"

#include "fault_drafts.h"
#include "fault_incident.h"
#include "fault_import.h"
#include "fault_rows.h"
#include "fault_rules.h"
#include "fault_sign.h"
#include "refuse.h"
#include "server/office/command/duties.h"
#include "server/office/command/duty_tick.h"
#include "server/office/command/suspend.h"
#include "server/office/command/gates.h"
#include "server/office/command/ticks.h"
#include "server/office/evidence/desk.h"
#include "server/office/store/duty_world.h"
#include "server/office/store/search.h"
#include "server/office/store/tree.h"
#include "server/signer/verbs.h"
#include "sys/files.h"
#include "sys/spawn.h"
#include "wire/enrol.h"

enum { N_MAX = 200000, ROOM = 1200 };

#if defined(__SANITIZE_ADDRESS__)
int  __lsan_do_recoverable_leak_check(void);
void __asan_on_error(void);
#define leaks() __lsan_do_recoverable_leak_check()
#else
#define leaks() 0
#endif

/* What the scenes act on: made once, copied for each n. */
struct bench {
        char           home[64];
        char           work[80];        /* of this worker: HOME/work0, HOME/work1 */
        struct office  office;
        struct arena   arena;           /* lives as long as the bench */
        struct answer *answers;
        const struct pack_form *form;
        char           sato[UUID_TEXT], suzuki[UUID_TEXT], ono[UUID_TEXT], kudo[UUID_TEXT], abe[UUID_TEXT];
        const struct answer *large, *later, *sheet, *exception;    /* of the procedure with every kind of step */
        const struct pack_form *large_form, *sheet_form, *exception_form;
        char           judged[UUID_TEXT], papered[UUID_TEXT], entered[UUID_TEXT], agreed[UUID_TEXT], waiting[UUID_TEXT], duty[UUID_TEXT];
        struct fault_incident incident;
        char           open_app[UUID_TEXT], returned_app[UUID_TEXT], permit[UUID_TEXT], gate[UUID_TEXT];
        int64_t        permit_rev;
        uint8_t        secret[ENROL_SECRET];            /* of a gate that waits */
        struct hash    token;                           /* of an open session */
        char           phc[PASSWORD_PHC_MAX];           /* of suzuki's password */
        struct grants *table;                           /* journalled, not kept yet */
        struct receipt table_entry, cert_entry;
        struct signer_cert cert;
        uint64_t       size;                            /* entries of the journal that is copied */
        struct writer *writer;                          /* of the copy in hand */
};

static struct { const char *scene, *kind, *way; unsigned long n; } now_at;
static int test_number, failures;

static void say_where(void)
{
        char line[160];
        int n = snprintf(line, sizeof(line), "# at: %s, %s refused %s, n = %lu\n", now_at.scene ? now_at.scene : "start", now_at.kind ? now_at.kind : "nothing",
                         now_at.way ? now_at.way : "", now_at.n);

        (void)!write(STDOUT_FILENO, line, (size_t)n);
}

#if defined(__SANITIZE_ADDRESS__)
void __asan_on_error(void)
{
        say_where();
}
#endif

static void on_death(int sig)
{
        void *frames[24];

        say_where();
        backtrace_symbols_fd(frames, backtrace(frames, countof(frames)), STDERR_FILENO);
        (void)signal(sig, SIG_DFL);
        (void)raise(sig);
}

static void die(const char *what, const struct err *e)
{
        printf("Bail out! %s: %s\n", what, e ? e->text : "");
        say_where();
        exit(1);
}

/* ---- directories ---- */

static char *in(char *to, const char *dir, const char *name)
{
        (void)snprintf(to, ROOM, "%s/%s", dir, name);
        return to;
}

static void copy_file(const char *from, const char *to)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct err e = { 0 };
        int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

        if (file_read(&b, from, 64 << 20, &e) < 0 || fd < 0 || fd_write_all(fd, buf_view(&b), &e) < 0)
                die("copy", &e);
        fd_close(fd);
}

/* HOME/data is the original, b->work the copy in hand. */
static void fresh_copy(struct bench *b)
{
        static const char *const files[] = { "office/sekisho.db", "office/keys.db", "signer/keys", "signer/state" };
        static const char *const gone[] = { "office/sekisho.db-wal", "office/sekisho.db-shm", "office/keys.db-wal", "office/keys.db-shm" };
        char data[ROOM], from[2 * ROOM], to[ROOM];
        struct err e = { 0 };

        (void)in(data, b->home, "data");
        for (size_t i = 0; i < countof(gone); i++)
                (void)unlink(in(to, b->work, gone[i]));
        for (size_t i = 0; i < countof(files); i++) {
                (void)snprintf(from, sizeof(from), "%s/%s", data, files[i]);
                copy_file(from, in(to, b->work, files[i]));
        }
        (void)in(to, b->work, "office/files");
        if (dir_remove_tree(to, &e) < 0 || dir_make(to, 0700, &e) < 0)
                die("office/files", &e);
}

/* ---- looking ---- */

/* How many rows each table has (but for the index' own: how they lie says nothing, search_check() reads them), and what the rows that acts change in place say. Two stores after the same acts give the same text. */
static void look(struct buf *out, const char *office_dir)
{
        static const char *const marks[] = {
                "SELECT count(*) FROM enrol_code WHERE used_at>0", "SELECT coalesce(sum(seq),0) FROM report_seq", "SELECT count(*) FROM session WHERE seen_at<>made_at",
                "SELECT coalesce(sum(fails),0) FROM credential", "SELECT group_concat(phc||must_change||(until_at>0)||(totp_at>0)||totp_step||codes) FROM (SELECT * FROM credential ORDER BY login)",
                "SELECT group_concat(stage) FROM (SELECT stage FROM session ORDER BY stage)", "SELECT group_concat(state) FROM (SELECT state FROM r_reset ORDER BY id)", "SELECT group_concat(state) FROM (SELECT state FROM r_rotation ORDER BY id)",
                "SELECT group_concat(state) FROM (SELECT state FROM r_application ORDER BY id)",
                "SELECT group_concat(state||rev) FROM (SELECT state,rev FROM r_permit ORDER BY id)", "SELECT table_seq FROM r_install", "SELECT group_concat(state) FROM (SELECT state FROM r_gate ORDER BY id)",
                "SELECT group_concat(state||rev) FROM (SELECT state,rev FROM r_step ORDER BY id,k)", "SELECT sum(rev) FROM r_application",
                "SELECT group_concat(level||rev) FROM (SELECT level,rev FROM r_rating ORDER BY id,k)", "SELECT group_concat(result) FROM (SELECT result FROM r_criterion ORDER BY id,k)",
                "SELECT group_concat(state) FROM (SELECT state FROM r_duty ORDER BY id)", "SELECT group_concat(state) FROM (SELECT state FROM r_exception ORDER BY id,k)",
                "SELECT group_concat(state) FROM (SELECT state FROM r_deputy ORDER BY id,k)", "SELECT count(*) FROM r_answer WHERE value IS NOT NULL",
                "SELECT group_concat(state) FROM (SELECT state FROM r_alert ORDER BY id)",
                "SELECT group_concat(severity||state||rev) FROM (SELECT severity,state,rev FROM r_incident ORDER BY id)", "SELECT group_concat(state) FROM (SELECT state FROM r_finding ORDER BY id)",
                "SELECT sum(rev) FROM r_service", "SELECT group_concat(state) FROM (SELECT state FROM r_account ORDER BY id)", "SELECT group_concat(state) FROM (SELECT state FROM r_attachment ORDER BY id)",
                "SELECT group_concat(state) FROM (SELECT state FROM r_answersheet ORDER BY id)", "SELECT group_concat(state||rev) FROM (SELECT state,rev FROM r_peer ORDER BY id)",
                "SELECT group_concat(state||rev) FROM (SELECT state,rev FROM r_witness ORDER BY id)",
                "SELECT group_concat(id||state) FROM (SELECT id,state FROM sink ORDER BY id)", "SELECT group_concat(id||state) FROM (SELECT id,state FROM outbox_sent ORDER BY id,state)",
                "SELECT sum(value) FROM r_counter", "SELECT sum(rev) FROM draft", "SELECT count(*) FROM r_person WHERE name='damaged'",
        };
        char path[ROOM], sql[160];
        sqlite3_stmt *names = NULL, *one = NULL;
        sqlite3 *s = NULL;

        if (sqlite3_open_v2(in(path, office_dir, "sekisho.db"), &s, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK || sqlite3_busy_timeout(s, 5000) != SQLITE_OK ||
            sqlite3_prepare_v2(s, "SELECT name FROM sqlite_master WHERE type='table' AND (name='search_doc' OR name NOT LIKE 'search%') ORDER BY name", -1, &names, NULL) != SQLITE_OK)
                die("look", NULL);
        while (sqlite3_step(names) == SQLITE_ROW) {
                (void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM \"%s\"", sqlite3_column_text(names, 0));
                if (sqlite3_prepare_v2(s, sql, -1, &one, NULL) != SQLITE_OK || sqlite3_step(one) != SQLITE_ROW)
                        die("look", NULL);
                buf_printf(out, "%s %s ", sqlite3_column_text(names, 0), sqlite3_column_text(one, 0));
                (void)sqlite3_finalize(one);
        }
        for (size_t i = 0; i < countof(marks); i++) {
                if (sqlite3_prepare_v2(s, marks[i], -1, &one, NULL) != SQLITE_OK || sqlite3_step(one) != SQLITE_ROW)
                        die(marks[i], NULL);
                buf_printf(out, "| %s ", sqlite3_column_text(one, 0) ? (const char *)sqlite3_column_text(one, 0) : "-");
                (void)sqlite3_finalize(one);
        }
        (void)sqlite3_finalize(names);
        (void)sqlite3_close(s);
}

/* The journal checks, and a replay makes the same projections (`damaged`: they differed before, so they must not be compared). */
static int verify(const char *office_dir, bool damaged, struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        struct hash root, before, after;
        uint64_t size;
        int r = db_open(&db, office_dir, DB_WRITE, e);

        if (r == ERR_OK)
                r = db_check_file(db, e);
        if (r == ERR_OK)
                r = db_begin(db, e);
        if (r == ERR_OK)
                r = journal_check(&root, &size, db, NULL, NULL, e);
        if (r == ERR_OK)
                r = fault_file_whole(db, office_dir, e);
        if (r == ERR_OK)
                r = search_check(db, e);
        if (r == ERR_OK)
                r = store_dump(&before, db, NULL, e);
        if (r == ERR_OK)
                r = journal_rebuild(db, NULL, NULL, e);
        if (r == ERR_OK)
                r = store_dump(&after, db, NULL, e);
        if (r == ERR_OK && !damaged && !hash_eq(&before, &after))
                r = err_set(e, ERR_TAMPERED, "projections are not what the journal says");
        if (db)
                db_rollback(db);
        return r;
}

/* ---- scenes of the office ---- */

static int do_submit(struct bench *b, struct err *e)
{
        struct act_submit act = { .person = b->sato, .form = b->form, .answers = b->answers };

        return writer_run(b->writer, act_submit, &act, e);
}

/* The first entry of a fiscal year makes the key of a new retention unit: a second database is written to. */
static int submit_later(struct act *act, void *arg, struct err *e)
{
        act->now += 330 * UTIME_DAY;
        return act_submit(act, arg, e);
}

static int do_submit_new_unit(struct bench *b, struct err *e)
{
        struct answer answers[16];
        struct act_submit act = { .person = b->sato, .form = b->form, .answers = answers };

        memcpy(answers, b->answers, b->form->fields_count * sizeof(answers[0]));
        for (size_t i = 0; i < b->form->fields_count; i++)
                if (strcmp(b->form->fields[i].id, "until") == 0)
                        answers[i].value = STR("2027-11-01T15:00:00.000000Z");
        return writer_run(b->writer, submit_later, &act, e);
}

static int decide(struct bench *b, enum decision d, struct err *e)
{
        struct act_decide act = { .on = { .person = b->suzuki, .application = str_of(b->open_app), .rev = 1 }, .decision = d, .reason = STR("調べた。") };

        return writer_run(b->writer, act_decide, &act, e);
}

static int do_approve(struct bench *b, struct err *e) { return decide(b, DECISION_APPROVE, e); }
static int do_reject(struct bench *b, struct err *e)  { return decide(b, DECISION_REJECT, e); }

static int do_withdraw(struct bench *b, struct err *e)
{
        struct act_withdraw act = { .on = { .person = b->sato, .application = str_of(b->open_app), .rev = 1 }, .reason = STR("要らない。") };

        return writer_run(b->writer, act_withdraw, &act, e);
}

/* Another device, the rest as it was. */
static int do_resubmit(struct bench *b, struct err *e)
{
        struct answer answers[FORM_ANSWERS_MAX];
        struct act_resubmit act = { .on = { .person = b->sato, .application = str_of(b->returned_app), .rev = 2 }, .form = b->form, .answers = answers };

        for (size_t i = 0; i < b->form->fields_count; i++) {
                answers[i] = b->answers[i];
                if (strcmp(b->form->fields[i].id, "mac") == 0)
                        answers[i].value = STR("02:00:00:00:00:77");
        }
        return writer_run(b->writer, act_resubmit, &act, e);
}

/* ---- the procedure with every kind of step ---- */

static struct on_case on(const char *person, const char *application, int64_t rev)
{
        return (struct on_case){ .person = person, .application = str_of(application), .rev = rev };
}

/* The newest revision, looked up where nothing is refused. */
static int64_t rev_of(const struct bench *b, const char *application);

static int do_submit_large(struct bench *b, struct err *e)
{
        struct act_submit act = { .person = b->ono, .applicant = b->sato, .form = b->large_form, .answers = b->large };

        return writer_run(b->writer, act_submit, &act, e);
}

static int do_correct(struct bench *b, struct err *e)
{
        struct act_resubmit act = { .on = on(b->sato, b->judged, 3), .form = b->large_form, .answers = b->later, .correct = true, .reason = STR("書き誤り。") };

        return writer_run(b->writer, act_resubmit, &act, e);
}

static int fill_in_sheet(struct bench *b, const char *application, int64_t rev, struct err *e)
{
        struct act_fill act = { .on = on(b->ono, application, rev), .sheet = b->sheet_form, .answers = b->sheet };

        return writer_run(b->writer, act_fill, &act, e);
}

static int do_fill(struct bench *b, struct err *e) { return fill_in_sheet(b, b->judged, 3, e); }

static int judge_all(struct bench *b, const char *application, int64_t rev, struct err *e)
{
        static const struct judgement lines[] = {
                { .criterion = "place", .result = RESULT_MET, .article = STR("第3条"), .answer = STR("answered"), .said = STR("国内です。") },
                { .criterion = "paper", .result = RESULT_MET, .document = STR("証明書") },
                { .criterion = "people-only", .result = RESULT_MET },
                { .criterion = "advice", .result = RESULT_UNMET, .reason = STR("次の契約で求める。") },
        };
        struct act_judge act = { .on = on(b->ono, application, rev), .lines = lines, .n = countof(lines) };

        return writer_run(b->writer, act_judge, &act, e);
}

static int do_judge(struct bench *b, struct err *e) { return judge_all(b, b->judged, 3, e); }

static int approve_as(struct bench *b, const char *person, const char *application, int64_t rev, struct err *e)
{
        struct act_decide act = { .on = on(person, application, rev), .decision = DECISION_APPROVE };

        return writer_run(b->writer, act_decide, &act, e);
}

static int enter_paper(struct bench *b, const char *application, int64_t rev, struct err *e)
{
        struct act_decide act = { .on = on(b->ono, application, rev), .decision = DECISION_APPROVE,
                                  .paper = { STR("情政第12号"), STR("2026-04-01"), STR("delegated"), STR("総務部長") } };

        return writer_run(b->writer, act_decide, &act, e);
}

static int do_enter(struct bench *b, struct err *e)   { return enter_paper(b, b->papered, 6, e); }
static int do_confirm(struct bench *b, struct err *e) { return approve_as(b, b->kudo, b->entered, 7, e); }

static int do_rate(struct bench *b, struct err *e)
{
        struct act_rate act = { .on = on(b->abe, b->agreed, 9), .axis = "confidentiality", .level = "c3", .reason = STR("重い。") };

        return writer_run(b->writer, act_rate, &act, e);
}

/* The last approval: a service, its provider, its classes, duties, notices. */
static int do_approve_large(struct bench *b, struct err *e)
{
        struct act_decide act = { .on = on(b->abe, b->agreed, 9), .decision = DECISION_APPROVE, .condition = STR("訓練をする。"), .condition_due = STR("2099-09-30") };

        return writer_run(b->writer, act_decide, &act, e);
}

static int advance_later(struct act *act, void *arg, struct err *e)
{
        act->now += 90 * UTIME_DAY;
        return act_advance(act, arg, e);
}

static int do_advance(struct bench *b, struct err *e) { return writer_run(b->writer, advance_later, b->waiting, e); }

/* A pack was made; its note lies there, and the tick finds it. */
static int evidence_later(struct act *act, void *arg, struct err *e)
{
        const struct dossier_job job = { .scope = { DOSSIER_BODY, "", "SHI", 1, 2 } };
        const struct dossier_made made = { .entries = 1, .size = 1 };
        int r = desk_note(act->office, "01960000-0000-7000-8000-00000000e0e0", NULL, &job, &made, e);

        return r < 0 ? r : act_evidence_made(act, arg, e);
}

static int do_evidence(struct bench *b, struct err *e) { return writer_run(b->writer, evidence_later, NULL, e); }

static int do_close_duty(struct bench *b, struct err *e)
{
        struct act_close_duty act = { .person = b->ono, .duty = str_of(b->duty), .evidence = STR("見た。"), .rev = 1 };

        return writer_run(b->writer, act_close_duty, &act, e);
}

static int all_duties(struct act *act, void *arg, struct err *e)
{
        struct duty_services part;
        int r = duty_world_part(&part, act->db, 0, "", act->arena, e);

        if (r == ERR_OK)
                r = act_duties(act, NULL, e);
        return r < 0 ? r : act_duties(act, (void *)(uintptr_t)part.list, e);
}

static int do_duties(struct bench *b, struct err *e) { return writer_run(b->writer, all_duties, NULL, e); }

/* The service that the duty in hand is about. */
static int suspend_that_service(struct act *act, void *arg, struct err *e)
{
        struct act_suspend *in = arg;
        struct row duty;
        int r = store_row(&duty, act->db, TABLE_DUTY, in->service.p, NULL, act->arena, e);

        in->service = row_get_text(&duty, DUTY_service);
        return r < 0 ? r : act_suspend(act, in, e);
}

static int do_suspend(struct bench *b, struct err *e)
{
        struct act_suspend act = { .person = b->abe, .service = str_of(b->duty), .reason = STR("確かめる。"), .rev = 1 };

        return writer_run(b->writer, suspend_that_service, &act, e);
}

static int do_report(struct bench *b, struct err *e)          { char id[UUID_TEXT]; return incident_report(b->writer, b->sato, id, e); }
static int do_open_incident(struct bench *b, struct err *e)   { char id[UUID_TEXT]; return incident_begin(b->writer, b->ono, b->incident.finding, id, e); }
static int do_grade_incident(struct bench *b, struct err *e)  { return incident_lower(b->writer, b->ono, b->incident.id, e); }
static int do_answer_alert(struct bench *b, struct err *e)    { return incident_answer(b->writer, b->kudo, b->incident.alert, e); }
static int do_alarms(struct bench *b, struct err *e)          { return writer_run(b->writer, alarms_later, NULL, e); }
static int do_import(struct bench *b, struct err *e) { return fault_import_run(b->writer, e); }

static int name(struct bench *b, const char *principal, const char *deputy, struct err *e)
{
        struct act_name_deputy act = { .person = principal, .principal = principal, .deputy = deputy, .from = clock_now(), .until = clock_now() + 9 * UTIME_DAY };

        return writer_run(b->writer, act_name_deputy, &act, e);
}

static int do_name_deputy(struct bench *b, struct err *e) { return name(b, b->suzuki, b->sato, e); }

static int do_end_deputy(struct bench *b, struct err *e)
{
        struct act_end_deputy act = { .person = b->ono, .principal = b->ono, .deputy = b->kudo, .reason = STR("戻った。"), .rev = 1 };

        return writer_run(b->writer, act_end_deputy, &act, e);
}

static int change_permit(struct bench *b, bool revoke, struct err *e)
{
        struct act_permit act = { .person = b->suzuki, .permit = str_of(b->permit), .reason = STR("変わった。"), .rev = b->permit_rev, .revoke = revoke,
                                  .until = clock_now() + 40 * UTIME_DAY };

        return writer_run(b->writer, act_permit, &act, e);
}

static int do_revoke(struct bench *b, struct err *e) { return change_permit(b, true, e); }
static int do_until(struct bench *b, struct err *e)  { return change_permit(b, false, e); }

static int tick_later(struct act *act, void *arg, struct err *e)
{
        act->now += 360 * UTIME_DAY;
        return act_tick(act, arg, e);
}

static int do_tick(struct bench *b, struct err *e) { return writer_run(b->writer, tick_later, NULL, e); }

static int do_sign_in(struct bench *b, struct err *e)
{
        struct sign_in x = { .cred = { .login = STR("suzuki"), .phc = str_of(b->phc) }, .ok = true };

        return writer_run(b->writer, sign_in_act, &x, e);
}

static int do_wrong_password(struct bench *b, struct err *e)
{
        struct sign_in x = { .cred.login = STR("suzuki"), .ok = false };

        return writer_run(b->writer, sign_in_act, &x, e);
}

static int touch_later(struct act *act, void *arg, struct err *e)
{
        act->now += UTIME_HOUR;
        return touch_act(act, arg, e);
}

static int do_touch(struct bench *b, struct err *e)
{
        struct hash token = b->token;

        return writer_run(b->writer, touch_later, &token, e);
}

static int do_issue(struct bench *b, struct err *e)
{
        struct issue x = { .last = b->table, .refresh = true };
        int r = writer_run(b->writer, issue_act, &x, e);

        (void)grants_free(x.table);
        return r;
}

static int do_keep(struct bench *b, struct err *e) { return writer_run(b->writer, keep_act, b->table, e); }

static int do_add_gate(struct bench *b, struct err *e)
{
        scoped(buf_done) struct buf code = BUF_INIT;
        struct act_add_gate act = { .person = b->sato, .name = STR("二階"), .zone = STR("office"), .lan = STR("lan1"), .code = &code };

        return writer_run(b->writer, act_add_gate, &act, e);
}

static int do_request_cert(struct bench *b, struct err *e)
{
        struct act_request_cert act = { .secret = b->secret, .point = { 4, 1 }, .ca_until = clock_now() + 500 * UTIME_DAY };

        return writer_run(b->writer, act_request_cert, &act, e);
}

static int do_enrol(struct bench *b, struct err *e)
{
        struct act_enrol act = { .secret = b->secret, .cert = b->token, .serial = b->cert.serial };

        return writer_run(b->writer, act_enrol, &act, e);
}

static int do_applied(struct bench *b, struct err *e)
{
        struct act_applied act = { .gate = b->gate, .boot = STR("01960000-0000-7000-8000-000000000abc"), .stream = STR("applied"), .seq = 1, .epoch = 1,
                                   .table = b->table->head.seq, .hash = grant_header_hash(&b->table->head), .at = clock_now(), .count = 1 };

        return writer_run(b->writer, act_applied, &act, e);
}

/* What `sekishod rebuild` does, on projections that somebody damaged. */
static int do_rebuild(struct bench *b, struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        int r = db_open(&db, b->office.store_dir, DB_WRITE, e);

        if (r == ERR_OK)
                r = db_begin(db, e);
        if (r == ERR_OK)
                r = journal_rebuild(db, NULL, NULL, e);
        return r == ERR_OK ? db_commit(db, e) : r;
}

static int do_open(struct bench *b, struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct row install;
        int r = db_open(&db, b->office.store_dir, DB_READ, e);

        return r == ERR_OK ? query_install(&install, db, &a, e) : r;
}

static void damage(struct bench *b)
{
        char path[ROOM];
        sqlite3 *s = NULL;

        if (sqlite3_open_v2(in(path, b->office.store_dir, "sekisho.db"), &s, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
            sqlite3_exec(s, "UPDATE r_person SET name='damaged'", NULL, NULL, NULL) != SQLITE_OK)
                die("damage", NULL);
        (void)sqlite3_close(s);
}

/* The control: two acts where one was promised. When the second is refused the first is there, and the loop has to notice. */
static int do_halves(struct bench *b, struct err *e)
{
        int r = do_submit(b, e);

        return r < 0 ? r : do_add_gate(b, e);
}

static const struct scene { const char *name; int (*run)(struct bench *b, struct err *e); fault_rows_fn *rows; bool no_writer, damaged, broken, large; } scenes[] = {
        { "submit",             do_submit },
        { "submit, new unit",   do_submit_new_unit },
        { "approve",            do_approve },
        { "reject",             do_reject },
        { "withdraw",           do_withdraw },
        { "resubmit",           do_resubmit },
        { "revoke",             do_revoke },
        { "change-until",       do_until },
        { "tick (expiry)",      do_tick },
        { "submit, drafted",    do_submit_large, .large = true },
        { "correct",            do_correct, .large = true },
        { "fill a sheet",       do_fill, .large = true },
        { "judge",              do_judge, .large = true },
        { "enter a paper",      do_enter, .large = true },
        { "confirm a paper",    do_confirm, .large = true },
        { "rate",               do_rate, .large = true },
        { "approve, register",  do_approve_large, .large = true },
        { "advance (machine)",  do_advance, .large = true },
        { "close a duty",       do_close_duty, .large = true },
        { "duties come",        do_duties, .large = true },
        { "suspend",            do_suspend, .large = true },
        { "name a deputy",      do_name_deputy, .large = true },
        { "end a deputy",       do_end_deputy, .large = true },
        { "report",             do_report, .large = true },
        { "open an incident",   do_open_incident, .large = true },
        { "grade an incident",  do_grade_incident, .large = true },
        { "answer a call",      do_answer_alert, .large = true },
        { "tick (alarms)",      do_alarms, .large = true },
        { "evidence made",      do_evidence },
        { "bring a sheet in",   do_import, .large = true },      /* needs no case; but it is long */
        { "add a row",           .rows = fault_row_add, .large = true },
        { "change a row",        .rows = fault_row_change, .large = true },
        { "end a row",           .rows = fault_row_end, .large = true },
        { "attach a file",       .rows = fault_file_add, .large = true },
        { "remove a file",       .rows = fault_file_remove, .large = true },
        { "keep a sheet",        .rows = fault_sheet_keep, .large = true },
        { "receive a sheet",     .rows = fault_sheet_receive, .large = true },
        { "export a sheet",      .rows = fault_sheet_export, .large = true },
        { "trust a peer",        .rows = fault_peer_add, .large = true },
        { "end a peer",          .rows = fault_peer_end, .large = true },
        { "trust a witness",     .rows = fault_witness_add, .large = true },
        { "end a witness",       .rows = fault_witness_end, .large = true },
        { "a draft is kept",     .rows = fault_draft_add, .large = true },
        { "a draft is saved",    .rows = fault_draft_save, .large = true },
        { "a draft is dropped",  .rows = fault_draft_drop, .large = true },
        { "a draft is sent",     .rows = fault_draft_send, .large = true },
        { "old drafts go",       .rows = fault_draft_sweep, .large = true },
        { "settle notices",      .rows = fault_settle, .large = true },
        { "sinks speak",         .rows = fault_say_sinks, .large = true },
        { "sweep notices",       .rows = fault_sweep, .large = true },
        { "scrub: its place",    .rows = fault_scrub_keep, .large = true },
        { "sign-in",            do_sign_in },
        { "wrong password",     do_wrong_password },
        { "change a password",   .rows = fault_password },
        { "prove a code",        .rows = fault_prove },
        { "ask for a reset",     .rows = fault_reset_ask },
        { "confirm a reset",     .rows = fault_reset_confirm },
        { "end a reset",         .rows = fault_reset_end },
        { "ask for a rotation",  .rows = fault_rotation_ask },
        { "confirm a rotation",  .rows = fault_rotation_confirm },
        { "end a rotation",      .rows = fault_rotation_end },
        { "rotation done",       .rows = fault_rotation_done },
        { "confirm the clock",   .rows = fault_confirm_clock },
        { "rules: a draft",      .rows = fault_rules_make },
        { "rules: saved",        .rows = fault_rules_save },
        { "rules: proposed",     .rows = fault_rules_propose },
        { "rules: dropped",      .rows = fault_rules_drop },
        { "rules: returned",     .rows = fault_rules_return },
        { "rules: adopted",      .rows = fault_rules_adopt },
        { "role: asked",         .rows = fault_appoint_ask },
        { "role: confirmed",     .rows = fault_appoint_confirm },
        { "role: refused",       .rows = fault_appoint_refuse },
        { "role: days come",     .rows = fault_appoint_days },
        { "erasure: two people", .rows = fault_erasure },
        { "role: ended",         .rows = fault_role_end },
        { "session touch",      do_touch },
        { "grants: issue",      do_issue },
        { "grants: keep",       do_keep },
        { "gate added",         do_add_gate },
        { "gate: certificate",  do_request_cert },
        { "gate: enrol",        do_enrol },
        { "gate: applied",      do_applied },
        { "store opened",       do_open,    .no_writer = true },
        { "rebuild",            do_rebuild, .no_writer = true, .damaged = true },
        { "control: an act in two halves is found out", do_halves, .broken = true },
};

/* ---- one scene, one kind of fault ---- */

static int run_scene(struct bench *b, const struct scene *s, struct err *e)
{
        return s->rows ? s->rows(b->writer, e) : s->run(b, e);
}

struct tally { unsigned long n, refused, there_anyway; char why[900]; };

static bool wrong(struct tally *t, const char *what, const struct err *e, struct str have)
{
        if (!*t->why)
                (void)snprintf(t->why, sizeof(t->why), "n = %lu: %s; the act said \"%.300s\"; store: %.*s", now_at.n, what, e->text, (int)(have.n < 400 ? have.n : 400), have.p);
        return false;
}

static void set_up(struct bench *b, const struct scene *s)
{
        struct err e = { 0 };

        fresh_copy(b);
        if (s->damaged)
                damage(b);
        if (!s->no_writer && writer_start(&b->writer, &b->office, &e) < 0)
                die("writer", &e);
}

static void pull_down(struct bench *b)
{
        b->writer = writer_stop(b->writer);
}

/* Runs the act with its n-th call refused, then looks. False: something is wrong, see t->why. */
static bool try_nth(struct bench *b, const struct scene *s, enum refuse kind, bool on, struct str absent, struct str present, struct tally *t, bool *fired)
{
        scoped(buf_done) struct buf have = BUF_INIT, after = BUF_INIT;
        struct err e = { 0 }, again = { 0 };
        bool good = true;
        int r;

        refuse_arm(kind, now_at.n, on);
        r = run_scene(b, s, &e);
        *fired = refuse_disarm();
        look(&have, b->office.store_dir);
        if (r == ERR_OK && !str_eq(buf_view(&have), present)) {
                good = wrong(t, "answered OK and is not (wholly) there", &e, buf_view(&have));
        } else if (r < 0 && str_eq(buf_view(&have), present) && !str_eq(absent, present)) {
                good = wrong(t, "answered no, and is there", &e, buf_view(&have));
        } else if (r < 0 && !str_eq(buf_view(&have), absent)) {
                good = wrong(t, "is there half", &e, buf_view(&have));
        } else if (r < 0) {
                t->refused++;
                if (run_scene(b, s, &again) < 0)
                        good = wrong(t, "the same writer does not do it when asked again", &again, buf_view(&have));
                look(&after, b->office.store_dir);
                if (good && !str_eq(buf_view(&after), present))
                        good = wrong(t, "asked again it answered OK and is not (wholly) there", &again, buf_view(&after));
        }
        return good;
}

/* Every k-th n, or (0) as many as `share` says, from the first call to the last. */
struct pace { unsigned long stride, share; };

static unsigned long stride_over(struct pace p, unsigned long calls)
{
        unsigned long step = p.share && calls > p.share ? (calls + p.share - 1) / p.share : 1;

        return p.stride ? p.stride : step | 1;  /* odd: calls come in pairs */
}

static void test_office(struct bench *b, const struct scene *s, enum refuse kind, bool on, struct pace pace)
{
        scoped(buf_done) struct buf absent = BUF_INIT, present = BUF_INIT;
        struct tally t = { 0 };
        struct err e = { 0 };
        bool fired = true, good = true;
        unsigned long stride;

        now_at = (typeof(now_at)){ s->name, refuse_names[kind], on ? "from then on" : "once", 0 };
        set_up(b, s);
        look(&absent, b->office.store_dir);
        refuse_arm(kind, ULONG_MAX, false);     /* counts, refuses nothing */
        if (run_scene(b, s, &e) < 0)
                die(s->name, &e);
        (void)refuse_disarm();
        stride = stride_over(pace, refuse_seen(kind));
        look(&present, b->office.store_dir);
        pull_down(b);
        for (now_at.n = 1; fired && good && now_at.n < N_MAX; now_at.n += stride) {
                set_up(b, s);
                good = try_nth(b, s, kind, on, buf_view(&absent), buf_view(&present), &t, &fired);
                pull_down(b);
                if (good && verify(b->office.store_dir, s->damaged, &e) < 0)
                        good = wrong(&t, "afterwards the store does not verify", &e, STR(""));
                t.n = now_at.n;
        }
        if (good && fired)
                good = wrong(&t, "never ends", &e, STR(""));
        if (good && leaks())
                good = wrong(&t, "leaks, see standard error", &e, STR(""));
        if (s->broken) {
                good = !good && strstr(t.why, "is there half");
                (void)snprintf(t.why, sizeof(t.why), "it was not");
        }
        failures += !good;
        printf("%sok %d - %s: %s refused %s, n = 1 to %lu by %lu: %lu refusals, each whole%s\n", good ? "" : "not ", test_number, s->name, refuse_names[kind],
               on ? "from then on" : "once", t.n, stride, t.refused, good ? "" : ", but:");
        if (!good)
                printf("# %s\n", t.why);
        (void)fflush(stdout);
}

/* ---- the signer's verbs ---- */

struct request { const char *name; uint16_t verb; struct buf body; bool advances; };

static void evidence_of(struct buf *out, struct bench *b, struct db *db, uint64_t index, struct str fixed)
{
        struct evidence ev = { .index = index };
        struct err e = { 0 };

        if (journal_entry(&ev.entry, db, index, &b->arena, &e) < 0 || tree_prove_inclusion(&ev.proof, index, b->size, tree_read_db, db, &e) < 0 ||
            evidence_digest_find(&ev.digest_at, ev.entry, fixed, &e) < 0)
                die("evidence", &e);
        evidence_encode(out, &ev);
        buf_str(out, fixed);
}

static bool signer_is(const struct signer *s, const struct signer_state *want)
{
        return s->state.edge.size == want->edge.size && s->state.table_seq == want->table_seq && hash_eq(&s->state.root, &want->root) &&
               memcmp(s->state.sig, want->sig, ED25519_SIG) == 0;
}

static void test_signer(struct bench *b, struct request *q, enum refuse kind, bool on)
{
        struct signer_state old, new;
        struct tally t = { 0 };
        struct err e = { 0 };
        bool fired = true, good = true;

        now_at = (typeof(now_at)){ q->name, refuse_names[kind], on ? "from then on" : "once", 0 };
        for (now_at.n = 0; fired && good && now_at.n < N_MAX; now_at.n++) {      /* n = 0: nothing is refused, to learn */
                scoped(buf_done) struct buf answer = BUF_INIT, second = BUF_INIT;
                struct signer s;
                bool broken;
                int r;

                fresh_copy(b);
                if (signer_open(&s, b->work, &e) < 0)
                        die("signer", &e);
                old = s.state;
                if (now_at.n)
                        refuse_arm(kind, now_at.n, on);
                r = signer_answer(&s, q->verb, buf_view(&q->body), &answer, &e);
                fired = now_at.n ? refuse_disarm() : true;
                broken = s.broken;
                if (!now_at.n) {
                        if (r < 0)
                                die(q->name, &e);
                        new = s.state;
                        if (q->advances == signer_is(&s, &old))
                                good = wrong(&t, "does not do what it should", &e, STR(""));
                } else if (r < 0) {
                        t.refused++;
                        if (broken && signer_answer(&s, q->verb, buf_view(&q->body), &second, &e) != ERR_IO)
                                good = wrong(&t, "goes on after a write that failed", &e, STR(""));
                        if (!broken && (!signer_is(&s, &old) || signer_answer(&s, q->verb, buf_view(&q->body), &second, &e) < 0))
                                good = wrong(&t, "does not do it when asked again", &e, STR(""));
                }
                signer_close(&s);
                if (signer_open(&s, b->work, &e) < 0) {             /* as after a restart */
                        good = wrong(&t, "does not start again", &e, STR(""));
                        break;
                }
                if (good && (r == ERR_OK || !broken) && now_at.n && !signer_is(&s, &new))
                        good = wrong(&t, "answered OK and the state on the disk does not hold it", &e, STR(""));
                if (good && !signer_is(&s, &new) && !signer_is(&s, &old))
                        good = wrong(&t, "the state is neither the old nor the new one", &e, STR(""));
                t.there_anyway += r < 0 && broken && q->advances && signer_is(&s, &new);
                signer_close(&s);
                t.n = now_at.n;
        }
        if (good && leaks())
                good = wrong(&t, "leaks, see standard error", &e, STR(""));
        failures += !good;
        printf("%sok %d - %s: %s refused %s, n = 1 to %lu: %lu refusals, each whole%s\n", good ? "" : "not ", test_number, q->name, refuse_names[kind],
               on ? "from then on" : "once", t.n, t.refused, good ? "" : ", but:");
        if (t.there_anyway)
                printf("# %lu times refused, and after a restart the state was found written\n", t.there_anyway);
        if (!good)
                printf("# %s\n", t.why);
        (void)fflush(stdout);
}

/* ---- the bench ---- */

static void run_init(struct bench *b, const char *sekishod)
{
        char data[ROOM];
        const char *argv[] = { sekishod, "init", in(data, b->home, "data"), "--pack", "tests/packs/engine", "--name", "関所市", "--body", "SHI", "--person", "sato:佐藤:産業振興課:staff",
                               "--person", "suzuki:鈴木:産業振興課:section_manager", "--person", "ono:小野:情報政策課:secretariat",
                               "--person", "kudo:工藤:情報政策課:secretariat", "--person", "abe:阿部:副市長室:ciso", "--write-accounts", NULL };
        struct spawn s = { .argv = argv, .in = -1, .out = open("/dev/null", O_WRONLY | O_CLOEXEC), .errfd = -1 };
        struct err e = { 0 };
        int status = 1;
        pid_t pid;

        if (spawn_start(&pid, &s, &e) < 0 || spawn_wait(pid, clock_boot() + 60 * UTIME_S, &status, &e) < 0 || status != 0)
                die("sekishod init (run from the root of the tree)", &e);
        fd_close(s.out);
}

static void ask_text(char *to, size_t room, const struct bench *b, const char *sql)
{
        char path[ROOM];
        sqlite3_stmt *st = NULL;
        sqlite3 *s = NULL;

        if (sqlite3_open_v2(in(path, b->office.store_dir, "sekisho.db"), &s, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
            sqlite3_prepare_v2(s, sql, -1, &st, NULL) != SQLITE_OK || sqlite3_step(st) != SQLITE_ROW)
                die(sql, NULL);
        (void)snprintf(to, room, "%s", sqlite3_column_text(st, 0));
        (void)sqlite3_finalize(st);
        (void)sqlite3_close(s);
}

static void ask(char to[UUID_TEXT], const struct bench *b, const char *sql)
{
        ask_text(to, UUID_TEXT, b, sql);
}

static void fill_in(struct bench *b)
{
        static const struct given given[] = { { STR("device_name"), STR("会議室の端末") }, { STR("mac"), STR("02:00:5e:10:00:01") },
                                              { STR("purpose"), STR("会議の記録を\nつける。") }, { STR("until"), STR("2027-02-01") } };
        struct err e = { 0 };

        b->form = pack_find_form(b->office.pack, "network-connection");
        b->answers = b->form ? arena_array(&b->arena, b->form->fields_count, sizeof(*b->answers)) : NULL;
        if (!b->answers || form_check(b->answers, b->form, given, countof(given), NULL, &b->arena, &e) < 0)
                die("form", &e);
}

static int64_t rev_of(const struct bench *b, const char *application)
{
        char sql[160], rev[UUID_TEXT];

        (void)snprintf(sql, sizeof(sql), "SELECT rev FROM r_application WHERE id='%s'", application);
        ask(rev, b, sql);
        return strtol(rev, NULL, 10);
}

static const struct answer *checked(struct bench *b, const struct pack_form *form, const struct given *given, size_t n)
{
        struct answer *answers = form ? arena_array(&b->arena, form->fields_count, sizeof(*answers)) : NULL;
        const struct form_context ctx = { .pack = b->office.pack };
        struct err e = { 0 };

        if (!answers || form_check(answers, form, given, n, &ctx, &b->arena, &e) < 0)
                die("large form", &e);
        return answers;
}

static void fill_in_large(struct bench *b)
{
        const struct given given[] = { { STR("about_people"), STR("true") }, { STR("title"), STR("会議サービス") }, { STR("provider"), STR("例") },
                                       { STR("volume"), STR("few") }, { STR("abroad"), STR("true") }, { STR("why_abroad"), STR("支店") }, { STR("promise"), STR("true") },
                                       { STR("use_until"), STR("2027-10-01") }, { STR("head_office"), STR("JP") }, { STR("manager"), str_of(b->sato) },
                                       { STR("hosts"), STR("meet.example.jp") }, { STR("partners"), STR("[{\"name\":\"下請\",\"seat\":\"US\"}]") } };
        const struct given sheet[] = { { STR("said_by"), STR("営業部") }, { STR("recovery_hours"), STR("4") } };
        struct given later[countof(given)];

        memcpy(later, given, sizeof(given));
        later[7].value = STR("2028-02-01");             /* its machine step waits for the year before */
        b->large_form = pack_find_form(b->office.pack, "everything");
        b->sheet_form = pack_find_form(b->office.pack, "provider-sheet");
        b->exception_form = pack_find_form(b->office.pack, "exception");
        b->large = checked(b, b->large_form, given, countof(given));
        b->later = checked(b, b->large_form, later, countof(later));
        b->sheet = checked(b, b->sheet_form, sheet, countof(sheet));
}

static void must(int r, const struct err *e, const char *what)
{
        if (r < 0)
                die(what, e);
}

/* A point of P-256 that is surely one: the generator (SEC 2, 2.4.2). */
static const uint8_t generator[POINT_BYTES] = {
        0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45,
        0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb,
        0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
};

/* A gate with a certificate; the code of another one that waits is kept in b->secret. */
static void add_gates(struct bench *b)
{
        struct act_request_cert cert = { .point = { 4 }, .ca_until = clock_now() + 500 * UTIME_DAY };
        struct err e = { 0 };

        for (int i = 0; i < 2; i++) {
                scoped(buf_done) struct buf code = BUF_INIT;
                struct act_add_gate add = { .person = b->sato, .name = STR("一階"), .zone = STR("office"), .lan = STR("lan0"), .code = &code };
                struct enrol_ticket ticket;

                must(writer_run(b->writer, act_add_gate, &add, &e), &e, "gate");
                must(enrol_ticket_decode(&ticket, buf_view(&code), &e), &e, "code");
                memcpy(b->secret, ticket.secret, sizeof(b->secret));
                if (!i) {
                        struct act_enrol enrol = { .secret = b->secret, .cert = hash_bytes(STR("gate")), .serial = cert.cert.serial };

                        cert.secret = b->secret;
                        memcpy(cert.point, generator, sizeof(cert.point));
                        must(writer_run(b->writer, act_request_cert, &cert, &e), &e, "certificate");
                        must(writer_run(b->writer, act_enrol, &enrol, &e), &e, "enrol");
                        memcpy(b->gate, add.id, sizeof(b->gate));
                        b->cert = cert.cert;
                        b->cert_entry = cert.receipt;
                }
        }
}

/* A case up to its `steps`-th decision: judge, agree, checked, the paper entered, the paper confirmed. */
static void take_large(struct bench *b, char id[UUID_TEXT], const struct answer *answers, int steps)
{
        struct act_submit submit = { .person = b->sato, .form = b->large_form, .answers = answers };
        const char *const people[] = { b->ono, b->suzuki, b->kudo, b->ono, b->kudo };
        struct err e = { 0 };

        must(writer_run(b->writer, act_submit, &submit, &e), &e, "large");
        memcpy(id, submit.id, UUID_TEXT);
        must(fill_in_sheet(b, id, 1, &e), &e, "sheet");
        must(judge_all(b, id, 2, &e), &e, "lines");
        for (int i = 0; i < steps; i++)
                must(i == 3 ? enter_paper(b, id, rev_of(b, id), &e) : approve_as(b, people[i], id, rev_of(b, id), &e), &e, "step");
}

/* An exception that is permitted, for the case that is judged: it ends with the tick. */
static void permit_exception(struct bench *b)
{
        const struct given given[] = { { STR("application"), str_of(b->judged) }, { STR("items"), STR("place") }, { STR("until"), STR("2027-02-01") } };
        struct act_submit submit = { .person = b->sato, .form = b->exception_form, .answers = checked(b, b->exception_form, given, countof(given)) };
        struct err e = { 0 };

        must(writer_run(b->writer, act_submit, &submit, &e), &e, "exception");
        must(approve_as(b, b->abe, submit.id, 1, &e), &e, "exception");
}

static void begin_rows(struct bench *b)
{
        struct fault_rows rows = { .office = &b->office, .manager = b->sato, .other = b->suzuki, .secretariat = b->ono };
        static struct act_submit send;
        char notice[UUID_TEXT];
        struct err e = { 0 };

        ask(rows.service, b, "SELECT id FROM r_service");
        ask(rows.provider, b, "SELECT id FROM r_provider");
        ask(notice, b, "SELECT min(id) FROM outbox WHERE once IS NULL");
        rows.notices[0] = strtol(notice, NULL, 10);
        ask(notice, b, "SELECT max(id) FROM outbox");
        rows.notices[1] = strtol(notice, NULL, 10);
        must(fault_rows_begin(b->writer, &rows, &e), &e, "rows");
        send = (struct act_submit){ .person = b->sato, .form = b->form, .answers = b->answers };
        must(fault_drafts_begin(b->writer, b->sato, &send, &e), &e, "a draft");
}

static void live_through_large(struct bench *b)
{
        struct err e = { 0 };

        take_large(b, b->agreed, b->large, 5);
        must(do_approve_large(b, &e), &e, "approve");
        ask(b->duty, b, "SELECT id FROM r_duty WHERE kind='task'");
        take_large(b, b->judged, b->large, 0);
        take_large(b, b->papered, b->large, 3);
        take_large(b, b->entered, b->large, 4);
        take_large(b, b->agreed, b->large, 5);
        take_large(b, b->waiting, b->later, 5);
        permit_exception(b);
        must(name(b, b->ono, b->kudo, &e), &e, "deputy");
        must(incident_begin(b->writer, b->ono, "", b->incident.id, &e), &e, "incident");
        must(incident_report(b->writer, b->sato, b->incident.finding, &e), &e, "report");
        ask(b->incident.alert, b, "SELECT id FROM r_alert");
        begin_rows(b);
}

static void live_a_little(struct bench *b, bool large)
{
        const struct fault_rules rules = { &b->office, b->ono, b->kudo, b->abe, b->suzuki, b->sato };
        struct sign_in sign = { .cred.login = STR("sato"), .ok = true };
        uint8_t token[32];
        struct act_submit submit = { .person = b->sato, .form = b->form, .answers = b->answers };
        struct issue issue = { .refresh = true };
        char rev[UUID_TEXT];
        struct err e = { 0 };

        must(writer_start(&b->writer, &b->office, &e), &e, "writer");
        must(writer_run(b->writer, act_submit, &submit, &e), &e, "submit");
        memcpy(b->open_app, submit.id, sizeof(submit.id));
        must(do_approve(b, &e), &e, "approve");
        must(writer_run(b->writer, act_submit, &submit, &e), &e, "submit");
        memcpy(b->open_app, submit.id, sizeof(submit.id));
        must(decide(b, DECISION_RETURN, &e), &e, "return");
        memcpy(b->returned_app, submit.id, sizeof(submit.id));
        must(writer_run(b->writer, act_submit, &submit, &e), &e, "submit");
        memcpy(b->open_app, submit.id, sizeof(submit.id));
        ask_text(b->phc, sizeof(b->phc), b, "SELECT phc FROM credential WHERE login='sato'");
        sign.cred.phc = str_of(b->phc);
        must(writer_run(b->writer, sign_in_act, &sign, &e), &e, "sign-in");
        if (!sign.ok || !hex_decode(str_of(sign.made.token), token, sizeof(token)))
                die("sign-in", NULL);
        b->token = hash_bytes((struct str){ (const char *)token, sizeof(token) });
        ask_text(b->phc, sizeof(b->phc), b, "SELECT phc FROM credential WHERE login='suzuki'");
        must(fault_sign_begin(b->writer, b->ono, b->kudo, b->sato, &e), &e, "sign");
        must(fault_rules_begin(b->writer, &rules, &e), &e, "rules");
        add_gates(b);
        if (large)
                live_through_large(b);
        must(writer_run(b->writer, issue_act, &issue, &e), &e, "issue");
        b->table = issue.table;
        b->table_entry = issue.receipt;
        ask(b->permit, b, "SELECT id FROM r_permit");
        ask(rev, b, "SELECT rev FROM r_permit");
        b->permit_rev = strtol(rev, NULL, 10);
        pull_down(b);
}

/* The signer's log holds all that the office's does; requests are made for it. */
static void bring_up_signer(struct bench *b, struct request q[3])
{
        scoped(db_close) struct db *db = NULL;
        scoped(buf_done) struct buf leaves = BUF_INIT, answer = BUF_INIT, cert = BUF_INIT;
        struct hash leaf[SIGNER_LEAVES_MAX];
        uint8_t header[GRANT_HEADER_BYTES];
        struct signer s;
        struct err e = { 0 };
        char data[ROOM];

        must(db_open(&db, b->office.store_dir, DB_READ, &e), &e, "store");
        must(journal_size(&b->size, NULL, db, &e), &e, "journal");
        must(tree_read_db(db, 0, 0, b->size, leaf, &e), &e, "leaves");
        must(signer_open(&s, in(data, b->home, "data"), &e), &e, "signer");
        signer_append_encode(&leaves, 0, leaf, (uint32_t)b->size);
        must(signer_answer(&s, SIGNER_APPEND, buf_view(&leaves), &answer, &e), &e, "append");
        signer_close(&s);
        q[0] = (struct request){ "signer: APPEND", SIGNER_APPEND, BUF_INIT, true };
        signer_append_encode(&q[0].body, b->size, leaf, 3);
        q[1] = (struct request){ "signer: TABLE", SIGNER_TABLE, BUF_INIT, true };
        grant_header_encode(header, &b->table->head);
        evidence_of(&q[1].body, b, db, b->table_entry.index, (struct str){ (const char *)header, sizeof(header) });
        q[2] = (struct request){ "signer: CERT", SIGNER_CERT, BUF_INIT, false };
        signer_cert_encode(&cert, &b->cert);
        evidence_of(&q[2].body, b, db, b->cert_entry.index, buf_view(&cert));
}

/* Gates' reports are compared with tables the issuer remembers; nothing else of it is needed, and its thread is not started. */
static void remember_table(struct bench *b)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct issuer *i = calloc(1, sizeof(*i));
        struct grants *copy = NULL;
        struct err e = { 0 };

        must(i ? ERR_OK : ERR_NOMEM, &e, "issuer");
        (void)pthread_mutex_init(&i->lock, NULL);
        (void)pthread_cond_init(&i->wake, NULL);
        i->office = &b->office;
        must(tables_new(&i->tables, &e), &e, "tables");
        must(grants_encode(&file, b->table, &e), &e, "table");
        must(grants_decode(&copy, buf_view(&file), &e), &e, "table");
        must(tables_publish(i->tables, copy, &e), &e, "table");
        b->office.issuer = i;
}

/* ---- two at a time: each worker takes every second job; what a job says goes to a file, and the parent puts them in order ---- */

enum { WORKERS = 2, REQUESTS = 3 };

struct jobs { struct bench *bench; struct request requests[REQUESTS]; const char *only; unsigned long stride, tries; };

static char *out_file(char to[ROOM], const struct bench *b, int n)
{
        (void)snprintf(to, ROOM, "%s/out.%d", b->home, n);
        return to;
}

static bool is_meant(const struct jobs *j, const char *name, bool large)
{
        return *j->only == '@' ? large == (strcmp(j->only, "@large") == 0) : strstr(name, j->only) != NULL;
}

static bool mine(const struct jobs *j, int who)
{
        char path[ROOM];

        return who >= 0 && (test_number - 1) % WORKERS == who && freopen(out_file(path, j->bench, test_number), "w", stdout);
}

/* FEW: a stride above it asks for a sample of the file calls, too. FINE: the coarsest that finds the control out. */
enum { FEW = 500, FINE = 121, ROWS_WEIGH = 1, OTHERS_WEIGH = 4 };

static unsigned long weight(const struct scene *s)
{
        return s->rows ? ROWS_WEIGH : OTHERS_WEIGH;
}

/* What one of a scene's four jobs may take of all tries. */
static unsigned long share_of(const struct jobs *j, const struct scene *s)
{
        unsigned long all = 0, share;

        for (size_t i = 0; i < countof(scenes); i++)
                if (is_meant(j, scenes[i].name, scenes[i].large))
                        all += 2 * REFUSE_KINDS * weight(&scenes[i]);
        share = j->tries * weight(s) / all;
        return share > 1 ? share : 1;
}

/* Rows go the way to the store that other scenes go at every step: these are coarser, unless every n is asked for. */
static struct pace pace_of(const struct jobs *j, const struct scene *s, enum refuse kind)
{
        bool memory = kind == REFUSE_MEMORY;

        if (s->broken && (j->tries || j->stride > FINE))      /* the control is found out by few n only */
                return (struct pace){ .stride = memory ? FINE : 1 };
        if (j->tries)
                return (struct pace){ .share = share_of(j, s) };
        if (s->rows && j->stride > 1)
                return (struct pace){ .stride = memory ? 4 * j->stride : j->stride > FEW ? 7 : 3 };
        return (struct pace){ .stride = memory ? j->stride : j->stride > FEW ? 5 : 1 };
}

/* Runs the jobs of this worker; who < 0: only counts them. */
static int run_jobs(struct jobs *j, int who)
{
        test_number = 0;
        for (size_t i = 0; i < countof(scenes) + REQUESTS; i++) {
                const struct scene *s = i < countof(scenes) ? &scenes[i] : NULL;
                struct request *q = s ? NULL : &j->requests[i - countof(scenes)];

                for (int k = 0; k < REFUSE_KINDS * 2 && is_meant(j, s ? s->name : q->name, s && s->large); k++) {
                        test_number++;
                        if (!mine(j, who))
                                continue;
                        if (s)
                                test_office(j->bench, s, (enum refuse)(k / 2), k % 2, pace_of(j, s, (enum refuse)(k / 2)));
                        else
                                test_signer(j->bench, q, (enum refuse)(k / 2), k % 2);
                }
        }
        return test_number;
}

static pid_t start_worker(struct jobs *j, int who)
{
        static const char *const dirs[] = { "", "/office", "/signer" };
        struct bench *b = j->bench;
        struct err e = { 0 };
        pid_t pid = fork();

        if (pid)
                return pid;
        (void)snprintf(b->work, sizeof(b->work), "%s/work%d", b->home, who);
        for (size_t i = 0; i < countof(dirs); i++) {
                char path[ROOM];

                must(dir_make(in(path, b->work, dirs[i]), 0700, &e), &e, "work");
        }
        (void)snprintf(b->office.store_dir, sizeof(b->office.store_dir), "%s/office", b->work);
        (void)run_jobs(j, who);
        (void)fflush(stdout);
        _exit(failures ? 1 : 0);
}

/* Every job's words in order; what a dead worker left unsaid is missing from the plan. */
static int gather_words(struct jobs *j, const pid_t pids[WORKERS])
{
        int n = run_jobs(j, -1), bad = 0;

        for (int i = 0; i < WORKERS; i++) {
                int status = 0;

                if (waitpid(pids[i], &status, 0) < 0 || !WIFEXITED(status)) {
                        printf("Bail out! worker %d ended by signal %d\n", i, WTERMSIG(status));
                        bad = 1;
                } else {
                        bad |= WEXITSTATUS(status);
                }
        }
        for (int i = 1; i <= n; i++) {
                scoped(buf_done) struct buf words = BUF_INIT;
                char path[ROOM];

                if (file_read(&words, out_file(path, j->bench, i), 1 << 20, NULL) == ERR_OK)
                        (void)fwrite(words.p, 1, words.n, stdout);
        }
        printf("1..%d\n", n);
        return bad;
}

int main(int argc, char **argv)
{
        static struct bench b;
        static struct jobs j;
        pid_t pids[WORKERS];
        struct err e = { 0 };
        char path[ROOM];
        bool shm = access("/dev/shm", W_OK) == 0;
        int bad;

        refuse_init();
        (void)signal(SIGABRT, on_death);
        j = (struct jobs){ .bench = &b, .stride = argc > 2 ? strtoul(argv[2], NULL, 10) : 1, .only = argc > 3 ? argv[3] : "" };
        if (argc > 2 && strncmp(argv[2], "tries=", 6) == 0)
                j.tries = strtoul(argv[2] + 6, NULL, 10);
        if (argc < 2 || (!j.stride && !j.tries)) {
                printf("Bail out! usage: fault SEKISHOD [STRIDE | tries=N] [SCENE]\n");
                return 1;
        }
        (void)snprintf(b.home, sizeof(b.home), "%s/sekisho-fault.XXXXXX", shm ? "/dev/shm" : "/tmp");
        if (!mkdtemp(b.home))
                die("temporary directory", NULL);
        run_init(&b, argv[1]);
        must(office_load(&b.office, in(path, b.home, "data"), &e), &e, "load");
        must(fault_hold_clock(&b.office, &e), &e, "clock");
        ask(b.sato, &b, "SELECT id FROM r_person WHERE login='sato'");
        ask(b.suzuki, &b, "SELECT id FROM r_person WHERE login='suzuki'");
        ask(b.ono, &b, "SELECT id FROM r_person WHERE login='ono'");
        ask(b.kudo, &b, "SELECT id FROM r_person WHERE login='kudo'");
        ask(b.abe, &b, "SELECT id FROM r_person WHERE login='abe'");
        fill_in(&b);
        fill_in_large(&b);
        live_a_little(&b, strcmp(j.only, "@small") != 0);
        bring_up_signer(&b, j.requests);
        remember_table(&b);
        must(fault_import_look(&b.office, b.ono, &e), &e, "a sheet");
        for (int i = 0; i < WORKERS; i++)
                pids[i] = start_worker(&j, i);
        bad = gather_words(&j, pids);
        for (size_t i = 0; i < REQUESTS; i++)
                buf_done(&j.requests[i].body);
        (void)tables_free(b.office.issuer->tables);
        free(b.office.issuer);
        (void)grants_free(b.table);
        fault_import_done();
        arena_done(&b.arena);
        office_unload(&b.office);
        (void)dir_remove_tree(b.home, NULL);
        return bad;
}
