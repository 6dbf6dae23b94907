internal import RecurrentCore

/// Pieces of music for training, validation and test in JSON: `{"train": [[[60, 64], …], …], "valid": …, "test": …}`, a list of steps for each piece
/// and a list of MIDI notes for each step. A note may be written as a decimal (`62.0`).
public struct PianoRollFile: Sendable, Hashable {
  /// What a step's numbers are.
  public enum Form: String, Sendable, Hashable, CaseIterable, Codable {
    /// The notes that sound, in any order; a note that comes twice sounds once.
    case notes
    /// One note for each voice, −1 where it is silent; every step has as many.
    case voices
  }

  /// To learn from.
  public let training: [PianoRoll]
  /// To choose by.
  public let validation: [PianoRoll]
  /// To judge by.
  public let test: [PianoRoll]

  /// Reads a file, unpacked if it is compressed.
  ///
  /// - Throws: ``DataError``: as ``init(_:source:form:)``, or a file that cannot be read.
  public init(contentsOf path: String, form: Form = .notes) throws(DataError) {
    try self.init(try DataFile.read(path), source: path, form: form)
  }

  /// Reads a text that is already in memory.
  ///
  /// - Parameter form: default: ``Form/notes``.
  /// - Throws: ``DataError`` with line and column: not such JSON, a part that is missing or that there is not, a number that is no key of a piano, a step
  ///   with more or fewer voices.
  public init(_ bytes: [UInt8], source: String, form: Form = .notes) throws(DataError) {
    let text = try TextSource(name: source, bytes: bytes)
    var parts: [String: [PianoRoll]] = [:]
    do throws(StrictJSONError) {
      var json = StrictJSONReader(bytes, in: text.start..<bytes.count)
      try json.object { (json, key, offset) throws(StrictJSONError) in
        guard Self.partNames.contains(key) else {
          throw json.failure(
            .unexpected(
              found: "part \(quoted(key))", expected: "one of \(listed(Self.partNames.map(quoted)))"),
            at: offset)
        }
        parts[key] = try Self.pieces(&json, form)
      }
      json.skipWhitespace()
      if json.next != nil { throw json.unexpected("nothing more behind the object") }
    } catch {
      throw .sequence(
        .json(found: error.found, expected: error.expected), at: text.place(min(error.offset, bytes.count)))
    }
    for name in Self.partNames where parts[name]?.isEmpty ?? true {
      throw .sequence(.noExample(what: "piece in the part \(quoted(name))"), at: DataError.Place(source))
    }
    training = parts["train"] ?? []
    validation = parts["valid"] ?? []
    test = parts["test"] ?? []
  }

  private static let partNames = ["train", "valid", "test"]

  private static func pieces(_ json: inout StrictJSONReader, _ form: Form) throws(StrictJSONError)
    -> [PianoRoll]
  {
    var pieces: [PianoRoll] = []
    var voiceCount: Int?
    try json.array { (json) throws(StrictJSONError) in
      var steps: [[Int?]] = []
      try json.array { (json) throws(StrictJSONError) in
        let start = json.position
        let step = try notes(&json, form)
        if form == .voices {
          if let voiceCount, voiceCount != step.count {
            throw json.failure(
              .unexpected(
                found: "a step of \(counted(step.count, "voice"))",
                expected: "\(voiceCount) as in the steps before, or notes without voices with --form notes"),
              at: start)
          }
          voiceCount = step.count
        }
        steps.append(step)
      }
      let frames = steps.map { Set($0.compactMap { $0 }).sorted() }
      pieces.append(PianoRoll(frames: frames, voices: form == .voices ? steps : nil))
    }
    return pieces
  }

  /// The numbers of one step; nil for a voice that is silent.
  private static func notes(_ json: inout StrictJSONReader, _ form: Form) throws(StrictJSONError) -> [Int?] {
    let keys = PianoRoll.piano
    var notes: [Int?] = []
    try json.array { (json) throws(StrictJSONError) in
      let start = json.position
      // Some files write notes as decimals.
      let (found, note): (String, Int?) =
        switch try json.number() {
        case .whole(let whole): ("\(whole)", whole)
        case .decimal(let decimal): (short(decimal), Int(exactly: decimal))
        }
      if let note, keys.contains(note) {
        notes.append(note)
        return
      }
      if note == -1, form == .voices {
        notes.append(nil)
        return
      }
      throw json.failure(
        .unexpected(
          found: found,
          expected: "a MIDI note of \(keys.lowerBound) to \(keys.upperBound)"
            + (form == .voices
              ? ", or -1 for silence" : note == -1 ? "; -1, a silent voice, needs --form voices" : "")),
        at: start)
    }
    return notes
  }
}
