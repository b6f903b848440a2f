import { findClass, idsByName, nameKey, type ClassId, type ClassTable } from '../../labels/classTable.ts';
import { vocColour } from '../../labels/vocColour.ts';
import type { Rgb } from '../../labels/rgb.ts';
import { boxesById } from '../../mask/boxesById.ts';
import type { ClassMap } from '../../mask/classMap.ts';
import { fillPolygon } from '../../mask/polygon.ts';
import { ProblemError } from '../../problem.ts';
import { emptyMask } from '../emptyMask.ts';
import { tableOf } from '../formatClasses.ts';
import { readText, RECOGNISE_FILES } from '../formatText.ts';
import { idSink, pointsOf } from '../idSink.ts';
import type { FormatFiles, MaskEntry, MaskFormat, NamedEntry, WritePlan } from '../maskFormat.ts';
import { boxOutline, ellipseOutline } from '../outlines.ts';
import { xmlTags, xmlText, type XmlTag } from '../xmlTags.ts';

const FILE = 'annotations.xml';
const CODE = 'cvatXml';
/** Elements of an image that are shapes; `tag` is about all of it. */
const SHAPES = new Set(['mask', 'polygon', 'box', 'ellipse', 'polyline', 'points', 'cuboid', 'skeleton']);

interface FoundImage {
  readonly tag: XmlTag;
  readonly shapes: XmlTag[];
}

/** "CVAT for images 1.1": an XML of shapes. Its mask is run-length encoded row by row inside a box, outside first. */
export const cvatXmlFormat: MaskFormat = {
  id: 'cvat-xml',
  title: 'CVAT for images 1.1 (XML)',
  layout: `${FILE}: one run-length encoded mask per image and class`,
  fidelity: "lossless; other people's polygons, boxes and ellipses within 1 pixel of their edges",
  images: 'none',
  splits: false,
  async recognise(files) {
    const names = await xmlFiles(files, RECOGNISE_FILES);
    return names.length > 0 ? `${names.join(', ')} with <annotations> and <image>` : null;
  },
  async open(files) {
    const read = await Promise.all(
      (await xmlFiles(files)).map(async (file) => ({ file, ...parse(await readText(files, file), file) })),
    );
    const classTable = tableOf(labelsOf(read), 'labels');
    const entries = read.flatMap(({ file, images }) =>
      images.map((image) => entryOf(file, image, classTable)),
    );
    return { classTable, named: true, entries, problems: [] };
  },
  createWriter(plan) {
    const { classTable, images } = plan;
    let begun = false;
    const begin = () => {
      const header = begun ? '' : headerText(plan);
      begun = true;
      return header;
    };
    return {
      place: () => ({ mask: FILE, image: null }),
      add(index, classMap) {
        const text = imageText(index, images[index]!.name, classMap, classTable);
        return [{ path: FILE, append: `${begin()}${text}` }];
      },
      finish: () => [{ path: FILE, append: `${begin()}</annotations>\n` }],
    };
  },
};

async function xmlFiles(files: FormatFiles, most = Infinity): Promise<string[]> {
  const found: string[] = [];
  const names = files.names.filter((name) => name.toLowerCase().endsWith('.xml'));
  for (const name of names.slice(0, most)) {
    const text = await readText(files, name);
    if (/<annotations[\s>]/.test(text) && /<image\s/.test(text)) found.push(name);
  }
  return found;
}

