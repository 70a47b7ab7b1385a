// session.tsx - who is signed in. Inside SessionContext there is always someone.
import { createContext, use } from 'react';
import type { Session } from '../api/client.ts';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession outside SessionContext');
  return session;
}

export type Role = Session['person']['roles'][number];

/** The secretariat and the system manager: who may take sheets of the rules out and try edited ones. */
export const keepsRules = (session: Session) => session.person.roles.some((role: string) => role === 'secretariat' || role === 'system_manager');

/** Who reads drafts of rules: who keeps them, who adopts them, auditors. */
export const seesRules = (session: Session) =>
  session.person.roles.some((role: string) => ['secretariat', 'system_manager', 'senior_officer', 'ciso', 'approving_authority', 'auditor'].includes(role));

/** Who handles incidents: they get the list; everybody reports. */
export const handlesIncidents = (session: Session) =>
  session.person.roles.some((role: string) => ['csirt', 'secretariat', 'ciso', 'senior_officer', 'auditor'].includes(role));

/** Who watches over the rules: how the guideline's clauses are covered. */
export const seesCoverage = (session: Session) => session.person.roles.some((role: string) => ['secretariat', 'auditor', 'ciso', 'senior_officer'].includes(role));

/** Who counts and draws samples. */
export const audits = (session: Session) => session.person.roles.some((role: string) => role === 'auditor' || role === 'ciso');

export const has = (session: Session, role: Role) => session.person.roles.includes(role);

/** Who is shown everything, not only what concerns them. */
export const seesAll = (session: Session) => has(session, 'secretariat') || has(session, 'system_manager') || has(session, 'auditor');

/** Who holds which role; the CISO and the general officer confirm appointments. */
export const seesPosts = (session: Session) => seesAll(session) || has(session, 'ciso') || has(session, 'senior_officer');

/** Where one applies: the form, when there is but one; else the choice. Who drafts for others finds theirs there as well. */
export function applyPath(session: Session): string | null {
  const { forms } = session.install;
  if (forms.length === 1 && !has(session, 'secretariat')) return `/apply/${forms[0]}`;
  return forms.length > 0 || has(session, 'secretariat') ? '/apply' : null;
}
