// menu.ts - what stands in the menu of whom. A new screen is one row; every row names who has it.
//
// A person has the kinds of their posts; the rows of all of them stand in the order of the table. Two kinds stand aside: who only
// applies ('staff') and who only approves for a section ('manager', three rows and nothing else).
import type { Session } from '../api/client.ts';
import type { Key } from '../words/text.ts';
import { applyPath } from './session.tsx';

const POSTS = {
  secretariat: 'secretariat',
  system_manager: 'system',
  auditor: 'auditor',
  csirt: 'csirt',
  approving_authority: 'decider',
  dept_officer: 'decider',
  senior_officer: 'decider',
  ciso: 'decider',
} as const;
export type Kind = (typeof POSTS)[keyof typeof POSTS] | 'manager' | 'staff';
export type Item = { href: string; text: Key };
type Row = Item & {
  kinds: readonly Kind[];
  /** Addresses at which this is where one is; `?view=` counts when the row has one. */
  under?: RegExp;
  /** Besides a kind, one of these roles. */
  roles?: readonly string[];
};

const ROWS: readonly Row[] = [
  { href: '/', text: 'menu.home', kinds: ['staff', 'secretariat', 'system', 'auditor', 'csirt'] },
  { href: '/', text: 'menu.waiting', kinds: ['decider', 'manager'] },
  { href: '/applications?view=mine', text: 'menu.mine', kinds: ['staff'] },
  { href: '/may-use', text: 'menu.may-use', kinds: ['staff'], under: /^\/(may-use|services)/ },
  { href: '/inbox', text: 'menu.reception', kinds: ['secretariat'], under: /^\/(inbox|applications)/ },
  { href: '/applications?view=all', text: 'menu.applications', kinds: ['system', 'auditor'], under: /^\/applications$/ },
  { href: '/applications?view=all', text: 'menu.section', kinds: ['manager'] },
  { href: '/registers', text: 'menu.registers', kinds: ['secretariat', 'system', 'auditor', 'csirt', 'decider'], under: /^\/(registers|rows|services)/ },
  { href: '/answer-sheets', text: 'menu.asheet', kinds: ['secretariat', 'system', 'auditor'], under: /^\/answer-sheets/ },
  { href: '/duties', text: 'menu.duties', kinds: ['secretariat', 'system', 'csirt', 'decider', 'manager'] },
  { href: '/incidents', text: 'menu.incidents', kinds: ['secretariat', 'csirt', 'decider'], under: /^\/incidents/, roles: ['csirt', 'secretariat', 'ciso', 'senior_officer'] },
  { href: '/rules', text: 'menu.rules', kinds: ['secretariat', 'system', 'decider'], under: /^\/(pack|rules|setup)/, roles: ['secretariat', 'system_manager', 'senior_officer', 'ciso', 'approving_authority'] },
  { href: '/audit', text: 'menu.audit', kinds: ['auditor', 'decider'], under: /^\/audit/, roles: ['auditor', 'ciso'] },
  { href: '/coverage', text: 'menu.coverage', kinds: ['auditor', 'decider'], roles: ['auditor', 'ciso', 'senior_officer'] },
  { href: '/installation', text: 'menu.installation', kinds: ['secretariat', 'system'], under: /^\/installation/ },
  { href: '/erasures', text: 'menu.erasures', kinds: ['secretariat', 'system', 'auditor', 'decider'], roles: ['secretariat', 'system_manager', 'auditor', 'ciso', 'senior_officer'] },
  { href: '/people', text: 'menu.people', kinds: ['secretariat', 'system', 'decider'], under: /^\/people/, roles: ['secretariat', 'system_manager', 'ciso', 'senior_officer'] },
  { href: '/gates', text: 'menu.gates', kinds: ['system'] },
];

/** For everybody, at the foot of each page: what one needs seldom, and then at once. */
const FOOT: readonly Item[] = [
  { href: '/may-use', text: 'menu.may-use' },
  { href: '/report', text: 'menu.report' },
  { href: '/search', text: 'menu.search' },
  { href: '/account', text: 'menu.account' },
];

/** The posts that make the menu. A section manager with another post has that post's menu: it holds what theirs holds. */
export function kindsOf(session: Session): readonly Kind[] {
  const roles: readonly string[] = session.person.roles;
  const kinds = [...new Set(roles.flatMap((role) => (role in POSTS ? [POSTS[role as keyof typeof POSTS]] : [])))];
  if (kinds.length > 0) return kinds;
  return roles.includes('section_manager') ? ['manager'] : ['staff'];
}

/** Home opens with what waits for one's decision. */
export const approvesFirst = (session: Session) => kindsOf(session).every((kind) => kind === 'decider' || kind === 'manager');

const pathOf = (item: Item) => item.href.split('?')[0];

/** Two posts may bring two ways to one screen: the first in the table stays. */
function rowsOf(session: Session): readonly Row[] {
  const kinds = kindsOf(session);
  const roles: readonly string[] = session.person.roles;
  const rows = ROWS.filter((row) => row.kinds.some((kind) => kinds.includes(kind)) && (!row.roles || row.roles.some((role) => roles.includes(role))));
  return rows.filter((row, i) => rows.findIndex((other) => pathOf(other) === pathOf(row)) === i);
}

export const menuOf = (session: Session): readonly Item[] => rowsOf(session);

export function footOf(session: Session): readonly Item[] {
  const menu = rowsOf(session).map(pathOf);
  const apply = applyPath(session);
  const decides = kindsOf(session).some((kind) => kind === 'decider' || kind === 'manager');
  const all: readonly Item[] = [...(apply ? [{ href: apply, text: 'menu.apply' } as const] : []), ...FOOT, ...(decides ? [{ href: '/people/deputies', text: 'menu.deputies' } as const] : [])];
  return all.filter((item) => !menu.includes(item.href));
}

/** Which row of the menu the address belongs to: the one that names it to the letter, else the first that covers it. */
export function currentOf(session: Session, place: URL): string | undefined {
  const rows = rowsOf(session);
  const exact = rows.find((row) => row.href === place.pathname + place.search || row.href === place.pathname);
  return (exact ?? rows.find((row) => row.under?.test(place.pathname)))?.href;
}
