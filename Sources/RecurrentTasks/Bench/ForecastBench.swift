internal import Recurrent
internal import RecurrentCore

/// How fast a trained forecaster is.
public struct ForecastBench: Sendable, Hashable {
  /// On how many threads.
  public let threads: Int
  /// Of the forecast of one window, each timed by itself.
  public let one: BenchTiming
  /// Of the forecast of ``windows`` windows at once.
  public let many: BenchTiming
  /// 64: the group in which ``ForecastModel/predictions(_:endingAt:threads:)`` takes windows.
  public static let windows = 64

  /// Forecasts a second, one window at a time.
  public var forecastsPerSecond: Double { 1 / one.median }
  /// Forecasts a second, ``windows`` at once.
  public var forecastsPerSecondTogether: Double { Double(Self.windows) / many.median }

  /// Times the model's network on made-up windows of its size, for so many seconds in all.
  public init(_ model: ForecastModel, threads: Int, seconds: Double) {
    let packed = PackedParameters(model.parameters)
    let execution = model.network.summaryExecution(on: WorkerPool(threads: threads))
    func samples(windows: Int) -> BenchTiming {
      let (window, ahead) = Self.inputs(of: model, windows: windows)
      return Self.samples(seconds: seconds / 2) {
        _ = execution.outputs(of: window, beside: ahead, parameters: packed)
      }
    }
    self.threads = threads
    one = samples(windows: 1)
    many = samples(windows: Self.windows)
  }

  /// One call a sample, after a warm-up of a fifth of the time.
  private static func samples(seconds: Double, _ work: () -> Void) -> BenchTiming {
    func run(_ seconds: Double) -> [Double] {
      var made: [Double] = []
      let start = ContinuousClock.now
      repeat { made.append(BenchTiming.seconds(work)) } while ContinuousClock.now - start < .seconds(seconds)
      return made
    }
    _ = run(seconds / 5)
    return BenchTiming(run(seconds))
  }

  /// Standard normal numbers, as normalised data are.
  private static func inputs(
    of model: ForecastModel, windows: Int
  ) -> (window: SequenceBatch<Float>, ahead: Matrix<Float>) {
    func normals(_ count: Int, step: UInt64) -> [Float] {
      let stream = CounterGenerator(seed: 1, purpose: .sampling, step: step)
      return (0..<count).map { Float(stream.normal(at: UInt64($0))) }
    }
    let (steps, features) = (model.network.windowLength, model.network.body.inputSize)
    let ahead = model.network.aheadSize
    return (
      SequenceBatch(
        steps: steps, batchSize: windows, features: features,
        values: normals(steps * windows * features, step: 0)),
      Matrix(rows: windows, columns: ahead, elements: normals(windows * ahead, step: 1))
    )
  }
}
