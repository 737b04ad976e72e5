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
    and (.sensitivity.low - 0.0945 | fabs < 1e-4) and .true_positive == 1 and .threshold == null' <<<"$output"
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
  expect 0 jq -e '.n == 4 and .left_out == 1 and .missing == 1 and .extra == 1' <<<"$output"
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

@test "scikit-learn gives the same figures" {
  python3 -c 'import sklearn' 2>/dev/null || skip "no scikit-learn"
  python3 - <<'EOF'
import json, random
from sklearn.metrics import roc_auc_score, average_precision_score, brier_score_loss, balanced_accuracy_score, f1_score
random.seed(3)
y = [random.random() < 0.3 for _ in range(300)]
p = [min(1.0, max(0.0, round(random.gauss(0.55 if t else 0.4, 0.2), 2))) for t in y]
with open("truth.jsonl", "w") as t, open("detections.jsonl", "w") as d:
    for i, (a, b) in enumerate(zip(y, p)):
        print(json.dumps({"id": f"c{i}", "present": a}), file=t)
        print(json.dumps({"schema": "lge.detection/1", "id": f"c{i}", "unit": "case", "score": b, "probability": b, "present": b >= 0.5, "threshold": 0.5}), file=d)
called = [v >= 0.5 for v in p]
json.dump({"auc": roc_auc_score(y, p), "average_precision": average_precision_score(y, p), "brier": brier_score_loss(y, p),
           "balanced_accuracy": balanced_accuracy_score(y, called), "f1": f1_score(y, called)}, open("want.json", "w"))
EOF
  lge-score truth.jsonl detections.jsonl >got.json
  # shellcheck disable=SC2016  # jq's variables
  expect 0 jq -se '.[0] as $got | .[1] | to_entries | all(.value - $got[.key].value | fabs < 1e-9)' got.json want.json
}
