extension Console {
  /// Says that figures are of what the model has seen.
  ///
  /// - Parameters:
  ///   - source: of what was scored.
  ///   - what: it is: "the text".
  func warnOfTrainingData(_ source: InputSource, _ what: String) {
    warn(
      "\(TableInput.name(of: source)): \(what) that the model was made from, the most of it to learn from, so the figures flatter; score another"
    )
  }
}
