/* install.c - see install.h. */
#include "server/install.h"

#include "base/codec.h"
#include "server/office/store/journal.h"
#include "server/signer/keys.h"

enum { PATH_ROOM = 4096 };

int install_append(struct db *db, const struct install *in, utime_t now, struct arena *a, struct err *e)
{
        scoped(keys_free) struct keys *keys = NULL;
        scoped(buf_done) struct buf vkey = BUF_INIT;
        char path[PATH_ROOM], hash[2 * HASH_SIZE + 1];
        struct row row = row_new(TABLE_INSTALL, in->id, NULL);
        struct receipt receipt;
        struct changes c;
        int r;

        (void)snprintf(path, sizeof(path), "%s/signer/keys", in->dir);
        r = keys_load(&keys, path, e);
        if (r < 0)
                return r;
        vkey_format(&vkey, &keys->log);
        hex_text(hash, in->pack->hash.b, HASH_SIZE);
        row_personal(&row, INSTALL_name, str_of(in->name));
        row_text(&row, INSTALL_body, str_of(in->body));
        row_int(&row, INSTALL_epoch, 1);
        row_text(&row, INSTALL_log_key, buf_view(&vkey));
        row_text(&row, INSTALL_pack, str_of(hash));
        row_text(&row, INSTALL_pack_id, str_of(in->pack->id));
        row_int(&row, INSTALL_table_seq, 0);
        if (in->practice)
                row_int(&row, INSTALL_practice, 1);
        changes_init(&c, a, "install.created", row.id);
        c.pack = str_of(hash);
        r = changes_add(&c, &row, e);
        return r < 0 ? r : journal_append(&receipt, db, &c, now, NULL, e);
}
