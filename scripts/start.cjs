'use strict';
/*
 * `npm start [-- FOLDER]`. Old syntax and no dependencies on purpose: an old Node must get as far as the
 * sentence that says so. Everything after the check may use what Node 20 has.
 */
var required = 20;
var major = parseInt(process.versions.node, 10);
if (major < required) {
  process.stderr.write(
    'Tabstop needs Node ' +
      required +
      ' or newer to set itself up; this is Node ' +
      process.versions.node +
      ". Install a newer one, for example from your system's packages, and run npm start again.\n",
  );
  process.exit(1);
} else {
  require('./setup/bootstrap.cjs').start(process.argv.slice(2));
}
