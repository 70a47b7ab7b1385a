/* services.c - see demo.h. Forty invented services of invented providers, and the story of each. */
#include "server/demo/demo.h"

enum provider { AOZORA, SEKISHO, MIDORI, HOKUTO, SHIOKAZE, KOMOREBI, YAMANAMI, TSUMUGI, MINATO, HIBIKI, ASAHI, KAEDE, SORANE, LINKPHOTO, GLOBE, NIJI, WAKABA, FUMI, KAWASEMI, TOMOSHIBI };

const struct demo_provider demo_providers[] = {
        [AOZORA]    = { "株式会社あおぞら地図",             "JP", "東京都新宿区",     "サポート窓口 0120-000-101",       "地図の配信で20年の実績がある。" },
        [SEKISHO]   = { "関所システム株式会社",             "JP", "東京都千代田区",   "24時間受付窓口 0120-000-102",     "自治体向けの導入が多い。" },
        [MIDORI]    = { "みどりクラウド株式会社",           "JP", "大阪府大阪市",     "運用センター 0120-000-103",       "公共分野の売上が半分を占める。" },
        [HOKUTO]    = { "北斗情報サービス株式会社",         "JP", "北海道札幌市",     "保守窓口 0120-000-104",           "基幹業務の保守で実績がある。" },
        [SHIOKAZE]  = { "株式会社しおかぜソフト",           "JP", "神奈川県横浜市",   "お客様窓口 0120-000-105",         "監査の報告を毎年公表している。" },
        [KOMOREBI]  = { "こもれび教育ネット株式会社",       "JP", "京都府京都市",     "学校支援窓口 0120-000-106",       "学校向けの導入が多い。" },
        [YAMANAMI]  = { "やまなみ防災システム株式会社",     "JP", "長野県長野市",     "緊急連絡窓口 0120-000-107",       "防災の分野で実績がある。" },
        [TSUMUGI]   = { "つむぎ人事サービス株式会社",       "JP", "愛知県名古屋市",   "サポート窓口 0120-000-108",       "人事の業務を専門とする。" },
        [MINATO]    = { "みなとデータ株式会社",             "JP", "兵庫県神戸市",     "運用窓口 0120-000-109",           "データセンターを自ら持つ。" },
        [HIBIKI]    = { "ひびき音声技術株式会社",           "JP", "福岡県福岡市",     "技術窓口 0120-000-110",           "議会向けの導入が多い。" },
        [ASAHI]     = { "株式会社あさひ収納代行",           "JP", "東京都港区",       "収納窓口 0120-000-111",           "収納の代行で実績がある。" },
        [KAEDE]     = { "かえで福祉システム株式会社",       "JP", "広島県広島市",     "サポート窓口 0120-000-112",       "福祉の業務を専門とする。" },
        [SORANE]    = { "そらね生成技術株式会社",           "JP", "東京都渋谷区",     "サポート窓口 0120-000-113",       "入力を学習に使わないことを約款で定める。" },
        [LINKPHOTO] = { "フォトリンク・インク",             "US", "米国",             "サイトの問い合わせフォーム",       "利用者が多い。" },
        [GLOBE]     = { "グローブ・ミーティング・インク",   "US", "米国",             "日本法人の窓口 0120-000-115",     "日本法人と契約する。" },
        [NIJI]      = { "にじいろアンケート株式会社",       "JP", "東京都品川区",     "サポート窓口 0120-000-116",       "国内の機器だけで提供する。" },
        [WAKABA]    = { "わかばファイル便株式会社",         "JP", "埼玉県さいたま市", "サポート窓口 0120-000-117",       "医療の分野でも使われている。" },
        [FUMI]      = { "ふみ電子契約株式会社",             "JP", "東京都中央区",     "契約窓口 0120-000-118",           "電子署名の認定を受けている。" },
        [KAWASEMI]  = { "かわせみ図書システム株式会社",     "JP", "岡山県岡山市",     "図書館窓口 0120-000-119",         "図書館の業務を専門とする。" },
        [TOMOSHIBI] = { "ともしび見守り株式会社",           "JP", "宮城県仙台市",     "見守りセンター 0120-000-120",     "24時間の見守りを自社で行う。" },
};

/* ---- stories ---- */

