/* forms.c - see demo.h. What stands in forms and sheets of packs/mic-r4; "@word" is filled in by stories.c:
 *
 * @name @provider @address @contact @domains @type @business @users @info @outage @effect @keep of the story's service; @manager @deputy
 * @service @application @successor ids; @day+3 @end-20 days from now and from the demonstration's end; @until the end of the period,
 * @certificate that of the certificate, @country the provider's, @strength what speaks for it.
 * Tables are JSON in a text, as the API takes them too.
 */
#include "server/demo/demo.h"

#define CLASSES { "info_kinds", "@info" }, { "outage_limit", "@outage" }, { "wrong_effect", "@effect" }, { "keep_inside", "@keep" }

static const struct demo_pair service_use[] = {
        CLASSES,
        { "service_name", "@name" },
        { "provider_name", "@provider" },
        { "service_type", "@type" },
        { "business", "@business" },
        { "users", "@users" },
        { "terms_only", "false" },
        { "use_from", "@day+30" },
        { "use_until", "@until" },
        { "service_manager", "@manager" },
        { "service_deputy", "@deputy" },
};

static const struct demo_pair service_provider[] = {
        { "answered_by", "公共営業部 担当課長" },
        { "answered_on", "@day-3" },
        { "company", "@provider（@address）" },
        { "head_office_country", "@country" },
        { "company_ties", "親会社なし。役員は有価証券報告書のとおり。" },
        { "company_finances", "直近３期とも黒字。@strength" },
        { "data_countries", "@places" },
        { "has_dr", "true" },
        { "dr_countries", "JP" },
        { "operator_countries", "JP" },
        { "facilities", "東京都（主）、大阪府（予備）" },
        { "staff_disclosure", "attached" },
        { "governing_law", "JP" },
        { "court_kind", "local-court" },
        { "court_article", "契約書案 第28条" },
        { "secondary_use", "never" },
        { "audit_acceptance", "third-party" },
        { "performance_check", "稼働率と障害の報告を毎月、対策の報告を年１回提出する。" },
        { "remedy", "通知から14日以内に是正計画を提出する。" },
        { "security_document", "セキュリティホワイトペーパー 第5版" },
        { "security_officer", "情報セキュリティ委員会" },
        { "change_control", "本番環境の変更は、作業者と別の者の承認と記録を必須とする。" },
        { "measures", "tls storage-encryption multi-factor source-limit access-log vulnerability admin-control" },
        { "tenancy", "shared" },
        { "disclosure_limits", "共用の通信機器の記録は開示できない。" },
        { "provider_flow", "利用者→ウェブサーバ（東京）→データベース（東京）→毎日の複製（大阪）。" },
        { "domains", "@domains" },
        { "incident_contact", "@contact" },
        { "incident_hours", "24" },
        { "incident_help", "本市分の操作記録を２営業日以内に提供する。" },
        { "uptime", "u99-9" },
        { "rto_hours", "8" },
        { "rpo_hours", "24" },
        { "support_hours", "平日9時から17時。障害の受付は24時間。" },
        { "backup_level", "other-place" },
        { "backup_generations", "14" },
        { "notice_days", "180" },
        { "notice_way", "メールと書面" },
        { "return_format", "CSV（UTF-8）と添付ファイル一式" },
        { "deletion_method", "crypto-erase" },
        { "deletion_certificate", "true" },
        { "has_subcontractors", "true" },
        { "subcontractors", "[{\"name\":\"大阪クラウド基盤株式会社\",\"country\":\"JP\",\"work\":\"仮想基盤の提供\",\"handles_data\":\"true\",\"controls\":\"ISMAP登録\"}]" },
        { "has_certificates", "true" },
        { "certificates", "[{\"kind\":\"iso27017\",\"number\":\"@iso\",\"scope\":\"@nameの提供\",\"body\":\"例示認証機構\",\"valid_until\":\"@certificate\",\"shown\":\"true\"}]" },
};

