// views.ts - which lists a person has. Nobody is offered a list that is always empty for them.
import type { Session, View } from '../../api/client.ts';
import { has } from '../../app/session.tsx';

/** The one that opens first in front. */
export function viewsOf(session: Session): readonly View[] {
  const mine: View[] = session.install.forms.length > 0 ? ['mine'] : [];
  if (has(session, 'section_manager')) return ['waiting', 'all', ...mine];
  if (has(session, 'system_manager')) return ['all', ...mine];
  return ['mine'];
}

export function viewAt(session: Session, place: URL): View {
  const views = viewsOf(session);
  return views.find((v) => v === place.searchParams.get('view')) ?? views[0] ?? 'mine';
}

/** All that a section manager sees is the section's. */
export function nameOf(session: Session, view: View): View | 'section' {
  return view === 'all' && !has(session, 'system_manager') ? 'section' : view;
}
