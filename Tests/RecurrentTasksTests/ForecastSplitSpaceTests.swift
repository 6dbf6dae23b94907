import Recurrent
import RecurrentTasks
import RecurrentTestSupport
import Testing

/// Every small series under every small plan: a split, or an error that says why there is none.
@Suite struct ForecastSplitSpaceTests {
  @Test func smallSeriesAreSplitOrRefused() {
    var (split, refused) = (0, 0)
    for rows in Array(2...40) + [97, 240] {
      for window in [1, 2, 5, 24] {
        for horizons in [[1], [3], [1, 4], [2, 3, 9]] {
          for stride in [1, 2, 7, 30] {
            for share in [0.01, 0.15, 0.4, 0.5] {
              for rule in ValidationRows.allCases {
                for testShare in [0.01, 0.2, 0.9] {
                  var configuration = ForecastConfiguration(target: "y")
                  configuration.validationShare = share
                  configuration.validationRows = rule
                  configuration.testShare = testShare
                  guard let plan = try? WindowPlan(length: window, stride: stride, horizons: horizons),
                    let made = try? ForecastSplit(rows: rows, plan: plan, configuration: configuration)
                  else {
                    refused += 1
                    continue
                  }
                  split += 1
                  let parts = Set(made.training).isDisjoint(with: made.validation)
                  if !parts || made.training.isEmpty || made.validation.isEmpty {
                    Issue.record(
                      "\(rows) rows, window \(window), \(horizons), stride \(stride), \(share), \(rule)")
                  }
                }
              }
            }
          }
        }
      }
    }
    #expect(split > 5_000 && refused > 5_000, "\(split) split, \(refused) refused")
  }

  /// What is no share is refused; any share between 0 and 1 is split or refused, however small or large.
  @Test(arguments: [0, -0.0, -1, 1, 2, .nan, .infinity, -.infinity, 1e300])
  func whatIsNoShareIsRefused(share: Double) throws {
    func parts(_ error: DataError?) -> String? {
      if case .setup(.share(let part, _, _)) = error { part } else { nil }
    }
    let plan = try WindowPlan(length: 3, horizons: [1])
    for rule in ValidationRows.allCases {
      var configuration = ForecastConfiguration(target: "y")
      configuration.validationRows = rule
      configuration.validationShare = share
      var error = #expect(throws: DataError.self) {
        try ForecastSplit(rows: 100, plan: plan, configuration: configuration)
      }
      #expect(parts(error) == "validation")
      (configuration.validationShare, configuration.testShare) = (0.15, share)
      error = #expect(throws: DataError.self) {
        try ForecastSplit(rows: 100, plan: plan, configuration: configuration)
      }
      #expect(parts(error) == "test")
    }
  }

  @Test(arguments: [Double.leastNonzeroMagnitude, 1e-300, 1e-19, 1 - 1e-16])
  func extremeSharesAreSplitOrRefused(share: Double) throws {
    let plan = try WindowPlan(length: 3, horizons: [1])
    for rule in ValidationRows.allCases {
      for rows in [5, 17, 240] {
        var configuration = ForecastConfiguration(target: "y")
        configuration.validationRows = rule
        configuration.validationShare = share
        _ = try? ForecastSplit(rows: rows, plan: plan, configuration: configuration)
        (configuration.validationShare, configuration.testShare) = (0.15, share)
        _ = try? ForecastSplit(rows: rows, plan: plan, configuration: configuration)
      }
    }
  }
}
