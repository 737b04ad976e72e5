load helpers

report() { jq -cn --arg id "$1" --arg text "$2" '{id: $id, text: $text}'; }

@test "lge-reportparse keeps the rules of the suite" {
  keeps_the_rules lge-reportparse
}

@test "lge-reportparse reads JSON Lines, plain text, a folder and standard input alike" {
  mkdir reports
  text='Subendocardial LGE in the basal inferior wall.'
  printf '%s\n' "$text" >reports/a.txt
  report a "$text" >a.jsonl
  lge-reportparse a.jsonl >from-jsonl
  lge-reportparse reports/a.txt >from-file
  lge-reportparse reports >from-folder
  lge-reportparse <a.jsonl >from-stdin
  [ "$(jq -c '[.schema, .id, .lge, .segments, .pattern]' from-jsonl)" = '["lge.finding/1","a","present",[4],["subendocardial"]]' ]
  for other in from-file from-folder from-stdin; do expect 0 diff from-jsonl $other; done
}

@test "lge-reportparse takes other keys and keeps the order of the input" {
  for n in 3 1 2; do echo "{\"case\":\"$n\",\"body\":\"No LGE.\"}"; done >in.jsonl
  expect 0 lge-reportparse --id-key case --text-key body in.jsonl
  [ "$(jq -r .id <<<"$output" | tr '\n' ' ')" = '3 1 2 ' ]
  expect 65 lge-reportparse in.jsonl
  said 'lge-reportparse: in.jsonl:1: *'
}

@test "lge-reportparse gives the same bytes with one thread and with four" {
  seq 5000 | jq -c '{id: tostring, text: "Midwall LGE in the basal septum, case \(.). Function: EF 55%. Impression: prior myocarditis is possible."}' >many.jsonl
  lge-reportparse --threads 1 --captions one.captions many.jsonl >one
  lge-reportparse --threads 4 --captions four.captions many.jsonl >four
  [ "$(wc -l <one)" -eq 5000 ]
  expect 0 cmp one four
  expect 0 cmp one.captions four.captions
}

@test "lge-reportparse points at evidence in bytes and quotes it only when asked" {
  report x 'Überblick: Scar in the apex.' >in.jsonl
  expect 0 lge-reportparse in.jsonl
  [ "$(jq -c '.evidence[0] | [.start, .end, has("text")]' <<<"$output")" = '[12,28,false]' ]
  expect 0 lge-reportparse --evidence-text in.jsonl
  [ "$(jq -r '.evidence[0].text' <<<"$output")" = 'Scar in the apex' ]
}

@test "lge-reportparse writes captions of the sentences about LGE without what names a person" {
  report x 'Dr. Jane Roe reported on 12/03/2019. Dr. Jane Roe saw LGE in the mid inferior wall on 12/03/2019, MRN: 1234567. EF 55%. No LGE at the apex.' >in.jsonl
  lge-reportparse --captions captions.jsonl in.jsonl >/dev/null
  [ "$(jq -r .text captions.jsonl | wc -l)" -eq 2 ]
  [ "$(jq -c 'select(.level == "mid") | [.schema, .finding.segments]' captions.jsonl)" = '["lge.caption/1",[10]]' ]
  run ! grep -qE 'Roe|Jane|2019|1234567|EF' captions.jsonl
  [ "$(jq -r 'select(.finding.lge == "absent") | .text' captions.jsonl)" = 'No LGE at the apex' ]
}

@test "lge-reportparse tells how far it agrees with labels and where it does not" {
  {
    echo '{"id":"right","text":"No LGE.","labels":{"lge":"absent","segments":[]}}'
    echo '{"id":"wrong","text":"LGE in the basal septum.","labels":{"lge":"absent","segments":[]}}'
  } >gold.jsonl
  expect 0 lge-reportparse --evaluate gold.jsonl gold.jsonl
  [ "$(jq -c 'select(.schema == "lge.agreement/1" and .id == "lge") | [.n, .equal, .accuracy.value, .f1.value]' <<<"$output")" = '[2,1,0.5,0.5]' ]
  [ "$(jq -c 'select(.schema == "lge.disagreement/1" and .field == "lge") | [.id, .gold, .found]' <<<"$output")" = '["wrong",["absent"],["present"]]' ]
  [ "$(jq -c 'select(.schema == "lge.disagreement/1" and .field == "lge") | .evidence' <<<"$output")" = '[{"start":0,"end":23}]' ]
  [ "$(jq -c 'select(.schema == "lge.agreement/1" and .id == "lge") | .accuracy | [.low, .high] | map(. * 1000 | round)' <<<"$output")" = '[95,905]' ]
  [ "$(jq -r 'select(.id == "right" and .schema == "lge.disagreement/1")' <<<"$output")" = '' ]
  echo '{"id":"bare","text":"No LGE."}' >>gold.jsonl
  expect 65 lge-reportparse --evaluate gold.jsonl gold.jsonl
  said 'lge-reportparse: gold.jsonl:3: no labels'
}

