import Foundation
import RecurrentCore
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  /// How often each share of one run was computed.
  private final class Tally: Sendable {
    private let counts = Mutex<[Int: Int]>([:])
    func add(_ share: Int) { counts.withLock { $0[share, default: 0] += 1 } }
    var all: [Int: Int] { counts.withLock { $0 } }
    static func once(_ threads: Int) -> [Int: Int] {
      Dictionary(uniqueKeysWithValues: (0..<threads).map { ($0, 1) })
    }
  }

  /// Sixteen threads are more than most machines that run this have cores.
  @Test(arguments: [1, 2, 3, 5, 8, 16]) func everyShareRunsOnce(_ threads: Int) {
    let pool = WorkerPool(threads: threads)
    #expect(pool.threads == threads)
    for _ in 0..<50 {
      let tally = Tally()
      pool.run { tally.add($0) }
      #expect(tally.all == Tally.once(threads))
    }
  }

  /// Share 0 is the caller's; with the pool free, every other has a thread of its own.
  @Test func sharesHaveThreadsOfTheirOwn() {
    let pool = WorkerPool(threads: 4)
    let caller = ObjectIdentifier(Thread.current)
    let found = Mutex<[Int: ObjectIdentifier]>([:])
    pool.run { share in
      let own = ObjectIdentifier(Thread.current)
      found.withLock { $0[share] = own }
    }
    let threads = found.withLock { $0 }
    #expect(threads[0] == caller)
    #expect(Set(threads.values).count == 4)
  }

  /// What the threads write is there when `run` returns, and what the caller wrote before is seen by them.
  @Test(arguments: [2, 3, 16]) func thousandsOfShortRuns(_ threads: Int) {
    let pool = WorkerPool(threads: threads)
    let cells = UnsafeMutablePointer<Int>.allocate(capacity: threads)
    cells.initialize(repeating: 0, count: threads)
    defer { cells.deallocate() }
    nonisolated(unsafe) let shared = cells
    let rounds = threads > 8 ? 300 : 3000
    var wrong = 0
    for round in 0..<rounds {
      // Each share adds to what its neighbour left in the round before: a missed or doubled share shows.
      let before = (0..<threads).map { cells[$0] }
      pool.run { shared[$0] = before[($0 + 1) % threads] + round }
      for share in 0..<threads where cells[share] != before[(share + 1) % threads] + round { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  /// A task of the pool that asks for the pool computes all shares itself, in turn, on its own thread.
  @Test func aRunInsideARunIsDoneAlone() {
    let pool = WorkerPool(threads: 3)
    let inner = (0..<3).map { _ in Tally() }
    let isAlone = Mutex(true)
    pool.run { outer in
      let own = ObjectIdentifier(Thread.current)
      pool.run { share in
        inner[outer].add(share)
        if ObjectIdentifier(Thread.current) != own { isAlone.withLock { $0 = false } }
      }
    }
    #expect(inner.map(\.all) == [[Int: Int]](repeating: Tally.once(3), count: 3))
    #expect(isAlone.withLock { $0 })
  }

  @Test func callersAtOnce() {
    let pool = WorkerPool(threads: 3)
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<200 {
        let tally = Tally()
        pool.run { tally.add($0) }
        if tally.all != Tally.once(3) { wrong.withLock { $0 += 1 } }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  /// Longer than a thread stays awake, so the next task has to wake it; and just about as long, so that it may be on
  /// its way to sleep.
  @Test func afterSleeping() {
    let pool = WorkerPool(threads: 4)
    for pause in [0.01, 0.05] + (0..<200).map({ Double($0) * 1e-6 }) {
      Thread.sleep(forTimeInterval: pause)
      let tally = Tally()
      pool.run { tally.add($0) }
      #expect(tally.all == Tally.once(4))
    }
  }

  /// Pools that are dropped while their threads are awake, asleep or about to sleep, and pools that never ran.
  @Test func droppedPoolsAreNotMissed() {
    for round in 0..<60 {
      let pool = WorkerPool(threads: 1 + round % 5)
      if round % 3 > 0 {
        let tally = Tally()
        pool.run { tally.add($0) }
        #expect(tally.all == Tally.once(pool.threads))
      }
      if round % 7 == 0 { Thread.sleep(forTimeInterval: 0.005) }
    }
  }

  #if os(Linux)
    /// Tests beside this one have pools, too, but of fewer threads than the margin.
    @Test func threadsEndWithTheirPool() throws {
      func living() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
      }
      var most = 0
      do {
        let pool = WorkerPool(threads: 301)
        pool.run { _ in }
        most = try living()
      }
      #expect(most >= 301)
      let deadline = Date(timeIntervalSinceNow: 60)
      while try living() > most - 200 && Date() < deadline { Thread.sleep(forTimeInterval: 0.01) }
      #expect(try living() <= most - 200)
    }
  #endif
}
