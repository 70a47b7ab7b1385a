/* deeds.c - see demo.h. What people do besides cases: who is called in an emergency, what was in use before, accounts, deputies, a service
 * that is suspended, what was reported, incidents. One row an act, in order of time.
 *
 * In paths and bodies: @service{name}, @person{login}, @staff{section} (who looks after its services), @last (id of what was made before),
 * @day-3 (days from the demonstration's end). `rev` is read from `seen` when that is not NULL.
 */
#include "server/demo/demo.h"

#include "server/office/store/registers.h"

enum { PATH_ROOM = 200 };

#define CONTACT(days, name, organisation, kind, hours, rank, phone)                                                                       \
        { days, "tanaka", "/api/v1/registers/contact", NULL,                                                                              \
          "{\"cells\":{\"name\":\"" name "\",\"organisation\":\"" organisation "\",\"kind\":\"" kind "\",\"hours\":\"" hours "\",\"rank\":\"" rank "\",\"phone\":\"" phone "\"}}" }
#define IN_USE(days, name, provider, section, domains, apply_by)                                                                           \
        { days, "kato", "/api/v1/registers/provider", NULL, "{\"cells\":{\"name\":\"" provider "\",\"country\":\"JP\"}}" },              \
        { days, "kato", "/api/v1/registers/service", NULL,                                                                                 \
          "{\"cells\":{\"name\":\"" name "\",\"provider\":\"@last\",\"section\":\"" section "\",\"manager\":\"@staff{" section "}\",\"domains\":\"" domains "\",\"apply_by_at\":\"" apply_by "\"}}" }
#define ACCOUNT(days, service, section, name, kind, purpose)                                                                               \
        { days, "kato", "/api/v1/registers/account", NULL,                                                                                 \
          "{\"of\":\"@service{" service "}\",\"cells\":{\"name\":\"" name "\",\"kind\":\"" kind "\",\"section\":\"" section "\",\"purpose\":\"" purpose "\",\"checked_at\":\"@day-40\"}}" }
#define INCIDENT "/api/v1/incidents/@last"

