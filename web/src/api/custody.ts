// custody.ts - what keeps the records whole: witnesses of the log, the signer's keys, and texts whose time is over.
import { get, id, post } from './client.ts';
import type { components } from '../generated/api.ts';

type Schemas = components['schemas'];
export type Witness = Schemas['Witness'];
export type WitnessList = Schemas['WitnessList'];
export type Key = Schemas['Key'];
export type Rotation = Schemas['Rotation'];
export type KeyList = Schemas['KeyList'];
export type Erasures = Schemas['Erasures'];
export type Erasure = Schemas['Erasure'];
export type RetentionUnit = Schemas['RetentionUnit'];
type Receipted = Schemas['Receipted'];

export const listWitnesses = () => get<WitnessList>('/witnesses');
export const addWitness = (key: string, fingerprint: string) => post<Schemas['Made']>('/witnesses', { key, fingerprint });
export const endWitness = (witness: string, rev: number) => post<Schemas['Done']>(`/witnesses/${id(witness)}/end`, { rev });
export const keepCosigned = (note: string) => post<Schemas['CosignedKept']>('/cosigned', { note });
export const CHECKPOINT_PATH = '/api/v1/checkpoint';
export const SHEET_PATH = '/api/v1/papers/log-sheet?about=log';

export const listKeys = () => get<KeyList>('/keys');
export const askRotation = (use: Rotation['use'], reason: string) => post<Schemas['Made']>('/keys/rotations', { use, reason });
export const confirmRotation = (rotation: string) => post<Receipted>(`/keys/rotations/${id(rotation)}/confirm`, {});
export const endRotation = (rotation: string) => post<Receipted>(`/keys/rotations/${id(rotation)}/end`, {});

export const listErasures = () => get<Erasures>('/erasures');
export const askErasure = (units: readonly string[], reason: string) => post<Schemas['ErasureDone']>('/erasures', { units: [...units], reason });
export const confirmErasure = (erasure: string) => post<Schemas['ErasureDone']>(`/erasures/${id(erasure)}/confirm`, {});
export const refuseErasure = (erasure: string, reason: string) => post<Schemas['ErasureDone']>(`/erasures/${id(erasure)}/refuse`, { reason });
