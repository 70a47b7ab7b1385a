// account.ts - one's own password, and passwords of others that two people set anew.
import { get, id, post } from './client.ts';
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type Reset = Schemas['Reset'];
export type ResetCode = Schemas['ResetCode'];

export const changePassword = (old: string, password: string) => post<Schemas['Receipted']>('/password', { old, new: password });
export const listResets = () => get<Schemas['ResetList']>('/resets');
export const askReset = (person: string, reason: string) => post<Schemas['Made']>('/resets', { person, reason });
export const confirmReset = (reset: string) => post<ResetCode>(`/resets/${id(reset)}/confirm`, {});
export const endReset = (reset: string) => post<Schemas['Receipted']>(`/resets/${id(reset)}/end`, {});
