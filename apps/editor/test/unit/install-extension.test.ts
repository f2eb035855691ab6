import { expect, test } from 'vitest';
import { installFailure } from '../../src/code-server.ts';

test.each([
  ['installed', 0, "Extension 'a.vsix' was successfully installed.", undefined],
  ['updated', 0, "Extension 'a.b' v1.0.0 was successfully updated.", undefined],
  [
    'installed, while the log module could not be loaded',
    0,
    "Error: Cannot find module '../build/Release/spdlog.node'\n    at require\nExtension 'a.vsix' was successfully installed.",
    undefined,
  ],
  [
    'a file that is not there, exit code 0',
    0,
    "Error: ENOENT: no such file or directory, open 'a.vsix'",
    "Error: ENOENT: no such file or directory, open 'a.vsix'",
  ],
  [
    'unknown in the gallery',
    1,
    "Extension 'x.y' not found.\nMake sure you use the full extension ID",
    "Extension 'x.y' not found.",
  ],
  ['for another version', 1, 'Incompatible: needs 9.0.0', 'Incompatible: needs 9.0.0'],
  ['nothing said', 3, '', 'exit code 3'],
  ['ended by a signal', null, "Extension 'a.vsix' was successfully installed.", 'exit code null'],
])('%s', (_what, status, output, expected) => {
  expect(installFailure(status, output)).toBe(expected);
});
