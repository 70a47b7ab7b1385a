// views.ts - which lists a person has. Nobody is offered a list that is always empty for them.
import type { Session, View } from '../../api/client.ts';
import { has, seesAll } from '../../app/session.tsx';

/** The one that opens first in front. Whoever holds a post has steps; staff may have some as manager of a service or as a deputy. */
export function viewsOf(session: Session): readonly View[] {
  const { roles } = session.person;
  const mine: View[] = session.install.forms.length > 0 ? ['mine'] : [];
  if (roles.every((role) => role === 'auditor')) return ['all'];
  if (roles.every((role) => role === 'staff')) return ['mine', 'waiting'];
  return ['waiting', 'all', ...mine];
}

export function viewAt(session: Session, place: URL): View {
  const views = viewsOf(session);
  return views.find((v) => v === place.searchParams.get('view')) ?? views[0] ?? 'mine';
}

/** What "all" is depends on the person: everything, the section's, or what one had to do with. */
export function nameOf(session: Session, view: View): View | 'section' | 'involved' {
  if (view !== 'all' || seesAll(session)) return view;
  return has(session, 'section_manager') ? 'section' : 'involved';
}
