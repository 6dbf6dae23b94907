import RecurrentCore
import Testing

/// What a machine can do, as far as it can be said of any machine.
@Suite struct MachineSpeedTests {
  @Test func figuresAreOfThisProcess() {
    let speed = MachineSpeed(threads: 2, seconds: 0.04)
    #expect(speed.level == .active && speed.threads == 2)
    for figure in [speed.peak, speed.ownCache, speed.sharedCache, speed.mainMemory] {
      // Between a processor of the eighties and a hundred of today's: a wrong unit would be outside.
      #expect(figure > 1e6 && figure < 1e15)
    }
  }

  @Test func smallBuffersAreRoundedUp() {
    #expect(MachineSpeed.readRate(bytesPerThread: 1, seconds: 0.001) > 1e6)
  }

  @Test func cachesAreReadFromTheirDescription() throws {
    // Two threads a core, four cores on a third level.
    let found = try #require(
      CacheSizes(described: [
        ("Data\n", "32K\n", "0,4\n"), ("Instruction\n", "32K\n", "0,4\n"),
        ("Unified\n", "1024K\n", "0,4\n"), ("Unified\n", "16M\n", "0-7\n"),
      ]))
    #expect(found.own == 1 << 20 && found.shared == 16 << 20 && found.coresSharing == 4)
    // A cluster shares the second level.
    let cluster = try #require(
      CacheSizes(described: [("Data", "64K", "0"), ("Unified", "2048K", "0-1,4-5")]))
    #expect(cluster.own == 64 << 10 && cluster.shared == 2 << 20 && cluster.coresSharing == 4)
    // One level only.
    let single = try #require(CacheSizes(described: [("Data", "64K", "0")]))
    #expect(single.own == single.shared && single.coresSharing == 1)
    #expect(CacheSizes(described: []) == nil)
    #expect(CacheSizes(described: [("Data", "many", "0")]) == nil)
    #expect(CacheSizes.current.own > 0 && CacheSizes.current.shared >= CacheSizes.current.own)
  }

  @Test func processorsAreCounted() {
    #expect(processorCount(inList: " 0-3,8,10-11\n") == 7 && processorCount(inList: "5") == 1)
    for wrong in ["", "a", "3-1", "1-2-3", "0-", "-"] { #expect(processorCount(inList: wrong) == nil) }
    #expect(availableCores() >= 1)
  }
}