/** Labels of the head with their colours, and the images with their shapes. */
function parse(text: string, file: string): { labels: NamedEntry[]; images: FoundImage[] } {
  const labels: { name: string; colour: Rgb | null }[] = [];
  const images: FoundImage[] = [];
  let inLabel = 0;
  for (const tag of xmlTags(text, file)) {
    if (tag.name === 'label') {
      if (tag.kind === 'open') inLabel = labels.push({ name: '', colour: null });
      if (tag.kind === 'close') inLabel = 0;
    } else if (tag.kind === 'close' && inLabel > 0) {
      const label = labels[inLabel - 1]!;
      // The first name is the label's; its attributes have names, too.
      if (tag.name === 'name' && label.name === '') label.name = tag.text;
      if (tag.name === 'color') label.colour = colourOf(tag.text);
    } else if (tag.name === 'image' && tag.kind !== 'close') images.push({ tag, shapes: [] });
    else if (tag.name === 'track') {
      throw new ProblemError({
        code: CODE,
        title: 'it has tracks of a video, not images',
        subject: file,
        hint: 'Export it as "CVAT for images 1.1" or "Segmentation mask 1.1"',
      });
    } else if (SHAPES.has(tag.name) && tag.kind !== 'close') images.at(-1)?.shapes.push(tag);
  }
  const named = labels.filter(({ name }) => name !== '');
  return {
    labels: named.map(({ name, colour }, n) => ({ name, colour: colour ?? vocColour(n + 1) })),
    images,
  };
}

function colourOf(text: string): Rgb | null {
  const [, red, green, blue] = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text) ?? [];
  if (!red || !green || !blue) return null;
  return [parseInt(red, 16), parseInt(green, 16), parseInt(blue, 16)];
}

/** Labels of the heads, then those that only shapes have, in the order of their names. */
function labelsOf(
  read: readonly { labels: readonly NamedEntry[]; images: readonly FoundImage[] }[],
): NamedEntry[] {
  const byKey = new Map<string, NamedEntry>();
  for (const { labels } of read) {
    for (const label of labels) if (!byKey.has(nameKey(label.name))) byKey.set(nameKey(label.name), label);
  }
  const used = read.flatMap(({ images }) =>
    images.flatMap(({ shapes }) => shapes.map((shape) => shape.attribute('label') ?? '')),
  );
  for (const name of [...new Set(used)].sort()) {
    if (name !== '' && !byKey.has(nameKey(name))) {
      byKey.set(nameKey(name), { name, colour: vocColour(byKey.size + 1) });
    }
  }
  return [...byKey.values()];
}

function entryOf(file: string, { tag, shapes }: FoundImage, classTable: ClassTable): MaskEntry {
  const image = tag.attribute('name') ?? '';
  const subject = `${file}, image ${image}`;
  return {
    subject,
    file,
    image,
    read() {
      const size = { width: whole(tag, 'width', subject), height: whole(tag, 'height', subject) };
      const map = emptyMask(size, classTable, subject);
      const idOf = idsByName(classTable);
      const order = (shape: XmlTag) => Number(shape.attribute('z_order')) || 0;
      for (const shape of [...shapes].sort((a, b) => order(a) - order(b))) {
        paintShape(map, shape, idOf.get(nameKey(shape.attribute('label') ?? '')) ?? null, subject);
      }
      return Promise.resolve({ classMap: map, unknown: [] });
    },
  };
}

function paintShape(map: ClassMap, shape: XmlTag, id: ClassId | null, subject: string): void {
  if (id === null) throw wrong(`a ${shape.name} has no label`, subject);
  const sink = idSink(map.width, map.height, map.ids);
  const number = (name: string) => decimal(shape, name, subject);
  const degrees = shape.attribute('rotation') === null ? 0 : number('rotation');
  switch (shape.name) {
    case 'mask': {
      paintMask(map, shape, id, subject);
      return;
    }
    case 'polygon': {
      const points = (shape.attribute('points') ?? '').split(/[;,]/).map(Number);
      fillPolygon(sink, pointsOf(points), id);
      return;
    }
    case 'box': {
      const corners = [number('xtl'), number('ytl'), number('xbr'), number('ybr')] as const;
      fillPolygon(sink, boxOutline([corners[0], corners[1]], [corners[2], corners[3]], { degrees }), id);
      return;
    }
    case 'ellipse': {
      const outline = ellipseOutline([number('cx'), number('cy')], [number('rx'), number('ry')], { degrees });
      fillPolygon(sink, outline, id);
      return;
    }
    default:
      throw new ProblemError({
        code: 'cvatXml.shape',
        title: `"${shape.attribute('label') ?? ''}" is a ${shape.name}, which has no area`,
        subject,
        hint: 'Masks, polygons, boxes and ellipses are read; remove it or make it one of them',
      });
  }
}

