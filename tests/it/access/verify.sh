#!/usr/bin/env bash
# verify.sh FILE ALLOWED_SIGNERS: judges an audit file without logmask. Exit status 0: every entry follows the one before
# it, and every checkpoint is signed by a key that may sign.
prev=$(printf '0%.0s' {1..64}) seq=0 signed=0
while IFS= read -r line; do
    seq=$((seq + 1))
    [ "$(jq -r '"\(.v) \(.seq) \(.prev)"' <<<"$line")" = "1 $seq $prev" ] || { echo "entry $seq is bad"; exit 4; }
    [ "$seq" != 1 ] || origin=$(jq -r .origin <<<"$line")
    if [ "$(jq -r .event <<<"$line")" = checkpoint ]; then
        printf 'logmask-audit/v1\n%s\n%s\n%s\n' "$origin" $((seq - 1)) "$prev" | ssh-keygen -Y verify -f "$2" -n audit@logmask \
            -I audit -s <(jq -r .signature <<<"$line") >/dev/null 2>&1 || { echo "entry $seq is badly signed"; exit 4; }
        signed=$((seq - 1))
    fi
    prev=$(printf %s "$line" | sha256sum | cut -d ' ' -f 1)
done <"$1"
[ "$signed" -gt 0 ] && echo "ok: $seq entries, signed through $signed"
