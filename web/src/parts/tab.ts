// tab.ts - what was typed and not yet sent, kept in this tab of the browser: a session that ran out, a page that was loaded anew.
export function readTab<T extends object>(key: string): T | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    return typeof kept === 'object' && kept !== null ? (kept as T) : null;
  } catch {
    return null;
  }
}

/** null: nothing is to be kept any more. */
export function keepTab(key: string, value: object | null): void {
  try {
    if (value) sessionStorage.setItem(key, JSON.stringify(value));
    else sessionStorage.removeItem(key);
  } catch {
    // a browser that keeps nothing: the page itself still holds it
  }
}
