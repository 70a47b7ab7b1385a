// useShared.ts - what many parts of a page read alike (the pack, the people): asked once, shared for a minute.
import { getPack, listPeople, type Pack, type Person, type Reply, type ServiceLine } from './client.ts';
import { listServices } from './services.ts';
import { useLoad, type Loaded } from './useLoad.ts';

const FRESH_MS = 60_000;
const asked = new Map<string, { at: number; reply: Promise<Reply<unknown>> }>();

/** A refusal is not kept: the next one asks again. */
export function shared<T>(what: string, read: () => Promise<Reply<T>>): Promise<Reply<T>> {
  const known = asked.get(what);
  if (known && Date.now() - known.at < FRESH_MS) return known.reply as Promise<Reply<T>>;
  const reply = read();
  asked.set(what, { at: Date.now(), reply });
  void reply.then((r) => {
    if (!r.ok) asked.delete(what);
  });
  return reply;
}

export const sharedPack = () => shared('pack', getPack);
export const sharedPeople = () => shared('people', listPeople);

/** The whole register, page after page, for lists to pick from. */
export const sharedServices = () =>
  shared('services', async (): Promise<Reply<ServiceLine[]>> => {
    const all: ServiceLine[] = [];
    let after: string | undefined;
    do {
      const reply = await listServices({}, after);
      if (!reply.ok) return reply;
      all.push(...reply.value.items);
      after = reply.value.next;
    } while (after);
    return { ok: true, value: all };
  });

export const usePack = (): Loaded<Pack> => useLoad('pack', sharedPack, 0);
export const usePeople = (): Loaded<Person[]> => useLoad('people', sharedPeople, 0);
