internal import CRecurrentKernels

// `Float+Kernels.swift` is this file for the other element type.
extension Double: TensorScalar {
  /// "float64".
  public static var precisionName: String { "float64" }

  public static func _packedCount(_ rows: Int, _ columns: Int) -> Int { rk_packed_count_f64(rows, columns) }

  public static func _pack(
    rows: Int, columns: Int, _ source: UnsafePointer<Self>, rowStride: Int, columnStride: Int,
    into packed: UnsafeMutablePointer<Self>
  ) {
    rk_pack_f64(rows, columns, source, rowStride, columnStride, packed)
  }

  public static func _multiply(
    rows: Int, columns: Int, inner: Int, _ left: UnsafePointer<Self>, stride: Int,
    packed: UnsafePointer<Self>,
    bias: UnsafePointer<Self>?, accumulate: Bool, into result: UnsafeMutablePointer<Self>, resultStride: Int
  ) {
    rk_multiply_f64(
      rows, columns, inner, left, stride, packed, bias, accumulate ? 1 : 0, result, resultStride)
  }

  public static func _multiplyRows(
    _ count: Int, _ index: UnsafePointer<Int32>?, columns: Int, inner: Int, _ left: UnsafePointer<Self>,
    stride: Int, packed: UnsafePointer<Self>, bias: UnsafePointer<Self>?, accumulate: Bool, fromEnd: Bool,
    into result: UnsafeMutablePointer<Self>, resultStride: Int
  ) {
    rk_multiply_rows_f64(
      count, index, columns, inner, left, stride, packed, bias, accumulate ? 1 : 0, fromEnd ? 1 : 0, result,
      resultStride)
  }

  public static func _gradientScratch(shards: Int, columns: Int, inner: Int) -> Int {
    rk_gradient_scratch_f64(shards, columns, inner)
  }

  public static func _gradientProduct(
    shards: Int, bounds: UnsafePointer<Int>, index: UnsafePointer<Int32>?,
    columns: Int, _ gradient: UnsafePointer<Self>, gradientRow: Int,
    inner: Int, _ input: UnsafePointer<Self>, inputRow: Int, accumulate: Bool,
    into result: UnsafeMutablePointer<Self>, resultStride: Int, scratch: UnsafeMutablePointer<Self>
  ) {
    rk_gradient_product_f64(
      shards, bounds, index, columns, gradient, gradientRow, inner, input, inputRow, accumulate ? 1 : 0,
      result,
      resultStride, scratch)
  }

  public static func _gradientRows(
    shards: Int, bounds: UnsafePointer<Int>, index: UnsafePointer<Int32>?,
    columns: Int, _ gradient: UnsafePointer<Self>, gradientRow: Int, accumulate: Bool,
    into result: UnsafeMutablePointer<Self>, scratch: UnsafeMutablePointer<Self>
  ) {
    rk_gradient_rows_f64(
      shards, bounds, index, columns, gradient, gradientRow, accumulate ? 1 : 0, result, scratch)
  }

  public static func _gradientSmallCell(
    shards: Int, bounds: UnsafePointer<Int>, index: UnsafePointer<Int32>?,
    columns: Int, _ gradient: UnsafePointer<Self>, gradientRow: Int,
    inputs: Int, _ input: UnsafePointer<Self>, into weightInput: UnsafeMutablePointer<Self>,
    states: Int, _ state: UnsafePointer<Self>, into weightHidden: UnsafeMutablePointer<Self>,
    accumulate: Bool, bias: UnsafeMutablePointer<Self>?, scratch: UnsafeMutablePointer<Self>
  ) {
    rk_gradient_small_cell_f64(
      shards, bounds, index, columns, gradient, gradientRow, inputs, input, weightInput, states, state,
      weightHidden, accumulate ? 1 : 0, bias, scratch)
  }

  public static func _exp(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>) {
    rk_exp_f64(count, x, y)
  }

  public static func _activation(
    _ kind: Int32, _ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>
  ) {
    rk_activation_f64(kind, count, x, y)
  }

  public static func _activationGradient(
    _ kind: Int32, _ count: Int, _ y: UnsafePointer<Self>, _ dy: UnsafePointer<Self>,
    _ dx: UnsafeMutablePointer<Self>
  ) {
    rk_activation_gradient_f64(kind, count, y, dy, dx)
  }

  public static func _add(_ count: Int, _ x: UnsafePointer<Self>, to y: UnsafeMutablePointer<Self>) {
    rk_add_f64(count, x, y)
  }

  public static func _scale(_ count: Int, _ factor: Self, _ y: UnsafeMutablePointer<Self>) {
    rk_scale_f64(count, factor, y)
  }

  public static func _hadamard(
    _ count: Int, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>
  ) {
    rk_hadamard_f64(count, a, b, y)
  }

  public static func _sumOfSquares(
    _ count: Int, _ x: UnsafePointer<Self>, lanes: UnsafeMutablePointer<Double>
  ) -> Double {
    rk_sum_of_squares_f64(count, x, lanes)
  }

  public static func _logSoftmax(
    rows: Int, columns: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>
  ) {
    rk_log_softmax_f64(rows, columns, x, y)
  }

