'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

/** What the root's node_modules is made from, as one hash: the lock file, and the platform that picks its packages. */
function installFingerprint(root) {
  const hash = crypto.createHash('sha256');
  hash.update(fs.readFileSync(path.join(root, 'package-lock.json')));
  hash.update(`${process.platform} ${process.arch}`);
  return hash.digest('hex');
}

/**
 * Whether node_modules holds what the lock file says: by the stamp of an earlier start, or, after somebody ran npm by
 * hand, by npm's own record of what it installed. An install that was interrupted has neither.
 */
function isInstalled(root) {
  const modules = path.join(root, 'node_modules');
  if (!fs.existsSync(path.join(modules, '.bin', 'node'))) return false;
  try {
    if (fs.readFileSync(path.join(modules, '.tabstop', 'dependencies'), 'utf8') === installFingerprint(root))
      return true;
  } catch {
    // No stamp: ask npm's record.
  }
  try {
    const wanted = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(fs.readFileSync(path.join(modules, '.package-lock.json'), 'utf8')).packages;
    return recordMatches(wanted, present);
  } catch {
    return false;
  }
}

/** Pure. Optional packages may be missing (other platforms'), but not in another version. */
function recordMatches(wanted, present) {
  return Object.entries(wanted).every(([place, entry]) => {
    if (!place.startsWith('node_modules/') && !place.includes('/node_modules/')) return true;
    const found = present[place];
    if (found === undefined) return Boolean(entry.optional || entry.devOptional || entry.peer);
    return entry.link ? Boolean(found.link) : found.version === entry.version;
  });
}

module.exports = { installFingerprint, isInstalled, recordMatches };
