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
}