static const struct deed { int days_ago; const char *by, *path, *seen, *body; } deeds[] = {
        CONTACT(415, "情報政策課 事務局", "情報政策課", "csirt", "weekday", "1", "内線 2161"),
        CONTACT(415, "林 課長", "情報政策課", "csirt", "night", "1", "090-0000-0001"),
        CONTACT(415, "林 課長", "情報政策課", "csirt", "holiday", "1", "090-0000-0001"),
        CONTACT(415, "小林 部長", "デジタル推進部", "staff", "always", "2", "090-0000-0002"),
        CONTACT(415, "福田 副市長", "副市長室", "ciso", "always", "3", "090-0000-0003"),
        CONTACT(415, "県 セキュリティ監視センター", "県", "soc", "always", "4", "0120-000-200"),
        CONTACT(415, "県 市町村課", "県", "prefecture", "weekday", "5", "000-000-0201"),
        CONTACT(415, "北斗情報サービス 保守窓口", "北斗情報サービス株式会社", "vendor", "always", "6", "0120-000-104"),
        CONTACT(415, "警察署 生活安全課", "警察署", "police", "weekday", "7", "000-000-0110"),
        ACCOUNT(200, "施設予約クラウド", "生涯学習課", "admin-01", "administrator", "設定の変更と利用者の登録"),
        ACCOUNT(200, "施設予約クラウド", "生涯学習課", "uketsuke-01", "user", "窓口での予約の受付（共用）"),
        ACCOUNT(190, "人事給与クラウド", "人事課", "jinji-admin", "administrator", "年次の更新と権限の付与"),
        ACCOUNT(190, "人事給与クラウド", "人事課", "renkei-01", "special", "財務会計サービスとの連携"),
        ACCOUNT(150, "電子申請ポータル", "市民課", "shinsei-admin", "administrator", "様式の公開と利用者の登録"),
        { 120, "watanabe", "/api/v1/deputies", NULL, "{\"deputy\":\"@person{kobayashi}\",\"from\":\"@day-120\",\"until\":\"@day-100\"}" },
        IN_USE(70, "体育協会 会員名簿サービス", "名簿工房株式会社", "生涯学習課", "meibo.example.jp", "@day+60"),
        IN_USE(69, "水質検査データ共有", "みずいろ計測株式会社", "環境課", "suishitsu.example.jp", "@day+20"),
        IN_USE(68, "消防水利マップ", "はしご地理情報株式会社", "警防課", "suiri.example.jp", "@day-6"),
        { 45, "kato", "/api/v1/registers/provider", NULL, "{\"cells\":{\"name\":\"なぎさ音声認識株式会社\",\"country\":\"JP\"}}" },
        { 45, "kato", "/api/v1/answer-sheets", NULL,
          "{\"provider\":\"@last\",\"subject\":\"会議録の音声認識サービス\",\"form\":\"service-provider\",\"answered_on\":\"@day-46\",\"answers\":{\"answered_by\":\"営業部 公共担当\","
          "\"company\":\"なぎさ音声認識株式会社\",\"head_office_country\":\"JP\",\"data_countries\":\"JP\",\"has_dr\":\"true\",\"dr_countries\":\"JP\",\"operator_countries\":\"JP\","
          "\"governing_law\":\"JP\",\"security_document\":\"情報セキュリティ基本方針（第４版）\"}}" },
        { 30, "sato", "/api/v1/incidents/report", NULL,
          "{\"what\":\"取引先を名乗るメールの添付ファイルを開こうとしたら、警告が出ました。開いていません。\",\"section\":\"産業振興課\",\"severity\":\"low\"}" },
        { 16, "mori", "/api/v1/incidents/report", NULL,
          "{\"what\":\"窓口の端末で、身に覚えのない広告の画面が何度も出ます。\",\"host\":\"zei-pc-014\",\"section\":\"税務課\",\"severity\":\"middle\"}" },
        { 12, "tanaka", "/api/v1/incidents", NULL,
          "{\"kind\":\"wrong-sending\",\"title\":\"研修の案内を、宛先を取り違えて送信\",\"text\":\"受講者 18人の氏名とメールアドレスが、別の課の職員に届いた。外部には出ていない。\","
          "\"severity\":\"low\",\"leak\":\"none\",\"section\":\"人事課\",\"lead\":\"@person{kato}\"}" },
        { 12, "kato", INCIDENT "/log", NULL, "{\"kind\":\"done\",\"text\":\"受け取った職員に削除を依頼し、全員から削除の連絡を受けた。\"}" },
        { 11, "kato", INCIDENT "/contain", INCIDENT, "{\"text\":\"外部への送信がないことを、メールの送信記録で確かめた。\"}" },
        { 8, "hayashi", "/api/v1/services/@service{翻訳支援サービス}/suspend", "/api/v1/services/@service{翻訳支援サービス}",
          "{\"reason\":\"提供者から脆弱性の通知があり、修正が済むまで利用を止める。\"}" },
        { 2, "tanaka", "/api/v1/incidents", NULL,
          "{\"kind\":\"provider-incident\",\"title\":\"電子契約サービスの提供者から不正アクセスの疑いの連絡\",\"text\":\"提供者の管理画面に不審な接続があったとの連絡を受けた。本市の契約書への影響は調査中。\","
          "\"severity\":\"middle\",\"leak\":\"possible\",\"people\":40,\"section\":\"財政課\",\"service\":\"@service{電子契約サービス}\",\"lead\":\"@person{tanaka}\"}" },
        { 2, "tanaka", INCIDENT "/log", NULL, "{\"kind\":\"told\",\"text\":\"県の監視センターと提供者の窓口に連絡し、操作記録の提供を求めた。\"}" },
        { 1, "tanaka", INCIDENT "/log", NULL, "{\"kind\":\"seen\",\"text\":\"提供者から操作記録を受け取り、調べを始めた。\"}" },
};

utime_t demo_deed_at(const struct demo *d)
{
        const struct deed *deed = d->deeds_done < countof(deeds) ? &deeds[d->deeds_done] : NULL;

        /* By number, so that acts of one day keep their order: from ten in the morning. */
        return deed ? d->end - deed->days_ago * UTIME_DAY + 10 * UTIME_HOUR + (utime_t)d->deeds_done * 3 * UTIME_MIN : INT64_MAX;
}

/* ---- words ---- */

static int service_called(char to[UUID_TEXT], struct demo *d, struct str name, struct err *e)
{
        struct record_found found = { 0 };
        int r = query_named(&found, d->db, register_of_table(TABLE_SERVICE), STR(""), name, d->arena, e);

        if (r < 0 || found.n != 1)
                return r < 0 ? r : err_set(e, ERR_ABSENT, "%zu services are called %.*s", found.n, (int)name.n, name.p);
        (void)snprintf(to, UUID_TEXT, "%.*s", (int)found.id.n, found.id.p);
        return ERR_OK;
}

static int put_named(struct buf *out, struct demo *d, struct str word, struct str name, struct err *e)
{
        const char *text = arena_copy(d->arena, name.p, name.n);
        const struct demo_person *p = NULL;
        char id[UUID_TEXT] = "";
        int r = text ? ERR_OK : err_set(e, ERR_NOMEM, "deed");

        if (r == ERR_OK && str_is(word, "service"))
                r = service_called(id, d, name, e);
        else if (r == ERR_OK)
                p = str_is(word, "staff") ? demo_staff(d, text, 1) : demo_person(d, text);
        buf_text(out, p ? p->id : id);
        return r == ERR_OK && !p && !*id ? err_set(e, ERR_ABSENT, "nobody is %s", text) : r;
}

