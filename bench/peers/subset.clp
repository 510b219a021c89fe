; SPDX-License-Identifier: Apache-2.0
; The ten rules for CLIPS. A transaction is one fact; an answer is a fact that depends on it logically, so that taking the
; transaction back takes its answers back. Exceptions are `not` in the rule they defeat or, for note-2 and the two exceptions to
; review-denial, an answer that fires earlier. transactions.clp, loaded after this file, holds the transactions; answers.txt the
; answers that must come out. Rules that need classification or key wait for it by salience.

(defglobal
  ?*runs* = 9
  ?*rounds* = 10
  ?*advanced* = (create$ 3A090.a 3A090.b)
  ?*china-mo* = (create$ CN HK MO)
  ?*s-deny* = (create$ AF BY MM KH CF CN HK MO CU CD CY ER HT IR IQ KP LB LY RU SO SS SD SY VE ZW)
  ?*s-ac* = (create$ AF BY MM KH CF CN HK MO CU CD CY ER HT IR IQ KP LB LY RU SO SS SD SY VE ZW
                     AM AZ BH EG GE JO KZ KW KG MN OM PK QA SA TJ TM AE UZ VN YE)
  ?*classification* = none ?*key* = open ?*review* = none ?*duty* = none)

; A transaction put by, which no rule looks at, and the one that is decided.
(deftemplate stored
  (slot as_of) (slot kind) (slot tpp) (slot density) (slot dram_bandwidth) (slot memory_density) (slot datacenter)
  (slot us_sale_date) (slot from) (slot to) (slot activity) (slot purchaser_hq) (slot purchaser_parent_hq)
  (slot ultimate_consignee_hq) (slot ultimate_consignee_parent_hq) (slot end_user_hq) (slot end_user_parent_hq))
(deftemplate transaction
  (slot as_of) (slot kind) (slot tpp) (slot density) (slot dram_bandwidth) (slot memory_density) (slot datacenter)
  (slot us_sale_date) (slot from) (slot to) (slot activity) (slot purchaser_hq) (slot purchaser_parent_hq)
  (slot ultimate_consignee_hq) (slot ultimate_consignee_parent_hq) (slot end_user_hq) (slot end_user_parent_hq))
(deftemplate classification (slot is))
(deftemplate key (slot is))
(deftemplate note-2 (slot holds))
(deftemplate case-by-case (slot because))

(deffunction headquarters-rule (?a ?b ?c ?d ?e ?f)
  (or (member$ ?a ?*s-deny*) (member$ ?b ?*s-deny*) (member$ ?c ?*s-deny*)
      (member$ ?d ?*s-deny*) (member$ ?e ?*s-deny*) (member$ ?f ?*s-deny*)))

(defrule note-2 (declare (salience 50))
  (logical (transaction (as_of ?day&:(>= ?day 20231117)) (datacenter no) (tpp ?tpp&:(< ?tpp 4800))))
  =>
  (assert (note-2 (holds yes))))

(defrule item-a (declare (salience 40))
  (logical (transaction (as_of ?day&:(>= ?day 20231117)) (kind processor) (tpp ?tpp)
             (density ?density&:(or (>= ?tpp 4800) (and (>= ?tpp 1600) (>= ?density 592)))))
           (not (note-2)))
  =>
  (bind ?*classification* 3A090.a)
  (assert (classification (is 3A090.a))))

(defrule item-b (declare (salience 30))
  (logical (transaction (as_of ?day&:(>= ?day 20231117)) (kind processor) (tpp ?tpp)
             (density ?density&:(or (and (>= ?tpp 2400) (< ?tpp 4800) (>= ?density 160) (< ?density 592))
                                    (and (>= ?tpp 1600) (>= ?density 320) (< ?density 592)))))
           (not (note-2)) (not (classification (is 3A090.a))))
  =>
  (bind ?*classification* 3A090.b)
  (assert (classification (is 3A090.b))))

(defrule item-c (declare (salience 30))
  (logical (transaction (as_of ?day&:(>= ?day 20241202)) (kind memory) (memory_density ?density&:(> ?density 20))))
  =>
  (bind ?*classification* 3A090.c)
  (assert (classification (is 3A090.c))))

(defrule licence-destination (declare (salience 20))
  (logical (transaction (as_of ?day&:(>= ?day 20231117)) (to ?to&:(member$ ?to ?*s-ac*)))
           (classification (is ?class&:(member$ ?class ?*advanced*))))
  =>
  (bind ?*key* licence)
  (assert (key (is licence))))

(defrule licence-headquarters (declare (salience 20))
  (logical (transaction (as_of ?day&:(>= ?day 20231117)) (purchaser_hq ?a) (purchaser_parent_hq ?b) (ultimate_consignee_hq ?c)
             (ultimate_consignee_parent_hq ?d) (end_user_hq ?e) (end_user_parent_hq ?f&:(headquarters-rule ?a ?b ?c ?d ?e ?f)))
           (classification (is ?class&:(member$ ?class ?*advanced*))))
  =>
  (bind ?*key* licence)
  (assert (key (is licence))))

