import RecurrentData
import Testing

@Suite struct SplitTests {
  @Test func byCountsAndShares() throws {
    let counts = try TimeSplit(rows: 10, training: 6, validation: 1, test: 3)
    #expect(counts.training == 0..<6 && counts.validation == 6..<7 && counts.test == 7..<10)
    let shares = try TimeSplit(rows: 8760, trainingShare: 0.7, validationShare: 0.1, testShare: 0.2)
    #expect(shares.training == 0..<6132 && shares.validation == 6132..<7008 && shares.test == 7008..<8760)
    let none = try TimeSplit(rows: 7, trainingShare: 0.8, validationShare: 0, testShare: 0.2)
    #expect(none.training == 0..<6 && none.validation.isEmpty && none.test == 6..<7)
  }

  @Test func everyRowIsInExactlyOnePart() throws {
    for rows in 1..<60 {
      for (training, validation) in [(0.5, 0.25), (0.7, 0.1), (1, 0), (0.8, 0), (0.34, 0.33)] {
        let split = try? TimeSplit(
          rows: rows, trainingShare: training, validationShare: validation,
          testShare: 1 - training - validation)
        guard let split else { continue }
        let all = TimeSplit.Part.allCases.flatMap { Array(split[$0]) }
        #expect(all == Array(0..<rows))
      }
    }
  }

  @Test func validationCannotComeFromTheTestPart() {
    let expected = DataError.setup(.overlappingParts(first: "validation", second: "test"))
    #expect(throws: expected) { try TimeSplit(training: 0..<5, validation: 8..<9, test: 5..<10) }
    #expect(throws: expected) { try TimeSplit(training: 0..<5, validation: 5..<7, test: 6..<10) }
    #expect(expected.description.contains("take validation rows from before the test part"))
    #expect(throws: DataError.setup(.overlappingParts(first: "training", second: "validation"))) {
      try TimeSplit(training: 0..<5, validation: 4..<6, test: 6..<10)
    }
    #expect(throws: DataError.setup(.overlappingParts(first: "training", second: "test"))) {
      try TimeSplit(training: 4..<9, validation: 0..<0, test: 0..<4)
    }
  }

  @Test func impossibleSplits() {
    #expect(throws: DataError.setup(.splitShares(training: 0.9, validation: 0.2, test: 0.1))) {
      try TimeSplit(rows: 10, trainingShare: 0.9, validationShare: 0.2, testShare: 0.1)
    }
    #expect(throws: DataError.self) {
      try TimeSplit(rows: 10, trainingShare: .nan, validationShare: 0, testShare: 1)
    }
    #expect(throws: DataError.setup(.splitRows(training: 5, validation: 5, test: 5, rows: 10))) {
      try TimeSplit(rows: 10, training: 5, validation: 5, test: 5)
    }
    #expect(throws: DataError.self) { try TimeSplit(rows: 10, training: .max, validation: .max, test: 1) }
    #expect(throws: DataError.setup(.emptyTraining(rows: 10))) {
      try TimeSplit(rows: 10, training: 0, validation: 5, test: 5)
    }
  }

  @Test func inWords() throws {
    let axis = TimeAxis.regular(
      from: TimeStamp(year: 2020, month: 1, day: 1)!, step: .milliseconds(86_400_000), count: 10)
    let split = try TimeSplit(rows: 10, training: 7, validation: 0, test: 3)
    #expect(
      split.describe(axis) == """
        split by time, not shuffled: 7 training rows (2020-01-01T00:00 to 2020-01-07T00:00), 0 validation rows, \
        3 test rows (2020-01-08T00:00 to 2020-01-10T00:00)
        """)
  }
}

@Suite struct NormaliserTests {
  @Test func standardAndMinMax() {
    let standard = Normaliser(.standard, fitting: [2, 4, 4, 4, 5, 5, 7, 9])
    #expect(standard.shift == 5 && standard.scale == 2)
    #expect(standard.normalised(9) == 2 && standard.restored(-1) == 3)
    let minMax = Normaliser(.minMax, fitting: [3, -1, 7])
    #expect(minMax.shift == -1 && minMax.scale == 8 && minMax.normalised(3) == 0.5)
    #expect(Normaliser(.none, fitting: [3, -1]).normalised(5) == 5)
  }

  @Test func constantColumnsKeepTheirScale() {
    for method in [Normalisation.standard, .minMax] {
      let normaliser = Normaliser(method, fitting: [0.1, 0.1, 0.1])
      #expect(normaliser.scale == 1 && normaliser.normalised(0.1) == 0)
    }
  }

  @Test func farFromZero() {
    // Sums of squares would lose all digits of the variance here.
    let normaliser = Normaliser(.standard, fitting: [1e9, 1e9 + 1, 1e9 + 2])
    #expect(normaliser.shift == 1e9 + 1)
    #expect(abs(normaliser.scale - (2.0 / 3).squareRoot()) < 1e-15)
  }

  @Test func constantTargetIsAnError() throws {
    let expected = DataError.column(.constantTarget(column: "v", value: 3), at: DataError.Place("f.csv"))
    #expect(throws: expected) {
      try Normaliser(.standard, fittingTarget: [3, 3, 3], named: "v", source: "f.csv")
    }
    #expect(expected.category.exitCode == 65)
    #expect(try Normaliser(.minMax, fittingTarget: [3, 4], named: "v", source: "f.csv").scale == 1)
  }

  @Test func fittedOnTheGivenRowsOnly() {
    let frame = Frame(columns: [("a", [0, 2, 100]), ("b", [5, 5, 7])])
    let normaliser = FrameNormaliser(.minMax, fitting: frame, rows: 0..<2)
    #expect(normaliser.normalised(frame).values == [0, 0, 1, 0, 50, 2])
  }
}
