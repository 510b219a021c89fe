// SPDX-License-Identifier: Apache-2.0
// The searches on Node: the same names, the same queries, the ten best answers of each; microseconds a query.
//
//     node search.mjs FOLDER      FOLDER holds names.txt and queries.txt
import { readFileSync } from "node:fs";
import MiniSearch from "minisearch";
import fuzzysort from "fuzzysort";
import { versionOf } from "./harness.mjs";

const folder = process.argv[2];
const linesOf = (name) => readFileSync(`${folder}/${name}`, "utf8").trimEnd().split("\n");
const names = linesOf("names.txt");
const queries = linesOf("queries.txt");

function measure(name, count, search) {
  const samples = [];
  for (const query of queries.slice(0, count)) {
    const begin = process.hrtime.bigint();
    search(query);
    samples.push(Number(process.hrtime.bigint() - begin) / 1000);
  }
  samples.sort((a, b) => a - b);
  const at = (share) => samples[Math.min(samples.length - 1, Math.floor(samples.length * share))].toFixed(0);
  console.log(`${name}\t${versionOf(name)}\t${at(0.5)}\t${at(0.99)}`);
}

const mini = new MiniSearch({ fields: ["name"], searchOptions: { fuzzy: 0.2, prefix: true } });
mini.addAll(names.map((name, id) => ({ id, name })));
measure("minisearch", 300, (query) => mini.search(query).slice(0, 10));
const prepared = names.map((name) => fuzzysort.prepare(name));
measure("fuzzysort", 100, (query) => fuzzysort.go(query, prepared, { limit: 10 }));
