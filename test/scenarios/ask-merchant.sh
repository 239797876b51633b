#!/usr/bin/env bash
# Has the merchant behind the port $1 run the other arguments with this environment. Prints what it prints, and ends with its status.
exec 3<>"/dev/tcp/127.0.0.1/$1"
shift
{
  printf '%s\0' "$#" "$@"
  for name in "${!PAYBOX_@}"; do printf '%s=%s\0' "$name" "${!name}"; done
  printf '\0'
} >&3
IFS= read -r -d '' -u 3 status
IFS= read -r -d '' -u 3 stdout
IFS= read -r -d '' -u 3 stderr
printf '%s' "$stdout"
printf '%s' "$stderr" >&2
exit "$status"
