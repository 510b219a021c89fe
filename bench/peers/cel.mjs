// SPDX-License-Identifier: Apache-2.0
// The ten rules as CEL: one compiled expression a question, exceptions written as the order of alternatives, and the answer to
// one question given to the next.
import { Environment } from "@marcbachmann/cel-js";
import { china, measure, sAc, sDeny, versionOf } from "./harness.mjs";

const environment = new Environment({ unlistedVariablesAreDyn: false });
const doubles = ["as_of", "tpp", "density", "dram_bandwidth", "memory_density", "us_sale_date"];
const strings = ["kind", "from", "to", "activity", "purchaser_hq", "purchaser_parent_hq", "ultimate_consignee_hq",
  "ultimate_consignee_parent_hq", "end_user_hq", "end_user_parent_hq", "classification", "key"];
for (const name of doubles) environment.registerVariable(name, "double");
for (const name of strings) environment.registerVariable(name, "string");
environment.registerVariable("datacenter", "bool");
environment.registerConstant("china", "list<string>", china);
environment.registerConstant("s_deny", "list<string>", sDeny);
environment.registerConstant("s_ac", "list<string>", sAc);

const headquarters = strings.filter((name) => name.endsWith("_hq")).map((name) => `${name} in s_deny`).join(" || ");
const advanced = `(classification == "3A090.a" || classification == "3A090.b")`;

const classification = environment.parse(`
  kind == "processor" && as_of >= 20231117.0 && (tpp >= 4800.0 || (tpp >= 1600.0 && density >= 592.0)) && !(!datacenter && tpp < 4800.0)
    ? "3A090.a"
  : kind == "processor" && as_of >= 20231117.0 && !(!datacenter && tpp < 4800.0)
    && ((tpp >= 2400.0 && tpp < 4800.0 && density >= 160.0 && density < 592.0) || (tpp >= 1600.0 && tpp < 4800.0 && density >= 320.0 && density < 592.0))
    ? "3A090.b"
  : kind == "memory" && as_of >= 20241202.0 && memory_density > 20.0 ? "3A090.c" : "none"`);
const key = environment.parse(`
  as_of >= 20231117.0 && ${advanced} && (to in s_ac || ${headquarters}) ? "licence" : "open"`);
const review = environment.parse(`
  key != "licence" ? "none"
  : (as_of >= 20240404.0 && !(classification == "3A090.a" && datacenter))
    || (as_of >= 20260115.0 && ${advanced} && activity == "export" && from == "US" && (to in china || to == "MO")
        && tpp < 21000.0 && dram_bandwidth < 6500.0 && us_sale_date <= 20260115.0)
    ? "case-by-case"
  : as_of >= 20231117.0 && ${advanced} && (to in s_deny || ${headquarters}) ? "denial" : "approval"`);
const duty = environment.parse(`
  as_of >= 20260115.0 && to == "US" && from != "US"
  && ((tpp > 14000.0 && tpp < 17500.0 && dram_bandwidth > 4500.0 && dram_bandwidth < 5000.0)
    || (tpp > 20800.0 && tpp < 21100.0 && dram_bandwidth > 5800.0 && dram_bandwidth < 6200.0))
  ? "ad-valorem-25" : "none"`);

await measure("@marcbachmann/cel-js", versionOf("@marcbachmann/cel-js"), (transaction) => {
  const facts = { ...transaction };
  facts.classification = classification(facts);
  facts.key = key(facts);
  return `${facts.classification} ${facts.key} ${review(facts)} ${duty(facts)}`;
});
