import Foundation
import RecurrentCore
import RecurrentNN
import Testing

@Suite("Configurations with noise")
struct NoiseConfigurationTests {
  /// As written before there were noise and units of dropout.
  @Test func olderFilesAreRead() throws {
    let cell = #"{"bias":false,"initialization":"uniform","kind":{"lstm":{}},"size":7}"#
    let text = #"[{"recurrent":{"_0":\#(cell),"direction":"forward"}},{"dropout":{"rate":0.25}}]"#
    let layers = try JSONDecoder().decode([LayerConfiguration].self, from: Data(text.utf8))
    #expect(layers == [.recurrent(CellConfiguration(.lstm, size: 7, bias: false)), .dropout(rate: 0.25)])
  }

  @Test func comeBackAsTheyWere() throws {
    let layers: [LayerConfiguration] = [
      .recurrent(
        CellConfiguration(.layerNormLSTM, size: 7, recurrentDropout: 0.1, zoneout: 0.2, zoneoutMemory: 0.3)),
      .dropout(rate: 0.25, unit: .feature),
    ]
    let data = try JSONEncoder().encode(layers)
    #expect(try JSONDecoder().decode([LayerConfiguration].self, from: data) == layers)
  }

  @Test(arguments: [
    (CellConfiguration(.lstm, size: 4, recurrentDropout: 1), ["rate 1.0"]),
    (CellConfiguration(.lstm, size: 4, zoneout: -0.1), ["rate -0.1"]),
    (CellConfiguration(.lstm, size: 4, zoneoutMemory: .nan), ["rate nan"]),
    (CellConfiguration(.gru(.resetAfter), size: 4, zoneoutMemory: 0.1), ["memory", "LSTM"]),
    (CellConfiguration(.layerNormLSTM, size: 2), ["2 hidden units", "at least 3"]),
  ])
  func whatCannotBeBuiltIsSaid(_ cell: CellConfiguration, _ words: [String]) {
    var layout = ParameterLayout()
    do throws(ModelConfigurationError) {
      _ = try LayerConfiguration.recurrent(cell).makeLayer(
        inputSize: 3, named: "body", in: &layout, of: Float.self)
      Issue.record("built")
    } catch {
      for word in ["layer body"] + words { #expect(error.description.contains(word), "\(error)") }
    }
  }
}
