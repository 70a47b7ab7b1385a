/* office.c - see office.h: load what a data directory says, start the threads, serve, end in order. */
#include "server/office/office.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include "base/codec.h"
#include "link/spool.h"
#include "server/office/api/route.h"
#include "server/office/api/serve.h"
#include "server/office/command/clock.h"
#include "server/office/command/ticks.h"
#include "server/office/evidence/desk.h"
#include "server/office/evidence/jobs.h"
#include "server/office/gate_key.h"
#include "server/office/grants/issue.h"
#include "server/office/maintain.h"
#include "server/office/packs.h"
#include "server/office/places.h"
#include "server/office/seal.h"
#include "server/office/store/files.h"
#include "server/office/store/query.h"
#include "server/office/writer.h"
#include "sys/log.h"
#include "sys/sandbox.h"
#include "sys/sock.h"

enum { PEM_MAX = 64 * 1024, TICK_MS = 250, SIGNER_WAIT_S = 20, PATH_ROOM = OFFICE_PATH_MAX + 64 };

/* ---- load ---- */

static void copy_text(char *to, size_t room, struct str s)
{
        (void)snprintf(to, room, "%.*s", (int)s.n, s.p);
}

static int load_install(struct office *o, struct str *pack_hash, struct arena *a, struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        struct row row;
        int r = db_open(&db, o->store_dir, DB_READ, e);

        if (r == ERR_OK)
                r = query_install(&row, db, a, e);
        if (r < 0)
                return r;
        if (!uuid_parse(str_of(row.id), &o->install))
                return err_set(e, ERR_TAMPERED, "install id is malformed");
        memcpy(o->install_text, row.id, sizeof(o->install_text));
        copy_text(o->name, sizeof(o->name), row_get_text(&row, INSTALL_name));
        copy_text(o->body, sizeof(o->body), row_get_text(&row, INSTALL_body));
        o->epoch = (uint32_t)row_get_int(&row, INSTALL_epoch);
        o->practice = row_get_int(&row, INSTALL_practice) != 0;
        (void)snprintf(o->front, sizeof(o->front), "%s%s", o->practice ? "P-" : "", o->body);
        *pack_hash = row_get_text(&row, INSTALL_pack);
        return vkey_parse(&o->log_key, row_get_text(&row, INSTALL_log_key), e);
}

static int load_pack(struct office *o, struct str want, struct err *e)
{
        int r = packs_open(&o->packs, o->store_dir, e);

        if (r == ERR_OK)
                r = packs_get(&o->pack, o->packs, want, e);
        if (r == ERR_OK)
                packs_put_in_force(o->packs, o->pack);
        return r;
}

struct office office_view(const struct office *o)
{
        struct office view = *o;

        view.pack = o->packs ? packs_in_force(o->packs) : o->pack;      /* without: a tool that never adopts */
        return view;
}

const struct pack *office_pack(const struct office *o, struct str hash)
{
        struct pack *p = NULL;
        char hex[2 * HASH_SIZE + 1];
        struct err e;

        hex_text(hex, o->pack->hash.b, HASH_SIZE);
        if (str_is(hash, hex))
                return o->pack;
        if (!o->packs || packs_get(&p, o->packs, hash, &e) < 0) {
                log_err(&e, "pack of an application");
                return NULL;
        }
        return p;
}

/* Said at the start, not when somebody opens the application: until its pack is put back nobody can decide on it. */
static void look_for_packs(const struct office *o)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(db_close) struct db *db = NULL;
        struct open_pack *packs = NULL;
        struct err e = { 0 };
        size_t n = 0;
        int r = db_open(&db, o->store_dir, DB_READ, &e);

        if (r == ERR_OK)
                r = query_open_packs(&packs, &n, db, &a, &e);
        if (r < 0)
                log_err(&e, "packs of open applications");
        for (size_t i = 0; i < n; i++)
                if (!office_pack(o, packs[i].hash))
                        log_say(LOG_WARN, "pack %.*s is missing or changed below office/packs; %llu applications wait for it: %.*s", (int)packs[i].hash.n, packs[i].hash.p,
                                (unsigned long long)packs[i].count, (int)packs[i].numbers.n, packs[i].numbers.p);
}

static int load_tls(struct office *o, struct err *e)
{
        scoped(buf_done) struct buf server = BUF_INIT;
        char path[PATH_ROOM];
        int r;

        (void)snprintf(path, sizeof(path), "%s/tls/server.pem", o->dir);
        r = file_read(&server, path, PEM_MAX, e);
        if (r == ERR_OK)
                r = gate_spki_hash(&o->machines_pin, buf_view(&server), e);
        (void)snprintf(path, sizeof(path), "%s/tls/ca.pem", o->dir);
        return r < 0 ? r : file_read(&o->ca_pem, path, PEM_MAX, e);
}

