import Foundation
import RecurrentData
import Testing

/// Values read back from files are checked as if they had just been made.
@Suite struct StoredValueTests {
  private func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(json.utf8))
  }

  @Test func roundTrips() throws {
    let plan = try WindowPlan(length: 24, stride: 2, horizons: [1, 8])
    #expect(try JSONDecoder().decode(WindowPlan.self, from: JSONEncoder().encode(plan)) == plan)
    let split = try TimeSplit(rows: 10, training: 6, validation: 1, test: 3)
    #expect(try JSONDecoder().decode(TimeSplit.self, from: JSONEncoder().encode(split)) == split)
    let normaliser = Normaliser(.standard, fitting: [0.1, 0.7, 0.3])
    #expect(try JSONDecoder().decode(Normaliser.self, from: JSONEncoder().encode(normaliser)) == normaliser)
  }

  @Test func impossibleValuesAreRefused() {
    #expect(throws: DataError.setup(.noHorizon)) {
      try decode(WindowPlan.self, #"{"length": 24, "stride": 1, "horizons": []}"#)
    }
    #expect(throws: DataError.setup(.windowLength((1 << 20) + 1))) {
      try decode(WindowPlan.self, #"{"length": 1048577, "stride": 1, "horizons": [1]}"#)
    }
    #expect(throws: DataError.setup(.stride(0))) {
      try decode(WindowPlan.self, #"{"length": 24, "stride": 0, "horizons": [1]}"#)
    }
    #expect(throws: DataError.setup(.overlappingParts(first: "validation", second: "test"))) {
      try decode(TimeSplit.self, #"{"training": [0, 5], "validation": [5, 8], "test": [7, 9]}"#)
    }
    #expect(throws: DecodingError.self) {
      try decode(Normaliser.self, #"{"method": "standard", "shift": 1, "scale": 0}"#)
    }
    let short = """
      {"featureNames": ["a"], "plan": {"length": 2, "stride": 1, "horizons": [1]}, "ridge": 0, "weights": [[1]],
       "intercepts": [0], "droppedColumns": 0}
      """
    #expect(throws: DecodingError.self) { try decode(LinearLeastSquares.self, short) }
  }
}
