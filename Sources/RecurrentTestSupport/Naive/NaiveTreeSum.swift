/// The sum of `values` by a binary tree whose form depends on their count alone: neighbours first, then neighbours of
/// those; `nil` of no values. The twin of the sum over shards, which works in place.
///
/// - Parameter add: adds the second value to the first.
public func naiveTreeSum<Value>(_ values: [Value], add: (inout Value, Value) -> Void) -> Value? {
  var level = values
  while level.count > 1 {
    var next: [Value] = []
    for index in stride(from: 0, to: level.count - 1, by: 2) {
      var sum = level[index]
      add(&sum, level[index + 1])
      next.append(sum)
    }
    if level.count % 2 == 1 { next.append(level[level.count - 1]) }
    level = next
  }
  return level.first
}