int office_lock(int *fd, const char *data_dir, struct err *e)
{
        char path[PATH_ROOM];
        int r;

        (void)snprintf(path, sizeof(path), "%.*s/office/lock", OFFICE_PATH_MAX, data_dir);
        r = file_lock(fd, path, e);
        return r == ERR_CONFLICT ? err_key(e, r, "office.running", "", data_dir, NULL) : r;
}

int office_load(struct office *o, const char *data_dir, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct str pack_hash = STR("");
        int r;

        *o = (struct office){ 0 };
        if ((size_t)snprintf(o->dir, sizeof(o->dir), "%s", data_dir) >= sizeof(o->dir))
                return err_set(e, ERR_TOO_BIG, "data directory path too long");
        (void)snprintf(o->store_dir, sizeof(o->store_dir), "%s/office", o->dir);
        (void)snprintf(o->spool_dir, sizeof(o->spool_dir), "%s/spool", o->store_dir);
        r = load_install(o, &pack_hash, &a, e);
        if (r == ERR_OK)
                r = load_pack(o, pack_hash, e);
        if (r == ERR_OK)
                r = load_tls(o, e);
        if (r == ERR_OK)
                r = places_load(o, e);
        if (r < 0)
                office_unload(o);
        return r;
}

void office_unload(struct office *o)
{
        o->time = office_time_stop(o->time);
        o->packs = packs_close(o->packs);
        o->pack = NULL;
        buf_done(&o->ca_pem);
        buf_done(&o->verify_page);
}

/* ---- run ---- */

struct duty { struct office *office; int stop_fd; pthread_t thread; bool started; };

/* Time acts. The kernel of each gate has ended permits already; this writes down that they are over. */
static void *duty_loop(void *arg)
{
        struct duty *d = arg;
        scoped(db_close) struct db *db = NULL;
        struct office view = office_view(d->office);
        struct ticks ticks;
        struct err e = { 0 };
        utime_t kept_at = 0;

        if (db_open(&db, d->office->store_dir, DB_READ, &e) < 0) {
                log_err(&e, "duty loop cannot open the store");
                return NULL;
        }
        ticks_init(&ticks, &view, db);
        for (;;) {
                uint64_t stop;
                struct timespec nap = { .tv_nsec = TICK_MS * 1000 * 1000L };

                if (read(d->stop_fd, &stop, sizeof(stop)) == sizeof(stop))
                        return NULL;
                view = office_view(d->office);
                if (clock_round(&view, &kept_at, &e) < 0)
                        log_err(&e, "clock");
                if (ticks_run(&ticks, office_now(&view), &e) < 0)
                        log_err(&e, "duty loop");
                (void)nanosleep(&nap, NULL);
        }
}