@test "lge-reportparse reads other rules, and names the line of a bad one" {
  printf '[target]\nsparkle\n[negation]\nno\n' >rules.txt
  report x 'A sparkle.' >in.jsonl
  expect 0 lge-reportparse --rules rules.txt in.jsonl
  [ "$(jq -r .lge <<<"$output")" = present ]
  printf '[target]\nsparkle\n[wall middle]\ncentre\n' >bad.txt
  expect 65 lge-reportparse --rules bad.txt in.jsonl
  said 'lge-reportparse: bad.txt:3: no such value of this kind'
  printf '[target]\nsparkle\n[sort]\n' >bad.txt
  expect 65 lge-reportparse --rules bad.txt in.jsonl
  said 'lge-reportparse: bad.txt:3: no such kind'
}

@test "lge-reportparse explains what it understood" {
  report x 'No scar.' >in.jsonl
  expect 0 lge-reportparse --explain in.jsonl
  [ "$(jq -c 'select(.kind == "negation") | [.start, .end]' <<<"$output")" = '[0,2]' ]
  [ "$(jq -r 'select(.kind == "statement") | .value' <<<"$output")" = absent ]
}

@test "lge-reportparse refuses bad text by file and line, without quoting it" {
  printf '{"id":"a","text":"No LGE."}\n{"id":"b","text":"secret \xff"}\n' >in.jsonl
  expect 65 lge-reportparse -o out.jsonl in.jsonl
  said 'lge-reportparse: in.jsonl:2: b: byte 7 of text: not UTF-8'
  [ ! -e out.jsonl ]
  expect 0 lge-reportparse --lenient in.jsonl
  [ "${#lines[@]}" -eq 2 ]
  expect 65 lge-reportparse --keep-going in.jsonl
  [ "${#lines[@]}" -eq 1 ]
  [[ $stderr != *secret* ]]
  printf 'secret \xff' >plain.txt
  expect 65 lge-reportparse plain.txt
  said 'lge-reportparse: plain.txt: byte 7: not UTF-8'
}

@test "lge-reportparse counts the bytes of the text, and names no id that is bad itself" {
  printf '{"text":"caf\\u00e9\\n\xe2\x80 LGE \xff","id":"b"}\n' >in.jsonl
  expect 65 lge-reportparse in.jsonl
  said 'lge-reportparse: in.jsonl:1: b: byte 6 of text: not UTF-8'
  printf '{"id":"b\xff","text":"No LGE."}\n' >in.jsonl
  expect 65 lge-reportparse in.jsonl
  said 'lge-reportparse: in.jsonl:1: byte 8: not UTF-8'
  printf '{"id":"b","text":"No LGE.","other":"\xff"}\n' >in.jsonl
  expect 65 lge-reportparse in.jsonl
  said 'lge-reportparse: in.jsonl:1: byte 36: not UTF-8'
  printf '{"id":"b","text":"No \xff LGE."\n' >in.jsonl
  expect 65 lge-reportparse in.jsonl
  said 'lge-reportparse: in.jsonl:1: byte 21: not UTF-8'
}

@test "lge-reportparse answers each line of a pipe before the next is written" {
  for threads in 1 3; do
    mkfifo "in.$threads" "out.$threads"
    lge-reportparse --threads "$threads" <"in.$threads" >"out.$threads" &
    exec 5>"in.$threads" 6<"out.$threads"
    for id in a b c; do
      report "$id" 'No LGE.' | head -c 9 >&5
      sleep 0.05 # the input stops within a line
      report "$id" 'No LGE.' | tail -c +10 >&5
      read -r -t 20 answer <&6
      [ "$(jq -r .id <<<"$answer")" = "$id" ]
    done
    exec 5>&- 6<&-
    wait $!
  done
}

@test "lge-reportparse answers a line that stands in the pipe before it starts" {
  mkfifo in out
  exec 5<>in
  report a 'No LGE.' >&5
  lge-reportparse <in >out 5>&- &
  exec 6<out
  read -r -t 20 answer <&6
  [ "$(jq -r .id <<<"$answer")" = a ]
  exec 5>&- 6<&-
  wait $!
}

@test "lge-reportparse refuses every proper prefix of a file of JSON Lines" {
  { report a 'No LGE.'; report b 'Scar in the apex.'; } >in.jsonl
  first=$(head -1 in.jsonl | wc -c)
  for ((n = 1; n < $(wc -c <in.jsonl); n++)); do
    ((n == first)) && continue # a whole line
    head -c "$n" in.jsonl >cut.jsonl
    run lge-reportparse cut.jsonl
    [ "$status" -eq 65 ] || { echo "prefix of $n bytes: $status"; return 1; }
  done
}

@test "lge-reportparse writes findings as a table" {
  report x 'Transmural scar, segments 4 and 10.' >in.jsonl
  expect 0 lge-reportparse --format csv in.jsonl
  [[ ${lines[0]} == id,lge,segments,* ]]
  [[ ${lines[1]} == x,present,'10 4',* ]]
}

@test "lge-reportparse leaves an output that exists alone" {
  report x 'No LGE.' >in.jsonl
  refuses_existing_output lge-reportparse in.jsonl -- out.jsonl
}

@test "lge-reportparse reads the labelled reports beside the project as their reader did" {
  real_data ../reports
  for set in published mock_reports; do
    expect 0 lge-reportparse --evaluate "$data/$set.jsonl" "$data/$set.jsonl"
    [ "$(jq -s 'length > 16 and all(.[]; .schema != "lge.disagreement/1")' <<<"$output")" = true ]
  done
}
