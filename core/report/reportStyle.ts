/** One accent colour per contestant: the teacher's is neutral, the students' can be told apart by every eye. */
export const CONTESTANT_COLOURS = [
  '#6b7280',
  '#2f6fde',
  '#c2620a',
  '#0f8a6d',
  '#a3369b',
  '#8a6d00',
  '#c0392b',
];

export function contestantColour(index: number): string {
  return CONTESTANT_COLOURS[index % CONTESTANT_COLOURS.length]!;
}

/** Self-contained: no fonts, no scripts, nothing fetched. Prints in light colours. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --page: #f6f6f7; --card: #fff; --ink: #1b1c1f; --quiet: #62656d; --line: #e2e3e7; --bad: #b42318; --good: #1a7f4b; --cell: 37 99 176; }
@media (prefers-color-scheme: dark) { :root { --page: #161719; --card: #1e1f22; --ink: #e7e8ea; --quiet: #9a9da5; --line: #313338; --bad: #f97066; --good: #4cc38a; --cell: 96 156 240; } }
@media print { :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #1b1c1f; --quiet: #62656d; --line: #d6d7db; --bad: #b42318; --good: #1a7f4b; --cell: 37 99 176; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 13px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1120px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 22px; line-height: 1.3; margin: 0 0 4px; font-weight: 650; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 15px; margin: 40px 0 4px; font-weight: 650; }
h3 { font-size: 13px; margin: 0 0 8px; font-weight: 600; }
p { margin: 0 0 12px; max-width: 78ch; } .quiet { color: var(--quiet); } .small { font-size: 12px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 16px; }
.verdicts { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); margin: 24px 0 8px; }
.verdict .name { display: flex; gap: 8px; align-items: center; font-weight: 600; }
.verdict .big { font-size: 30px; line-height: 1.2; font-weight: 650; letter-spacing: -0.02em; margin-top: 8px; }
.verdict .big small { font-size: 13px; font-weight: 400; color: var(--quiet); letter-spacing: 0; }
.verdict dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; margin: 12px 0 0; } .verdict dt { color: var(--quiet); } .verdict dd { margin: 0; text-align: right; }
.dot { width: 10px; height: 10px; border-radius: 50%; flex: none; display: inline-block; } .swatch { width: 10px; height: 10px; border-radius: 2px; display: inline-block; margin-right: 8px; border: 1px solid rgb(128 128 128 / .4); }
.bad { color: var(--bad); } .good { color: var(--good); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; } th, td { text-align: right; padding: 5px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; } tr:last-child td { border-bottom: 0; }
th:first-child, td:first-child { text-align: left; } thead th { font-weight: 600; color: var(--quiet); font-size: 12px; vertical-align: bottom; } td .ends { display: block; color: var(--quiet); font-size: 11px; line-height: 1.2; }
.charts { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(340px, 1fr)); } svg { display: block; width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: var(--quiet); } svg .ink { fill: var(--ink); } svg .axis { stroke: var(--line); }
.bar { display: inline-block; height: 8px; border-radius: 2px; vertical-align: middle; } .bars { width: 34%; text-align: left; } .bars div { display: flex; align-items: center; gap: 8px; height: 13px; }
.matrix { width: auto; font-size: 11px; } .matrix td, .matrix th { border: 1px solid var(--card); padding: 4px 5px; min-width: 38px; text-align: center; } .matrix th:first-child { text-align: right; border: 0; padding-right: 8px; } .matrix thead th { height: 76px; vertical-align: bottom; } .matrix thead th span { writing-mode: vertical-rl; transform: rotate(180deg); display: inline-block; }
.gallery { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(236px, 1fr)); margin: 8px 0 24px; } figure { margin: 0; overflow: hidden; padding: 0; } figure .none { aspect-ratio: 4 / 3; display: grid; place-items: center; color: var(--quiet); } figcaption { padding: 8px 12px 10px; overflow-wrap: anywhere; display: flex; gap: 12px; justify-content: space-between; } figcaption b { white-space: nowrap; }
code { font: 11px ui-monospace, "SF Mono", Consolas, monospace; overflow-wrap: anywhere; white-space: normal; } ul { padding-left: 20px; margin: 4px 0; }
@media print { main { max-width: none; padding: 0; } .card, figure, tr, svg { break-inside: avoid; } h2, h3 { break-after: avoid; } .gallery { grid-template-columns: repeat(4, 1fr); } body { font-size: 11px; print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
