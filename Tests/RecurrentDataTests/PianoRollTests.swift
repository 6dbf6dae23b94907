import Foundation
import RecurrentData
import RecurrentTestSupport
import Testing

/// Pieces of music as sets of notes.
@Suite struct PianoRollTests {
  private static func file(_ text: String, form: PianoRollFile.Form = .notes) throws -> PianoRollFile {
    try PianoRollFile(Array(text.utf8), source: "a.json", form: form)
  }

  private static func error(_ text: String, form: PianoRollFile.Form = .notes) -> String {
    (#expect(throws: DataError.self) { try file(text, form: form) })?.description ?? ""
  }

  private static func text(_ training: String) -> String {
    "{\"train\": \(training), \"valid\": [[[60]]],\n \"test\": [[[60]]]}"
  }

  @Test func notes() throws {
    let file = try Self.file(Self.text("[[[64, 60.0, 64], []], []]"))
    #expect(file.training.map(\.frames) == [[[60, 64], []], []] && file.training[0].voices == nil)
    let rows = file.training[0].multiHot()
    #expect(rows.count == 2 * 88 && rows[39] == 1 && rows[43] == 1 && rows.reduce(0, +) == 2)
    #expect(file.training[0].multiHot(notes: 60...64) == [1, 0, 0, 0, 1, 0, 0, 0, 0, 0])
  }

  @Test func voices() throws {
    let file = try Self.file(
      "{\"train\": [[[64, -1], [60, 60]]], \"valid\": [[[60, 61]]], \"test\": [[[60, 61]]]}", form: .voices)
    #expect(file.training[0].voices == [[64, nil], [60, 60]] && file.training[0].frames == [[64], [60]])
  }

  @Test func errors() {
    #expect(
      Self.error(Self.text("[[[60,\n 20]]]"))
        == "a.json:2:2: 20; expected a MIDI note of 21 to 108; mend the file")
    #expect(Self.error(Self.text("[[[60.5]]]")).hasPrefix("a.json:1:14: 60.5; expected a MIDI note"))
    #expect(Self.error(Self.text("[[[-1]]]")).hasPrefix("a.json:1:14: -1;"))
    #expect(
      Self.error(Self.text("[[[60, 61], [60]]]"), form: .voices).contains("a step of 1 voice; expected 2"))
    #expect(
      Self.error("{\"train\": [[[60]]], \"dev\": []}").hasPrefix("a.json:1:21: part \"dev\"; expected one of")
    )
    #expect(
      Self.error("{\"train\": [[[60]]], \"valid\": [[[60]]]}").contains("no piece in the part \"test\""))
    #expect(Self.error("{\"train\": [[[60]]]").hasPrefix("a.json:1:19: "))
    #expect(Self.error(Self.text("[]") + "x").contains("nothing more"))
    #expect(Self.error("").hasPrefix("a.json:1:1: "))
  }

  private static let hasChorales = SharedData.has("jsb-chorales/jsb-chorales-quarter.json.gz")

  @Test(.enabled(if: hasChorales, "needs jsb-chorales in RECURRENT_DATA")) func chorales() throws {
    let file = try PianoRollFile(contentsOf: SharedData.path("jsb-chorales/jsb-chorales-quarter.json.gz"))
    let parts = [file.training, file.validation, file.test]
    #expect(parts.map(\.count) == [229, 76, 77])
    #expect(parts.map { $0.reduce(0) { $0 + $1.stepCount } } == [13_807, 4602, 4725])
    #expect(file.test[0].frames[0] == [72, 76, 79, 84] && file.test[0].frames[6].isEmpty)
    let separated = try PianoRollFile(
      contentsOf: SharedData.path("jsb-chorales/Jsb16thSeparated.json.gz"), form: .voices)
    let whole = try PianoRollFile(contentsOf: SharedData.path("jsb-chorales/jsb-chorales-16th.json.gz"))
    // The same pieces in another order.
    #expect(Set(separated.training.map(\.frames)) == Set(whole.training.map(\.frames)))
    #expect(separated.training.allSatisfy { $0.voices?.allSatisfy { $0.count == 4 } == true })
  }
}
