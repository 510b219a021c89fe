/* SPDX-License-Identifier: Apache-2.0 */
/* model.c: what things of a model are called in text. */
#include "reference/reference.h"

const char *const ref_role_names[REF_ROLES] = {"seller", "purchaser", "intermediate_consignee", "ultimate_consignee",
                                               "end_user"};

int ref_roles_of(const ref_fact *fact)
{
    return !fact->used ? 0 : fact->party ? REF_ROLES : 1;
}

const char *ref_regime_name(int regime)
{
    return regime == 0 ? "r0" : "r1";
}

const char *ref_fact_name(const ref_model *m, int fact, int role, char out[REF_NAME_MAX])
{
    if (fact == m->order_date)
        (void)snprintf(out, REF_NAME_MAX, "route.order_date");
    else if (fact == m->ship_date)
        (void)snprintf(out, REF_NAME_MAX, "route.ship_date");
    else if (!m->facts[fact].party)
        (void)snprintf(out, REF_NAME_MAX, "item.f%d", fact);
    else if (role == REF_EACH)
        (void)snprintf(out, REF_NAME_MAX, "f%d", fact);
    else
        (void)snprintf(out, REF_NAME_MAX, "%s.f%d", ref_role_names[role], fact);
    return out;
}

const char *ref_question_name(const ref_model *m, int question, char out[REF_NAME_MAX])
{
    if (m->questions[question].is_key)
        (void)snprintf(out, REF_NAME_MAX, "key");
    else
        (void)snprintf(out, REF_NAME_MAX, "q%d", question);
    return out;
}

const char *ref_answer_name(const ref_model *m, int question, int answer, char out[REF_NAME_MAX])
{
    static const char *const key[] = {"open", "licence", "closed"};
    if (answer == REF_NOT)
        (void)snprintf(out, REF_NAME_MAX, "undetermined");
    else if (m->questions[question].is_key)
        (void)snprintf(out, REF_NAME_MAX, "%s", key[answer]);
    else
        (void)snprintf(out, REF_NAME_MAX, "a%d", answer);
    return out;
}

const char *ref_met_name(int met, char out[REF_NAME_MAX])
{
    if (met < REF_EVIDENCE_MAX)
        (void)snprintf(out, REF_NAME_MAX, "e%d", met);
    else if (met < REF_EVIDENCE_MAX + REF_LIMITS_MAX)
        (void)snprintf(out, REF_NAME_MAX, "l%d", met - REF_EVIDENCE_MAX);
    else
        (void)snprintf(out, REF_NAME_MAX, "%s.%s",
                       ref_regime_name((met - REF_EVIDENCE_MAX - REF_LIMITS_MAX) % REF_REGIMES_MAX),
                       met < REF_EVIDENCE_MAX + REF_LIMITS_MAX + REF_REGIMES_MAX ? "licence" : "written-approval");
    return out;
}

const char *ref_word_name(const ref_fact *fact, int word, char out[REF_NAME_MAX])
{
    if (fact->kind == REF_PLACE)
        (void)snprintf(out, REF_NAME_MAX, "P%d", word);
    else if (fact->kind == REF_NAME)
        (void)snprintf(out, REF_NAME_MAX, "n%d", word);
    else
        (void)snprintf(out, REF_NAME_MAX, "w%d", word);
    return out;
}
