import { z } from 'zod';
import { WireEdit } from './documents.ts';

/**
 * Language facts, asked by the engine of the client (`facts/references`, `facts/definition`, `facts/rename`, `facts/diagnostics`,
 * `facts/codeActions`, `facts/symbols`). `null`: no provider for that document, or it did not answer in time. The engine checks every answer
 * against these schemas. Offsets are UTF-16 code units of the document at `version`; for files that are not open, of the text on disk.
 */
export interface FactsAt {
  readonly path: string;
  readonly version: number;
  readonly offset: number;
}
export interface FactsRename extends FactsAt {
  readonly newName: string;
}
export interface FactsIn {
  readonly path: string;
  readonly version: number;
}
export interface FactsRange extends FactsIn {
  readonly start: number;
  readonly end: number;
}

const offset = z.number().int().nonnegative();
export const WireLocation = z.object({ path: z.string(), start: offset, end: offset });
export type WireLocation = z.infer<typeof WireLocation>;
export const WireFileEdits = z.object({ path: z.string(), edits: z.array(WireEdit) });
export type WireFileEdits = z.infer<typeof WireFileEdits>;
export const WireDiagnostic = WireLocation.extend({
  message: z.string(),
  severity: z.enum(['error', 'warning', 'info', 'hint']),
  code: z.string().optional(),
  source: z.string().optional(),
});
export type WireDiagnostic = z.infer<typeof WireDiagnostic>;
export const WireCodeAction = z.object({
  title: z.string(),
  kind: z.string().optional(),
  preferred: z.boolean(),
  edits: z.array(WireFileEdits),
});
export type WireCodeAction = z.infer<typeof WireCodeAction>;

export interface WireSymbol {
  readonly name: string;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly children: readonly WireSymbol[];
}
export const WireSymbol: z.ZodType<WireSymbol> = z.lazy(() =>
  z.object({
    name: z.string(),
    kind: z.string(),
    start: offset,
    end: offset,
    nameStart: offset,
    nameEnd: offset,
    children: z.array(WireSymbol),
  }),
);
