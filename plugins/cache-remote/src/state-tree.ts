import type { Digest, StateLayer } from '@strake/api';
import type { CachedState } from '@strake/oci';

interface Node {
  readonly number: number;
  readonly children: Map<Digest, Node>;
}

/** States of layers as a tree: what two of them share is there once. */
export class StateTree {
  readonly #roots = new Map<Digest, Node>();
  readonly #states: CachedState[] = [];
  readonly #layers = new Map<Digest, { readonly number: number; readonly layer: StateLayer }>();

  /** The number of a state, which is added with all below it; undefined for one without layers. */
  add(layers: readonly StateLayer[]): number | undefined {
    let children = this.#roots;
    let on: number | undefined;
    for (const layer of layers) {
      const node = children.get(layer.diffId) ?? this.#grow(children, layer, on);
      on = node.number;
      children = node.children;
    }
    return on;
  }

  /** The number of a state that was added, or is below one. */
  find(layers: readonly StateLayer[]): number | undefined {
    let children: Map<Digest, Node> | undefined = this.#roots;
    let found: number | undefined;
    for (const { diffId } of layers) {
      const node: Node | undefined = children.get(diffId);
      if (node === undefined) return undefined;
      found = node.number;
      children = node.children;
    }
    return found;
  }

  get states(): readonly CachedState[] {
    return this.#states;
  }

  /** In the order of their numbers. */
  get layers(): readonly StateLayer[] {
    return [...this.#layers.values()].map(({ layer }) => layer);
  }

  #grow(children: Map<Digest, Node>, layer: StateLayer, on: number | undefined): Node {
    const known = this.#layers.get(layer.diffId) ?? { number: this.#layers.size, layer };
    this.#layers.set(layer.diffId, known);
    const node = { number: this.#states.length, children: new Map<Digest, Node>() };
    const { created } = layer;
    this.#states.push({ layer: known.number, ...(on === undefined ? {} : { on }), ...(created === undefined ? {} : { created }) });
    children.set(layer.diffId, node);
    return node;
  }
}
