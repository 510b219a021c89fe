// SPDX-License-Identifier: Apache-2.0
// The ten rules as Cedar policies, parsed once beforehand. Cedar answers allow or deny and names the policies that allowed, so
// one request gives every rule that stands; what a rule reads of another question, and its exceptions, are written out in it.
import { createRequire } from "node:module";
import { china, measure, sAc, sDeny, versionOf } from "./harness.mjs";

const cedar = createRequire(import.meta.url)("@cedar-policy/cedar-wasm/nodejs");
const set = (names) => `[${names.map((name) => `"${name}"`).join(",")}]`;
const since = (day) => `context.as_of >= ${day}`;
const headquarters = "(" + ["purchaser_hq", "purchaser_parent_hq", "ultimate_consignee_hq", "ultimate_consignee_parent_hq", "end_user_hq",
  "end_user_parent_hq"].map((name) => `${set(sDeny)}.contains(context.${name})`).join(" || ") + ")";
const note2 = "(!context.datacenter && context.tpp < 4800)";
const matchA = "(context.tpp >= 4800 || (context.tpp >= 1600 && context.density >= 592))";
const matchB = "((context.tpp >= 2400 && context.tpp < 4800 && context.density >= 160 && context.density < 592)"
  + " || (context.tpp >= 1600 && context.density >= 320 && context.density < 592))";
const itemA = `(${since(20231117)} && context.kind == "processor" && ${matchA} && !${note2})`;
const itemB = `(${since(20231117)} && context.kind == "processor" && ${matchB} && !${matchA} && !${note2})`;
const advanced = `(${itemA} || ${itemB})`;
const denial = `(${advanced} && (${set(sDeny)}.contains(context.to) || ${headquarters}))`;
const notDatacenter = `(${since(20240404)} && !(${itemA} && context.datacenter))`;
const h200 = `(${since(20260115)} && context.activity == "export" && context.from == "US" && ${set([...china, "MO"])}.contains(context.to)`
  + " && context.tpp < 21000 && context.dram_bandwidth < 6500 && context.us_sale_date <= 20260115)";
const conditions = {
  "classification 3A090.a": itemA,
  "classification 3A090.b": itemB,
  "classification 3A090.c": `${since(20241202)} && context.kind == "memory" && context.memory_density > 20`,
  "key licence destination": `${advanced} && ${set(sAc)}.contains(context.to)`,
  "key licence headquarters": `${advanced} && ${headquarters}`,
  "review case-by-case not-datacenter": notDatacenter,
  "review case-by-case h200": `${advanced} && ${h200}`,
  "review denial": `${denial} && !${notDatacenter} && !(${advanced} && ${h200})`,
  "duty ad-valorem-25": `${since(20260115)} && context.to == "US" && context.from != "US"`
    + " && ((context.tpp > 14000 && context.tpp < 17500 && context.dram_bandwidth > 4500 && context.dram_bandwidth < 5000)"
    + " || (context.tpp > 20800 && context.tpp < 21100 && context.dram_bandwidth > 5800 && context.dram_bandwidth < 6200))",
};
const staticPolicies = Object.fromEntries(Object.entries(conditions).map(([name, condition]) =>
  [name, `permit(principal, action, resource) when { ${condition} };`]));
const parsed = cedar.preparsePolicySet("subset", { staticPolicies });
if (parsed.type !== "success") throw new Error(JSON.stringify(parsed.errors));

const principal = { type: "Party", id: "seller" }, action = { type: "Action", id: "move" }, resource = { type: "Item", id: "item" };
await measure("@cedar-policy/cedar-wasm", versionOf("@cedar-policy/cedar-wasm"), (transaction) => {
  const answer = cedar.statefulIsAuthorized({
    principal, action, resource, context: transaction, preparsedPolicySetId: "subset", entities: [],
  });
  if (answer.type !== "success" || answer.response.diagnostics.errors.length !== 0) throw new Error(JSON.stringify(answer));
  const answers = { classification: "none", key: "open", review: "none", duty: "none" };
  for (const name of answer.response.diagnostics.reason) {
    const [question, given] = name.split(" ");
    answers[question] = given;
  }
  if (answers.key !== "licence") answers.review = "none"; // not asked
  else if (answers.review === "none") answers.review = "approval"; // `otherwise` of the question
  return `${answers.classification} ${answers.key} ${answers.review} ${answers.duty}`;
});
