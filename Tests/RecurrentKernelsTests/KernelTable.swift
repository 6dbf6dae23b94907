import CRecurrentKernels

/// The two element types, with what the tests need beyond arithmetic.
protocol KernelScalar: BinaryFloatingPoint, Sendable {
  /// The kernels of a level, or nil where it cannot run here.
  static func kernels(at level: Int) -> KernelTable<Self>?
  static func packedCount(_ n: Int, _ k: Int) -> Int
  static func pack(
    _ n: Int, _ k: Int, _ w: [Self], _ rowStride: Int, _ columnStride: Int, _ packed: inout [Self])
  static func gradientScratch(_ shards: Int, _ n: Int, _ k: Int) -> Int
}

/// The kernels of one level under one type for both element types.
struct KernelTable<T> {
  typealias In = UnsafePointer<T>?
  typealias Out = UnsafeMutablePointer<T>?
  typealias Bounds = UnsafePointer<Int>?
  typealias Index = UnsafePointer<Int32>?
  let level: Int
  let multiply: (Int, Int, Int, In, Int, In, In, Int32, Out, Int) -> Void
  let multiplyRows: (Int, Index, Int, Int, In, Int, In, In, Int32, Int32, Out, Int) -> Void
  let gradientProduct: (Int, Bounds, Index, Int, In, Int, Int, In, Int, Int32, Out, Int, Out) -> Void
  let gradientRows: (Int, Bounds, Index, Int, In, Int, Int32, Out, Out) -> Void
  let gradientSmallCell:
    (Int, Bounds, Index, Int, In, Int, Int, In, Out, Int, In, Out, Int32, Out, Out) -> Void
  let exp: (Int, In, Out) -> Void
  let activation: (Int32, Int, In, Out) -> Void
  let activationGradient: (Int32, Int, In, In, Out) -> Void
  let add: (Int, In, Out) -> Void
  let scale: (Int, T, Out) -> Void
  let hadamard: (Int, In, In, Out) -> Void
  let sumOfSquares: (Int, In, UnsafeMutablePointer<Double>?) -> Double
  let logSoftmax: (Int, Int, In, Out) -> Void
  let rnnGradient: (Int32, Int, In, In, In, Out) -> Void
  let lstm: (Int, Int, Int, Out, In, Out, Out) -> Void
  let lstmGradient: (Int, Int, Int, In, In, In, In, In, Out, Out) -> Void
  let gruAfter: (Int, Int, Int, Out, In, In, Out) -> Void
  let gruAfterGradient: (Int, Int, Int, In, In, In, In, Out, Out, Out) -> Void
  let gruBeforeReset: (Int, Int, Int, Out, In, Out) -> Void
  let gruBeforeOutput: (Int, Int, Int, Out, In, Out) -> Void
  let gruBeforeOutputGradient: (Int, Int, Int, In, In, In, Out, Out) -> Void
  let gruBeforeResetGradient: (Int, Int, Int, In, In, In, Out, Out) -> Void
  let sgd: (Int, T, T, Int32, Int32, T, T, In, Out, Out) -> Void
  let rmsprop: (Int, T, T, T, T, T, T, In, Out, Out, Out) -> Void
  let adam: (Int, T, T, T, T, T, Int32, T, T, T, In, Out, Out, Out) -> Void
  let chainForward: (Int, Int, In, Int, In, In, T, In, Int, Index, Int32, Int32, Out, Out) -> Int
  let chainBackward: (Int, Int, In, Int, In, Out, In, Int, Index, Int32, Out, Int32, Out, Out, Int) -> Int
  let chainBest: (Int, Int, In, Int, In, In, In, Int, Index, Int32, Out) -> Void
  let chainTrace: (Int, Int, In, Int, In, Int32, UnsafeMutablePointer<Int32>?) -> Int32
  let gaussianScores: (Int, Int, Int, In, Int, In, In, In, Int, Out, Int) -> Void
  let gaussianCounts: (Int, Int, Int, In, Int, In, Int, In, Int32, Out, Out, Out) -> Void
  let probeArithmetic: (Int) -> Double
  let probeRead: (Int, In) -> T

  var isFused: Bool { level != Int(RK_PORTABLE) }

  /// Zero, for a sum of squares that begins.
  var squareLanes: [Double] { [Double](repeating: 0, count: 64 / MemoryLayout<T>.size) }
}

