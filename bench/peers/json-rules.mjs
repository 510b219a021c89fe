// SPDX-License-Identifier: Apache-2.0
// The ten rules for json-rules-engine: one rule each, where an exception is the refusal in the rule it defeats. Rules run by
// priority; the answers to classification and key are facts that later rules read.
import { Engine } from "json-rules-engine";
import { china, measure, sAc, sDeny, versionOf } from "./harness.mjs";

const is = (fact, operator, value) => ({ fact, operator, value });
const all = (...conditions) => ({ all: conditions });
const any = (...conditions) => ({ any: conditions });
const not = (condition) => ({ not: condition });
const since = (day) => is("as_of", "greaterThanInclusive", day);
const atLeast = (fact, value) => is(fact, "greaterThanInclusive", value);
const below = (fact, value) => is(fact, "lessThan", value);
const above = (fact, value) => is(fact, "greaterThan", value);

const headquarters = any(
  ...["purchaser_hq", "purchaser_parent_hq", "ultimate_consignee_hq", "ultimate_consignee_parent_hq", "end_user_hq", "end_user_parent_hq"]
    .map((name) => is(name, "in", sDeny)),
);
const advanced = is("classification", "in", ["3A090.a", "3A090.b"]);
const processor = is("kind", "equal", "processor");
const note2 = all(is("datacenter", "equal", false), below("tpp", 4800));
const itemA = any(atLeast("tpp", 4800), all(atLeast("tpp", 1600), atLeast("density", 592)));
const itemB = any(
  all(atLeast("tpp", 2400), below("tpp", 4800), atLeast("density", 160), below("density", 592)),
  all(atLeast("tpp", 1600), atLeast("density", 320), below("density", 592)),
);
const h200 = all(
  since(20260115), advanced, is("activity", "equal", "export"), is("from", "equal", "US"), is("to", "in", [...china, "MO"]),
  below("tpp", 21000), below("dram_bandwidth", 6500), is("us_sale_date", "lessThanInclusive", 20260115),
);
const notDatacenter = all(since(20240404), not(all(is("classification", "equal", "3A090.a"), is("datacenter", "equal", true))));
const asked = is("key", "equal", "licence");
const denial = all(since(20231117), advanced, any(is("to", "in", sDeny), headquarters));

const engine = new Engine([], { allowUndefinedFacts: true });
function rule(question, answer, priority, conditions) {
  engine.addRule({
    name: `${question} ${answer}`, priority, conditions, event: { type: question, params: { answer } },
    onSuccess: (event, almanac) => { almanac.addRuntimeFact(question, answer); },
  });
}
rule("classification", "3A090.a", 30, all(since(20231117), processor, itemA, not(note2)));
rule("classification", "3A090.b", 30, all(since(20231117), processor, itemB, not(itemA), not(note2)));
rule("classification", "3A090.c", 30, all(since(20241202), is("kind", "equal", "memory"), above("memory_density", 20)));
rule("key", "licence", 20, all(since(20231117), advanced, is("to", "in", sAc)));
rule("key", "licence", 20, all(since(20231117), advanced, headquarters));
rule("review", "case-by-case", 10, all(asked, notDatacenter));
rule("review", "case-by-case", 10, all(asked, h200));
rule("review", "denial", 10, all(asked, denial, not(notDatacenter), not(h200)));
rule("duty", "ad-valorem-25", 10, all(
  since(20260115), is("to", "equal", "US"), not(is("from", "equal", "US")),
  any(
    all(above("tpp", 14000), below("tpp", 17500), above("dram_bandwidth", 4500), below("dram_bandwidth", 5000)),
    all(above("tpp", 20800), below("tpp", 21100), above("dram_bandwidth", 5800), below("dram_bandwidth", 6200)),
  ),
));

await measure("json-rules-engine", versionOf("json-rules-engine"), async (transaction) => {
  const answers = { classification: "none", key: "open", review: "none", duty: "none" };
  const { events } = await engine.run(transaction);
  for (const event of events) answers[event.type] = event.params.answer;
  if (answers.key === "licence" && answers.review === "none") answers.review = "approval"; // `otherwise` of the question
  return `${answers.classification} ${answers.key} ${answers.review} ${answers.duty}`;
});
