internal import RecurrentCore

extension GradientStore {
  /// What ``OptimizerConfiguration/sparseAdam(beta1:beta2:epsilon:weightDecay:)`` moves: everything, but of tables that
  /// symbols are looked up in only the rows with a gradient other than zero.
  ///
  /// The rule is of values, so it does not show whether whoever made the gradient knew where it is zero.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func usedPlaces() -> GradientSupport {
    var used = GradientSupport()
    store.values.withUnsafeBufferPointer { values in
      for slot in store.layout.slots {
        guard slot.isLookedUp else {
          used.append(slot.range)
          continue
        }
        support.forEachPlace(in: slot.range) { place in
          var first = place.lowerBound - (place.lowerBound - slot.offset) % slot.columns
          while first < place.upperBound {
            let row = first..<first + slot.columns
            if row.contains(where: { values[$0] != 0 }) { used.append(row) }
            first = row.upperBound
          }
        }
      }
    }
    return used
  }
}
