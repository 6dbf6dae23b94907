/// Work that the threads of a pool share. A value rather than a closure, since a closure that another thread is to call is
/// copied to the heap, every time. Nor may a thread copy the value, whose counts of references all threads would fight
/// for: `~Copyable` is how the compiler is held to that.
package protocol SharedWork: ~Copyable {
  /// The share of one of so many threads; all run at the same time.
  func share(of thread: Int, among threads: Int)
}

/// Work on the elements of arrays, each by itself.
package protocol ElementWork {
  func work(on part: Range<Int>)
}

/// How a worker calls work whose type it does not know.
class SharedCall {
  class func call(_ work: UnsafeRawPointer, thread: Int, among threads: Int) {
    preconditionFailure("a work's own")
  }
}

final class SharedCallOf<Work: SharedWork & ~Copyable>: SharedCall {
  override class func call(_ work: UnsafeRawPointer, thread: Int, among threads: Int) {
    work.assumingMemoryBound(to: Work.self).pointee.share(of: thread, among: threads)
  }
}

/// A closure as work: for callers to whom an allocation a round is nothing.
struct ClosureWork: SharedWork {
  let body: (Int) -> Void
  func share(of thread: Int, among threads: Int) { body(thread) }
}

/// Parts that are whole vectors long, one a thread.
struct PartedWork<Work: ElementWork>: SharedWork {
  let work: Work
  let count: Int

  /// How many of so many threads have a part worth their while: 8,192 elements at least.
  func sharers(among all: Int) -> Int { min(all, count >> 13) }

  func share(of thread: Int, among all: Int) {
    let threads = sharers(among: all)
    guard thread < threads else { return }
    let part = (count / threads + 63) / 64 * 64
    let first = min(thread * part, count)
    let end = thread == threads - 1 ? count : min(first + part, count)
    if first < end { work.work(on: first..<end) }
  }
}
