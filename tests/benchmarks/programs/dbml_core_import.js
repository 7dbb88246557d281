// @dbml/core turns a script of PostgreSQL DDL into DBML: node dbml_core_import.js NODE_MODULES SQL
'use strict';

const fs = require('fs');
const path = require('path');

const [modules, script] = process.argv.slice(2);
const { importer } = require(path.join(modules, '@dbml', 'core'));
const text = fs.readFileSync(script, 'utf8');

const wall = process.hrtime.bigint();
const before = process.cpuUsage();
let dbml;
try {
  dbml = importer.import(text, 'postgres');
} catch (error) {
  const [first] = error.diags || [error];
  const place = first.location ? ` at line ${first.location.start.line}` : '';
  process.stderr.write(`@dbml/core refuses it${place}: ${String(first.message).split('\n')[0]}\n`);
  process.exit(1);
}
const { user, system } = process.cpuUsage(before);
const wallSeconds = Number(process.hrtime.bigint() - wall) / 1e9;
const count = (pattern) => (dbml.match(pattern) || []).length.toLocaleString('en');

process.stdout.write(`\n${JSON.stringify({
  cpu_s: (user + system) / 1e6,
  wall_s: wallSeconds,
  outcome: `${count(/^Table /gm)} tables, ${count(/^Ref\b/gm)} foreign keys, as DBML`,
})}\n`);
