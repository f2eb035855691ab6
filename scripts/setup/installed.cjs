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
 * Whether node_modules holds what the lock file says (what is needed to run, or with `development` all): by the stamp of an earlier start, or, after somebody ran npm by
 * hand, by npm's own record of what it installed. An install that was interrupted has neither.
 */
function isInstalled(root, development) {
  const modules = path.join(root, 'node_modules');
  if (!fs.existsSync(path.join(modules, '.bin', 'node'))) return false;
  try {
    const stamp = fs.readFileSync(path.join(modules, '.tabstop', 'dependencies'), 'utf8');
    if (stamp === installStamp(root, true) || (!development && stamp === installStamp(root, false))) return true;
  } catch {
    // No stamp: ask npm's record.
  }
  try {
    const wanted = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(fs.readFileSync(path.join(modules, '.package-lock.json'), 'utf8')).packages;
    return recordMatches(wanted, present, development);
  } catch {
    return false;
  }
}

/** What the stamp of an install says: what it was made from, and whether the tools of development are part of it. */
function installStamp(root, development) {
  return `${installFingerprint(root)} ${development ? 'all' : 'to run'}`;
}

/**
 * Pure. Optional packages (other platforms') may be missing, and those of development where they are not asked for,
 * but none may have another version.
 */
function recordMatches(wanted, present, development) {
  return Object.entries(wanted).every(([place, entry]) => {
    if (!place.startsWith('node_modules/') && !place.includes('/node_modules/')) return true;
    const found = present[place];
    if (found === undefined)
      return Boolean(entry.optional || entry.devOptional || entry.peer || (entry.dev && !development));
    // An older tool of development is no harm where only the editor is wanted.
    if (entry.dev && !development) return true;
    return entry.link ? Boolean(found.link) : found.version === entry.version;
  });
}

module.exports = { installFingerprint, installStamp, isInstalled, recordMatches };
