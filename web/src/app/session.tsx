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

export const has = (session: Session, role: Role) => session.person.roles.includes(role);
