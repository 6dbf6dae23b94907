#!/usr/bin/env bash
# Fails where a public declaration has no documentation comment. A line-by-line scan of formatted sources: it sees types,
# members, cases of public enumerations and requirements of public protocols.
#
#   Tools/comments.sh [FOLDER…]      default: the modules of the libraries
#
# Not asked for: members whose meaning is the standard library's (description, Codable, Hashable, literals), and names that
# begin with an underscore, which are not API.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# = 0 ]; then
  set -- Sources/Recurrent{Core,Data,HMM,NN,Interchange,Reports,Tasks,TestSupport,Training}
fi

missing=$(find "$@" -name '*.swift' | LC_ALL=C sort | xargs awk '
  FNR == 1 { documented = 0; depth = 0 }
  { match($0, /^ */); indent = RLENGTH; line = substr($0, indent + 1) }
  line ~ /^\/\/\// { documented = 1; next }
  # Attributes on a line of their own, comments and conditions stand between a comment and its declaration.
  line ~ /^@[A-Za-z]+(\([^)]*\))?$/ || line ~ /^(\/\/|#)/ { next }
  depth > 0 && indent == margin[depth] && line ~ /^}/ { depth--; documented = 0; next }
  {
    head = line
    sub(/^(@[A-Za-z]+(\([^)]*\))? +)+/, "", head)
    plain = head
    gsub(/(private|package|internal)\(set\) |(static|final|indirect|mutating|nonisolated|prefix) /, "", plain)
    isMember = plain ~ /^public (struct|class|enum|protocol|actor|func|var|let|init|subscript|typealias)/
    if (depth > 0 && indent == margin[depth] + 2) {
      if (kind[depth] == "enum" && plain ~ /^case /) isMember = 1
      if (kind[depth] == "protocol" && plain ~ /^(func|var|init|subscript|associatedtype)/) isMember = 1
    }
    isExempt = plain ~ /^public (var description|func encode\(to |init\(from decoder|func hash\(into|func (==|<) |init\([a-zA-Z]*Literal[: ])/ \
      || plain ~ /^(public )?func _/
    if (isMember && !documented && !isExempt) print FILENAME ":" FNR ": " line
    if (plain ~ /^public (enum|protocol) / && line !~ /}$/) {
      kind[++depth] = plain ~ /^public enum / ? "enum" : "protocol"
      margin[depth] = indent
    }
    documented = 0
  }')

if [ -n "$missing" ]; then
  printf '%s\n' "$missing"
  echo "$(printf '%s\n' "$missing" | wc -l) public declarations without a documentation comment; say what each computes, its shapes, defaults and errors" >&2
  exit 1
fi
