// SPDX-License-Identifier: Apache-2.0
// What every peer on Node shares: the same transactions, the same answers asked for first, the same way of timing.
//
//     node PEER.mjs FOLDER
//
// FOLDER holds transactions.json and answers.txt. A peer exports nothing: it calls `measure` with its name, its version and a
// function from a transaction to "classification key review duty". One wrong answer ends the run with 1.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const RUNS = 9;
const RUN_MS = 400;
const folder = process.argv[2];

export const china = ["CN", "HK"];
export const sDeny = [
  "AF", "BY", "MM", "KH", "CF", "CN", "HK", "MO", "CU", "CD", "CY", "ER", "HT", "IR", "IQ", "KP", "LB", "LY", "RU", "SO", "SS", "SD",
  "SY", "VE", "ZW",
];
export const sAc = [
  ...sDeny, "AM", "AZ", "BH", "EG", "GE", "JO", "KZ", "KW", "KG", "MN", "OM", "PK", "QA", "SA", "TJ", "TM", "AE", "UZ", "VN", "YE",
];

/** The version that is really installed. */
export function versionOf(name) {
  const require = createRequire(import.meta.url);
  for (const path of require.resolve.paths(name)) {
    try {
      return JSON.parse(readFileSync(`${path}/${name}/package.json`, "utf8")).version;
    } catch {
      // Not in this folder: look in the next one up.
    }
  }
  return "?";
}

/** `decide` may return a promise; a peer that answers at once is not made to wait for one. */
export async function measure(name, version, decide) {
  const transactions = JSON.parse(readFileSync(`${folder}/transactions.json`, "utf8"));
  const answers = readFileSync(`${folder}/answers.txt`, "utf8").trimEnd().split("\n");
  const first = decide(transactions[0]);
  const later = first instanceof Promise;
  await first;
  for (let i = 0; i < transactions.length; i++) {
    const got = later ? await decide(transactions[i]) : decide(transactions[i]);
    if (got !== answers[i]) {
      console.error(`bench: ${name}: transaction ${i} is '${got}', must be '${answers[i]}'\n${JSON.stringify(transactions[i])}`);
      process.exit(1);
    }
  }
  const round = later
    ? async () => { for (const transaction of transactions) await decide(transaction); }
    : () => { for (const transaction of transactions) decide(transaction); };
  const samples = [];
  for (let run = 0; run <= RUNS; run++) {
    const begin = process.hrtime.bigint();
    let rounds = 0, spent = 0;
    do {
      if (later) await round();
      else round();
      rounds++;
      spent = Number(process.hrtime.bigint() - begin);
    } while (spent < RUN_MS * 1e6);
    if (run !== 0) samples.push(spent / (rounds * transactions.length)); // the first run warms up
  }
  samples.sort((a, b) => a - b);
  console.log(`${name}\t${version}\t${samples[RUNS >> 1].toFixed(0)}`);
}
