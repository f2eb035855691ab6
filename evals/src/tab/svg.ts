/**
 * The few drawings docs/results needs, as plain SVG: no library, since a chart library would bring a browser or a canvas into a
 * command that draws five pictures. Colours follow the reader's light or dark setting by `prefers-color-scheme`, which also works where the
 * picture is embedded as an image.
 */
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 14px; font-weight: 600 }
  .axis { stroke: #8c959f; fill: none } .grid { stroke: #d0d7de; stroke-dasharray: 2 3 }
  .s0 { stroke: #0969da; fill: #0969da } .s1 { stroke: #bc4c00; fill: #bc4c00 } .s2 { stroke: #1a7f37; fill: #1a7f37 }
  .line { fill: none; stroke-width: 2 } .back { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .back { fill: #0d1117 } .axis { stroke: #768390 } .grid { stroke: #373e47 }
    .s0 { stroke: #58a6ff; fill: #58a6ff } .s1 { stroke: #f0883e; fill: #f0883e } .s2 { stroke: #3fb950; fill: #3fb950 }
  }`;

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Marks with a size 0..1 instead of a line. */
  readonly sizes?: readonly number[];
}

export interface Axis {
  readonly label: string;
  readonly max: number;
  readonly format: (value: number) => string;
}

/** Lines (or dots) over two axes that start at 0. */
export function lineChart(title: string, x: Axis, y: Axis, series: readonly Series[]): string {
  const [left, top, width, height] = [60, 56, 480, 260];
  const px = (value: number) => round(left + (width * Math.min(value, x.max)) / (x.max || 1));
  const py = (value: number) => round(top + height - (height * Math.min(value, y.max)) / (y.max || 1));
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const grid = ticks.flatMap((part) => [
    `<line class="grid" x1="${left}" x2="${left + width}" y1="${py(part * y.max)}" y2="${py(part * y.max)}"/>`,
    `<text x="${left - 8}" y="${py(part * y.max) + 4}" text-anchor="end">${escaped(y.format(part * y.max))}</text>`,
    `<text x="${px(part * x.max)}" y="${top + height + 18}" text-anchor="middle">${escaped(x.format(part * x.max))}</text>`,
  ]);
  const drawn = series.flatMap(({ name, points, sizes }, index) => [
    sizes
      ? points
          .map(
            ([a, b], at) =>
              `<circle class="s${index % 3}" fill-opacity="0.7" cx="${px(a)}" cy="${py(b)}" r="${round(3 + 9 * Math.sqrt(sizes[at] ?? 0))}"/>`,
          )
          .join('')
      : `<polyline class="line s${index % 3}" style="fill:none" points="${points.map(([a, b]) => `${px(a)},${py(b)}`).join(' ')}"/>`,
    `<rect class="s${index % 3}" x="${left + index * 170}" y="34" width="10" height="10"/><text x="${left + 16 + index * 170}" y="43">${escaped(name)}</text>`,
  ]);
  const labels = [
    `<text x="${left + width / 2}" y="${top + height + 40}" text-anchor="middle">${escaped(x.label)}</text>`,
    `<text transform="translate(16 ${top + height / 2}) rotate(-90)" text-anchor="middle">${escaped(y.label)}</text>`,
    `<path class="axis" d="M${left} ${top}V${top + height}H${left + width}"/>`,
  ];
  return picture(left + width + 30, top + height + 54, title, [...grid, ...labels, ...drawn]);
}

export interface Bar {
  readonly name: string;
  /** One value for each name of the legend; `undefined` where there is none. */
  readonly values: readonly (number | undefined)[];
}

/** Horizontal bars, grouped by name; `max` is the value of a full bar. */
export function barChart(
  title: string,
  legend: readonly string[],
  bars: readonly Bar[],
  max: number,
  format: (value: number) => string,
): string {
  const [left, top, width, step] = [240, 60, 340, 16];
  const drawn: string[] = legend.map(
    (name, index) =>
      `<rect class="s${index % 3}" x="${20 + index * 170}" y="34" width="10" height="10"/><text x="${36 + index * 170}" y="43">${escaped(name)}</text>`,
  );
  let y = top;
  for (const bar of bars) {
    drawn.push(
      `<text x="${left - 8}" y="${y + (step * bar.values.length) / 2 + 3}" text-anchor="end">${escaped(bar.name)}</text>`,
    );
    for (const [index, value] of bar.values.entries()) {
      const length = round((width * Math.min(value ?? 0, max)) / (max || 1));
      drawn.push(`<rect class="s${index % 3}" x="${left}" y="${y}" width="${length}" height="${step - 4}"/>`);
      drawn.push(
        `<text x="${left + length + 6}" y="${y + 10}">${escaped(value === undefined ? '-' : format(value))}</text>`,
      );
      y += step;
    }
    y += 10;
  }
  return picture(left + width + 80, y + 10, title, [...drawn, `<path class="axis" d="M${left} ${top - 4}V${y - 6}"/>`]);
}

function picture(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="back" width="${width}" height="${height}"/>`,
    `<text class="title" x="20" y="22">${escaped(title)}</text>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
