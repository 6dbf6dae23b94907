internal import Dispatch

/// `transform` of 0 ..< count, on up to `threads` threads. Results stand in order; what a thread computes and when
/// cannot change them.
package func parallelMap<Result: Sendable>(
  _ count: Int, threads: Int, _ transform: @Sendable (Int) -> Result
) -> [Result] {
  guard threads > 1 && count > 1 else { return (0..<count).map(transform) }
  let slots = ResultSlots<Result>(count)
  let workers = min(threads, count)
  DispatchQueue.concurrentPerform(iterations: workers) { worker in
    for index in stride(from: worker, to: count, by: workers) { slots.set(index, transform(index)) }
  }
  return slots.take()
}

/// One place for each result; every index is written by one worker only, and read after all have ended.
private final class ResultSlots<Element: Sendable>: @unchecked Sendable {
  private let buffer: UnsafeMutableBufferPointer<Element?>

  init(_ count: Int) {
    buffer = .allocate(capacity: count)
    buffer.initialize(repeating: nil)
  }

  deinit {
    buffer.deinitialize()
    buffer.deallocate()
  }

  func set(_ index: Int, _ value: Element) { buffer[index] = value }

  func take() -> [Element] {
    buffer.map { value in
      guard let value else { preconditionFailure("a parallel task left no result") }
      return value
    }
  }
}

/// Sums `values` by a binary tree whose form depends on their count alone: neighbours first, then neighbours of those.
package func treeSum<Value>(_ values: [Value], add: (inout Value, Value) -> Void) -> Value? {
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
