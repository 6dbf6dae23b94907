/// Forecasts several steps ahead with a model of one step: blocks of windows, each fed with the block's earlier
/// predictions (ai-edu, chapter 19.4).
///
/// The windows of a part are taken in blocks of `length`. A block's first window is used as it is; in the i-th, the
/// target's column in the last i rows is replaced by the block's i earlier predictions. So `length` steps are predicted
/// from one last known value, and a block's figures are a mean over lead times 1 to `length`.
///
/// The other columns keep their true values, also in rows after the last known target. Where they are not known in
/// advance, as weather is not, that is a leak, and figures made so must say it.
public enum BlockRecursion {
  /// Predictions for each window, in order.
  ///
  /// - Parameters:
  ///   - windows: with stride 1 and the one horizon 1.
  ///   - targetColumn: the frame's column that holds the target; predictions are in the same unit.
  ///   - predict: predictions for several windows, given one after another row by row, `[windows, length, features]`.
  /// - Throws: `blockLength` where the length does not divide the number of windows.
  public static func predictions(
    _ frame: Frame, _ windows: Windows, targetColumn: Int, length: Int,
    predict: (_ inputs: [Double], _ count: Int) -> [Double]
  ) throws(DataError) -> [Double] {
    precondition(
      windows.plan.stride == 1 && windows.plan.horizons == [1],
      "block recursion: stride \(windows.plan.stride), horizons \(windows.plan.horizons), expected 1 and [1]")
    guard length > 0, length <= windows.plan.length, windows.count % length == 0 else {
      throw .setup(.blockLength(length: length, windows: windows.count))
    }
    let features = frame.columnCount
    let windowSize = windows.plan.length * features
    let blocks = windows.count / length
    var result = [Double](repeating: 0, count: windows.count)
    // All blocks' i-th windows together: they do not depend on each other.
    for i in 0..<length {
      var inputs: [Double] = []
      inputs.reserveCapacity(blocks * windowSize)
      for block in 0..<blocks {
        let start = windows.rows(block * length + i).lowerBound * features
        inputs += frame.values[start..<start + windowSize]
        for earlier in 0..<i {
          let row = windows.plan.length - i + earlier
          inputs[block * windowSize + row * features + targetColumn] = result[block * length + earlier]
        }
      }
      let predicted = predict(inputs, blocks)
      precondition(
        predicted.count == blocks, "block recursion: \(predicted.count) predictions for \(blocks) windows")
      for block in 0..<blocks { result[block * length + i] = predicted[block] }
    }
    return result
  }
}