#define FILE_(form)        { DEMO_FILE, form, NULL, 0 }
#define CARRY(step)        { DEMO_CARRY, step, NULL, 0 }
#define END_               { DEMO_CARRY, NULL, NULL, 0 }
#define OVER               { DEMO_OVER, NULL, NULL, 0 }
#define UNTIL(days)        { DEMO_UNTIL, NULL, NULL, days }
#define WAIT(days)         { DEMO_WAIT, NULL, NULL, days }
#define CLOSE(evidence)    { DEMO_CLOSE, NULL, evidence, 0 }
#define WHOLE              FILE_("service-use"), END_
#define CHECKED            WHOLE, WAIT(12), CLOSE("契約書と回答シートを突き合わせ、窓口に電話で確かめた。記録は課の共有フォルダにある。")
#define OPS(name, ...)     static const struct demo_op name[] = { __VA_ARGS__, OVER }

OPS(at_usage,      FILE_("service-use"), CARRY("usage"));
OPS(at_conditions, FILE_("service-use"), CARRY("conditions"));
OPS(at_select,     FILE_("service-use"), CARRY("select"));
OPS(at_trust,      FILE_("service-use"), CARRY("trust"));
OPS(at_consent,    FILE_("service-use"), CARRY("consent"));
OPS(at_council,    FILE_("service-use"), CARRY("council"));
OPS(at_decide,     FILE_("service-use"), CARRY("decide"));
OPS(returned,      FILE_("service-use"), CARRY("select"), { DEMO_DECIDE, "return", "比較した候補が１つだけです。もう１社以上の見積りと、その採否の理由を加えてください。", 0 });
OPS(mended,        FILE_("service-use"), CARRY("select"), { DEMO_DECIDE, "return", "利用者の数と、住民が使うかどうかを書いてください。", 0 }, { DEMO_MEND, NULL, NULL, 0 }, END_);
OPS(rejected,      FILE_("service-use"), CARRY("decide"), { DEMO_DECIDE, "reject", "同じ機能を持つ承認済みのサービスがあるため、そちらの利用追加としてください。", 0 });
OPS(withdrawn,     FILE_("service-use"), CARRY("trust"), { DEMO_WITHDRAW, NULL, "県の共同利用に参加することになったため。", 0 });
OPS(checked,       CHECKED);
OPS(unchecked,     WHOLE);
OPS(condition_open, FILE_("service-use"), CARRY("decide"), { DEMO_CONDITION, NULL, "利用者の全員に多要素認証を設定すること。", 45 });
OPS(condition_late, FILE_("service-use"), CARRY("decide"), { DEMO_CONDITION, NULL, "操作記録を１年間保存する設定にし、画面の写しを提出すること。", 30 });
OPS(condition_done, FILE_("service-use"), CARRY("decide"), { DEMO_CONDITION, NULL, "接続元を庁内の回線に限ること。", 30 }, WAIT(14),
    CLOSE("提供者の管理画面で設定し、庁外から接続できないことを確かめた。"));
OPS(exception_given, FILE_("service-use"), CARRY("select"), { DEMO_EXCEPTION, "foreign-data-centre", NULL, 0 }, END_);
OPS(exception_wanted, FILE_("service-use"), CARRY("select"));
OPS(reviewed,      CHECKED, UNTIL(48), FILE_("service-review"), END_);
OPS(review_found,  CHECKED, UNTIL(75), FILE_("service-review/found"), END_);
OPS(in_review,     CHECKED, UNTIL(9), FILE_("service-review"), CARRY("decide"));
OPS(many_sections, CHECKED, { DEMO_ADDITION, "市民課", NULL, 0 }, { DEMO_ADDITION, "福祉課", NULL, 0 }, { DEMO_ADDITION, "教育総務課", NULL, 0 }, { DEMO_ADDITION, "消防総務課", NULL, 0 });
OPS(subcontracted, CHECKED, UNTIL(120), FILE_("service-subcontract"), END_, WAIT(20), FILE_("service-subcontract/below"), END_);
OPS(changed,       CHECKED, UNTIL(25), FILE_("service-change-notice"), END_);
OPS(ended,         CHECKED, UNTIL(130), FILE_("service-end"), END_);
OPS(ending,        CHECKED, UNTIL(20), FILE_("service-end"), CARRY("evidence"));
OPS(renewed,       CHECKED, UNTIL(90), FILE_("service-renewal"), END_);
OPS(light,         FILE_("service-light"), END_);
OPS(light_waits,   FILE_("service-light"), CARRY("decide"));
OPS(light_no,      FILE_("service-light"), CARRY("decide"), { DEMO_DECIDE, "reject", "住民の氏名を載せる予定があるため、通常の利用申請にしてください。", 0 });
OPS(terms,         FILE_("service-terms"), END_);
OPS(terms_stuck,   FILE_("service-terms"), CARRY("section"));

