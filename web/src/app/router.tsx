// router.tsx - the address bar as state. The paths stand in routes.tsx.
import { useSyncExternalStore, type MouseEvent, type ReactNode } from 'react';

const CHANGED = 'sekisho:place';

function subscribe(changed: () => void): () => void {
  window.addEventListener('popstate', changed);
  window.addEventListener(CHANGED, changed);
  return () => {
    window.removeEventListener('popstate', changed);
    window.removeEventListener(CHANGED, changed);
  };
}

export function usePlace(): URL {
  const href = useSyncExternalStore(subscribe, () => location.href);
  return new URL(href);
}

/** A new place is a new page: it begins at the top. */
export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', to);
  else history.replaceState(null, '', to);
  window.dispatchEvent(new Event(CHANGED));
  window.scrollTo(0, 0);
}

/** The same page under a more exact address: nothing moves. */
export function rename(to: string): void {
  history.replaceState(null, '', to);
  window.dispatchEvent(new Event(CHANGED));
}

type LinkProps = { href: string; children: ReactNode; className?: string; current?: boolean };

export function Link({ href, children, className, current }: LinkProps) {
  const follow = (e: MouseEvent<HTMLAnchorElement>) => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    go(href);
  };
  return (
    <a href={href} className={className} aria-current={current ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  );
}
