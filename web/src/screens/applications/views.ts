// views.ts - which lists a person has. Nobody is offered a list that is always empty for them.
import type { Session, View } from '../../api/client.ts';
import { has, seesAll } from '../../app/session.tsx';

/** The one that opens first in front. Whoever holds a post has steps; staff may have some as manager of a service or as a deputy. */
export function viewsOf(session: Session): readonly View[] {
  const { roles } = session.person;
  const mine: View[] = session.install.forms.length > 0 ? ['mine'] : [];
  if (roles.every((role) => role === 'auditor')) return ['all'];
  if (roles.every((role) => role === 'staff')) return ['mine', 'waiting'];
  const papers: View[] = has(session, 'secretariat') || has(session, 'senior_officer') ? ['papers'] : []; // who enters what was decided on paper, who confirms it
  return ['waiting', ...papers, 'all', ...mine, ...(has(session, 'secretariat') ? (['drafted'] as const) : [])];
}

export function viewAt(session: Session, place: URL): View {
  const views = viewsOf(session);
  return views.find((v) => v === place.searchParams.get('view')) ?? views[0] ?? 'mine';
}

/** A section manager approves; others judge, fill in, confirm. What "all" is depends on the person as well. */
export function nameOf(session: Session, view: View): View | 'section' | 'involved' | 'turn' {
  if (view === 'waiting') return has(session, 'section_manager') ? view : 'turn';
  if (view !== 'all' || seesAll(session)) return view;
  return has(session, 'section_manager') ? 'section' : 'involved';
}
