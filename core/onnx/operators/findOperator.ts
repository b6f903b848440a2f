import { attentionOperators } from './attention.ts';
import { constantOperators } from './constants.ts';
import { elementwiseOperators } from './elementwise.ts';
import { gatherOperators } from './gather.ts';
import { layoutOperators } from './layout.ts';
import { normalisationOperators } from './normalisation.ts';
import type { Operator } from './operator.ts';
import { productOperators } from './products.ts';
import { quantisedOperators } from './quantised.ts';
import { reduceOperators } from './reduce.ts';
import { windowOperators } from './windows.ts';

const operators = new Map<string, Operator>(
  [
    attentionOperators,
    constantOperators,
    elementwiseOperators,
    gatherOperators,
    layoutOperators,
    normalisationOperators,
    productOperators,
    quantisedOperators,
    reduceOperators,
    windowOperators,
  ].flatMap((table) => Object.entries(table)),
);

/** @param name `Conv`, `com.microsoft::Gelu` */
export function findOperator(name: string): Operator | undefined {
  return operators.get(name);
}
