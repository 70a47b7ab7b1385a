// home.ts - the first page, 使っていい？ and the numbers for charts.
import { get } from './client.ts';
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type Home = Schemas['Home'];
export type Due = Home['due'][number];
export type Wrong = Home['wrong'][number];
export type Clause = Schemas['Clause'];
export type MayUse = Schemas['MayUse'];
export type MayLine = MayUse['items'][number];
export type Overview = Schemas['Overview'];
export type Bar = Overview['due'][number];

export const getHome = () => get<Home>('/home');
export const mayUse = (q: string) => get<MayUse>(`/may-use?${new URLSearchParams({ q })}`);
export const getOverview = () => get<Overview>('/overview');
