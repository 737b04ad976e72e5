# shellcheck disable=SC2154  # output and the like are set by bats
load helpers

detection() {
  echo "{\"schema\":\"lge.detection/1\",\"id\":\"$1\",\"unit\":\"case\",\"score\":$2,\"probability\":$2,\"present\":$3,\"threshold\":0.5}"
}

example() {
  for line in a:false b:false c:true d:true; do echo "{\"id\":\"${line%:*}\",\"present\":${line#*:}}"; done >truth.jsonl
  { detection d 0.8 true; detection c 0.35 false; detection b 0.4 false; detection a 0.1 false; } >detections.jsonl
}

@test "lge-score keeps the rules of the suite" {
  keeps_the_rules lge-score
  example
  refuses_existing_output lge-score truth.jsonl detections.jsonl -- out.jsonl
  expect 74 bash -c 'lge-score truth.jsonl detections.jsonl >/dev/full'
}

@test "figures of a hand-made example" {
  example
  expect 0 lge-score truth.jsonl detections.jsonl
  [ -z "$stderr" ]
  expect 0 jq -e '.schema == "lge.score/1" and .n == 4 and .positives == 2 and .balanced_accuracy.value == 0.75 and .sensitivity.value == 0.5
    and .specificity.value == 1 and .auc.value == 0.75 and (.average_precision.value - 5/6 | fabs < 1e-12) and .specificity.high == 1
    and (.sensitivity.low - 0.0945 | fabs < 1e-4) and .true_positive == 1 and .threshold == null
    and .threshold_from == "the detection records" and .kappa.value == 0.5 and (.mcc.value - (1/3 | sqrt) | fabs < 1e-12)' <<<"$output"
  expect 0 bash -c 'lge-score truth.jsonl - <detections.jsonl'
  expect 64 bash -c 'lge-score - - <detections.jsonl'
}

@test "a threshold replaces the calls" {
  example
  expect 0 lge-score --threshold 0.35 truth.jsonl detections.jsonl
  expect 0 jq -e '.sensitivity.value == 1 and .specificity.value == 0.5 and .threshold == 0.35 and .auc.value == 0.75' <<<"$output"
  expect 64 lge-score --threshold 2 truth.jsonl detections.jsonl
}

@test "uncertain truth is left out, and what has no partner is counted" {
  example
  { echo '{"id":"e","present":null}'; echo '{"id":"f","present":true}'; } >>truth.jsonl
  { detection e 0.9 true; detection g 0.9 true; } >>detections.jsonl
  expect 0 lge-score truth.jsonl detections.jsonl
  [[ $stderr == *"no detection for 1 of 5 cases"* && $stderr == *"1 cases have no truth"* && $stderr == *"1 cases left out"* ]]
  expect 0 jq -e '.n == 4 and .left_out == 1 and .missing == 1 and .extra == 1 and .missing_keys == [{"id":"f"}] and .extra_keys == [{"id":"g"}]' <<<"$output"
  expect 65 lge-score --require-all truth.jsonl detections.jsonl
  said "lge-score: detections.jsonl: no detection for 1 of 5 cases"
}

@test "truth and detections that cannot be joined are refused" {
  example
  echo '{"id":"a","present":true}' | cat truth.jsonl - >torn.jsonl
  expect 65 lge-score torn.jsonl detections.jsonl
  said "lge-score: torn.jsonl:5: an earlier line says otherwise of this id"
  cat detections.jsonl detections.jsonl >twice.jsonl
  expect 65 lge-score truth.jsonl twice.jsonl
  said "lge-score: twice.jsonl:5: this id has a detection on an earlier line"
  echo '{"id":"q","present":true}' >other.jsonl
  expect 65 lge-score other.jsonl detections.jsonl
  expect 65 lge-score --unit slice truth.jsonl detections.jsonl
  echo '{"id":"q"' >bad.jsonl
  expect 65 lge-score bad.jsonl detections.jsonl
  said "lge-score: bad.jsonl:1: *"
  detection a 1.5 true >bad.jsonl
  expect 65 lge-score truth.jsonl bad.jsonl
  said "lge-score: bad.jsonl:1: probability is not from 0 to 1"
}

@test "status 1 under --fail-under or without both classes" {
  example
  expect 1 lge-score --fail-under 0.8 truth.jsonl detections.jsonl
  expect 0 lge-score --fail-under 0.75 truth.jsonl detections.jsonl
  grep true truth.jsonl >positive.jsonl
  expect 1 lge-score -q --fail-under 0 positive.jsonl detections.jsonl
  expect 0 jq -e '.balanced_accuracy.value == null' <<<"$output"
}

