// A snapshot as a picture, in the languages of Graphviz and Mermaid. Text only.

import type { NetworkSnapshot, SnapshotChannel, SnapshotProcess } from './snapshot.js';

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** For Graphviz. */
export function toDot(snapshot: NetworkSnapshot): string {
  const { nodes, outside, arrows } = graphOf(snapshot);
  const text = (words: string): string =>
    `"${words.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
  return [
    `digraph ${text(snapshot.name)} {`,
    '  rankdir=LR;',
    '  node [shape=box, style=rounded];',
    ...nodes.map(
      ({ id, label, isPython }) =>
        `  ${id} [label=${text(label)}${isPython ? ', style="rounded,filled", fillcolor="#ffe873"' : ''}];`,
    ),
    ...outside.map((id) => `  ${id} [shape=point];`),
    ...arrows.map(({ from, to, label }) => `  ${from} -> ${to} [label=${text(label)}];`),
    '}',
    '',
  ].join('\n');
}

/** For Mermaid. */
export function toMermaid(snapshot: NetworkSnapshot): string {
  const { nodes, outside, arrows } = graphOf(snapshot);
  const text = (words: string): string =>
    `"${words.replaceAll('"', '#quot;').replaceAll('\n', '<br>')}"`;
  const pythons = nodes.filter(({ isPython }) => isPython).map(({ id }) => id);
  return [
    'flowchart LR',
    ...nodes.map(({ id, label }) => `  ${id}[${text(label)}]`),
    ...outside.map((id) => `  ${id}(( ))`),
    ...arrows.map(({ from, to, label }) => `  ${from} -- ${text(label)} --> ${to}`),
    ...(pythons.length > 0
      ? ['  classDef python fill:#ffe873,color:#000', `  class ${pythons.join(',')} python`]
      : []),
    '',
  ].join('\n');
}

interface Graph {
  readonly nodes: readonly { id: string; label: string; isPython: boolean }[];
  /** Who is not a process of the network. */
  readonly outside: readonly string[];
  readonly arrows: readonly Arrow[];
}

function graphOf({ processes, channels }: NetworkSnapshot): Graph {
  const running = processes.filter(
    ({ state }) => state === 'running' || state === 'waiting' || state === 'starting',
  );
  const outside = new Set<string>();
  const other = (id: string): string => {
    outside.add(id);
    return id;
  };
  return {
    nodes: running.map((process) => ({
      id: `p${process.id}`,
      label: describe(process),
      isPython: process.language === 'python',
    })),
    arrows: channels.flatMap((channel): Arrow[] => {
      const sources = channel.sendingProcesses.map((id) => `p${id}`);
      const targets = channel.receivingProcesses.map((id) => `p${id}`);
      if (sources.length === 0) sources.push(other(`in${channel.id}`));
      if (targets.length === 0) targets.push(other(`out${channel.id}`));
      const label = words(channel);
      return sources.flatMap((from) => targets.map((to) => ({ from, to, label })));
    }),
    outside: [...outside],
  };
}

function describe({ name, state, restarts }: SnapshotProcess): string {
  return `${name}\n${state}${restarts > 0 ? `, restarted ${restarts}×` : ''}`;
}

function words({ id, name, length, capacity, throughput }: SnapshotChannel): string {
  const depth =
    capacity === 0 ? '' : ` ${length}/${capacity === Number.POSITIVE_INFINITY ? '∞' : capacity}`;
  const speed = throughput > 0 ? ` ${Math.round(throughput)}/s` : '';
  return `${name ?? `channel ${id}`}${depth}${speed}`;
}
