internal import Foundation
internal import Synchronization

/// Threads that wait for work: briefly awake, so that the next of many short tasks starts in about a microsecond, then
/// asleep.
///
///     pool.run { thread in … }    // once for each thread; returns when all have ended
///
/// It decides only who computes, never what: no result may depend on the number of threads. One caller at a time has
/// the threads; another one meanwhile, and a task of the pool itself, does all the work alone, one share after another.
package final class WorkerPool: Sendable {
  /// How many shares the work is cut into, and threads there are, the caller's own among them: fewer than were asked for
  /// where the system does not give as many.
  package let threads: Int
  /// Multiplications that take about as long as to wake a thread and to wait for it: a share of less is not worth one.
  package let wakingCost: Int
  private let shared = Shared()

  /// - Parameter wakingCost: default 2¹⁷, 2.3 µs of products at 115 GFLOP/s; 1 where everything is to be shared, as a test wants it.
  package init(threads: Int, wakingCost: Int = 1 << 17) {
    precondition(threads > 0, "a pool needs at least one thread, found \(threads)")
    self.wakingCost = wakingCost
    var begun = 1
    while begun < threads {
      let number = begun
      guard SystemThread.start(stackSize: 1 << 20, { [shared] in shared.work(as: number) }) else { break }
      begun += 1
    }
    self.threads = begun
  }

  deinit { shared.end() }

  /// How many threads have a share worth one, of so many multiplications.
  package func sharers(of multiplications: Int) -> Int { max(1, min(threads, multiplications / wakingCost)) }

  /// Does the shares 0 ..< `threads` of work: 0 on the caller's thread, each other on a thread of its own. Allocates
  /// nothing.
  package func run<Work: SharedWork & ~Copyable>(_ work: borrowing Work) {
    guard runTogether(work) else {
      for thread in 0..<threads { work.share(of: thread, among: threads) }
      return
    }
  }

  /// The same for shares that wait for one another: false, and nothing is done, where the threads are not free.
  package func runTogether<Work: SharedWork & ~Copyable>(_ work: borrowing Work) -> Bool {
    guard threads > 1 && shared.take() else { return false }
    withUnsafePointer(to: work) {
      shared.run(UnsafeRawPointer($0), as: SharedCallOf<Work>.self, workers: threads - 1)
    }
    return true
  }

  /// The same of a closure, which is called with the number of each share. Costs an allocation.
  package func run(_ body: (_ thread: Int) -> Void) {
    withoutActuallyEscaping(body) { run(ClosureWork(body: $0)) }
  }

  /// The same for shares that wait for one another.
  package func runTogether(_ body: (_ thread: Int) -> Void) -> Bool {
    withoutActuallyEscaping(body) { runTogether(ClosureWork(body: $0)) }
  }

  /// Works on parts of 0 ..< `count` that are whole vectors long, side by side.
  ///
  /// - Parameter pool: `nil`, or one thread, or few elements: one call for all.
  package static func forEachPart<Work: ElementWork>(of count: Int, on pool: WorkerPool?, _ work: Work) {
    let parted = PartedWork(work: work, count: count)
    guard let pool, parted.sharers(among: pool.threads) > 1 else { return work.work(on: 0..<count) }
    pool.run(parted)
  }
}

/// Where threads that work together wait until all have come.
package final class Meeting: Sendable {
  package let threads: Int
  private let arrived = Atomic<Int>(0)
  private let round = Atomic<Int>(0)

  package init(threads: Int) { self.threads = threads }

  /// Returns once all threads have called it as often as this one.
  package func wait() {
    let round = round.load(ordering: .acquiring)
    if arrived.add(1, ordering: .acquiringAndReleasing).newValue == threads {
      arrived.store(0, ordering: .relaxed)
      self.round.add(1, ordering: .releasing)
      return
    }
    var looks = 0
    while self.round.load(ordering: .acquiring) == round {
      looks += 1
      // With more threads than cores, the one that is waited for may need this core.
      if looks > 2_000 { sched_yield() }
    }
  }
}

/// What the threads of a pool share. Unchecked, since its plain members are ordered by its atomic ones: written before `task`
/// rises, read after, and not written again before all workers have counted `unfinished` down. It outlives the pool by the time that they need to notice its end.
private final class Shared: @unchecked Sendable {
  private let isTaken = Atomic<Bool>(false)
  /// Rises by one with every task; the workers wait for it.
  private let task = Atomic<Int>(0)
  private let unfinished = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let isEnding = Atomic<Bool>(false)
  private let alarm = NSCondition()
  /// Written before `task` rises, read after.
  private var work: UnsafeRawPointer?
  private var call: SharedCall.Type = SharedCall.self
  private var workers = 0

  /// How often a thread looks before it sleeps, or lets another have the core: some 50 microseconds.
  private static let patience = 20_000

  /// Whether the caller has the threads now, until its next task is done.
  func take() -> Bool {
    isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
  }

  func run(_ work: UnsafeRawPointer, as call: SharedCall.Type, workers: Int) {
    (self.work, self.call, self.workers) = (work, call, workers)
    unfinished.store(workers, ordering: .relaxed)
    task.add(1, ordering: .sequentiallyConsistent)
    wake()
    call.call(work, thread: 0, among: workers + 1)
    var looks = 0
    while unfinished.load(ordering: .acquiring) > 0 {
      looks += 1
      // With more threads than cores, the one that is waited for may need this core.
      if looks > Self.patience { sched_yield() }
    }
    self.work = nil
    isTaken.store(false, ordering: .releasing)
  }

  func work(as thread: Int) {
    var seen = 0
    while waitForTask(after: seen) {
      seen += 1
      if let work { call.call(work, thread: thread, among: workers + 1) }
      unfinished.subtract(1, ordering: .acquiringAndReleasing)
    }
  }

  func end() {
    isEnding.store(true, ordering: .sequentiallyConsistent)
    wake()
  }

  /// Whoever goes to sleep counts itself first and looks at the task again, so one of the two sees the other.
  private func wake() {
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    alarm.lock()
    alarm.broadcast()
    alarm.unlock()
  }

  /// False where the pool has ended.
  private func waitForTask(after seen: Int) -> Bool {
    for _ in 0..<Self.patience {
      if task.load(ordering: .acquiring) != seen { return true }
      if isEnding.load(ordering: .relaxed) { return false }
    }
    alarm.lock()
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while task.load(ordering: .sequentiallyConsistent) == seen
      && !isEnding.load(ordering: .sequentiallyConsistent)
    {
      alarm.wait()
    }
    sleepers.subtract(1, ordering: .relaxed)
    alarm.unlock()
    return task.load(ordering: .acquiring) != seen
  }
}
