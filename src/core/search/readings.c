/* readings.c - see readings.h. Both columns are folded: hiragana, small letters. */
#include "core/search/readings.h"

#include "base/defs.h"

static const struct { const char *kana, *letters; } names[] = {
        { "ずーむ", "zoom" },           { "ちーむず", "teams" },         { "すらっく", "slack" },         { "ぐーぐる", "google" },       { "じーめーる", "gmail" },
        { "まいくろそふと", "microsoft" }, { "あうとるっく", "outlook" }, { "わんどらいぶ", "onedrive" },  { "しぇあぽいんと", "sharepoint" }, { "どろっぷぼっくす", "dropbox" },
        { "ぼっくす", "box" },          { "えばーのーと", "evernote" },   { "のーしょん", "notion" },      { "とれろ", "trello" },         { "あさな", "asana" },
        { "うぇぶえっくす", "webex" },   { "らいん", "line" },            { "らいんわーくす", "line works" }, { "ちゃっとわーく", "chatwork" }, { "きんとーん", "kintone" },
        { "さいぼうず", "cybozu" },      { "がるーん", "garoon" },        { "ぎがふぁいる", "gigafile" }, { "ちゃっとじーぴーてぃー", "chatgpt" },
        { "じぇみに", "gemini" },        { "こぱいろっと", "copilot" },   { "くろーど", "claude" },        { "でぃーぷえる", "deepl" },    { "きゃんば", "canva" },
        { "ふぃぐま", "figma" },         { "みろ", "miro" },              { "ぎっとはぶ", "github" },      { "せーるすふぉーす", "salesforce" }, { "さんさん", "sansan" },
        { "どきゅさいん", "docusign" },  { "くらうどさいん", "cloudsign" }, { "ゆーちゅーぶ", "youtube" }, { "いんすたぐらむ", "instagram" }, { "ふぇいすぶっく", "facebook" },
        { "あどび", "adobe" },           { "おーとでっく", "autodesk" },  { "びーめお", "vimeo" },        { "すかいぷ", "skype" },
        { "わーどぷれす", "wordpress" }, { "さーべいもんきー", "surveymonkey" }, { "じら", "jira" },       { "ばっくろぐ", "backlog" },    { "ふぉーむず", "forms" },
};

struct str reading_other(struct str folded)
{
        for (size_t i = 0; i < countof(names); i++) {
                if (str_is(folded, names[i].kana))
                        return str_of(names[i].letters);
                if (str_is(folded, names[i].letters))
                        return str_of(names[i].kana);
        }
        return STR("");
}