static void put_day(struct buf *out, const struct demo *d, const char *offset, size_t n)
{
        struct date day;
        uint64_t days = 0;

        (void)str_u64((struct str){ offset + 1, n - 1 }, 10000, &days);
        day = date_from_days(date_days(utime_date_jst(d->end)) + (*offset == '-' ? -(int64_t)days : (int64_t)days));
        buf_printf(out, "%04d-%02d-%02d", day.year, day.month, day.day);
}

static int filled(struct buf *out, struct demo *d, const char *p, struct err *e)
{
        int r = ERR_OK;

        while (r == ERR_OK && *p) {
                const char *word = p + 1, *end = strchr(p, '}');
                size_t n = *p == '@' ? strspn(word, "abcdefghijklmnopqrstuvwxyz") : 0;
                struct str name = { word, n };

                if (str_is(name, "last")) {
                        buf_text(out, d->last);
                        p = word + n;
                } else if (str_is(name, "day") && (word[n] == '-' || word[n] == '+')) {
                        size_t m = 1 + strspn(word + n + 1, "0123456789");

                        put_day(out, d, word + n, m);
                        p = word + n + m;
                } else if (n && word[n] == '{' && end) {
                        r = put_named(out, d, name, (struct str){ word + n + 1, (size_t)(end - word) - n - 1 }, e);
                        p = end + 1;
                } else {
                        buf_char(out, *p++);
                }
        }
        return r == ERR_OK && buf_bad(out) ? err_set(e, ERR_NOMEM, "deed") : r;
}

/* ---- one deed ---- */

static int add_rev(json_t *body, struct demo *d, const char *by, const char *seen, struct err *e)
{
        scoped(buf_done) struct buf path = BUF_INIT;
        scoped(json_decref) json_t *row = NULL;
        int r = filled(&path, d, seen, e);

        if (r == ERR_OK)
                r = demo_call(&row, d, by, path.p, NULL, e);
        if (r == ERR_OK)
                (void)json_object_set(body, "rev", json_object_get(row, "rev"));
        return r;
}

int demo_deed(struct demo *d, struct err *e)
{
        const struct deed *deed = &deeds[d->deeds_done];
        const char *by = demo_person(d, deed->by)->id, *id;
        scoped(buf_done) struct buf path = BUF_INIT, text = BUF_INIT;
        scoped(json_decref) json_t *body = NULL, *reply = NULL;
        int r = filled(&path, d, deed->path, e);

        d->now = demo_deed_at(d);
        if (r == ERR_OK)
                r = filled(&text, d, deed->body, e);
        if (r == ERR_OK)
                body = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
        if (r == ERR_OK && !body)
                r = err_set(e, ERR_INPUT, "%s", text.p);
        if (r == ERR_OK && deed->seen)
                r = add_rev(body, d, by, deed->seen, e);
        if (r == ERR_OK)
                r = demo_call(&reply, d, by, path.p, json_incref(body), e);
        id = json_string_value(json_object_get(reply, "id"));
        if (id)
                (void)snprintf(d->last, sizeof(d->last), "%s", id);
        d->deeds_done++;
        return r < 0 ? err_wrap(e, r, "deed %zu", d->deeds_done) : ERR_OK;
}

/* ---- every year in May ---- */

static int close_duty(struct demo *d, const struct demo_person *who, const json_t *duty, struct err *e)
{
        char path[PATH_ROOM];

        (void)snprintf(path, sizeof(path), "/api/v1/duties/%s/close", json_string_value(json_object_get(duty, "id")));
        return demo_call(NULL, d, who->id, path,
                         json_pack("{s:s, s:O}", "evidence", "異動後の名簿と利用者の一覧を突き合わせ、使わなくなったアカウントを止めた。", "rev", json_object_get(duty, "rev")), e);
}

/* Whoever looks after services looks through their accounts; one in six is forgotten. */
int demo_look_at_accounts(struct demo *d, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < d->people_count; i++) {
                scoped(json_decref) json_t *page = NULL;
                const json_t *duty;
                size_t k;

                r = demo_call(&page, d, d->people[i].id, "/api/v1/duties", NULL, e);
                json_array_foreach(json_object_get(page, "items"), k, duty)
                        if (r == ERR_OK && strcmp(json_string_value(json_object_get(duty, "kind")), "account") == 0 && demo_dice(d, 6))
                                r = close_duty(d, &d->people[i], duty, e);
        }
        return r;
}