extension Float: KernelScalar {
  static func kernels(at level: Int) -> KernelTable<Float>? {
    guard let f = rk_functions_at_level_f32(Int32(level))?.pointee else { return nil }
    return KernelTable(
      level: level, multiply: f.multiply, multiplyRows: f.multiply_rows, gradientProduct: f.gradient_product,
      gradientRows: f.gradient_rows, gradientSmallCell: f.gradient_small_cell, exp: f.exp,
      activation: f.activation, activationGradient: f.activation_gradient, add: f.add, scale: f.scale,
      hadamard: f.hadamard,
      sumOfSquares: f.sum_of_squares, logSoftmax: f.log_softmax, rnnGradient: f.rnn_gradient, lstm: f.lstm,
      lstmGradient: f.lstm_gradient, gruAfter: f.gru_after, gruAfterGradient: f.gru_after_gradient,
      gruBeforeReset: f.gru_before_reset, gruBeforeOutput: f.gru_before_output,
      gruBeforeOutputGradient: f.gru_before_output_gradient,
      gruBeforeResetGradient: f.gru_before_reset_gradient, sgd: f.sgd, rmsprop: f.rmsprop, adam: f.adam,
      chainForward: f.chain_forward, chainBackward: f.chain_backward, chainBest: f.chain_best,
      chainTrace: f.chain_trace, gaussianScores: f.gaussian_scores, gaussianCounts: f.gaussian_counts,
      probeArithmetic: f.probe_arithmetic, probeRead: f.probe_read)
  }
  static func packedCount(_ n: Int, _ k: Int) -> Int { rk_packed_count_f32(n, k) }
  static func pack(_ n: Int, _ k: Int, _ w: [Float], _ row: Int, _ column: Int, _ packed: inout [Float]) {
    rk_pack_f32(n, k, w, row, column, &packed)
  }
  static func gradientScratch(_ shards: Int, _ n: Int, _ k: Int) -> Int {
    rk_gradient_scratch_f32(shards, n, k)
  }
}

extension Double: KernelScalar {
  static func kernels(at level: Int) -> KernelTable<Double>? {
    guard let f = rk_functions_at_level_f64(Int32(level))?.pointee else { return nil }
    return KernelTable(
      level: level, multiply: f.multiply, multiplyRows: f.multiply_rows, gradientProduct: f.gradient_product,
      gradientRows: f.gradient_rows, gradientSmallCell: f.gradient_small_cell, exp: f.exp,
      activation: f.activation, activationGradient: f.activation_gradient, add: f.add, scale: f.scale,
      hadamard: f.hadamard,
      sumOfSquares: f.sum_of_squares, logSoftmax: f.log_softmax, rnnGradient: f.rnn_gradient, lstm: f.lstm,
      lstmGradient: f.lstm_gradient, gruAfter: f.gru_after, gruAfterGradient: f.gru_after_gradient,
      gruBeforeReset: f.gru_before_reset, gruBeforeOutput: f.gru_before_output,
      gruBeforeOutputGradient: f.gru_before_output_gradient,
      gruBeforeResetGradient: f.gru_before_reset_gradient, sgd: f.sgd, rmsprop: f.rmsprop, adam: f.adam,
      chainForward: f.chain_forward, chainBackward: f.chain_backward, chainBest: f.chain_best,
      chainTrace: f.chain_trace, gaussianScores: f.gaussian_scores, gaussianCounts: f.gaussian_counts,
      probeArithmetic: f.probe_arithmetic, probeRead: f.probe_read)
  }
  static func packedCount(_ n: Int, _ k: Int) -> Int { rk_packed_count_f64(n, k) }
  static func pack(_ n: Int, _ k: Int, _ w: [Double], _ row: Int, _ column: Int, _ packed: inout [Double]) {
    rk_pack_f64(n, k, w, row, column, &packed)
  }
  static func gradientScratch(_ shards: Int, _ n: Int, _ k: Int) -> Int {
    rk_gradient_scratch_f64(shards, n, k)
  }
}

/// Every level that can run here, portable first.
func everyLevel<T: KernelScalar>(of type: T.Type) -> [KernelTable<T>] {
  (0..<Int(RK_LEVEL_COUNT)).compactMap { T.kernels(at: $0) }
}

/// The levels with fused multiply-add that can run here.
func fusedLevels<T: KernelScalar>(of type: T.Type) -> [KernelTable<T>] {
  everyLevel(of: type).filter(\.isFused)
}