  public static func _rnnGradient(
    _ kind: Int32, _ count: Int, y: UnsafePointer<Self>, dy: UnsafePointer<Self>, dh: UnsafePointer<Self>,
    da: UnsafeMutablePointer<Self>
  ) {
    rk_rnn_gradient_f64(kind, count, y, dy, dh, da)
  }

  public static func _lstm(
    rows: Int, units: Int, size: Int, gates: UnsafeMutablePointer<Self>, cellBefore: UnsafePointer<Self>,
    cell: UnsafeMutablePointer<Self>, y: UnsafeMutablePointer<Self>
  ) {
    rk_lstm_f64(rows, units, size, gates, cellBefore, cell, y)
  }

  public static func _lstmGradient(
    rows: Int, units: Int, size: Int, gates: UnsafePointer<Self>, cellBefore: UnsafePointer<Self>,
    cell: UnsafePointer<Self>,
    dy: UnsafePointer<Self>, dh: UnsafePointer<Self>, dc: UnsafeMutablePointer<Self>,
    da: UnsafeMutablePointer<Self>
  ) {
    rk_lstm_gradient_f64(rows, units, size, gates, cellBefore, cell, dy, dh, dc, da)
  }

  public static func _gruAfter(
    rows: Int, units: Int, size: Int, gates: UnsafeMutablePointer<Self>, q: UnsafePointer<Self>,
    hiddenBefore: UnsafePointer<Self>, y: UnsafeMutablePointer<Self>
  ) {
    rk_gru_after_f64(rows, units, size, gates, q, hiddenBefore, y)
  }

  public static func _gruAfterGradient(
    rows: Int, units: Int, size: Int, gates: UnsafePointer<Self>, q: UnsafePointer<Self>,
    hiddenBefore: UnsafePointer<Self>,
    dy: UnsafePointer<Self>, dh: UnsafeMutablePointer<Self>, da: UnsafeMutablePointer<Self>,
    dq: UnsafeMutablePointer<Self>
  ) {
    rk_gru_after_gradient_f64(rows, units, size, gates, q, hiddenBefore, dy, dh, da, dq)
  }

  public static func _gruBeforeReset(
    rows: Int, units: Int, size: Int, gates: UnsafeMutablePointer<Self>, hiddenBefore: UnsafePointer<Self>,
    resetHidden: UnsafeMutablePointer<Self>
  ) {
    rk_gru_before_reset_f64(rows, units, size, gates, hiddenBefore, resetHidden)
  }

  public static func _gruBeforeOutput(
    rows: Int, units: Int, size: Int, gates: UnsafeMutablePointer<Self>, hiddenBefore: UnsafePointer<Self>,
    y: UnsafeMutablePointer<Self>
  ) {
    rk_gru_before_output_f64(rows, units, size, gates, hiddenBefore, y)
  }

  public static func _gruBeforeOutputGradient(
    rows: Int, units: Int, size: Int, gates: UnsafePointer<Self>, hiddenBefore: UnsafePointer<Self>,
    dy: UnsafePointer<Self>,
    dh: UnsafeMutablePointer<Self>, da: UnsafeMutablePointer<Self>
  ) {
    rk_gru_before_output_gradient_f64(rows, units, size, gates, hiddenBefore, dy, dh, da)
  }

  public static func _gruBeforeResetGradient(
    rows: Int, units: Int, size: Int, gates: UnsafePointer<Self>, hiddenBefore: UnsafePointer<Self>,
    drh: UnsafePointer<Self>, dh: UnsafeMutablePointer<Self>, da: UnsafeMutablePointer<Self>
  ) {
    rk_gru_before_reset_gradient_f64(rows, units, size, gates, hiddenBefore, drh, dh, da)
  }

  public static func _sgd(
    _ count: Int, rate: Self, momentum: Self, nesterov: Bool, first: Bool, decay: Self, gradientScale: Self,
    gradient: UnsafePointer<Self>, velocity: UnsafeMutablePointer<Self>,
    parameters: UnsafeMutablePointer<Self>
  ) {
    rk_sgd_f64(
      count, rate, momentum, nesterov ? 1 : 0, first ? 1 : 0, decay, gradientScale, gradient, velocity,
      parameters)
  }

  public static func _rmsprop(
    _ count: Int, rate: Self, alpha: Self, epsilon: Self, momentum: Self, decay: Self, gradientScale: Self,
    gradient: UnsafePointer<Self>, square: UnsafeMutablePointer<Self>, velocity: UnsafeMutablePointer<Self>,
    parameters: UnsafeMutablePointer<Self>
  ) {
    rk_rmsprop_f64(
      count, rate, alpha, epsilon, momentum, decay, gradientScale, gradient, square, velocity, parameters)
  }

  public static func _adam(
    _ count: Int, rate: Self, beta1: Self, beta2: Self, epsilon: Self, decay: Self, decoupled: Bool,
    correction1: Self, correction2: Self, gradientScale: Self, gradient: UnsafePointer<Self>,
    mean: UnsafeMutablePointer<Self>, square: UnsafeMutablePointer<Self>,
    parameters: UnsafeMutablePointer<Self>
  ) {
    rk_adam_f64(
      count, rate, beta1, beta2, epsilon, decay, decoupled ? 1 : 0, correction1, correction2, gradientScale,
      gradient, mean, square, parameters)
  }
}
