import RecurrentData
import Testing

@Suite struct BlockRecursionTests {
  @Test func earlierPredictionsAreFedBack() throws {
    // Predicting the last target plus 1: in each block the first target is real and the rest follow from it.
    let frame = Frame(columns: [
      ("other", (0..<10).map { Double($0) * 100 }), ("y", (0..<10).map(Double.init).map { $0 * 10 }),
    ])
    let windows = try WindowPlan(length: 3, horizons: [1]).windows(in: 0..<9, named: "test")
    #expect(windows.count == 6)
    var seen: [[Double]] = []
    let predictions = try BlockRecursion.predictions(frame, windows, targetColumn: 1, length: 3) {
      inputs, count in
      (0..<count).map { index in
        let window = Array(inputs[index * 6..<(index + 1) * 6])
        seen.append(window)
        return window[5] + 1
      }
    }
    #expect(predictions == [21, 22, 23, 51, 52, 53])
    // The last window of the first block: rows 2 to 4, the last two targets replaced, the other column untouched.
    #expect(seen.contains([200, 20, 300, 21, 400, 22]))
  }

  @Test func lengthsThatDoNotFit() throws {
    let frame = Frame(columns: [("y", [Double](repeating: 0, count: 10))])
    let windows = try WindowPlan(length: 3, horizons: [1]).windows(in: 0..<10, named: "test")
    for length in [0, -1, 2, 4, 7] {
      #expect(throws: DataError.setup(.blockLength(length: length, windows: 7))) {
        try BlockRecursion.predictions(frame, windows, targetColumn: 0, length: length) { _, count in
          [Double](repeating: 0, count: count)
        }
      }
    }
  }
}
