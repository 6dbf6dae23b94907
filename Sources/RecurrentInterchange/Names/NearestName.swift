/// The name among `candidates` that a mistyped `name` most likely meant, or `nil` when none is close.
///
/// Close means an edit distance (insertion, deletion, substitution) of at most a third of the name's length,
/// and at least 2 allowed. Ties go to the candidate that comes first. Cost: `O(n · m)` bytes for each
/// candidate of similar length.
func nearestName(to name: String, among candidates: [String]) -> String? {
  let wanted = Array(name.utf8)
  let limit = max(2, wanted.count / 3)
  var best: (name: String, distance: Int)?
  // A candidate that must lose by its length alone is not looked at, so huge names cost nothing.
  for candidate in candidates where abs(candidate.utf8.count - wanted.count) <= limit && candidate != name {
    let distance = editDistance(wanted, Array(candidate.utf8))
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

private func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
  var row = Array(0...second.count)
  for i in first.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in second.indices {
      let substituted = diagonal + (first[i] == second[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
    }
  }
  return row[second.count]
}
