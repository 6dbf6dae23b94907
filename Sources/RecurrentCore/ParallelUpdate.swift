public import Dispatch

/// Calls `body` with each of the first `count` elements, in place, on up to `threads` threads. Each element is changed by
/// one thread only, and what runs when cannot change the results.
@inlinable
package func parallelUpdate<Element: Sendable>(
  _ elements: inout [Element], first count: Int, threads: Int, _ body: @Sendable (Int, inout Element) -> Void
) {
  precondition(count <= elements.count, "the first \(count) of \(elements.count) elements")
  elements.withUnsafeMutableBufferPointer { buffer in
    guard threads > 1 && count > 1 else {
      for index in 0..<count { body(index, &buffer[index]) }
      return
    }
    // Workers touch different elements, and all have ended when this returns.
    nonisolated(unsafe) let shared = buffer
    let workers = min(threads, count)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      for index in stride(from: worker, to: count, by: workers) { body(index, &shared[index]) }
    }
  }
}

/// Leaves in the first element the sum of the first `count` by a binary tree, in place; the others hold parts of it
/// afterwards. The tree's form depends on `count` alone: neighbours first, then neighbours of those.
@inlinable
package func treeSumInPlace<Element>(
  _ elements: inout [Element], first count: Int, add: (inout Element, Element) -> Void
) {
  var distance = 1
  while distance < count {
    for index in stride(from: 0, to: count - distance, by: 2 * distance) {
      let right = elements[index + distance]
      add(&elements[index], right)
    }
    distance *= 2
  }
}
