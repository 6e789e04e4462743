// Draws bar charts as SVG. Knows nothing about benchmarks: labels, values and texts come from above.

/** One bar. */
export interface Bar {
  readonly label: string;
  /** What the length stands for. */
  readonly value: number;
  /** Where half of the values lie, if known. */
  readonly range?: readonly [low: number, high: number];
  /** The value as text. */
  readonly text: string;
  /** Drawn in the colour of the subject rather than of the others. */
  readonly own: boolean;
  /** Drawn pale: a limit, not a peer. */
  readonly limit?: boolean;
}

/** Bars that are compared with each other. */
export interface Group {
  readonly title: string;
  /** Which way is better, as text beside the title. */
  readonly hint: string;
  readonly bars: readonly Bar[];
}

/** A chart: groups below each other, each with a scale of its own. */
export interface Chart {
  readonly title: string;
  readonly groups: readonly Group[];
  readonly footer: string;
}

const WIDTH = 840;
const MARGIN = 16;
const LABELS = 270;
const VALUES = 110;
const BAR = 16;
const ROW = 23;
const GROUP_HEAD = 34;
const HEAD = 44;
const FOOTER = 34;
const BAR_MIN = 2;

// Bars of which one is this many times another are drawn on a logarithmic scale.
const LOGARITHMIC_FROM = 30;

const STYLE = `
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #24292f; }
.title { font-size: 17px; font-weight: 600; }
.group { font-weight: 600; }
.quiet, .footer { fill: #57606a; font-size: 12px; }
.own { fill: #0969da; }
.peer { fill: #afb8c1; }
.limit { fill: #d8dee4; }
.range { stroke: #24292f; stroke-width: 1; opacity: 0.6; }
.back { fill: #ffffff; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .quiet, .footer { fill: #8d96a0; }
  .own { fill: #4493f8; }
  .peer { fill: #656c76; }
  .limit { fill: #3d444d; }
  .range { stroke: #e6edf3; }
  .back { fill: #0d1117; }
}`;

/** The chart as an SVG document. */
export function renderChart(chart: Chart): string {
  let y = HEAD;
  const parts: string[] = [];
  for (const group of chart.groups) {
    parts.push(renderGroup(group, y));
    y += GROUP_HEAD + group.bars.length * ROW;
  }
  const height = y + FOOTER;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(chart.title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="back" width="${WIDTH}" height="${height}" rx="6"/>`,
    text(MARGIN, 28, chart.title, 'title'),
    ...parts,
    text(MARGIN, height - 14, chart.footer, 'footer'),
    '</svg>',
    '',
  ].join('\n');
}

function renderGroup({ title, hint, bars }: Group, top: number): string {
  const place = scale(bars);
  const left = MARGIN + LABELS;
  const rows = bars.map((bar, index) => {
    const y = top + GROUP_HEAD + index * ROW;
    const width = place(bar.value);
    const kind = bar.own ? 'own' : bar.limit ? 'limit' : 'peer';
    return [
      text(left - 8, y + 12, bar.label, bar.own ? 'group' : '', 'end'),
      `<rect class="${kind}" x="${left}" y="${y}" width="${round(width)}" height="${BAR}" rx="2"><title>${escaped(`${bar.label}: ${bar.text}`)}</title></rect>`,
      bar.range === undefined ? '' : whisker(left, y + BAR / 2, place, bar.range),
      text(left + Math.max(width, end(place, bar)) + 6, y + 12, bar.text, 'quiet'),
    ]
      .filter((part) => part !== '')
      .join('\n');
  });
  const logarithmic = isLogarithmic(bars) ? ', logarithmic' : '';
  return [
    `${text(MARGIN, top + 22, title, 'group')}`,
    text(WIDTH - MARGIN, top + 22, `${hint}${logarithmic}`, 'quiet', 'end'),
    ...rows,
  ].join('\n');
}

function whisker(
  left: number,
  y: number,
  place: (value: number) => number,
  [low, high]: readonly [number, number],
): string {
  return `<line class="range" x1="${round(left + place(low))}" y1="${y}" x2="${round(left + place(high))}" y2="${y}"/>`;
}

function end(place: (value: number) => number, { range }: Bar): number {
  return range === undefined ? 0 : place(range[1]);
}

function isLogarithmic(bars: readonly Bar[]): boolean {
  const values = bars.map(({ value }) => value).filter((value) => value > 0);
  return Math.max(...values) / Math.min(...values) >= LOGARITHMIC_FROM;
}

/** From a value to the length of its bar. */
function scale(bars: readonly Bar[]): (value: number) => number {
  const room = WIDTH - MARGIN * 2 - LABELS - VALUES;
  const all = bars.flatMap(({ value, range }) => [value, ...(range ?? [])]).filter((v) => v > 0);
  const most = Math.max(...all);
  if (!isLogarithmic(bars)) return (value) => Math.max(BAR_MIN, (value / most) * room);
  // One step below the least, so that the shortest bar can be seen.
  const least = Math.min(...all) / 2;
  const whole = Math.log(most / least);
  return (value) => Math.max(BAR_MIN, (Math.log(Math.max(value, least) / least) / whole) * room);
}

function text(
  x: number,
  y: number,
  content: string,
  kind: string,
  anchor: 'start' | 'end' = 'start',
): string {
  const style = kind === '' ? '' : ` class="${kind}"`;
  const end = anchor === 'end' ? ' text-anchor="end"' : '';
  return `<text x="${round(x)}" y="${round(y)}"${style}${end}>${escaped(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
