// InboxScreen.tsx - 受付: everything that waits for the secretariat, in groups, each line with the one thing to do.
import type { ReactNode } from 'react';
import { listDuties } from '../../api/client.ts';
import { listFindings } from '../../api/incidents.ts';
import { getInbox, type Inbox, type InboxLine } from '../../api/people.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { handlesIncidents, useSession } from '../../app/session.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { When } from '../../parts/When.tsx';
import type { Key } from '../../words/text.ts';
import { between, untilWords } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';

const EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
const SHOWN = 5;
const ACTS = ['fill', 'judge', 'enter', 'confirm', 'decide'] as const;

type Line = { key: string; title: ReactNode; text: ReactNode; href: string; act: string };
type Group = { id: string; lines: readonly Line[]; count: number; all: string | null };

/** Five of a group stand on the page, the others behind a fold: counts say how much there is. */
export function InboxScreen() {
  const { t } = useWords();
  const handles = handlesIncidents(useSession());
  const inbox = useLoad('inbox', getInbox, EVERY_MS);
  const duties = useLoad('duties mine', () => listDuties('mine'), EVERY_MS);
  const findings = useLoad(handles ? 'findings' : null, () => listFindings('open'), EVERY_MS);
  const lines = useLines();
  const at = inbox.value?.at;
  const error = inbox.error ?? duties.error ?? findings.error;
  if (!inbox.value || !at) return <Waiting title={t('inbox.title')} error={error} retry={inbox.reload} />;
  const soon = inbox.value.transitional;
  const groups: Group[] = [
    ...(handles
      ? [
          {
            id: 'findings',
            count: findings.value?.items.length ?? 0,
            all: '/incidents',
            lines: (findings.value?.items ?? []).map((f) => ({
              key: f.id,
              title: f.text,
              text: <Waits since={f.first_at} at={at} who={f.person?.name} />,
              href: `/incidents/open?finding=${f.id}`,
              act: t('inbox.act.findings'),
            })),
          },
        ]
      : []),
    ...ACTS.map((act) => lines.cases(inbox.value as Inbox, act)),
    {
      id: 'transitional',
      count: soon.length,
      all: '/registers/service?state=transitional',
      lines: soon.map((row) => ({
        key: row.id,
        title: row.name,
        text: (
          <>
            {row.section} <span className={between(at, row.apply_by) < 0 ? 'late' : undefined}>{t('inbox.apply-by', untilWords(row.apply_by, lines.lang))}</span>
          </>
        ),
        href: `/services/${row.id}`,
        act: t('inbox.act.transitional'),
      })),
    },
    lines.plain('returned', inbox.value.returned, at),
    lines.plain('drafted', inbox.value.drafted, at),
    {
      id: 'duties',
      count: duties.value?.items.length ?? 0,
      all: '/duties',
      lines: (duties.value?.items ?? []).map((d) => ({
        key: d.id,
        title: d.title ? lines.say(d.title) : d.text,
        text: (
          <>
            {d.service?.name} {d.due_at ? <span>{t('inbox.due', untilWords(d.due_at, lines.lang))}</span> : null}
          </>
        ),
        href: d.closed_by_act && d.service ? `/services/${d.service.id}` : '/duties',
        act: t('inbox.act.duties'),
      })),
    },
  ];
  const full = groups.filter((g) => g.count > 0);
  const empty = groups.filter((g) => g.count === 0);
  return (
    <Page title={t('inbox.title')}>
      <p>{t('inbox.intro')}</p>
      {error ? <FailureNotice error={error} /> : null}
      <nav aria-label={t('inbox.groups')}>
        <ul className="inbox-counts">
          {full.map((g) => (
            <li key={g.id}>
              <a href={`#inbox-${g.id}`}>
                {t(`inbox.group.${g.id}` as Key)} <strong>{t('list.count', String(g.count))}</strong>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {full.length === 0 ? (
        <p className="nothing">
          <Icon name="ok" />
          {t('inbox.none')}
          <span className="quiet">
            <When at={at} as="minute" />
          </span>
        </p>
      ) : null}
      {full.map((g) => (
        <Shown key={g.id} group={g} />
      ))}
      {full.length > 0 && empty.length > 0 ? <p className="quiet">{t('inbox.empty', empty.map((g) => t(`inbox.group.${g.id}` as Key)).join('、'))}</p> : null}
      <p className="acts">
        <Link href="/applications?view=all">{t('inbox.all')}</Link>
      </p>
    </Page>
  );
}

function useLines() {
  const { t, say, lang } = useWords();
  const line = (c: InboxLine, at: string, href: string, act: Key): Line => ({
    key: c.id,
    title: (
      <>
        {say(c.title)} <Link href={`/applications/${c.id}`}>{c.number}</Link>
      </>
    ),
    text: (
      <>
        {c.device ? <span>{c.device}</span> : null}
        {c.step ? <span className="quiet">{say(c.step)}</span> : null}
        <Waits since={c.since} at={at} who={c.name} />
      </>
    ),
    href,
    act: t(act),
  });
  const hrefOf = (c: InboxLine) =>
    c.act === 'judge' ? `/applications/${c.id}/judge` : c.act === 'fill' && c.sheet ? `/applications/${c.id}/sheets/${c.sheet}` : `/applications/${c.id}`;
  const cases = (inbox: Inbox, act: (typeof ACTS)[number]): Group => {
    const mine = inbox.items.filter((c) => (c.act ?? 'decide') === act);
    return { id: act, count: mine.length, all: '/applications?view=waiting', lines: mine.map((c) => line(c, inbox.at, hrefOf(c), `inbox.act.${act}`)) };
  };
  const plain = (id: 'returned' | 'drafted', items: readonly InboxLine[], at: string): Group => ({
    id,
    count: items.length,
    all: null,
    lines: items.map((c) => line(c, at, `/applications/${c.id}`, `inbox.act.${id}`)),
  });
  return { cases, plain, say, lang };
}

function Waits({ since, at, who }: { since: string; at: string; who?: string | undefined }) {
  const { t } = useWords();
  const days = Math.floor(between(since, at) / DAY_MS);
  return (
    <>
      {who ? <span>{who}</span> : null}
      <span className={days >= 7 ? 'late' : 'quiet'}>{days > 0 ? t('inbox.days', String(days)) : t('inbox.today')}</span>
    </>
  );
}

function Shown({ group: g }: { group: Group }) {
  const { t } = useWords();
  const rest = g.lines.slice(SHOWN);
  const row = (l: Line) => (
    <li key={l.key}>
      <div className="row-what">
        <p className="row-title">{l.title}</p>
        <p className="row-text">{l.text}</p>
      </div>
      <Link href={l.href} className="button plain">
        {l.act}
      </Link>
    </li>
  );
  return (
    <section aria-labelledby={`inbox-${g.id}`} data-group={g.id}>
      <h2 id={`inbox-${g.id}`} tabIndex={-1}>
        {t(`inbox.group.${g.id}` as Key)} {g.all ? <Link href={g.all}>{t('list.count', String(g.count))}</Link> : <span className="quiet">{t('list.count', String(g.count))}</span>}
      </h2>
      <ul className="rows">{g.lines.slice(0, SHOWN).map(row)}</ul>
      {rest.length > 0 ? (
        <details>
          <summary>{t('inbox.rest', String(rest.length))}</summary>
          <ul className="rows">{rest.map(row)}</ul>
        </details>
      ) : null}
    </section>
  );
}