static const struct demo_pair service_secretariat[] = {
        { "contract_kind", "tender-contract" },
        { "cost", "1320000" },
        { "importance", "mid-importance" },
        { "candidates", "[{\"candidate\":\"@name（@provider）\",\"merit\":\"条件をすべて満たす\",\"result\":\"adopted\",\"reason\":\"費用も最も低い\"},"
                        "{\"candidate\":\"他社の同種のサービス\",\"merit\":\"監査報告書の提示なし\",\"result\":\"declined\",\"reason\":\"信頼性を確かめる材料が足りない\"}]" },
        { "specification", "@name 調達仕様書 第2版" },
        { "conditions_in_spec", "true" },
        { "requirement_set", "standard" },
        { "required_uptime", "u99-9" },
        { "required_rto_hours", "24" },
        { "required_backup", "other-place" },
        { "own_backup", "false" },
        { "required_notice_days", "180" },
        { "contract_clauses", "purpose-limit secrecy incident-report damages service-level audit-right sub-approval law-and-court return-and-erase ending" },
        { "flow", "[{\"from_zone\":\"zone-internet\",\"to_zone\":\"in-service\",\"path\":\"専用ブラウザ（TLS）\",\"place\":\"データベース（東京）\",\"keeper\":\"both-keep\",\"measure\":\"多要素認証、接続元の制限\"},"
                  "{\"from_zone\":\"public-side\",\"to_zone\":\"in-service\",\"path\":\"ブラウザ（TLS）\",\"place\":\"データベース（東京）\",\"keeper\":\"provider-keeps\",\"measure\":\"権限の分離\"},"
                  "{\"from_zone\":\"in-service\",\"to_zone\":\"service-base\",\"path\":\"提供者の専用線\",\"place\":\"複製（大阪）\",\"keeper\":\"provider-keeps\",\"measure\":\"保存時の暗号化\"}]" },
        { "responsibility", "[{\"area\":\"accounts\",\"owner\":\"city-keeps\",\"task\":\"主管課が月１回点検する\"},{\"area\":\"incidents\",\"owner\":\"both-keep\",\"task\":\"提供者が通知し、本市が住民に周知する\"},"
                            "{\"area\":\"backups\",\"owner\":\"provider-keeps\",\"task\":\"毎日取得し、14世代を保つ\"},{\"area\":\"erasure\",\"owner\":\"provider-keeps\",\"task\":\"終了後30日以内に消去し、証明書を出す\"}]" },
        { "law_assessment", "すべて国内であることを回答シートで確かめた。" },
        { "exit_plan", "中断したときは紙の台帳で受け付ける。終了するときは120日前に後継を選び、CSVで移す。" },
        { "exit_alternative", "県の共同利用サービス" },
        { "opinion", "選定条件をすべて満たす。" },
};

static const struct demo_pair service_light[] = {
        CLASSES,
        { "service_name", "@name" },
        { "provider_name", "@provider" },
        { "provider_country", "@country" },
        { "domains", "@domains" },
        { "purpose", "@business" },
        { "manager", "@manager" },
        { "no_conf2plus", "true" },
};

static const struct demo_pair service_terms[] = {
        CLASSES,
        { "service_name", "@name" },
        { "provider_name", "@provider" },
        { "provider_country", "@country" },
        { "domains", "@domains" },
        { "purpose", "@business" },
        { "terms_where", "提供者のサイトの「利用規約」" },
        { "terms_read_on", "@day-1" },
        { "secondary_use", "refused" },
        { "account_kind", "office" },
        { "manager", "@manager" },
};

static const struct demo_pair service_addition[] = {
        CLASSES,
        { "ext_service", "@service" },
        { "purpose", "@businessと同じ仕組みを、当課の業務でも使うため。" },
};

