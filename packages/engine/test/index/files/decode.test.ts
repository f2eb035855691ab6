import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decode, encodingOf } from '../../../src/index/files/decode.ts';

/** Encoders come from the decoders of the platform: each one or two bytes are decoded, and the table is turned around. */
function encoder(label: string): (text: string) => Uint8Array {
  const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  const table = new Map<string, number[]>();
  const learn = (bytes: number[]): void => {
    try {
      const text = decoder.decode(new Uint8Array(bytes));
      if (!table.has(text)) table.set(text, bytes);
    } catch {
      // Not a character of this encoding.
    }
  };
  for (let one = 0; one < 256; one++) learn([one]);
  for (let one = 129; one < 255; one++) for (let two = 64; two < 255; two++) learn([one, two]);
  return (text) => {
    const bytes: number[] = [];
    for (const character of text) {
      const found = table.get(character);
      if (!found) throw new RangeError(`${label} has no ${character}`);
      bytes.push(...found);
    }
    return new Uint8Array(bytes);
  };
}

const read = (bytes: Uint8Array): { label: string; text: string } | string => {
  const encoding = encodingOf(bytes);
  return typeof encoding === 'string' ? encoding : { label: encoding.label, text: decode(bytes, encoding) };
};

it.each([
  ['windows-1252', 'Le café est fermé, très tôt à Noël.'],
  ['windows-1252', 'größere Übergabe prüfen, falls nötig'],
  ['windows-1252', 'El señor compró el año pasado, ¿por qué?'],
  ['windows-1252', 'Hämta alla användare från servern på nytt'],
  ['iso-8859-2', 'Zażółć gęślą jaźń, proszę sprawdzić błąd w pliku źródłowym'],
  ['windows-1250', 'Příliš žluťoučký kůň úpěl ďábelské ódy'],
  ['windows-1251', 'Проверка данных пользователя перед сохранением в базу'],
  ['koi8-r', 'Проверка данных пользователя перед сохранением в базу'],
  ['iso-8859-7', 'Έλεγχος των δεδομένων του χρήστη πριν την αποθήκευση'],
  ['iso-8859-9', 'Kullanıcı verilerini kaydetmeden önce şifreyi doğrula, çünkü'],
  ['shift_jis', 'ユーザーのデータを確認してから保存する。設定ファイルを読み込む'],
  ['euc-jp', 'ユーザーのデータを確認してから保存する。設定ファイルを読み込む'],
  ['gb18030', '在保存之前检查用户的数据，读取配置文件'],
  ['big5', '在儲存之前檢查使用者的資料，讀取設定檔'],
  ['euc-kr', '저장하기 전에 사용자 데이터를 확인하고 설정 파일을 읽는다'],
])('a comment in %s amid code: %s', (label, comment) => {
  const text = `function check(user) {\n  // ${comment}\n  return user.valid && save(user);\n}\n/* ${comment} */\n`;
  expect(read(encoder(label)(text))).toEqual({ label, text });
});

it.each([
  ['utf-8', [], 'größer ✓\r\n'],
  ['utf-8', [0xef, 0xbb, 0xbf], 'größer ✓\r\n'],
  ['utf-8', [0xef, 0xbb, 0xbf], '\ufefftwo marks'],
])('%s with the mark %j', (label, mark, text) => {
  expect(read(Buffer.concat([Buffer.from(mark), Buffer.from(text)]))).toEqual({ label, text });
});

it.each([
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16le', []],
  ['utf-16be', [0xfe, 0xff]],
  ['utf-16be', []],
])('%s with the mark %j', (label, mark) => {
  const text = '// größer\r\nconst answer = 42;\n';
  const bytes = Buffer.from(text, 'utf16le');
  if (label === 'utf-16be') bytes.swap16();
  expect(read(Buffer.concat([Buffer.from(mark), bytes]))).toEqual({ label, text });
});

it.each([
  ['an image', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13], 'binary'],
  ['a program', [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0], 'binary'],
  ['UTF-32', [0xff, 0xfe, 0, 0, 0x41, 0, 0, 0], 'encoding not known'],
  ['half a surrogate in UTF-16', [0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00], 'encoding not known'],
  ['a mark of UTF-8 before what is none', [0xef, 0xbb, 0xbf, 0xff, 0xff], 'encoding not known'],
  ['noise without zeros', Array.from({ length: 600 }, (_, index) => 1 + ((index * 7919) % 255)), 'binary'],
])('%s is no text', (_kind, bytes, why) => {
  expect(read(new Uint8Array(bytes))).toBe(why);
});

it('nothing is text too', () => {
  expect(read(new Uint8Array())).toEqual({ label: 'utf-8', text: '' });
});

it('a few letters with accents in a long ASCII file are Western', () => {
  const text = `${'const value = compute(1);\n'.repeat(200)}// §\n`;
  expect(read(encoder('windows-1252')(text))).toEqual({ label: 'windows-1252', text });
});

it('any text comes back from UTF-8, and no bytes whatever throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      if (text.includes('\0')) return;
      expect(read(Buffer.from(`\ufeff${text}`))).toEqual({ label: 'utf-8', text });
    }),
    { seed: 4, numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const result = read(bytes);
      expect(typeof result === 'string' || !result.text.includes('\ufffd') || result.label === 'utf-8').toBe(true);
    }),
    { seed: 5, numRuns: 500 },
  );
});