@test "the same seed gives the same bytes; table and CSV" {
  example
  expect 0 cmp <(lge-score --seed 4 truth.jsonl detections.jsonl) <(lge-score --seed 4 truth.jsonl detections.jsonl)
  expect 0 lge-score --format table truth.jsonl detections.jsonl
  [[ ${lines[0]} == "figure "*value*low*high && $output == *"balanced_accuracy "*0.750* ]]
  expect 0 lge-score -o out.csv truth.jsonl detections.jsonl
  expect 0 grep -q '^auc,0.75,' out.csv
}

@test "a threshold chosen on other cases, or on the test itself and then said so" {
  example
  for line in p:false q:true r:true; do echo "{\"id\":\"${line%:*}\",\"present\":${line#*:}}"; done >other-truth.jsonl
  { detection p 0.2 false; detection q 0.4 false; detection r 0.9 true; } >other.jsonl
  expect 0 lge-score --tune other.jsonl --tune-truth other-truth.jsonl truth.jsonl detections.jsonl
  [ -z "$stderr" ]
  expect 0 jq -e '(.threshold - 0.3 | fabs < 1e-12) and .threshold_from == "other cases" and .sensitivity.value == 1 and .specificity.value == 0.5' <<<"$output"
  expect 0 lge-score --tune detections.jsonl truth.jsonl detections.jsonl
  [[ $stderr == *"chosen on cases that are scored"* ]]
  expect 0 jq -e '.threshold_from == "the scored cases themselves"' <<<"$output"
  expect 64 lge-score --tune other.jsonl --threshold 0.5 truth.jsonl detections.jsonl
  expect 64 lge-score --tune-truth other.jsonl truth.jsonl detections.jsonl
  grep false other-truth.jsonl >absent.jsonl
  expect 65 lge-score --tune other.jsonl --tune-truth absent.jsonl truth.jsonl detections.jsonl
  said "lge-score: other.jsonl: a threshold cannot be chosen: wanted cases with and without enhancement"
}

@test "two runs are compared, and the history says what made it" {
  example
  { detection d 0.9 true; detection c 0.7 true; detection b 0.2 false; detection a 0.1 false; } >better.jsonl
  expect 0 lge-score --compare better.jsonl --history truth.jsonl detections.jsonl
  expect 0 jq -e '.schema == "lge.score.compare/1" and .n == 4 and .auc.a == 0.75 and .auc.b == 1 and .auc.difference == 0.25 and .mcnemar.only_b_right == 1
    and .mcnemar.p == 1 and .history.tool == "lge-score" and (.history.inputs | length == 3)' <<<"$output"
  expect 0 lge-score --compare better.jsonl --format table truth.jsonl detections.jsonl
  [[ ${lines[0]} == "figure "*" a "*" p" && $output == *"mcnemar "* ]]
  expect 1 lge-score --compare detections.jsonl --fail-under 0.9 truth.jsonl better.jsonl
  detection z 0.9 true >none.jsonl
  expect 65 lge-score --compare none.jsonl truth.jsonl detections.jsonl
  expect 64 bash -c 'lge-score --compare - truth.jsonl - <better.jsonl'
}

@test "levels and segments" {
  for line in 'a:true,"segments":[1,7]' 'b:false' 'c:true,"segments":[8]'; do echo "{\"id\":\"${line%%:*}\",\"present\":${line#*:}}"; done >truth.jsonl
  { detection a 0.9 true; detection b 0.1 false; detection c 0.8 true; } | sed -e '/"a"/s/}/,"segments":[1,8]}/' -e '/"c"/s/}/,"segments":[8]}/' >found.jsonl
  expect 0 lge-score -q --by segment truth.jsonl found.jsonl
  [ "${#lines[@]}" -eq 17 ]
  expect 0 jq -se '.[0].segment == 1 and .[0].level == "basal" and .[0].balanced_accuracy.value == 1 and .[6].sensitivity.value == 0
    and .[7].specificity.value == 0.5 and .[0].auc.value == null' <<<"$output"
  expect 0 lge-score -q --by level truth.jsonl found.jsonl
  expect 0 jq -se 'map(.level) == ["basal","mid","apical","apex"] and .[1].sensitivity.value == 1' <<<"$output"
  expect 0 lge-score -q --by level --format csv truth.jsonl found.jsonl
  [[ ${lines[0]} == level,figure,value,low,high && ${lines[1]} == basal,n,3,, ]]
  detection a 0.9 true >bare.jsonl
  expect 65 lge-score -q --by segment truth.jsonl bare.jsonl
  said "lge-score: bare.jsonl: truth and detections have no segment in common"
}

