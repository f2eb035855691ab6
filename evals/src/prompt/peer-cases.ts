import type { CorpusFile } from './corpus.ts';
import type { PeerCase, PeerMessage } from './peer.ts';

/** Trees as editors build them, from real sources. Every chunk has a priority of its own. */
export function peerCases(files: readonly CorpusFile[]): PeerCase[] {
  const rules: PeerMessage = {
    role: 'system',
    chunks: [{ priority: 100_000, text: 'You complete code. Answer with code only.\n' }],
  };
  const question: PeerMessage = {
    role: 'user',
    chunks: [{ priority: 99_999, text: 'Where is the mistake in this code?' }],
  };
  const long = files.find((file) => file.text.split('\n').length > 600) ?? files[0]!;
  return [
    { name: 'snippets by rank', messages: [rules, { role: 'user', chunks: snippets(files, 500) }, question] },
    { name: 'conversation', messages: [rules, ...conversation(files, 60), question] },
    { name: 'lines around a cursor', messages: [rules, { role: 'user', chunks: linesAround(long, 50_000) }, question] },
    {
      name: 'a file that fills the rest',
      messages: [
        rules,
        {
          role: 'user',
          chunks: snippets(files.slice(0, 2), 30).map((chunk, index) => ({
            ...chunk,
            priority: 20 + ((index * 7) % 31),
          })),
          fill: { priority: 10, text: long.text },
        },
        question,
      ],
    },
  ];
}

function snippets(files: readonly CorpusFile[], most: number) {
  const chunks: string[] = [];
  for (const file of files) {
    const lines = file.text.split('\n');
    for (let at = 0; at < lines.length && chunks.length < most; at += 30) {
      chunks.push(`${file.path}:${at + 1}\n${lines.slice(at, at + 30).join('\n')}\n`);
    }
  }
  // An order that is not that of the document, as scores are.
  return chunks.map((text, index) => ({ priority: 1 + ((index * 7_919) % 10_007), text }));
}

function conversation(files: readonly CorpusFile[], turns: number): PeerMessage[] {
  return Array.from({ length: turns }, (_, index) => ({
    role: 'user' as const,
    chunks: [
      { priority: 1_000 + index, text: `Turn ${index}. ${files[index % files.length]!.text.slice(0, 1_500)}\n` },
    ],
  }));
}

function linesAround(file: CorpusFile, top: number) {
  const lines = file.text.split('\n');
  const focus = lines.length >> 1;
  // Numbered, as lines repeat and a chunk is found again by its text.
  return lines.map((line, index) => ({
    priority: top - 2 * Math.abs(index - focus) - (index < focus ? 1 : 0),
    text: `${index + 1}| ${line}\n`,
  }));
}