function paintMask({ width, height, ids }: ClassMap, shape: XmlTag, id: ClassId, subject: string): void {
  const [left, top] = [whole(shape, 'left', subject), whole(shape, 'top', subject)];
  const [w, h] = [whole(shape, 'width', subject), whole(shape, 'height', subject)];
  if (left + w > width || top + h > height) {
    throw wrong(`a mask of ${w} x ${h} pixels at ${left}, ${top} leads out of ${width} x ${height}`, subject);
  }
  const broken = () => wrong(`the runs of a mask are not those of its ${w} x ${h} pixels`, subject);
  let at = 0;
  for (const [index, text] of (shape.attribute('rle') ?? '').split(',').entries()) {
    const count = Number(text);
    if (text.trim() === '' || !Number.isInteger(count) || count < 0) {
      throw wrong(`a run of "${text.trim()}" pixels`, subject);
    }
    const end = at + count;
    if (end > w * h) throw broken();
    if (index % 2 === 1) {
      for (let n = at; n < end; n++) ids[(top + Math.floor(n / w)) * width + left + (n % w)] = id;
    }
    at = end;
  }
  if (at !== w * h) throw broken();
}

/** Throws where an attribute is no number. */
function decimal(tag: XmlTag, name: string, subject: string): number {
  const text = tag.attribute(name);
  const value = Number(text);
  if (text === null || text.trim() === '' || !Number.isFinite(value)) {
    throw wrong(`${name}="${text ?? ''}" of <${tag.name}> is no number`, subject);
  }
  return value;
}

function whole(tag: XmlTag, name: string, subject: string): number {
  const value = decimal(tag, name, subject);
  const least = name === 'width' || name === 'height' ? 1 : 0;
  if (Number.isInteger(value) && value >= least) return value;
  throw wrong(`${name}="${value}" of <${tag.name}> is no number of pixels`, subject);
}

function wrong(title: string, subject: string): ProblemError {
  return new ProblemError({ code: CODE, title, subject });
}

function headerText({ classTable, images, projectName }: WritePlan): string {
  const hex = (colour: Rgb) => `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  const labels = classTable.classes.map(
    ({ name, colour }) => `        <label>
          <name>${xmlText(name)}</name>
          <color>${hex(colour)}</color>
          <type>mask</type>
          <attributes></attributes>
        </label>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta>
    <task>
      <name>${xmlText(projectName)}</name>
      <size>${images.length}</size>
      <mode>annotation</mode>
      <labels>
${labels.join('\n')}
      </labels>
    </task>
  </meta>
`;
}

function imageText(index: number, name: string, classMap: ClassMap, classTable: ClassTable): string {
  const { width, height, ids } = classMap;
  const masks = [...boxesById(classMap)].flatMap(([id, { box }]) => {
    const label = findClass(classTable, id)?.name;
    if (label === undefined) return [];
    const [left, top, w, h] = box;
    const counts = rowCounts(w * h, (n) => ids[(top + Math.floor(n / w)) * width + left + (n % w)] === id);
    const place = `left="${left}" top="${top}" width="${w}" height="${h}"`;
    const named = `label="${xmlText(label)}" source="manual" occluded="0"`;
    return [`    <mask ${named} rle="${counts.join(', ')}" ${place} z_order="0"></mask>\n`];
  });
  const head = `id="${index}" name="${xmlText(name)}" width="${width}" height="${height}"`;
  return `  <image ${head}>\n${masks.join('')}  </image>\n`;
}

/** Lengths of runs, outside first. */
function rowCounts(pixels: number, isInside: (pixel: number) => boolean): number[] {
  const counts = [0];
  let inside = false;
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (isInside(pixel) !== inside) {
      inside = !inside;
      counts.push(0);
    }
    counts[counts.length - 1]!++;
  }
  return counts;
}
