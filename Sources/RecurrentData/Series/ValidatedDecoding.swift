// Stored values come from files that may be damaged or edited, so reading one checks what its initialiser checks.
// Coding keys are not private: with private ones in an extension Swift 6.3.1 aborts on this module without optimisation.

extension WindowPlan {
  enum CodingKeys: CodingKey { case length, stride, horizons }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let horizons = try values.decode([Int].self, forKey: .horizons)
    guard horizons == horizons.sorted() else {
      throw DecodingError.dataCorruptedError(
        forKey: .horizons, in: values, debugDescription: "horizons that do not ascend")
    }
    try self.init(
      length: values.decode(Int.self, forKey: .length), stride: values.decode(Int.self, forKey: .stride),
      horizons: horizons)
  }
}

extension TimeSplit {
  enum CodingKeys: CodingKey { case training, validation, test }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      training: values.decode(Range<Int>.self, forKey: .training),
      validation: values.decode(Range<Int>.self, forKey: .validation),
      test: values.decode(Range<Int>.self, forKey: .test))
  }
}

extension Normaliser {
  enum CodingKeys: CodingKey { case method, shift, scale }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let scale = try values.decode(Double.self, forKey: .scale)
    let shift = try values.decode(Double.self, forKey: .shift)
    guard scale != 0, scale.isFinite, shift.isFinite else {
      throw DecodingError.dataCorruptedError(
        forKey: .scale, in: values, debugDescription: "a scale of 0, or a number that is not finite")
    }
    self.init(method: try values.decode(Normalisation.self, forKey: .method), shift: shift, scale: scale)
  }
}

extension LinearLeastSquares {
  enum CodingKeys: CodingKey { case featureNames, plan, ridge, weights, intercepts, droppedColumns }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    featureNames = try values.decode([String].self, forKey: .featureNames)
    plan = try values.decode(WindowPlan.self, forKey: .plan)
    ridge = try values.decode(Double.self, forKey: .ridge)
    weights = try values.decode([[Double]].self, forKey: .weights)
    intercepts = try values.decode([Double].self, forKey: .intercepts)
    droppedColumns = try values.decode(Int.self, forKey: .droppedColumns)
    let inputs = plan.length.multipliedReportingOverflow(by: featureNames.count)
    let isWhole =
      !inputs.overflow && weights.count == plan.horizons.count && intercepts.count == plan.horizons.count
      && weights.allSatisfy { $0.count == inputs.partialValue }
    guard isWhole else {
      throw DecodingError.dataCorruptedError(
        forKey: .weights, in: values,
        debugDescription: "weights that do not fit the features, window and horizons")
    }
  }
}