static const struct demo_pair service_subcontract[] = {
        { "ext_service", "@service" },
        { "request_kind", "new" },
        { "requested_on", "@day" },
        { "request_document", "再委託承認願（営発第31号）" },
        { "works_for", "provider" },
        { "name", "北浜データセンター株式会社" },
        { "country", "JP" },
        { "work", "仮想基盤の監視と、障害時の一次対応。" },
        { "information", "なし（暗号化された仮想ディスクのみを扱う）" },
        { "places", "JP" },
        { "access_places", "JP" },
        { "same_terms", "true" },
        { "information_given", "true" },
        { "starts_on", "@day+60" },
};

/* The one below it: 再々委託. */
static const struct demo_pair service_subcontract_below[] = {
        { "ext_service", "@service" },
        { "request_kind", "new" },
        { "requested_on", "@day" },
        { "request_document", "再々委託承認願（営発第38号）" },
        { "works_for", "subcontractor" },
        { "parent_name", "北浜データセンター株式会社" },
        { "name", "株式会社みどり保守" },
        { "country", "JP" },
        { "work", "空調と電源の保守。" },
        { "information", "なし（機器室の設備のみ）" },
        { "places", "JP" },
        { "access_places", "JP" },
        { "same_terms", "true" },
        { "information_given", "true" },
        { "starts_on", "@day+60" },
};

static const struct demo_pair service_change_notice[] = {
        { "ext_service", "@service" },
        { "notice_kind", "terms" },
        { "received_on", "@day" },
        { "received_by", "mail" },
        { "effective_on", "@day+90" },
        { "summary", "添付ファイルの保存期間が、１年から90日に短くなる。" },
        { "impact", "毎月、庁内の文書管理システムへ移す作業が必要になる。" },
        { "in_time", "true" },
};

static const struct demo_pair service_review[] = {
        { "ext_service", "@service" },
        { "occasion", "periodic" },
        { "period_from", "@day-340" },
        { "period_to", "@day-1" },
        { "changed", "false" },
        { "certificates", "[{\"kind\":\"iso27017\",\"number\":\"@iso\",\"until\":\"@certificate\"}]" },
        { "first_expiry", "@certificate" },
        { "incidents", "0" },
        { "account_count", "24" },
        { "unused_count", "0" },
        { "accounts_on", "@day-1" },
        { "contact_on", "@day-1" },
        { "contact_ok", "true" },
        { "conclusion", "continue" },
};

/* A review that finds something: tasks follow. */
static const struct demo_pair service_review_found[] = {
        { "ext_service", "@service" },
        { "occasion", "periodic" },
        { "period_from", "@day-340" },
        { "period_to", "@day-1" },
        { "changed", "true" },
        { "change_kinds", "function subcontractor" },
        { "change_note", "再委託先が１社増えた。" },
        { "certificates", "[{\"kind\":\"iso27017\",\"number\":\"@iso\",\"until\":\"@certificate\"}]" },
        { "first_expiry", "@certificate" },
        { "incidents", "1" },
        { "incident_note", "２時間停止した。住民への影響はなかった。" },
        { "account_count", "31" },
        { "unused_count", "2" },
        { "accounts_on", "@day-1" },
        { "contact_on", "@day-1" },
        { "contact_ok", "false" },
        { "conclusion", "improve" },
        { "conclusion_note", "操作記録の保存期間を延ばすよう求める。" },
};

static const struct demo_pair service_end[] = {
        { "ext_service", "@service" },
        { "reason", "業務の見直しに伴い、契約を更新しないため。" },
        { "end_on", "@day+60" },
        { "plan_document", "情政第218号「終了計画書」" },
        { "data", "[{\"name\":\"登録された情報\",\"treatment\":\"take-back\",\"due_on\":\"@day+30\"},{\"name\":\"利用者の名簿\",\"treatment\":\"erase\",\"due_on\":\"@day+60\"}]" },
        { "plan_steps", "30日以内に結果を書き出し、60日以内に消去証明書を受け取る。" },
        { "owner", "@manager" },
        { "substitute_means", "業務そのものが終わる。" },
};