/* What kinds of information: classes of the pack follow from the four answers. */
#define PUBLISHED "published",            "week1", "fixable", "no-limit"
#define INSIDE    "unpublished",          "day1",  "fixable", "no-limit"
#define PERSONAL  "personal unpublished", "day1",  "fixable", "no-redistribute"
#define RESIDENT  "resident",             "hour1", "rights",  "no-copy"

const struct demo_service demo_services[] = {
        /* in use, and all in order */
        { "施設予約クラウド", SEKISHO, "生涯学習課", "cloud", "booking.example.jp\n*.cdn.booking.example.jp", "体育施設と公民館の予約の受付と、利用料の納付状況の管理。", "生涯学習課 12人、公民館 8人。予約は住民も行う。", PERSONAL, 345, many_sections, 1, 400, false, NULL },
        { "電子申請ポータル", MIDORI, "市民課", "online-form", "shinsei.example.jp", "各種証明書と届出のオンライン申請の受付。", "市民課 15人。申請は住民が行う。", PERSONAL, 395, reviewed, 2, 320, false, NULL },
        { "庁内グループ会議", GLOBE, "情報政策課", "web-meeting", "meet.example.com", "庁内と県、他市とのウェブ会議。", "全職員", INSIDE, 325, many_sections, 1, 210, false, NULL },
        { "例規・文書管理クラウド", HOKUTO, "総務課", "cloud", "reiki.example.jp", "例規の改正と、文書の収受・起案・保存。", "全職員", INSIDE, 360, subcontracted, 2, 500, false, NULL },
        { "財務会計サービス", MINATO, "財政課", "cloud", "zaimu.example.jp", "予算の編成、執行、決算の事務。", "財政課 9人、各課の庶務担当", INSIDE, 350, checked, 3, 600, false, NULL },
        { "人事給与クラウド", TSUMUGI, "人事課", "cloud", "jinji.example.jp", "職員の人事、給与、庶務の事務。", "人事課 8人", PERSONAL, 345, reviewed, 1, 380, false, NULL },
        { "図書館システム", KAWASEMI, "生涯学習課", "cloud", "library.example.jp", "図書の貸出、予約、蔵書の検索。", "図書館 14人。検索と予約は住民も行う。", PERSONAL, 330, checked, 2, 290, false, NULL },
        { "学校連絡アプリ", KOMOREBI, "学校教育課", "cloud", "renraku.example.jp", "保護者への連絡、欠席の受付、アンケート。", "小中学校の教職員 210人、保護者", PERSONAL, 300, checked, 1, 340, false, NULL },
        { "防災情報配信サービス", YAMANAMI, "警防課", "cloud", "bosai.example.jp", "避難情報と気象情報を住民に届ける。", "警防課 6人、災害対策本部", PUBLISHED, 290, checked, 3, 450, false, NULL },
        { "議事録作成支援", HIBIKI, "総務課", "cloud", "gijiroku.example.jp", "会議の音声から議事録の案を作る。", "各課の庶務担当 60人", INSIDE, 240, mended, 1, 280, false, NULL },
        { "電子契約サービス", FUMI, "財政課", "cloud", "keiyaku.example.jp", "工事と物品の契約の締結と保存。", "財政課 9人、各課の契約担当", INSIDE, 210, checked, 2, 365, false, NULL },
        { "収納代行サービス", ASAHI, "税務課", "cloud", "shuno.example.jp", "市税のコンビニ収納と納付状況の照会。", "税務課 18人", PERSONAL, 200, condition_done, 2, 410, false, NULL },
        { "要支援者見守りサービス", TOMOSHIBI, "福祉課", "cloud", "mimamori.example.jp", "ひとり暮らしの高齢者の見守りと、緊急時の連絡。", "福祉課 11人、民生委員", RESIDENT, 260, checked, 1, 300, false, NULL },
        /* in use, and something is wrong or due */
        { "健診予約システム", SHIOKAZE, "健康づくり課", "cloud", "kenshin.example.jp", "住民健診の予約の受付と受診の案内。", "健康づくり課 10人。予約は住民も行う。", PERSONAL, 428, checked, 1, 180, false, NULL },
        { "道路損傷通報サービス", AOZORA, "建設課", "map", "doro.example.jp", "道路の損傷の通報を住民から受け付け、地図に表す。", "建設課 13人。通報は住民が行う。", INSIDE, 426, unchecked, 1, 150, false, NULL },
        { "観光アンケート", NIJI, "観光課", "online-form", "kanko-form.example.jp", "観光客への満足度調査。", "観光課 7人", INSIDE, 270, checked, 1, -24, false, NULL },
        { "子育て相談チャット", KAEDE, "子育て支援課", "cloud", "kosodate.example.jp", "子育ての相談を文字で受け付ける。", "子育て支援課 9人、相談員 4人", PERSONAL, 250, checked, 1, 28, false, NULL },
        { "ごみ分別案内", AOZORA, "環境課", "cloud", "gomi.example.jp", "ごみの分別と収集日の案内。", "環境課 6人。住民が見る。", INSIDE, 230, review_found, 1, 45, false, NULL },
        { "保育所入所管理", KAEDE, "子育て支援課", "cloud", "hoiku.example.jp", "保育所の申込みの受付と、入所の調整。", "子育て支援課 9人", PERSONAL, 100, condition_late, 2, 330, false, NULL },
        { "職員研修サービス", TSUMUGI, "人事課", "cloud", "kenshu.example.jp", "職員のオンライン研修と受講の記録。", "全職員", PERSONAL, 40, condition_open, 1, 270, false, NULL },
        { "商店街振興ポータル", MIDORI, "産業振興課", "hosting", "shotengai.example.jp", "商店街の催しと空き店舗の案内。", "産業振興課 9人、商店会", INSIDE, 300, in_review, 1, 240, false, NULL },
        { "企業情報データベース", MINATO, "産業振興課", "cloud", "kigyo.example.jp", "市内の企業の情報と、訪問の記録の管理。", "産業振興課 9人", PERSONAL, 150, changed, 1, 300, false, NULL },
        { "海外向け観光動画配信", GLOBE, "観光課", "cloud", "movie.example.com", "海外の旅行者に向けた動画の配信。", "観光課 7人", INSIDE, 190, exception_given, 1, 260, true, NULL },
        { "翻訳支援サービス", SORANE, "企画政策課", "translation", "honyaku.example.jp", "外国語の通知と案内の下訳。", "各課 40人", INSIDE, 60, unchecked, 1, 400, false, NULL },
        /* over, or coming to an end */
        { "旧・職員アンケート", NIJI, "企画政策課", "online-form", "old-form.example.jp", "職員の意識調査。", "企画政策課 8人", PERSONAL, 410, ended, 1, 120, false, NULL },
        { "住宅耐震相談予約", SEKISHO, "建設課", "cloud", "taishin.example.jp", "耐震の相談の予約の受付。", "建設課 13人", PERSONAL, 310, ending, 1, 220, false, NULL },
        { "広報写真管理（旧）", MINATO, "広報課", "cloud", "photo-old.example.jp", "広報に使う写真の保存と検索。", "広報課 6人", INSIDE, 405, renewed, 1, 100, false, "広報素材管理クラウド" },
        { "広報素材管理クラウド", SHIOKAZE, "広報課", "cloud", "sozai.example.jp", "広報に使う写真と動画の保存、検索、貸出し。", "広報課 6人、各課の広報担当", INSIDE, 220, checked, 2, 350, false, NULL },
        /* on the way */
        { "スマート窓口予約", SEKISHO, "市民課", "cloud", "madoguchi.example.jp", "窓口の予約と、待ち人数の案内。", "市民課 15人。予約は住民も行う。", PERSONAL, 4, at_usage, 1, 300, false, NULL },
        { "公園管理台帳", AOZORA, "建設課", "map", "koen.example.jp", "公園の遊具の点検の記録と、地図での管理。", "建設課 13人", INSIDE, 9, at_conditions, 1, 300, false, NULL },
        { "消防団活動管理", YAMANAMI, "消防総務課", "cloud", "shobodan.example.jp", "消防団員の名簿と、出動の記録の管理。", "消防総務課 7人、消防団", PERSONAL, 25, at_select, 1, 300, false, NULL },
        { "学習支援ドリル", KOMOREBI, "学校教育課", "cloud", "drill.example.jp", "児童生徒の家庭学習の教材。", "小中学校の児童生徒 3,200人", PERSONAL, 30, at_trust, 1, 300, false, NULL },
        { "農地地図サービス", AOZORA, "産業振興課", "map", "nochi.example.jp", "農地の利用の状況を地図で管理する。", "産業振興課 9人、農業委員会", PERSONAL, 35, at_consent, 1, 300, false, NULL },
        { "障害福祉ケース記録", KAEDE, "福祉課", "cloud", "case.example.jp", "相談と支援の記録の作成と保存。", "福祉課 11人", RESIDENT, 45, at_council, 1, 300, false, NULL },
        { "電子図書館", KAWASEMI, "生涯学習課", "cloud", "ebook.example.jp", "電子書籍の貸出。", "図書館 14人。住民が利用する。", PERSONAL, 50, at_decide, 1, 300, false, NULL },
        { "文章作成支援（生成AI）", SORANE, "産業振興課", "generative-ai", "ai.example.jp", "案内文と企画書の下書き。", "産業振興課 9人", INSIDE, 55, returned, 1, 300, false, NULL },
        { "大容量ファイル転送", WAKABA, "建設課", "file-transfer", "bin.example.jp", "設計図面の受渡し。", "建設課 13人", INSIDE, 160, rejected, 1, 300, false, NULL },
        { "地域通貨アプリ", MIDORI, "産業振興課", "cloud", "tsuka.example.jp", "地域通貨の発行と、加盟店の管理。", "産業振興課 9人", PERSONAL, 140, withdrawn, 1, 300, false, NULL },
        { "海外統計データ閲覧", GLOBE, "企画政策課", "search", "stat.example.com", "海外の都市の統計の比較。", "企画政策課 8人", INSIDE, 38, exception_wanted, 1, 300, true, NULL },
        /* light, and by terms of service only */
        { "地図画像サービス（無償）", AOZORA, "観光課", "map", "map.example.jp", "催しの案内に載せる会場の地図を作る。", "観光課 7人", PUBLISHED, 320, light, 1, 300, false, NULL },
        { "イラスト素材サイト", SHIOKAZE, "広報課", "other-type", "irasuto.example.jp", "広報とチラシに使う絵を探す。", "広報課 6人", PUBLISHED, 180, light, 1, 300, false, NULL },
        { "会議日程調整サービス", NIJI, "健康づくり課", "online-form", "nittei.example.jp", "関係機関との会議の日程の調整。", "健康づくり課 10人", PUBLISHED, 6, light_waits, 1, 300, false, NULL },
        { "防災訓練参加登録", NIJI, "警防課", "online-form", "kunren.example.jp", "訓練の参加者の数を集める。", "警防課 6人", PUBLISHED, 70, light_no, 1, 300, false, NULL },
        { "写真共有（市公式）", LINKPHOTO, "広報課", "sns", "photo.example.com", "観光地の写真と催しの案内を公開する。", "広報課 6人", PUBLISHED, 280, terms, 1, 300, false, NULL },
        { "短文投稿（市公式）", LINKPHOTO, "広報課", "sns", "note.example.com", "市からのお知らせを短い文で公開する。", "広報課 6人", PUBLISHED, 110, terms, 1, 300, false, NULL },
        { "動画公開（消防）", GLOBE, "消防総務課", "sns", "video.example.com", "消防の広報の動画を公開する。", "消防総務課 7人", PUBLISHED, 130, terms, 1, 300, false, NULL },
        { "避難所連絡チャット", LINKPHOTO, "警防課", "sns", "chat.example.com", "避難所の運営者との連絡。", "警防課 6人、避難所の運営者", PERSONAL, 15, terms_stuck, 1, 300, false, NULL },
};
const size_t demo_services_count = countof(demo_services);