@test "scikit-learn gives the same figures" {
  python3 -c 'import sklearn' 2>/dev/null || skip "no scikit-learn"
  python3 - <<'EOF'
import json, random
from sklearn.metrics import cohen_kappa_score, matthews_corrcoef, roc_auc_score, average_precision_score, brier_score_loss, balanced_accuracy_score, f1_score
random.seed(3)
y = [random.random() < 0.3 for _ in range(300)]
p = [min(1.0, max(0.0, round(random.gauss(0.55 if t else 0.4, 0.2), 2))) for t in y]
with open("truth.jsonl", "w") as t, open("detections.jsonl", "w") as d:
    for i, (a, b) in enumerate(zip(y, p)):
        print(json.dumps({"id": f"c{i}", "present": a}), file=t)
        print(json.dumps({"schema": "lge.detection/1", "id": f"c{i}", "unit": "case", "score": b, "probability": b, "present": b >= 0.5, "threshold": 0.5}), file=d)
called = [v >= 0.5 for v in p]
bins = [min(int(v * 10), 9) for v in p]
error = sum(abs(sum(v - t for v, t, k in zip(p, y, bins) if k == b)) for b in range(10)) / len(y)
json.dump({"kappa": cohen_kappa_score(y, called), "mcc": matthews_corrcoef(y, called), "calibration_error": error, "auc": roc_auc_score(y, p), "average_precision": average_precision_score(y, p), "brier": brier_score_loss(y, p),
           "balanced_accuracy": balanced_accuracy_score(y, called), "f1": f1_score(y, called)}, open("want.json", "w"))
EOF
  lge-score truth.jsonl detections.jsonl >got.json
  # shellcheck disable=SC2016  # jq's variables
  expect 0 jq -se '.[0] as $got | .[1] | to_entries | all(.value - $got[.key].value | fabs < 1e-9)' got.json want.json
}

@test "SciPy draws the same BCa interval, but for the draws, and gives the same McNemar test" {
  python3 -c 'import scipy' 2>/dev/null || skip "no SciPy"
  python3 - <<'EOF'
import json, random
import numpy as np
from scipy.stats import binomtest, bootstrap, rankdata
random.seed(5)
y = np.array([random.random() < 0.4 for _ in range(120)])
p = np.array([min(1.0, max(0.0, random.gauss(0.6 if t else 0.4, 0.2))) for t in y])
q = np.array([min(1.0, max(0.0, random.gauss(0.65 if t else 0.35, 0.2))) for t in y])
with open("truth.jsonl", "w") as t:
    for i, a in enumerate(y): print(json.dumps({"id": f"c{i}", "present": bool(a)}), file=t)
for name, values in ("a.jsonl", p), ("b.jsonl", q):
    with open(name, "w") as d:
        for i, b in enumerate(values):
            print(json.dumps({"schema": "lge.detection/1", "id": f"c{i}", "unit": "case", "score": b, "probability": b, "present": bool(b >= 0.5), "threshold": 0.5}), file=d)
def auc(t, v):
    t = t.astype(bool)  # SciPy draws from both as one array of floats
    r, n = rankdata(v), t.sum()
    return (r[t].sum() - n * (n + 1) / 2) / (n * (len(t) - n))
ci = bootstrap((y, p), auc, n_resamples=9999, paired=True, vectorized=False, method="BCa", random_state=1).confidence_interval
right_p, right_q = (p >= 0.5) == y, (q >= 0.5) == y
b, c = int((right_p & ~right_q).sum()), int((right_q & ~right_p).sum())
json.dump({"low": ci.low, "high": ci.high, "p": binomtest(b, b + c).pvalue}, open("want.json", "w"))
EOF
  expect 0 lge-score --resamples 9999 truth.jsonl a.jsonl
  expect 0 jq -se '(.[0].auc.low - .[1].low | fabs < 0.006) and (.[0].auc.high - .[1].high | fabs < 0.006)' <(echo "$output") want.json
  expect 0 lge-score --compare b.jsonl truth.jsonl a.jsonl
  expect 0 jq -se '.[0].mcnemar.p - .[1].p | fabs < 1e-9' <(echo "$output") want.json
}