static const struct demo_pair service_renewal[] = {
        { "ext_service", "@service" },
        { "successor", "@successor" },
        { "reason", "契約の満了に伴い、別の提供者に決まったため。" },
        { "end_on", "@day+60" },
        { "plan_document", "情政第219号「移行計画書」" },
        { "data", "[{\"name\":\"登録された情報\",\"treatment\":\"move\",\"due_on\":\"@day+30\"}]" },
        { "plan_steps", "30日後に試し移行、45日後に切替え、60日後までに古い側を消去する。" },
        { "owner", "@manager" },
        { "rehearsed_on", "@day+30" },
        { "fallback", "切替えの翌週までは、古いサービスを読み取り専用で残す。" },
};

static const struct demo_pair end_notice[] = {
        { "notified_on", "@day" },
        { "recipients", "全利用課の職員" },
        { "notice_by", "groupware" },
        { "notice_text", "60日後に利用を終えます。必要なデータは各自で保存してください。" },
        { "notice_document", "全庁通知「外部サービスの利用終了について」" },
};

static const struct demo_pair end_record[] = {
        { "info_result", "done" },
        { "info_method", "書き出しのあと、暗号鍵を廃棄して読めなくした" },
        { "info_place", "提供者のデータセンター（大阪府）" },
        { "info_on", "@day" },
        { "info_operator", "提供者 運用部" },
        { "info_document", "消去証明書 第1042号" },
        { "equipment_result", "none" },
        { "equipment_reason", "共用の基盤のため、市専用の機器がない。提供者の説明書を確認した。" },
        { "users_result", "done" },
        { "users_method", "管理画面で24件を一括して削除した" },
        { "users_place", "主管課の執務室" },
        { "users_on", "@day" },
        { "users_operator", "外部サービス管理者" },
        { "users_document", "削除後の一覧（画面の写し）" },
        { "users_remaining", "0" },
        { "admin_result", "done" },
        { "admin_method", "管理者２件を提供者に返却し、無効になったことを確かめた" },
        { "admin_place", "主管課の執務室" },
        { "admin_on", "@day" },
        { "admin_operator", "外部サービス管理者" },
        { "admin_document", "返却の受領書" },
        { "admin_reused", "false" },
        { "special_result", "done" },
        { "special_method", "連携用の鍵１件を失効させた" },
        { "special_place", "主管課の執務室" },
        { "special_on", "@day" },
        { "special_operator", "外部サービス管理者" },
        { "special_document", "失効の記録（画面の写し）" },
        { "special_kinds", "linked key" },
};

static const struct demo_pair exception[] = {
        { "application", "@application" },
        { "items", "@items" },
        { "reason", "同じ機能を国内だけで満たすサービスがなく、業務の期限までに代わりを用意できないため。" },
        { "alternatives", "保存する情報を暗号化し、鍵は本市が管理する。" },
        { "risk", "国外の法令により、提供者が情報の開示を求められるおそれがある。" },
        { "until", "@day+300" },
        { "way_out", "次の更改までに、国内のデータセンターを選べる契約に切り替える。" },
};

#define FORM(id, pairs) { id, pairs, countof(pairs) }
static const struct demo_form forms[] = {
        FORM("service-use", service_use),
        FORM("service-provider", service_provider),
        FORM("service-secretariat", service_secretariat),
        FORM("service-light", service_light),
        FORM("service-terms", service_terms),
        FORM("service-addition", service_addition),
        FORM("service-subcontract", service_subcontract),
        FORM("service-subcontract/below", service_subcontract_below),
        FORM("service-change-notice", service_change_notice),
        FORM("service-review", service_review),
        FORM("service-review/found", service_review_found),
        FORM("service-end", service_end),
        FORM("service-renewal", service_renewal),
        FORM("end-notice", end_notice),
        FORM("end-record", end_record),
        FORM("exception", exception),
};

const struct demo_form *demo_form(const char *id)
{
        for (size_t i = 0; i < countof(forms); i++)
                if (strcmp(forms[i].id, id) == 0)
                        return &forms[i];
        return NULL;
}
