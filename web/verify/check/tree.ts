// tree.ts - the RFC 6962 tree: grown leaf by leaf, proofs walked (RFC 9162 §2.1.3.2, §2.1.4.2).
// Sizes and indexes are numbers up to 2^40, so halves are divisions: JavaScript's shifts know 32 bits only.
import { same } from './bytes.ts';
import { hashOf, nodeHash } from './hash.ts';

export const TREE_SIZE_MAX = 2 ** 40;
export type Hash = Uint8Array;

const half = (n: number) => Math.floor(n / 2);
const odd = (n: number) => n % 2 === 1;

/** The right edge: one hash for each set bit of the size, the largest subtree first. */
export class Edge {
  size = 0;
  readonly #nodes: Hash[] = [];

  append(leaf: Hash): void {
    let node = leaf;
    for (let n = this.size; odd(n); n = half(n)) node = nodeHash(this.#nodes.pop() as Hash, node);
    this.#nodes.push(node);
    this.size++;
  }

  root(): Hash {
    let at = this.#nodes.length - 1;
    let root = this.#nodes[at];
    if (!root) return hashOf(new Uint8Array());
    while (--at >= 0) root = nodeHash(this.#nodes[at] as Hash, root);
    return root;
  }
}

type Step = { fn: number; sn: number; node: Hash };

/** Walks one proof after the other. Where a way meets that of the proof before, and what follows is the same, the same root follows. */
export class Walker {
  #steps: Step[] = [];
  #proof: readonly Hash[] = [];
  #root: Hash | null = null;

  /** The root to which a leaf and its proof lead; null when the proof has too few or too many hashes. */
  rootOf(leaf: Hash, index: number, size: number, proof: readonly Hash[]): Hash | null {
    if (index >= size) return null;
    const before = { steps: this.#steps, proof: this.#proof, root: this.#root };
    const steps: Step[] = [];
    this.#root = null;
    let fn = index;
    let sn = size - 1;
    let node = leaf;
    let root: Hash | null = null;
    for (const [k, sibling] of proof.entries()) {
      if (sn === 0) return null;
      const old = before.steps[k];
      if (old && before.root && old.fn === fn && old.sn === sn && same(old.node, node) && proof.length === before.proof.length && proof.every((h, n) => n < k || same(h, before.proof[n] as Hash))) {
        root = before.root;
        steps.push(...before.steps.slice(k));
        break;
      }
      steps.push({ fn, sn, node });
      if (odd(fn) || fn === sn) {
        node = nodeHash(sibling, node);
        while (!odd(fn) && fn !== 0) {
          fn = half(fn);
          sn = half(sn);
        }
      } else {
        node = nodeHash(node, sibling);
      }
      fn = half(fn);
      sn = half(sn);
    }
    if (!root && sn !== 0) return null;
    this.#steps = steps;
    this.#proof = proof;
    this.#root = root ?? node;
    return this.#root;
  }
}

const isPower = (n: number) => n > 0 && 2 ** Math.round(Math.log2(n)) === n;

/** Does the tree of `size` continue the tree of `from`? */
export function continues(from: number, fromRoot: Hash, size: number, root: Hash, proof: readonly Hash[]): boolean {
  if (from === size) return proof.length === 0 && same(fromRoot, root);
  if (from === 0 || from > size) return false;
  const path = isPower(from) ? [fromRoot, ...proof] : [...proof];
  let fn = from - 1;
  let sn = size - 1;
  while (odd(fn)) {
    fn = half(fn);
    sn = half(sn);
  }
  const first = path.shift();
  if (!first) return false;
  let old = first;
  let now = first;
  for (const hash of path) {
    if (sn === 0) return false;
    if (odd(fn) || fn === sn) {
      old = nodeHash(hash, old);
      now = nodeHash(hash, now);
      while (!odd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      now = nodeHash(now, hash);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && same(old, fromRoot) && same(now, root);
}
