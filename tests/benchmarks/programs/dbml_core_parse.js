// @dbml/core parses a DBML text: node dbml_core_parse.js NODE_MODULES DBML
'use strict';

const fs = require('fs');
const path = require('path');

const [modules, file] = process.argv.slice(2);
const { Parser } = require(path.join(modules, '@dbml', 'core'));
const text = fs.readFileSync(file, 'utf8');

const wall = process.hrtime.bigint();
const before = process.cpuUsage();
const { schemas } = new Parser().parse(text, 'dbmlv2');
const { user, system } = process.cpuUsage(before);
const wallSeconds = Number(process.hrtime.bigint() - wall) / 1e9;
const count = (kind) => schemas.reduce((total, schema) => total + schema[kind].length, 0).toLocaleString('en');

process.stdout.write(`\n${JSON.stringify({
  cpu_s: (user + system) / 1e6,
  wall_s: wallSeconds,
  outcome: `${count('tables')} tables, ${count('refs')} references`,
})}\n`);
