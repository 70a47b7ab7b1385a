// evidence.ts - evidence packs: what one would hold, ordering it, and how far it is.
import { get, id, post } from './client.ts';
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type EvidencePack = Schemas['EvidenceList']['items'][number];
export type Preview = Schemas['EvidencePreview'];
export type Order = Schemas['EvidenceOrder'];

export function previewEvidence(order: Order) {
  const asked = { kind: order.kind, id: order.id, body: order.body ?? '', from: order.from, to: order.to, names: order.names ?? 'person', withhold: order.withhold ? 'true' : '' };
  const text = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== '')).toString();
  return get<Preview>(`/evidence/preview?${text}`);
}
export const orderEvidence = (order: Order) => post<Schemas['EvidenceOrdered']>('/evidence', order);
export const listEvidence = () => get<Schemas['EvidenceList']>('/evidence');
export const packPath = (pack: string) => `/api/v1/evidence/${id(pack)}/pack`;
