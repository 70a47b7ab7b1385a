// server.mjs - a pretend office for work on the screens. FOR DEVELOPMENT ONLY: it keeps everything in memory, checks no
// rule, knows three people whose password is "password", and proves nothing.
//
//   npm run build && npm run mock        then open http://localhost:5199   (staff / manager / system)
//
// A gate "enforces" ENFORCE_MS after an approval. The plain pages are read from web/plain with a small reader of their
// templates; the real compiler is web/plain/compile.py.
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const WEB = join(dirname(fileURLToPath(import.meta.url)), '..');
const PORT = Number(process.env.PORT ?? 5199);
const ENFORCE_MS = Number(process.env.ENFORCE_MS ?? 1200);
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const CSP_PLAIN = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.svg': 'image/svg+xml' };

const texts = Object.fromEntries(['ja', 'en'].map((l) => [l, JSON.parse(readFileSync(join(WEB, `src/generated/${l}.json`), 'utf8'))]));

const PEOPLE = {
  staff: { id: randomUUID(), login: 'staff', name: '佐藤 花子', section: '税務課', roles: ['staff'] },
  manager: { id: randomUUID(), login: 'manager', name: '鈴木 一郎', section: '税務課', roles: ['section_manager'] },
  system: { id: randomUUID(), login: 'system', name: '高橋 誠', section: '情報政策課', roles: ['system_manager'] },
};

const text = (ja, en) => ({ ja, en });
const FORM = {
  id: 'network-connection',
  sheet: false,
  number_code: 'NET',
  title: text('ネットワーク接続申請', 'Network connection'),
  intro: text('庁内ネットワークに端末をつなぐための申請です。所属長が承認すると、申請した端末だけが、申請した期間だけつながります。', 'To connect a device to the office network. Once your section manager approves, only this device is let in, only for this period.'),
  fields: [
    { id: 'device_name', type: 'text', required: true, max: 80, label: text('端末の名称', 'Device'), help: text('どの端末か、課内のほかの人にも分かるように書いてください。管理番号や備品番号があれば併せて記入します。', 'So that colleagues know which one; with its inventory number if it has one.'), sample: text('財政課 出張用ノートパソコン（備品番号 R6-0123）', 'Finance section travel laptop (R6-0123)'), rule: text('対策基準 6.1(19) 注16：許可手続では、接続する端末を明らかにする。', 'Standard 6.1(19) note 16: the procedure names the device.') },
    { id: 'mac', type: 'mac', required: true, label: text('MACアドレス', 'MAC address'), help: text('ネットワークの差込口や無線ごとに決まっている12桁の英数字です。区切りは「:」「-」「.」のいずれでも、なくても構いません。', 'Twelve digits that belong to the network port or radio. Any separator will do.'), sample: text('00:00:5e:00:53:2a', '00:00:5e:00:53:2a') },
    { id: 'purpose', type: 'lines', required: true, max: 1000, label: text('利用目的及び取り扱う情報', 'Purpose and information'), help: text('何の業務に使うのか、どのような情報を取り扱うのかを具体的に記入してください。', 'Which work, which information.'), sample: text('当初予算編成に係る各課ヒアリングで、会議室から財務会計システムを参照するため。\n取り扱う情報：予算要求資料（機密性２）', 'To use the accounting system from the meeting room in budget hearings.\nInformation: budget requests (confidentiality 2)'), rule: text('対策基準 6.1(19) 注16：許可手続には、利用者、目的、利用する情報及び端末を含める。', 'Standard 6.1(19) note 16: user, purpose, information and device.') },
    { id: 'until', type: 'moment', required: true, label: text('接続を終える日', 'Until'), help: text('この日の終わりまで接続できます。業務に必要な期間に限って指定してください。最長は366日です。', 'To the end of this day; at most 366 days.'), sample: text('2027-03-31', '2027-03-31'), rule: text('対策基準 6.1(19) 注16：利用期間を定め、満了したときの手続を行う。', 'Standard 6.1(19) note 16: the period is fixed.') },
    { id: 'owner', type: 'choice', required: false, label: text('端末の区分', 'Kind of device'), choices: [{ id: 'issued', label: text('支給端末', 'Issued') }, { id: 'private', label: text('支給外端末（私有）', 'Private') }, { id: 'contractor', label: text('委託事業者の端末', 'Contractor’s') }] },
  ],
};

