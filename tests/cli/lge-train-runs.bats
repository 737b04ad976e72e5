load helpers

# Runs that are stopped, killed, starved and shared. LGE_KILLS: how often one is killed.
small=(--task segment --population mild --spacing 4 --threads 1)

# wait_for FILE: until it is there and not empty.
wait_for() {
  for _ in $(seq 600); do
    if [ -s "$1" ]; then return; fi
    sleep 0.1
  done
  return 1
}

@test "SIGUSR1 does not end a run; SIGTERM finishes the step, saves and ends with 75" {
  lge-train -q "${small[@]}" --batch 2 --size 32 --steps 100000 --save-every 1 --run-dir run 3>&- &
  local trainer=$! status=0
  wait_for run/latest
  kill -USR1 $trainer
  sleep 0.5
  kill -TERM $trainer
  wait $trainer || status=$?
  [ "$status" = 75 ]
  [ -s "run/$(cat run/latest)/state.json" ]
  [ ! -e run/model.safetensors ]
}

@test "a stop signal is answered within 15 seconds at every step, by each of the three signals" {
  local signal status begin
  for signal in TERM INT USR2; do
    # A shell that is not interactive has its background jobs ignore SIGINT; the trainer's own handler comes after.
    lge-train -q "${small[@]}" --size 64 --batch 16 --steps 100000 --run-dir run$signal 3>&- &
    local trainer=$!
    wait_for run$signal/metrics.jsonl
    begin=$SECONDS
    kill -$signal $trainer
    status=0
    wait $trainer || status=$?
    [ "$status" = 75 ]
    [ $((SECONDS - begin)) -le 15 ]
    [ -s "run$signal/$(cat run$signal/latest)/state.json" ]
  done
}

@test "a run killed at any moment goes on from whole checkpoints, and ends as one that nobody killed" {
  expect 0 "$LGE_TESTS/faults/kill-training" "${LGE_KILLS:-5}"
  [[ $output == "${LGE_KILLS:-5} kills, "*': '*' steps, no checkpoint damaged, nothing left behind' ]]
}

@test "a disk that is full at a checkpoint costs that checkpoint, not the run" {
  mkdir disk
  mount -t tmpfs -o size=64m tmpfs disk 2>/dev/null || skip "no right to mount"
  expect 75 lge-train -q "${small[@]}" --batch 2 --size 32 --steps 100000 --run-dir disk/run --stop-after 1
  lge-train "${small[@]}" --batch 2 --size 32 --steps 100000 --save-every 300 --run-dir disk/run 2>said 3>&- &
  local trainer=$! status=0
  for _ in $(seq 600); do
    if [ "$(wc -l <disk/run/metrics.jsonl)" -gt 1 ]; then break; fi
    sleep 0.1
  done
  head -c 64m /dev/zero >disk/filling 2>/dev/null || true
  for _ in $(seq 600); do
    if grep -q 'no checkpoint' said; then break; fi
    sleep 0.1
  done
  grep -q 'warning: step 300: no checkpoint: .*No space left on device; goes on to the next' said
  [ "$(cat disk/run/latest)" = step-1 ]
  kill -0 $trainer
  rm disk/filling
  sleep 1
  kill -TERM $trainer
  wait $trainer || status=$?
  umount disk || umount -l disk
  cat said
  [ "$status" = 75 ]
}

# two_processes ARGS...: one run by two processes that this machine starts, as torchrun would.
two_processes() {
  local rank pids=()
  MASTER_PORT=$((20000 + RANDOM % 10000))
  for rank in 0 1; do
    RANK=$rank WORLD_SIZE=2 LOCAL_RANK=$rank MASTER_ADDR=127.0.0.1 MASTER_PORT=$MASTER_PORT timeout 120 lge-train "$@" 2>said$rank 3>&- &
    pids+=($!)
  done
  processes=("${pids[@]}")
}

@test "two processes give the losses and the model of one with the same batches, byte for byte" {
  local task args pid
  for task in segment align; do
    args=(--task $task --population mild --spacing 4 --batch 16 --size 32 --steps 10 --precision fp32)
    [ $task = segment ] || args+=(--input image --caption-weight 1)
    expect 0 lge-train -q "${args[@]}" --run-dir one-$task
    two_processes "${args[@]}" --run-dir two-$task
    for pid in "${processes[@]}"; do wait "$pid"; done
    [ -z "$(cat said1)" ]
    cmp <(jq .loss one-$task/metrics.jsonl) <(jq .loss two-$task/metrics.jsonl)
    cmp one-$task/model.safetensors two-$task/model.safetensors
  done
}

@test "a stop signal to one of two processes stops both at one checkpoint, with status 75" {
  local pid status
  two_processes "${small[@]}" --batch 8 --size 32 --steps 100000 --run-dir run
  wait_for run/metrics.jsonl
  kill -TERM "$(pgrep -P "${processes[1]}" lge-train)"
  for pid in "${processes[@]}"; do
    status=0
    wait "$pid" || status=$?
    [ "$status" = 75 ]
  done
  [ -s "run/$(cat run/latest)/state.json" ]
}

@test "when one of two processes is killed the other ends within a minute, with a reason" {
  local status=0 begin
  two_processes "${small[@]}" --batch 8 --size 32 --steps 100000 --save-every 5 --run-dir run
  wait_for run/latest
  begin=$SECONDS
  kill -KILL "$(pgrep -P "${processes[1]}" lge-train)"
  wait "${processes[0]}" || status=$?
  wait "${processes[1]}" || true
  [ $((SECONDS - begin)) -le 60 ]
  cat said0
  [ "$status" = 69 ]
  grep -q 'another process of this run has died or does not answer' said0
  expect 75 lge-train -q "${small[@]}" --batch 8 --size 32 --steps 100000 --save-every 5 --run-dir run --stop-after 1
}
