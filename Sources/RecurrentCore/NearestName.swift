/// The candidate that a mistyped name was most likely meant to be, or nil where none is close.
///
/// Distance is the number of insertions, deletions, substitutions and swaps of neighbours (optimal string alignment),
/// after both names are lower-cased. A candidate is close when its distance is at most one for names of up to four
/// characters and at most a third of the longer name beyond that: further away a suggestion misleads more than it helps.
/// Ties go to the candidate listed first. Cost: product of the two lengths for each candidate.
package func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased())
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    let letters = Array(candidate.lowercased())
    let distance = editDistance(wanted, letters)
    let allowed = max(1, max(wanted.count, letters.count) / 3)
    if distance <= allowed, distance < (best?.distance ?? Int.max) {
      best = (candidate, distance)
    }
  }
  return best?.name
}

/// Optimal string alignment distance, three rows of the table at a time.
private func editDistance(_ first: [Character], _ second: [Character]) -> Int {
  var beforePrevious = [Int](repeating: 0, count: second.count + 1)
  var previous = Array(0...second.count)
  for i in first.indices {
    var current = [i + 1] + [Int](repeating: 0, count: second.count)
    for j in second.indices {
      let substitution = previous[j] + (first[i] == second[j] ? 0 : 1)
      current[j + 1] = min(substitution, previous[j + 1] + 1, current[j] + 1)
      let swapped = i > 0 && j > 0 && first[i] == second[j - 1] && first[i - 1] == second[j]
      if swapped { current[j + 1] = min(current[j + 1], beforePrevious[j - 1] + 1) }
    }
    beforePrevious = previous
    previous = current
  }
  return previous[second.count]
}
