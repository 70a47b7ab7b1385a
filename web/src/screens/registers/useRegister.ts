// useRegister.ts - one register's columns and words, read once for all screens.
import { listRegisters, type Register } from '../../api/registers.ts';
import { shared } from '../../api/useShared.ts';
import { useLoad, type Loaded } from '../../api/useLoad.ts';

const read = () => shared('registers', listRegisters);

/** null while it is read, undefined when I may not see such a register. */
export function useRegister(id: string): { register: Register | null | undefined; loaded: Loaded<{ items: Register[] }> } {
  const loaded = useLoad('registers', read, 0);
  return { loaded, register: loaded.value ? loaded.value.items.find((r) => r.id === id) : null };
}
