/// A gradient in its model's flat buffer, and where it may be other than zero.
///
/// Whoever computes one clears what will not be set, says the new support, and writes inside it.
package struct GradientStore<Scalar: TensorScalar>: Sendable {
  /// The numbers. Whoever changes them leaves zeros outside of ``support``.
  package var store: ParameterStore<Scalar>
  package private(set) var support: GradientSupport

  /// Zero.
  package init(zeros layout: ParameterLayout) {
    store = ParameterStore(zeros: layout)
    support = GradientSupport()
  }

  /// Of numbers that may be other than zero anywhere.
  package init(_ store: ParameterStore<Scalar>) {
    self.store = store
    support = GradientSupport(everywhere: store.layout.count)
  }

  /// ‖g‖, the same as ``store``'s, without a look at what is zero.
  package func norm(on pool: WorkerPool?) -> Double { store.norm(over: support, on: pool) }

  /// Makes everything zero, for whoever then adds to it anywhere.
  package mutating func reset() {
    store.reset()
    support = GradientSupport(everywhere: store.layout.count)
  }

  /// Makes everything zero but what is about to be set.
  ///
  /// - Parameter kept: places in order and apart.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package mutating func clear(keeping kept: [Range<Int>] = []) {
    let all = 0..<store.layout.count
    store.values.withUnsafeMutableBufferPointer { values in
      guard let values = values.baseAddress else { return }
      support.forEachPlace(in: all) { place in
        var first = place.lowerBound
        for own in kept where own.overlaps(place) {
          if first < own.lowerBound { (values + first).update(repeating: 0, count: own.lowerBound - first) }
          first = own.upperBound
        }
        if first < place.upperBound { (values + first).update(repeating: 0, count: place.upperBound - first) }
      }
    }
  }

  /// Says anew where the gradient may be other than zero.
  ///
  /// - Parameter change: is handed the support as it was.
  package mutating func setSupport(_ change: (inout GradientSupport) -> Void) { change(&support) }
}
