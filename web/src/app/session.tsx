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

export const has = (session: Session, role: Role) => session.person.roles.includes(role);
