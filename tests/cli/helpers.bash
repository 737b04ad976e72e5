# shellcheck disable=SC2154  # status, lines and the like are set by bats
# Loaded by every .bats file. CTest sets LGE_BIN (the tools) and LGE_TESTS (this folder's parent).
bats_require_minimum_version 1.5.0

setup() {
  PATH=$LGE_BIN:$PATH
  cd "$BATS_TEST_TMPDIR" || return
}

# expect STATUS COMMAND...: run it, show what it said, and check its status.
# The streams are kept apart: $output and $stderr.
expect() {
  local want=$1
  shift
  run --separate-stderr timeout 120 "$@" 3>&-
  printf '$ %s\n%s\n%s\n[status %s, wanted %s]\n' "$*" "$output" "$stderr" "$status" "$want"
  [ "$status" -eq "$want" ]
}

# said PATTERN: standard error is one line that matches the glob, and standard output is empty.
said() {
  printf '[wanted on stderr: %s]\n' "$1"
  [ -z "$output" ]
  # shellcheck disable=SC2053  # a glob on purpose
  [[ $stderr == $1 && $stderr != *$'\n'* ]]
}

# real_data SET: sets $data to the folder of a public data set, or skips the test where there is none.
real_data() {
  data=${LGE_DATA_REAL:-$LGE_TESTS/../../shared/data}/$1
  [ -d "$data" ] || skip "no real data: set LGE_DATA_REAL to the folder that holds $1"
}

# keeps_the_rules TOOL [OPTIONS...]: what every tool does alike; its own file calls it once.
# OPTIONS are those that the tool cannot do without.
keeps_the_rules() {
  local tool=$1 mode option words operands
  shift

  expect 0 "$tool" --help
  [ -z "$stderr" ]
  [[ ${lines[0]} == "usage: $tool [options]"* ]]
  local help=$output
  expect 0 awk 'length > 80 { exit 1 }' <<<"$help"
  expect 0 "$tool" -h
  [ "$output" = "$help" ]
  expect 0 "$tool" --version
  [[ ${lines[0]} =~ ^$tool\ [0-9]+\.[0-9]+\.[0-9]+$ ]]

  expect 64 "$tool" --no-such-option
  said "$tool: unknown option '--no-such-option'; try --help"
  expect 64 "$tool" --hel
  said "$tool: unknown option '--hel'; try --help"
  echo 'no-such-option = 1' >bad.ini
  expect 64 "$tool" "$@" --config bad.ini
  said "$tool: bad.ini:1: no-such-option: unknown option; try --help"
  expect 66 "$tool" "$@" --config missing.ini

  "$tool" "$@" --print-config >first.ini
  "$tool" --config first.ini --print-config >second.ini
  expect 0 diff first.ini second.ini
  "$tool" --print-completion >completion
  expect 0 bash -n completion

  for mode in --help --version --print-config; do
    expect 74 bash -c '"$@" >/dev/full' - "$tool" "$@" $mode
    said "$tool: standard output: write failed: No space left on device"
    expect 74 bash -c '"$@" >&-' - "$tool" "$@" $mode
    said "$tool: standard output: write failed: Bad file descriptor"
  done

  # Operands that must be given, from the first lines of --help; none of them is there.
  read -ra words <<<"$(sed '/^$/q' <<<"$help" | tr '\n' ' ')"
  operands=()
  for option in "${words[@]:3}"; do
    case $option in '['*|*']'|...) ;; *) operands+=("$option") ;; esac
  done
  if ((${#operands[@]})); then
    expect 64 "$tool" "$@"
    mkdir -m 000 folder
    expect 66 "$tool" "$@" "${operands[@]/*/missing.file}"
    said "$tool: missing.file: *"
    expect 66 "$tool" "$@" "${operands[@]/*/folder}"
    said "$tool: folder: *"
  fi

  local page=$LGE_BIN/../man/$tool.1
  if [ -e "$page" ] && command -v mandoc >/dev/null; then
    mandoc -T ascii -O width=200 "$page" | sed 's|.\x08||g' >rendered
    grep -oE '^ .{5}--[a-z0-9-]+' <<<"$help" | grep -oE -- '--.*' >named
    [ -s named ]
    while read -r option; do expect 0 grep -qE -- "$option( |$)" rendered; done <named
    expect 0 grep -q '^EXAMPLES' rendered
    expect 0 grep -q '^EXIT STATUS' rendered
  fi
}

# refuses_existing_output TOOL ARGS... -- OUT: OUT is left as it was without --force, and replaced with it.
refuses_existing_output() {
  local words=()
  while [ "$1" != -- ]; do
    words+=("$1")
    shift
  done
  echo 'something of the user' >"$2"
  expect 73 "${words[@]}" --output "$2"
  said "${words[0]}: *$(basename "$2")*"
  [ "$(cat "$2")" = 'something of the user' ]
  expect 0 "${words[@]}" --output "$2" --force
  [ -s "$2" ]
  run ! grep -qa 'something of the user' "$2"
}
