internal import RecurrentCore

extension Optimizer {
  /// Plain gradient descent, which moves a parameter only where the gradient is other than zero:
  ///
  ///     p ← p − η s g                    s gradient scale
  ///
  /// The cost is that of the gradient's support: of an embedding, the rows of the batch's symbols. The bits are those of an
  /// update of all parameters.
  func descend(
    _ parameters: inout ParameterStore<Scalar>, _ gradient: GradientStore<Scalar>, _ pool: WorkerPool?,
    _ rate: Scalar, _ gradientScale: Scalar
  ) {
    parameters.withPointers(gradient.store) { parameters, values in
      WorkerPool.forEachPart(
        of: gradient.support.count, on: pool,
        DescentStep(
          rate: rate, gradientScale: gradientScale, support: gradient.support, gradient: values,
          parameters: parameters))
    }
  }
}

/// The update of some elements of the support.
private struct DescentStep<Scalar: TensorScalar>: ElementWork {
  let rate, gradientScale: Scalar
  let support: GradientSupport
  let gradient: UnsafePointer<Scalar>
  let parameters: UnsafeMutablePointer<Scalar>

  func work(on part: Range<Int>) {
    support.forEachPlace(ofElements: part) { places in
      let start = places.lowerBound
      Scalar._sgd(
        places.count, rate: rate, momentum: 0, nesterov: false, first: false, decay: 0,
        gradientScale: gradientScale, gradient: gradient + start, velocity: parameters + start,
        parameters: parameters + start)
    }
  }
}
