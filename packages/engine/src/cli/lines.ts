import { StringDecoder } from 'node:string_decoder';

/** One line of a stream, without its line break; `undefined` stands for a line that is longer than allowed, which is read over. */
export type Line = string | undefined;

/** Lines of a UTF-8 stream, as they come; never holds more than one line and one chunk. `limit` in UTF-16 code units. */
export async function* linesOf(input: AsyncIterable<Uint8Array | string>, limit: number): AsyncGenerator<Line> {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let length = 0;
  const take = (): Line => {
    const line = length > limit ? undefined : parts.join('');
    parts = [];
    length = 0;
    return line?.endsWith('\r') ? line.slice(0, -1) : line;
  };
  const push = (part: string) => {
    length += part.length;
    if (length <= limit) parts.push(part);
    else parts = [];
  };
  for await (const chunk of input) {
    const text = typeof chunk === 'string' ? chunk : decoder.write(chunk as Buffer);
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      push(text.slice(start, end));
      yield take();
      start = end + 1;
    }
    if (start < text.length) push(text.slice(start));
  }
  push(decoder.end());
  if (length > 0) yield take();
}