const sessions = new Map();
const applications = [];
const gates = [{ id: randomUUID(), name: '本庁舎2階 執務室', zone: 'office', lan: 'eth1', state: 'enrolled', connected: true, applied_seq: 41, applied_at: now() }];
let tableSeq = 41;
let journal = 128;

function now(ms = Date.now()) {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
const receipt = () => ({ index: journal++, leaf: randomBytes(32).toString('hex') });
const entry = (app, type, actor, at = now()) => app.timeline.push({ index: journal, at, type, ...(actor ? { actor } : {}) });

/** The stored spelling of a moment: an inclusive date ends with its day. */
const moment = (value) => (value.length === 10 ? now(Date.parse(`${value}T00:00:00+09:00`) + 86_400_000) : now(Date.parse(value)));

function submit(person, answers, at = now()) {
  const app = {
    id: randomUUID(),
    number: `SHI-NET-R8-${String(applications.length + 1).padStart(4, '0')}`,
    form: FORM.id,
    title: FORM.title,
    state: 'submitted',
    rev: 1,
    applicant: { id: person.id, name: person.name, section: person.section },
    submitted_at: at,
    answers: FORM.fields.map((f) => ({ field: f.id, label: f.label, value: answers[f.id] ? (f.type === 'moment' ? moment(answers[f.id]) : answers[f.id]) : '', erased: false })),
    steps: [{ id: 'approve', title: text('所属長の承認', 'Approval by the section manager'), kind: 'approve', role: 'section_manager', state: 'waiting', needed: true }],
    sheets: [],
    criteria: [],
    ratings: [],
    open: [],
    duties: [],
    exceptions: [],
    timeline: [],
  };
  entry(app, 'application.submitted', person.name, at);
  applications.unshift(app);
  return app;
}

function decide(app, person, decision, reason, at = Date.now()) {
  const state = { approve: 'approved', reject: 'rejected', return: 'returned' }[decision];
  Object.assign(app.steps[0], { state, decider: person.name, decided_at: now(at), ...(reason ? { reason } : {}) });
  app.state = state;
  app.rev++;
  entry(app, 'application.decided', person.name, now(at));
  if (decision !== 'approve') return;
  const value = (id) => app.answers.find((a) => a.field === id).value;
  app.permit = { id: randomUUID(), rev: 1, state: 'active', key: value('mac'), zone: 'office', from: now(at), until: value('until'), enforcement: [] };
  journal++;
  entry(app, 'permit.opened', undefined, now(at));
  tableSeq++;
  app.enforceAt = at + ENFORCE_MS;
}

/** The gate's report arrives when somebody looks after its time: enough for a pretend gate. */
function settle(app) {
  if (!app.permit || app.permit.enforcement.length || Date.now() < app.enforceAt) return;
  const at = now(app.enforceAt);
  gates[0].applied_seq = tableSeq;
  gates[0].applied_at = at;
  app.permit.enforcement.push({ gate: gates[0].id, gate_name: gates[0].name, at, seq: tableSeq });
  journal++;
  entry(app, 'permit.enforced', undefined, at);
}

function mayOf(app, person) {
  const may = [];
  if (person.roles.includes('section_manager') && app.state === 'submitted') may.push('decide');
  if (person.id === app.applicant.id && ['submitted', 'returned'].includes(app.state)) may.push('withdraw');
  if (app.permit?.state === 'active' && !person.roles.includes('staff')) may.push('revoke', 'change-until');
  return may;
}

function summary(app) {
  const { id, number, form, title, state, submitted_at, rev, permit } = app;
  return {
    id, number, form, title, state, applicant: app.applicant.name, device: app.answers[0].value, submitted_at, rev,
    ...(permit ? { permit_state: permit.state, until: permit.until } : {}),
    ...(permit?.enforcement[0] ? { enforced_at: permit.enforcement[0].at } : {}),
  };
}

class Refusal extends Error {
  constructor(status, kind, key, field, ...args) {
    super(key);
    this.status = status;
    this.body = { error: { kind, key, args, ...(field ? { field } : {}) } };
  }
}

function checkAnswers(answers) {
  if (answers.mac === '01:00:5e:00:00:01') throw new Refusal(400, 'input', 'form.mac-host', 'mac');
  if (Date.parse(moment(answers.until)) < Date.now()) throw new Refusal(422, 'rule', 'permit.period.past', 'until');
}

const find = (id) => applications.find((a) => a.id === id) ?? raise(new Refusal(404, 'absent', 'error.absent'));
const raise = (e) => { throw e; };

function sameRev(row, body) {
  if (row.rev !== body.rev) throw new Refusal(409, 'conflict', 'common.rev.moved');
}

const ROUTES = [
  ['GET', /^\/session$/, ({ session }) => ({ person: session.person, csrf: session.csrf, lang: session.lang, practice: false, install: { id: 'demo', name: '潮見市', forms: session.person.roles.includes('staff') ? [FORM.id] : [] }, now: now() })],
  ['GET', /^\/forms$/, () => [{ id: FORM.id, title: FORM.title, intro: FORM.intro, number_code: 'NET', file: true, draft: false }]],
  ['POST', /^\/forms\/([a-z-]+)\/check$/, () => ({ fields: FORM.fields.map((f) => ({ id: f.id, visible: true, required: f.required })), ratings: [], open: [] })],
  ['GET', /^\/services$/, () => ({ items: [], total: 0 })],
  ['GET', /^\/duties$/, () => ({ items: [] })],
  ['GET', /^\/people$/, () => Object.values(PEOPLE).map(({ id, name, section }) => ({ id, name, section }))],
  ['GET', /^\/forms\/([a-z-]+)$/, ({ part }) => (part === FORM.id ? FORM : raise(new Refusal(404, 'absent', 'error.absent')))],
  ['GET', /^\/applications$/, ({ session, query }) => {
    applications.forEach(settle);
    const view = query.get('view') ?? 'mine';
    const rows = applications.filter((a) => (view === 'mine' ? a.applicant.id === session.person.id : view === 'waiting' ? a.state === 'submitted' : true));
    const from = Number(query.get('after') ?? 0);
    return { items: rows.slice(from, from + 8).map(summary), total: rows.length, ...(rows.length > from + 8 ? { next: String(from + 8) } : {}) };
  }],
  ['POST', /^\/applications$/, ({ session, body }) => {
    checkAnswers(body.answers);
    const app = submit(session.person, body.answers);
    return { id: app.id, number: app.number, receipt: receipt() };
  }, 201],
  ['GET', /^\/applications\/([0-9a-f-]+)$/, ({ part, session }) => {
    const app = find(part);
    settle(app);
    const { enforceAt, ...shown } = app;
    const may = mayOf(app, session.person);
    const turn = { active: app.state === 'submitted', mine: may.includes('decide') };
    return { ...shown, steps: app.steps.map((s) => ({ ...s, ...turn })), may };
  }],
  ['POST', /^\/applications\/([0-9a-f-]+)\/decide$/, ({ part, session, body }) => {
    const app = find(part);
    sameRev(app, body);
    decide(app, session.person, body.decision, body.reason);
    return { rev: app.rev, receipt: receipt() };
  }],
  ['POST', /^\/applications\/([0-9a-f-]+)\/withdraw$/, ({ part, session, body }) => {
    const app = find(part);
    sameRev(app, body);
    app.state = 'withdrawn';
    entry(app, 'application.withdrawn', session.person.name);
    return { rev: ++app.rev, receipt: receipt() };
  }],
  ['POST', /^\/permits\/([0-9a-f-]+)\/(revoke|until)$/, ({ part, verb, session, body }) => {
    const app = applications.find((a) => a.permit?.id === part) ?? raise(new Refusal(404, 'absent', 'error.absent'));
    sameRev(app.permit, body);
    if (verb === 'until') {
      if (Date.parse(moment(body.until)) < Date.now()) throw new Refusal(422, 'rule', 'permit.period.past', 'until');
      app.permit.until = moment(body.until);
    } else app.permit.state = 'revoked';
    app.permit.reason = body.reason;
    entry(app, verb === 'until' ? 'permit.changed' : 'permit.revoked', session.person.name);
    return { rev: ++app.permit.rev, receipt: receipt() };
  }],
  ['GET', /^\/gates$/, () => ({ items: gates, table_seq: tableSeq })],
  ['POST', /^\/gates$/, ({ body }) => {
    if (body.zone !== 'office') throw new Refusal(400, 'input', 'form.choice', 'zone');
    const gate = { id: randomUUID(), ...body, state: 'waiting' };
    gates.push(gate);
    return { id: gate.id, code: 'K7QD-2M9X-4HRT-8WNC', receipt: receipt() };
  }, 201],
  ['GET', /^\/status$/, () => ({ version: '0.1.0', journal_size: journal, sealed_size: journal, table_seq: tableSeq, gates_connected: 1 })],
];

// ---- the plain pages ----

function plainPage(name, lang, fields) {
  const source = (file) => readFileSync(join(WEB, 'plain', file), 'utf8').replace(/\{\{include (\S+)\}\}/g, (_, part) => source(part));
  const escape = (s) => String(s ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  let depth = 0; // of an {{if}} that is not taken
  const shown = [];
  return source(`${name}.html`).split(/(\{\{.*?\}\})/).map((piece) => {
    const [, word, arg] = /^\{\{(\S+) ?(.*?)\}\}$/.exec(piece) ?? [];
    if (word === 'if') shown.push(arg === 'lang_ja' ? lang === 'ja' : arg === 'lang_en' ? lang === 'en' : Boolean(fields[arg]));
    if (word === 'else') shown.push(!shown.pop());
    if (word === 'end') shown.pop();
    depth = shown.filter((s) => !s).length;
    if (depth || ['if', 'else', 'end'].includes(word)) return '';
    if (word === 't') return escape(texts[lang][arg]);
    if (word === 'key') return escape(texts[lang][fields[arg]]);
    if (word === 'lang') return lang;
    return word ? escape(fields[arg]) : piece;
  }).join('');
}

const cookies = (req) => Object.fromEntries((req.headers.cookie ?? '').split(/;\s*/).map((c) => c.split('=')));

async function bodyOf(req) {
  const parts = [];
  for await (const part of req) parts.push(part);
  return Buffer.concat(parts).toString();
}

function send(res, status, headers, body) {
  res.writeHead(status, { 'X-Content-Type-Options': 'nosniff', ...headers }).end(body);
}

const html = (res, status, body, headers = {}) => send(res, status, { 'Content-Type': TYPES['.html'], 'Content-Security-Policy': CSP_PLAIN, ...headers }, body);

async function signIn(req, res, url, lang) {
  const asked = url.searchParams.get('lang');
  const shown = asked === 'en' || asked === 'ja' ? asked : lang;
  const page = (fields) => plainPage('sign_in', shown, { csrf: 'mock', install: '潮見市', next: url.searchParams.get('next') ?? '/', ...fields });
  if (req.method === 'GET') return html(res, 200, page({}), asked ? { 'Set-Cookie': `sekisho_lang=${shown}; Path=/` } : {});
  const given = new URLSearchParams(await bodyOf(req));
  const person = PEOPLE[given.get('login') ?? ''];
  if (!person || given.get('password') !== 'password') return html(res, 401, page({ error: 'sign-in.wrong', login: given.get('login'), next: given.get('next') }));
  const id = randomUUID();
  sessions.set(id, { person, csrf: randomUUID(), lang });
  const next = given.get('next') ?? '/';
  return send(res, 303, { Location: /^\/(?![/\\])/.test(next) ? next : '/', 'Set-Cookie': `mock-session=${id}; Path=/; HttpOnly; SameSite=Lax` });
}

async function api(req, res, url, session) {
  const path = url.pathname.slice('/api/v1'.length);
  const proof = /^\/entries\/(\d+)\/proof$/.exec(path);
  if (proof) return send(res, 200, { 'Content-Type': 'text/plain' }, `c2sp.org/tlog-proof@v1\n(mock proof of entry ${proof[1]})\n`);
  try {
    if (!session) throw new Refusal(401, 'sign-in', 'error.sign-in');
    for (const [method, pattern, act, status = 200] of ROUTES) {
      const found = pattern.exec(path);
      if (req.method !== method || !found) continue;
      if (method === 'POST' && req.headers['x-sekisho-csrf'] !== session.csrf) throw new Refusal(403, 'forbidden', 'error.csrf');
      const body = method === 'POST' ? JSON.parse(await bodyOf(req)) : undefined;
      return send(res, status, { 'Content-Type': 'application/json' }, JSON.stringify(act({ session, query: url.searchParams, part: found[1], verb: found[2], body })));
    }
    throw new Refusal(404, 'absent', 'error.absent');
  } catch (e) {
    if (!(e instanceof Refusal)) throw e;
    return send(res, e.status, { 'Content-Type': 'application/json' }, JSON.stringify(e.body));
  }
}

function file(res, path) {
  const asked = join(WEB, 'dist', normalize(path));
  const found = existsSync(asked) && extname(asked) ? asked : join(WEB, 'dist/index.html');
  send(res, 200, { 'Content-Type': TYPES[extname(found)] ?? 'application/octet-stream', 'Content-Security-Policy': CSP }, readFileSync(found));
}

createServer(async (req, res) => {
  const url = new URL(req.url ?? '/', 'http://mock');
  const jar = cookies(req);
  const lang = jar.sekisho_lang === 'en' ? 'en' : 'ja';
  const session = sessions.get(jar['mock-session']);
  if (session) session.lang = lang;
  if (url.pathname === '/sign-in') return void (await signIn(req, res, url, lang));
  if (url.pathname === '/sign-out') {
    sessions.delete(jar['mock-session']);
    return html(res, 200, plainPage('signed_out', lang, {}));
  }
  if (url.pathname.startsWith('/api/v1/')) return void (await api(req, res, url, session));
  return file(res, url.pathname);
}).listen(PORT, '127.0.0.1', () => console.log(`pretend office on http://localhost:${PORT} (development only)`));

// ---- something to look at ----

const DAY = 86_400_000;
const samples = [
  ['委託事業者の保守用パソコン', '02:00:5e:10:00:07', 'contractor', 1, 'approve'],
  ['会議室の大型表示装置', '02:00:5e:10:00:06', 'issued', 300, 'approve'],
  ['個人のタブレット', '02:00:5e:10:00:05', 'private', 20, 'reject'],
  ['<svg onload=alert(1)>', '02:00:5e:10:00:04', 'private', 5, 'return'],
  ['窓口用ノートパソコン（管理番号 R5-0231）', '02:00:5e:10:00:03', 'issued', 90, undefined],
];
samples.forEach(([device, mac, owner, days, decision], n) => {
  const at = Date.now() - (samples.length - n) * DAY;
  const app = submit(PEOPLE.staff, { device_name: device, mac, owner, purpose: '確定申告期の臨時窓口で、課税台帳を照会するため。\n2月16日から3月15日まで使います。', until: new Date(Date.now() + days * DAY).toISOString().slice(0, 10) }, now(at));
  if (decision) decide(app, PEOPLE.manager, decision, decision === 'approve' ? '' : '利用目的を具体的に書いてください。', at + 3_600_000);
});
applications.at(-1).permit.state = 'revoked';
