// oversight.ts - for whoever watches over the house: how the guideline's clauses are covered.
import { get, post } from './client.ts';
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type Coverage = Schemas['Coverage'];
export type CoveredClause = Schemas['CoveredClause'];
export type Mechanism = Schemas['Mechanism'];
export type LastEvidence = Schemas['LastEvidence'];

export const getCoverage = () => get<Coverage>('/pack/coverage');

/* ---- the auditor ---- */
export type PopulationList = Schemas['PopulationList'];
export type Population = Schemas['Population'];
export type AuditExceptions = Schemas['AuditExceptions'];
export type AuditRow = Schemas['AuditRow'];
/** Days in Japan, both included; an empty text is not sent. */
export type Asked = { from: string; to: string; body: string };
export type Draw = Asked & { seed: string; size: string };

function query(asked: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== '')).toString();
  return text ? `?${text}` : '';
}

export const listPopulations = (asked: Asked) => get<PopulationList>(`/audit/populations${query(asked)}`);
export const listExceptions = (asked: Asked) => get<AuditExceptions>(`/audit/exceptions${query(asked)}`);
export const getPopulation = (name: string, draw: Draw) => get<Population>(`/audit/populations/${name}${query(draw)}`);
export const populationPath = (name: string, draw: Draw, format: 'ids' | 'xlsx') => `/api/v1/audit/populations/${name}${query({ ...draw, format })}`;
export const auditPath = (name: string, asked: Asked) => `/audit${name ? `/${name}` : ''}${query(asked)}`;

/* ---- the installation ---- */
export type Installation = Schemas['Installation'];
export type Check = Installation['checks'][number];
export type HouseClock = Schemas['HouseClock'];
export const getClock = () => get<HouseClock>('/clock');
export const confirmClock = (wall: string) => post<Schemas['ClockConfirmed']>('/clock/confirm', { wall });
export const getInstallation = () => get<Installation>('/installation');
export const playPeople = () => get<Installation>('/installation?part=people');