(defrule review-not-datacenter (declare (salience 10))
  (logical (key (is licence))
           (transaction (as_of ?day&:(>= ?day 20240404)) (datacenter ?datacenter))
           (classification (is ?class&:(not (and (eq ?class 3A090.a) (eq ?datacenter yes))))))
  =>
  (bind ?*review* case-by-case)
  (assert (case-by-case (because not-datacenter))))

(defrule review-h200 (declare (salience 10))
  (logical (key (is licence))
           (transaction (as_of ?day&:(>= ?day 20260115)) (activity export) (from US) (to ?to&:(member$ ?to ?*china-mo*))
             (tpp ?tpp&:(< ?tpp 21000)) (dram_bandwidth ?bandwidth&:(< ?bandwidth 6500))
             (us_sale_date ?sale&:(<= ?sale 20260115)))
           (classification (is ?class&:(member$ ?class ?*advanced*))))
  =>
  (bind ?*review* case-by-case)
  (assert (case-by-case (because h200))))

(defrule review-denial (declare (salience 0))
  (key (is licence))
  (not (case-by-case))
  (transaction (as_of ?day&:(>= ?day 20231117)) (to ?to) (purchaser_hq ?a) (purchaser_parent_hq ?b) (ultimate_consignee_hq ?c)
    (ultimate_consignee_parent_hq ?d) (end_user_hq ?e)
    (end_user_parent_hq ?f&:(or (member$ ?to ?*s-deny*) (headquarters-rule ?a ?b ?c ?d ?e ?f))))
  (classification (is ?class&:(member$ ?class ?*advanced*)))
  =>
  (bind ?*review* denial))

(defrule duty-232 (declare (salience 0))
  (transaction (as_of ?day&:(>= ?day 20260115)) (to US) (from ~US) (tpp ?tpp)
    (dram_bandwidth ?bandwidth&:(or (and (> ?tpp 14000) (< ?tpp 17500) (> ?bandwidth 4500) (< ?bandwidth 5000))
                                    (and (> ?tpp 20800) (< ?tpp 21100) (> ?bandwidth 5800) (< ?bandwidth 6200)))))
  =>
  (bind ?*duty* ad-valorem-25))

(deffunction decide (?s)
  (bind ?*classification* none)
  (bind ?*key* open)
  (bind ?*review* none)
  (bind ?*duty* none)
  (bind ?fact (assert (transaction
    (as_of (fact-slot-value ?s as_of)) (kind (fact-slot-value ?s kind)) (tpp (fact-slot-value ?s tpp))
    (density (fact-slot-value ?s density)) (dram_bandwidth (fact-slot-value ?s dram_bandwidth))
    (memory_density (fact-slot-value ?s memory_density)) (datacenter (fact-slot-value ?s datacenter))
    (us_sale_date (fact-slot-value ?s us_sale_date)) (from (fact-slot-value ?s from)) (to (fact-slot-value ?s to))
    (activity (fact-slot-value ?s activity)) (purchaser_hq (fact-slot-value ?s purchaser_hq))
    (purchaser_parent_hq (fact-slot-value ?s purchaser_parent_hq))
    (ultimate_consignee_hq (fact-slot-value ?s ultimate_consignee_hq))
    (ultimate_consignee_parent_hq (fact-slot-value ?s ultimate_consignee_parent_hq))
    (end_user_hq (fact-slot-value ?s end_user_hq)) (end_user_parent_hq (fact-slot-value ?s end_user_parent_hq)))))
  (run)
  (if (and (eq ?*key* licence) (eq ?*review* none)) then (bind ?*review* approval)) ; `otherwise` of the question
  (retract ?fact))

(deffunction check-answers (?file)
  (open ?file answers "r")
  (do-for-all-facts ((?s stored)) TRUE
    (decide ?s)
    (bind ?got (str-cat ?*classification* " " ?*key* " " ?*review* " " ?*duty*))
    (bind ?must (readline answers))
    (if (neq ?got ?must) then
      (printout t "bench: CLIPS: transaction " (fact-index ?s) " is '" ?got "', must be '" ?must "'" crlf)
      (exit 1)))
  (close answers))

(deffunction measure ()
  (bind ?count (length$ (find-all-facts ((?s stored)) TRUE)))
  (bind ?samples (create$))
  (loop-for-count (?run 1 ?*runs*)
    (bind ?begin (time))
    (loop-for-count (?round 1 ?*rounds*)
      (do-for-all-facts ((?s stored)) TRUE (decide ?s)))
    (bind ?samples (create$ ?samples (/ (* 1e9 (- (time) ?begin)) (* ?*rounds* ?count)))))
  (bind ?samples (sort > ?samples))
  (format t "CLIPS %.0f%n" (nth$ (+ 1 (div ?*runs* 2)) ?samples)))
