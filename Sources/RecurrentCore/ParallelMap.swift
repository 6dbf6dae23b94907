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
