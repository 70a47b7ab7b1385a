/* import_names.c - see import_names.h. Gathered from lists as municipalities keep them: add a word when one is missed. */
#include "core/register/import_names.h"

const struct import_name import_names[] = {
        { "service", "name",        "サービス名称 サービス クラウド名 クラウドサービス名 クラウドサービス 外部サービス名 外部サービス システム名 システム名称 利用サービス 利用サービス名 名称 ツール名 service servicename" },
        { "service", "provider",    "事業者 事業者名 提供元 提供会社 サービス提供者 提供者 ベンダー ベンダ ベンダー名 会社名 業者 業者名 契約先 委託先 運営会社 vendor" },
        { "service", "kind",        "種別 サービス種別 サービスの種類 区分 分類 type" },
        { "service", "section",     "所属 課名 課 担当課 主管課 利用課 所管 所属名 部署 部署名 担当部署 担当課名 所管部署 department" },
        { "service", "manager",     "管理者 管理者名 管理者氏名 担当者 担当者名 責任者 サービス管理者 管理担当者 所管課担当者 manager" },
        { "service", "deputy",      "代理 代理者 管理者代理 副担当 副担当者 副管理者" },
        { "service", "conf2plus",   "機密性2以上 機密性2 機密性2以上の情報 機密性2以上の取扱い 要機密情報 個人情報 個人情報の有無 個人情報の取扱い 個人情報の取り扱い 個人情報有無" },
        { "service", "purpose",     "用途 利用目的 目的 使途 業務 業務名 対象業務 利用業務 業務内容 概要 利用内容 purpose" },
        { "service", "domains",     "ドメイン 接続先 url アドレス ホームページ 接続先url ログインurl サイト domain" },
        { "service", "contact",     "連絡先 事業者連絡先 問合せ先 問い合わせ先 サポート窓口 サポート連絡先" },
        { "service", "from_at",     "契約開始日 契約開始 開始日 利用開始日 利用開始年月日 開始年月日 導入日 導入年月日 契約日 契約始期 start" },
        { "service", "until_at",    "契約終了日 契約終了 契約満了日 契約満了 終了日 利用終了日 期限 契約期限 満了日 有効期限 契約終期 終了年月日 end" },
        { "service", "apply_by_at", "申請期限 申請の期限 経過措置の期限 経過措置期限" },

        { "person", "name",     "名前 職員氏名 漢字氏名 氏名漢字 職員名 名 name 氏名(漢字)" },
        { "person", "kana",     "フリガナ カナ カナ氏名 氏名カナ 氏名フリガナ 職員カナ 氏名ふりがな かな kana 氏名(カナ)" },
        { "person", "number",   "職員コード 職員no 職員no. 番号 社員番号 職員id 個人番号(職員) 所属職員番号 number" },
        { "person", "section",  "所属名 所属名称 所属課 課名 課 部署 部署名 配属 配属先 所属部署 新所属 異動後所属 発令所属 section" },
        { "person", "post",     "役職 職 職位 補職 補職名 役職名 職名称 新職名 職階 title" },
        { "person", "kind",     "職員区分 雇用区分 任用区分 任用形態 身分 種別 雇用形態 職種区分" },
        { "person", "login",    "ログインid ユーザーid ユーザid アカウント アカウント名 ユーザー名 ユーザ名 login user" },
        { "person", "mail",     "メール eメール e-mail mail email メアド アドレス" },
        { "person", "from_at",  "採用日 採用年月日 任用開始 任用開始日 任期開始 入庁日 入庁年月日 着任日" },
        { "person", "until_at", "退職日 退職年月日 任用終了 任用終了日 任期終了 任期満了日 任期満了 退職予定日 離職日" },
        { "person", "posting",  "本務兼務 本務・兼務 本務/兼務 兼務 兼務区分 本兼区分 本務兼務区分 併任 併任区分 兼務・併任 発令種別" },

        { "section", "name",   "課名 課 所属 所属名 所属名称 部署 部署名 組織名 組織名称" },
        { "section", "code",   "コード 所属コード 課コード 部署コード" },
        { "section", "parent", "部 部名 部局名 上位組織 局" },
        { "section", "phone",  "電話 内線番号 電話番号 tel" },

        { "provider", "name",    "事業者 事業者名 会社名 社名 法人名 商号" },
        { "provider", "country", "国 本社所在国 国名" },
        { "provider", "contact", "電話 問合せ先 問い合わせ先 窓口 担当者 tel" },
        { "provider", "address", "住所 本社所在地 本社" },

        { "contact", "name",         "名前 担当者 担当者名" },
        { "contact", "organisation", "組織 会社名 所属 機関名" },
        { "contact", "phone",        "電話 tel 携帯 連絡先" },
        { "contact", "mail",         "メール eメール e-mail" },
        { "contact", "rank",         "順位 連絡順" },

        { "account", "name",     "アカウント id ユーザーid ユーザid アカウント名 ログインid" },
        { "account", "kind",     "権限 区分 種類 種別" },
        { "account", "person",   "利用者 使用者 職員 氏名" },
        { "account", "section",  "所属 課名 課 部署" },
        { "account", "from_at",  "発行日 作成日 付与日" },
        { "account", "until_at", "削除日 返却日 期限" },

        { "certificate", "kind",     "認証 認証名 認証の種類" },
        { "certificate", "number",   "番号 認証番号 登録no" },
        { "certificate", "until_at", "期限 有効期間満了日 満了日" },

        { "contract", "name",     "契約名 契約件名 名称" },
        { "contract", "number",   "契約番号 番号" },
        { "contract", "from_at",  "契約開始日 契約開始 開始日 契約日" },
        { "contract", "until_at", "契約終了日 契約終了 終了日 契約満了日 満了日 期限" },
};

const struct import_word import_words[] = {
        { "person", "kind", "regular",     "正職員 正規職員 常勤 一般職 一般職員 再任用 再任用職員 任期付 任期付職員 任期付き職員 プロパー" },
        { "person", "kind", "fiscal-year", "会計年度任用職員 会計年度 会計年度職員 会計年度(パートタイム) 会計年度(フルタイム) 会計年度任用職員(パートタイム) 会計年度任用職員(フルタイム) 臨時 臨時職員 非常勤 非常勤職員 パート" },
        { "person", "kind", "dispatched",  "派遣職員 派遣社員 人材派遣" },
        { "person", "kind", "contractor",  "委託 委託業者 業務委託 常駐 se" },
        { "person", "kind", "special",     "特別職員 市長等 議員" },
        { "posting", "kind", "main",       "主務 主 本 本務職 正" },
        { "posting", "kind", "concurrent", "併任 兼 兼任 兼職 兼務職 充て職 事務取扱 併" },
        { "account", "kind", "administrator", "管理者権限 管理 admin 管理者アカウント" },
        { "account", "kind", "user",       "一般 一般利用者 利用者権限 ユーザー ユーザ" },
};

const size_t import_names_count = countof(import_names), import_words_count = countof(import_words);