static int listen_all(int fds[PORT_COUNT], const struct office *o, struct err *e)
{
        static const struct { const char *name; mode_t mode; } sockets[PORT_COUNT] = {
                [PORT_USER] = { "office-user.sock", 0660 }, [PORT_MACHINE] = { "office-machine.sock", 0660 }, [PORT_COURIER] = { "office-courier.sock", 0600 },
        };

        for (int i = 0; i < PORT_COUNT; i++) {
                char path[PATH_ROOM];
                int r = sock_from_systemd(&fds[i], sockets[i].name);

                (void)snprintf(path, sizeof(path), "%s/run/%s", o->dir, sockets[i].name);
                if (r == ERR_ABSENT)
                        r = sock_listen(&fds[i], path, sockets[i].mode, e);
                if (r == ERR_OK && fcntl(fds[i], F_SETFL, O_NONBLOCK) < 0)
                        r = err_errno(e, "listener");
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

static int enter_sandbox(const struct office *o, struct err *e)
{
        char store[PATH_ROOM], server[PATH_ROOM], ca[PATH_ROOM];
        const char *read[] = { server, ca, "-/dev/urandom", "-/etc/ssl", NULL }, *write[] = { store, NULL };
        struct sandbox s = { .read = read, .write = write, .sockets = SANDBOX_UNIX };
        int r;

        (void)snprintf(store, sizeof(store), "%s", o->store_dir);
        (void)snprintf(server, sizeof(server), "%s/tls/server.pem", o->dir);
        (void)snprintf(ca, sizeof(ca), "%s/tls/ca.pem", o->dir);
        r = sandbox_enter(&s, e);
        if (r == SANDBOX_PARTIAL)
                log_say(LOG_WARN, "sandbox: %s", e->text);
        return r < 0 ? err_wrap(e, r, "sandbox") : ERR_OK;
}

/* The launcher and systemd start the signer beside us, perhaps a moment later. */
static int start_sealer(struct office *o, struct err *e)
{
        char path[PATH_ROOM];
        int r;

        (void)snprintf(path, sizeof(path), "%s/run/signer.sock", o->dir);
        for (int tries = 0;; tries++) {
                struct timespec nap = { .tv_nsec = 100 * 1000 * 1000L };

                r = sealer_start(&o->sealer, o, path, e);
                if ((r != ERR_ABSENT && r != ERR_IO && r != ERR_TIMEOUT) || tries > SIGNER_WAIT_S * 10)
                        return r;
                (void)nanosleep(&nap, NULL);
        }
}

/* What an end in the middle of an upload left. After the signer agreed: an old database must not sweep away what it does not know yet. */
static int sweep_files(const struct office *o, struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        size_t removed = 0;
        int r = spool_sweep(o->spool_dir, e);

        if (r == ERR_OK)
                r = db_open(&db, o->store_dir, DB_READ, e);
        if (r == ERR_OK)
                r = store_files_sweep(db, o->store_dir, &removed, e);
        if (r == ERR_OK && removed)
                log_say(LOG_NOTICE, "%zu files that no entry names were removed", removed);
        return r;
}

static int start_threads(struct office *o, struct duty *duty, struct err *e)
{
        int r = start_sealer(o, e);

        if (r == ERR_OK)
                r = sweep_files(o, e);
        if (r == ERR_OK)
                r = writer_start(&o->writer, o, e);
        if (r == ERR_OK)
                r = issuer_start(&o->issuer, o, e);
        if (r == ERR_OK)
                r = jobs_start(&o->dossiers, o, e);
        if (r == ERR_OK) {
                duty->started = pthread_create(&duty->thread, NULL, duty_loop, duty) == 0;
                r = duty->started ? ERR_OK : err_set(e, ERR_NOMEM, "duty thread");
        }
        return r;
}

/* In order: no new requests, no new tables, no new entries, the last leaves to the signer. */
static void stop_threads(struct office *o, struct duty *duty)
{
        uint64_t one = 1;

        if (duty->started) {
                (void)!write(duty->stop_fd, &one, sizeof(one));
                (void)pthread_join(duty->thread, NULL);
        }
        o->dossiers = jobs_stop(o->dossiers);
        o->issuer = issuer_stop(o->issuer);
        o->writer = writer_stop(o->writer);
        o->sealer = sealer_stop(o->sealer);
}

int office_main(const char *data_dir, struct err *e)
{
        int listeners[PORT_COUNT] = { -1, -1, -1 }, signals;
        scoped(fd_close) int lock = -1;
        atomic_uint duties_failed = 0;
        struct duty duty;
        struct office o;
        sigset_t set;
        int r = office_lock(&lock, data_dir, e);

        if (r == ERR_OK)
                r = upgrade_locked(data_dir, e);
        if (r == ERR_OK)
                r = office_load(&o, data_dir, e);
        if (r < 0)
                return r;
        r = clock_begin(&o, e);
        if (r == ERR_OK)
                r = clock_look_mass(&o, e);
        if (r < 0) {
                office_unload(&o);
                return r;
        }
        o.duties_failed = &duties_failed;
        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
        (void)signal(SIGPIPE, SIG_IGN);
        signals = signalfd(-1, &set, SFD_CLOEXEC);
        duty = (struct duty){ .office = &o, .stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
        r = signals < 0 || duty.stop_fd < 0 ? err_errno(e, "signal descriptor") : listen_all(listeners, &o, e);
        if (r == ERR_OK)
                r = desk_verify_page(&o.verify_page, e);      /* while we may still look beyond our folder */
        if (r == ERR_OK)
                r = enter_sandbox(&o, e);
        if (r == ERR_OK)
                look_for_packs(&o);
        if (r == ERR_OK)
                r = start_threads(&o, &duty, e);
        if (r == ERR_OK) {
                log_say(LOG_NOTICE, "office of %s, epoch %u, pack %s version %u", o.install_text, o.epoch, o.pack->id, o.pack->version);
                r = serve(&o, listeners, signals, e);
        }
        stop_threads(&o, &duty);
        office_unload(&o);
        return r;
}
