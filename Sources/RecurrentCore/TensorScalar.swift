/// The element types that a model can be computed in: `Float` to train and to run, `Double` to prove gradients.
///
/// There are exactly two conformers. The requirements that begin with an underscore are the entry points of the
/// C kernels; they are not API. Their shapes and orders of summation are written in `CRecurrentKernels.h`.
public protocol TensorScalar: BinaryFloatingPoint, BitwiseCopyable, Codable, Sendable {
  /// "float32" or "float64", as written in model files and reports.
  static var precisionName: String { get }

  // Products
  static func _packedCount(_ rows: Int, _ columns: Int) -> Int
  static func _pack(
    rows: Int, columns: Int, _ source: UnsafePointer<Self>, rowStride: Int, columnStride: Int,
    into packed: UnsafeMutablePointer<Self>)
  static func _multiply(
    rows: Int, columns: Int, inner: Int, _ left: UnsafePointer<Self>, stride: Int,
    packed: UnsafePointer<Self>,
    bias: UnsafePointer<Self>?, accumulate: Bool, into result: UnsafeMutablePointer<Self>, resultStride: Int)
  static func _multiplyRows(
    _ count: Int, _ index: UnsafePointer<Int32>?, columns: Int, inner: Int, _ left: UnsafePointer<Self>,
    stride: Int, packed: UnsafePointer<Self>, bias: UnsafePointer<Self>?, accumulate: Bool, fromEnd: Bool,
    into result: UnsafeMutablePointer<Self>, resultStride: Int)

  // Gradients of weights
  static func _gradientScratch(shards: Int, columns: Int, inner: Int) -> Int
  static func _gradientProduct(
    shards: Int, bounds: UnsafePointer<Int>, index: UnsafePointer<Int32>?,
    columns: Int, _ gradient: UnsafePointer<Self>, gradientRow: Int,
    inner: Int, _ input: UnsafePointer<Self>, inputRow: Int, accumulate: Bool,
    into result: UnsafeMutablePointer<Self>, resultStride: Int, scratch: UnsafeMutablePointer<Self>)
  static func _gradientRows(
    shards: Int, bounds: UnsafePointer<Int>, index: UnsafePointer<Int32>?,
    columns: Int, _ gradient: UnsafePointer<Self>, gradientRow: Int, accumulate: Bool,
    into result: UnsafeMutablePointer<Self>, scratch: UnsafeMutablePointer<Self>)
  static func _gradientSmallCell(
    shards: Int, bounds: UnsafePointer<Int>, index: UnsafePointer<Int32>?,
    columns: Int, _ gradient: UnsafePointer<Self>, gradientRow: Int,
    inputs: Int, _ input: UnsafePointer<Self>, into weightInput: UnsafeMutablePointer<Self>,
    states: Int, _ state: UnsafePointer<Self>, into weightHidden: UnsafeMutablePointer<Self>,
    accumulate: Bool, bias: UnsafeMutablePointer<Self>?, scratch: UnsafeMutablePointer<Self>)

  // Elementwise
  static func _exp(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  static func _activation(
    _ kind: Int32, _ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  static func _activationGradient(
    _ kind: Int32, _ count: Int, _ y: UnsafePointer<Self>, _ dy: UnsafePointer<Self>,
    _ dx: UnsafeMutablePointer<Self>)
  static func _add(_ count: Int, _ x: UnsafePointer<Self>, to y: UnsafeMutablePointer<Self>)
  static func _scale(_ count: Int, _ factor: Self, _ y: UnsafeMutablePointer<Self>)
  static func _hadamard(
    _ count: Int, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  static func _sumOfSquares(
    _ count: Int, _ x: UnsafePointer<Self>, lanes: UnsafeMutablePointer<Double>
  ) -> Double
  static func _logSoftmax(
    rows: Int, columns: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)

  // Cells
  static func _rnnGradient(
    _ kind: Int32, _ count: Int, y: UnsafePointer<Self>, dy: UnsafePointer<Self>, dh: UnsafePointer<Self>,
    da: UnsafeMutablePointer<Self>)
  static func _lstm(
    rows: Int, units: Int, size: Int, gates: UnsafeMutablePointer<Self>, cellBefore: UnsafePointer<Self>,
    cell: UnsafeMutablePointer<Self>, y: UnsafeMutablePointer<Self>)
  static func _lstmGradient(
    rows: Int, units: Int, size: Int, gates: UnsafePointer<Self>, cellBefore: UnsafePointer<Self>,
    cell: UnsafePointer<Self>,
    dy: UnsafePointer<Self>, dh: UnsafePointer<Self>, dc: UnsafeMutablePointer<Self>,
    da: UnsafeMutablePointer<Self>)
  static func _gruAfter(
    rows: Int, units: Int, size: Int, gates: UnsafeMutablePointer<Self>, q: UnsafePointer<Self>,
    hiddenBefore: UnsafePointer<Self>, y: UnsafeMutablePointer<Self>)
  static func _gruAfterGradient(
    rows: Int, units: Int, size: Int, gates: UnsafePointer<Self>, q: UnsafePointer<Self>,
    hiddenBefore: UnsafePointer<Self>,
    dy: UnsafePointer<Self>, dh: UnsafeMutablePointer<Self>, da: UnsafeMutablePointer<Self>,
    dq: UnsafeMutablePointer<Self>)
  static func _gruBeforeReset(
    rows: Int, units: Int, size: Int, gates: UnsafeMutablePointer<Self>, hiddenBefore: UnsafePointer<Self>,
    resetHidden: UnsafeMutablePointer<Self>)
  static func _gruBeforeOutput(
    rows: Int, units: Int, size: Int, gates: UnsafeMutablePointer<Self>, hiddenBefore: UnsafePointer<Self>,
    y: UnsafeMutablePointer<Self>)
  static func _gruBeforeOutputGradient(
    rows: Int, units: Int, size: Int, gates: UnsafePointer<Self>, hiddenBefore: UnsafePointer<Self>,
    dy: UnsafePointer<Self>,
    dh: UnsafeMutablePointer<Self>, da: UnsafeMutablePointer<Self>)
  static func _gruBeforeResetGradient(
    rows: Int, units: Int, size: Int, gates: UnsafePointer<Self>, hiddenBefore: UnsafePointer<Self>,
    drh: UnsafePointer<Self>, dh: UnsafeMutablePointer<Self>, da: UnsafeMutablePointer<Self>)

  // Parameter updates
  static func _sgd(
    _ count: Int, rate: Self, momentum: Self, nesterov: Bool, first: Bool, decay: Self, gradientScale: Self,
    gradient: UnsafePointer<Self>, velocity: UnsafeMutablePointer<Self>,
    parameters: UnsafeMutablePointer<Self>)
  static func _rmsprop(
    _ count: Int, rate: Self, alpha: Self, epsilon: Self, momentum: Self, decay: Self, gradientScale: Self,
    gradient: UnsafePointer<Self>, square: UnsafeMutablePointer<Self>, velocity: UnsafeMutablePointer<Self>,
    parameters: UnsafeMutablePointer<Self>)
  static func _adam(
    _ count: Int, rate: Self, beta1: Self, beta2: Self, epsilon: Self, decay: Self, decoupled: Bool,
    correction1: Self, correction2: Self, gradientScale: Self, gradient: UnsafePointer<Self>,
    mean: UnsafeMutablePointer<Self>, square: UnsafeMutablePointer<Self>,
    parameters: UnsafeMutablePointer<Self>)
}
