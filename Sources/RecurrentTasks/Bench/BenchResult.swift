public import Recurrent

/// How fast a case ran.
public struct BenchResult: Sendable, Hashable {
  /// What ran.
  public let benchCase: BenchCase
  /// On how many threads.
  public let threads: Int
  /// Of a call; of a stream, of a step.
  public let timing: BenchTiming
  /// Of a stream: each step timed by itself. Else empty.
  public let steps: BenchTiming
  /// Steps of input in one call.
  public let tokens: Int
  /// Nominal operations of one call, as ``BenchNetwork/operations(tokens:)`` counts them.
  public let operations: Int
  /// Floating-point operations a second that as many threads do at most, measured just before and after.
  public let peak: Double

  /// Steps of input a second.
  public var tokensPerSecond: Double { Double(tokens) / timing.median }
  /// Nominal operations a second.
  public var operationsPerSecond: Double { Double(operations) / timing.median }
  /// Seconds of a call at the machine's own limits, measured just before and after; `nil` where there are none (``BenchLimit``).
  public let limit: Double?
  /// ``limit`` by the median: 1 were there nothing but products, and reads where there is one sequence.
  public var shareOfLimit: Double? { limit.map { $0 / timing.median } }
}

/// A case with made-up data and first parameters, which can be timed on any number of threads.
public struct BenchRun: Sendable {
  /// What is timed.
  public let network: BenchNetwork
  private let data: BenchData
  private let parameters: ParameterStore<Float>

  /// Makes data and parameters, the same for everybody.
  public init(_ benchCase: BenchCase) {
    network = BenchNetwork(benchCase)
    data = BenchData(madeUpFor: benchCase)
    parameters = ParameterStore(initializing: network.layout, seed: 1)
  }

  /// Times it for so many seconds, after a warm-up of a fifth of them; each takes one call at least.
  public func measure(threads: Int, seconds: Double) throws(TrainingError) -> BenchResult {
    let program = try network.program(data, parameters: parameters, threads: threads)
    // The first update of a case that carries its state gives the state that the others start from.
    if let training = program as? BenchTraining { _ = try training.firstLosses(1) }
    let timer = try BenchTimer(program, warmUp: seconds / 5)
    let tokens = data.tokens(of: network.benchCase)
    let limit = network.limit(tokens: tokens, threads: threads)
    func limits() -> (peak: Double, seconds: Double?) {
      let peak = MachineSpeed.peak(threads: threads)
      return (peak, limit?.seconds(peak: peak, threads: threads))
    }
    let before = limits()
    let timing = try timer.samples(seconds: seconds)
    let after = limits()
    return BenchResult(
      benchCase: network.benchCase, threads: threads, timing: timing,
      steps: BenchTiming(program.stepSeconds()), tokens: tokens,
      operations: network.operations(tokens: tokens), peak: (before.peak + after.peak) / 2,
      limit: before.seconds.flatMap { before in after.seconds.map { (before + $0) / 2 } })
  }
}
