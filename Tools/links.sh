#!/usr/bin/env bash
# Every relative link of the documents points to a file, and every heading that a link names exists.
set -euo pipefail
cd "$(dirname "$0")/.."

bad=0
for page in *.md Guides/*.md Documentation/*.md Tools/*/*.md; do
  while IFS= read -r link; do
    case "$link" in http*|mailto:*) continue ;; esac
    file=${link%%#*} heading=""
    [[ "$link" == *"#"* ]] && heading=${link#*#}
    target=$page
    [ -n "$file" ] && target=$(dirname "$page")/$file
    if [ ! -e "$target" ]; then
      echo "$page: link to $link, expected a file that exists"
      bad=1
    elif [ -n "$heading" ] && [[ "$target" == *.md ]]; then
      # A heading's anchor: lower case, blanks as hyphens, no other marks.
      if ! sed -n 's/^##* *//p' "$target" | tr '[:upper:] ' '[:lower:]-' | sed 's/[^[:alnum:]_-]//g' | grep -qxF -- "$heading"; then
        echo "$page: link to $link, expected a heading of $target"
        bad=1
      fi
    fi
  done < <(grep -oE '\]\([^) ]+\)' "$page" | sed 's/^](//; s/)$//')
done
exit $bad
